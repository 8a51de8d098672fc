"""Contradictions: planted pairs of every kind are found, and no others; those of the five articles stay found."""

import pytest

from helpers.ledger.contradictions import contradictions, opposed
from helpers.ledger.tables import Tables
from tests import samples
from tests.samples import claim, evidence, model, system

SYSTEMS = [system(name) for name in ("alpha", "beta", "gamma")]
FACTS = [
    evidence("alpha.size", "alpha", "parameters", "1e11", "parameter"),
    evidence("beta.size", "beta", "parameters", "2e11", "parameter"),
    evidence("alpha.day", "alpha", "announced", "2021-03-01", "date"),
    evidence("beta.day", "beta", "announced", "2021-06-01", "date"),
    evidence("gamma.day", "gamma", "announced", "2022-06-01", "date"),
    evidence("alpha.who", "alpha", "organisation", "Alpha Labs", "text"),
]
MODELS = [
    model("alpha", "2021-03-01", 1e11, country="China"),
    model("beta", "2021-06-01", 2e11, country="China"),
    model("gamma", "2022-06-01", 3e11, domain="Vision", country="France"),
]
# Two articles, of November 2021 and of January 2022.
ARTICLES = [
    samples.article(),
    samples.article(article_id="001", published="2022-01-10", sha256="0" * 64),
]


def size(claim_id: str, system_id: str, printed: str, value: str, **more: str) -> samples.Row:
    return claim(claim_id, printed, value, "parameter", kind="parameters", system_id=system_id, counts="total", **more)


def found(*rows: samples.Row) -> list[tuple[str, str]]:
    placed = [row | {"article_id": row["claim_id"][:3]} for row in rows]
    tables = samples.tables(articles=ARTICLES, claims=placed, evidence=FACTS, systems=SYSTEMS, models=MODELS)
    pairs = contradictions(tables)
    assert (pairs["why"] != "").all()
    return list(zip(pairs["first"], pairs["second"], strict=True))


def word(claim_id: str, printed: str, **more: str) -> samples.Row:
    return claim(claim_id, printed, "", "none", **more)


