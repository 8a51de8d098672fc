"""Parameters: unknown names, wrong types and what is not a finite number are refused before anything runs."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import papermill
import pytest
from click.testing import CliRunner
from papermill.cli import papermill as command_line
from papermill.exceptions import PapermillExecutionError
from papermill.inspection import inspect_notebook

from helpers.build.notebooks import execute
from helpers.errors import ParameterProblem
from helpers.parameters import (
    DECLARES,
    OPENS,
    Parameter,
    check,
    check_namespace,
    declared,
    from_text,
    notebook_parameters,
)
from helpers.paths import NOTEBOOKS
from tests.build.notebooks import OPEN, write_notebook

CELL = """data_dir: str = ""  # folder
out_dir: str = ""  # folder
days: float = 16.0  # training time, days
chips: int = 8  # accelerators
fast: bool = False  # whether to leave out the slow part"""
KNOWN = declared(CELL)

BAD = [
    ("dayz", 3.0, r"no parameter dayz; did you mean days\?"),
    ("temperature", 3.0, "no parameter temperature; it has data_dir, out_dir, days, chips, fast"),
    ("Days", 3.0, r"no parameter Days; did you mean days\?"),
    ("days", "16", "parameter days takes float, not '16'. Mend: write 16.0; YAML takes 16 for a text."),
    ("days", "22e9", "parameter days takes float, not .22e9.[.] Mend: write 22000000000.0; YAML takes 22e9 for a text"),
    ("days", True, "parameter days takes float, not True"),
    ("days", None, "parameter days takes float, not None. Mend: leave it out, for the default."),
    ("days", [16.0], "parameter days takes float"),
    ("chips", 8.0, r"parameter chips takes int, not 8\.0"),
    ("chips", True, "parameter chips takes int, not True"),
    ("fast", 1, "parameter fast takes bool, not 1"),
    ("fast", "false", "parameter fast takes bool, not 'false'"),
    ("data_dir", 3, "parameter data_dir takes str, not 3"),
    ("days", math.nan, "parameter days must be a finite number, not nan"),
    ("days", math.inf, "parameter days must be a finite number, not inf"),
    ("days", -math.inf, "parameter days must be a finite number, not -inf"),
    ("days", 10**400, "parameter days must be a finite number"),
]
NUMBERED = [f"{name}-{number}" for number, (name, _, _) in enumerate(BAD)]


# Declaring ------------------------------------------------------------------------------------------------------------


def test_cell_declares_name_type_default_and_help() -> None:
    assert KNOWN["days"] == Parameter("days", "float", 16.0, "training time, days")
    assert list(KNOWN) == ["data_dir", "out_dir", "days", "chips", "fast"]
    assert KNOWN["fast"].default is False


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("days = 16.0", "line 1: write `name: type = literal  # help`"),
        ("days: float = 16.0  # time\nprint(days)", "line 2: write"),
        ("days: float", "line 1: write"),
        ("days: int | None = None  # time", r"parameter days: type int \| None is not one of int, float, str, bool"),
        ("import os", "line 1: write"),
        ("days: float = 2 * 8  # time", "days"),
        ("days: float = max(1, 2)  # time", "days"),
        ("days: float = ", "parameters cell"),
    ],
)
def test_cell_that_declares_otherwise_is_refused(cell: str, message: str) -> None:
    with pytest.raises(ParameterProblem, match=message):
        declared(cell)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}', '{"cells": []}'])
def test_file_that_is_no_notebook_is_refused_by_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "odd.ipynb").write_text(text)
    with pytest.raises(ParameterProblem, match=r"^odd\.ipynb: "):
        notebook_parameters(tmp_path / "odd.ipynb")


def test_notebook_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ParameterProblem, match=r"^gone\.ipynb: "):
        notebook_parameters(tmp_path / "gone.ipynb")


# Checking -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value", "message"), BAD, ids=NUMBERED)
def test_bad_value_is_refused_by_name(name: str, value: Any, message: str) -> None:
    with pytest.raises(ParameterProblem, match=f"^06_scenario: {message}"):
        check({name: value}, KNOWN, "06_scenario")


def test_good_values_pass_and_whole_numbers_become_floats() -> None:
    passed = check({"days": 20, "chips": 16, "fast": True, "out_dir": "x"}, KNOWN, "06_scenario")
    assert passed == {"days": 20.0, "chips": 16, "fast": True, "out_dir": "x"}
    assert type(passed["days"]) is float


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("days", "20", 20.0),
        ("days", "2e1", 20.0),
        ("chips", "16", 16),
        ("fast", "True", True),
        ("fast", "false", False),
        ("out_dir", "20", "20"),
        ("out_dir", "", ""),
    ],
)
def test_text_is_read_as_the_declared_type(name: str, text: str, value: Any) -> None:
    passed = from_text([(name, text)], KNOWN, "06_scenario")
    assert passed == {name: value}
    assert type(passed[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("days", "soon"),
        ("days", ""),
        ("days", "nan"),
        ("days", "inf"),
        ("days", "1e999"),
        ("chips", "1.5"),
        ("fast", "yes"),
        ("dayz", "3"),
    ],
)
def test_text_that_does_not_fit_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ParameterProblem, match=f"^06_scenario: (no )?parameter {name}"):
        from_text([(name, text)], KNOWN, "06_scenario")


