"""`scan --page`: one self-contained page with what the screen shows, and nothing of the article left behind."""

import re
from pathlib import Path

import pytest

from helpers.commands.scan_command import write_article
from helpers.errors import Problem
from helpers.ledger.bibliography import read_references
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan
from helpers.paths import DATA
from helpers.reader.documents import read_document
from helpers.report import scanned
from helpers.report.article_page import article_page
from tests.report.hostile import HOSTILE

SAMPLE = DATA / "samples" / "article.txt"


def test_page_shows_readings_verdicts_sources_and_what_was_not_read(tmp_path: Path) -> None:
    write_article(SAMPLE, tmp_path / "out.html", DATA)
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<title>The figures of one article</title>" in html
    assert "<mark>175 billion</mark> parameters" in html
    assert re.search(r'<mark><span lang="zh-Hans">2457亿</span></mark>|<mark>2457<span[^>]*>亿</span></mark>', html)
    assert "at least 9.92 times too large" in html
    assert 'id="ref-hoffmann2022"' in html
    assert "letters are glued to it" in html
    assert not re.search(r'(?:src|href)="(?!#|https?://|data:)', html)
    assert [path.name for path in tmp_path.iterdir()] == ["out.html"]


def test_article_page_tells_first_what_fails_and_lays_its_durations_beside_published_runs(tmp_path: Path) -> None:
    text = "GPT-3 has 1.75 trillion parameters. Llama 3.1 405B was trained for 54 days."
    html = article_page("a.txt", text, DATA)
    parts = (
        "What fails",
        "Where it does not fit itself or what is on file",
        "Durations beside published runs",
        'class="tools"',
        "All figures",
    )
    main = html.split("<main", 1)[1]
    assert [main.index(part) for part in parts] == sorted(main.index(part) for part in parts)
    own = re.search(r'<div class="own"><dt>(.*?)</dt>.*?<path class="reported"[^>]*/>.*?<span>(.*?)</span>', main, re.S)
    assert own
    assert own.groups() == ("Llama 3.1 405B", "54 days")
    assert main.count('href="#fails">↑ What fails</a>') == main.count('<article class="figure"') == 2
    assert "Durations beside" not in article_page("a.txt", "GPT-3 has 175 billion parameters.", DATA)


def test_article_cannot_put_markup_into_the_page(tmp_path: Path) -> None:
    article = tmp_path / "a<b>.txt"
    article.write_text("。\n".join(f"{h}有9亿参数，⟦⟧{h}" for h in HOSTILE), encoding="utf-8")
    write_article(article, tmp_path / "out.html", DATA)
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "9亿" in re.sub(r"<[^>]*>", "", html)
    body = html.split("<main", 1)[1].split("</main>", 1)[0]
    assert not re.search(r"<(?:script|img|svg|iframe)\b|<[a-z][^<>]*\son\w+=|href=\"javascript:", body)


def test_text_without_figures_still_makes_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Nothing is counted here.", encoding="utf-8")
    write_article(tmp_path / "a.txt", tmp_path / "out.html", DATA)
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "No figure was found." in html


@pytest.mark.parametrize(("target", "said"), [("a.pdf", "is no .html file"), ("a.html", "is what is read")])
def test_page_that_cannot_be_written_is_refused_before_anything_runs(target: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>9", encoding="utf-8")
    with pytest.raises(Problem, match=said):
        write_article(tmp_path / "a.html", tmp_path / target, DATA)


def test_sample_is_short_and_shows_every_kind_of_result(knowledge: Knowledge) -> None:
    text = read_document(SAMPLE)
    found = scan(text, knowledge)
    grades = {c.first.verdict.grade.value for c in found.candidates if c.first}
    assert len(text) < 1000
    assert {"accurate", "wrong"} <= grades
    assert any(c.first is None for c in found.candidates)
    assert found.unread
    assert '<li id="ref-' in scanned.sources(found, read_references(DATA / "raw" / "references.bib"))


def test_sentence_is_cut_and_its_figure_marked(knowledge: Knowledge) -> None:
    text = "x" * 80 + " GPT-3有9亿参数" + "，很多" * 40
    [candidate] = scan(text, knowledge).candidates
    shown = scanned.sentence(candidate)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "⟦9亿⟧" in shown
    assert str(scanned.marked("a<⟦9亿⟧&b")).count("<mark>") == 1
    assert "&lt;" in scanned.marked("a<⟦9亿⟧&b")
