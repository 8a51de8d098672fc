"""Findings are worked out from the tables: their numbers are those of the arithmetic, done here a second time."""

from helpers.chapters.verdicts_tables import findings
from helpers.ledger.tables import Tables


def test_numbers_of_the_findings(real_tables: Tables) -> None:
    rivals, most, slow, alike, _, baselines, lead, largest = findings(real_tables)["finding"]
    assert f"{3072 / 480:.1f} against NVIDIA" in rivals
    assert f"{2048 * 2 / 480:.1f} to {2048 * 3 / 480:.1f} against Google" in rivals
    assert f"do {512 * 10 * 0.125:.0f} PD, 18 %" in most
    assert f"do {480 * 3 * 0.125:.0f}, 5 %" in most
    assert f"{3640 * 86400e15 / (1e4 * 2.733e13) / 86400:.1f} days" in slow
    assert f"they are {113 * 6 / 8:.0f}, {113 * 6 / 8 / 312:.0%}".replace("%", " %") in alike
    assert '"1 %" of the energy' in baselines.replace("\u00a0", " ").replace("\u202f", " ")
    assert "333 days" in lead  # 28 May 2020 to 26 April 2021
    assert "106 days" in lead  # 30 November 2022 to 16 March 2023
    assert "18 months" in largest
