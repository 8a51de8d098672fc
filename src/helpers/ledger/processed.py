"""The processed tables: the raw ones with their figures as numbers and intervals, as CSV and Parquet."""

import math
from pathlib import Path

import pandas as pd

from helpers.errors import Problem
from helpers.files import write_whole
from helpers.language import is_source
from helpers.ledger.bibliography import read_references
from helpers.ledger.dataset import claim_interval
from helpers.ledger.intervals import Interval, published_interval
from helpers.ledger.tables import Tables, read_package
from helpers.paths import shown
from helpers.rows import frame_csv


def process(tables: Tables) -> Tables:
    """Add `number`, `low` and `high` (base unit; dates as day ordinals) to claims and evidence."""
    frames = dict(tables.frames)
    rows = {name: frames[name].to_dict("records") for name in ("claims", "evidence")}
    known = [None if r["unit"] == "text" else published_interval(r["value"], r["unit"]) for r in rows["evidence"]]
    frames["claims"] = _with_intervals(frames["claims"], [claim_interval(row) for row in rows["claims"]])
    frames["evidence"] = _with_intervals(frames["evidence"], known)
    return Tables(frames, tables.references)


def _with_intervals(frame: pd.DataFrame, intervals: list[Interval | None]) -> pd.DataFrame:
    wordless = frame["value"].where(~frame["unit"].isin(["date", "text", "none"])).replace("", math.nan)
    ends = [(i.low, i.high) if i else (math.nan, math.nan) for i in intervals]
    frame = frame.assign(number=wordless.astype("float64"))
    return frame.join(pd.DataFrame(ends, columns=["low", "high"], dtype="float64"))


def write_table(frame: pd.DataFrame, name: str, data_dir: Path) -> Path:
    """Write one table to `data_dir/processed`, as CSV and as Parquet; the CSV file's path.

    The data is the same in all languages, and only the English edition writes it.
    """
    target = data_dir / "processed"
    if not is_source():
        return target / f"{name}.csv"
    target.mkdir(parents=True, exist_ok=True)
    write_whole(target / f"{name}.csv", frame_csv(frame))
    frame.to_parquet(target / f"{name}.parquet", index=False)
    return target / f"{name}.csv"


def read_processed(data_dir: Path) -> Tables:
    """The dataset as notebook 01_dataset left it; a Problem, if it has not been built yet."""
    names = [resource["name"] for resource in read_package(data_dir)["resources"]]
    paths = {name: data_dir / "processed" / f"{name}.parquet" for name in names}
    if missing := [path for path in paths.values() if not path.exists()]:
        raise Problem(f"{shown(missing[0])} is missing. Mend: run notebooks/01_dataset.ipynb, or make report.")
    references = read_references(data_dir / "raw" / "references.bib")
    return Tables({name: pd.read_parquet(path) for name, path in paths.items()}, references)
