"""The explorer and the panel of assumptions in a browser: the same numbers as Python's, by hand, keyboard and link."""

import math
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.language import TAGS, current, using
from helpers.ledger.flips import assumptions
from helpers.ledger.tables import Tables
from helpers.numbers import READABLE, readable
from helpers.report.assumption_panel import assumption_panel
from helpers.report.chapter_html import WRITTEN_IN
from helpers.report.claim_list import claim_list, filter_form
from helpers.report.claims import scale_list
from helpers.report.explorer import explorer
from helpers.report.number_words import number_words
from helpers.report.text import Html
from helpers.scenarios import scenario as scenarios
from helpers.scenarios.checking import accelerator_of
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.inputs import figures_of, inputs_of
from helpers.scenarios.scenario import from_mapping, read_scenario, scenario_names
from helpers.scenarios.solving import CIRCUMSTANCES, SOLVED, WAYS, evaluate
from helpers.scenarios.whole_run import LIKE, MOVED_WIDTH, read_shares, settled
from helpers.scenarios.wording import FIGURE_WORDS, amount, spread
from tests.browser.test_page import violations
from tests.report.editions import differences
from tests.report.hostile import HOSTILE
from tests.report.pages import write_own_page

Open = Callable[..., Any]
POWER = "gpt-3.power_per_chip.patterson2021"
DATA = "JSON.parse(document.getElementById('explorer').dataset.explorer)"
PAUSE = 450  # milliseconds after which the address and the live line have followed


def write_page(folder: Path, **shown: Html) -> Path:
    """A page with one section for each piece of markup, in the current language."""
    cells = [new_markdown_cell("# What would it take?")]
    for title, html in shown.items():
        output = new_output("display_data", data={"text/html": str(html)})
        cells += [new_markdown_cell(f"## {title}"), new_code_cell("shown", outputs=[output])]
    nbformat.write(new_notebook(cells=cells, metadata={WRITTEN_IN: current()}), folder / "06_scenario.ipynb")
    return write_own_page([folder / "06_scenario.ipynb"], folder)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, real_tables: Tables, real_verdicts: pd.DataFrame) -> Path:
    """A page with an explorer, the assumptions, the claims that depend on them, and the filter of the claims."""
    verdicts = real_verdicts
    turned = {d.claim_id for a in assumptions(real_tables) for d in a.dependences}
    claims = real_tables["claims"]
    few = Tables({**real_tables.frames, "claims": claims[claims["claim_id"].isin(turned)]}, real_tables.references)
    return write_page(
        tmp_path_factory.mktemp("explorer"),
        explorer=explorer(read_scenario("gpt-3")),
        assumptions=assumption_panel(real_tables),
        claims=Html(scale_list() + filter_form(few, verdicts) + claim_list(few, verdicts)),
    )


@pytest.fixture
def open_page(open_page: Open) -> Open:
    """With all boxes of the calculator in sight."""

    def opened(*args: Any, **options: Any) -> Any:
        page = open_page(*args, **options)
        page.evaluate("document.querySelectorAll('#explorer details.boxes').forEach(d => d.open = true)")
        return page

    return opened


@pytest.fixture
def page(open_page: Open, file: Path) -> Any:
    return open_page(file)


def cells(page: Any) -> dict[str, list[str]]:
    """The table by figure: value, range, change."""
    return dict(
        page.eval_on_selector_all(
            "#explorer tbody tr",
            "rows => rows.map(r => [r.dataset.figure, [...r.cells].slice(1).map(c => c.textContent)])",
        )
    )


def move(page: Any, field: str, value: float, pause: int = PAUSE) -> None:
    """Type a number into a box, and let the address follow."""
    page.locator(f"#explorer-{field}").fill(f"{value:.17g}")
    page.locator(f"#explorer-{field}").blur()
    page.wait_for_timeout(pause)


