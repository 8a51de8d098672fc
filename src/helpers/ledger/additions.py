"""A ledger of the user's own: candidates appended as rows, never twice, and never a sentence.

The folder holds articles.csv and claims.csv with the columns of this project's tables, so that rows can go from one to
the other. What stands there already is kept byte for byte; a table is replaced whole or not at all.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import DataProblem
from helpers.files import alone, sha256, write_together
from helpers.ledger import coverage
from helpers.ledger.claimed import number, range_ends
from helpers.ledger.dataset import check_figure
from helpers.ledger.evidence import unit_on_file
from helpers.ledger.scan import Candidate, Scan
from helpers.ledger.scan_wording import statement
from helpers.ledger.tables import read_package
from helpers.paths import shown
from helpers.reader import read_figure
from helpers.reader.documents import printable
from helpers.reader.fold import TO_SIMPLIFIED
from helpers.rows import csv_text, read_rows

HEDGE = 12  # characters of a printed hedge that a row keeps


@dataclass(frozen=True)
class Added:
    """How many rows were added, how many figures had a row already or cannot be a row as they are, and where."""

    rows: int
    known: int
    left_out: tuple[str, ...]
    article_id: str
    file: Path


def add_to_ledger(folder: Path, title: str, text: str, found: Scan, data_dir: Path) -> Added:
    """Append the candidates of a scan to `folder`/claims.csv, the article to articles.csv, unknown names to systems.csv.

    An article is known by its SHA-256, a row by its span: what has a row already gets no second one.

    Raises:
        DataProblem: a table there is not one of these.
        OSError: the folder cannot be written; its tables are as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    columns = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in read_package(data_dir)["resources"]}
    with alone(folder, "scan", waiting=lambda: None):
        articles, claims = (_Table(folder / f"{name}.csv", columns[name]) for name in ("articles", "claims"))
        systems = _Table(folder / "systems.csv", columns["systems"], ("system_id", "name"))
        names = Names(systems.rows)
        digest = sha256(text.encode())
        article_id = next((row["article_id"] for row in articles.rows if row["sha256"] == digest), "")
        numbers = [int(row["article_id"]) for row in articles.rows if row["article_id"].isdecimal()]
        new_article = [] if article_id else [article_row(f"{max(numbers, default=-1) + 1:03d}", title, text, found)]
        article_id = article_id or new_article[0]["article_id"]
        spans = {(row["char_start"], row["char_end"]) for row in claims.rows if row["article_id"] == article_id}
        new = [c for c in found.candidates if (str(c.quantity.char_start), str(c.quantity.char_end)) not in spans]
        made = [(c.quantity.as_printed, claim_row(article_id, c, names)) for c in new]
        rows, left_out = [row for _, row in made if row], tuple(printed for printed, row in made if not row)
        contents = {articles.path: articles.extended(new_article), claims.path: claims.extended(rows)}
        used = {row["system_id"] for row in rows}
        if named := [row for row in names.added if row["system_id"] in used]:
            contents[systems.path] = systems.extended(named)
        write_together(contents)
        return Added(len(rows), len(found.candidates) - len(new), left_out, article_id, claims.path)


class Names:
    """Identifiers of systems that the project's tables lack: each name gets a row of the ledger's own."""

    def __init__(self, there: Sequence[dict[str, str]]) -> None:
        self._ids = {row["name"].removeprefix("'"): row["system_id"] for row in there}
        self.added: list[dict[str, str]] = []

    def id_of(self, candidate: Candidate) -> str:
        """The system's identifier; a new one for a name that no table holds."""
        name = candidate.quantity.system_id
        if candidate.known or not name:
            return name
        if name not in self._ids:
            words = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("+", "-plus")).strip("-")
            base = f"own-{words or sha256(name.encode())[:8]}"
            self._ids[name] = base if base not in self._ids.values() else f"{base}-{len(self._ids)}"
            row = {"system_id": self._ids[name], "name": printable(name), "kind": "other"}
            self.added.append(row | {"note": "named in an article, not looked up yet"})
        return self._ids[name]


