"""The committed index and reference in a browser: alone, offline, on a phone, in the dark, by keyboard, without JavaScript."""

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
from helpers.report.text import say
from tests.report.hostile import HOSTILE, claims_with
from tests.report.pages import write_own_page

Open = Callable[..., Any]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Tables that their frame would have to scroll sideways.
WIDER_THAN_FRAME = """() => [...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => [e.parentElement.id, e.scrollWidth - e.clientWidth])"""
OPEN_ALL = "document.querySelectorAll('details.part').forEach(d => d.open = true)"
CLAIM = "000-yuan-efficiency-gain"


def in_order(page: Any, chapter: str) -> Any:
    """A chapter of the index, opened."""
    page.locator(f"details.part#{chapter} > summary").click()
    page.locator(f"#{chapter} .scroll, #{chapter} p").first.wait_for()
    return page.locator(f"#{chapter}")


def test_page_asks_for_nothing_and_complains_of_nothing(open_page: Open, either: Path) -> None:
    """Opened by double-click from a folder that holds nothing else."""
    page = open_page(either)
    page.wait_for_load_state("networkidle")
    assert [path.name for path in either.parent.iterdir()] == [either.name]
    assert [url for url in page.requests if not url.startswith("data:")] == [either.as_uri()]
    assert page.complaints == []


