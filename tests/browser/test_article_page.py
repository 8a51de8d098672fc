"""The page of one article in Chromium: judged again as the command line judges, saved as a ledger, shared without a sentence."""

import csv
import io
import json
import math
import random
from pathlib import Path

import pytest

from helpers.commands.scan_command import write_article
from helpers.ledger.intervals import Interval, date_interval
from helpers.ledger.judgement import judge_claims
from helpers.ledger.own_ledger import read_own
from helpers.ledger.processed import process
from helpers.ledger.verdicts import Estimate, Finding, Strength, judge
from helpers.paths import DATA
from helpers.report.article_page import as_data

TEXT = (
    "GPT-3 has about 175 billion parameters and was trained on 3 trillion tokens.\n"
    "Zorilla-7B was trained on 9 trillion tokens.\n"
    "Falcon-180B was trained with 4096 GPUs. <img src=x onerror=alert(1)>\n"
)


def editable(article: Path) -> Path:
    """The page to correct of an article, beside it."""
    page = article.with_name("article.html")
    write_article(article, page, DATA, editable=True)
    return page


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("article")
    (folder / "news.txt").write_text(TEXT, encoding="utf-8")
    return editable(folder / "news.txt")


def figure(page, printed: str):
    return page.locator(f'article.figure[aria-label="{printed}"]')


def saved(page, name: str) -> str:
    with page.expect_download() as waiting:
        page.locator(f'[data-save="{name}"]').click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def generated(count: int):
    """Claims and evidence of all sizes, near and far, strong and weak, numbers and dates."""
    chance = random.Random(13)
    for _ in range(count):
        if chance.random() < 0.2:
            days = [date_interval(_day(chance)) for _ in range(1 + chance.randrange(3))]
            yield days[0], [_estimate(day, chance) for day in days[1:] or days], True
            continue
        middle = 10 ** chance.uniform(-3, 26)
        claimed = Interval(middle * chance.uniform(0.9, 1), middle * chance.uniform(1, 1.1))
        factors = [
            chance.choice((1, 1.05, 1.09, 1.11, 1.5, 1.99, 2.01, 10, 24, 60, 1e3, 1e8, 3.7))
            for _ in range(1 + chance.randrange(4))
        ]
        known = [middle * f ** chance.choice((1, -1)) for f in factors]
        yield claimed, [_estimate(Interval(k * 0.999, k), chance) for k in known], False


def _day(chance: random.Random) -> str:
    year, month, day = 2019 + chance.randrange(4), 1 + chance.randrange(12), 1 + chance.randrange(28)
    return chance.choice((f"{year}", f"{year}-{month:02d}", f"{year}-{month:02d}-{day:02d}"))


def _estimate(interval: Interval, chance: random.Random) -> Estimate:
    return Estimate(interval, Strength(chance.randrange(4)))


def test_page_judges_a_thousand_generated_rows_as_the_command_line_does(page_file, open_page) -> None:
    rows = list(generated(1000))
    given = [
        {
            "claimed": as_data(c, d),
            "estimates": [{"interval": as_data(e.interval, d), "strength": int(e.strength)} for e in es],
            "isDate": d,
        }
        for c, es, d in rows
    ]
    page = open_page(page_file)
    found = page.evaluate(
        "rows => rows.map((r) => _held_against(r.claimed, {estimates: r.estimates, comparable: true, "
        "problem: ''}, r.isDate)).map((v) => [v.grade, v.problem, Number.isFinite(v.ratio) ? v.ratio : null])",
        given,
    )
    expected = [judge("restates", c, Finding(tuple(es)), is_date=d) for c, es, d in rows]
    assert [grade for grade, _, _ in found] == [v.grade.value for v in expected]
    assert [problem for _, problem, _ in found] == [v.problem.value for v in expected]
    for (_, _, ratio), verdict in zip(found, expected, strict=True):
        assert ratio == (verdict.ratio if math.isfinite(verdict.ratio) else None)
    assert len({v.grade for v in expected}) >= 5


def test_what_fails_stands_on_top_and_a_corrected_row_leaves_it(page_file, open_page) -> None:
    page = open_page(page_file)
    assert "3 trillion" in page.locator(".list-fails").inner_text()
    wrong = figure(page, "3 trillion")
    assert "wrong" in wrong.locator(".grade").inner_text()
    wrong.locator("select.same").select_option("no")
    assert wrong.locator(".grade").inner_text() == ""
    assert page.locator(".list-fails li").count() == 0
    assert page.locator("#fails + .none").is_visible()
    assert page.complaints == []