class _Table:
    """A CSV file of the ledger: its rows, and how to append to it; with `needed`, these and any others of its columns do."""

    def __init__(self, path: Path, columns: Sequence[str], needed: Sequence[str] = ()) -> None:
        self.path = path
        self.rows = read_rows(path, needed or columns) if path.exists() else []
        if needed and path.exists() and not self.rows:
            read_rows(path, columns)  # of a header alone, which must be that of the rows to come
        self._there = path.read_bytes() if path.exists() else b""
        self._columns = list(self.rows[0]) if self.rows else list(columns)
        if not needed and self._columns != list(columns):
            what = f"its columns are not {columns[0]} to {columns[-1]} of data/datapackage.json"
            raise DataProblem(shown(path), "header line", what, "name another folder, or restore the header line")

    def extended(self, rows: Sequence[dict[str, str]]) -> bytes:
        """The file's content with `rows` at its end, what stands there byte for byte."""
        end = "\r\n" if b"\r\n" in self._there else "\n"
        torn = end if rows and self._there and not self._there.endswith(b"\n") else ""
        head = [] if self._there else [self._columns]
        added = [[row.get(column, "") for column in self._columns] for row in rows]
        return self._there + (torn + csv_text([*head, *added], end)).encode()


def article_row(article_id: str, title: str, text: str, found: Scan) -> dict[str, str]:
    """What the file tells of its article; outlet and date are for the user to fill in."""
    claimed = [(c.quantity.char_start, c.quantity.char_end) for c in found.candidates]
    counted = coverage.count(text, (0, len(text)), claimed, ())
    row = {
        "article_id": article_id, "title": printable(title), "language": language_of(text),
        "sha256": sha256(text.encode()), "length": len(text), "body_start": 0, "body_end": len(text),
        "number_tokens": counted.total, "tokens_claimed": counted.claimed, "tokens_dismissed": 0,
    }  # fmt: skip
    return {name: str(value) for name, value in row.items()}


def language_of(text: str) -> str:
    """zh-Hant, zh-Hans or en, by the characters: traditional ones that are spelled otherwise in simplified text."""
    folded = sum(old != new for old, new in zip(text, text.translate(TO_SIMPLIFIED), strict=True))
    han = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return "en" if 8 * han < len(text) - han else "zh-Hant" if 10 * folded > han else "zh-Hans"


def claim_row(article_id: str, candidate: Candidate, names: Names) -> dict[str, str] | None:
    """A figure as a row that `check` accepts, with the magnitude that stands elsewhere (a table's head) as its scale.

    None: a date without its year, or a figure that only its sentence makes what it is; these are written by hand.
    """
    q, first = candidate.quantity, candidate.first
    unit = unit_on_file(q.unit)
    at_hand = first and first.decided_by and first.decided_by["unit"] == unit  # and no date of its neighbour's evidence
    low, high = range_ends(q) or ("", "")
    bare = q.kind == "money" and q.unit == "count"  # money without a currency says no more than a count
    row = {
        "claim_id": f"{article_id}-{q.kind.replace('_', '-')}-{q.char_start}-{q.char_end}",
        "article_id": article_id,
        "char_start": str(q.char_start),
        "char_end": str(q.char_end),
        "as_printed": q.as_printed,
        "kind": "count" if bare else q.kind,
        "system_id": names.id_of(candidate),
        "value": low or number(q.value),
        "value_low": low,
        "value_high": high,
        "unit": unit,
        "bound": q.bound.split(" ")[0],
        "hedge": q.hedge[:HEDGE],
        "check": "restates",
        "evidence_ids": " ".join(first.evidence_ids) if first and at_hand else "",
        "statement": statement(candidate),
    }
    if row["value"].startswith("-"):
        return None
    scales = [""]
    with suppress(ValueError, ZeroDivisionError):
        scales.append(number(float(row["value"]) / read_figure(row["as_printed"]).value))
    for scale in scales:
        with suppress(ValueError):
            check_figure(row | {"scale": scale})
            return row | {"scale": scale}
    return None