def choose(page: Any, **options: str) -> None:
    """Choose from the lists."""
    for name, value in options.items():
        page.locator(f"#explorer select[name={name}]").select_option(value)


# The same numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unknown", "number"), [(u, n) for u, ways in WAYS.items() for n in range(len(ways))])
def test_script_computes_what_python_does_on_thousands_of_points(unknown: str, number: int, page: Any) -> None:
    given = WAYS[unknown][number].names
    chosen = np.random.default_rng(7)
    columns = {}
    for name in (*given, *CIRCUMSTANCES):
        low, high = (1e10, 1e16) if name == "peak_flop_per_s" else (1e-3, 1e15)
        columns[name] = np.exp(chosen.uniform(math.log(low), math.log(high), 3000))
    wanted = evaluate(unknown, **columns)
    key = page.evaluate(f"{DATA}.ways['{unknown}'][{number}].key")
    found = page.evaluate(
        """([key, names, rows]) => rows.map((row) => {
            const numbers = Object.fromEntries(row.map((value, n) => [names[n], value]));
            return formulas.figures({...numbers, ...formulas.ways[key](numbers)});
        })""",
        [key, list(columns), np.array(list(columns.values())).T.tolist()],
    )
    assert len(found) == 3000
    for name, values in wanted.items():
        np.testing.assert_allclose(np.array([row[name] for row in found], float), values, rtol=1e-12, err_msg=name)


def numbers_to_write() -> list[float]:
    """Magnitudes, exact halves at every digit, whole numbers, powers of ten and their neighbours."""
    spread_out = np.geomspace(1e-4, 1e19, 1500).tolist()
    halves = [
        12345.0,
        12355.0,
        0.5,
        1.5,
        2.5,
        1234.5,
        1235.5,
        999.5,
        9999.5,
        99995.0,
        1.0005e15,
        12.125,
        12.375,
        4.0625,
    ]
    tens = [x for e in range(-3, 19) for x in (10.0**e, np.nextafter(10.0**e, 0), 9.995 * 10.0**e, 9.9996 * 10.0**e)]
    whole = [float(n) for n in range(1, 130)] + [1461.0, 1460.9, 0.999, 365.25]
    return [float(x) for x in (*spread_out, *halves, *tens, *whole)]


@pytest.mark.parametrize("language", TAGS)
def test_script_writes_amounts_as_python_does(language: str, page: Any) -> None:
    values = numbers_to_write()
    script = "([words, figure, values]) => values.map((v) => numberWords(words).amount(figure, v))"
    with using(language):
        for figure in FIGURE_WORDS:
            found = page.evaluate(script, [number_words(), figure, values])
            assert found == [amount(figure, value) for value in values], figure


@pytest.mark.parametrize("language", TAGS)
def test_script_writes_ranges_as_python_does(language: str, page: Any) -> None:
    pairs = [(v, v * f) for v in np.geomspace(1e-3, 1e16, 300).tolist() for f in (1.0, 1.01, 1.7, 30.0)]
    script = "([words, figure, pairs]) => pairs.map(([a, b]) => numberWords(words).span(figure, a, b))"
    with using(language):
        for figure in FIGURE_WORDS:
            found = page.evaluate(script, [number_words(), figure, pairs])
            assert found == [spread(figure, low, high) for low, high in pairs], figure


@pytest.mark.parametrize("language", TAGS)
def test_script_writes_readable_quantities_as_python_does(language: str, page: Any) -> None:
    values = numbers_to_write()
    script = "([words, unit, digits, values]) => values.map((v) => numberWords(words).readable(v, unit, digits))"
    with using(language):
        for unit in (*READABLE, "token", "pixel", "fraction", "ratio", "W", "USD"):
            for digits in (3, 4):
                found = page.evaluate(script, [number_words(), unit, digits, values])
                assert found == [readable(value, unit, digits) for value in values], unit


