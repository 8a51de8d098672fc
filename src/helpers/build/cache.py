"""Results of earlier runs, found again by the content of all that went into them.

`objects/` holds files by their SHA-256. `steps/` holds, for each step, its last runs: what they read and what
they made, each by hash. A run counts again if everything it read is as it was, and everything it made is still
there and whole. Records carry a hash of themselves, so that one cut short or altered counts as none.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from helpers.build.signatures import Hashes, files_below, sha256, write_whole

FORMAT = 3  # raise it whenever something else comes to count as read
KEPT = 6  # runs of a step: trying a parameter and going back costs nothing


@dataclass(frozen=True)
class Trace:
    """What one run of a step read and made.

    Args:
        under: interpreter, platform and installed packages.
        read: name of each file it read to the file's hash, empty if it looked for a file and found none.
        made: name of each file it made to hash and size.
    """

    step: str
    action: str
    values: Mapping[str, Any]
    under: Mapping[str, str]
    read: Mapping[str, str]
    made: Mapping[str, tuple[str, int]]
    seconds: float = field(default=0.0, compare=False)
    peak_bytes: int = field(default=0, compare=False)

    def differences(self, values: Mapping[str, Any], under: Mapping[str, str], now: Callable[[str], str]) -> list[str]:
        """What has changed since: one phrase for each parameter, circumstance and file."""
        told = []
        for name in sorted({*self.values, *values}):
            old, new = self.values.get(name, "not given"), values.get(name, "not given")
            if old != new:
                told.append(f"{name}: {old!r} -> {new!r}")
        for name, old in self.under.items():
            if under.get(name) != old:
                told.append(f"{name} changed" if name == "packages" else f"{name}: {old} -> {under.get(name)}")
        for name, old in sorted(self.read.items()):
            new = now(name)
            if new != old:
                told.append(f"{name} {'is gone' if not new else 'is new' if not old else 'changed'}")
        return told


class Cache:
    """The cache of one project."""

    def __init__(self, folder: Path, hashes: Hashes):
        self.folder = folder
        self.hashes = hashes
        self._traces: dict[str, list[Trace]] = {}

    def object(self, sha: str) -> Path:
        """Where the content with this hash lies, if it is there."""
        return self.folder / "objects" / sha[:2] / sha[2:]

    def whole(self, trace: Trace) -> bool:
        """Whether everything a run made is still there and unaltered; what is not is removed."""
        whole = True
        for sha, _ in trace.made.values():
            if self.hashes.of(self.object(sha)) != sha:
                self.object(sha).unlink(missing_ok=True)
                whole = False
        return whole

    def traces(self, step: str) -> list[Trace]:
        """The last runs of a step, newest first; damaged records are left out."""
        if step not in self._traces:
            self._traces[step] = self._read(step)
        return self._traces[step]

    def _read(self, step: str) -> list[Trace]:
        try:
            stored = json.loads(self._record(step).read_bytes())
            return [t for t in map(_opened, stored) if t and t.step == step]
        except (OSError, ValueError, TypeError, AttributeError):
            return []

    def keep(self, trace: Trace) -> None:
        """Record a run whose files are stored, before the runs that are known."""
        kept = [trace, *(t for t in self.traces(trace.step) if t != trace)][:KEPT]
        write_whole(self._record(trace.step), json.dumps([_sealed(t) for t in kept]).encode())
        self._traces[trace.step] = kept

    def store(self, file: Path) -> tuple[str, int]:
        """Take a file's content in; its hash and size."""
        sha, size = self.hashes.of(file), file.stat().st_size
        target = self.object(sha)
        if self.hashes.of(target) != sha:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(_copied(file, target.parent), target)
        return sha, size

    def sweep(self, steps: Iterable[str]) -> None:
        """Remove the records of steps that are no more, and files that no record names."""
        wanted = {self._record(step) for step in steps}
        for entry in list(files_below(str(self.folder / "steps"))):
            if Path(entry.path) not in wanted:
                os.unlink(entry.path)
        used = {sha for step in steps for trace in self.traces(step) for sha, _ in trace.made.values()}
        for folder in (self.folder / "objects").glob("*"):
            for file in folder.iterdir():
                if folder.name + file.name not in used:
                    file.unlink()

    def _record(self, step: str) -> Path:
        return self.folder / "steps" / f"{step}.json"


def _copied(file: Path, folder: Path) -> str:
    """A copy under a passing name, which nobody shall write to."""
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".new-")
    os.close(handle)
    try:
        shutil.copyfile(file, beside)
        os.chmod(beside, 0o444)
    except BaseException:
        os.unlink(beside)
        raise
    return beside


def _sealed(trace: Trace) -> dict[str, Any]:
    record = {"format": FORMAT, **asdict(trace)}
    return {**record, "seal": _seal(record)}


def _opened(record: dict[str, Any]) -> Trace | None:
    seal = record.pop("seal", "")
    if record.get("format") != FORMAT or seal != _seal(record):
        return None
    made = {name: (sha, size) for name, (sha, size) in record.pop("made").items()}
    return Trace(**{name: value for name, value in record.items() if name != "format"}, made=made)


def _seal(record: Mapping[str, Any]) -> str:
    return sha256(json.dumps(record, sort_keys=True).encode())
