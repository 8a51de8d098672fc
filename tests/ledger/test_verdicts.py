"""Verdicts: the properties that make the grade a function of the numbers and of nothing else, and planted mistakes."""

import math
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.errors import DataProblem
from helpers.ledger.intervals import Interval, date_interval, number_interval
from helpers.ledger.judgement import judge_claim, judge_claims
from helpers.ledger.verdicts import CLOSE, DEFINITIONS, FAR, Estimate, Finding, Flaw, Grade, Strength, Verdict, judge
from helpers.reader import interval, read_figure
from tests import samples
from tests.samples import claim, evidence, system

CHECKS = ["restates", "derives", "compares", "sums", "superlative", "cross_article", "physical_bound"]
RANK = {g: n for n, g in enumerate([Grade.ACCURATE, Grade.CLOSE, Grade.INACCURATE, Grade.UNSURE, Grade.WRONG])}
EDGES = (CLOSE, FAR)

amounts = st.floats(1e-3, 1e6)
widths = st.floats(0, 0.05)
factors = st.floats(1, 50)
checks = st.sampled_from(CHECKS)
bearing = st.sampled_from([Strength.WEAK, Strength.FAIR, Strength.STRONG])
strengths = st.sampled_from(list(Strength))


def around(value: float, width: float = 0.0) -> Interval:
    """The interval of a value known to a share of itself either way."""
    return Interval(value * (1 - width), value * (1 + width))


def held(claimed: Interval, *known: Interval, strength: Strength = Strength.STRONG, **more: object) -> Verdict:
    """The verdict on a figure held against estimates that all bear the same."""
    finding = Finding(tuple(Estimate(k, strength) for k in known), strength=strength)
    return judge("restates", claimed, replace(finding, **more))


def error(claimed: Interval, known: Interval) -> float:
    """How wrong a figure is at the least, as a factor of 1 or more; written here a second time, for the tests."""
    return max(1.0, claimed.low / known.high, known.low / claimed.high)


# The scale ----------------------------------------------------------------------------------------------------------


def test_every_grade_has_its_sentence() -> None:
    assert set(DEFINITIONS) == set(Grade)
    assert all(text.endswith(".") and text.count(".") == 1 for text in DEFINITIONS.values())


@pytest.mark.parametrize(
    ("factor", "grade", "problem"),
    [
        (1.0, Grade.ACCURATE, Flaw.NONE),
        (1.09, Grade.CLOSE, Flaw.NONE),
        (0.92, Grade.CLOSE, Flaw.NONE),
        (1.11, Grade.INACCURATE, Flaw.VALUE),
        (0.9, Grade.INACCURATE, Flaw.VALUE),
        (1.99, Grade.INACCURATE, Flaw.VALUE),
        (2.0, Grade.WRONG, Flaw.VALUE),
        (0.5, Grade.WRONG, Flaw.VALUE),
        (3.0, Grade.WRONG, Flaw.VALUE),
        (10.0, Grade.WRONG, Flaw.UNIT),
        (0.1, Grade.WRONG, Flaw.UNIT),
        (1000.0, Grade.WRONG, Flaw.UNIT),
        (1e-4, Grade.WRONG, Flaw.UNIT),
    ],
)
def test_grade_and_problem_by_the_factor_between_figure_and_fact(factor: float, grade: Grade, problem: Flaw) -> None:
    verdict = held(around(100 * factor), around(100))
    assert (verdict.grade, verdict.problem) == (grade, problem)
    assert verdict.ratio == pytest.approx(factor)


