"""GPT-3's arithmetic counted item by item against the short rule and the formulas of three papers."""

import pytest

from helpers.chapters.compute_tables import counted_ways, forward_items
from helpers.formulas.architecture import Architecture
from helpers.ledger.system_runs import find_run
from helpers.ledger.tables import Tables

GPT_3 = Architecture(layers=96, hidden=12288, heads=96, vocab=50257, seq_len=2048)  # arXiv:2005.14165, Table 2.1


def test_items_of_one_token_make_a_whole() -> None:
    items = forward_items(GPT_3).set_index("item")
    assert items["share"].sum() == pytest.approx(1)
    assert items.loc["mlp/dense", "flop_per_token"] == 2 * 8 * 12288**2 * 96  # two matrices of 4 h² weights, 96 layers
    assert items.loc["attention/scores", "flop_per_token"] == 4 * 96 * 12288 * 2048  # arXiv:2104.04473, appendix


def test_seven_ways_to_count_agree_as_far_as_they_count_the_same(real_tables: Tables) -> None:
    ways = counted_ways(find_run(real_tables, "gpt-3"), GPT_3).set_index("way")
    exact = ["Korthikanti et al. 2022, (7)", "Narayanan et al. 2021, (3)"]
    assert ways.loc[exact, "difference"].tolist() == [0, 0]
    assert ways.loc["Chowdhery et al. 2022, B", "difference"] == pytest.approx(0, abs=1e-3)
    assert ways.loc["6·N·D", "pfday"] == pytest.approx(3640, rel=2e-3)  # arXiv:2005.14165, Table D.1
    assert -0.03 < ways.loc["6·N·D", "difference"] < -0.02  # attention's scores are left out
