"""The command line: results on standard output, problems as one line on standard error, exit status 0, 1 or 2."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpers.commands.cli import main
from tests.build.notebooks import OPEN, write_notebook


def test_help_lists_every_command_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    listed = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    listed = [parts for parts in listed if parts[0] not in ("COMMAND", "-h,")]
    assert {"build", "run", "check"} <= {parts[0] for parts in listed}
    assert all(len(parts) == 2 for parts in listed)  # none without its line


@pytest.mark.parametrize("arguments", [[], ["bild"], ["run"], ["check", "--folder", "x"]])
def test_command_that_does_not_exist_ends_with_status_2_and_a_usage_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert "usage: python -m helpers" in err


def test_check_counts_the_rows_of_every_table_on_standard_output(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--data", str(data_dir)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "claims: 3 rows" in out.splitlines()
    assert "not at hand" in out.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--data", "/nowhere"], "/nowhere/datapackage.json, whole file"),
        (["check", "--texts", "/nowhere"], "no folder /nowhere"),
        (["run", "/nowhere/a.ipynb", "out.ipynb"], "a.ipynb: not a readable notebook"),
        (["build", "-p", "03_compute.dayz", "3"], "03_compute: no parameter dayz; did you mean days?"),
        (["build", "-p", "03_compute.days", "soon"], "03_compute: parameter days takes float, not 'soon'"),
        (["build", "-p", "03_compute.days", "nan"], "03_compute: parameter days must be a finite number"),
    ],
)
def test_problem_in_the_input_is_one_line_with_status_1(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(arguments)
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1, err
    assert err.startswith("error: ")
    assert said in err


def test_run_passes_parameters_on_and_prints_where_the_record_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = 'data_dir: str = ""  # data\nout_dir: str = ""  # out\ndays: float = 16.0  # time'
    notebook = write_notebook(tmp_path / "a.ipynb", OPEN, "print(days * 2)", parameters=days)
    assert main(["run", str(notebook), str(tmp_path / "out.ipynb"), "-p", "days", "20"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out.ipynb")
    assert '"40.0\\n"' in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = "import sys, helpers.commands.cli as c\ntry: c.main(['--help'])\nexcept SystemExit: pass\nprint(sorted(m for m in sys.modules if m in ('pandas', 'matplotlib', 'papermill', 'nbconvert', 'sympy')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


HEADER = "run_id,layers,hidden,heads,n_gpus,global_batch,accelerator,tensor_parallel,pipeline_parallel,data_parallel"
ROW = "mine,24,2048,16,32,512,A100,1,1,32"


def test_a_table_of_runs_may_be_parted_by_semicolons_or_tabs(tmp_path, capsys):
    found = []
    for sign in ",;\t":
        (tmp_path / "r.csv").write_text(f"{HEADER}\n{ROW}\n".replace(",", sign))
        assert main(["predict", str(tmp_path / "r.csv")]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1] == found[2]
    assert found[0].splitlines()[1].startswith("mine,")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER.replace('layers', 'layrs')}\n{ROW}\n", "column 'layrs' is unknown. Mend: did you mean layers"),
        ("x\n1\n", "no known column"),
        (f"{HEADER},layers\n{ROW},24\n", "column 'layers' stands twice"),
        (f"{HEADER},num_layers\n{ROW},24\n", "column 'layers' stands twice"),
        (f"{HEADER}\n{ROW[:20]}\n", "row 2: cut off"),
        (f"{HEADER}\n{ROW},7\n", "row 2: too long"),
        (f"{HEADER}\n{','.join([''] * 10)}\n", "row 2: all cells are empty"),
    ],
)
def test_a_table_that_is_not_understood_gets_no_answer_and_the_output_stays(tmp_path, capsys, text, said):
    (tmp_path / "r.csv").write_text(text)
    (tmp_path / "old.csv").write_text("kept")
    assert main(["predict", str(tmp_path / "r.csv"), "-o", str(tmp_path / "old.csv")]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert (tmp_path / "old.csv").read_text() == "kept"


def test_the_table_itself_is_no_output(tmp_path, capsys):
    (tmp_path / "r.csv").write_text(f"{HEADER}\n{ROW}\n")
    assert main(["predict", str(tmp_path / "r.csv"), "-o", str(tmp_path / "r.csv")]) == 1
    assert "is what is read" in capsys.readouterr().err
    assert (tmp_path / "r.csv").read_text() == f"{HEADER}\n{ROW}\n"
