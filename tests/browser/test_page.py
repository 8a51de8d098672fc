"""The committed page in a browser: alone, offline, on a phone, in the dark, with a screen reader, without JavaScript."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.paths import REPORT
from helpers.report.figures import drawing, figure_html
from helpers.report.html_tables import table_html
from helpers.report.page import write_report
from helpers.report.text import say
from tests.report.hostile import HOSTILE, claims_with

Open = Callable[..., Any]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_page_asks_for_nothing_and_complains_of_nothing(open_page: Open, alone: Path) -> None:
    """Opened by double-click from a folder that holds nothing else."""
    page = open_page(alone)
    page.wait_for_load_state("networkidle")
    assert [path.name for path in alone.parent.iterdir()] == ["index.html"]
    assert [url for url in page.requests if not url.startswith("data:")] == [alone.as_uri()]
    assert page.complaints == []


def test_nothing_is_asked_for_when_everything_is_unfolded_and_scrolled_through(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    assert [url for url in page.requests if not url.startswith("data:")] == [alone.as_uri()]
    assert page.complaints == []


def test_first_screen_says_what_was_asked_and_the_answer_in_numbers(open_page: Open, alone: Path) -> None:
    answer = open_page(alone).locator(".answer").first
    answer.wait_for(state="visible")
    assert answer.bounding_box()["y"] < 900
    for number in ("3072", "3640", "4095", "4850"):
        assert number in answer.inner_text()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_page_does_not_scroll_sideways(width: int, open_page: Open, alone: Path) -> None:
    page = open_page(alone, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, .formula, svg') &&
            e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_ids_are_unique_and_every_anchor_leads_to_something_that_can_be_seen(open_page: Open, alone: Path) -> None:
    found = open_page(alone).evaluate(
        """() => {
            const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
            const links = [...document.querySelectorAll('a[href^="#"]')].map(a => decodeURIComponent(a.hash.slice(1)))
                .concat([...document.querySelectorAll('[popovertarget]')].map(b => b.getAttribute("popovertarget")));
            return {twice: ids.filter((id, n) => ids.indexOf(id) !== n),
                    dead: links.filter(id => !document.getElementById(id)), links: links.length};
        }"""
    )
    assert found["links"] > 20
    assert (found["twice"], found["dead"]) == ([], [])


def test_every_link_to_a_file_of_the_report_has_its_file(open_page: Open) -> None:
    page = open_page(REPORT / "index.html")
    links = page.evaluate("[...document.querySelectorAll('a[href], link[href]')].map(a => a.getAttribute('href'))")
    files = {link.split("#")[0] for link in links if not re.match(r"#|https?:|data:", link)}
    assert {"ro-crate-metadata.json", "manifest.json", "data/dataset/claims.parquet"} <= files
    assert [name for name in sorted(files) if not (REPORT / name).is_file()] == []


def test_headings_leave_out_no_level(open_page: Open, alone: Path) -> None:
    levels = open_page(alone).evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []


def first_citation(page: Any) -> Any:
    """The first citation of a claim, its chain unfolded."""
    page.locator("article.claim details.chain summary").first.click()
    return page.locator("article.claim details.chain button.cite").first


def test_citation_opens_on_hover_on_focus_and_on_click_and_closes_with_escape(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    citation = first_citation(page)
    card = page.locator(f"#{citation.get_attribute('popovertarget')}")
    for opened in (citation.hover, citation.click, lambda: page.keyboard.press("Tab")):
        opened()
        card.wait_for(state="visible")
        assert card.locator("a[href^='#ref-']").is_visible()
        page.keyboard.press("Escape")
        card.wait_for(state="hidden")
        page.mouse.move(2, 2)
        page.locator("article.claim details.chain summary").first.focus()


def test_citation_opens_by_touch_and_without_javascript(open_page: Open, alone: Path) -> None:
    for options in ({"has_touch": True, "width": 390}, {"java_script_enabled": False}):
        page = open_page(alone, **options)
        citation = first_citation(page)
        citation.tap() if "has_touch" in options else citation.click()
        page.locator(f"#{citation.get_attribute('popovertarget')}").wait_for(state="visible")


def test_citation_block_is_copied_or_at_least_selected(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    button = page.locator("button[data-copies='citation-bibtex']")
    button.click()
    status = button.locator("xpath=following-sibling::*[@role='status']")
    page.wait_for_function("e => e.textContent !== ''", arg=status.element_handle())
    assert page.evaluate("getSelection().toString()").startswith("@software{")


def test_link_in_the_contents_leads_to_its_chapter(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.locator(".toc a[href='#compute']").click()
    box = page.locator("#compute").bounding_box()
    assert 0 <= box["y"] < 300


def violations(page: Any) -> str:
    """What axe-core finds on a page, a line each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    response = axe.run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response
    return "\n".join(
        f"{v['id']} ({v['impact']}) x{len(v['nodes'])}: {v['nodes'][0]['html'][:160]}" for v in response["violations"]
    )


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1280),
        *(pytest.param(*other, marks=pytest.mark.slow) for other in [("light", 390), ("dark", 1280), ("dark", 390)]),
    ],
)
def test_accessibility_checker_finds_no_violation(scheme: str, width: int, open_page: Open, alone: Path) -> None:
    """On a part of the claims and of the folded parts, since they are all alike: the whole takes half a minute."""
    page = open_page(alone, width=width, color_scheme=scheme, bypass_csp=True)  # the policy would stop the checker
    page.evaluate("document.querySelectorAll('article.claim').forEach((c, n) => n % 40 && c.remove())")
    page.evaluate("document.querySelectorAll('details').forEach((d, n) => d.open = n % 3 === 0)")
    assert violations(page) == ""


