"""What a build says while it works, on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

SHOWN = 12  # steps named in the summary, the slowest


class Progress:
    """Counts finished steps and shows the names of those at work."""

    def __init__(self, total: int):
        self.total = total
        self.done = 0
        self.took: dict[str, float] = {}
        self._bar: Any = None
        self._working: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def begin(self, step: str) -> None:
        """A step goes to work."""
        if self._bar is None and sys.stderr.isatty():
            from tqdm import tqdm

            layout = "{n_fmt}/{total_fmt} |{bar:20}| {elapsed} {postfix}"
            self._bar = tqdm(total=self.total, initial=self.done, leave=False, file=sys.stderr, bar_format=layout)
        self._working.append(step)
        self._show()

    def end(self, step: str, seconds: float) -> None:
        """A step has finished."""
        self.done += 1
        self.took[step] = seconds
        self._working.remove(step)
        if self._bar is None:
            say(f"[{self.done}/{self.total}] {step} {seconds:.1f} s")
        else:
            self._bar.update()
            self._show()

    def spare(self) -> None:
        """A step need not run."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()

    def stop(self, step: str) -> None:
        """A step has failed."""
        self._working.remove(step)

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(", ".join(self._working[:3]))

    def summary(self) -> str:
        """How many steps ran, and how long each took."""
        slowest = sorted(self.took.items(), key=lambda pair: -pair[1])
        named = [f"{step} {seconds:.1f} s" for step, seconds in slowest[:SHOWN]]
        more = [f"{len(slowest) - SHOWN} more"] if len(slowest) > SHOWN else []
        return f"{len(slowest)} of {self.total} steps ran" + (f" ({', '.join([*named, *more])})" if named else "")


def say(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr, flush=True)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Some names, and how many more."""
    names = list(names)
    rest = len(names) - most
    return ", ".join([*names[:most], *([f"{rest} more"] if rest > 0 else [])])
