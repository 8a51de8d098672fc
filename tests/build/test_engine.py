"""Cells in a forked process: what they show is what an ordinary kernel shows, and every process starts clean."""

import json
import logging
import os
import random
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from click.testing import CliRunner
from nbclient.exceptions import CellTimeoutError
from papermill.cli import papermill as command_line
from papermill.engines import papermill_engines

from helpers.build.engine import ForkedEngine
from helpers.build.fork_server import can_fork
from helpers.build.notebooks import NotebookFailure, execute
from helpers.paths import NOTEBOOKS, PROJECT
from tests.build.notebooks import write_notebook
from tests.build.outputs import write_outputs
from tests.build.processes import all_end

pytestmark = pytest.mark.skipif(not can_fork(), reason="no forked execution here")
papermill_engines.register("forked", ForkedEngine)


@pytest.mark.parametrize("first", ["helpers.build.engine", "papermill", "helpers.build.notebooks", "papermill.engines"])
def test_engine_and_papermill_may_be_imported_in_any_order(first: str) -> None:
    """papermill loads the engine while it is half loaded itself, also when the engine was asked for first."""
    registered = "import papermill.engines as e; print(e.papermill_engines.get_engine('forked').__module__)"
    done = subprocess.run([sys.executable, "-c", f"import {first}; {registered}"], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("helpers.build.engine\n", "")


def texts(path: Path) -> list[str]:
    """The plain text of each output of a record, in order."""
    outputs = [o for cell in nbformat.read(path, 4).cells for o in cell.get("outputs", [])]
    return [
        o["text"] if o.output_type == "stream" else o.get("data", {}).get("text/plain", o.get("ename")) for o in outputs
    ]


def run(folder: Path, *cells: str, name: str = "a") -> list[str]:
    """Execute cells in a fresh process; the text of their outputs."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # ipykernel does not look at file descriptors when it finds this
    source = write_notebook(folder / f"{name}.ipynb", *cells)
    execute(source, folder / "out" / source.name, {})
    return texts(folder / "out" / source.name)


def both_ways(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str]]:
    """Record and failure of a notebook, forked and ordinary, run one after the other in the same folder."""
    found = []
    for kernel in ("forked", "ordinary"):
        monkeypatch.setenv("COMPUTE_CLAIMS_KERNEL", kernel)
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)  # ipykernel does not look at descriptors with it
        target = folder / f"{kernel}.ipynb"
        (source.parent / "note.txt").unlink(missing_ok=True)
        error = None
        try:
            execute(source, target, {})
        except NotebookFailure as failure:
            error = failure
        found.append((target.read_bytes(), str(error)))
    return found


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patched:
        forked, ordinary = both_ways(write_outputs(folder / "work" / "all.ipynb"), folder, patched)
    assert forked[1] == ordinary[1]
    return tuple(json.loads(record) for record, _ in (forked, ordinary))


@pytest.mark.slow
def test_every_kind_of_output_is_the_same_as_from_an_ordinary_kernel(compared: tuple[Any, Any]) -> None:
    forked, ordinary = compared
    for mine, theirs in zip(forked["cells"], ordinary["cells"], strict=True):
        assert mine == theirs
    assert forked == ordinary


@pytest.mark.slow
def test_comparison_compares_something(compared: tuple[Any, Any]) -> None:
    outputs = [output for cell in compared[0]["cells"] for output in cell.get("outputs", [])]
    kinds = {output["output_type"] for output in outputs}
    types = {name for output in outputs for name in output.get("data", {})}
    raised = {output["ename"] for output in outputs if output["output_type"] == "error"}
    text = "".join("".join(output.get("text", "")) for output in outputs)
    assert kinds == {"stream", "display_data", "execute_result", "error"}
    assert types >= {"text/html", "text/latex", "image/png", "image/svg+xml", "application/json", "text/markdown"}
    assert raised >= {
        "ZeroDivisionError",
        "KeyboardInterrupt",
        "StdinNotImplementedError",
        "SyntaxError",
        "CancelledError",
    }
    for part in ("descriptor", "system", "problem", "from C", "from a thread", "from a fork", "UserWarning: of a user"):
        assert part in text


# Each of the following changed outputs silently when it was not heeded.


def test_wide_tables_are_printed_as_in_a_kernel_though_pandas_was_imported_before(tmp_path: Path) -> None:
    cell = "import pandas as pd\nprint(pd.get_option('display.max_columns'))\npd.DataFrame([range(30)])"
    limit, frame = run(tmp_path, cell)
    assert limit == "20\n"
    assert "..." in frame


def test_figures_appear_though_pyplot_was_imported_before(tmp_path: Path) -> None:
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    assert run(tmp_path, "%matplotlib inline", draw) == ["<Figure size 640x480 with 1 Axes>"]


def test_file_of_settings_in_the_notebooks_folder_holds(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("svg.hashsalt: fixed\nlines.linewidth: 7\n")
    salt = "import matplotlib\nmatplotlib.rcParams['svg.hashsalt'], matplotlib.rcParams['lines.linewidth']"
    assert run(tmp_path, salt) == ["('fixed', 7.0)"]
    assert run(tmp_path / "elsewhere", salt) == ["(None, 1.5)"]


def test_level_of_logging_and_seeds_of_the_caller_do_not_matter(tmp_path: Path) -> None:
    level, state = logging.getLogger().level, random.getstate()
    logging.getLogger().setLevel(logging.DEBUG)
    random.seed(1)
    expected = random.Random(1).random()
    try:
        cell = "import logging, random\nimport numpy as np\nprint(logging.getLogger().level)\nrandom.random(), np.random.rand()"
        found = [run(tmp_path, cell, name=name) for name in "ab"]
    finally:
        logging.getLogger().setLevel(level)
        random.setstate(state)
    assert [texts[0] for texts in found] == ["30\n", "30\n"]
    draws = [draw for texts in found for draw in json.loads(texts[1].replace("(", "[").replace(")", "]"))]
    assert len({*draws, expected}) == 5


def test_nothing_leaks_from_one_notebook_to_the_next(tmp_path: Path) -> None:
    look = (
        "import os, sys, colorsys, logging, decimal, warnings\nimport numpy as np\nimport pandas as pd\nimport matplotlib\n"
        "print(pd.get_option('display.precision'), np.get_printoptions()['precision'], matplotlib.rcParams['font.size'])\n"
        "print(os.environ.get('LEAK'), os.getcwd() == os.path.realpath('..') + '/same', logging.getLogger().level)\n"
        "print(colorsys.rgb_to_hls.__name__, decimal.getcontext().prec, 'left' in globals(), sys.path.count('leak'), len(In))"
    )
    spoil = (
        "left = 1\npd.set_option('display.precision', 2)\nnp.set_printoptions(precision=1)\nmatplotlib.rcParams['font.size'] = 3\n"
        "os.environ['LEAK'] = 'x'\nlogging.getLogger().setLevel(10)\ncolorsys.rgb_to_hls = print\ndecimal.getcontext().prec = 3\n"
        "sys.path.append('leak')\nos.chdir('/')\nwarnings.simplefilter('error')"
    )
    folder = tmp_path / "same"
    first = run(folder, look, spoil)
    assert run(folder, look, spoil, name="b") == first
    assert "None True 30" in first[0]


def test_caller_may_have_threads(tmp_path: Path) -> None:
    stop = threading.Event()
    idle = threading.Thread(target=stop.wait)
    idle.start()
    try:
        assert run(tmp_path, "import multiprocessing, threading\nmultiprocessing.current_process().daemon") == ["False"]
    finally:
        stop.set()
        idle.join()


def test_text_to_a_file_descriptor_keeps_its_place_among_prints(tmp_path: Path) -> None:
    """The kernel reads the descriptor in a thread of its own, which needs a moment."""
    cell = "import os, time\nfor n in range(3):\n    print('python', n)\n    os.system(f'echo shell {n}')\n    time.sleep(0.2)"
    expected = "".join(f"python {n}\nshell {n}\n" for n in range(3))
    assert run(tmp_path, cell) == [expected]


def test_much_text_to_a_file_descriptor_does_not_block(tmp_path: Path) -> None:
    assert len(run(tmp_path, "import os\nos.system('yes | head -c 3000000');")[0]) == 3_000_000


def plain(folder: Path, *cells: str, **options: Any) -> Path:
    """papermill itself, told to use the engine."""
    source = write_notebook(folder / "p.ipynb", *cells)
    target = folder / "p-out.ipynb"
    papermill.execute_notebook(
        str(source), str(target), {"out_dir": "x"}, engine_name="forked", progress_bar=False, cwd=str(folder), **options
    )
    return target


def test_papermill_uses_the_engine_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)
    monkeypatch.setenv("GIVEN", "by the environment")
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone"
    target = plain(tmp_path, "import os\nprint(out_dir, os.environ['GIVEN'], os.getcwd())", draw)
    assert texts(target) == [f"x by the environment {tmp_path}\n", "<Figure size 640x480 with 1 Axes>"]
    record = nbformat.read(target, 4)
    assert [c.metadata.papermill.status for c in record.cells] == ["completed"] * 4
    assert record.metadata.papermill.parameters == {"out_dir": "x"}
    assert record.metadata.language_info["name"] == "python"
    monkeypatch.setenv("GIVEN", "anew")
    assert texts(plain(tmp_path, "import os\nos.environ['GIVEN']")) == ["'anew'"]


def test_cell_that_takes_too_long_is_stopped_or_interrupted(tmp_path: Path) -> None:
    sleep = "import subprocess, time\nsubprocess.Popen(['sleep', '63.25'])\ntime.sleep(60)"
    begun = time.monotonic()
    with pytest.raises(CellTimeoutError):
        plain(tmp_path, sleep, execution_timeout=1)
    with pytest.raises(papermill.PapermillExecutionError, match="KeyboardInterrupt"):
        plain(tmp_path, sleep, execution_timeout=1, interrupt_on_timeout=True)
    assert time.monotonic() - begun < 40
    assert gone("sleep", "63.25")


def gone(*command: str) -> bool:
    """Whether no such process is left, after a while."""
    wanted = b"\0".join(word.encode() for word in command)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        lines = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                lines.append((process / "cmdline").read_bytes())
            except OSError:  # it ended meanwhile
                continue
        if not any(wanted in line for line in lines):
            return True
        time.sleep(0.1)
    return False


def test_cells_may_go_on_after_an_error_that_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError):
        plain(tmp_path, "1 / 0", "print('went on')", allow_errors=True)
    assert texts(tmp_path / "p-out.ipynb") == ["ZeroDivisionError", "went on\n"]


def test_ordinary_kernel_is_used_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = "import os\nopen(f'/proc/{os.getpid()}/cmdline').read().split('\\0')[2]"
    assert "ipykernel_launcher" not in texts(plain(tmp_path, who))[0]
    monkeypatch.setenv("COMPUTE_CLAIMS_KERNEL", "ordinary")
    assert not can_fork()
    assert "ipykernel_launcher" in texts(plain(tmp_path, who, kernel_name="python3"))[0]


def test_notebook_saved_under_another_kernels_name_runs_all_the_same(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1 + 1")
    renamed = nbformat.read(source, 4)
    renamed.metadata["kernelspec"]["name"] = "py39_new"
    nbformat.write(renamed, source)
    execute(source, tmp_path / "out.ipynb", {})
    papermill.execute_notebook(str(source), str(tmp_path / "p.ipynb"), engine_name="forked", progress_bar=False)
    assert texts(tmp_path / "out.ipynb") == texts(tmp_path / "p.ipynb") == ["2"]


def test_figures_of_papermills_user_appear_without_a_magic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)
    target = plain(tmp_path, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    [output] = [o for cell in nbformat.read(target, 4).cells for o in cell.get("outputs", [])]
    assert "image/png" in output.data


def test_failure_reads_the_same_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_notebook(tmp_path / "d" / "dies.ipynb", "print(1)", "import os\nos._exit(3)", "2")
    dies = both_ways(source, tmp_path, monkeypatch)
    assert dies[0] == dies[1]
    assert dies[0][1] == "dies.ipynb, cell 3: its kernel died; out of memory?"


def test_folder_may_go_away_while_a_notebook_runs(tmp_path: Path) -> None:
    cells = (
        "import os, shutil\nos.mkdir('x')\nos.chdir('x')\nos.rmdir('../x')",
        "os.path.exists('nothing'), open('/dev/null').read()",
    )
    assert run(tmp_path, *cells) == ["(False, '')"]


def test_killed_process_is_a_failure_and_the_next_notebook_runs(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "k.ipynb", "import os, signal\nprint(1)", "os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(NotebookFailure, match=r"k\.ipynb, cell 3: its kernel died"):
        execute(source, tmp_path / "out" / "k.ipynb", {})
    assert texts(tmp_path / "out" / "k.ipynb") == ["1\n"]
    assert run(tmp_path, "'fine'") == ["'fine'"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("days", "-5", "parameter days must be 0.01 to 100000, not -5"),
        ("dayz", "5", "no parameter dayz; did you mean days?"),
    ],
)
def test_a_refused_parameter_is_one_line_of_papermills_command_line(
    name: str, value: str, said: str, tmp_path: Path
) -> None:
    target = str(tmp_path / "out.ipynb")
    done = CliRunner().invoke(
        command_line, ["--engine", "forked", str(NOTEBOOKS / "03_compute.ipynb"), target, "-p", name, value]
    )
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == f"Error: this notebook: {said}"


def test_a_refused_parameter_has_no_traceback_in_a_notebook_that_runs_otherwise(tmp_path: Path) -> None:
    """Plain papermill and Lab showed four frames of the package above the line."""
    source = write_notebook(
        tmp_path / "n.ipynb",
        "from helpers.parameters import check_namespace\ncheck_namespace({**globals(), 'dayz': 5})",
    )
    with pytest.raises(NotebookFailure, match="no parameter dayz"):
        execute(source, tmp_path / "out.ipynb", {})
    [failed] = [o for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells for o in cell.get("outputs", [])]
    assert [line.partition(":")[0] for line in failed.traceback] == ["ParameterProblem"]


@pytest.mark.slow
def test_command_line_of_papermill_knows_the_engine(tmp_path: Path) -> None:
    """As after installation, which writes this entry from pyproject.toml."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = tmp_path / "site" / "engine_of_the_test-1.dist-info"
    installed.mkdir(parents=True)
    lines = [f"{name} = {place}" for name, place in project["entry-points"]["papermill.engine"].items()]
    (installed / "entry_points.txt").write_text("\n".join(["[papermill.engine]", *lines]))
    source = write_notebook(tmp_path / "n.ipynb", "import os\nprint(out_dir, os.getppid())")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(PROJECT / "src")])}
    command = [sys.executable, "-m", "papermill", "--engine", "forked", "-p", "out_dir", "x", source.name, "out.ipynb"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    out, number = texts(tmp_path / "out.ipynb")[0].split()
    assert out == "x"
    assert all_end([int(number)])  # the warm process, which was its parent, ended with papermill
