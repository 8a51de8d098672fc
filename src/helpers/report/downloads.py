"""What a reader can take away: the dataset, the scenarios, and how everything was made."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from helpers.language import named, tr, translated
from helpers.ledger.tables import read_package
from helpers.report.text import Html, escape, fill, foreign

DATASET, SCENARIOS = "dataset", "scenarios"  # folders beside the data of figures and tables


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
    tables = {resource["name"]: translated(resource["title"]) for resource in read_package(data_dir)["resources"]}
    tables["verdicts"] = tr("Verdicts: grade, reason, estimates and flip point of every claim")
    files = [(path.name, _title(path)) for path in scenario_files(data_dir)]
    return fill(
        "downloads", dataset=f"{address}/{DATASET}", folder=f"{address}/{SCENARIOS}", tables=tables, scenarios=files
    )


def _title(path: Path) -> Html:
    """The title of a scenario, or the file's name."""
    if path.suffix != ".toml":
        return escape(path.name)
    return foreign(named(tomllib.loads(path.read_text(encoding="utf-8")).get("title", path.stem)))