@pytest.mark.parametrize(
    ("claimed", "known", "grade"),
    [
        ("2021-10", "2021-10-12", Grade.ACCURATE),
        ("2021", "2021-10-12", Grade.ACCURATE),
        ("2021-10-14", "2021-10-12", Grade.CLOSE),
        ("2021-11", "2021-10-12", Grade.CLOSE),  # 20 days
        ("2021-12", "2021-10-12", Grade.INACCURATE),
        ("2020-10-13", "2021-10-12", Grade.INACCURATE),  # a day less than a year
        ("2020-10-12", "2021-10-12", Grade.WRONG),  # a year
        ("2022-10-12", "2021-10-12", Grade.WRONG),
        ("2019-03-01", "2020-03-01", Grade.WRONG),  # a year with a leap day
        ("2019", "2021-10-12", Grade.WRONG),
        (
            "2020-10",
            "2021-10-11",
            Grade.WRONG,
        ),  # month with month: a year early, though the nearest ends are 345 days apart
        ("2020-11", "2021-10-11", Grade.INACCURATE),  # eleven months
        ("2020", "2021-12-01", Grade.WRONG),  # year with year
        ("2020", "2021-01-05", Grade.CLOSE),  # five days
        ("2020-10-12", "2021-10", Grade.WRONG),
    ],
)
def test_grade_by_the_days_between_two_dates(claimed: str, known: str, grade: Grade) -> None:
    finding = Finding((Estimate(date_interval(known), Strength.STRONG),), strength=Strength.STRONG)
    verdict = judge("restates", date_interval(claimed), finding, is_date=True)
    assert verdict.grade is grade
    assert verdict.problem is (Flaw.NONE if grade in (Grade.ACCURATE, Grade.CLOSE) else Flaw.DATE)


@pytest.mark.parametrize(
    ("finding", "grade", "problem"),
    [
        (Finding(holds=True, strength=Strength.FAIR), Grade.ACCURATE, Flaw.NONE),
        (Finding(holds=False, strength=Strength.FAIR), Grade.WRONG, Flaw.VALUE),
        (
            Finding(holds=False, strength=Strength.STRONG, problem=Flaw.ATTRIBUTION),
            Grade.WRONG,
            Flaw.ATTRIBUTION,
        ),
        (Finding(holds=False, partly=True, strength=Strength.FAIR), Grade.INACCURATE, Flaw.SCOPE),
        (Finding(holds=False, strength=Strength.WEAK), Grade.UNSURE, Flaw.NONE),
        (Finding(silent=True, strength=Strength.FAIR), Grade.UNSUPPORTED, Flaw.UNSUPPORTED),
        (Finding(), Grade.UNSURE, Flaw.NONE),
    ],
)
def test_statements_without_a_figure(finding: Finding, grade: Grade, problem: Flaw) -> None:
    assert judge("restates", None, finding) == Verdict(grade, problem) or grade is Grade.UNSURE
    assert judge("restates", None, finding).grade is grade


# Monotone in the error ----------------------------------------------------------------------------------------------


@given(amounts, widths, st.lists(amounts, min_size=1, max_size=3), widths, factors, factors, bearing)
def test_figure_further_away_never_grades_better(
    value: float, width: float, facts: list[float], blur: float, one: float, other: float, strength: Strength
) -> None:
    """Errors are taken against the nearest fact; sources that a factor of two divides leave it open, and are apart."""
    known = [around(fact, blur) for fact in facts]
    assume(max(facts) * (1 + blur) < 1.5 * min(facts) * (1 - blur))
    near, far = sorted(
        (around(value * factor, width) for factor in (one, other)), key=lambda c: min(error(c, k) for k in known)
    )
    assume(min(error(far, k) for k in known) > (1 + 1e-9) * min(error(near, k) for k in known))
    grades = [RANK[held(claimed, *known, strength=strength).grade] for claimed in (near, far)]
    assert grades[0] <= grades[1]


@given(st.integers(0, 900), st.integers(0, 900), st.sampled_from([1, -1]), bearing)
def test_date_further_away_never_grades_better(one: int, other: int, sign: int, strength: Strength) -> None:
    day = date_interval("2021-06-15").low
    finding = Finding((Estimate(Interval(day, day), strength),), strength=strength)
    grades = [
        RANK[judge("restates", Interval(day + sign * off, day + sign * off), finding, is_date=True).grade]
        for off in sorted((one, other))
    ]
    assert grades[0] <= grades[1]


@given(amounts, widths, widths, factors)
def test_more_precise_figure_never_grades_better(value: float, width: float, more: float, factor: float) -> None:
    """A figure that claims more digits of the same value has more to be wrong about."""
    precise, blunt = sorted((width, more))
    grades = [RANK[held(around(value * factor, w), around(value)).grade] for w in (blunt, precise)]
    assert grades[0] <= grades[1]


# Symmetric under a change of unit -----------------------------------------------------------------------------------


