"""Articles labelled by writers who do not know the rules: how well the reader and the first verdicts serve them.

A folder holds the texts and labels.csv: file, printed, start, value, unit, kind, bound, system, decidable (yes, no), truth (true, false,
misleading, leak, unknown). First readings are recorded when a batch is new and stay as they are.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import Candidate, scan
from helpers.ledger.verdicts import CONTRADICTS
from helpers.reader.names import canonical
from helpers.reader.vocabulary import meanings

Label = Mapping[str, str]

FAILING = frozenset({"inaccurate", "wrong", "misleading", "unsupported"})
HOLDING = frozenset({"accurate", "close"})
_KINDS = {"utilisation": "percentage", "percent": "percentage", "rank": "other", "words": "tokens", "market": "money"}
_COARSER = {"active_parameters": "parameters"}
_OTHER = {"W": "power", "byte": "memory"}
_SAME_KIND = (
    {"ratio", "percentage"},
    {"memory", "other"},
    {"throughput", "other"},
    {"score", "percentage"},
    {"score", "other"},
    {"count", "other"},
    {"tokens", "other"},
)
_MONTHS = 0.015  # a month of 30 days is as good as one of 30.44
_BOUNDS = {"below": "at_most", "above": "at_least"}
_BRACKETED = re.compile(r"[(（].*?[)）]|(?<=[\u4e00-\u9fff])大?模型$")  # 紫荊大模型 is 紫荊
_SIZE = re.compile(r"[ -]\d+(?:\.\d+)?[BM]$")
MEASURES = (
    "figures",
    "span_f1",
    "value",
    "kind",
    "bound",
    "right_system",
    "wrong_system",
    "decided_right",
    "flagged",
    "accused",
    "approved",
    "contradicted_true",
)


@dataclass
class Tally:
    """Counts over labels; shares by `share`. A kind that the labels (`kinds`) never use counts as the coarser one that they use."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()

    def row(self) -> dict[str, float]:
        """The measures, shares between 0 and 1, and counts of verdicts that should not stand."""
        c = self.counts
        precision, recall = _share(c["exact"], c["predicted"]), _share(c["exact"], c["labels"])
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        parts = {name: _share(c[name], c["found"]) for name in ("value", "kind", "bound")}
        return {
            "figures": c["labels"], "span_f1": f1, **parts, "right_system": _share(c["right_system"], c["labels"]),
            "wrong_system": _share(c["wrong_system"], c["labels"]), "decided_right": _share(c["decided_right"], c["decidable"]),
            "flagged": _share(c["flagged"], c["bad"]), "accused": c["accused"], "approved": c["approved"],
            "contradicted_true": c["contradicted_true"],
        }  # fmt: skip


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def read_labels(folder: Path) -> dict[str, list[Label]]:
    """Labels of a batch by file, in the order of the text; a size that a text never prints with its name may be left out."""
    by_file: dict[str, list[Label]] = {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        for name, rows in groupby(csv.DictReader(lines), key=itemgetter("file")):
            printed = canonical((folder / name).read_text(encoding="utf-8"))
            by_file[name] = [row | {"system": _unsized(row["system"], printed)} for row in rows]
    return by_file


def _unsized(system: str, printed: str) -> str:
    """A label, or else its name without a size that the text does not print with it: Petrel-8B is Petrel, an 8-billion-parameter model."""
    bare = _SIZE.sub("", system)
    return system if bare == system or canonical(system) in printed else f"{system} / {bare}"


def recorded(folder: Path) -> list[dict[str, str]]:
    """What the reader reached on each batch the first time."""
    with (folder / "first_readings.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def tally(folder: Path, knowledge: Knowledge) -> Tally:
    """All labels of a batch against one scan of each article."""
    by_file = read_labels(folder)
    total = Tally(kinds=frozenset(label["kind"] for labels in by_file.values() for label in labels))
    for name, labels in by_file.items():
        text = (folder / name).read_text(encoding="utf-8")
        _count(total, name, labels, list(scan(text, knowledge).candidates), knowledge)
    return total


def _count(total: Tally, name: str, labels: Sequence[Label], found: list[Candidate], knowledge: Knowledge) -> None:
    total.counts["predicted"] += len(found)
    for label in labels:
        start = int(label["start"])
        end = start + len(label["printed"])
        candidate = next((c for c in found if c.quantity.char_start < end and start < c.quantity.char_end), None)
        total.counts["labels"] += 1
        if candidate is None:
            total.notes.append(
                f"{name} missed {label['printed']} ({label['kind']}, {label['system']}, {label['truth']})"
            )
            _judged(total, name, label, None)
            continue
        found.remove(candidate)
        _read(total, name, label, candidate, knowledge)
        _judged(total, name, label, candidate)
    total.notes += [f"{name} extra {c.quantity.as_printed} ({c.quantity.kind})" for c in found]


def _read(total: Tally, name: str, label: Label, candidate: Candidate, knowledge: Knowledge) -> None:
    q = candidate.quantity
    total.counts["found"] += 1
    start, printed = int(label["start"]), label["printed"]
    exact = q.char_start <= start + 1 and q.char_end >= start + len(printed)  # labels leave units and classifiers out
    tests = {
        "exact": exact, "value": _same_value(label, candidate), "kind": _same_kind(label["kind"], _kind(candidate, total.kinds)),
        "bound": _same_bound(label, candidate),
    }  # fmt: skip
    for part, right in tests.items():
        total.counts[part] += right
        if not right:
            said = (q.as_printed, q.kind, q.value, q.bound)
            total.notes.append(
                f"{name} {part} {label['printed']}: {label['kind']} {label['value']} {label['bound']} read {said}"
            )
    right = same_system(label["system"], q.system_id, knowledge)
    total.counts["right_system"] += right
    total.counts["wrong_system"] += not right and q.system_id != ""
    if not right:
        total.notes.append(f"{name} system {label['printed']}: {label['system']!r} read {q.system_id!r} ({q.how})")


def _judged(total: Tally, name: str, label: Label, candidate: Candidate | None) -> None:
    first = candidate.first if candidate else None
    grade = first.grade if first else ""
    bad = label["truth"] in ("false", "misleading")
    if label["decidable"] == "yes":
        total.counts["decidable"] += 1
        total.counts["bad"] += bad
        total.counts["flagged"] += bad and (grade in FAILING or grade == CONTRADICTS)
        right = {
            "true": grade in HOLDING, "leak": grade == "unsure", "false": grade in FAILING or grade == CONTRADICTS,
            "misleading": grade in FAILING or grade == CONTRADICTS,
        }.get(label["truth"], False)  # fmt: skip
        total.counts["decided_right"] += right
        if not right:
            total.notes.append(
                f"{name} undecided {label['printed']}: {label['kind']} of {label['system']} is {label['truth']}, said {grade!r} {label['why']}"
            )
    if label["truth"] == "true" and grade in FAILING:
        total.counts["accused"] += 1
        total.notes.append(
            f"{name} ACCUSED {label['printed']}: {grade} {first.why if first else ''} {first.evidence_ids if first else ''}"
        )
    if (bad or label["truth"] == "leak") and grade in HOLDING:
        total.counts["approved"] += 1
        total.notes.append(
            f"{name} APPROVED {label['printed']}: {label['truth']} {first.why if first else ''} {first.evidence_ids if first else ''}"
        )
    total.counts["contradicted_true"] += label["truth"] == "true" and grade == CONTRADICTS


def _kind(candidate: Candidate, used: Collection[str]) -> str:
    q = candidate.quantity
    if q.kind in _COARSER and q.kind not in used:
        return _COARSER[q.kind]
    if q.unit == "chip.s":
        return "chip_time"
    if q.kind == "other":
        return _OTHER.get(q.unit, "other")
    if q.kind == "dataset_size":
        return "memory"
    return _KINDS.get(q.kind, q.kind if q.kind in _PLAIN else "other")


_PLAIN = frozenset(
    {
        "parameters", "active_parameters", "tokens", "chip_count", "duration", "compute", "throughput", "money", "energy",
        "emissions", "ratio", "date", "count", "score",
    }
)  # fmt: skip


def _same_kind(wanted: str, read: str) -> bool:
    return wanted == read or any({wanted, read} <= same for same in _SAME_KIND)


def _same_value(label: Label, candidate: Candidate) -> bool:
    q = candidate.quantity
    if isinstance(q.value, str):
        return (
            label["value"].startswith(q.value.lstrip("-"))
            or q.value.endswith(label["value"])
            or label["value"] in q.value
        )
    wanted = [float(part) for part in label["value"].split("|") if _is_number(part)]
    if len(wanted) == 2:
        return _close(wanted[0], q.low) and _close(wanted[1], q.high)
    scales = (1, 100, 0.01) if label["kind"] in ("percentage", "score", "ratio") else (1,)
    near = _MONTHS if label["kind"] == "duration" else 0.0015
    return bool(wanted) and any(_close(wanted[0], q.value * scale, near) for scale in scales)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _close(a: float, b: float, near: float = 0.0015) -> bool:
    return abs(a - b) <= near * max(abs(a), abs(b))


def _same_bound(label: Label, candidate: Candidate) -> bool:
    wanted = _BOUNDS.get(label["bound"], label["bound"])
    return candidate.quantity.bound.partition(" ")[0] == wanted


def same_system(wanted: str, read: str, knowledge: Knowledge) -> bool:
    """Whether a label's name is the owner that was read: by id, by any name of it, in any spelling."""
    if not wanted or not read:
        return wanted == read
    spellings = [name for use in ("company", "country", "place") for name, one in meanings(use).items() if one == read]
    spellings += [name for name, system_id in knowledge.everyday.items() if system_id == read]
    mine = {canonical(_BRACKETED.sub("", name)) for name in (read, *spellings, *knowledge.names.get(read, ()))}
    asked = [canonical(_BRACKETED.sub("", part)) for part in wanted.split(" / ")]  # a multiple of two is of either
    return any(part in mine or any(_part(part, name) for name in mine) for part in asked)


def _part(asked: str, name: str) -> bool:
    """NVIDIA H100 and H100, 华为昇腾910B and 昇腾910B; never Llama 3 and Llama 3.1."""
    return len(name) > 2 and len(asked) > 2 and (asked.endswith(name) or name.endswith(asked))


def lines(folders: Iterable[Path], knowledge: Knowledge, verbose: bool = False) -> Iterator[str]:
    """A line for each batch; what was missed as well, if `verbose`."""
    yield " ".join(f"{name:>14s}" for name in ("batch", *MEASURES))
    for folder in folders:
        found = tally(folder, knowledge)
        row = found.row()
        yield " ".join(
            [
                f"{folder.name:>14s}",
                *(f"{row[m]:14.3f}" if isinstance(row[m], float) else f"{row[m]:14d}" for m in MEASURES),
            ]
        )
        if verbose:
            yield from found.notes
