"""Watching: a change is built, an error is shown and survived, a change of the code starts afresh, Ctrl-C ends it."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.build import watch as watching
from helpers.build.project import Project
from helpers.build.watch import watch
from tests.build import small
from tests.build.small import Doer, step


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    Doer(monkeypatch)
    monkeypatch.setattr("helpers.build.steps.CHAPTERS", ())
    monkeypatch.setattr("helpers.build.steps.OTHERS", tuple(small.steps()))
    return small.project(tmp_path / "project")


def script(monkeypatch: pytest.MonkeyPatch, *events: Callable[[], set[Path]]) -> None:
    """What changes, one after the other; at the end somebody presses Ctrl-C."""

    def changes(*_: object) -> Iterator[set[Path]]:
        for event in events:
            yield event()
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "_changes", changes)


def page(place: Project) -> str:
    return (place.root / "report" / "index.html").read_text()


def write(place: Project, text: str) -> set[Path]:
    path = place.root / "data/raw/a.txt"
    path.write_text(text)
    return {path}


def test_every_change_is_built_until_ctrl_c(
    place: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []

    def change() -> set[Path]:
        seen.append(page(place))
        return write(place, "other words")

    script(monkeypatch, change, lambda: seen.append(page(place)) or write(place, "other words"))
    watch({}, "", place)
    assert seen == ["SOME WORDS 4", "OTHER WORDS 4"]
    told = capsys.readouterr().err
    assert "data/raw/a.txt changed\n" in told
    assert told.count(" steps ran\n") == 2
    assert "is up to date\n" in told  # written anew with the same content
    assert told.endswith("no longer watching\n")


def test_error_is_shown_and_watching_goes_on(
    place: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_it() -> set[Path]:
        monkeypatch.setattr(
            "helpers.build.steps.OTHERS", (step("bad", "fail", message="a.txt, row 3: no. Mend: yes."),)
        )
        return write(place, "broken")

    def mend() -> set[Path]:
        assert page(place) == "SOME WORDS 4"
        monkeypatch.setattr("helpers.build.steps.OTHERS", tuple(small.steps()))
        return write(place, "mended")

    script(monkeypatch, break_it, mend)
    watch({}, "", place)
    assert "error: a.txt, row 3: no. Mend: yes.\n" in capsys.readouterr().err
    assert page(place) == "MENDED 4"


def test_change_of_the_code_or_the_lock_starts_afresh(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(watching.os, "execv", lambda program, arguments: started.append(arguments))
    monkeypatch.setattr(watching.sys, "argv", ["helpers", "watch", "--workers", "2"])
    for name in ("src/helpers/numbers.py", "requirements.lock"):
        script(monkeypatch, lambda name=name: {place.root / name})
        watch({}, "", place)
    assert [arguments[1:] for arguments in started] == [["-m", "helpers", "watch", "--workers", "2"]] * 2


def test_changes_are_seen_and_own_or_hidden_files_are_not(place: Project) -> None:
    def change() -> None:
        time.sleep(0.7)
        for name in ("data/processed/own.csv", "data/raw/.half", "data/raw/a.txt"):
            (place.root / name).write_text("changed")

    thread = threading.Thread(target=change)
    thread.start()
    seen = next(watching._changes([place.root / "data"], place))
    thread.join()
    assert seen == {place.root / "data/raw/a.txt"}
