"""Problems that are the reader's to mend: reported as one line, never as a traceback."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class Problem(ValueError):
    """Something in the input is wrong; the message says where, what, and how to mend it."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback (IPython, "Integrating your objects": custom tracebacks)."""
        return [f"{type(self).__name__}: {self}"]


class DataProblem(Problem):
    """A table breaks its schema, contradicts the texts, or lacks its evidence."""

    def __init__(self, file: str, where: str, what: str, mend: str):
        end = "" if mend.endswith("?") else "."
        super().__init__(f"{file}, {where}: {what}. Mend: {mend}{end}")


class ParameterProblem(Problem):
    """A notebook parameter is unknown, of the wrong type, or not a number."""


def refuse_twice(option: str, names: Sequence[str]) -> None:
    """A name stands once among the values of an option; of two, which was meant?"""
    for name in (name for name in names if names.count(name) > 1):
        raise Problem(f"{option} {name[:40]}: given twice. Mend: give it once.")


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` with the known words nearest to one that is not, or nothing."""
    near = get_close_matches(word, list(known), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""
