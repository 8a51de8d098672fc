"""A chapter in a real JupyterLab: its charts have their colours, and nothing waits for a script that is not there.

Lab is started on the loopback interface with a token of its own, in a folder of its own, and ended here.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.paths import NOTEBOOKS
from tests.browser.conftest import missing

pytestmark = pytest.mark.slow
STARTED_WITHIN_S = 120
THEMES = ("JupyterLab Light",)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def settings(folder: Path, theme: str) -> None:
    """Lab's own settings: the theme; all cells drawn at once; no news, which would ask the network."""
    for name, values in (
        ("apputils-extension/themes", {"theme": theme}),
        ("apputils-extension/notification", {"fetchNews": "false", "checkForUpdates": False}),
        ("notebook-extension/tracker", {"windowingMode": "none"}),
    ):
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


@pytest.fixture(scope="module", params=THEMES)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one chapter in a Lab whose folder holds it, in each theme."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "work").mkdir()
    shutil.copy(NOTEBOOKS / "03_compute.ipynb", folder / "work")
    settings(folder / "settings", request.param)
    port, token = free_port(), secrets.token_hex(16)
    places = {name: str(folder / name.lower()) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={folder / 'work'}", f"--LabApp.user_settings_dir={folder / 'settings'}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **places}, start_new_session=True)
    try:
        yield wait_for(f"http://127.0.0.1:{port}", token, server, folder / "log")
    finally:
        server.terminate()
        server.wait(60)


def wait_for(address: str, token: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """The chapter's address, as soon as the server answers."""
    end = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < end:
        if server.poll() is not None:
            if "No module named jupyterlab" in log.read_text():
                missing("JupyterLab: pip install jupyter")
            pytest.fail(f"Lab ended: {log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"{address}/api?token={token}", timeout=2).close()
            return f"{address}/lab/tree/03_compute.ipynb?token={token}"
        except OSError:
            time.sleep(0.3)
    return pytest.fail("Lab did not start")


@pytest.fixture
def chapter(lab: str, browser: Any) -> Iterator[Any]:
    """The chapter after Run All, as a reader sees it: outputs that came with a file would be cut by Lab's sanitiser."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    page.goto(lab)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=90_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)  # before that Run All asks for a kernel
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator("#fig-like-for-like svg").wait_for(timeout=90_000)
    yield page
    context.close()


def commonest(shot: bytes) -> tuple[int, int, int]:
    """The colour of most pixels."""
    from PIL import Image

    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    colours = picture.getcolors(picture.width * picture.height)
    assert colours
    found = max(colours)[1]
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def test_bars_have_their_colour_and_outlines_are_seen(chapter: Any) -> None:
    """The first bar of the like-for-like chart is filled in c1 (the drawing's fallback), whatever Lab's theme."""
    bar = chapter.locator('#fig-like-for-like svg path[fill*="--c1"]').first
    bar.scroll_into_view_if_needed()
    wanted = bar.evaluate("e => getComputedStyle(e).fill")
    declared = bar.get_attribute("fill")
    assert "#" in declared, f"no colour outside the page: {declared}"
    red, green, blue = (int(declared.split("#")[1][k : k + 2], 16) for k in (0, 2, 4))
    assert wanted == f"rgb({red}, {green}, {blue})"
    shown = commonest(bar.screenshot())
    assert max(abs(a - b) for a, b in zip(shown, (red, green, blue), strict=True)) <= 3
    strokes = chapter.locator("#fig-like-for-like svg path[stroke]")
    assert {strokes.nth(n).evaluate("e => getComputedStyle(e).stroke") for n in range(strokes.count())} - {"none"}


def test_nothing_waits_for_the_page(chapter: Any) -> None:
    """No sideways hint and no control of the page's script is in sight."""
    for part in (".hint", ".explorer", ".filter", ".square-said"):
        found = chapter.locator(f".jp-Notebook {part}")
        assert not [n for n in range(found.count()) if found.nth(n).is_visible()], part
