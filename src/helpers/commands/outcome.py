"""How a command ends: in a result, in one line that says what to mend, or in one line that says where the traceback is.

Exit status: 0 done, 1 a problem in the input (2 in the arguments, by argparse), 70 a fault of this program, 130 Ctrl-C, 143 SIGTERM.
"""

import contextlib
import errno
import os
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any

from helpers.errors import Problem
from helpers.structured import read_toml

LONGEST_LINE = 500  # characters
FAULT = 70  # EX_SOFTWARE of sysexits.h
ENDS = (signal.SIGINT, signal.SIGTERM)  # signals that ask for the end; the exit status is 128 more, as a shell has it
CONTROL = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
AS_TEXT = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in CONTROL if chr(code) not in "\n\t"}
MENDS = {getattr(errno, name): mend for name, mend in read_toml(Path(__file__).with_name("mends.toml")).items()}
PASSING = re.compile(r"(.*/|)\.([^/]+)\.\d+-[^/]*\.new")  # of a file that `helpers.files` was about to write


class PlainStream:
    """A text stream that shows control characters and those that change the direction of writing as text."""

    def __init__(self, stream: IO[str]):
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.translate(AS_TEXT))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def ended(name: str, command: Callable[[], int]) -> int:
    """The exit status of a command; what ends it early is said in one line on standard error, with its `name`."""
    asked: list[int] = []
    try:
        with _well_behaved(asked):
            status = command()
            sys.stdout.flush()
            return status
    except BrokenPipeError:  # the reader has seen enough, as `head` does: nothing more is written, not even at exit
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:
        # whatever follows a signal follows from it: an extension that is being loaded raises ImportError in its place
        if asked or isinstance(error, KeyboardInterrupt):
            return fail("stopped; what was there before is untouched", 128 + (asked or ENDS)[0])
        if isinstance(error, Problem):
            return fail(f"error: {error}", 1)
        if isinstance(error, OSError | MemoryError):
            return fail(f"error: {_refused(name, error)}", 1)
        return fail(f"error: {name}: unexpected {type(error).__name__}: {error}; {_recorded()}", FAULT)


def _refused(name: str, error: OSError | MemoryError) -> str:
    """What the system refused, where, and what can be done about it."""
    if isinstance(error, MemoryError):
        error = OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
    if error.errno is None:
        return str(error)
    place = PASSING.sub(r"\1\2", error.filename) if isinstance(error.filename, str) else name
    return f"{place}: {error.strerror}. Mend: {MENDS.get(error.errno, 'see what the system allows there')}."


def fail(line: str, status: int) -> int:
    """Say one line, its middle left out where somebody's input would make it endless."""
    if len(line) > LONGEST_LINE:
        line = f"{line[: LONGEST_LINE * 2 // 3]} … {line[-LONGEST_LINE // 4 :]}"
    with contextlib.suppress(OSError, ValueError, AttributeError):  # nobody listens
        print(" ".join(line.split("\n")).translate(AS_TEXT), file=sys.stderr, flush=True)
    return status


def _recorded() -> str:
    """Where the traceback of the exception now handled was written."""
    try:
        number, name = tempfile.mkstemp(prefix="compute-claims-", suffix=".txt")
        with open(number, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(traceback.format_exc())
    except OSError as problem:
        return f"its traceback could not be written ({problem})"
    return f"a fault of this program, please report it with {name}"


@contextlib.contextmanager
def _well_behaved(asked: list[int]) -> Iterator[None]:
    """Standard output without control characters; what the terminal's encoding lacks is replaced. SIGTERM raises, as
    Ctrl-C does, so that nothing is left half-done, and both are noted in `asked`; only the main thread can do so."""

    def end(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        raise KeyboardInterrupt

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    before = {}
    with contextlib.suppress(ValueError):
        before = {number: signal.signal(number, end) for number in ENDS if signal.getsignal(number) != signal.SIG_IGN}
    try:
        with contextlib.redirect_stdout(PlainStream(sys.stdout)):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
