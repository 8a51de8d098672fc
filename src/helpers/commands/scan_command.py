"""The command `scan`: what an article prints, what we know of it, and rows for a ledger of the user's own."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.paths import DATA

if TYPE_CHECKING:
    from helpers.ledger.scan import Candidate, FirstVerdict, Scan

HELP = "read the figures of an article (.txt, .html or .pdf) and hold them against the evidence"
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
MORE = "Offsets count the code points of the text that was scanned; --format text prints that text."


def add_commands(subparsers: Any) -> None:
    """Add the command to the object that `ArgumentParser.add_subparsers` returned."""
    add_arguments(subparsers.add_parser("scan", help=HELP, description=HELP, epilog=MORE))
    add_known(subparsers)
    add_article(subparsers)


def add_known(subparsers: Any) -> None:
    """Add the command `known`."""
    text = "print what is on file on a system, by quantity and source, and what is missing"
    parser = subparsers.add_parser("known", help=text, description=text)
    parser.add_argument("system", metavar="NAME", help="a system by any of its names, such as 'DeepSeek V3'")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="another data folder")
    parser.add_argument(
        "--ledger", type=Path, metavar="DIR", help="a ledger of your own, with its systems and evidence"
    )
    parser.set_defaults(run=_known)


def add_article(subparsers: Any) -> None:
    """Add the command `article`."""
    text = "put an article on one offline page where its figures can be corrected and are judged again at once"
    parser = subparsers.add_parser("article", help=text, description=text)
    parser.add_argument("article", type=Path, metavar="FILE", help="a .txt, .html or .pdf file, or - for pasted text")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder that receives article.html")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="another data folder")
    parser.add_argument(
        "--ledger", type=Path, metavar="DIR", help="a ledger of your own, with its systems and evidence"
    )
    parser.set_defaults(run=_article)


def _article(args: argparse.Namespace) -> int:
    from helpers.commands.scan_page import write_article

    print(write_article(args.article, args.out, args.data, args.ledger))
    print("It shows the article's sentences: keep it to yourself, and share the page that it saves.", file=sys.stderr)
    return 0


def _known(args: argparse.Namespace) -> int:
    from helpers.ledger.knowledge import Knowledge
    from helpers.ledger.on_file import lines_on
    from helpers.reader.documents import printable

    print("\n".join(printable(line) for line in lines_on(args.system, Knowledge(args.data, args.ledger))))
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command; sets `run` as its action."""
    add = parser.add_argument
    add("article", type=Path, metavar="ARTICLE", help="a .txt file in UTF-8, a saved web page, or a PDF")
    add("--format", choices=("table", "csv", "text"), default="table", help="what to print (default table)")
    add("--add", type=Path, metavar="DIR", help="append the figures to DIR/claims.csv, a ledger of your own")
    add("--data", type=Path, default=DATA, metavar="DIR", help="another data folder")
    add("--page", type=Path, metavar="FILE", help="write all of it as one page (.html) for reading offline")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Scan the article that `args` name, print what was found, and add it where that was asked for."""
    from helpers.ledger.scan import Knowledge, scan
    from helpers.reader.documents import read_document

    text = read_document(args.article)
    found = scan(text, Knowledge(args.data, args.add))
    added = _add(args, text, found) if args.add else ""  # first: a reader that stops reading shall not stop it
    if args.format == "csv":
        _print_csv(found)
    elif args.format == "text":
        sys.stdout.write(text)
    else:
        print("\n".join(lines_of(found)))
    if args.page:
        from helpers.commands.scan_page import write_page

        write_page(args.article, args.page, args.data)
        print(f"Page written to {args.page}; it shows the article's sentences: keep it to yourself.", file=sys.stderr)
    if added:
        print(added, file=sys.stdout if args.format == "table" else sys.stderr)
    return 0


def _add(args: argparse.Namespace, text: str, found: Scan) -> str:
    from helpers.ledger.additions import add_to_ledger
    from helpers.ledger.scan_wording import counted
    from helpers.reader.documents import printable

    added = add_to_ledger(args.add, args.article.name, text, found, args.data)
    there = f"; {added.known} had a row already" if added.known else ""
    lines = [
        f"Added {counted(added.rows, 'row')} of article {added.article_id} to {printable(str(added.file))}{there}."
    ]
    if added.left_out:
        printed = ", ".join(printable(token[:24]) for token in added.left_out[:5])
        lines.append(f"Left out, to be written by hand (no year, or only the sentence says what it is): {printed}.")
    if added.rows:
        folder = printable(str(args.add))
        lines.append(
            f"Correct the rows, then: python -m helpers check --ledger {folder}; python -m helpers verdicts --ledger {folder}"
        )
    return "\n".join(lines)


def _print_csv(found: Scan) -> None:
    from helpers.ledger.scan import number

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(SCAN_COLUMNS)
    for candidate in found.candidates:
        q = candidate.quantity
        read = (q.char_start, q.char_end, q.as_printed, q.kind, number(q.value), q.unit, q.bound, q.system_id)
        writer.writerow((*read, *_first(candidate.first)))


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