def away_from_edges(claimed: Interval, known: Interval) -> bool:
    """Not so near a threshold that the last bit of a product decides."""
    decades = math.log10(claimed.middle / known.middle)
    return all(abs(error(claimed, known) / edge - 1) > 1e-9 for edge in (1, *EDGES)) and (
        abs(abs(decades - round(decades)) - 0.06) > 1e-9
    )


@given(amounts, widths, st.lists(amounts, min_size=1, max_size=3), widths, st.floats(1e-12, 1e12), strengths)
def test_unit_changes_nothing(
    value: float, width: float, facts: list[float], blur: float, factor: float, strength: Strength
) -> None:
    claimed, known = around(value, width), [around(fact, blur) for fact in facts]
    assume(all(away_from_edges(claimed, k) for k in known))
    before = held(claimed, *known, strength=strength)
    after = held(claimed.scaled(factor), *(k.scaled(factor) for k in known), strength=strength)
    assert (before.grade, before.problem) == (after.grade, after.problem)
    assert before.ratio == pytest.approx(after.ratio, nan_ok=True)


@given(amounts, widths, amounts, widths, st.integers(-40, 40), strengths)
def test_doubling_changes_nothing_to_the_last_bit(
    value: float, width: float, fact: float, blur: float, power: int, strength: Strength
) -> None:
    claimed, known, factor = around(value, width), around(fact, blur), 2.0**power
    before = held(claimed, known, strength=strength)
    after = held(claimed.scaled(factor), known.scaled(factor), strength=strength)
    assert repr(before) == repr(after)


# Never better with weaker evidence ------------------------------------------------------------------------------------


@given(amounts, widths, st.lists(amounts, min_size=1, max_size=3), widths, st.booleans(), checks)
def test_weaker_evidence_keeps_the_verdict_or_leaves_it_open(
    value: float, width: float, facts: list[float], blur: float, comparable: bool, check: str
) -> None:
    grades = []
    for strength in sorted(Strength, reverse=True):
        estimates = tuple(Estimate(around(fact, blur), strength) for fact in facts)
        finding = Finding(estimates, strength=strength, comparable=comparable)
        grades.append(judge(check, around(value, width), finding).grade)
    for stronger, weaker in pairwise(grades):
        assert weaker in (stronger, Grade.UNSURE)


@given(amounts, widths, st.lists(st.tuples(amounts, strengths), min_size=1, max_size=4), widths)
def test_weaker_support_never_makes_a_verdict_better(
    value: float, width: float, facts: list[tuple[float, Strength]], blur: float
) -> None:
    """The fact that speaks most for the figure loses strength; the others stay as they are."""
    claimed = around(value, width)
    estimates = [Estimate(around(fact, blur), strength) for fact, strength in facts]
    best = min(range(len(estimates)), key=lambda n: error(claimed, estimates[n].interval))
    assume(estimates[best].strength > Strength.HINT)
    weakened = list(estimates)
    weakened[best] = replace(estimates[best], strength=Strength(estimates[best].strength - 1))
    before, after = (
        judge("restates", claimed, Finding(tuple(e), strength=max(x.strength for x in e))).grade
        for e in (estimates, weakened)
    )
    opened = before is Grade.UNSURE and after not in (Grade.ACCURATE, Grade.CLOSE)
    assert RANK[after] >= RANK[before] or after is Grade.UNSURE or opened


@given(st.booleans(), st.booleans(), st.booleans(), st.sampled_from(list(Flaw)), checks)
def test_weaker_evidence_of_a_statement_keeps_the_verdict_or_leaves_it_open(
    holds: bool, partly: bool, comparable: bool, problem: Flaw, check: str
) -> None:
    finding = Finding(holds=holds, partly=partly, comparable=comparable, problem=problem)
    grades = [judge(check, None, replace(finding, strength=s)).grade for s in sorted(Strength, reverse=True)]
    for stronger, weaker in pairwise(grades):
        assert weaker in (stronger, Grade.UNSURE)


