"""Small tables with known answers: one article of two lines, a handful of claims, systems and facts.

`rows` is a data folder as plain rows, to be changed and written with `write_data`; `tables` holds rows in
memory, with their intervals, as the chapters read them.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.ledger.processed import process
from helpers.ledger.tables import Tables
from helpers.paths import DATA

Row = dict[str, Any]
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
FIELDS = {r["name"]: {f["name"]: f["type"] for f in r["schema"]["fields"]} for r in PACKAGE["resources"]}
PATHS = {r["name"]: r["path"] for r in PACKAGE["resources"]}

# The body begins after "新闻：" and ends before "完". Its number-like tokens: 1750, 亿, 3640, 2021, 10, 9.
TEXT = "新闻：甲模型有1750亿参数，训练用了3640PD，乙模型在2021年10月发布。见图9。完"
BODY = (3, len(TEXT) - 1)
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


def span(printed: str) -> Row:
    """Where a token stands in `TEXT`."""
    start = TEXT.index(printed)
    return {"char_start": start, "char_end": start + len(printed), "as_printed": printed}


def claim(claim_id: str, as_printed: str, value: str, unit: str, **more: Any) -> Row:
    """A row of the claims table; without a place of its own, it stands at the start of the body."""
    place = span(as_printed) if as_printed in TEXT else {"char_start": 3, "char_end": 3 + len(as_printed)}
    row = {"article_id": "000", "kind": "other", "system_id": "alpha", "bound": "exact", "check": "restates"}
    row |= {"claim_id": claim_id, "as_printed": as_printed, "value": value, "unit": unit, "statement": "A statement."}
    return row | place | more


def evidence(evidence_id: str, system_id: str, quantity: str, value: str, unit: str, **more: Any) -> Row:
    """A row of the evidence table: read in the makers' own words unless said otherwise."""
    row = {"source_id": "paper", "locator": "Table 1", "confidence": "seen", "standing": "primary"}
    row |= {"evidence_id": evidence_id, "system_id": system_id, "quantity": quantity, "value": value, "unit": unit}
    return row | more


def system(system_id: str, kind: str = "dense") -> Row:
    """A row of the systems table; `alpha` is called Alpha."""
    return {"system_id": system_id, "name": system_id.capitalize(), "kind": kind, "in_articles": "yes"}


def model(model_id: str, published: str, parameters: float, kind: str = "dense", **more: Any) -> Row:
    """A row of the models table."""
    row = {"model_id": model_id, "name": model_id.capitalize(), "published": published, "parameters": parameters}
    return {"kind": kind, "domain": "Language", "confidence": "seen", "source_id": "paper"} | row | more


def article(**more: Any) -> Row:
    """The row of the one article."""
    row = {"article_id": "000", "title": "甲模型", "outlet": "Outlet", "published": "2021-11-01", "language": "zh-Hans"}
    row |= {"sha256": DIGEST, "length": len(TEXT), "body_start": BODY[0], "body_end": BODY[1]}
    return row | {"number_tokens": 6, "tokens_claimed": 5, "tokens_dismissed": 1} | more


def rows() -> dict[str, list[Row]]:
    """A data folder without a fault."""
    return {
        "articles": [article()],
        "systems": [system("alpha"), system("beta")],
        "claims": [
            claim("000-size", "1750亿", "1.75e11", "parameter", kind="parameters", evidence_ids="alpha.size"),
            claim("000-work", "3640PD", "3.14496e23", "FLOP", kind="compute", evidence_ids="alpha.work"),
            claim("000-day", "2021年10月", "2021-10", "date", kind="date", system_id="beta", evidence_ids="beta.day"),
        ],
        "dismissals": [{"article_id": "000", "reason": "list_number"} | span("9")],
        "evidence": [
            evidence("alpha.size", "alpha", "parameters", "1.75e11", "parameter"),
            evidence("alpha.work", "alpha", "training_flop", "3.145e23", "FLOP"),
            evidence("beta.day", "beta", "announced", "2021-10-12", "date"),
        ],
        "models": [model("alpha", "2020-05-28", 1.75e11), model("beta", "2021-10-12", 2e11)],
    }


def write_data(folder: Path, tables: Mapping[str, list[Row]]) -> Path:
    """Write rows as a data folder; tables not given get the first row of the project's own."""
    (folder / "raw").mkdir(parents=True)
    shutil.copy(DATA / "datapackage.json", folder)
    for name, path in PATHS.items():
        if name in tables:
            _write_csv(folder / path, FIELDS[name], tables[name])
        else:
            with (DATA / path).open(encoding="utf-8", newline="") as lines:
                first = next(iter(csv.DictReader(lines)))
            given = {"claim_id": tables["claims"][0]["claim_id"]} if "claim_id" in first and tables["claims"] else {}
            _write_csv(folder / path, FIELDS[name], [first | given])
    _write_references(folder)
    return folder


def _write_csv(path: Path, columns: Iterable[str], lines: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def _write_references(folder: Path) -> None:
    """A bibliography with `paper` and the sources of the rows borrowed from the project."""
    keys = {"paper"}
    for name in set(PATHS) - {"evidence", "models"}:
        with (folder / PATHS[name]).open(encoding="utf-8", newline="") as lines:
            keys |= {row["source_id"] for row in csv.DictReader(lines) if "source_id" in row}
    entries = [f"@misc{{{key},\n  title = {{{{Title of {key}}}}},\n  year = {{2021}},\n}}\n" for key in sorted(keys)]
    (folder / "raw" / "references.bib").write_text("\n".join(entries), encoding="utf-8")


def tables(**given: list[Row]) -> Tables:
    """Rows as tables in memory, with intervals; what is not given is empty, the article is always there."""
    given = {"articles": [article()], **given}
    frames = {name: _frame(columns, given.get(name, [])) for name, columns in FIELDS.items()}
    return process(Tables(frames, {"paper": {"ID": "paper", "title": "A paper", "year": "2021"}}))


def _frame(columns: Mapping[str, str], lines: list[Row]) -> pd.DataFrame:
    types = {"integer": "Int64", "number": "float64"}
    data = {
        name: pd.Series([line.get(name, float("nan") if kind == "number" else "") for line in lines], dtype="object")
        for name, kind in columns.items()
    }
    return pd.DataFrame(data).astype({name: types.get(kind, "str") for name, kind in columns.items()})
