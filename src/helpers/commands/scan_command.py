"""The commands `scan`, `known` and `article`: what an article prints, what we know of it, and rows for a ledger."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from helpers.rows import csv_text

if TYPE_CHECKING:
    from helpers.ledger.scan import Candidate, FirstVerdict, Scan

SCAN_COLUMNS = (
    "char_start",
    "char_end",
    "as_printed",
    "kind",
    "value",
    "unit",
    "bound",
    "system",
    "first_verdict",
    "rank",
    "evidence",
    "why",
)


def article(options: argparse.Namespace) -> None:
    """Put an article on a page to correct."""
    from helpers.commands.scan_page import write_article

    print(write_article(options.article, options.out, options.data, options.ledger))
    print("It shows the article's sentences: keep it to yourself, and share the page that it saves.", file=sys.stderr)


def known(options: argparse.Namespace) -> None:
    """Print what is on file on a system."""
    from helpers.ledger.knowledge import Knowledge
    from helpers.ledger.on_file import lines_on

    print("\n".join(lines_on(options.system, Knowledge(options.data, options.ledger))))


def scan_article(options: argparse.Namespace) -> None:
    """Scan an article, print what was found, and add it where that was asked for."""
    from helpers.ledger.scan import Knowledge, scan
    from helpers.reader.documents import read_document

    text = read_document(options.article)
    found = scan(text, Knowledge(options.data, options.add))
    added = _add(options, text, found) if options.add else ""  # first: a reader that stops reading shall not stop it
    if options.format == "csv":
        _print_csv(found)
    elif options.format == "text":
        sys.stdout.write(text)
    else:
        print("\n".join(lines_of(found)))
    if options.page:
        from helpers.commands.scan_page import write_page

        write_page(options.article, options.page, options.data)
        print(
            f"Page written to {options.page}; it shows the article's sentences: keep it to yourself.", file=sys.stderr
        )
    if added:
        print(added, file=sys.stdout if options.format == "table" else sys.stderr)


def _add(options: argparse.Namespace, text: str, found: Scan) -> str:
    from helpers.ledger.additions import add_to_ledger
    from helpers.ledger.scan_wording import counted
    from helpers.reader.documents import printable

    added = add_to_ledger(options.add, options.article.name, text, found, options.data)
    there = f"; {added.known} had a row already" if added.known else ""
    lines = [
        f"Added {counted(added.rows, 'row')} of article {added.article_id} to {printable(str(added.file))}{there}."
    ]
    if added.left_out:
        printed = ", ".join(printable(token[:24]) for token in added.left_out[:5])
        lines.append(f"Left out, to be written by hand (no year, or only the sentence says what it is): {printed}.")
    if added.rows:
        folder = printable(str(options.add))
        lines.append(
            f"Correct the rows, then: python -m helpers check --ledger {folder}; python -m helpers verdicts --ledger {folder}"
        )
    return "\n".join(lines)


def _print_csv(found: Scan) -> None:
    from helpers.ledger.scan import number

    rows: list[tuple[object, ...]] = [SCAN_COLUMNS]
    for candidate in found.candidates:
        q = candidate.quantity
        read = (q.char_start, q.char_end, q.as_printed, q.kind, number(q.value), q.unit, q.bound, q.system_id)
        rows.append((*read, *_first(candidate.first)))
    sys.stdout.write(csv_text(rows))


def _first(first: FirstVerdict | None) -> tuple[str, str, str, str]:
    """Grade, rank, identifiers of the evidence and reason, empty where there is no first verdict."""
    from helpers.ledger.scan_wording import verdict_line
    from helpers.reader.documents import printable

    if first is None:
        return "", "", "", ""
    return first.grade, str(first.rank), "|".join(first.evidence_ids), printable(verdict_line(first))


def lines_of(found: Scan) -> Iterator[str]:
    """A scan as text for the screen."""
    from helpers.ledger.scan_wording import counted
    from helpers.reader.documents import printable

    for candidate in found.candidates:
        yield from (printable(line) for line in _candidate_lines(candidate))
    if found.unread:
        yield "Not read, for you to look at:"
        for token in found.unread:
            yield printable(f"  {token.char_start}-{token.char_end}  {token.as_printed[:60]}  ({token.reason})")
    judged = sum(candidate.first is not None for candidate in found.candidates)
    yield (
        f"{counted(len(found.candidates), 'figure')}, {judged} with a first verdict; {len(found.unread)} not read; "
        f"{len(found.dismissed)} set aside as names, dates of the page and the like."
    )
    if judged:
        yield "A first verdict is given where the sentence names the system and says what the evidence counts; read it before you use it."


def _about(candidate: Candidate) -> str:
    """The three states: a name that the tables hold, with nothing on this quantity or with it; one that they lack; none near."""
    if not candidate.system:
        return "  [no name near]"
    kind = candidate.quantity.kind.replace("_", " ")
    if not candidate.known:
        return f"  [{candidate.system}: not in our tables; look up its maker's report for its {kind}]"
    return (
        f"  [{candidate.system}]"
        if candidate.first
        else f"  [{candidate.system}: nothing that decides its {kind} is on file]"
    )


def _candidate_lines(candidate: Candidate) -> Iterator[str]:
    from helpers.ledger.scan_wording import spoken, verdict_line

    q = candidate.quantity
    about = _about(candidate)
    yield f"{q.char_start}-{q.char_end}  {q.as_printed}  =  {q.kind.replace('_', ' ')}: {spoken(candidate)}{about}"
    yield f"    {candidate.before}[{q.as_printed}]{candidate.after}"
    if candidate.first:
        yield f"    first verdict: {verdict_line(candidate.first)}"