@given(
    st.none() | amounts.map(around),
    st.lists(amounts, max_size=3),
    st.none() | st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    checks,
)
def test_no_verdict_rests_on_recalled_facts_alone(
    claimed: Interval | None,
    facts: list[float],
    holds: bool | None,
    partly: bool,
    silent: bool,
    comparable: bool,
    check: str,
) -> None:
    finding = Finding(
        tuple(Estimate(around(fact), Strength.HINT) for fact in facts),
        holds=holds,
        partly=partly,
        silent=silent,
        comparable=comparable,
        strength=Strength.HINT,
    )
    assert judge(check, claimed, finding).grade is Grade.UNSURE


# Rounding and hedges --------------------------------------------------------------------------------------------------


@given(st.decimals("1e6", "1e13", places=3), st.integers(2, 6))
def test_rounding_within_printed_precision_is_never_an_error(value: Decimal, digits: int) -> None:
    """Any true value, printed with two digits or more, in 亿 and in plain digits."""
    rounded = Decimal(f"{value:.{digits - 1}e}")
    for printed in (f"{rounded / 10**8:f}亿", f"{rounded:f}"):
        claimed = Interval(*interval(read_figure(printed), "exact"))
        assert held(claimed, Interval(float(value), float(value))) == Verdict(Grade.ACCURATE, Flaw.NONE, 1.0)


@given(st.decimals("1e6", "1e13", places=3), st.integers(3, 8))
def test_rounding_of_the_published_figure_is_never_an_error_either(value: Decimal, digits: int) -> None:
    published = number_interval(f"{value:.{digits - 1}e}")
    assert held(Interval(float(value), float(value)), published).grade is Grade.ACCURATE


@pytest.mark.parametrize(
    ("printed", "bound", "hedge", "truth", "grade"),
    [
        ("1750亿", "exact", "", 1.746e11, Grade.ACCURATE),
        ("1750亿", "exact", "", 1.7e11, Grade.CLOSE),
        ("1700亿", "about", "约", 1.746e11, Grade.ACCURATE),  # the hedge widens it
        ("11", "about", "近", 10.67, Grade.ACCURATE),
        ("11", "about", "近", 11.9, Grade.CLOSE),  # nearly eleven is not more than eleven
        ("1000亿", "at_least", "超", 1.746e11, Grade.ACCURATE),
        ("1000亿", "at_least", "超", 9.3e10, Grade.CLOSE),  # more than 100 billion, in truth fewer
        ("1000亿", "at_most", "不到", 9.3e10, Grade.ACCURATE),
        ("300", "at_least", "多", 350, Grade.ACCURATE),
        ("300", "at_least", "多", 290, Grade.CLOSE),
    ],
)
def test_hedges_cut_or_widen_the_interval(printed: str, bound: str, hedge: str, truth: float, grade: Grade) -> None:
    claimed = Interval(*interval(read_figure(printed), bound, hedge))
    assert held(claimed, Interval(truth, truth)).grade is grade


# Never rated, never rescued -------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["opinion", "uncheckable"]),
    st.none() | amounts.map(around),
    st.lists(amounts, max_size=2),
    st.none() | st.booleans(),
    strengths,
)
def test_opinions_and_what_nobody_can_check_are_never_rated(
    check: str, claimed: Interval | None, facts: list[float], holds: bool | None, strength: Strength
) -> None:
    finding = Finding(tuple(Estimate(around(f), strength) for f in facts), holds=holds, strength=strength)
    assert judge(check, claimed, finding) == Verdict(Grade.UNRATED)


@given(amounts, amounts, strengths, checks, st.booleans())
def test_conclusion_from_unlike_figures_is_never_called_accurate(
    value: float, fact: float, strength: Strength, check: str, numeric: bool
) -> None:
    estimates = (Estimate(around(fact), strength),) if numeric else ()
    finding = Finding(estimates, holds=None if numeric else True, strength=strength, comparable=False)
    verdict = judge(check, around(value) if numeric else None, finding)
    assert verdict.grade not in (Grade.ACCURATE, Grade.CLOSE)


@given(amounts, factors)
def test_wrong_numbers_stay_wrong_in_a_wrong_comparison(value: float, factor: float) -> None:
    plain = held(around(value * factor), around(value))
    compared = held(around(value * factor), around(value), comparable=False)
    rescued = plain.grade in (Grade.ACCURATE, Grade.CLOSE)
    assert compared.grade is (Grade.MISLEADING if rescued else plain.grade)


