"""How fast the page is for its reader, in Chromium: first paint, when it answers, a sentence checked, and its size."""

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
# What is to hold: words, unit, limit at full speed, limit slowed.
LIMITS = {
    "paint": ("first paint", "ms", None, 500),
    "interactive": ("interactive", "ms", None, 1500),
    "search": ("a sentence checked", "ms", 50, 150),
    "elements": ("elements", "", 4000, 4000),
    "requests": ("requests", "", 0, 0),
    "complaints": ("complaints", "", 0, 0),
}
LOADED = """async () => {
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    while (paint() === undefined) await new Promise(requestAnimationFrame);
    const elements = document.querySelectorAll("*").length;
    return {paint: paint(), interactive: performance.getEntriesByType("navigation")[0].domInteractive, elements};
}"""
# The median of some sentences, each typed anew, with the layout that follows; the first builds the index and is left out.
CHECKED = """async () => {
    const box = document.getElementById("check-text");
    const took = [];
    for (const text of ["GPT-3", "M6 saved 80 % of compute", "源1.0用了2128张GPU", "who made T5", "1750亿参数", "1 % of the energy"]) {
        const begun = performance.now();
        box.value = text;
        box.dispatchEvent(new Event("input"));
        document.body.offsetHeight;
        took.push(performance.now() - begun);
        await new Promise(requestAnimationFrame);
    }
    return took.slice(1).sort((a, b) => a - b)[2];
}"""


def paint_lines(page: Path = REPORT / "index.html") -> Iterator[str]:
    """The page's size, then medians of what is to hold, each beside its limit, at full speed and as on a phone.

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
            size = os.path.getsize(page) / 1e6
            yield f"{page.name}, {size:.2f} MB (at most 2.6), median of {RUNS} in Chromium {browser.version}"
            for words, width, slower in (
                ("desktop", 1280, 1),
                (f"phone, processor {SLOWER} times slower", 390, SLOWER),
            ):
                runs = [_measured(browser, page, width, slower) for _ in range(RUNS)]
                yield f"{words}: {', '.join(_told(name, runs, slower > 1) for name in LIMITS)}"
        finally:
            browser.close()


def _told(name: str, runs: list[dict[str, float]], is_slowed: bool) -> str:
    words, unit, *limits = LIMITS[name]
    limit = limits[is_slowed]
    value = statistics.median(run[name] for run in runs)
    return f"{words} {value:.0f} {unit}".strip() + ("" if limit is None else f" (at most {limit})")


def _measured(browser: Any, page: Path, width: int, slower: int) -> dict[str, float]:
    """What one reader sees, in a fresh context; times in milliseconds."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        tab = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        tab.goto(page.absolute().as_uri())
        found: dict[str, float] = {**tab.evaluate(LOADED), "search": tab.evaluate(CHECKED)}
        return {**found, "requests": len(requests) - 1, "complaints": len(complaints)}
    finally:
        context.close()
