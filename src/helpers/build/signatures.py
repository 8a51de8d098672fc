"""Whether files have changed: by size and times where these are as before, else by SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

# The time of the last change of the inode cannot be set by `touch` or `cp -p`, unlike the time of the last write.
Signature = tuple[int, int, int, int]
PASSED_OVER = ("__pycache__",)
TICK_NS = 20_000_000  # file systems stamp times in steps of up to 10 ms: two writes within one look like one


def signature(path: str | Path) -> Signature | None:
    """Size, times and inode of a file; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def age_ns(sign: Signature) -> int:
    """How long ago a file was changed; within a tick, it may change again unseen."""
    return time.time_ns() - max(sign[1], sign[2])


def files_below(folder: str) -> Iterator[os.DirEntry[str]]:
    """Files below a folder, in no particular order; hidden ones and compiled modules are passed over."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in PASSED_OVER:
            continue
        if entry.is_dir():
            yield from files_below(entry.path)
        else:
            yield entry


def sha256(content: bytes) -> str:
    """The hash as the manifest prints it."""
    return hashlib.sha256(content).hexdigest()


class Hashes:
    """SHA-256 of files, remembered for as long as size, times and inode stay the same.

    Args:
        memory: file that keeps what is remembered; a damaged one is taken for empty.
    """

    def __init__(self, memory: Path):
        self.memory = memory
        self._known: dict[str, tuple[Signature, str]] = {}
        self._used: dict[str, tuple[Signature, str]] = {}
        try:
            stored = json.loads(memory.read_bytes())
            self._known = {path: (tuple(sign), str(sha)) for path, (sign, sha) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            pass

    def of(self, path: str | Path) -> str:
        """The hash of a file's content; empty if there is no such file."""
        name = os.fspath(path)
        sign = signature(name)
        if sign is None:
            return ""
        known = self._used.get(name) or self._known.get(name)
        if not known or known[0] != sign:
            try:
                with open(name, "rb") as file:
                    known = (sign, hashlib.file_digest(file, "sha256").hexdigest())
            except (IsADirectoryError, FileNotFoundError):
                return ""
        if age_ns(sign) > TICK_NS:
            self._used[name] = known
        return known[1]

    def save(self) -> None:
        """Keep what this build has used."""
        if self._used != self._known:
            write_whole(self.memory, json.dumps(self._used, separators=(",", ":")).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