def test_sources_divided_by_a_factor_of_two_leave_open_a_figure_that_agrees_with_one() -> None:
    assert held(around(100), around(100), around(300)).grade is Grade.UNSURE
    assert held(around(100), around(100), around(150)).grade is Grade.ACCURATE
    assert held(around(100), around(400), around(300)).grade is Grade.WRONG  # it agrees with none


def test_an_estimate_or_a_leak_makes_no_claim_accurate() -> None:
    for standing in ("estimate", "leak"):
        finding = Finding((Estimate(around(100), Strength.WEAK, standing=standing),), strength=Strength.WEAK)
        assert judge("restates", around(100), finding).grade is Grade.UNSURE
        assert judge("restates", around(300), finding).grade is Grade.WRONG


def test_press_written_later_makes_no_claim_accurate_and_still_speaks_against_it() -> None:
    late = Finding((Estimate(around(100), Strength.FAIR, later=True),), strength=Strength.FAIR)
    assert judge("restates", around(100), late).grade is Grade.UNSURE
    assert judge("restates", around(300), late).grade is Grade.WRONG
    both = Finding((*late.estimates, Estimate(around(100), Strength.FAIR)), strength=Strength.FAIR)
    assert judge("restates", around(100), both).grade is Grade.ACCURATE


def test_stronger_sources_outweigh_weaker_ones() -> None:
    estimates = (Estimate(around(100), Strength.WEAK), Estimate(around(300), Strength.STRONG))
    finding = Finding(estimates, strength=Strength.STRONG)
    assert judge("restates", around(100), finding).grade is Grade.WRONG


# Planted mistakes, each caught and named ------------------------------------------------------------------------------

SYSTEMS = [system("alpha"), system("beta"), system("sparse", "mixture_of_experts")]
FACTS = [
    evidence("alpha.size", "alpha", "parameters", "1.75e11", "parameter"),
    evidence("alpha.tokens", "alpha", "training_tokens", "3e11", "token"),
    evidence("alpha.work", "alpha", "training_flop", "3.15e23", "FLOP"),  # 6 N D
    evidence("alpha.corpus", "alpha", "corpus_bytes", "5e12", "byte"),
    evidence("alpha.time", "alpha", "training_duration", "1382400", "s"),  # 16 days
    evidence("alpha.day", "alpha", "announced", "2021-10-12", "date"),
    evidence("alpha.chips", "alpha", "chip_count", "2048", "chip", counts="accelerators"),
    evidence("beta.size", "beta", "parameters", "2.5e11", "parameter"),
    evidence("beta.tokens", "beta", "training_tokens", "2e11", "token"),
    evidence("beta.work", "beta", "training_flop", "4e23", "FLOP"),  # 8 N D
    evidence("sparse.chips", "sparse", "chip_count", "480", "chip", counts="accelerators"),
]


def verdict_on(row: samples.Row, facts: list[samples.Row] | None = None) -> dict[str, object]:
    """Grade, problem and the rest of one claim, through the tables as the chapters read them."""
    tables = samples.tables(claims=[row], evidence=facts or FACTS, systems=SYSTEMS)
    return judge_claim(tables, tables["claims"].to_dict("records")[0])


SIZE = claim("000-size", "1750亿", "1.75e11", "parameter", kind="parameters", evidence_ids="alpha.size")
DAY = claim("000-day", "2021年10月", "2021-10", "date", kind="date", evidence_ids="alpha.day")
CORPUS = claim("000-corpus", "5TB", "5e12", "byte", kind="dataset_size", evidence_ids="alpha.corpus")
TIME = claim("000-time", "16天", "1382400", "s", kind="duration", evidence_ids="alpha.time")
WORK = claim("000-work", "3646PD", "3.15e23", "FLOP", kind="compute", check="derives", formula="compute_6nd")
WORK["evidence_ids"] = "alpha.size alpha.tokens"
SAVED = claim("000-saved", "76。6%", "0.766", "fraction", kind="percent", check="compares", formula="share_saved")
SAVED |= {"reference_id": "beta", "evidence_ids": "alpha.chips alpha.chips"}


