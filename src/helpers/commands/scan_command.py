"""The commands `scan`, `known` and `article`: what an article prints, what we know of it, and rows for a ledger."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.errors import Problem
from helpers.files import refuse_input, write_whole
from helpers.ledger.claimed import number
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import Candidate, Scan, scan
from helpers.ledger.scan_wording import counted, lines_on, spoken, verdict_line
from helpers.reader.documents import STDIN, printable, read_document
from helpers.rows import csv_text

SCAN_COLUMNS = (
    "char_start", "char_end", "as_printed", "kind", "value", "unit", "bound", "system",
    "first_verdict", "rank", "evidence", "why",
)  # fmt: skip
LONGEST_NAME = 200  # characters
PRIVATE = "it shows the article's sentences: keep it to yourself"


def known(options: argparse.Namespace) -> None:
    """Print what is on file on a system."""
    if len(options.system) > LONGEST_NAME:
        raise Problem(f"known: {len(options.system)} characters are no name. Mend: write a system's name.")
    print("\n".join(lines_on(options.system, Knowledge(options.data, options.ledger))))


def article(options: argparse.Namespace) -> None:
    """Put an article, a file or - for what is pasted, on a page to correct, `--out`/article.html."""
    target = options.out / "article.html"
    write_article(options.article, target, options.data, own=options.ledger, editable=True)
    print(target)
    print(f"{PRIVATE.capitalize()}, and share the page that it saves.", file=sys.stderr)


def write_article(article: Path, target: Path, data_dir: Path, own: Path | None = None, editable: bool = False) -> None:
    """Write an article on a page, an .html file, never over the article; nothing else of that stays on the disk. `own` is
    a folder with systems and evidence of one's own; `editable` whether figures can be corrected there."""
    from helpers.report.article_page import article_page

    if target.suffix.lower() not in (".html", ".htm"):
        raise Problem(f"--page {target} is no .html file. Mend: name one, such as scan.html.")
    refuse_input(target, [article])
    name = "pasted text" if article == STDIN else article.name
    write_whole(target, article_page(name, read_document(article), data_dir, own=own, editable=editable))


def scan_article(options: argparse.Namespace) -> None:
    """Scan an article, print what was found, and add it where that was asked for."""
    text = read_document(options.article)
    found = scan(text, Knowledge(options.data, options.add))
    added = _added_rows(options, text, found) if options.add else ""  # first, lest a reader that stops reading stop it
    if options.format == "csv":
        _print_csv(found)
    elif options.format == "text":
        sys.stdout.write(text)
    else:
        print("\n".join(lines_of(found)))
    if options.page:
        write_article(options.article, options.page, options.data)
        print(f"Page written to {options.page}; {PRIVATE}.", file=sys.stderr)
    if added:
        print(added, file=sys.stdout if options.format == "table" else sys.stderr)


def _added_rows(options: argparse.Namespace, text: str, found: Scan) -> str:
    from helpers.ledger.additions import add_to_ledger

    added = add_to_ledger(options.add, options.article.name, text, found, options.data)
    there = f"; {added.known} had a row already" if added.known else ""
    rows, file, folder = counted(added.rows, "row"), printable(str(added.file)), printable(str(options.add))
    lines = [f"Added {rows} of article {added.article_id} to {file}{there}."]
    if added.left_out:
        printed = ", ".join(printable(token[:24]) for token in added.left_out[:5])
        lines.append(f"Left out, to be written by hand (no year, or only the sentence says what it is): {printed}.")
    if added.rows:
        then = (f"python -m helpers {command} --ledger {folder}" for command in ("check", "verdicts"))
        lines.append(f"Correct the rows, then: {'; '.join(then)}")
    return "\n".join(lines)


def _print_csv(found: Scan) -> None:
    """Figures as rows; grade, rank, identifiers of the evidence and reason are empty where there is no first verdict."""
    rows: list[tuple[object, ...]] = [SCAN_COLUMNS]
    for candidate in found.candidates:
        q, first = candidate.quantity, candidate.first
        read = (q.char_start, q.char_end, q.as_printed, q.kind, number(q.value), q.unit, q.bound, q.system_id)
        why = (first.grade, first.rank, "|".join(first.evidence_ids), printable(verdict_line(first))) if first else ()
        rows.append((*read, *why, *([""] * (len(SCAN_COLUMNS) - len(read) - len(why)))))
    sys.stdout.write(csv_text(rows))


def lines_of(found: Scan) -> Iterator[str]:
    """A scan as text for the screen."""
    for candidate in found.candidates:
        q, kind = candidate.quantity, candidate.quantity.kind.replace("_", " ")
        about = f"{kind}: {spoken(candidate)}  [{_about(candidate, kind)}]"
        yield printable(f"{q.char_start}-{q.char_end}  {q.as_printed}  =  {about}")
        yield printable(f"    {candidate.before}[{q.as_printed}]{candidate.after}")
        if candidate.first:
            yield printable(f"    first verdict: {verdict_line(candidate.first)}")
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


def _about(candidate: Candidate, kind: str) -> str:
    """One of the states: a name that the tables hold, with something on this quantity or nothing; one that they lack; none near."""
    if not candidate.system:
        return "no name near"
    if not candidate.known:
        return f"{candidate.system}: not in our tables; look up its maker's report for its {kind}"
    return candidate.system if candidate.first else f"{candidate.system}: nothing that decides its {kind} is on file"
