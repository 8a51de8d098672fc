"""A Chromium for the tests: the system's own, headless, with a fresh profile; skipped where there is none, never in CI."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.paths import REPORT

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str) -> None:
    """Skip with one line; in CI, fail."""
    line = f"browser tests need {what}"
    if os.environ.get("CI"):
        pytest.fail(f"{line}, and in CI they are never skipped", pytrace=False)
    pytest.skip(line)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A running Chromium. One for each module, since Playwright's loop is in the way of kernels in the same process."""
    path = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if path is None:
        missing("Chromium: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright: pip install playwright axe-playwright-python")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed index, alone in a folder of its own."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copy(REPORT / "index.html", folder)
    return folder / "index.html"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed reference, alone in a folder of its own."""
    folder = tmp_path_factory.mktemp("reference")
    shutil.copy(REPORT / "reference.html", folder)
    return folder / "reference.html"


@pytest.fixture(scope="module", params=["alone", "reference"])
def either(request: pytest.FixtureRequest) -> Path:
    """Each of the two."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file in a context of its own; the page has `requests` and `complaints` as lists."""
    contexts = []

    def opened(file: Path, width: int = 1280, address: str = "", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on(
            "console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (page.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(file.as_uri() + address)
        if options.get("java_script_enabled", True):
            page.evaluate("typeof later === 'undefined' || later.finish()")  # nothing moves under the test's hand
        return page

    yield opened
    for context in contexts:
        context.close()
