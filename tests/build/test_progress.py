"""What is said while a build works: names and counts, as a bar on a terminal and as lines elsewhere."""

import io
import sys

import pytest

from helpers.build.progress import Progress, listed


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def work() -> Progress:
    with Progress(4) as progress:
        progress.spare()
        progress.begin("01_dataset")
        progress.begin("02_scale")
        progress.end("01_dataset", 1.25)
        progress.end("02_scale", 0.5)
        progress.begin("03_bad")
        progress.stop("03_bad")
    return progress


def test_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    work()
    assert capsys.readouterr().err.splitlines() == ["[2/4] 01_dataset 1.2 s", "[3/4] 02_scale 0.5 s"]


def test_bar_with_the_names_of_what_is_at_work_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    work()
    shown = terminal.getvalue().split("\r")
    assert any("1/4" in line and "01_dataset, 02_scale" in line for line in shown)
    assert "\n" not in terminal.getvalue().rstrip()  # one line, gone at the end


def test_summary_names_the_slowest_with_the_time_each_took() -> None:
    progress = work()
    assert progress.summary() == "2 of 4 steps ran (01_dataset 1.2 s, 02_scale 0.5 s)"
    progress.took = {f"step {n}": n for n in range(20)}
    assert progress.summary().startswith("20 of 4 steps ran (step 19 19.0 s, step 18 18.0 s, ")
    assert progress.summary().endswith("step 8 8.0 s, 8 more)")
    assert Progress(3).summary() == "0 of 3 steps ran"


def test_long_lists_are_cut() -> None:
    assert listed("abc") == "a, b, c"
    assert listed("abcdefgh", 2) == "a, b, 6 more"
