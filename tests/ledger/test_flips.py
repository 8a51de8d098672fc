"""Flip points: the value of an assumption at which a verdict changes, to within the step of the search."""

import math
import re

import pytest

from helpers.ledger.flips import FLIP_REACH, STEP, assumptions
from helpers.ledger.judgement import judge_claim
from helpers.ledger.tables import Tables
from tests import samples
from tests.samples import claim, evidence

SIZE = evidence("alpha.size", "alpha", "parameters", "100000", "parameter")  # exact
TOKENS = evidence("alpha.tokens", "alpha", "training_tokens", "2000", "token", standing="secondary")
WORK = claim("000-work", "12亿", "1.2e9", "FLOP", check="derives", formula="compute_6nd")
WORK["evidence_ids"] = "alpha.size alpha.tokens"
FLIP = re.compile(r"(?P<value>[\d.,]+)(?: \S+)? instead of (?P<now>[\d.,]+)(?: (?P<unit>\S+))? for (?P<quantity>.+) \((?P<source>.+)\) "
                  r"would make it (?P<grade>.+)\.")  # fmt: skip


def flip(row: samples.Row, *facts: samples.Row) -> str:
    tables = samples.tables(claims=[row], evidence=list(facts), systems=[samples.system("alpha")])
    return str(judge_claim(tables, tables["claims"].to_dict("records")[0])["flip_point"])


def number(text: str) -> float:
    return float(text.replace(",", ""))


def test_assumption_is_named_with_the_value_that_turns_the_verdict() -> None:
    """6 * 100000 * 2000 = 1.2e9, printed as 12亿 = [11.5, 12.5) * 1e8: at 2000 * 12.5 / 12 tokens it no longer fits."""
    text = flip(WORK, SIZE, TOKENS)
    found = FLIP.fullmatch(text)
    assert found, text
    assert (found["unit"], found["quantity"], found["source"]) == ("tokens", "training tokens", "paper")
    assert number(found["now"]) == 2000
    low, high = 2000 * 11.5 / 12, 2000 * 12.5 / 12
    value = number(found["value"])
    slack = 1.005  # printed to three digits
    assert low / STEP / slack <= value <= low * slack or high / slack <= value <= high * STEP * slack
    assert found["grade"] == "close"


@pytest.mark.parametrize("factor", [0.3, 0.95, 1.0, 1.06, 5.0])
def test_verdict_does_turn_at_the_value_and_not_one_step_before(factor: float) -> None:
    tokens = TOKENS | {"value": f"{2000 * factor:.0f}"}
    found = FLIP.fullmatch(flip(WORK, SIZE, tokens))
    assert found

    def grade(value: float) -> str:
        moved = TOKENS | {"value": f"{value:.6g}"}
        tables = samples.tables(claims=[WORK], evidence=[SIZE, moved], systems=[samples.system("alpha")])
        return str(judge_claim(tables, tables["claims"].to_dict("records")[0])["grade"])

    now, value = number(found["now"]), number(found["value"])
    outward = math.copysign(1, math.log(value / now))
    assert grade(value * 1.005**outward) == found["grade"]
    before = value / STEP**outward / 1.005**outward
    assert grade(now) != found["grade"]
    assert (before - now) * outward <= 0 or grade(before) == grade(now)


def test_of_two_assumptions_the_one_that_needs_the_smaller_change_is_named() -> None:
    """1000 - 100, printed as 900 = [895, 905): one per cent of the first is enough, of the second it takes five."""
    row = claim("000-more", "900个", "900", "count", check="derives", formula="difference_of")
    row["evidence_ids"] = "alpha.all alpha.few"
    facts = [
        evidence("alpha.few", "alpha", "few", "100", "count", standing="secondary"),
        evidence("alpha.all", "alpha", "all", "1000", "count", standing="secondary"),
    ]
    found = FLIP.fullmatch(flip(row, *facts))
    assert found
    assert (found["quantity"], found["now"]) == ("all", "1000")


def test_what_the_makers_say_themselves_is_no_assumption() -> None:
    assert "instead of 2000" not in flip(WORK, SIZE, TOKENS | {"standing": "primary"})


def test_verdict_that_nothing_turns_has_no_flip_point() -> None:
    """A claim wrong by more than the search reaches stays wrong."""
    off = WORK | {"as_printed": "1200000亿", "value": "1.2e14"}
    assert FLIP_REACH**2 < 1e5
    assert flip(off, SIZE, TOKENS) == ""


