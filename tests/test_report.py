"""The committed report is what the code produces, and what it says agrees with the tables."""

import csv
import re
from pathlib import Path

import pytest

from helpers.chapters.data_tables import mixture_table
from helpers.chapters.summary_tables import ANSWER, headline
from helpers.chapters.verdicts_tables import verdicts_by_kind
from helpers.language import tr
from helpers.ledger.judgement import judge_claims
from helpers.ledger.processed import read_processed
from helpers.ledger.verdicts import Grade
from helpers.paths import DATA, PROJECT, REPORT
from tests.build.test_publish import tree
from tests.report.hostile import read, text_of
from tests.report.pages import in_sight, kept_chapters

STALE = "is not what the code produces; run make report and commit the result"


@pytest.fixture(scope="module")
def page() -> str:
    """The committed index, what of it is elements from the start."""
    return in_sight((REPORT / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reference() -> str:
    """The committed reference."""
    return (REPORT / "reference.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["page", "reference"])
def either(request: pytest.FixtureRequest) -> str:
    """Each of the two."""
    return str(request.getfixturevalue(request.param))


def compare(committed: Path, built: Path) -> None:
    """Same files, same bytes."""
    old, new = tree(committed), tree(built)
    assert sorted(old) == sorted(new), f"{committed.name}/ {STALE}"
    different = [name for name, content in new.items() if old[name] != content]
    assert different == [], f"{committed.name}/: {', '.join(different)} {STALE}"


def test_committed_report_is_what_the_code_produces_to_the_byte(built: Path) -> None:
    compare(REPORT, built / "report")


def test_committed_dataset_is_what_the_code_produces_to_the_byte(built: Path) -> None:
    compare(DATA / "processed", built / "data" / "processed")


def test_report_does_not_depend_on_where_it_was_built(built: Path) -> None:
    for name, content in (tree(built / "report") | tree(built / "data" / "processed")).items():
        for place in (str(PROJECT), str(built), str(Path.home()) + "/", "/tmp/"):
            assert place.encode() not in content, f"{name} mentions {place}"


def test_readmes_answer_is_the_computed_one(built: Path) -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- answer -->\n(.*?)\n<!-- /answer -->", text, flags=re.S)
    assert block, "README.md has lost its markers"
    assert block[1] == tr(ANSWER, **headline(read_processed(built / "data")))


@pytest.mark.parametrize("number", ["3072", "3640", "4095", "4850"])
def test_answer_states_the_like_for_like_numbers(number: str, page: str) -> None:
    (answer,) = re.findall(r'<div class="answer">.*?</div>', page, flags=re.S)
    assert re.search(rf"\b{number}\b", text_of(answer))


# Outputs, downloads, anchors ------------------------------------------------------------------------------------------


def test_page_shows_no_error_and_no_warning_of_its_notebooks(either: str) -> None:
    assert 'class="output error"' not in either
    assert 'class="output stderr"' not in either


def test_every_figure_and_table_has_its_number_title_and_words(either: str) -> None:
    figures = re.findall(r'<figure class="(drawing|table|told)" id="([^"]+)">(.*?)</figure>', either, flags=re.S)
    assert len(figures) >= 6
    for kind, name, content in figures:
        label = "Table" if kind == "table" else "Figure"
        assert re.search(rf'<span class="number">{label} \d+\. </span>\S', content), name
        if kind == "drawing":
            assert 'role="img"' in content, name
            assert re.search(rf'<title id="{name}-alt">\S', content), name


def test_every_download_is_there_once_and_holds_rows(page: str, reference: str) -> None:
    """Two links to one file would mean that one result overwrote the data of the other."""
    addresses = re.findall(r'class="download" href="([^"]+)"', page + reference)
    assert len(addresses) == len(set(addresses)), sorted(a for a in set(addresses) if addresses.count(a) > 1)
    assert sorted(addresses) == sorted(f"data/{name}" for name in tree(REPORT / "data") if "/" not in name)
    for address in addresses:
        with (REPORT / address).open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        assert rows, address
        assert all(len(row) == len(header) for row in rows), address


def test_downloads_hold_data_and_no_markup() -> None:
    marked = [
        name
        for name, content in tree(REPORT / "data").items()
        if name.endswith(".csv") and re.search(rb"</?(a|span|td|p)\b", content)
    ]
    assert marked == []


def test_ids_are_unique_and_every_anchor_has_its_target(page: str, reference: str) -> None:
    """In the index a link may lead to what it keeps as text, in the reference to the story in the index."""
    index = (REPORT / "index.html").read_text(encoding="utf-8")
    kept = {value for part in kept_chapters(index).values() for name, value in read(part).attributes if name == "id"}
    found = {}
    for name, html in (("index.html", page), ("reference.html", reference)):
        attributes = read(html).attributes
        ids = [value for key, value in attributes if key == "id"]
        assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
        found[name] = set(ids)
        for key in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
            assert {part for n, value in attributes if n == key for part in value.split()} <= set(ids)
    for name, html in (("index.html", page), ("reference.html", reference)):
        for key, value in read(html).attributes:
            file, hashed, anchor = value.partition("#")
            if key == "href" and hashed and file in ("", *found):
                assert anchor in found[file or name] | (kept if (file or name) == "index.html" else set()), value


def test_index_keeps_every_chapter_of_the_reference_as_it_stands_there(reference: str) -> None:
    """One renderer: the same escaped fragments, but for the calculator, which the index shows in its own place."""
    index = (REPORT / "index.html").read_text(encoding="utf-8")
    kept = kept_chapters(index)
    assert len(kept) > 10
    for name, html in kept.items():
        texts = [" ".join(text.split()) for text in read(html).text if text.strip()]
        shown = " ".join(text_of(reference).split())
        assert [text for text in texts[:: max(1, len(texts) // 200)] if text not in shown] == [], name


def test_index_is_small_at_first_and_holds_what_it_must() -> None:
    """At most 4,000 elements and 2.6 MB; a line for each claim, system and source; a review for each claim."""
    for name in ("index.html", "index.zh.html"):
        index = (REPORT / name).read_text(encoding="utf-8")
        assert len(index.encode()) <= 2_600_000
        assert index.isascii()  # read several times as fast
        assert len(read(in_sight(index)).tags) <= 4000
        finds = set(re.findall(r'<a hidden="until-found" id="([^"]+)"', index))
        tables = read_processed(PROJECT / "data")
        assert {f"claim-{c}" for c in tables["claims"]["claim_id"]} <= finds
        assert {f"system-{c}" for c in tables.named_in_articles["system_id"]} <= finds
        assert len([find for find in finds if find.startswith("ref-")]) > 100
        assert index.count('"@type":"ClaimReview"') == (judge_claims(tables)["grade"] != Grade.UNRATED.value).sum()


def test_reference_runs_no_script_and_says_so_in_its_policy(reference: str) -> None:
    assert "<script" not in reference
    assert "script-src 'none'" in reference
    assert len(reference.encode()) < 3_000_000


def test_title_and_headings_of_the_story_say_what_the_numbers_say() -> None:
    """Headings are prose; if the data turned, this would stop the build before a reader sees an old sentence."""
    tables = read_processed(PROJECT / "data")
    rows = verdicts_by_kind(tables, judge_claims(tables)).set_index("group")
    assert rows.loc["sizes of models", "share"] > 0.9
    assert rows.loc["ratios and percentages", "share"] < 0.5
    assert mixture_table(tables)["ratio"].median() == pytest.approx(0.1)
    printed = tables["claims"].set_index("claim_id").loc["002-gpt3-throughput", "number"]
    slow = tables.evidence_rows["gpt-3.throughput_per_chip.patterson2021"]["number"] / printed
    assert 85 < slow < 95
