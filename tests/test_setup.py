"""`make setup` through the Makefile, offline: stand-ins for Python, pip and apt-get write down what they are asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.paths import PROJECT

PYTHON = """#!/bin/sh
echo "python $*" >> "$LOG"
case "$*" in
"-c "*) exit 0 ;;
"-m venv "*) [ -z "$NO_VENV" ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && touch "$3/pyvenv.cfg" ;;
"-m pip freeze") cat "${0%/bin/python}/frozen" ;;
"-m pip --version") [ -z "$NO_VENV" ] ;;
esac
"""
APT = '#!/bin/sh\necho "apt-get $*" >> "$LOG"\n'
TOOLS = ("sh", "make", "env", "mkdir", "cp", "touch", "cat", "ls", "rm", "grep", "id", "printf", "echo")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Checkout:
    """A copy of what `make setup` reads, and a path that holds nothing but stand-ins and what a shell needs."""

    def __init__(self, root: Path):
        self.root, self.log, programs = root / "checkout", root / "log", root / "programs"
        shutil.copytree(PROJECT / "setup", self.root / "setup")
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(PROJECT / name, self.root)
        programs.mkdir()
        for name, text in {"python3": PYTHON, "apt-get": APT}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        for name in TOOLS:
            if found := shutil.which(name):
                (programs / name).symlink_to(found)
        self.environment = {"PATH": str(programs), "LOG": str(self.log), "HOME": str(root)}
        self.log.touch()

    def make(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", *words], cwd=self.root, env={**self.environment, **variables}, capture_output=True, text=True, check=False
        )  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    if not shutil.which("make"):
        pytest.skip("no make")
    return Checkout(tmp_path)


def test_a_fresh_one_is_made_and_filled_and_clean_takes_it_away(checkout: Checkout) -> None:
    done = checkout.make("setup")
    assert done.returncode == 0, done.stderr
    assert "-m pip install" in checkout.log.read_text()
    assert "--require-hashes -r requirements.lock" in checkout.log.read_text()
    assert (checkout.root / ".venv" / ".compute-claims").exists()
    checkout.log.write_text("")
    assert checkout.make("setup").returncode == 0
    assert checkout.log.read_text() == ""  # it is there
    assert checkout.make("clean").returncode == 0
    assert not (checkout.root / ".venv").exists()


def somebodys_folder(place: Path) -> None:
    (place / "thesis").mkdir(parents=True)
    (place / "thesis" / "chapter.tex").write_text("years of work")


def somebodys_environment(place: Path) -> None:
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").write_text(PYTHON)
    (place / "bin" / "python").chmod(0o755)
    (place / "pyvenv.cfg").touch()
    (place / "frozen").write_text("numpy==1.0\n")


def environment_without_pip(place: Path) -> None:
    somebodys_environment(place)
    (place / "frozen").unlink()  # which the stand-in for pip then misses


def half_an_environment(place: Path) -> None:
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").symlink_to("/nonexistent/python3.9")
    (place / "pyvenv.cfg").touch()


def a_system(place: Path) -> None:
    somebodys_environment(place)
    (place / "pyvenv.cfg").unlink()


THEIRS: dict[str, Callable[[Path], object]] = {
    "a folder": somebodys_folder,
    "a file": lambda place: place.write_text("mine"),
    "an environment with packages": somebodys_environment,
    "an environment without pip": environment_without_pip,
    "half an environment": half_an_environment,
    "a system's Python": a_system,
    "a link to nothing": lambda place: place.symlink_to("gone"),
    "a hidden file": lambda place: (place.mkdir(), (place / ".profile").write_text("mine")),
}


@pytest.mark.parametrize("kind", THEIRS)
def test_what_somebody_else_made_is_left_alone_in_one_line(kind: str, checkout: Checkout) -> None:
    place = checkout.root / "theirs"
    THEIRS[kind](place)
    before, link = tree(checkout.root), place.is_symlink()
    done = checkout.make("setup", "VENV=theirs")
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1, done.stderr
    assert said[0].startswith("error: theirs is ")
    assert "make setup VENV=folder" in said[0]
    checkout.make("clean", "VENV=theirs")
    assert tree(checkout.root) == before
    assert place.is_symlink() == link
    assert "install" not in checkout.log.read_text()


def test_an_environment_made_by_hand_and_still_empty_is_taken_and_not_removed(checkout: Checkout) -> None:
    place = checkout.root / "theirs"
    somebodys_environment(place)
    (place / "frozen").write_text("")
    assert checkout.make("setup", "VENV=theirs").returncode == 0
    assert "--require-hashes" in checkout.log.read_text()
    assert checkout.make("clean", "VENV=theirs").returncode == 0
    assert (place / "pyvenv.cfg").exists()


@pytest.mark.parametrize("name", ["", "two words", "/"])
def test_a_name_that_is_no_folder_does_no_harm(name: str, checkout: Checkout) -> None:
    before = tree(checkout.root)
    assert checkout.make("setup", f"VENV={name}").returncode != 0
    checkout.make("clean", f"VENV={name}")
    assert tree(checkout.root) == before
    assert "venv" not in checkout.log.read_text()
    assert not Path("/.compute-claims").exists()
    assert not Path("/.ready").exists()


@pytest.mark.parametrize(("variables", "asked"), [({}, False), ({"CI": "true"}, os.getuid() == 0)])
def test_apt_runs_only_where_it_is_asked_for(variables: dict[str, str], asked: bool, checkout: Checkout) -> None:
    """A Python without venv, pip and uv: one line says what is missing; CI=true is the way to ask."""
    done = checkout.make("setup", NO_VENV="1", **variables)
    assert done.returncode != 0
    assert ("apt-get install" in checkout.log.read_text()) == asked
    assert "apt-get install python3-venv" in done.stderr.splitlines()[-2]
    checkout.log.write_text("")
    browser = subprocess.run(["sh", "setup/browser.sh"], cwd=checkout.root, env={**checkout.environment, **variables}, capture_output=True, text=True, check=False)  # fmt: skip
    assert ("apt-get install" in checkout.log.read_text()) == asked
    assert len(browser.stderr.splitlines()) <= 2