def test_explorer_says_the_same_in_both_editions(tmp_path: Path, open_page: Open) -> None:
    """Same numbers before and after a move, none of the words English, the same address."""
    said = {}
    for language in TAGS:
        with using(language):
            page = open_page(write_page(tmp_path, explorer=explorer(read_scenario("yuan-1-0"))))
        box = page.locator("#explorer-params")
        base = page.locator(".explorer table").inner_text()
        box.fill("1e12")
        box.blur()
        page.wait_for_timeout(PAUSE)
        said[language] = [
            base,
            page.locator(".explorer table").inner_text(),
            page.locator(".explorer .status").inner_text(),
        ]
        said[language].append(page.locator("[data-field=utilisation] .read").inner_text())
        assert page.url.endswith("?params=1000000000000")
        assert page.complaints == []
    for english, chinese in zip(*said.values(), strict=True):
        assert differences(english, chinese) == ([], [])
        assert not re.search("[a-z]{4}", chinese), chinese
    assert said["en"][0] != said["en"][1]


def test_every_scenario_gives_the_same_figures_in_the_page(page: Any) -> None:
    """Middles to twelve digits; ranges as the 20,000 draws of the package's Monte Carlo find them."""
    script = f"""name => {{
        const data = {DATA};
        return scenarioModel(data).estimate((data.scenarios[name] ?? data.scenarios['']).given);
    }}"""
    for name in scenario_names():
        found = page.evaluate(script, name)
        for figure, value in figures_of(inputs_of(settled(read_scenario(name)))).items():
            low, middle, high = (math.nan if x is None else x for x in found[figure])
            assert middle == pytest.approx(value.middle, rel=1e-12, nan_ok=True), (name, figure)
            if value.known and value.low_90 < value.high_90:
                width = math.log(value.high_90 / value.low_90)
                assert math.log(high / low) == pytest.approx(width, rel=0.05), (name, figure)
                assert math.log(low / value.low_90) == pytest.approx(0, abs=0.05 * width), (name, figure)


# The base case -------------------------------------------------------------------------------------------------------


def test_base_case_is_pythons_to_the_letter_until_something_moves(open_page: Open, file: Path) -> None:
    with_script, without = open_page(file), open_page(file, java_script_enabled=False)
    with_script.wait_for_timeout(PAUSE)
    assert with_script.locator("#explorer table").inner_text() == without.locator("#explorer table").inner_text()
    assert "?" not in with_script.url
    before = cells(with_script)
    move(with_script, "tokens", 5e11)
    assert cells(with_script) != before
    with_script.locator("#explorer button[type=reset]").click()
    assert cells(with_script) == before


def test_without_javascript_the_base_case_and_the_turns_can_be_read(open_page: Open, file: Path) -> None:
    page = open_page(file, java_script_enabled=False)
    assert not page.locator("#explorer form").is_visible()
    assert not page.locator(".mover").first.is_visible()
    days = figures_of(inputs_of(settled(read_scenario("gpt-3"))))["days"]
    assert amount("days", days.middle) in page.locator("#explorer table").inner_text()
    assert "accurate from 37 TFLOP/s" in page.locator("#assumptions").inner_text()


def test_print_leaves_out_the_controls(page: Any) -> None:
    page.emulate_media(media="print")
    assert not page.locator("#explorer form").is_visible()
    assert not page.locator(".mover").first.is_visible()
    assert page.locator("#explorer table").is_visible()


def test_page_complains_of_nothing_and_asks_for_nothing(page: Any, file: Path) -> None:
    move(page, "params", 1e12)
    page.locator("#explorer select[name=solve_for]").select_option("tokens")
    page.locator(".mover input").first.press("ArrowRight")
    page.wait_for_timeout(PAUSE)
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("data:")] == [file.as_uri()]


# Moving --------------------------------------------------------------------------------------------------------------