ONE = size("000-size", "alpha", "1000亿", "1e11")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # the same quantity of the same system
        (ONE, size("001-size", "alpha", "2000亿", "2e11")),
        # counts of kinds
        (
            claim("000-kinds", "两种", "2", "count", kind="count", counts="kinds of model"),
            claim("001-kinds", "三种", "3", "count", kind="count", counts="kinds of model"),
        ),
        # a duration without a system
        (
            claim("000-lead", "两年", "63115200", "s", kind="duration", system_id="", counts="lead"),
            claim("001-lead", "四年", "126230400", "s", kind="duration", system_id="", counts="lead"),
        ),
        # two dates that lean on one source
        (
            claim("000-day", "2021年3月", "2021-03", "date", kind="date", evidence_ids="alpha.day"),
            claim("001-day", "2021年8月", "2021-08", "date", kind="date", evidence_ids="alpha.day"),
        ),
        # a date, and "recently" in an article of another time
        (
            claim("000-day", "2020年3月", "2020-03", "date", kind="date"),
            word("001-lately", "近日"),
        ),
        # tokens here, words there
        (
            claim("000-text", "499亿个", "4.99e10", "token", kind="tokens", counts="corpus tokens"),
            claim("001-text", "数千亿", "1e11", "word", kind="words", bound="range", value_low="1e11", value_high="1e12", counts="corpus"),
        ),
        # the scope of a first
        (
            word("000-first", "首个", kind="superlative", counts="first in use: of China"),
            word("001-first", "首个", kind="superlative", counts="first in use: of the world"),
        ),
        # a plan that an earlier article calls under way
        (word("001-plan", "将", counts="work at home: planned"), word("000-work", "已", counts="work at home: under way")),
        # two makers, one of them by the source
        (
            word("000-maker", "甲", kind="attribution", formula="supported", evidence_ids="alpha.who"),
            word("001-maker", "乙", kind="attribution", formula="contradicted", evidence_ids="alpha.who"),
        ),
        # the largest here, and a larger one there
        (
            word("001-most", "最大", kind="superlative", counts="size language"),
            size("000-more", "beta", "2000亿", "2e11"),
        ),
        # all of a country at most so much, and one of them more
        (
            claim("001-all", "百亿", "1e10", "parameter", kind="parameters", system_id="", bound="range", value_low="1e10", value_high="1e11", counts="total china"),
            size("000-more", "beta", "2000亿", "2e11"),
        ),
    ],
    ids=["figure", "kinds", "duration", "dates", "recently", "tokens-words", "scope", "plan", "makers", "largest", "class"],
)  # fmt: skip
def test_planted_pair_is_found_with_both_sides(first: samples.Row, second: samples.Row) -> None:
    pair = (first["claim_id"], second["claim_id"])
    assert found(first, second) == [pair]
    assert found(second, first) in ([pair], [pair[::-1]])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ONE, size("001-size", "beta", "2000亿", "2e11")),  # another system
        (ONE, size("001-size", "alpha", "1001亿", "1.001e11", hedge="约", bound="about")),  # fits
        (ONE, size("001-size", "alpha", "200亿", "2e10") | {"counts": "active"}),  # counts something else
        (  # two sets of tasks
            claim("000-won", "6项", "6", "count", kind="count", counts="won", reference_id="beta"),
            claim("001-won", "4项", "4", "count", kind="count", counts="won", reference_id="gamma"),
        ),
        (  # planned first, under way later
            word("000-plan", "将", counts="work at home: planned"),
            word("001-work", "已", counts="work at home: under way"),
        ),
        (  # the same day, in a month and by itself
            claim("000-day", "2021年3月", "2021-03", "date", kind="date", evidence_ids="alpha.day"),
            claim("001-day", "2021年3月31日", "2021-03-31", "date", kind="date", evidence_ids="alpha.day"),
        ),
        (  # the larger one came later, and is of another field
            word("000-most", "最大", kind="superlative", counts="size language"),
            size("001-more", "gamma", "3000亿", "3e11"),
        ),
        (  # in words the same amount
            claim("000-text", "2000亿个", "2e11", "token", kind="tokens", counts="corpus tokens"),
            claim("001-text", "1500亿", "1.5e11", "word", kind="words", counts="corpus"),
        ),
    ],
    ids=["system", "fits", "counts", "tasks", "plan", "day", "later", "words"],
)
def test_what_goes_together_is_no_contradiction(first: samples.Row, second: samples.Row) -> None:
    assert found(first, second) == []


def test_each_side_leads_to_the_other() -> None:
    tables = samples.tables(
        articles=ARTICLES,
        claims=[ONE, size("000-again", "alpha", "2000亿", "2e11"), size("000-third", "alpha", "2000亿", "2e11")],
        evidence=FACTS,
        systems=SYSTEMS,
    )
    sides = opposed(contradictions(tables))
    assert sides["000-size"] == ["000-again"]  # of several that say the same, the first stands for all
    assert sides["000-again"] == ["000-size"]


# Found by two readers of the five articles, one after the other.
READ = {
    ("000-gpt3-date", "004-gpt3-date"),
    ("000-m6-10t-date-implied", "000-m6-10t-date-november"),  # and again 000-m6-10t-date-december
    ("000-m6-10t-date-implied", "004-m6-date"),
    ("000-gpt3-largest-until-switch", "000-mt-nlg-date"),
    ("000-mt-nlg-date", "002-mtnlg-very-recent"),
    ("000-m6-rhino", "004-m6-xiniu"),
    ("001-two-routes", "003-three-schools"),
    ("000-m6-first-commercial", "004-m6-first-commercial"),
    ("002-gpt3-dataset-tokens", "003-openai-corpus-words"),
    ("003-cn-corpus-words", "002-yuan-corpus-words"),
    ("003-gpt3-largest", "000-m6-10t-parameters"),
    ("003-cn-largest-parameters", "000-m6-10t-parameters"),
    ("003-sum-lead-years", "003-gap-years"),
    ("003-three-forces", "003-huggingface-no-models"),
    ("003-gpt3-open", "003-gpt3-paper-only"),
    ("003-facebook-open", "003-llama-no-commerce"),
    ("002-mtnlg-largest-current", "002-wudao-parameters"),
}


def test_every_pair_that_readers_found_is_found(real_tables: Tables) -> None:
    pairs = contradictions(real_tables)
    assert set(zip(pairs["first"], pairs["second"], strict=True)) >= READ
