"""The environment: three descriptions that agree, hashes for every package, and notebooks committed clean."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import helpers
from helpers.paths import NOTEBOOKS, PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
CONDA: dict[str, Any] = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
NOTEBOOK_PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def requirements(texts: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, texts)}


RUNTIME = requirements(PYPROJECT["project"]["dependencies"])
TESTING = requirements(PYPROJECT["dependency-groups"]["test"])
(PIP,) = [d["pip"] for d in CONDA["dependencies"] if isinstance(d, dict)]
BY_CONDA = requirements([d for d in CONDA["dependencies"] if isinstance(d, str)])
BY_PIP = requirements([d for d in PIP if not d.startswith("-e")])
LISTED = BY_CONDA | BY_PIP


def locked() -> dict[str, list[tuple[Version, int]]]:
    """Versions of each package in the lock, with the number of hashes of each."""
    found: dict[str, list[tuple[Version, int]]] = {}
    for entry in re.split(r"\n(?=[a-zA-Z])", LOCK.strip()):
        name, version = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry).groups()  # type: ignore[union-attr]
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)
        found.setdefault(canonicalize_name(name), []).append((Version(version), len(hashes)))
    return found


# environment.yml ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNTIME)
def test_every_runtime_dependency_is_in_environment_yml_with_the_same_bounds(name: str) -> None:
    assert name in LISTED, f"add {RUNTIME[name]} to environment.yml"
    assert LISTED[name].specifier == RUNTIME[name].specifier


def test_environment_yml_lists_nothing_that_pyproject_does_not() -> None:
    known = set(RUNTIME) | set(TESTING) | {"python", "pip", "setuptools"}
    assert set(LISTED) <= known
    bounds = {name: TESTING[name].specifier for name in set(LISTED) & set(TESTING)}
    assert {name: LISTED[name].specifier for name in bounds} == bounds


def test_environment_yml_has_the_python_of_pyproject_and_the_project_itself() -> None:
    assert str(BY_CONDA["python"].specifier) == PYPROJECT["project"]["requires-python"]
    assert PIP[-1] == "-e ."
    assert CONDA["channels"] == ["conda-forge"]
    assert CONDA["name"] == PYPROJECT["project"]["name"]
    assert not set(BY_CONDA) & set(BY_PIP)


def test_build_needs_of_pyproject_are_in_environment_yml() -> None:
    for need in map(Requirement, PYPROJECT["build-system"]["requires"]):
        assert BY_CONDA[canonicalize_name(need.name)].specifier == need.specifier


# requirements.lock ----------------------------------------------------------------------------------------------------


def test_every_locked_package_has_a_hash() -> None:
    without = [name for name, versions in locked().items() if not all(count for _, count in versions)]
    assert len(locked()) > 50
    assert without == []


@pytest.mark.parametrize("name", {**RUNTIME, **TESTING})
def test_locked_versions_fit_pyproject_and_environment_yml(name: str) -> None:
    versions = [version for version, _ in locked()[name]]
    for wanted in (RUNTIME.get(name), TESTING.get(name), LISTED.get(name)):
        if wanted is not None:
            assert all(wanted.specifier.contains(version, prereleases=True) for version in versions)


def test_lock_names_no_place_to_fetch_from() -> None:
    assert not re.search(r"^\s*(-i|--index|--extra-index|--find-links|-f|https?:|git\+)", LOCK, flags=re.M)


# What is committed ----------------------------------------------------------------------------------------------------


def committed() -> list[Path]:
    """Files that git tracks or would; all but what is ignored by name, where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        ignored = {
            ".venv",
            "build",
            "__pycache__",
            ".git",
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
            ".hypothesis",
        }
        walked = (p for p in PROJECT.rglob("*") if not ignored & set(p.relative_to(PROJECT).parts))
        listed = [p.as_posix() for p in walked]
    return [PROJECT / name for name in listed if (PROJECT / name).is_file()]


# Put together here, so that this file is not a finding of its own.
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "repo" + r"\.anaconda", "anaconda" + r"\.org", "conda" + r"\.io"])
    + "|https?://[^\\s\"')]*(?:conda-" + "forge|/py" + "pi/)"
)  # fmt: skip


def test_no_committed_file_names_a_package_registry() -> None:
    found = []
    for path in committed():
        match = REGISTRIES.search(path.read_bytes().decode("utf-8", errors="replace"))
        if match:
            found.append(f"{path.relative_to(PROJECT)}: {match.group()}")
    assert found == []


def test_pattern_of_registries_finds_what_it_should() -> None:
    for text in ("https://py" + "pi.org/simple", "files.python" + "hosted.org", "https://x.example/py" + "pi/simple"):
        assert REGISTRIES.search(text)
    assert not REGISTRIES.search("channels: conda-" + "forge")


def test_one_version_everywhere() -> None:
    cited = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert PYPROJECT["project"]["version"] == helpers.__version__ == str(cited["version"])
    assert f"## {helpers.__version__}" in changelog


# Notebooks ------------------------------------------------------------------------------------------------------------


def cells(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["cells"])


@pytest.mark.parametrize("path", NOTEBOOK_PATHS, ids=lambda path: path.stem)
def test_notebook_is_committed_without_outputs_and_counts(path: Path) -> None:
    for cell in cells(path):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOK_PATHS, ids=lambda path: path.stem)
def test_notebook_has_one_parameters_cell_which_is_its_first_code(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    tagged = [n for n, cell in enumerate(code) if "parameters" in cell["metadata"].get("tags", [])]
    assert tagged == [0]
    assert not any("injected-parameters" in cell["metadata"].get("tags", []) for cell in code)


@pytest.mark.parametrize("path", NOTEBOOK_PATHS, ids=lambda path: path.stem)
def test_notebook_has_ids_of_its_own_and_no_traces_of_a_machine(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}
    assert set(notebook["metadata"]["language_info"]) <= {"name"}  # no version of the interpreter that saved it


@pytest.mark.parametrize("path", NOTEBOOK_PATHS, ids=lambda path: path.stem)
def test_notebook_checks_its_parameters_before_anything_else(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert "open_chapter(globals())" in "".join(code[1]["source"])
