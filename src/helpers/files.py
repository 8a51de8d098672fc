"""Files in and files out: one way to read a text, one way to write a file whole.

Whatever goes out is complete before it takes the place of what was there.
"""

import codecs
import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from helpers.errors import DataProblem, Problem
from helpers.paths import shown

BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # for a reader of a pipe that may never come
STREAMS = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")  # what a shell puts in place of a file


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """What a file holds, or what a shell pipes in its place; nothing else is waited for, nor read if it is larger."""

    def problem(what: str, mend: str = "name a file that is there, or restore it") -> DataProblem:
        return DataProblem(shown(path), "whole file", what, mend)

    try:
        if not stat.S_ISREG(os.stat(path).st_mode) and not str(path).startswith(STREAMS):
            raise problem("is a folder or a device, not a file")
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise problem(f"cannot be read ({error.strerror or error})") from None
    if len(content) > most_bytes:
        raise problem(f"it has more than {most_bytes:,} bytes", "make it smaller")
    return content


def read_text(path: Path, most_bytes: int) -> str:
    """A file's text in UTF-8, or in UTF-16 where its first bytes say so; the byte order mark is left out.

    Refused is what `read_bytes` refuses, what is no such text, and a NUL character.
    """
    content = read_bytes(path, most_bytes)
    mark = next((m for m in BYTE_ORDER_MARKS if content.startswith(m)), b"")
    encoding = BYTE_ORDER_MARKS.get(mark, "utf-8")
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        what = f"not {encoding.upper()} (byte {error.start})"
        raise DataProblem(shown(path), "whole file", what, "save the file as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataProblem(shown(path), f"line {line}", "holds a NUL character", "save the file as plain UTF-8 text")
    return text


def sha256(content: bytes) -> str:
    """The hash as a manifest prints it."""
    return hashlib.sha256(content).hexdigest()


def refuse_input(output: Path, inputs: Iterable[Path]) -> None:
    """An output is never one of its own inputs, by whatever name: that is a Problem."""
    for path in inputs:
        if output.exists() and path.exists() and output.samefile(path):
            raise Problem(f"{shown(output)} is what is read, not a place to write. Mend: name another file.")


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file so that whoever looks sees the old one or the new one, never half, whatever happens.

    It is written to the disk beside its place, then moved there. A link in that place is replaced, never followed; a
    device or a pipe that somebody reads is written to as it is. After an OSError what was there is as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    if not path.exists() or path.is_file():
        write_together({path: data})
        return
    with os.fdopen(os.open(path, os.O_WRONLY | NO_WAITING), "wb") as device:
        os.set_blocking(device.fileno(), True)
        device.write(data)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all of them or none: each is complete beside its place before the first is moved."""
    staged, moved, several = dict[Path, Path](), dict[Path, bytes | None](), len(contents) > 1
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = f".{path.name[:100]}."
            for litter in left_by_dead(path.parent.glob(f"{glob.escape(beside)}*-*.new"), beside):
                litter.unlink(missing_ok=True)
            staged[path] = path.with_name(f"{beside}{os.getpid()}-{uuid4().hex[:8]}.new")
            with staged[path].open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if path.is_file():
                staged[path].chmod(path.stat().st_mode & 0o777)
        for path, new in staged.items():
            before = path.read_bytes() if several and path.exists() else None
            os.replace(new, path)
            moved[path] = before
    except BaseException:
        for path, content in moved.items():
            path.unlink() if content is None else path.write_bytes(content)
        raise
    finally:
        for new in staged.values():
            new.unlink(missing_ok=True)


def left_by_dead(places: Iterable[Path], prefix: str) -> Iterator[Path]:
    """Those of some places that a killed process left: their names hold behind a prefix the number of one that is no more."""
    for place in places:
        owner = place.name.removeprefix(prefix).partition("-")[0]
        try:
            os.kill(int(owner) if owner.isdecimal() else os.getpid(), 0)
        except ProcessLookupError:
            yield place
        except OSError:  # somebody else's
            pass


@contextmanager
def alone(folder: Path, what: str, waiting: Callable[[], object] | None = None) -> Iterator[None]:
    """A folder for this process alone; the lock goes with the process, however it ends. `waiting` is called before this
    process waits until another has done with it; without it, that is a Problem."""
    try:
        import fcntl
    except ImportError:  # no such locks on this platform: two at once are the user's to avoid
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not waiting:
                mend = "wait for it, or name another folder"
                raise Problem(f"{folder}: another {what} is writing there. Mend: {mend}.") from None
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
