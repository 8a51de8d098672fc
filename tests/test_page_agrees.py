"""The page contradicts itself nowhere: each test is of a kind of contradiction that a reader once found."""

import html
import re

import pytest

from helpers.ledger.judgement import judge_claim
from helpers.ledger.tables import Tables
from helpers.paths import REPORT

PAGES = [(name, edition) for name in ("index", "reference") for edition in ("", ".zh")]


def prose(name: str, edition: str) -> str:
    """What a reader sees of a page, without drawings, scripts and code."""
    page = (REPORT / f"{name}{edition}.html").read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|svg|pre)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(("name", "edition"), PAGES)
def test_systems_are_counted_one_way_or_the_other_count_is_told_beside_it(
    name: str, edition: str, real_tables: Tables
) -> None:
    claimed, named = len(real_tables.claimed_about), len(real_tables.named_in_articles)
    found = r"(?:about|of) (\d+) systems(.{90})" if not edition else r"(\d+)个系统(.{60})"
    counts = [(int(number), after) for number, after in re.findall(found, prose(name, edition), flags=re.I)]
    assert counts
    for number, after in counts:
        assert number == claimed or (number == named and str(claimed) in after), (number, after)


@pytest.mark.parametrize(("edition", "said"), [
    ("", r"The days of half of these whole runs are off by more than (\d+) %, of one in ten by more than (\d+) %"),
    (".zh", r"这些整次训练的天数，一半误差超过(\d+)%，十分之一超过(\d+)%"),
])  # fmt: skip
def test_a_median_is_called_half_and_never_what_to_expect(edition: str, said: str) -> None:
    text = prose("reference", edition).replace("\u00a0", " ").replace("\u202f", " ")
    (found,) = re.findall(said, text)
    half, tenth = map(int, found)
    assert 0 < half < tenth
    assert not re.search(r"Expect \d+ ?%|now and then \d+ ?%|一般在上下", text)


def test_a_makers_compute_that_was_read_in_a_quotation_states_no_convention(real_tables: Tables) -> None:
    """Yuan's 4095 equal 8·N·D; that its makers say so was never seen, and no cell says that they do."""
    for row in real_tables.evidence_of["yuan-1-0", "training_flop"]:
        if row["standing"] == "primary" and row["confidence"] != "seen":
            assert "not stated" in row["counts"], row["evidence_id"]


def test_a_number_in_the_wrong_unit_is_answered_by_its_own_unit_first(real_tables: Tables) -> None:
    """292 are billions of tokens; that the crawl had 45 TB is no answer to it."""
    rows = [c for c in real_tables["claims"].to_dict("records") if c["formula"] == "wrong_unit" and c["value"]]
    assert len(rows) > 5
    for row in rows:
        why = str(judge_claim(real_tables, row)["why"])
        assert why.startswith("The number is right, its unit is not."), why
        assert "45 TB" not in why
