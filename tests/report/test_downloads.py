"""Citation and downloads: what CITATION.cff says, and links to files that are there."""

from pathlib import Path

import pytest

from helpers.ledger.tables import read_package
from helpers.notebook import Chapter
from helpers.paths import DATA
from helpers.report.citation import as_bibtex, as_text, citation, citation_block
from helpers.report.downloads import DATASET, SCENARIOS, dataset_files, download_list, scenario_files
from tests.report.hostile import HOSTILE, assert_harmless, read, text_of

CFF = 'title: "A title"\nversion: 1.2.3\ndate-released: 2026-11-22\nauthors:\n  - name: "One Group"\n  - name: "Another"\n'


@pytest.fixture
def cff(tmp_path: Path) -> Path:
    (tmp_path / "CITATION.cff").write_text(CFF, encoding="utf-8")
    return tmp_path / "CITATION.cff"


def test_citation_is_that_of_the_file(cff: Path) -> None:
    assert as_text(citation(cff)) == "One Group, Another (2026). A title. Version 1.2.3."
    entry = as_bibtex(citation(cff))
    for line in ("author = {{One Group} and {Another}},", "title = {{A title}},", "year = {2026},", "month = {11},"):
        assert line in entry
    assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_citation_stays_text(text: str, cff: Path) -> None:
    html = citation_block({**citation(cff), "title": text})
    assert_harmless(html, {"div", "p", "strong", "button", "span", "pre"})
    assert text_of(html).count(text) == 2


def test_every_download_is_a_file_that_the_chapters_publish(tmp_path: Path) -> None:
    chapter = Chapter(str(DATA), str(tmp_path / "report" / "data"))
    names = [resource["name"] for resource in read_package(DATA)["resources"]]
    chapter.publish(dataset_files(DATA, [*names, "verdicts"]), DATASET)
    address = chapter.publish(scenario_files(DATA), SCENARIOS)
    links = [value for name, value in read(download_list(DATA, address)).attributes if name == "href"]
    records = {"manifest.json", "ro-crate-metadata.json"}  # the build writes these last
    assert records <= set(links)
    assert [link for link in links if link not in records and not (tmp_path / "report" / link).is_file()] == []
    assert len(links) == 2 * (len(names) + 1) + len(scenario_files(DATA)) + 2