@pytest.mark.parametrize("changed", [{"formula": "", "evidence_ids": "alpha.work"}, {"check": "opinion"}])
def test_claims_without_a_formula_or_a_rating_have_none(changed: dict[str, str]) -> None:
    fact = evidence("alpha.work", "alpha", "training_flop", "1.2e9", "FLOP", standing="estimate")
    assert flip(WORK | changed, SIZE, TOKENS, fact) == ""


def test_no_assumption_is_moved_beyond_physics() -> None:
    """A share of 0.9, printed as 95 %: it would have to be above 1.05 to be as far off on the other side."""
    row = claim("000-part", "47.5%", "0.475", "fraction", check="derives", formula="share_of")
    row["evidence_ids"] = "alpha.used alpha.all"
    facts = [
        evidence("alpha.used", "alpha", "utilisation", "0.9", "fraction", standing="secondary"),
        evidence("alpha.all", "alpha", "all", "2", "count"),
    ]
    found = FLIP.fullmatch(flip(row, *facts))
    assert found
    assert 0 < number(found["value"]) <= 100  # per cent


def test_press_that_counted_cores_for_chips_is_named_with_the_count_that_holds() -> None:
    row = claim("000-chips", "2048块", "2048", "chip", kind="chip_count", evidence_ids="alpha.chips")
    facts = [
        evidence("alpha.chips", "alpha", "chip_count", "1024", "chip"),
        evidence("alpha.cores", "alpha", "core_count", "2048", "core"),
    ]
    assert flip(row, *facts) == "Counted as 2048 cores (paper) instead of 1024 chips, the figure would be accurate."
    assert flip(row | {"as_printed": "1024块", "value": "1024"}, *facts) == ""  # nothing to explain


def test_published_figure_that_holds_names_the_other_count_that_it_could_be_taken_for() -> None:
    """GLaM's 1.2 trillion are of all experts; a token uses 96.6 billion."""
    row = claim("000-size", "1.2万亿", "1.2e12", "parameter", kind="parameters", evidence_ids="alpha.all")
    facts = [
        evidence("alpha.all", "alpha", "parameters", "1.2e12", "parameter"),
        evidence("alpha.active", "alpha", "active_parameters", "9.66e10", "parameter"),
    ]
    text = flip(row, *facts)
    assert text == (
        "Taken for active parameters, 96.6 billion parameters (paper) instead of 1.2 trillion parameters, "
        "the figure would be wrong."
    )
    facts[1]["standing"] = "secondary"
    assert flip(row, *facts) == ""  # what others say of the system leaves the makers' figure as it is


def test_compute_by_the_makers_own_figures_names_the_other_convention() -> None:
    """6 · 1e5 · 2000 = 1.2e9; with the repeated forward pass 1.6e9."""
    text = flip(WORK, SIZE, TOKENS | {"standing": "primary", "value": "2000"})
    assert text == ("Counted with 8 operations for each parameter and token instead of 6, it would be inaccurate.")


def test_magnitude_word_names_what_it_would_be_as_a_number() -> None:
    """千亿 is the class from 1e11 to 1e12: 1.75e11 is in it, and not 1e11 in one digit."""
    row = claim("000-class", "千亿", "1e11", "parameter", kind="parameters", bound="range", evidence_ids="alpha.size")
    row |= {"value_low": "1e11", "value_high": "1e12"}
    big = SIZE | {"value": "1.75e11"}
    assert flip(row, big) == (
        "Read as the number itself, and not as the class that begins with it, it would be inaccurate."
    )
    assert flip(row, SIZE | {"value": "1e11"}) == ""


def test_dates_are_not_moved_by_factors() -> None:
    row = claim("000-gap", "365天", "31536000", "s", check="derives", formula="years_between")
    row["evidence_ids"] = "alpha.start alpha.end"
    facts = [
        evidence(f"alpha.{name}", "alpha", name, day, "date", standing="estimate")
        for name, day in (("start", "2019-01-01"), ("end", "2020-01-01"))
    ]
    assert flip(row, *facts) == ""


def test_step_passes_no_band_of_grades_by(real_tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times finer steps find the same flip points in the ledger, and the same turns of every assumption."""
    rows = [c for c in real_tables["claims"].to_dict("records") if c["formula"]]

    def found() -> list[str]:
        return [str(judge_claim(real_tables, row)["flip_point"]) for row in rows]

    as_it_is, panel = found(), assumptions(real_tables)
    assert any(as_it_is)
    monkeypatch.setattr("helpers.ledger.flips.STEP", STEP ** (1 / 4))
    assert found() == as_it_is
    finer = assumptions(real_tables)
    assert [a.evidence_id for a in finer] == [a.evidence_id for a in panel]
    assert [[len(d.turns) for d in a.dependences] for a in finer] == [
        [len(d.turns) for d in a.dependences] for a in panel
    ]