@pytest.mark.parametrize("row", [SIZE, DAY, CORPUS, TIME, WORK], ids=lambda row: row["claim_id"])
def test_without_a_mistake_all_are_accurate(row: samples.Row) -> None:
    verdict = verdict_on(row)
    assert (verdict["grade"], verdict["problem"]) == ("accurate", "")


@pytest.mark.parametrize(
    ("row", "planted", "grade", "problem"),
    [
        # a value times ten, or a tenth
        (SIZE, {"as_printed": "1。75万亿", "value": "1.75e12"}, "wrong", "unit"),
        (SIZE, {"as_printed": "175亿", "value": "1.75e10"}, "wrong", "unit"),
        (WORK, {"as_printed": "36460PD", "value": "3.15e24"}, "wrong", "unit"),
        # a swapped unit: terabytes for gigabytes, EFLOPS for PFLOPS days, hours for days
        (CORPUS, {"as_printed": "5GB", "value": "5e9"}, "wrong", "unit"),
        (TIME, {"as_printed": "16小时", "value": "57600"}, "wrong", "unit"),
        # a date off by a year
        (DAY, {"as_printed": "2020年10月", "value": "2020-10"}, "wrong", "date"),
        (DAY, {"as_printed": "2022年10月", "value": "2022-10"}, "wrong", "date"),
        (DAY, {"as_printed": "2020年10月12日", "value": "2020-10-12"}, "wrong", "date"),
    ],
)
def test_mistake_in_the_claim_is_caught_and_named(
    row: samples.Row, planted: samples.Row, grade: str, problem: str
) -> None:
    verdict = verdict_on(row | planted)
    assert (verdict["grade"], verdict["problem"]) == (grade, problem)
    assert verdict["why"]


@pytest.mark.parametrize(
    ("row", "fact", "value", "problem"),
    [
        (SIZE, "alpha.size", "1.75e12", "unit"),
        (WORK, "alpha.tokens", "3e12", "unit"),
        (CORPUS, "alpha.corpus", "5e9", "unit"),
        (DAY, "alpha.day", "2020-10-12", "date"),
    ],
)
def test_mistake_in_the_evidence_shows_as_a_claim_that_no_longer_fits(
    row: samples.Row, fact: str, value: str, problem: str
) -> None:
    facts = [{**f, "value": value} if f["evidence_id"] == fact else f for f in FACTS]
    verdict = verdict_on(row, facts)
    assert verdict["grade"] not in ("accurate", "close")
    assert verdict["problem"] == problem


@pytest.mark.parametrize(
    ("row", "planted"),
    [
        (SIZE, {"evidence_ids": "alpha.tokens"}),  # words for parameters
        (WORK, {"formula": "", "evidence_ids": "alpha.time"}),
        (SIZE, {"unit": "token"}),
    ],
)
def test_units_that_cannot_be_compared_stop_the_build_with_both_names(row: samples.Row, planted: samples.Row) -> None:
    row = row | planted
    with pytest.raises(DataProblem, match=rf"claim {row['claim_id']}: evidence .* is in .+, the claim in .+ Mend: "):
        verdict_on(row)


EFFICIENT = claim("000-gain", "提升", "", "none", kind="comparison", check="compares", formula="efficiency_gain")
EFFICIENT |= {"system_id": "beta", "reference_id": "alpha"}


def test_comparison_across_conventions_is_misleading_though_its_numbers_are_right() -> None:
    """Beta has more parameters per petaFLOP/s-day as printed; but its figure counts 8 FLOP, alpha's 6."""
    verdict = verdict_on(EFFICIENT)
    assert (verdict["grade"], verdict["problem"]) == ("misleading", "comparability")
    assert "8.00" in str(verdict["why"])
    assert "6.00" in str(verdict["why"])


def test_the_same_comparison_on_one_convention_is_misleading_too_since_fewer_tokens_are_no_efficiency() -> None:
    facts = [{**f, "value": "3e23"} if f["evidence_id"] == "beta.work" else f for f in FACTS]
    facts = [{**f, "value": "2e11"} if f["evidence_id"] == "beta.tokens" else f for f in facts]  # 6 x 2.5e11 x 2e11
    verdict = verdict_on(EFFICIENT, facts)
    assert (verdict["grade"], verdict["problem"]) == ("misleading", "comparability")
    assert "Both figures count 6.00" in str(verdict["why"])