@pytest.mark.slow
def test_accessibility_checker_finds_no_violation_on_the_whole_page(open_page: Open, alone: Path) -> None:
    assert violations(open_page(alone, bypass_csp=True)) == ""


def test_dark_mode_follows_the_reader_figures_included(open_page: Open, alone: Path) -> None:
    def colours(scheme: str) -> tuple[str, str]:
        page = open_page(alone, color_scheme=scheme)
        script = "e => getComputedStyle(e).{}"
        ink = page.locator(".drawing svg text").first.evaluate(script.format("fill"))
        return page.locator("body").evaluate(script.format("backgroundColor")), ink

    (light_page, light_ink), (dark_page, dark_ink) = colours("light"), colours("dark")
    assert light_page != dark_page
    assert light_ink != dark_ink


def test_everything_can_be_read_without_javascript(open_page: Open, alone: Path) -> None:
    with_script, without = open_page(alone), open_page(alone, java_script_enabled=False)
    assert without.complaints == []
    for page in (with_script, without):
        assert page.locator("h1").is_visible()
        assert "3072" in page.locator(".answer").first.inner_text()
    chapters, claims = without.locator("section.chapter"), without.locator("article.claim")
    assert chapters.count() == with_script.locator("section.chapter").count() > 1
    assert claims.count() == with_script.locator("article.claim").count()
    for n in (0, claims.count() - 1):
        assert claims.nth(n).is_visible()
    for section in chapters.all():
        assert section.locator("h2").first.is_visible()


def test_keyboard_reaches_the_report_first(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.get_attribute("href") == "#main"
    assert focused.bounding_box()["x"] >= 0  # no longer off the screen
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_filter_of_the_claims_narrows_the_list_keeps_it_in_the_address_and_gives_it_back(
    open_page: Open, alone: Path
) -> None:
    page = open_page(alone)
    everything = page.locator("article.claim:visible").count()
    page.locator("#claim-filter select[name='grade']").select_option("wrong")
    wrong = page.locator("article.claim:visible").count()
    assert 0 < wrong < everything
    assert page.locator("article.claim[data-grade='wrong']").count() == wrong
    assert "grade=wrong" in page.url
    shared = open_page(alone, address="?grade=wrong")
    assert shared.locator("article.claim:visible").count() == wrong
    page.locator("#claim-filter button[type='reset']").click()
    page.wait_for_function(f"document.querySelectorAll('article.claim:not([hidden])').length === {everything}")


def test_filter_hides_the_headings_of_articles_without_a_match(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    assert page.locator("section.of-article > h4:visible").count() > 1
    page.locator("#claim-filter select[name='article']").select_option("003")
    assert page.locator("section.of-article > h4:visible").all_inner_texts() == [
        page.locator("#article-003").inner_text()
    ]


def test_link_to_a_claim_shows_it_even_where_the_filter_hides_it(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    hidden = page.locator("article.claim:not([data-grade='wrong'])").first.get_attribute("id")
    shared = open_page(alone, address=f"?grade=wrong#{hidden}")
    shared.locator(f"#{hidden}").wait_for(state="visible")


def test_print_leaves_out_the_contents_and_the_code(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.emulate_media(media="print")
    assert not page.locator(".toc").is_visible()
    assert page.locator("details.code:visible").count() == 0
    assert page.locator(".answer").first.is_visible()


# Hostile data ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile_page(tmp_path: Path) -> Path:
    """A page whose tables, prose, figures and outputs hold every hostile string."""
    with drawing() as figure:
        figure.subplots().plot([1, 2])
    shown = [table_html(pd.DataFrame({"words": HOSTILE}), "words", "Words", notes=" ".join(HOSTILE))]
    shown += [say("{a}", a=text) for text in HOSTILE]
    shown += [
        figure_html(figure, f"f{n}", t, caption=t, alt=t, download=f"data/{t}.csv") for n, t in enumerate(HOSTILE)
    ]
    shown += [html for text in HOSTILE for html in claims_with(text)]
    outputs = [new_output("display_data", data={"text/html": str(html)}) for html in shown]
    outputs += [new_output("stream", name="stdout", text="\n".join(HOSTILE))]
    cells = [
        new_markdown_cell("# Title"),
        *(new_markdown_cell(t) for t in HOSTILE if t != "![x](x)"),
        new_code_cell("1", outputs=outputs),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "01_hostile.ipynb")
    write_report([tmp_path / "01_hostile.ipynb"], tmp_path)
    return tmp_path / "index.html"


def test_hostile_data_runs_no_script_even_without_the_security_policy(open_page: Open, hostile_page: Path) -> None:
    page = open_page(hostile_page, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    assert page.complaints == []  # an alert would be one
    assert (
        page.locator("main script:not([type='application/ld+json']), main img[onerror], main svg[onload]").count() == 0
    )
    for link in page.locator("main a").all():
        assert not (link.get_attribute("href") or "").lower().startswith("javascript")


def test_security_policy_stops_a_script_that_is_not_the_pages_own(open_page: Open, alone: Path, tmp_path: Path) -> None:
    text = alone.read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(
        text.replace("</main>", "<script>window.hit = 1</script></main>"), encoding="utf-8"
    )
    page = open_page(tmp_path / "index.html")
    assert page.evaluate("window.hit") is None
    assert any("Content Security Policy" in line for line in page.complaints)
