"""What a reader can take away: the dataset, the scenarios, and how everything was made."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from helpers.language import later, named, tr, translated
from helpers.ledger.tables import read_package
from helpers.report.text import Html, escape, foreign

DATASET, SCENARIOS = "dataset", "scenarios"  # folders beside the data of figures and tables
MADE = {"verdicts": later("Verdicts: grade, reason, estimates and flip point of every claim")}
RECORDS = {
    "manifest.json": later("Manifest: every input and output with its hash, and what made each from what"),
    "ro-crate-metadata.json": later("RO-Crate: the same in the form that archives read"),
}


def dataset_files(data_dir: Path, names: Iterable[str]) -> list[Path]:
    """Processed tables in both formats."""
    return [data_dir / "processed" / f"{name}.{ending}" for name in names for ending in ("csv", "parquet")]


def scenario_files(data_dir: Path) -> list[Path]:
    """The scenarios that come with the project, and the schema of such files."""
    folder = data_dir / "scenarios"
    return [*sorted(folder.glob("*.toml")), *sorted(folder.glob("*.schema.json"))]


def download_list(data_dir: Path, address: str) -> Html:
    """Links to every table, scenario and record, all beside the page.

    Args:
        address: folder of the published data as seen from the page; without it there is nothing to link to.
    """
    if not address:
        return Html(f"<p>{tr('Nothing was published in this run.')}</p>")
    tables = {resource["name"]: resource["title"] for resource in read_package(data_dir)["resources"]}
    lines = [_table(address, name, Html(escape(translated(title)))) for name, title in tables.items()]
    lines += [_table(address, name, Html(escape(tr(title)))) for name, title in MADE.items()]
    files = [_link(f"{address}/{SCENARIOS}/{path.name}", _title(path)) for path in scenario_files(data_dir)]
    records = [_link(name, Html(escape(tr(what)))) for name, what in RECORDS.items()]
    named_files = tr("Scenario files: {files}.", files=tr(", ").join(files))
    return Html(
        f'<ul class="downloads">{"".join(f"<li>{line}</li>" for line in lines)}</ul>\n'
        f"<p>{named_files}</p>\n"
        f'<ul class="downloads">{"".join(f"<li>{line}</li>" for line in records)}</ul>'
    )


def _table(address: str, name: str, title: Html) -> str:
    stem = f"{address}/{DATASET}/{name}"
    links = (_link(f"{stem}.csv", Html("CSV")), _link(f"{stem}.parquet", Html("Parquet")))
    return tr("{title} ({name}): {links}", title=title, name=f"<code>{escape(name)}</code>", links=tr(", ").join(links))


def _link(address: str, words: Html) -> str:
    return f'<a href="{escape(address)}" download>{words}</a>'


def _title(path: Path) -> Html:
    """The title of a scenario, or the file's name."""
    if path.suffix != ".toml":
        return Html(escape(path.name))
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return foreign(named(told.get("title", path.stem)))
