"""Whatever stands in a build's own folder and whatever date its inputs have, it goes on and gives the same bytes."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.build.build import build
from helpers.build.project import Project
from tests.build import small
from tests.build.small import Doer, rewrite, steps
from tests.build.test_build import published

IN_PLACE = (  # of a build's folder, its folders and its files
    "", "steps", "records", "steps/loud", "steps/loud.json", "steps/loud/made", "steps/loud/made/loud.txt",
    "steps/page/report/index.html", "records/manifest.json", "records/made_from",
)  # fmt: skip


@pytest.fixture
def doer(monkeypatch: pytest.MonkeyPatch) -> Doer:
    return Doer(monkeypatch)


@pytest.fixture
def place(tmp_path: Path, doer: Doer) -> Project:
    """A project that was built."""
    found = small.project(tmp_path / "project")
    build({}, project=found, steps=steps())
    return found


def others(tmp_path: Path) -> Path:
    """A folder of somebody else."""
    (tmp_path / "others" / "report").mkdir(parents=True)
    (tmp_path / "others" / "mine.txt").write_text("mine")
    return tmp_path / "others"


def folder(path: Path) -> None:
    (path / "in it").mkdir(parents=True)


KINDS: dict[str, Callable[[Path], object]] = {
    "a file": lambda path: path.write_text("{}"),
    "a folder": folder,
    "a link to nothing": lambda path: path.symlink_to("gone"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a pipe": os.mkfifo,
    "a link to a folder of somebody else": lambda path: path.symlink_to(others(path.parents[-2] / "nobody")),
}


@pytest.mark.parametrize("name", IN_PLACE)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_something_else_in_the_builds_folder(kind: str, name: str, place: Project, tmp_path: Path) -> None:
    """It gives way, of a link only the link, and the build ends with the same bytes."""
    whole, theirs = published(place), others(tmp_path)
    victim = place.build / name
    shutil.rmtree(victim) if victim.is_dir() else victim.unlink()
    if kind.endswith("somebody else"):
        victim.symlink_to(theirs)
    else:
        KINDS[kind](victim)
    rewrite(place.root / "data/raw/a.txt", "some words")
    build({}, project=place, steps=steps())
    assert published(place) == whole
    if name:  # the folder itself may lie elsewhere, by a link
        assert sorted(p.relative_to(theirs).as_posix() for p in theirs.rglob("*")) == ["mine.txt", "report"]


@pytest.mark.parametrize("seconds", [3600, 3.2e8, -2e9])
def test_a_date_in_the_future_or_long_ago_keeps_nobody_waiting(seconds: float, place: Project, doer: Doer) -> None:
    doer.did.clear()
    when = time.time() + seconds
    for path in (place.root / "data/raw/a.txt", place.root / "README.md", place.page):
        os.utime(path, (when, when))
    begun = time.monotonic()
    build({}, project=place, steps=steps())
    assert doer.did == []
    rewrite(place.root / "data/raw/a.txt", "other words")
    os.utime(place.root / "data/raw/a.txt", (when, when))
    build({}, project=place, steps=steps())
    assert place.page.read_text() == "OTHER WORDS 4"
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("left", ["loud", "long", "page"])
def test_records_are_those_of_an_undisturbed_build_wherever_it_was_killed(left: str, place: Project) -> None:
    """What a step reads is declared: a build that goes on after a kill writes the same manifest and crate."""
    whole = published(place)
    order = ["loud", "long", "page"]
    for name in order[order.index(left) + 1 :]:
        shutil.rmtree(place.build / "steps" / name)
        (place.build / "steps" / f"{name}.json").unlink()
    shutil.rmtree(place.build / "records")
    shutil.rmtree(place.root / "report")
    build({}, project=place, steps=steps())
    assert published(place) == whole
