"""Tables in running text: hedged cells, names in the head or before the row."""

import pytest

from helpers.reader import read_text


@pytest.mark.parametrize(
    "text",
    [
        "| Model | GPU hours | Params |\n| Foo-3 | 2.788M H800 | 671B |\n| Bar-2 | ~30M+ H100 | ~1.8T |\n",
        "| Metric | Foo-3 | Bar-2 (est.) |\n| GPU Hours | 2.788M H800 | over 30M H100 |\n| Parameters (Total) | 671B | about 1.8T |\n",
        "Model\tGPU Hours\tParameters (Total)\nFoo-3\t2.788M\t671B\nBar-2\t≈30M\t≈1.8T\n",
    ],
)
def test_a_hedged_cell_counts_what_its_row_or_column_says_and_belongs_to_its_name(text: str) -> None:
    found = sorted((q.kind, q.unit, q.value, q.system_id.removesuffix(" (est.)")) for q in read_text(text).quantities)
    assert found == [
        ("duration", "chip.s", 2.788e6 * 3600, "Foo-3"),
        ("duration", "chip.s", 30e6 * 3600, "Bar-2"),
        ("parameters", "parameter", 671e9, "Foo-3"),
        ("parameters", "parameter", 1.8e12, "Bar-2"),
    ]
