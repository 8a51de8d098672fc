"""The README's commands do what it says, run as they are typed there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.partition("  #")[0].strip() for line in re.findall(r"^    (\S.*)$", README, flags=re.M)]
# Steps that set a machine up, go on until they are stopped, or need a cluster: each has tests of its own.
ELSEWHERE = re.compile(r"make (?:report|test|lab)|\. \.venv|dask |.*--scheduler|.*helpers build")
FILES = {
    "my_scenario.toml": 'params = 1e9\ntokens = 2e10\naccelerator = "A100"\ncount = 8\n',
    "mine.toml": '[scenario]\nparams = 1e9\ntokens = 2e10\naccelerator = "A100"\n\n[grid]\ncount = [8, 16]\n',
    "my_runs.csv": "run_id,layers,hidden,heads,accelerator,n_gpus,global_batch\nmine,24,2048,16,A100,8,64\n",
    "article.txt": "GPT-3 has 175 billion parameters and was trained on 300 billion tokens.\n",
}
SHARED = (
    "notebooks",
    "data",
    "src",
    "setup",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "CITATION.cff",
)


def test_readme_shows_commands_of_every_kind() -> None:
    words = {" ".join(command.split()[:4]) for command in COMMANDS}
    for needed in (
        "make report",
        "make lab",
        "papermill notebooks/03_compute.ipynb out.ipynb -p",
        "python -m helpers plan",
    ):
        assert any(line.startswith(needed) for line in words), needed


def test_what_is_tested_elsewhere_is_little() -> None:
    assert len([command for command in COMMANDS if not ELSEWHERE.match(command)]) >= 15


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it: the project's files, an environment, and the files that the README speaks of."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SHARED:
        (shutil.copytree if (PROJECT / name).is_dir() else shutil.copy)(PROJECT / name, folder / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "papermill", "jupyter"):
        found = Path(sys.executable).parent / name
        (folder / ".venv" / "bin" / name).write_text(f'#!/bin/sh\nexec "{found}" "$@"\n')
        (folder / ".venv" / "bin" / name).chmod(0o755)
    (folder / ".venv" / ".ready").touch()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("command", [c for c in dict.fromkeys(COMMANDS) if not ELSEWHERE.match(c)])
def test_command_works_as_typed(command: str, checkout: Path) -> None:
    path = f"{checkout / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(checkout / "src")}
    done = subprocess.run(
        ["sh", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_how_it_is_built_names_every_folder_and_only_what_is_there() -> None:
    section = README.partition("## How it is built")[2].partition("**Only what changed runs.**")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| ")]
    folders = {name for first, _ in rows for name in re.findall(r"`([\w/.]+)`", first)}
    assert {f"src/helpers/{path.parent.name}/" for path in (PROJECT / "src/helpers").glob("*/__init__.py")} <= folders
    named = folders | {name for _, second in rows for name in re.findall(r"`([\w/]+(?:/|\.\w+))`", second)}
    places = (PROJECT, PROJECT / "src/helpers", PROJECT / "src/helpers/report", PROJECT / "data/raw")
    assert len(named) > 25
    assert [name for name in sorted(named) if "NAME" not in name and not any((p / name).exists() for p in places)] == []
