"""A chapter as its notebook sees it: checked parameters, its folders, and a CSV behind each figure and table."""

import os
from pathlib import Path

import pandas as pd
import pytest

from helpers import language
from helpers.errors import ParameterProblem, Problem
from helpers.notebook import CAPTIONS, Chapter, open_chapter
from helpers.paths import DATA, NOTEBOOKS
from helpers.report.figures import drawing
from helpers.report.text import say
from helpers.structured import read_toml

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


def test_words_beside_tables_and_figures_stand_in_one_file() -> None:
    """Each entry is of one table or figure of one notebook; heads, notes and captions come from there."""
    told = read_toml(CAPTIONS)
    sources = [path.read_text(encoding="utf-8") for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    assert {name: sum(f' \\"{name}\\",' in source for source in sources) for name in told} == dict.fromkeys(told, 1)
    columns = told["by-hand"]["columns"]
    html = Chapter().table(pd.DataFrame([dict.fromkeys(columns, "x")]), "by-hand", "A step")
    assert all(text in html for text in (*columns.values(), told["by-hand"]["notes"]))


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


@pytest.mark.parametrize(
    ("option", "nearest"), [("foramts", "formats"), ("colums", "columns"), ("N", ""), ("monts", "months")]
)
def test_a_misspelt_option_of_a_table_is_no_option(option, nearest):
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(
        TypeError, match=f"table: nothing takes '{option}'" + (f".*did you mean {nearest}" if nearest else "")
    ):
        Chapter().table(frame, "t", "In {months} months", months=3, **{option: 4})


def test_a_value_of_a_table_may_stand_in_its_title_its_heads_or_its_notes():
    html = Chapter().table(
        pd.DataFrame({"a": [1]}), "t", "In {x}", columns={"a": "Of {y}"}, notes="By {z}", x="one", y="two", z="three"
    )
    assert all(word in html for word in ("In one", "Of two", "By three"))


def test_a_misspelt_value_of_a_figure_or_a_sentence_is_no_value():
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(TypeError, match=r"figure: nothing takes 'captoin'; did you mean caption\?"):
        Chapter().figure(None, "f", "Title", data=frame, caption="Words", alt="Words", captoin="Others")
    with pytest.raises(TypeError, match="say: nothing takes 'N'"):
        say("{n} days", n=3, N=4)


@pytest.mark.parametrize(("prose", "said"), [("en", True), ("zh", False)])
def test_english_prose_between_chinese_results_is_said(
    prose: str, said: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run by plain papermill the prose stays English, and the first output says what gives both."""
    monkeypatch.setitem(os.environ, language.PROSE, prose)
    monkeypatch.setitem(language._of_process, "language", "en")
    cell = 'language: str = "en"  # language of prose and labels'
    open_chapter({"In": ["", cell], "language": "zh"})
    assert ("python -m helpers run NOTEBOOK OUT -p language zh" in capsys.readouterr().out) is said