def test_nothing_is_asked_for_when_everything_is_opened_and_scrolled_through(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.evaluate(OPEN_ALL)
    page.locator("#verdicts article.claim").first.wait_for(state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    assert [url for url in page.requests if not url.startswith("data:")] == [alone.as_uri()]
    assert page.complaints == []


def test_first_screen_gives_the_finding_in_numbers_the_byline_and_the_check(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    for part in ("h1", ".lede", ".byline", "#check-text"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] < 900
    assert re.search(r"hold in \d+ of \d+ cases", page.locator(".lede").inner_text())
    for number in ("3072", "3640", "4095", "4850"):
        assert number in page.locator(".answer").inner_text()


def test_story_is_short_and_light(open_page: Open, alone: Path) -> None:
    """At most 14 screens of 1280 x 900 and 30 of a phone, calculator and contents of the reference included."""
    for width, height, screens in ((1280, 900, 14), (390, 844, 30)):
        page = open_page(alone, width=width)
        assert page.evaluate("document.documentElement.scrollHeight") <= screens * height
        assert page.evaluate("document.querySelectorAll('*').length") <= 4000


def test_every_claims_address_opens_a_card_that_can_be_seen(open_page: Open, alone: Path) -> None:
    for claim in (CLAIM, "002-gpt3-dataset-size", "004-m6-energy"):
        page = open_page(alone, address=f"#claim-{claim}")
        card = page.locator(f"#card #claim-{claim}")
        card.wait_for(state="visible")
        assert card.locator(".badge").first.is_visible()
        assert card.locator(".why").inner_text()
        page.keyboard.press("Escape")
        card.wait_for(state="detached")
        assert page.locator(f"#claim-{claim}").get_attribute("hidden") == "until-found"
        assert "#" not in page.url


@pytest.mark.slow
def test_every_address_of_the_reference_leads_to_its_place_in_the_index(open_page: Open, alone: Path) -> None:
    for anchor in (
        "grade-misleading",
        "system-m6-1t",
        "ref-brown2020gpt3",
        "table-verdicts-by-kind",
        "compute-how-sure",
        "accuracy",
    ):
        page = open_page(alone, address=f"#{anchor}")
        target = page.locator(f"[id='{anchor}']")
        if target.count():
            target.first.wait_for(state="visible")
            page.wait_for_timeout(150)
            assert -5 <= target.first.bounding_box()["y"] < 900
        assert page.complaints == []


def test_address_leads_to_its_place_although_what_lies_above_is_laid_out_late(open_page: Open, alone: Path) -> None:
    page = open_page(alone, width=390)
    laid_out = """[...document.querySelectorAll('.story figure, #what-if, #reference')]
        .every(e => getComputedStyle(e).contentVisibility === 'visible')"""
    page.wait_for_function(laid_out)
    for anchor in ("fig-slow-chips", "what-if", "reference"):
        page = open_page(alone, width=390, address=f"#{anchor}")
        page.wait_for_function(laid_out)
        page.wait_for_timeout(150)
        assert -5 <= page.locator(f"#{anchor}").bounding_box()["y"] < 60


def test_stray_per_cent_sign_in_the_address_breaks_nothing(open_page: Open, alone: Path) -> None:
    for address in ("#100%", "#claim-%", "#q=80%", "#q=%E5%85%AB%E6%88%90"):
        page = open_page(alone, address=address)
        assert page.complaints == []
        page.locator("#check-text").fill("80 % saved")
        page.locator("[data-result]").first.wait_for(state="visible")


def test_browsers_own_search_finds_a_claim_and_its_card_opens(open_page: Open, alone: Path) -> None:
    """The browser fires `beforematch` at the line it has found; here it is fired by hand."""
    page = open_page(alone)
    found = page.locator(f".finds > #claim-{CLAIM}")
    assert found.get_attribute("hidden") == "until-found"
    assert "Yuan 1.0" in found.text_content()
    found.evaluate("e => { e.hidden = false; e.dispatchEvent(new Event('beforematch', {bubbles: true})) }")
    page.locator(".finds article.claim .why").wait_for(state="visible")


def test_squares_are_one_stop_with_arrows_and_open_cards(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    chart = page.locator("#squares")
    assert chart.locator("i").count() == int(chart.get_attribute("aria-valuemax"))
    chart.focus()
    said = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "End", "Home"):
        page.keyboard.press(key)
        said.add(chart.get_attribute("aria-valuetext"))
        assert chart.evaluate("e => e === document.activeElement")
    assert len(said) >= 4
    page.keyboard.press("Enter")
    page.locator("#card article.claim").wait_for(state="visible")
    page.keyboard.press("Escape")
    square = chart.locator("i.g-misleading").first
    square.click()
    assert page.url.endswith(f"#claim-{square.get_attribute('data-n')}")


def test_steps_go_one_by_one_and_the_dial_stops_where_physics_does(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    steps = page.locator("#steps .step")
    assert [step.is_visible() for step in steps.all()] == [True, False, False, False, False]
    for _ in range(4):
        page.locator("#steps button").last.click()
    assert steps.nth(4).is_visible()
    dial = page.locator("#dial input")
    dial.press("End")
    said = page.locator("#dial .outcome").inner_text()
    assert "6.00 operations" in said
    assert "more work than GPT-3" in said
    assert "accurate" not in page.locator("#steps").inner_text()
    positions = page.evaluate(
        "JSON.parse(document.getElementById('dial').dataset.dial).positions.map((p) => Number(p[1]))"
    )
    assert min(positions) >= 6


def test_page_does_not_scroll_sideways(open_page: Open, either: Path) -> None:
    page = open_page(either)
    page.evaluate(OPEN_ALL)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate(
            """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
            [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, .formula, svg') &&
                e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert wide == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(WIDER_THAN_FRAME) == [], width


def test_ids_are_unique_with_everything_open(open_page: Open, either: Path) -> None:
    page = open_page(either)
    page.evaluate(OPEN_ALL)
    found = page.evaluate(
        """() => {
            const ids = [...document.querySelectorAll('[id]')].map(e => e.id).filter(Boolean);
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
    page.evaluate(OPEN_ALL)
    links = page.evaluate("[...document.querySelectorAll('a[href], link[href]')].map(a => a.getAttribute('href'))")
    files = {link.split("#")[0] for link in links if not re.match(r"#|https?:|data:", link)}
    assert {"ro-crate-metadata.json", "manifest.json", "data/dataset/claims.parquet"} <= files
    assert [name for name in sorted(files) if not (REPORT / name).is_file()] == []


def test_headings_leave_out_no_level(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.evaluate(OPEN_ALL)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []


def first_citation(page: Any) -> Any:
    """The first citation of a claim, its chain unfolded."""
    page.locator("article.claim details.chain summary").first.click()
    return page.locator("article.claim details.chain button.cite").first


def test_citation_opens_on_hover_on_focus_and_on_click_and_closes_with_escape(open_page: Open, alone: Path) -> None:
    """In the first result of a check, whose card was not in the page before."""
    page = open_page(alone, address="#q=GPT-3 292 TB")
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


def test_citation_opens_by_touch_and_without_javascript(open_page: Open, alone: Path, reference: Path) -> None:
    for file, options in ((alone, {"has_touch": True, "width": 390}), (reference, {"java_script_enabled": False})):
        page = open_page(file, address="#q=GPT-3 292 TB" if file == alone else "", **options)
        citation = first_citation(page)
        citation.tap() if "has_touch" in options else citation.click()
        page.locator(f"#{citation.get_attribute('popovertarget')}").wait_for(state="visible")


def test_citation_block_is_copied_or_at_least_selected(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.evaluate(OPEN_ALL)
    button = page.locator("button[data-copies='citation-bibtex']")
    button.click()
    status = button.locator("xpath=following-sibling::*[@role='status']")
    page.wait_for_function("e => e.textContent !== ''", arg=status.element_handle())
    assert page.evaluate("getSelection().toString()").startswith("@software{")


def test_link_in_the_contents_leads_to_its_chapter(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.locator(".toc a[href='#compute']").click()
    page.locator("#compute .formula").first.wait_for(state="attached")
    page.wait_for_timeout(100)
    box = page.locator("#compute").bounding_box()
    assert -5 <= box["y"] < 300
    page.mouse.wheel(0, 3)
    page.wait_for_timeout(300)
    assert page.locator(".toc [aria-current]").get_attribute("href") == "#compute"


# Claims are all alike, and so are the rows of a table: the checker takes a second for a thousand elements.
PART = """() => {
    document.querySelectorAll('article.claim').forEach((c, n) => n % 120 && c.remove());
    document.querySelectorAll('tbody').forEach(t => [...t.rows].forEach((r, n) => n > 4 && r.remove()));
    document.querySelectorAll('details').forEach((d, n) => d.open = n % 10 === 0);
}"""


def violations(page: Any) -> str:
    """What axe-core finds on a page, a line each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    response = axe.run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response
    return "\n".join(
        f"{v['id']} ({v['impact']}) x{len(v['nodes'])}: {v['nodes'][0]['html'][:160]}" for v in response["violations"]
    )


STATES = {
    "story": ("", ""),
    "card": (f"#claim-{CLAIM}", ""),
    "check": ("#q=M6 saved 80 % of compute", ""),
    "reference": ("", OPEN_ALL),
}


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1280),
        *(pytest.param(*other, marks=pytest.mark.slow) for other in [("light", 390), ("dark", 1280), ("dark", 390)]),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_accessibility_checker_finds_no_violation(
    state: str, scheme: str, width: int, open_page: Open, alone: Path
) -> None:
    """With the reference open on a part of its claims, since they are all alike; the whole one is a slow proof."""
    address, script = STATES[state]
    page = open_page(alone, width=width, address=address, color_scheme=scheme, bypass_csp=True)  # or no checker runs
    if script:
        page.evaluate(script)
        page.evaluate(PART)
    assert violations(page) == ""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_checker_finds_no_violation_in_the_whole_reference(
    scheme: str, open_page: Open, reference: Path
) -> None:
    assert violations(open_page(reference, bypass_csp=True, color_scheme=scheme)) == ""


def test_dark_mode_follows_the_reader_figures_included(open_page: Open, alone: Path) -> None:
    def colours(scheme: str) -> tuple[str, str]:
        page = open_page(alone, color_scheme=scheme)
        page.evaluate(OPEN_ALL)
        script = "e => getComputedStyle(e).{}"
        ink = page.locator(".drawing svg text").first.evaluate(script.format("fill"))
        return page.locator("body").evaluate(script.format("backgroundColor")), ink

    (light_page, light_ink), (dark_page, dark_ink) = colours("light"), colours("dark")
    assert light_page != dark_page
    assert light_ink != dark_ink


def test_story_and_reference_can_be_read_without_javascript(open_page: Open, alone: Path, reference: Path) -> None:
    """The story whole, all steps below one another; each claim as a line that leads to its place in the reference."""
    story, whole = (open_page(file, java_script_enabled=False) for file in (alone, reference))
    assert "3072" in story.locator(".answer").inner_text()
    assert all(step.is_visible() for step in story.locator(".step").all())
    assert not story.locator("#check").is_visible()
    line = story.locator(f".finds > #claim-{CLAIM}")
    assert line.is_visible()
    assert line.get_attribute("href") == f"reference.html#claim-{CLAIM}"
    claims = whole.locator("article.claim")
    assert claims.count() == story.locator(".finds > [id^='claim-']").count() > 600
    for n in (0, claims.count() - 1):
        assert claims.nth(n).is_visible()
    for section in whole.locator("section.chapter").all():
        assert section.locator("h2").first.is_visible()


def test_keyboard_reaches_the_report_first(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.keyboard.press("Tab")
    seen = []
    for _ in range(3):
        focused = page.locator(":focus")
        assert focused.bounding_box()["x"] >= 0  # no longer off the screen
        seen.append(focused.get_attribute("href"))
        page.keyboard.press("Tab")
    assert seen == ["#check", "#what-if", "#main"]


def test_filter_of_the_claims_narrows_the_list_keeps_it_in_the_address_and_gives_it_back(
    open_page: Open, alone: Path
) -> None:
    page = open_page(alone)
    in_order(page, "verdicts")
    everything = page.locator("article.claim:not([hidden])").count()
    page.locator("#claim-filter select[name='grade']").select_option("wrong")
    wrong = page.locator("article.claim:not([hidden])").count()
    assert 0 < wrong < everything
    assert page.locator("article.claim[data-grade='wrong']").count() == wrong
    assert "grade=wrong" in page.url
    shared = open_page(alone, address="?grade=wrong")
    assert shared.locator("article.claim:not([hidden])").count() == wrong
    page.locator("#claim-filter button[type='reset']").click()
    page.wait_for_function(f"document.querySelectorAll('article.claim:not([hidden])').length === {everything}")


def test_filter_hides_the_headings_of_articles_without_a_match(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    in_order(page, "verdicts")
    assert page.locator("section.of-article > h4:visible").count() > 1
    page.locator("#claim-filter select[name='article']").select_option("003")
    assert page.locator("section.of-article > h4:visible").all_inner_texts() == [
        page.locator("#article-003").inner_text()
    ]


def test_claim_in_the_list_shows_the_rest_when_it_is_asked_for(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    in_order(page, "verdicts")
    claim = page.locator(f"#verdicts article[id='claim-{CLAIM}']")
    assert claim.locator(".why").count() == 0
    claim.locator(".more-of-claim").click()
    claim.locator(".why").wait_for(state="visible")
    claim.locator(".more-of-claim").click()
    assert claim.locator(".why").count() == 0


def test_print_gives_the_story_whole_and_leaves_out_what_cannot_be_used_on_paper(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    page.emulate_media(media="print")
    for hidden in (".toc", "#check", ".bar-nav", ".take", "details.code", "#reference", "#explorer form"):
        assert page.locator(f"{hidden}:visible").count() == 0, hidden
    assert all(step.is_visible() for step in page.locator(".step").all())
    assert page.locator(".answer").is_visible()


def test_no_label_of_a_drawing_is_too_small_on_a_phone(open_page: Open, alone: Path) -> None:
    page = open_page(alone, width=390)
    page.evaluate(OPEN_ALL)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.drawing svg')].flatMap((svg) => {
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return [...svg.querySelectorAll('text')].map((t) => scale * parseFloat(getComputedStyle(t).fontSize))
                .filter((size) => size < 10.95).map((size) => `${svg.closest('figure').id}: ${size.toFixed(1)}`);
        })"""
    )
    assert sorted(set(small)) == []


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
    return write_own_page([tmp_path / "01_hostile.ipynb"], tmp_path)


def test_hostile_data_runs_no_script_even_without_the_security_policy(open_page: Open, hostile_page: Path) -> None:
    page = open_page(hostile_page, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    assert page.complaints == []  # an alert would be one
    assert page.locator("main script:not([type^='application/']), main img[onerror], main svg[onload]").count() == 0
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


def test_marks_of_a_drawing_are_read_off_by_arrow_keys_and_by_pointer(open_page: Open, alone: Path) -> None:
    page = open_page(alone)
    figure = in_order(page, "scale").locator("#fig-race")
    said, marks = figure.locator(".mark-said"), figure.locator("use > title")
    figure.locator(".mark-at").focus()
    page.keyboard.press("ArrowRight")
    assert said.inner_text() == marks.nth(1).text_content()
    box = figure.locator("use:has(title)").nth(5).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert said.inner_text() in [mark.text_content() for mark in marks.all()]
    assert said.inner_text() != marks.nth(1).text_content()


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_scale_of_days_lies_under_the_drawings_that_it_measures(width: int, open_page: Open, alone: Path) -> None:
    page = open_page(alone, width=width, address="#what-if")
    sides = "e => { const b = e.getBoundingClientRect(); return [Math.round(b.left), Math.round(b.right)]; }"
    drawing = page.locator("#run-strip svg").last.evaluate(sides)
    assert page.locator("#run-strip + .ticks").evaluate(sides) == pytest.approx(drawing, abs=2)
