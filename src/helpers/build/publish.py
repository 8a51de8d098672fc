"""What a build puts in place: all results, and the manifest of what made each from what; whole or not at all.

The manifest names nothing of the machine: no times, no host, no absolute paths, no patch level of Python. A step reads
what it is declared to read, however a build came to its end; the modules that it imports are among the files.

Each new folder is made complete beside the old one; then the two change places in one step of the system
(`renameat2` with RENAME_EXCHANGE). A kill between two folders leaves a new `data/processed/` beside an old `report/`,
each whole. Where the file system cannot exchange folders, files are replaced one by one, `index.html` last.
"""

import ctypes
import errno
import filecmp
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.build.graph import Graph, closure, source_files
from helpers.build.project import CRATE, MANIFEST, OWN_PAGES, PUBLISHED, Project, clear, file_sha256, make_own
from helpers.build.steps import Step
from helpers.files import sha256

FORMAT, CITED = 2, "CITATION.cff"
INTERNAL = ("executed/", "chapters/", "answer.md")  # what steps hand on to one another
EXCHANGE, HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.ENOTSUP, errno.EPERM)


def publication(graph: Graph) -> dict[Path, dict[str, Path]]:
    """What shall lie in each folder of the target: the results of all steps, the records, a reader's own pages."""
    files = with_records(graph, graph.results.files(graph.steps)) | own_pages(graph.project)

    def inside(folder: str) -> dict[str, Path]:
        return {name.removeprefix(f"{folder}/"): p for name, p in files.items() if name.startswith(f"{folder}/")}

    return {graph.project.target / folder: inside(folder) for folder in PUBLISHED}


def own_pages(project: Project) -> dict[str, Path]:
    """Pages of single scenarios that a reader has rendered, by name."""
    return {f"{OWN_PAGES}/{path.name}": path for path in sorted((project.target / OWN_PAGES).glob("*.html"))}


def with_records(graph: Graph, files: Mapping[str, Path]) -> dict[str, Path]:
    """The files that steps have made, with manifest and RO-Crate beside them; these are kept until something changes."""
    root, folder = graph.project.root, graph.project.build / "records"
    records = {name: folder / Path(name).name for name in (MANIFEST, CRATE)}
    kept, made_from = folder / "made_from", _made_from(graph)

    def told() -> bytes:
        return " ".join([made_from, *map(file_sha256, records.values())]).encode()

    make_own(folder)
    if file_sha256(kept) != sha256(told()):
        from helpers.report.crate import crate

        content = manifest(graph, files)
        _write(records[MANIFEST], content)
        _write(records[CRATE], crate(content, records[MANIFEST], root / CITED))
        clear(kept).write_bytes(told())
    return {**files, **records}


def _made_from(graph: Graph) -> str:
    """The hash of all that decides over the records."""
    steps = [[step.name, step.needs, graph.results.record(name)] for name, step in graph.steps.items()]
    own = map(Path, source_files(closure("helpers.build.publish")).values())
    others = [file_sha256(path) for path in (*own, graph.project.root / CITED, graph.project.root / "pyproject.toml")]
    return sha256(json.dumps([steps, sorted(graph.hashes.items()), others]).encode())


def _write(path: Path, content: Mapping[str, Any]) -> None:
    clear(path).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def manifest(graph: Graph, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest's content; `files` are all outputs by name, and where their content lies."""
    from helpers.versions import locked_versions

    made = {name: sha for step in graph.steps for name, sha in graph.results.hashes(step).items()}
    listed = {name: (made[name], path) for name, path in files.items() if name.startswith(PUBLISHED)}
    listed |= {name: (graph.hashes[p], Path(p)) for of_step in graph.inputs.values() for name, p in of_step.items()}
    return {
        "format": FORMAT,
        "python": f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}",
        "packages": locked_versions(graph.project.root),
        "steps": [_step(step, graph) for step in graph.steps.values()],
        "files": {n: {"sha256": sha, "bytes": path.stat().st_size} for n, (sha, path) in sorted(listed.items())},
    }


def _step(step: Step, graph: Graph) -> dict[str, Any]:
    values = {name: "given" if name in step.given else value for name, value in step.values.items()}
    handed = {name for need in step.needs for name in graph.results.hashes(need)}
    read = {n for n in handed if not step.is_notebook or n.startswith("data/")} | set(graph.inputs[step.name])
    return {
        "name": step.name,
        "runs": step.action,
        "parameters": values if step.is_notebook else {},
        "needs": list(step.needs),
        "reads": sorted(name for name in read if not name.startswith(INTERNAL) and not name.endswith(".py")),
        "makes": sorted(name for name in graph.results.hashes(step.name) if not name.startswith(INTERNAL)),
    }


def put_in_place(folders: Mapping[Path, Mapping[str, Path]]) -> None:
    """Make each folder hold these files and no others; given are the target, names and where their content lies.

    Whatever fails, each target is whole, the old one or the new one.
    """
    try:
        changed = {target: files for target, files in folders.items() if not holds(target, files)}
        beside = {target: complete_beside(target, files) for target, files in changed.items()}
        for target, new in beside.items():
            swap(new, target)
    finally:
        for left in left_beside(folders):
            shutil.rmtree(left, ignore_errors=True)


def left_beside(targets: Iterable[Path]) -> list[Path]:
    """What this build, or one that was killed, has left next to its targets."""
    return [left for target in targets for left in target.parent.glob(f".{target.name}-*")]


def tree(folder: Path) -> list[str]:
    """Names of all files below a folder, hidden ones left out."""
    found = (path for path in folder.rglob("*") if not path.name.startswith(".") and path.is_file())
    return [path.relative_to(folder).as_posix() for path in found]


def holds(target: Path, files: Mapping[str, Path]) -> bool:
    """Whether a folder holds these files, unaltered, and no others."""
    try:
        same = (filecmp.cmp(target / name, path, shallow=False) for name, path in files.items())
        return set(tree(target)) == set(files) and all(same)
    except OSError:
        return False


def complete_beside(target: Path, files: Mapping[str, Path]) -> Path:
    """A complete new folder next to the target."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-")) / "new"
    new.mkdir()
    for name, content in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, new / name)
    return new


def swap(new: Path, target: Path) -> None:
    """Put a finished folder in its place; what stood there goes where the new one was."""
    if not target.exists():
        os.rename(new, target)
    elif not exchange(new, target):
        names = sorted(tree(new), key=lambda name: (name == "index.html", name))
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(new / name, target / name)
        for name in set(tree(target)) - set(names):
            (target / name).unlink()


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), os.fspath(other))