def test_number_in_a_box_gives_what_python_gives(page: Any) -> None:
    move(page, "params", 1.23e12)
    move(page, "count", 4321)
    given = {**settled(read_scenario("gpt-3")).given, "params": 1.23e12, "count": 4321}
    figures = figures_of(
        inputs_of(from_mapping({k: v for k, v in given.items() if k not in ("layers", "hidden", "heads")}))
    )
    shown = cells(page)
    for name in ("days", "energy_kwh", "carbon_kg", "cost_usd", "petaflop_s_day_8nd", "tokens_per_param"):
        assert shown[name][0] == amount(name, figures[name].middle)
    assert "changed" in page.locator("#explorer caption").inner_text()


def test_slider_by_keyboard_moves_figures_address_and_the_spoken_line(page: Any) -> None:
    slider = page.locator(".knob[data-field=count] input[type=range]")
    before = cells(page)["days"][0]
    slider.focus()
    for key in ("ArrowRight", "ArrowRight", "PageUp"):
        page.keyboard.press(key)
    page.wait_for_timeout(PAUSE)
    count = float(page.locator("#explorer-count").input_value())
    assert count > 10_000
    assert cells(page)["days"][0] != before
    assert f"count={count:.0f}" in page.url
    assert page.locator("#explorer .status").inner_text().startswith(f"Training time: {cells(page)['days'][0]}")
    assert slider.get_attribute("aria-valuetext").startswith(f"{count:,.0f}"[:2])
    page.keyboard.press("Home")
    assert cells(page)["count"][0] == "1 accelerator"


