"""Addresses that nobody meant: the page stands, says no nonsense and runs nothing, in both languages."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.language import PAGES
from helpers.paths import REPORT

HASHES = [
    "#", "#%", "#%E0%A4%A", "#%00", "#%FF%FE", "#claim-", "#claim-nobody", "#claim-%", "#claim-<script>alert(1)</script>",
    "#q=", "#q=%", "#q=%E0%A4", "#q=" + "9" * 5000, "#q=" + "%E4%B8%87" * 2000, "#q=<img src=x onerror=alert(1)>",
    "#q=NaN", "#q=1e999 FLOP", "#__proto__", "#constructor", "#javascript:alert(1)", "#" + "a" * 50_000,
    "#%E2%80%AE", "#\U0001f680", "#summary", "#what-if", "#q=0/0", "#q=-1 GPUs", "#.", "#*", '#"]', "#:not(",
]  # fmt: skip
QUERIES = [
    "?", "?%", "?scenario=%", "?scenario=nobody", "?scenario=__proto__", "?scenario=constructor", "?params=NaN",
    "?params=Infinity", "?params=-1", "?params=0", "?params=1e400", "?params=" + "9" * 5000, "?params=1e9..1e8",
    "?params=1e8..1e9..1e10", "?params=..", "?params=auto", "?tokens=<script>alert(1)</script>", "?count=2.5",
    "?accelerator=nobody", "?accelerator=__proto__", "?accelerator=toString", "?grid=hasOwnProperty", "?grid=",
    "?date=9999-99-99", "?vendor=nobody", "?commitment=x", "?solve_for=x", "?solve_for=__proto__", "?precision=fp3",
    "?peak_flop_per_s=1e15", "?peak_flop_per_s=NaN", "?memory_bytes=1e6", "?assume=x", "?assume=%", "?a=1&a=2&a=3",
    "?params=1e9&params=x", "?__proto__[x]=1", "?params[]=1", "?" + "&".join(f"k{n}=1" for n in range(2000)),
    "?title=%3Cscript%3Ealert(1)%3C/script%3E", "?utilisation=1e-6&count=1", "?active_params=1e16&params=1e3",
]  # fmt: skip


def nonsense(page: Any) -> list[str]:
    """What no reader should see."""
    text = page.evaluate("document.body.innerText")
    return [word for word in ("NaN", "undefined", "[object", "Infinity", "null") if f" {word}" in text]


@pytest.mark.slow
@pytest.mark.parametrize("language", PAGES)
def test_any_address_opens_the_page(language: str, open_page: Callable[..., Any], tmp_path: Path) -> None:
    shutil.copy(REPORT / PAGES[language], tmp_path)
    file = tmp_path / PAGES[language]
    page = open_page(file)
    title, before = page.title(), nonsense(page)
    for address in HASHES:
        page.evaluate("address => { location.hash = ''; location.hash = address; }", address)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert (page.title(), page.complaints, nonsense(page)) == (title, [], before), address[:80]
    for address in QUERIES:
        page.evaluate(
            "address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }",
            address,
        )
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert (page.title(), page.complaints, nonsense(page)) == (title, [], before), address[:80]
        assert page.evaluate("document.getElementById('explorer').offsetHeight") > 100, address[:80]
    for address in ("#%", "?%", "?scenario=%#q=%E0%A4", "?params=NaN&accelerator=__proto__#claim-%"):
        page.goto(file.as_uri() + address)
        assert (page.title(), page.complaints, nonsense(page)) == (title, [], before), address
        assert page.evaluate("document.getElementById('explorer').offsetHeight") > 100, address
    assert {url for url in page.requests if not url.startswith(("file:", "data:"))} == set()


def test_there_are_twelve_kinds_of_either() -> None:
    assert min(len(HASHES), len(QUERIES)) >= 12