@pytest.mark.parametrize(("name", "value", "message"), BAD, ids=NUMBERED)
def test_runner_refuses_before_a_kernel_starts(
    name: str, value: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(papermill, "execute_notebook", lambda *args, **more: started.append("kernel"))
    notebook = write_notebook(tmp_path / "tiny.ipynb", "1 / 0", parameters=CELL)
    with pytest.raises(ParameterProblem, match=f"^tiny: {message}"):
        execute(notebook, tmp_path / "out" / "tiny.ipynb", {name: value})
    assert started == []
    assert not (tmp_path / "out").exists()


# What a kernel holds, whoever injected it -----------------------------------------------------------------------------


def namespace(**injected: Any) -> dict[str, Any]:
    """The globals of a notebook after its parameters cell and an injected cell."""
    defaults = {parameter.name: parameter.default for parameter in KNOWN.values()}
    hidden = {"_": "", "_i": CELL, "__name__": "__main__", "_oh": {}, "_dh": []}
    jupyter = {"In": ["", CELL, "# Parameters"], "Out": {}, "get_ipython": print, "exit": print, "quit": print}
    return {**hidden, **jupyter, **defaults, **injected}


def test_namespace_with_known_parameters_passes() -> None:
    check_namespace(namespace())
    check_namespace(namespace(days=20, chips=16))


def test_cells_run_again_are_checked_by_the_cell_of_parameters_as_it_is_now() -> None:
    """A reader changes a number in a live notebook and runs all cells: the names of the first run are there by then."""
    opens, cell = "chapter = open_chapter(globals())", 'data_dir: str = ""  # data\ndays: float = 16.0  # days; 0 to 99'
    first = {"In": ["", cell, opens], "data_dir": "", "days": 16.0}
    check_namespace(first)
    again = {
        **first,
        "In": [*first["In"], "table = [1]", cell.replace("16.0", "20.0"), opens],
        "chapter": 7,
        "table": [1],
    }
    check_namespace({**again, "days": 20.0})
    for value in (-3.0, "many"):
        with pytest.raises(ParameterProblem, match="this notebook: parameter days"):
            check_namespace({**again, "days": value})


@pytest.mark.parametrize(("name", "value", "message"), BAD, ids=NUMBERED)
def test_namespace_with_a_bad_one_is_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(ParameterProblem, match=f"^this notebook: {message}"):
        check_namespace(namespace(**{name: value}))


def run_plainly(tmp_path: Path, **parameters: Any) -> None:
    """Plain papermill, without the project's runner; the last cell leaves a file behind."""
    notebook = write_notebook(tmp_path / "tiny.ipynb", OPEN, "open('ran', 'w').write(str(days))", parameters=CELL)
    papermill.execute_notebook(
        str(notebook), str(tmp_path / "out.ipynb"), parameters, cwd=str(tmp_path), progress_bar=False
    )


def test_plain_papermill_passes_a_known_parameter_on(tmp_path: Path) -> None:
    run_plainly(tmp_path, days=20)
    assert (tmp_path / "ran").read_text() == "20"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("dayz", 20.0, r"no parameter dayz; did you mean days\?"),
        pytest.param("days", "20", "parameter days takes float, not '20'", marks=pytest.mark.slow),
        pytest.param("days", math.nan, "finite number", marks=pytest.mark.slow),
        pytest.param("days", math.inf, "finite number", marks=pytest.mark.slow),
    ],
)
def test_plain_papermill_stops_at_the_first_cell(name: str, value: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError, match=message) as failure:
        run_plainly(tmp_path, **{name: value})
    assert failure.value.ename == "ParameterProblem"
    assert not (tmp_path / "ran").exists()


# The project's notebooks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_parameter_of_every_notebook_is_explained_to_papermill_too(path: Path) -> None:
    known, seen = notebook_parameters(path), inspect_notebook(str(path))
    assert list(seen) == list(known)
    for name, parameter in known.items():
        assert len(parameter.help) >= 10, f"{path.name}: {name} has no help text"
        assert seen[name]["help"] == parameter.help
        assert seen[name]["inferred_type_name"] == parameter.type
    assert {"data_dir", "out_dir"} <= set(known)


def test_help_of_papermills_command_line_lists_names_types_defaults_and_help() -> None:
    done = CliRunner().invoke(command_line, ["--help-notebook", str(NOTEBOOKS / "03_compute.ipynb")])
    shown = " ".join(done.output.split())
    assert "days: float (default 16.0)" in shown
    assert "training time as printed, days" in shown


@pytest.mark.slow
def test_plain_papermill_runs_a_notebook_of_the_project_from_any_folder(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "papermill",
        str(NOTEBOOKS / "03_compute.ipynb"),
        "out.ipynb",
        "-p",
        "days",
        "20.0",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "days = 20.0" in text
    assert "20 days and 4095 PD" in text  # what the chapter makes of it


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_notebook_has_the_two_cells_by_which_they_are_known(path: Path) -> None:
    sources = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert [sum(text in source for source in sources) for text in (OPENS, DECLARES)] == [1, 1]


def test_a_data_folder_that_is_none_is_refused_before_anything_runs(tmp_path: Path) -> None:
    """It was refused by a notebook's third cell, half a run later."""
    with pytest.raises(ParameterProblem, match="parameter data_dir takes a folder with raw tables, not "):
        check({"data_dir": "nowhere"}, KNOWN, "01_dataset", tmp_path)
    (tmp_path / "mine" / "raw").mkdir(parents=True)
    assert check({"data_dir": "mine"}, KNOWN, "01_dataset", tmp_path) == {"data_dir": "mine"}
