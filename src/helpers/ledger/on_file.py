"""What the tables hold on a system: by quantity and source, and which of the usual quantities are missing."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.errors import Problem, nearest
from helpers.ledger.evidence import UNITS_OF, strength
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.scan_wording import in_words
from helpers.reader.names import canonical

BEARS = {0: "decides nothing", 1: "weak", 2: "fair", 3: "strong"}


def system_called(name: str, knowledge: Knowledge) -> str:
    """The identifier of a system by any of its names.

    Raises:
        Problem: no table holds the name; the nearest are named.
    """
    if name in knowledge.names:
        return name
    wanted = canonical(name)
    for system_id, names in knowledge.names.items():
        if any(canonical(known) == wanted for known in names):
            return system_id
    all_names = {known for names in knowledge.names.values() for known in names}
    mend = ". Mend: another of its names, or rows on it in a ledger of your own"
    raise Problem(f"{name}: no table holds this name{nearest(name, all_names) or mend}")


def lines_on(name: str, knowledge: Knowledge) -> Iterator[str]:
    """What is on file on a system, a line each.

    Raises:
        Problem: no table holds the name.
    """
    system_id = system_called(name, knowledge)
    title = knowledge.titles[system_id]
    others = [known for known in knowledge.names[system_id] if known != title]
    yield f"{title} ({system_id}); also: {', '.join(others[:8]) or 'no other name'}"
    if system_id in knowledge.families:
        yield "A family, company or product: it gives evidence to none of its members, nor they to it."
    rows = knowledge.all_on(system_id)
    by_quantity: dict[str, list[Row]] = {}
    for row in rows:
        by_quantity.setdefault(row["quantity"], []).append(row)
    for quantity in [q for q in UNITS_OF if q in by_quantity] + sorted(set(by_quantity) - set(UNITS_OF)):
        yield f"{quantity.replace('_', ' ')}:"
        yield from (_line(row) for row in sorted(by_quantity[quantity], key=strength, reverse=True))
    missing = [quantity.replace("_", " ") for quantity in UNITS_OF if quantity not in by_quantity]
    yield f"Missing: {', '.join(missing) or 'none of the usual quantities'}."


def _line(row: Row) -> str:
    """Value, what it counts, how much it bears, source and place, identifier."""
    counts = f" [{row['counts']}]" if row["counts"] else ""
    who = "leak" if row["standing"] == "leak" else row["standing"]
    bears = f"{who}, {BEARS[int(strength(row))]}"
    return f"  {in_words(row)}{counts}; {bears}; {row['source_id']}, {row['locator']} ({row['evidence_id']})"
