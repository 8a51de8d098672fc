"""A chapter as its notebook sees it: checked parameters, its folders, and a CSV behind each figure and table."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.errors import ParameterProblem, Problem
from helpers.notebook import Chapter, open_chapter
from helpers.paths import DATA
from helpers.report.figures import drawing

FRAME = pd.DataFrame({"system": ["甲", "b,c"], "value": [1.5, 2.0]})


def namespace(**more: object) -> dict[str, object]:
    cell = 'data_dir: str = ""  # data\nout_dir: str = ""  # out'
    return {"In": ["", cell], "data_dir": "", "out_dir": "", **more}


def test_empty_folders_mean_the_projects_data_and_no_downloads() -> None:
    chapter = open_chapter(namespace())
    assert (chapter.data_dir, chapter.out_dir) == (DATA, None)


def test_parameters_are_checked_on_opening() -> None:
    with pytest.raises(ParameterProblem, match=r"no parameter out_dri; did you mean out_dir\?"):
        open_chapter(namespace(out_dri="x"))


def test_dataset_that_was_not_built_yet_says_what_to_do(data_dir: Path) -> None:
    with pytest.raises(
        Problem, match=r"processed/.+ is missing. Mend: run notebooks/01_dataset.ipynb, or make report."
    ):
        _ = Chapter(str(data_dir)).tables


def test_table_and_figure_leave_their_data_behind(tmp_path: Path) -> None:
    chapter = Chapter(out_dir=str(tmp_path / "out"))
    with drawing() as figure:
        figure.subplots().plot([1, 2])
    table = chapter.table(FRAME, "pair", "A pair")
    drawn = chapter.figure(figure, "line", "A line", data=FRAME, caption="Drawn.", alt="A line.")
    assert 'href="data/pair.csv"' in table
    assert 'href="data/line.csv"' in drawn
    for name in ("pair", "line"):
        assert (tmp_path / "out" / f"{name}.csv").read_bytes() == 'system,value\n甲,1.5\n"b,c",2.0\n'.encode()


def test_nothing_is_written_or_offered_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "download" not in Chapter().table(FRAME, "pair", "A pair")
    assert list(tmp_path.iterdir()) == []


def test_second_result_of_the_same_name_does_not_overwrite_the_first(tmp_path: Path) -> None:
    """The link of the first would lead to the data of the second."""
    chapter = Chapter(out_dir=str(tmp_path))
    chapter.table(FRAME, "pair", "A pair")
    with pytest.raises(ValueError, match="pair"):
        chapter.table(FRAME.assign(value=0), "pair", "Another pair")
    assert (tmp_path / "pair.csv").read_text(encoding="utf-8").splitlines()[1] == "甲,1.5"
