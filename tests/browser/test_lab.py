"""A chapter in a real JupyterLab: charts have their colours and text begins at the left, trusted or not.

The chapter is executed before, so that Lab starts no kernel. Lab runs on the loopback interface in a folder of its
own and is ended here, whatever happens; every wait ends with an event, and the limits are for a machine at its limit.
"""

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from helpers.build.notebooks import execute
from helpers.paths import NOTEBOOKS
from helpers.report.palette import COLOURS
from tests.browser.conftest import missing

pytestmark = pytest.mark.slow
LIMIT_S = 600
BLUE = tuple(int(COLOURS["c1"][0][k : k + 2], 16) for k in (1, 3, 5))
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": False},
}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def chapters(folder: Path, home: Path) -> None:
    """The chapter as somebody else's notebook, and the same one signed, as if it had been run here."""
    execute(NOTEBOOKS / "03_compute.ipynb", folder / "untrusted.ipynb", {})
    notebook = nbformat.read(folder / "untrusted.ipynb", 4)
    notebook.metadata["title"] = "signed"  # other content, another signature
    nbformat.write(notebook, folder / "trusted.ipynb")
    home.mkdir(exist_ok=True)
    notary = NotebookNotary(db_file=str(home / "nbsignatures.db"), secret_file=str(home / "notebook_secret"))
    notary.sign(nbformat.read(folder / "trusted.ipynb", 4))
    notary.store.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Lab whose folder holds both notebooks."""
    if shutil.which("jupyter-lab", path=str(Path(sys.executable).parent)) is None:
        missing("JupyterLab: pip install jupyter")
    folder = tmp_path_factory.mktemp("lab")
    chapters(folder / "work", folder / "jupyter_data_dir")
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    environment = {**os.environ, **{name: str(folder / name.lower()) for name in names}}
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={folder / 'work'}", f"--LabApp.user_settings_dir={folder / 'settings'}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
    try:
        yield answering(f"http://127.0.0.1:{port}", server, folder / "log")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)  # it has nothing to save, and may take minutes over a farewell
        server.wait()


def answering(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """The address, as soon as the server answers."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"Lab ended: {log.read_text()[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api", timeout=10):
            return address
        time.sleep(0.2)
    return pytest.fail(f"Lab did not start: {log.read_text()[-2000:]}")


@pytest.fixture
def opened(lab: str, browser: Any) -> Iterator[Any]:
    """Opens one of the notebooks and waits for its last output."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(1000 * LIMIT_S)

    def open_notebook(name: str) -> Any:
        page = context.new_page()
        page.goto(f"{lab}/doc/tree/{name}.ipynb", wait_until="commit")
        page.get_by_text("We do not know by how much it improved").last.wait_for(state="attached")
        return page

    yield open_notebook
    context.close()


def count_of(shot: bytes, colour: tuple[int, ...]) -> int:
    """Pixels of about this colour."""
    from PIL import Image

    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    found = picture.getcolors(picture.width * picture.height) or []
    return sum(n for n, seen in found if max(abs(a - b) for a, b in zip(seen, colour, strict=True)) <= 4)


def aligned(page: Any, cell: str) -> str:
    """How the first such cell of a table is aligned."""
    return str(page.locator(f".jp-OutputArea {cell}").first.evaluate("e => getComputedStyle(e).textAlign"))


def test_a_chapter_that_was_run_here(opened: Any) -> None:
    """The first bar of the chart is blue, whatever Lab's theme is; the picture for others is hidden."""
    page = opened("trusted")
    bar = page.locator('#fig-like-for-like svg rect[fill*="--c1"]').first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert count_of(bar.screenshot(), BLUE) > 0.5 * box["width"] * box["height"]
    assert not page.locator("#fig-implied-convention img.outside").is_visible()
    assert (aligned(page, "td:not(.num)"), aligned(page, "td.num")) == ("left", "right")
    for part in (".explorer", ".filter", ".square-said"):  # what only the page's script can use
        found = page.locator(f".jp-Notebook {part}")
        assert not [n for n in range(found.count()) if found.nth(n).is_visible()], part


def test_a_chapter_that_somebody_else_has_run(opened: Any) -> None:
    """Lab cuts the drawing out; the picture of it is there, loaded, with the same blue bar. Formulas are set."""
    page = opened("untrusted")
    assert page.locator(".jp-OutputArea svg path[fill*='--c1']").count() == 0
    picture = page.locator("img.outside").first
    picture.scroll_into_view_if_needed()
    picture.evaluate("e => e.decode()")
    assert picture.is_visible()
    assert count_of(page.locator("img.outside").last.screenshot(), BLUE) > 500
    assert (aligned(page, "td:not(.num)"), aligned(page, "td.num")) == ("left", "right")
    page.locator(".jp-OutputArea .MathJax, .jp-OutputArea mjx-container").first.wait_for(state="attached")
