"""The committed report is what the code produces, and what it says agrees with the tables."""

import csv
import re
from pathlib import Path

import pytest

from helpers.chapters.summary_tables import headline
from helpers.ledger.processed import read_processed
from helpers.paths import DATA, PROJECT, REPORT
from helpers.report.headline import readme_answer
from tests.build.test_replace import tree
from tests.report.hostile import read, text_of

STALE = "is not what the code produces; run make report and commit the result"


@pytest.fixture(scope="module")
def page() -> str:
    """The committed page."""
    return (REPORT / "index.html").read_text(encoding="utf-8")


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
    assert block[1] == readme_answer(headline(read_processed(built / "data")))


@pytest.mark.parametrize("number", ["3072", "3640", "4095", "4850"])
def test_answer_states_the_like_for_like_numbers(number: str, page: str) -> None:
    (answer,) = re.findall(r'<div class="answer">.*?</div>', page, flags=re.S)
    assert re.search(rf"\b{number}\b", text_of(answer))


# Outputs, downloads, anchors ------------------------------------------------------------------------------------------


def test_page_shows_no_error_and_no_warning_of_its_notebooks(page: str) -> None:
    assert 'class="output error"' not in page
    assert 'class="output stderr"' not in page


def test_every_figure_and_table_has_its_number_title_and_words(page: str) -> None:
    figures = re.findall(r'<figure class="(drawing|table)" id="([^"]+)">(.*?)</figure>', page, flags=re.S)
    assert len(figures) >= 8
    for kind, name, content in figures:
        label = "Figure" if kind == "drawing" else "Table"
        assert re.search(rf'<span class="number">{label} \d+\. </span>\S', content), name
        if kind == "drawing":
            assert 'role="img"' in content, name
            assert re.search(rf'<title id="{name}-alt">\S', content), name


def test_every_download_is_there_once_and_holds_rows(page: str) -> None:
    """Two links to one file would mean that one result overwrote the data of the other."""
    addresses = re.findall(r'class="download" href="([^"]+)"', page)
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


def test_ids_are_unique_and_every_anchor_has_its_target(page: str) -> None:
    attributes = read(page).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
    links = {value[1:] for name, value in attributes if name == "href" and value.startswith("#")}
    assert links <= set(ids), sorted(links - set(ids))
    for name in ("aria-labelledby", "aria-describedby", "for"):
        pointed = {part for n, value in attributes if n == name for part in value.split()}
        assert pointed <= set(ids)


def test_page_is_one_small_file(page: str) -> None:
    assert len(page.encode()) < 3_000_000
