"""What the tables know, for first verdicts: names of systems, evidence on them, data sheets of accelerators."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from helpers.errors import DataProblem
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import published_interval
from helpers.ledger.tables import own_rows
from helpers.ledger.verdicts import Estimate
from helpers.paths import shown
from helpers.reader.names import NameIndex, canonical
from helpers.rows import grouped, read_rows

Row = Mapping[str, str]
_OF_MANY = ("family", "company", "product", "topic")  # roles of what has others under its name

_SIZE = re.compile(r"^(?P<stem>[A-Za-z][A-Za-z]+[A-Za-z0-9. -]*?)[ -]\d+(?:\.\d+)?[BTM]$")
_IN_BRACKETS = re.compile(r"^([A-Za-z][A-Za-z0-9. -]*?) \((\d+(?:\.\d+)?[BTM])\)$")
_CAPITALS = re.compile(r"^(?=[A-Za-z]{6})([A-Za-z]*[a-z][A-Za-z]*[A-Z][A-Za-z]*)[ -]\d")
_OF_SIZE = re.compile(r"(.+?)[ -](\d{2,3}) ?GB?$")
_MAKERS = re.compile(r"^(?:NVIDIA|Nvidia|英伟达|华为|Huawei|Google|AMD|Tesla) ?")


class Knowledge:
    """Names of systems, evidence on them and data sheets of accelerators, from a data folder and, before it, a ledger
    of the user's own; a DataProblem, if a table is missing or lacks a column."""

    def __init__(self, data_dir: Path, own: Path | None = None) -> None:
        raw = data_dir / "raw"
        mine = {table: own_rows(own, table, data_dir) if own else [] for table in ("systems", "evidence")}
        systems = mine["systems"] + read_rows(raw / "systems.csv", ("system_id", "name", "name_zh", "aliases"))
        models = read_rows(raw / "models.csv", ("model_id", "name"))
        self.families = {row["system_id"] for row in systems if row.get("role") in _OF_MANY}
        self.sites = {row["system_id"] for row in systems if row.get("role") in ("data_centre", "hardware")}
        self._family_of = {row["system_id"]: row.get("family", "") for row in systems}
        self.titles = {row["model_id"]: row["name"] for row in models} | {r["system_id"]: r["name"] for r in systems}
        self.names: dict[str, list[str]] = {}
        self.everyday: dict[str, str] = {}
        for row in systems:
            everyday = [name for name in row.get("ambiguous", "").split("|") if name]
            self.everyday |= {canonical(name): row["system_id"] for name in everyday}
            names = (row["name"], row["name_zh"], *row["aliases"].split("|"))
            topic = row.get("role") == "topic"  # of figures that no name owns
            self._name(row["system_id"], *(name for name in names if name not in everyday and not topic))
        for row in models:
            self._name(row["model_id"], row["name"])
        self._spellings()
        self._file = raw / "evidence.csv"
        needed = ("evidence_id", "system_id", "quantity", "value", "unit", "counts", "confidence", "standing")
        self._evidence = grouped((row["system_id"], row) for row in mine["evidence"] + read_rows(self._file, needed))
        self._members = grouped((row.get("family", ""), row["system_id"]) for row in systems)
        sheets = read_rows(raw / "hardware.csv", ("accelerator_id", "name", "peak_fp16_flop_per_s"))
        chips = [row | dict.fromkeys(_recalled(row), "") for row in sheets]
        names_of = [(row["accelerator_id"], row["name"], *row.get("aliases", "").split(";")) for row in chips]
        self._chips = [(row, [_chip_key(n) for n in names if n]) for row, names in zip(chips, names_of, strict=True)]
        self._prices = read_rows(raw / "prices.csv", ("price_id", "accelerator_id", "vendor", "usd_per_chip_hour"))

    @cached_property
    def index(self) -> NameIndex:
        """The names as the reader looks them up."""
        return NameIndex(list(self.names.items()))

    def _name(self, system_id: str, *names: str) -> None:
        known = self.names.setdefault(system_id, [])
        known += [name for name in dict.fromkeys(names) if name and name not in known]

    def _spellings(self) -> None:
        """What else a name stands as: without its size where the system's id is without it too (bloom is BLOOM, not only
        BLOOM-176B) or where no other system has such a name (AlexaTM for AlexaTM 20B: a stem with several capitals is no
        word); with the size in brackets spelled as a part of it."""
        owners: dict[str, set[str]] = {}
        for system_id, names in self.names.items():
            stems = [found["stem"] for name in names if (found := _SIZE.match(name))]
            own = [stem for stem in stems if stem.lower().replace(" ", "-") == system_id]
            self._name(system_id, *own, *(" ".join(parts) for name in names for parts in _IN_BRACKETS.findall(name)))
            for stem in filter(None, map(_CAPITALS.match, names)):
                owners.setdefault(stem.group(1), set()).add(system_id)
        for name, ids in owners.items():
            if len(ids) == 1:
                self._name(ids.pop(), name)

    def evidence(self, system_id: str, quantities: Sequence[str], unit: str) -> list[Row]:
        """Evidence rows on any of these quantities of a system, in a unit; none on a family, which stands for no member."""
        if system_id in self.families:
            return []
        rows = self._evidence.get(system_id, ())
        return [row for name in quantities for row in rows if row["quantity"] == name and row["unit"] == unit]

    def all_on(self, system_id: str) -> list[Row]:
        """All evidence rows on a system, as they stand in the table."""
        return list(self._evidence.get(system_id, ()))

    def of_members(self, family: str, quantity: str) -> list[Row]:
        """Evidence rows on one quantity of the members of a family, and of theirs."""
        rows = (row for member in self._descendants(family) for row in self.all_on(member))
        return [row for row in rows if row["quantity"] == quantity]

    def relatives(self, system_id: str) -> list[str]:
        """The families of a system, nearest first, each with all its other members."""
        found: dict[str, None] = {}
        family = self._family_of.get(system_id, "")
        while family and family not in found:
            found |= dict.fromkeys((family, *self._descendants(family)))
            family = self._family_of.get(family, "")
        return [relative for relative in found if relative != system_id]

    def _descendants(self, family: str) -> list[str]:
        members = [member for member in self._members.get(family, ()) if member != family]
        return members + [deeper for member in members for deeper in self._descendants(member)]

    def numbers(self, system_id: str) -> list[Row]:
        """Evidence rows with a number that bear something and are no leak, of one system."""
        rows = [] if system_id in self.families else self.all_on(system_id)
        return [row for row in rows if row["unit"] not in ("text", "date") and strength(row) > 1]

    def prices(self, chips: Iterable[str], column: str) -> list[tuple[Row, float]]:
        """Rows of the price table on these accelerators, with what the column asks in USD."""
        ids = {row["accelerator_id"] for chip in chips for row in self.chips(chip)}
        return [(row, float(row[column])) for row in self._prices if row["accelerator_id"] in ids and row[column]]

    def estimate(self, row: Row) -> Estimate:
        """An evidence row as an interval with its strength."""
        try:
            return Estimate(published_interval(row["value"], row["unit"]), strength(row), row["evidence_id"])
        except ValueError as error:
            where = f"row {row['evidence_id']}, column value"
            raise DataProblem(shown(self._file), where, str(error), "write a number, or an ISO date") from None

    def chips(self, name: str) -> list[Row]:
        """Data sheets of all versions of an accelerator by the name that is printed: H100, H100 80GB, TPU v4, 昇腾910B."""
        sized = _OF_SIZE.match(name)
        stem, size = sized.groups() if sized else (name, "")
        key = _chip_key(stem).replace("昇腾", "ascend")
        found = [row for row, names in self._chips if key and any(_starts(n, key) for n in names)]
        return [row for row in found if not size or float(row["memory_byte"] or 0) == float(size) * 1e9]

    def peaks(self, name: str) -> list[float]:
        """Peak rates of all versions of an accelerator in FLOP/s, dense and in 16 bits."""
        return [float(row["peak_fp16_flop_per_s"]) for row in self.chips(name) if row["peak_fp16_flop_per_s"]]

    def releases(self, name: str) -> list[Row]:
        """When an accelerator came out, by its data sheets, as evidence."""
        said = {"quantity": "released", "unit": "date", "counts": "release of the accelerator", "standing": "primary"}
        rows = [row for row in self.chips(name) if row["released"]]
        return [{**row, **said, "value": row["released"], "evidence_id": row["accelerator_id"]} for row in rows]


def _recalled(sheet: Mapping[str, str]) -> list[str]:
    """The cells that the note of a data sheet says are recalled, by a word of their column: they prove nothing."""
    parts = re.split("[;:]", sheet.get("note", "").partition("recalled")[2])
    words = [part.split()[0] for part in parts if part.strip()]
    return [cell for cell in sheet if cell != "note" and any(word in cell for word in words)]


def _chip_key(name: str) -> str:
    return canonical(_MAKERS.sub("", name)).replace("-", "")


def _starts(name: str, key: str) -> bool:
    """Whether a name is the key, or the key with a form or memory size behind it: H100 SXM5 80GB, not H1000."""
    return name.startswith(key) and re.match(r"$|sxm|pcie|nvl|\d{2,3}gb|80g|oam|-|\d{3}$", name[len(key) :]) is not None
