"""The Chinese page in a browser: complete, accessible, on a phone, and one click from the same place in English."""

import shutil
from pathlib import Path

import pytest

from helpers.paths import REPORT
from tests.browser.test_page import OPEN_ALL, PART, WIDER_THAN_FRAME, Open, violations


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two committed pages side by side; the Chinese one."""
    folder = tmp_path_factory.mktemp("both")
    for name in ("index.html", "index.zh.html"):
        shutil.copy(REPORT / name, folder)
    return folder / "index.zh.html"


def test_chinese_page_asks_for_nothing_and_complains_of_nothing(open_page: Open, both: Path) -> None:
    page = open_page(both)
    page.wait_for_load_state("networkidle")
    assert [url for url in page.requests if not url.startswith("data:")] == [both.as_uri()]
    assert page.complaints == []


def test_chinese_page_does_not_scroll_sideways(open_page: Open, both: Path) -> None:
    page = open_page(both)
    page.evaluate(OPEN_ALL)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(WIDER_THAN_FRAME) == [], width


@pytest.mark.parametrize(("width", "scheme"), [pytest.param(1280, "light", marks=pytest.mark.slow), (390, "dark")])
def test_accessibility_checker_finds_no_violation_in_chinese(
    width: int, scheme: str, open_page: Open, both: Path
) -> None:
    page = open_page(both, width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(OPEN_ALL)
    page.evaluate(PART)
    assert violations(page) == ""


def test_other_edition_opens_at_the_same_claim_with_the_same_filter(open_page: Open, both: Path) -> None:
    page = open_page(both, address="?grade=wrong#verdicts-all-claims")
    shown = page.locator("#verdicts article.claim:visible").count()
    page.locator("a.edition").click()
    page.wait_for_url("**/index.html?grade=wrong#verdicts-all-claims")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#verdicts article.claim:visible").count() == shown > 0


def test_switch_is_a_plain_link_without_javascript(open_page: Open, both: Path) -> None:
    page = open_page(both, java_script_enabled=False)
    page.locator("a.edition").click()
    assert page.url.endswith("/index.html")


def test_filter_counts_in_chinese(open_page: Open, both: Path) -> None:
    page = open_page(both)
    page.locator("details.part#verdicts > summary").click()
    page.locator("#claim-filter output").wait_for()
    total = page.locator("#verdicts article.claim").count()
    assert page.locator("#claim-filter output").inner_text() == f"{total}条论断中的{total}条"


def test_words_of_a_drawing_stay_inside_it_and_do_not_cover_one_another(open_page: Open, both: Path) -> None:
    """Widths are measured without a Chinese font when the drawing is made; here one is at hand."""
    page = open_page(both)
    page.evaluate(OPEN_ALL)
    found = page.evaluate(
        """() => [...document.querySelectorAll('.drawing')].flatMap(figure => {
            const frame = figure.querySelector('svg').getBoundingClientRect();
            const words = [...figure.querySelectorAll('svg text')].filter(t => /[\\u3400-\\u9fff]/.test(t.textContent))
                .map(t => [t.textContent, t.getBoundingClientRect()]);
            const out = words.filter(([, b]) => b.left < frame.left - 3 || b.right > frame.right + 3).map(([t]) => t);
            const over = words.flatMap(([t, a], n) => words.slice(n + 1).filter(([, b]) =>
                Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
                Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4).map(([u]) => `${t} / ${u}`));
            return [...out, ...over].map(t => `${figure.id}: ${t}`);
        })"""
    )
    assert found == []
