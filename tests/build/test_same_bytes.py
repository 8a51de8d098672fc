"""The same sources give the same bytes: elsewhere, in another time zone and language, on other cores and kernels."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import PROJECT
from tests.build.test_publish import tree

pytestmark = pytest.mark.slow
PARTS = ("src", "notebooks", "data", "README.md", "requirements.lock", "pyproject.toml", "CITATION.cff")
CIRCUMSTANCES = {
    "as usual": {},
    "other place": {
        "TZ": "Asia/Shanghai",
        "LC_ALL": "zh_CN.UTF-8",
        "LANG": "zh_CN.UTF-8",
        "PYTHONHASHSEED": "12345",
        "COLUMNS": "40",
    },
    "one core": {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"},
    "another BLAS kernel": {"OPENBLAS_CORETYPE": "SkylakeX", "TZ": "UTC"},
    "an old BLAS kernel": {"OPENBLAS_CORETYPE": "Prescott"},
    "ordinary kernels": {"COMPUTE_CLAIMS_KERNEL": "ordinary", "TZ": "UTC"},
}


def built(folder: Path, name: str, sources: Path) -> dict[str, str]:
    """SHA-256 of every file of a build of a copy of the project."""
    folder.mkdir()
    for part in PARTS:
        source = sources / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "processed"))
        else:
            shutil.copy(source, folder / part)
    home = {"HOME": str(folder.parent / "home")} if name == "other place" else {}
    environment = {**os.environ, **CIRCUMSTANCES[name], **home, "PYTHONPATH": str(folder / "src")}
    one_core = name == "one core"
    core = {min(os.sched_getaffinity(0))}
    command = [sys.executable, "-m", "helpers", "build"]
    pin = (lambda: os.sched_setaffinity(0, core)) if one_core else None
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, preexec_fn=pin, check=False
    )
    assert done.returncode == 0, done.stderr
    files = {f"{part}/{n}": c for part in ("report", "data/processed") for n, c in tree(folder / part).items()}
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("reference") / "here"
    return folder, built(folder, "as usual", PROJECT)


@pytest.mark.parametrize("name", list(CIRCUMSTANCES)[1:])
def test_every_file_has_the_same_hash(name: str, reference: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder = tmp_path / "a longer path, with blanks"
    found = built(folder, name, reference[0])
    assert sorted(found) == sorted(reference[1])
    assert {n for n in found if found[n] != reference[1][n]} == set()


def test_manifest_has_the_hash_of_every_file(reference: tuple[Path, dict[str, str]]) -> None:
    folder, hashes = reference
    listed = json.loads((folder / "report" / "manifest.json").read_text(encoding="utf-8"))["files"]
    records = {"report/manifest.json", "report/ro-crate-metadata.json"}
    assert {n: about["sha256"] for n, about in listed.items() if n in hashes} == {
        n: sha for n, sha in hashes.items() if n not in records
    }
    for name in set(listed) - set(hashes):
        content = (folder / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (listed[name]["sha256"], listed[name]["bytes"]), (
            name
        )
