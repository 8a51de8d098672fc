"""What the tables hold on a system, for the screen."""

import pytest

from helpers.errors import Problem
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan_wording import lines_on


@pytest.mark.parametrize("name", ["DeepSeek V3", "deepseek-v3", "DeepSeek-V3", "深度求索V3", "深度求索 v3"])
def test_facts_stand_by_quantity_with_what_they_count_and_their_source(name: str, knowledge: Knowledge) -> None:
    lines = list(lines_on(name, knowledge))
    assert lines[0].startswith("DeepSeek-V3 (deepseek-v3)")
    assert lines.index("chip time:") < next(
        n for n, line in enumerate(lines) if "2.788 million chip-hours [training]" in line
    )
    missing = set(lines[-1].removeprefix("Missing: ").rstrip(".").split(", "))
    assert {"training duration", "energy", "emissions"} <= missing
    assert not missing & {"parameters", "chip time", "training cost"}


def test_leak_is_called_one_and_the_makers_silence_is_shown(knowledge: Knowledge) -> None:
    lines = list(lines_on("GPT-4", knowledge))
    assert any("1.8 trillion parameters" in line and "leak, decides nothing" in line for line in lines)
    assert any("not published" in line for line in lines)


def test_family_says_that_it_stands_for_no_member(knowledge: Knowledge) -> None:
    assert any("gives evidence to none of its members" in line for line in lines_on("Llama 4", knowledge))


def test_unknown_name_gets_the_nearest(knowledge: Knowledge) -> None:
    with pytest.raises(Problem, match="no table holds this name; did you mean DeepSeek"):
        list(lines_on("DeepSek V3", knowledge))
    with pytest.raises(Problem, match=r"no table holds this name\. Mend:"):
        list(lines_on("zzyzx", knowledge))


def test_a_recalled_cell_of_a_data_sheet_proves_nothing(knowledge: Knowledge) -> None:
    (sheet,) = (row for row in knowledge.chips("MI355X") if row["accelerator_id"] == "mi355x")
    assert "recalled: fp16" in sheet["note"]
    assert (sheet["peak_fp16_flop_per_s"], sheet["memory_byte"]) == ("", "2.88e11")
    (sourced,) = (row for row in knowledge.chips("H200") if row["accelerator_id"] == "h200-sxm-141gb")
    assert sourced["memory_byte"] == "1.41e11"
