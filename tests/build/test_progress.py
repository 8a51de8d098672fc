"""What is said while a build works: names and counts, as a bar on a terminal and as lines elsewhere."""

import io
import sys

import pytest
from doit.task import Task

from helpers.build.messages import listed
from helpers.build.running import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def task(name: str, seconds: float = 0) -> Task:
    made = Task(name, None)
    made.values = {"seconds": seconds}
    return made


def work() -> Progress:
    progress = Progress(4)
    progress.skip_uptodate(task("00_spared"))
    progress.execute_task(task("01_dataset"))
    progress.execute_task(task("02_scale"))
    progress.add_success(task("01_dataset", 1.25))
    progress.add_success(task("02_scale", 0.5))
    progress.execute_task(task("03_bad"))
    progress.complete_run()
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
