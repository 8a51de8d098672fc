"""A scanned article on a page: its figures in their sentences, how they were read, and first verdicts with their sources."""

from collections.abc import Mapping

import pandas as pd

from helpers.ledger.scan import Candidate, Scan
from helpers.ledger.scan_wording import evidence_line, how_far, spoken
from helpers.ledger.verdicts import CONTRADICTS
from helpers.report.claims import badge
from helpers.report.sources import listed
from helpers.report.text import Html, escape, link, with_language

NO_MARKS = str.maketrans("", "", "⟦⟧")
SENTENCE_LENGTH = 60  # characters of a sentence on either side of its figure


def sentence(candidate: Candidate) -> str:
    """The figure between ⟦ and ⟧ in its sentence, both ends cut to what is needed to judge it."""
    before, after = candidate.before[-SENTENCE_LENGTH:], candidate.after[:SENTENCE_LENGTH]
    start = "…" if len(candidate.before) > SENTENCE_LENGTH else ""
    end = "…" if len(candidate.after) > SENTENCE_LENGTH else ""
    plain = (part.translate(NO_MARKS) for part in (before, candidate.quantity.as_printed, after))
    return "{}{}⟦{}⟧{}{}".format(start, *plain, end)


def marked(text: str) -> Html:
    """A sentence with its figure marked for the eye."""
    before, _, rest = text.partition("⟦")
    figure, _, after = rest.partition("⟧")
    return Html(f"{with_language(before)}<mark>{with_language(figure)}</mark>{with_language(after)}")


def grade_badge(grade: str) -> Html:
    """The badge of a grade; that figures contradict each other is none of the grades."""
    return Html(f'<span class="badge">≠ {escape(grade)}</span>') if grade == CONTRADICTS else badge(grade)


def source_link(key: str) -> Html:
    """A source's key, leading to its entry below."""
    return link(f"#ref-{key}", key)


def figures(found: Scan) -> pd.DataFrame:
    """All figures in the order of the text, one row each."""
    return pd.DataFrame(
        {
            "place": f"{c.quantity.char_start}-{c.quantity.char_end}",
            "sentence": sentence(c),
            "kind": c.quantity.kind.replace("_", " "),
            "reading": spoken(c),
            "system": c.system,
            "verdict": c.first.grade if c.first else "",
        }
        for c in found.candidates
    )


def first_verdicts(found: Scan) -> pd.DataFrame:
    """The figures with a first verdict: what was read, what the evidence says and where it stands."""
    return pd.DataFrame(
        {
            "statement": f"{c.system}: {spoken(c)}",
            "verdict": c.first.grade,
            "off": how_far(c.first),
            "evidence": evidence_line(c.first),
            "source": c.first.decided_by["source_id"] if c.first.decided_by else "",
            "locator": c.first.decided_by["locator"] if c.first.decided_by else "",
        }
        for c in found.candidates
        if c.first
    )


def unread(found: Scan) -> pd.DataFrame:
    """What looks like a figure and was not read, with the reason."""
    return pd.DataFrame(
        {"place": f"{t.char_start}-{t.char_end}", "printed": t.as_printed[:SENTENCE_LENGTH], "reason": t.reason}
        for t in found.unread
    )


def sources(found: Scan, references: Mapping[str, dict[str, str]]) -> Html:
    """The sources that decided the first verdicts, each once."""
    decided = (c.first.decided_by for c in found.candidates if c.first)
    return listed(sorted({row["source_id"] for row in decided if row}), references)
