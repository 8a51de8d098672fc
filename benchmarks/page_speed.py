"""How fast the page is for its reader: first paint and the filter of the claims, measured in Chromium."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.errors import Problem
from helpers.paths import REPORT

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
RUNS = 5
SLOWER = 4  # times, as a phone's processor is
PAINT = """async () => {
    const seen = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    while (seen() === undefined) await new Promise(requestAnimationFrame);
    return seen();
}"""
FILTER = """async (grade) => {
    const select = document.querySelector("#claim-filter select[name=grade]");
    const begun = performance.now();
    select.value = grade;
    select.dispatchEvent(new Event("input", {bubbles: true}));
    await new Promise(requestAnimationFrame);
    document.body.offsetHeight;  // the layout is a part of it
    return performance.now() - begun;
}"""


def paint_lines(page: Path = REPORT / "index.html") -> Iterator[str]:
    """Medians of milliseconds to the first paint and to a filtered list, at full speed and as on a phone.

    Raises:
        Problem: there is no Chromium or no Playwright.
    """
    path = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if path is None:
        raise Problem("no Chromium. Mend: apt-get install chromium.")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Problem("no Playwright. Mend: pip install playwright.") from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        try:
            yield f"{page.name}, {os.path.getsize(page) / 1e6:.2f} MB, median of {RUNS} in Chromium {browser.version}"
            for words, width, slower in (
                ("desktop", 1280, 1),
                (f"phone, processor {SLOWER} times slower", 390, SLOWER),
            ):
                runs = [_measured(browser, page, width, slower) for _ in range(RUNS)]
                paint, narrowed = (statistics.median(column) for column in zip(*runs, strict=True))
                yield f"{words}: first paint {paint:.0f} ms, filter {narrowed:.0f} ms"
        finally:
            browser.close()


def _measured(browser: Any, page: Path, width: int, slower: int) -> tuple[float, float]:
    """Milliseconds to the first paint and of one choice in the filter, in a fresh context."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        tab = context.new_page()
        context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        tab.goto(page.absolute().as_uri())
        return float(tab.evaluate(PAINT)), float(tab.evaluate(FILTER, "wrong"))
    finally:
        context.close()