@pytest.mark.parametrize("tokens", ["5e10", "1e11", "2e11", "3e11", "8e11"])
def test_no_number_of_tokens_makes_efficiency_improved_accurate(tokens: str) -> None:
    facts = [{**f, "value": tokens} if f["evidence_id"] == "beta.tokens" else f for f in FACTS]
    assert verdict_on(EFFICIENT, facts)["grade"] == "misleading"


def test_chips_saved_by_a_sparse_model_against_a_dense_one_are_misleading() -> None:
    row = SAVED | {"system_id": "sparse", "evidence_ids": "sparse.chips alpha.chips"}
    verdict = verdict_on(row)
    assert (verdict["grade"], verdict["problem"]) == ("misleading", "comparability")
    assert all(words in str(verdict["why"]) for words in ("Sparse uses a small part", "Alpha all of them"))


def test_chips_saved_between_models_of_one_kind_are_judged_by_their_numbers() -> None:
    row = SAVED | {"system_id": "sparse", "evidence_ids": "sparse.chips alpha.chips"}
    tables = samples.tables(claims=[row], evidence=FACTS, systems=[system("alpha"), system("sparse")])
    assert judge_claim(tables, tables["claims"].to_dict("records")[0])["grade"] == "accurate"


# All claims -----------------------------------------------------------------------------------------------------------


def test_every_claim_gets_one_row_in_the_order_of_the_table() -> None:
    rows = [SIZE, DAY, WORK, claim("000-view", "必将", "", "none", check="opinion")]
    verdicts = judge_claims(samples.tables(claims=rows, evidence=FACTS, systems=SYSTEMS))
    assert " ".join(verdicts.columns) == (
        "claim_id grade problem ratio estimate_1 estimate_2 flip_point estimates_differ_by evidence_strength why "
        "contradicted_by"
    )
    assert list(verdicts["claim_id"]) == [row["claim_id"] for row in rows]
    assert list(verdicts["grade"]) == ["accurate", "accurate", "accurate", "not rated"]


def test_what_decides_is_shown_first_two_or_not() -> None:
    facts = [
        *FACTS,
        evidence("alpha.size-2", "alpha", "parameters", "1.5e11", "parameter", locator="page 2"),
        evidence("alpha.size-3", "alpha", "parameters", "1.45e11", "parameter", locator="page 3"),
    ]
    verdict = verdict_on(SIZE | {"evidence_ids": "alpha.size-2 alpha.size-3 alpha.size"}, facts)
    assert verdict["grade"] == "accurate"
    assert "Table 1" in str(verdict["estimate_1"])  # the one it agrees with, not the first of the row
    assert "Table 1" in str(verdict["why"])


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({"standing": "estimate"}, "Agrees with an estimate, 175 billion parameters (paper, Table 1), which nobody"),
        ({"standing": "leak"}, "Agrees with the leak of paper, Table 1, 175 billion parameters, which nobody"),
        ({"standing": "secondary", "published": "2022-03"}, "Only press written after the article says so"),
    ],
)
def test_unsure_says_with_what_the_claim_agrees(fact: dict[str, str], words: str) -> None:
    verdict = verdict_on(SIZE, [{**f, **fact} if f["evidence_id"] == "alpha.size" else f for f in FACTS])
    assert verdict["grade"] == "unsure"
    assert str(verdict["why"]).startswith(words)


def test_claim_without_evidence_is_left_open_and_says_so() -> None:
    verdict = verdict_on(SIZE | {"evidence_ids": "", "note": "The paper is silent."})
    assert verdict["grade"] == "unsure"
    assert verdict["why"] == "No published evidence at hand decides this. The paper is silent."


def test_recalled_evidence_alone_leaves_a_claim_open() -> None:
    facts = [{**f, "confidence": "memory"} for f in FACTS]
    assert verdict_on(SIZE, facts)["grade"] == "unsure"


def test_two_routes_to_a_figure_are_both_shown() -> None:
    verdict = verdict_on(WORK | {"evidence_ids": "alpha.size alpha.tokens alpha.work"})
    assert verdict["estimate_1"].startswith("3646 PD (model FLOP")
    assert verdict["estimate_2"].startswith("3646 PD (paper, Table 1")
