"""Functions that branch, said in JavaScript: what is known is translated, anything else is refused by name."""

import pytest

from helpers.ledger import verdicts
from helpers.report.branches import Untranslatable, translated


def nearer(a: float, b: float) -> str:
    """A docstring, which the page does not need."""
    gap = abs(a - b)
    if gap <= 1 and not a < 0:
        return "near"
    return "far" if a in (1, 2) else "unknown"


def prints(a: float) -> float:
    print(a)
    return a


def loops(a: float) -> float:
    for _ in range(3):
        a = a + 1
    return a


def test_branches_comparisons_and_membership_are_said_again() -> None:
    script = translated([nearer], [], [])
    assert "const gap = Math.abs((a - b));" in script
    assert 'return "near";' in script
    assert "[1, 2].includes(a)" in script
    assert "docstring" not in script


def test_constants_and_members_of_scales_come_along() -> None:
    script = translated([verdicts._weighed], [verdicts.Verdict], [])
    assert 'const HOLDING = ["accurate", "close"];' in script
    assert '{grade: "unsure", problem: "", ratio: NaN}' in script


@pytest.mark.parametrize("function", [prints, loops])
def test_what_is_not_known_is_refused_by_name(function) -> None:
    with pytest.raises(Untranslatable, match=function.__name__):
        translated([function], [], [])
