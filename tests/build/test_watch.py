"""Watching: a change is built, an error is shown and survived, Ctrl-C ends it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.build import stages
from helpers.build import watch as watching
from helpers.build.project import Project
from helpers.build.watch import watch
from tests.build import small
from tests.build.small import rewrite, step


class Workshop:
    """No processes; remembers when it was renewed."""

    renewed = 0

    def __init__(self, workers: int) -> None:
        pass

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def stale(self) -> bool:
        return True

    def renew(self) -> None:
        Workshop.renewed += 1


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr("helpers.build.crew.Crew", small.Crew)
    monkeypatch.setattr(watching, "Workshop", Workshop)
    monkeypatch.setattr(watching, "forget", lambda: None)
    monkeypatch.setattr(stages, "CHAPTERS", ())
    monkeypatch.setattr(stages, "OTHERS", tuple(small.steps()))
    return small.project(tmp_path / "project")


def script(monkeypatch: pytest.MonkeyPatch, *events: Callable[[], object]) -> None:
    """What happens whenever the watch rests; at the end somebody presses Ctrl-C."""
    left = list(events)

    def rest(seconds: float) -> None:
        if seconds < watching.PAUSE_S:
            return
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()

    monkeypatch.setattr(watching.time, "sleep", rest)


def page(place: Project) -> str:
    return (place.root / "report" / "index.html").read_text()


def test_every_change_is_built_until_ctrl_c(
    place: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []

    def change() -> None:
        seen.append(page(place))
        rewrite(place.root / "data/raw/a.txt", "other words")

    script(monkeypatch, change, lambda: seen.append(page(place)), lambda: seen.append("nothing happened"))
    Workshop.renewed = 0
    watch({}, project=place)
    assert seen == ["SOME WORDS 4", "OTHER WORDS 4", "nothing happened"]
    told = capsys.readouterr().err
    assert "data/raw/a.txt changed\n" in told
    assert told.count(" steps ran (") == 2
    assert told.endswith("no longer watching\n")
    assert Workshop.renewed == 2


def test_error_is_shown_and_watching_goes_on(
    place: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_it() -> None:
        monkeypatch.setattr(stages, "OTHERS", (step("bad", "fail", message="a.txt, row 3: no. Mend: yes."),))
        rewrite(place.root / "data/raw/a.txt", "broken")

    def mend() -> None:
        assert page(place) == "SOME WORDS 4"
        monkeypatch.setattr(stages, "OTHERS", tuple(small.steps()))
        rewrite(place.root / "data/raw/a.txt", "mended")

    script(monkeypatch, break_it, mend)
    watch({}, project=place)
    assert "error: a.txt, row 3: no. Mend: yes.\n" in capsys.readouterr().err
    assert page(place) == "MENDED 4"


def test_change_of_the_pipeline_itself_starts_it_afresh(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(watching.os, "execv", lambda program, arguments: started.append(arguments))
    monkeypatch.setattr(watching.sys, "argv", ["helpers", "watch", "--workers", "2"])
    script(monkeypatch, lambda: rewrite(place.root / "requirements.lock", "numpy==2.1\n"))
    watch({}, project=place)
    assert [arguments[1:] for arguments in started] == [["-m", "helpers", "watch", "--workers", "2"]]
