"""Which processes there are (Linux)."""

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path


def all_end(numbers: Iterable[int], seconds: float = 30) -> bool:
    """Whether none of these processes runs any more, after a while."""
    deadline = time.monotonic() + seconds
    while any(map(runs, numbers)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def runs(number: int) -> bool:
    """Whether a process is there, and not merely its entry that nobody has removed yet."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def descendants(number: int) -> list[int]:
    """Processes below this one."""
    found = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *descendants(child)]
    return found