def test_another_system_gets_its_own_evidence_and_is_judged_at_once_by_keyboard(page_file, open_page) -> None:
    page = open_page(page_file)
    row = figure(page, "9 trillion")
    assert row.locator(".offered input").count() == 0
    row.locator("input.system").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("DeepSeek-V3")
    page.keyboard.press("Tab")
    assert "inaccurate" in row.locator(".grade").inner_text()
    assert "at least 1.55 times too small" in row.locator(".why").inner_text()
    assert row.locator(".statement").inner_text() == "Tokens of DeepSeek-V3: 9 trillion"


def test_relations_are_judged_again_after_a_correction(open_page, tmp_path) -> None:
    """Two owners, so nothing is tied; given to one owner the figures contradict, and two of three are enough for none."""
    text = "Zephon-2 ran on 2,048 GPUs for 57 days. Norvik-9 took 28 million GPU hours.\n"
    (tmp_path / "news.txt").write_text(text, encoding="utf-8")
    page = open_page(editable(tmp_path / "news.txt"))
    rows = [figure(page, printed) for printed in ("2,048", "57 days", "28 million GPU hours")]

    def grades() -> list[str]:
        return [row.locator(".grade").inner_text().strip("✓≈✗!≠ \n") for row in rows]

    assert grades() == ["", "", ""]
    rows[2].locator("input.system").fill("Zephon-2")
    rows[2].locator("input.system").dispatch_event("change")
    assert ["contradicts" in grade for grade in grades()] == [True] * 3
    assert "2,048 x 57 days" in rows[2].locator(".why").inner_text()
    assert page.locator(".list-contradicts li").count() == 3
    rows[1].locator("select.same").select_option("no")
    assert grades() == ["", "", ""]
    assert page.locator(".list-contradicts li").count() == 0


def test_saved_tables_are_a_ledger_that_the_command_line_judges_alike(page_file, open_page, tmp_path) -> None:
    page = open_page(page_file)
    figure(page, "9 trillion").locator("input.system").fill("Llama 3.1 405B")
    figure(page, "9 trillion").locator("input.system").dispatch_event("change")
    for name in ("claims", "articles", "systems"):
        (tmp_path / f"{name}.csv").write_text(saved(page, name), encoding="utf-8", newline="")
    grades = {
        r["as_printed"]: r for r in csv.DictReader(io.StringIO((tmp_path / "claims.csv").read_text(encoding="utf-8")))
    }
    assert grades["9 trillion"]["system_id"] == "llama-3-1-405b"
    dataset = read_own(tmp_path, DATA)
    judged = judge_claims(process(dataset.tables)).set_index("claim_id")["grade"]
    for printed, row in grades.items():
        shown = figure(page, printed).locator(".grade").inner_text().strip("✓≈✗! \n")
        if row["evidence_ids"]:
            assert judged[row["claim_id"]] in shown, printed


def test_name_that_no_table_holds_is_saved_as_a_system_of_the_ledgers_own(page_file, open_page) -> None:
    page = open_page(page_file)
    rows = list(csv.DictReader(io.StringIO(saved(page, "systems"))))
    assert [row["name"] for row in rows] == ["Zorilla-7B"]


def test_reviews_follow_the_standard_and_hold_no_sentence(page_file, open_page) -> None:
    graph = json.loads(saved(open_page(page_file), "reviews"))["@graph"]
    assert {node["@type"] for node in graph} == {"ClaimReview"}
    by_claim = {node["claimReviewed"]: node["reviewRating"] for node in graph}
    assert by_claim["Parameters of GPT-3: about 175 billion"]["ratingValue"] == 5
    assert "was trained on" not in json.dumps(graph)


def test_shared_page_holds_no_sentence_no_control_and_no_script(page_file, open_page, tmp_path) -> None:
    html = saved(open_page(page_file), "share")
    for absent in ("was trained on", "was trained with", "<script", "<select", "<input", "onerror"):
        assert absent not in html
    (tmp_path / "shared.html").write_text(html, encoding="utf-8")
    page = open_page(tmp_path / "shared.html")
    assert "Parameters of GPT-3: about 175 billion" in page.locator("main").inner_text()
    assert page.complaints == []


def test_page_asks_for_nothing_and_has_no_accessibility_violation(page_file, open_page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(page_file)
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
    assert Axe().run(page).response["violations"] == []
    assert page.complaints == []


def test_nothing_scrolls_sideways_on_a_phone(page_file, open_page) -> None:
    page = open_page(page_file, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