def test_slider_by_mouse_moves_figures(page: Any) -> None:
    slider = page.locator(".knob[data-field=params] input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.95, box["y"] + box["height"] / 2)
    assert float(page.locator("#explorer-params").input_value()) > 1e13
    assert cells(page)["state_share"][1] == "does not fit"


def test_every_control_can_be_reached_by_keyboard_and_shows_where_one_is(page: Any) -> None:
    page.locator("#explorer select[name=accelerator]").focus()
    seen = []
    for _ in range(20):
        seen.append(
            page.evaluate("document.activeElement.name || document.activeElement.id || document.activeElement.type")
        )
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Tab")
    assert {"scenario", "solve_for", "accelerator", "explorer-params", "range", "explorer-tokens"} <= set(seen)


@pytest.mark.parametrize(("field", "text"), [("count", "0.5"), ("utilisation", "7"), ("params", ""), ("pue", "-1")])
def test_number_that_is_not_accepted_is_named_and_changes_nothing(field: str, text: str, page: Any) -> None:
    page.evaluate("document.querySelectorAll('#explorer details').forEach(d => d.open = true)")
    before = cells(page)
    page.locator(f"#explorer-{field}").fill(text)
    problem = page.locator(f"#explorer-{field}-says .problem").inner_text()
    assert str(FIELDS[field].accepted).removesuffix(", or a range [low, high]") in problem
    assert cells(page) == before
    page.locator(f"#explorer-{field}").blur()
    assert page.locator(f"#explorer-{field}-says .problem").inner_text() == ""


@pytest.mark.parametrize("unknown", sorted(SOLVED))
def test_unknown_can_be_any_and_what_was_unknown_becomes_given(unknown: str, page: Any) -> None:
    before = cells(page)
    page.locator("#explorer select[name=solve_for]").select_option(unknown)
    page.wait_for_timeout(PAUSE)
    assert page.locator("#explorer tr.solved").get_attribute("data-figure") == SOLVED[unknown]
    assert page.locator("#explorer-utilisation").is_visible()
    shown = cells(page)
    assert shown["days"][0] == before["days"][0]
    assert float(shown["petaflop_s_day_6nd"][0].replace(",", "").split()[0]) == pytest.approx(3637, rel=0.01)
    hidden = {"days": "days", "params": "params", "tokens": "tokens", "count": "count"}.get(unknown, "budget_usd")
    assert not page.locator(f".knob[data-field={hidden}]").is_visible()


def test_money_can_take_the_place_of_days(page: Any) -> None:
    page.locator("#explorer select[name=solve_for]").select_option("tokens")
    page.locator("#explorer select[name=way]").select_option(label="Budget, US dollars")
    page.wait_for_timeout(PAUSE)
    assert page.locator("#explorer-budget_usd").is_visible()
    assert not page.locator("#explorer-days").is_visible()
    move(page, "budget_usd", 2e6)
    assert cells(page)["cost_usd"][0] == "2 million US dollars"
    assert "budget_usd=2000000" in page.url


def test_accelerator_brings_its_own_figures(page: Any) -> None:
    page.locator("#explorer select[name=accelerator]").select_option("h100-sxm5-80gb")
    page.wait_for_timeout(PAUSE)
    given = settled(read_scenario("gpt-3")).given
    shares, (low, high) = read_shares()["dense"], given["utilisation"]
    there = math.sqrt(low * high) * shares["h100-sxm5-80gb"]["bf16"] / shares[accelerator_of(given).name]["bf16"]
    off = math.exp(math.hypot(math.log(high / low) / 2, MOVED_WIDTH))
    moved = {"accelerator": "h100-sxm5-80gb", "utilisation": [there / off, there * off]}
    own = {k: v for k, v in given.items() if k not in ("device_power_w", "power_factor")}
    figures = figures_of(inputs_of(from_mapping({**own, **moved})))
    assert cells(page)["days"][0] == amount("days", figures["days"].middle)
    assert cells(page)["energy_kwh"][0] == amount("energy_kwh", figures["energy_kwh"].middle)
    assert cells(page)["days"][1] != ""  # the spread of published runs


def test_another_precision_is_as_the_time_model_has_it(page: Any) -> None:
    """The scenario that stands for dense models: the page comes to the command line's days on any accelerator."""
    page.goto(f"{page.url}?scenario={LIKE['dense']}")
    page.locator("[data-said=accelerator]").select_option("b200")
    page.locator("[data-said=precision]").select_option("fp8")
    page.wait_for_timeout(PAUSE)
    own = read_scenario(LIKE["dense"]).changed({"accelerator": "b200", "precision": "fp8"}, "here")
    wanted = figures_of(inputs_of(settled(own)))["days"].middle
    shown = float(re.match(r"[\d.]+", cells(page)["days"][0])[0])
    assert shown == pytest.approx(wanted, rel=0.01)
    page.locator("[data-said=accelerator]").select_option("a100-sxm4-80gb")  # which has no such rate
    assert page.locator("[data-said=precision]").input_value() == "bf16"


def test_limit_that_is_passed_is_said(page: Any) -> None:
    page.goto(f"{page.url}?days=10")
    days = cells(page)["days"][0]
    assert page.locator(".notice").inner_text() == f"More than the scenario has: {days}, against 10 days."


def test_scenario_of_the_list_can_be_loaded(page: Any) -> None:
    page.locator("#explorer select[name=scenario]").select_option("start-up")
    page.wait_for_timeout(PAUSE)
    figures = figures_of(inputs_of(settled(read_scenario("start-up"))))
    assert cells(page)["tokens"][0] == amount("tokens", figures["tokens"].middle)
    assert page.locator("#explorer caption").inner_text() == read_scenario("start-up").title
    assert "scenario=start-up" in page.url


# The address ---------------------------------------------------------------------------------------------------------


def test_address_shares_the_scenario_and_survives_a_reload(page: Any, open_page: Open, file: Path) -> None:
    page.locator("#explorer select[name=scenario]").select_option("yuan-1-0")
    move(page, "params", 5.5e11)
    page.locator("#explorer select[name=solve_for]").select_option("count")
    page.wait_for_timeout(PAUSE)
    wanted = cells(page)
    other = open_page(file, address=page.url.removeprefix(file.as_uri()))
    assert cells(other) == wanted
    other.reload()
    assert cells(other) == wanted
    assert float(other.locator("#explorer-params").input_value()) == 5.5e11


def test_back_and_forward_go_through_what_was_moved(page: Any) -> None:
    tables = [cells(page)]
    for value in (1e12, 2e12):
        move(page, "params", value)
        tables.append(cells(page))
    page.go_back()
    assert cells(page) == tables[1]
    page.go_back()
    assert cells(page) == tables[0]
    page.go_forward()
    assert cells(page) == tables[1]


def test_what_the_report_opens_with_is_loaded_and_every_address_leads_to_its_state(
    open_page: Open, tmp_path: Path
) -> None:
    """No words for what stands there at first; what was moved names its scenario; bare moves are of the base case."""
    section = f'<section data-opens="today-70b">{explorer(read_scenario("gpt-3"))}</section>'
    path = write_page(tmp_path, explorer=Html(section))
    page = open_page(path)
    caption = page.locator("#explorer caption")
    titles = page.evaluate(f"Object.fromEntries(Object.entries({DATA}.scenarios).map(([k, v]) => [k, v.title]))")
    assert caption.inner_text() == titles["today-70b"]
    assert page.url == path.as_uri()
    move(page, "count", 4096)
    assert "scenario=today-70b" in page.url
    assert "count=4096" in page.url
    choose(page, scenario="")
    page.wait_for_timeout(PAUSE)
    assert page.url.endswith("?scenario=")
    page.reload()
    assert caption.inner_text() == f"{titles['']}: base case"
    page.locator("#explorer button[type=reset]").dispatch_event("click")
    page.wait_for_timeout(PAUSE)
    assert (caption.inner_text(), page.url) == (titles["today-70b"], path.as_uri())
    assert open_page(path, address="?tokens=1e12").locator("#explorer caption").inner_text() == f"{titles['']}, changed"


def test_address_of_the_filter_and_of_the_explorer_live_side_by_side(page: Any, open_page: Open, file: Path) -> None:
    move(page, "params", 1e12)
    page.locator("#claim-filter select[name='grade']").select_option("misleading")
    move(page, "tokens", 1e12)
    assert {"params=1000000000000", "tokens=1000000000000", "grade=misleading"} <= set(
        page.url.split("?")[1].split("&")
    )
    other = open_page(file, address=page.url.removeprefix(file.as_uri()))
    assert cells(other) == cells(page)
    assert other.locator("article.claim:visible").count() == page.locator("article.claim:visible").count() == 1


def test_link_to_a_place_keeps_its_place(page: Any) -> None:
    page.goto(f"{page.url}#claims")
    move(page, "params", 1e12)
    assert page.url.endswith("#claims")


IMPOSSIBLE = (
    "params=-1", "params=abc", "count=0.5", "accelerator=nothing", "solve_for=love", "scenario=toString", "days=",
    "utilisation=0.9..0.1", "date=1999-01-01", "vendor=nobody", "constructor=1", "assume=x:1",
)  # fmt: skip


def test_address_that_cannot_be_is_left_aside(page: Any, file: Path) -> None:
    before = cells(page)
    for query in IMPOSSIBLE:
        page.goto(f"{file.as_uri()}?{query}")
        assert cells(page) == before, query
    assert page.complaints == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_address_stays_text(text: str, open_page: Open, file: Path, page: Any) -> None:
    query = page.evaluate(
        "text => '?' + new URLSearchParams(['scenario', 'accelerator', 'vendor', 'date', 'grid', 'title', 'assume']"
        ".map((name) => [name, text]))",
        text,
    )
    hostile = open_page(file, address=query, bypass_csp=True)
    move(hostile, "params", 1e12)
    assert hostile.complaints == []
    assert hostile.locator("main script, main img, main svg[onload]").count() == 0


# To take away --------------------------------------------------------------------------------------------------------


def toml_of(page: Any) -> dict[str, Any]:
    return tomllib.loads(page.locator("#explorer-file").input_value())


@pytest.mark.parametrize("start", ["", "start-up", "switch-c", "cluster-2026"])
def test_copied_file_is_read_to_the_same_numbers(start: str, page: Any, tmp_path: Path) -> None:
    """With every unknown in turn."""
    for unknown in SOLVED:
        choose(page, scenario=start, solve_for=unknown)
        move(page, "utilisation", 0.37, pause=0)
        (tmp_path / "mine.toml").write_text(page.locator("#explorer-file").input_value(), encoding="utf-8")
        scenario = read_scenario(tmp_path / "mine.toml")
        assert scenario.given.get("solve_for", "days") == unknown
        figures, shown = figures_of(inputs_of(scenario)), cells(page)
        for name in ("days", "tokens", "active_params", "count", "cost_usd", "energy_kwh", "carbon_kg"):
            assert shown[name][0] == amount(name, figures[name].middle), (unknown, name)


def test_file_of_a_scenario_that_was_only_loaded_is_the_scenario(page: Any, tmp_path: Path) -> None:
    for name in scenario_names():
        page.locator("#explorer select[name=scenario]").select_option("" if name == "gpt-3" else name)
        (tmp_path / "same.toml").write_text(page.locator("#explorer-file").input_value(), encoding="utf-8")
        assert read_scenario(tmp_path / "same.toml").given == settled(read_scenario(name)).given


def test_copy_buttons_fill_the_clipboard(open_page: Open, file: Path) -> None:
    page = open_page(file, permissions=["clipboard-read", "clipboard-write"])
    move(page, "params", 1e12)
    page.locator("#explorer button[name=toml]").click()
    page.wait_for_timeout(100)
    assert tomllib.loads(page.evaluate("navigator.clipboard.readText()"))["params"] == 1e12
    page.locator("#explorer button[name=link]").click()
    page.wait_for_timeout(100)
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{file.as_uri()}?params=1000000000000#explorer"
    assert page.locator("#explorer .status").inner_text() == "Link copied."


def test_copy_without_a_clipboard_marks_the_text(page: Any) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    page.locator("#explorer button[name=toml]").click()
    page.locator("#explorer-file").wait_for(state="visible")
    assert "params = 174600000000" in page.evaluate("getSelection().toString() || document.activeElement.value")


def test_hostile_titles_make_good_files(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [*HOSTILE, 'quote " and \\ and \t', "\x7f\x01", "甲"]
    others = {title: from_mapping({"title": title, "note": title}) for title in titles}
    base = read_scenario("gpt-3")
    monkeypatch.setattr(scenarios, "scenario_names", lambda: titles)
    monkeypatch.setattr(scenarios, "read_scenario", others.get)
    page = open_page(write_page(tmp_path, explorer=explorer(base)), bypass_csp=True)
    for title in titles:
        page.locator("#explorer select[name=scenario]").select_option(index=1 + titles.index(title))
        assert toml_of(page)["title"] == toml_of(page)["note"] == title
        move(page, "params", 1e12, pause=0)
        assert toml_of(page)["title"] == f"{title}, changed"
        assert page.locator("#explorer caption").text_content() == f"{title}, changed"
    page.wait_for_timeout(PAUSE)
    assert page.complaints == []


# Assumptions ---------------------------------------------------------------------------------------------------------


def test_verdict_turns_when_the_slider_passes_the_flip_point(page: Any) -> None:
    slider = page.locator(f".assumption[data-evidence='{POWER}'] input")
    block = page.locator(f".assumption[data-evidence='{POWER}']")
    badges = block.locator("li[data-claim='004-m6-energy'] .badge")
    at_claim = page.locator("#claim-004-m6-energy h5 .badge")
    assert [badges.inner_text(), at_claim.inner_text()] == ["◆ misleading"] * 2
    slider.focus()
    for _ in range(12):
        page.keyboard.press("PageUp")  # a tenth of the way
        if "◆" not in badges.inner_text():
            break
    else:
        pytest.fail("the slider does not reach the flip point")
    assert float(page.locator(".mover output").first.inner_text().split()[0]) >= 561
    page.wait_for_timeout(PAUSE)
    assert [badges.inner_text(), at_claim.inner_text()] == ["? unsure"] * 2
    assert "unsure" in at_claim.get_attribute("class")
    assert at_claim.get_attribute("href") == "#grade-unsure"
    claim = page.locator("#claim-004-m6-energy h5")
    assert "under your assumption" in claim.inner_text()
    outcome = page.locator(".outcome").first.inner_text()
    assert re.match(r"At [\d,.]+ W instead of 330 W: ", outcome)
    assert "004-m6-energy would be unsure instead of misleading" in outcome
    page.locator(".mover button").first.click()
    assert [badges.inner_text(), at_claim.inner_text()] == ["◆ misleading"] * 2
    assert "under your assumption" not in claim.inner_text()
    assert page.locator(".outcome").first.inner_text() == ""


def test_slider_shows_the_grade_that_was_worked_out_wherever_it_stands(page: Any, real_tables: Tables) -> None:
    for assumption in assumptions(real_tables):
        block = page.locator(f".assumption[data-evidence='{assumption.evidence_id}']")
        for step in range(0, 1001, 40):
            block.locator("input").evaluate(
                "(e, step) => { e.value = step; e.dispatchEvent(new Event('input')) }", step
            )
            share = step / 1000
            value = float(f"{assumption.low * (assumption.high / assumption.low) ** share:.2e}")
            value = min(assumption.high, max(assumption.low, value))
            for dependence in assumption.dependences:
                shown = block.locator(f"li[data-claim='{dependence.claim_id}'] .badge").inner_text()
                assert shown.split(" ", 1)[1] == dependence.at(value).value, (assumption.evidence_id, value)


def test_one_assumption_is_moved_at_a_time_and_kept_in_the_address(page: Any, open_page: Open, file: Path) -> None:
    first, second = page.locator(".mover input").nth(0), page.locator(".mover input").nth(1)
    kept = "() => location.href.includes('assume=gpt-3.power')"  # the address follows when the page has time
    first.press("End")
    page.wait_for_function(kept)
    second.press("End")
    page.wait_for_timeout(PAUSE)
    assert page.locator(".mover output").first.inner_text() == "330 W"
    assert page.locator("article.claim .assumed").count() == 1
    other = open_page(file, address=page.url.removeprefix(file.as_uri()))
    assert other.locator("article.claim .assumed").count() == 1
    page.go_back()
    assert page.locator("#claim-004-m6-energy .assumed").is_visible()
    move(page, "params", 1e12)
    page.wait_for_function(kept)


# For everybody -------------------------------------------------------------------------------------------------------


SEEN_LATER = [
    pytest.param(*one, marks=pytest.mark.slow)
    for one in [(1280, "dark"), (390, "light"), (320, "light"), (320, "dark")]
]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), *SEEN_LATER])
def test_accessibility_checker_finds_no_violation(width: int, scheme: str, open_page: Open, file: Path) -> None:
    page = open_page(file, width=width, color_scheme=scheme, bypass_csp=True, address=f"?assume={POWER}:600")
    page.evaluate("document.querySelectorAll('#explorer details').forEach(d => d.open = true)")
    move(page, "params", 1e15)
    page.locator("#explorer-count").fill("0.5")
    assert violations(page) == ""


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("query", ["", "?scenario=start-up", f"?solve_for=params&assume={POWER}:600"])
def test_nothing_scrolls_sideways(width: int, query: str, open_page: Open, file: Path) -> None:
    page = open_page(file, width=width, address=query)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('#explorer .scroll').scrollWidth") <= width
