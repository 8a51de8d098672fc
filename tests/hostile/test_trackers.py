"""Situations in which neighbouring projects failed their users, each tried here the way that a user comes to it."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.commands.cli import main
from helpers.paths import NOTEBOOKS, PROJECT
from helpers.scenarios.answer import answer
from helpers.scenarios.scenario import Scenario, read_scenario, scenario_names
from helpers.scenarios.whole_run import settled
from tests.build.notebooks import write_notebook

SCENARIO = {"params": 1e9, "tokens": 2e10, "accelerator": "A100", "count": 8.0, "utilisation": 0.4}
PLAN = ["plan", "--params=1e9", "--tokens=2e10", "--accelerator=A100", "--count=8"]


def python(*words: str, cwd: Path, only: bool = False, **variables: str) -> subprocess.CompletedProcess[str]:
    """A module run as a command, in a folder; `only` with these variables and no others."""
    environment = {**({} if only else os.environ), "PYTHONPATH": str(PROJECT / "src"), **variables}
    return subprocess.run([sys.executable, "-m", *words], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False)  # fmt: skip


def test_another_processor_has_other_last_digits_and_the_page_has_none_of_them() -> None:
    """numpy/numpy#23523: what is worked out for the page's scenarios keeps twelve digits."""
    given = {n: settled(read_scenario(n)).given for n in scenario_names()}
    worked_out = [one["active_params"] for n, one in given.items() if "active_params" not in read_scenario(n).given and "active_params" in one]  # fmt: skip
    assert len(worked_out) >= 2
    assert [value for value in worked_out if value != float(f"{value:.12g}")] == []


def test_the_overhead_of_a_site_counts_in_energy_and_emissions_and_not_in_money_or_days() -> None:
    """mlco2/codecarbon#1320: applied to one figure and not the other."""
    plain, half_more = (answer(Scenario("", {**SCENARIO, "pue": pue})).figures for pue in (1.0, 1.5))
    for name in ("energy_kwh", "carbon_kg"):
        assert half_more[name].middle == pytest.approx(1.5 * plain[name].middle)
    for name in ("duration_s", "cost_usd"):
        assert half_more[name].middle == pytest.approx(plain[name].middle)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# nothing yet\n", ""),
        ('scenario: ""\nparams: 22e9\ntokens: 1.7e12\naccelerator: H100\ncount: 384\n', "write 22000000000.0; YAML takes"),
        ("scenario: gpt-3\nutilisation: [0.3, 0.5]\n", "give ranges by fields, such as fields: 'utilisation = [0.3, 0.5]'"),
        ("scenario: gpt-3\ntitle: null\n", "leave it out, for the default"),
        ("scenario: gpt-3\ndate: 2024-02-29\ncount: 512\n", ""),
    ],
)  # fmt: skip
def test_a_parameter_file_is_taken_or_says_what_to_write(text: str, says: str, tmp_path: Path) -> None:
    """nteract/papermill#558, yaml/pyyaml#173, calliope-project/calliope#57."""
    (tmp_path / "p.yaml").write_text(text)
    done = python("papermill", "--engine", "forked", "--no-progress-bar", str(NOTEBOOKS / "06_scenario.ipynb"), "out.ipynb", "-f", "p.yaml", cwd=tmp_path)  # fmt: skip
    assert (done.returncode != 0) == bool(says), done.stderr
    assert says in done.stderr.strip().splitlines()[-1]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "a.ipynb", "print('said', language)")


@pytest.mark.slow
def test_an_output_in_a_folder_that_is_not_there_and_a_folder_for_an_output(small: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """nteract/papermill#219."""
    assert main(["run", str(small), str(small.parent / "not" / "there" / "o.ipynb")]) == 0
    assert "said en" in str(nbformat.read(small.parent / "not" / "there" / "o.ipynb", 4).cells)
    capsys.readouterr()
    assert main(["run", str(small), str(small.parent / "not")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "Mend: name a file; a folder stands there." in line


@pytest.mark.slow
def test_two_runs_to_one_output_leave_one_of_them_whole(small: Path) -> None:
    """nteract/papermill#578, executablebooks/jupyter-cache#37."""
    words = [sys.executable, "-m", "helpers", "run", "a.ipynb", "o.ipynb"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    both = [subprocess.Popen(words, cwd=small.parent, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    assert "said en" in str(nbformat.read(small.parent / "o.ipynb", 4).cells)
    assert sorted(p.name for p in small.parent.iterdir()) == ["a.ipynb", "o.ipynb"]


def test_a_kernel_that_is_killed_ends_the_run_in_one_line(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """nteract/papermill#125: it hung, or said nothing."""
    write_notebook(small, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert main(["run", str(small), str(small.parent / "o.ipynb")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line == "error: a.ipynb, cell 2: its kernel died; out of memory?"


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"HOME": "/nonexistent", "LC_ALL": "C", "TZ": "Nowhere/At_All"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "COLUMNS": "1", "TERM": "dumb"},
        {"TMPDIR": "/nonexistent", "PYTHONSAFEPATH": "1"},
        {"COLUMNS": "many", "LINES": "-3", "PYTHONWARNINGS": "error"},
    ],
    ids=lambda variables: " ".join(variables) or "none",
)
def test_no_home_no_locale_and_an_odd_terminal(variables: dict[str, str], tmp_path: Path) -> None:
    """jupyter/docker-stacks#465, quarto-dev/quarto-cli#7883; a folder of any name, quarto-dev/quarto-cli#993."""
    place = tmp_path / "副本 é 'x' %25"
    place.mkdir()
    (tmp_path / "link").symlink_to(place)
    done = python("helpers", *PLAN, cwd=tmp_path / "link", only=True, **variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Training time" in done.stdout


def test_a_checkout_through_a_link_with_any_name_checks_its_tables(tmp_path: Path) -> None:
    place = tmp_path / "副本 é"
    place.mkdir()
    for name in ("src", "data", "notebooks", "README.md", "pyproject.toml", "requirements.lock"):
        (place / name).symlink_to(PROJECT / name)
    done = python("helpers", "scenario", "gpt-3", cwd=place, only=True, PYTHONPATH=str(place / "src"), LC_ALL="C")
    assert done.returncode == 0, done.stderr
