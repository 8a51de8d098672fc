"""Executing a notebook: what it is given, what is recorded, and one line where a cell fails."""

import json
from pathlib import Path

import nbformat
import pytest

from helpers.build.notebooks import NotebookFailure, execute
from tests.build.notebooks import OPEN, write_notebook

TIMES = 'days: float = 16.0  # training time\nname: str = ""  # a name'


def test_cells_run_with_the_given_parameters_and_are_recorded_with_their_outputs(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "a.ipynb", "print(days, name)", "days * 2", parameters=TIMES)
    before = source.read_bytes()
    execute(source, tmp_path / "deep" / "er" / "a.ipynb", {"days": 20, "name": 'quo"te'})
    outputs = [o for c in nbformat.read(tmp_path / "deep/er/a.ipynb", 4).cells for o in c.get("outputs", [])]
    assert outputs[0]["text"] == '20.0 quo"te\n'
    assert outputs[1]["data"]["text/plain"] == "40.0"
    assert source.read_bytes() == before


def test_kernel_starts_in_the_notebooks_own_folder_with_a_fixed_hash_seed(tmp_path: Path) -> None:
    source = write_notebook(
        tmp_path / "b.ipynb", "import os\nprint(os.getcwd(), os.environ['PYTHONHASHSEED'], os.environ['MPLBACKEND'])"
    )
    execute(source, tmp_path / "out.ipynb", {})
    (output,) = [o for c in nbformat.read(tmp_path / "out.ipynb", 4).cells for o in c.get("outputs", [])]
    assert output["text"] == f"{tmp_path} 0 agg\n"


def test_folder_may_have_any_name(tmp_path: Path) -> None:
    """papermill takes a path for a format string."""
    source = write_notebook(tmp_path / "a {b} %s" / "c {0}.ipynb", "days", parameters=TIMES)
    execute(source, tmp_path / "o {d}" / "c {0}.ipynb", {"days": 20})
    assert '"20.0"' in (tmp_path / "o {d}" / "c {0}.ipynb").read_text()


def failure(tmp_path: Path, *sources: str) -> str:
    source = write_notebook(tmp_path / "05_bad.ipynb", *sources)
    with pytest.raises(NotebookFailure) as problem:
        execute(source, tmp_path / "out" / "05_bad.ipynb", {})
    return str(problem.value)


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        (("# A title", "x = 1", "x / 0"), "05_bad.ipynb, cell 4 (In [3]): ZeroDivisionError: division by zero"),
        (("raise ValueError('first line\\nsecond line')",), "05_bad.ipynb, cell 2 (In [2]): ValueError: first line"),
        (("raise ValueError",), "05_bad.ipynb, cell 2 (In [2]): ValueError: no message"),
        (("x = (",), "05_bad.ipynb, cell 2 (In [2]): SyntaxError: "),
        (
            (OPEN, "chapter.tables2"),
            "05_bad.ipynb, cell 3 (In [3]): AttributeError: 'Chapter' object has no attribute 'tables2'",
        ),
        (("raise SystemExit('enough')",), "05_bad.ipynb, cell 2 (In [2]): SystemExit: enough"),
    ],
)
def test_failing_cell_is_named_with_its_notebook_and_error_in_one_line(
    sources: tuple[str, ...], line: str, tmp_path: Path
) -> None:
    said = failure(tmp_path, *sources)
    assert said.startswith(line), said
    assert "\n" not in said
    assert "\x1b" not in said


def test_kernel_that_dies_is_a_failure_of_its_notebook(tmp_path: Path) -> None:
    said = failure(tmp_path, "import os", "os._exit(3)", "x = 1")
    assert said == "05_bad.ipynb, cell 3: its kernel died; out of memory?"


def test_error_whose_text_looks_like_terminal_codes_stays_readable(tmp_path: Path) -> None:
    said = failure(tmp_path, "raise ValueError('\\x1b[31mred\\x1b[0m')")
    assert said == "05_bad.ipynb, cell 2 (In [2]): ValueError: red"


def test_one_notebook_leaves_nothing_behind_for_the_next(tmp_path: Path) -> None:
    execute(write_notebook(tmp_path / "a.ipynb", "left_over = 1"), tmp_path / "out" / "a.ipynb", {})
    said = failure(tmp_path, "left_over")
    assert "NameError" in said


def test_recorded_notebook_is_valid(tmp_path: Path) -> None:
    execute(write_notebook(tmp_path / "a.ipynb", "# Title", "1"), tmp_path / "out" / "a.ipynb", {"out_dir": "x"})
    nbformat.validate(json.loads((tmp_path / "out" / "a.ipynb").read_text(encoding="utf-8")))
