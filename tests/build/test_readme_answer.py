"""The answer in the README: between its markers, whole or not at all."""

import os
from pathlib import Path

import pytest

from helpers.build.build import update_answer
from helpers.errors import Problem

README = "# Title\n\n<!-- answer -->\nold\nlines\n<!-- /answer -->\n\nThe rest.\n"


def test_answer_is_written_between_its_markers_and_nowhere_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README)
    update_answer(readme, "**No.**")
    assert readme.read_text() == README.replace("old\nlines", "**No.**")
    assert os.listdir(tmp_path) == ["README.md"]


def test_same_answer_leaves_the_file_untouched(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README)
    update_answer(readme, "**No.**")
    before = readme.stat().st_ino, readme.stat().st_mtime_ns
    update_answer(readme, "**No.**")
    assert (readme.stat().st_ino, readme.stat().st_mtime_ns) == before


@pytest.mark.parametrize("lost", ["<!-- answer -->", "<!-- /answer -->"])
def test_lost_marker_is_named_and_the_file_left_alone(lost: str, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README.replace(lost, ""))
    before = readme.read_bytes()
    with pytest.raises(Problem, match=r"README.md: no <!-- answer --> \.\.\. <!-- /answer -->. Mend: "):
        update_answer(readme, "**No.**")
    assert readme.read_bytes() == before
