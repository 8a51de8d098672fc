"""The bibliography, and citations that open in place."""

import re
from collections.abc import Mapping, Sequence

from helpers.language import evidence_text, named
from helpers.ledger.tables import Tables
from helpers.report.text import Html, escape, fill, foreign, link, with_language

References = Mapping[str, Mapping[str, str]]
KEY = re.compile(r"\b([a-z]+[0-9]{4}[a-z0-9-]*)")
SHORT_BYTES = 30  # a Chinese character is three, and as wide as two Latin ones
# A line may break before and after a button: what belongs to it would be left alone there.
BESIDE = re.compile(
    r"[(（]<button .*?</button>[,;.)，；。）]?|<button [^>]*>(?:(?!</button>).)*</button>[,;.)，；。）]"
)


def source_list(tables: Tables) -> Html:
    """All sources that the dataset uses, by key, each with the id `ref-<key>`, and a card for each citation of it."""
    used = {str(key) for name, column in tables.source_columns for key in tables[name][column] if key}
    return listed(sorted(used), tables.references, cards=True)


def listed(keys: Sequence[str], references: References, *, cards: bool = False) -> Html:
    """Some sources, in the order of `keys`; a card is what a citation opens, by the browser alone."""
    return fill("sources", keys=keys, cards=cards, references=references, described=_described, web=_link)


def cited(key: str, references: References) -> Html:
    """A source in a line: authors, year and title, which open its card (see `source_list`), and a link to it."""
    entry = references[key]
    web, title = _link(entry, short=True), f"<cite>{foreign(entry.get('title', key))}</cite>"
    return Html(f"{_opener(key, f'{foreign(_label(entry))}: {title}')}{' ' if web else ''}{web}")


def in_short(key: str, references: References) -> Html:
    """A source as authors and year, which open its card."""
    return _opener(key, foreign(_label(references[key])))


def counted_as(text: object) -> Html:
    """What a source says that its figure counts, in its words or in those of the current language."""
    return foreign(evidence_text(named(text)))


def with_sources(text: object, references: References) -> Html:
    """A sentence of data with its source keys shown as authors and year."""
    parts = KEY.split(str(text))  # what may be a key is every second one
    shown = [in_short(p, references) if n % 2 and p in references else with_language(p) for n, p in enumerate(parts)]
    return Html(BESIDE.sub(_together, "".join(shown)))


def _together(match: re.Match[str]) -> str:
    """On one line, if it is short enough for any."""
    short = len(re.sub("<[^>]*>", "", match[0]).encode()) <= SHORT_BYTES
    return f'<span class="together">{match[0]}</span>' if short else match[0]


def _opener(key: str, shown: str) -> Html:
    """A button that opens the card of a source, without a script."""
    return Html(f'<button class="cite" popovertarget="cite-{escape(key)}">{shown}</button>')


def _label(entry: Mapping[str, str]) -> str:
    return " ".join(part for part in (_surnames(entry), entry.get("year", "")) if part)


def _surnames(entry: Mapping[str, str]) -> str:
    """Brown et al.; Alvi and Kharya; OpenAI."""
    names = [name.split(",")[0].strip() for name in _who(entry).split(" and ")]
    if len(names) > 2 or names[-1] == "others":
        return f"{names[0]} et al."
    return " and ".join(names)


def _who(entry: Mapping[str, str]) -> str:
    return named(entry.get("author") or entry.get("organization") or entry.get("institution") or "")


def _described(key: str, entry: Mapping[str, str]) -> Html:
    """Authors, unless the title begins with them, title and year in full."""
    who, title = _who(entry).replace(" and others", " et al.").replace(" and ", "; "), entry.get("title", key)
    by = "" if title.startswith(who) else foreign(who)
    parts = [by, f"<cite>{foreign(title)}</cite>", escape(entry.get("year", ""))]
    return Html(", ".join(part for part in parts if part))


def _link(entry: Mapping[str, str], *, short: bool = False) -> Html:
    """The source on the web; in short its host only."""
    eprint, url = entry.get("eprint", ""), entry.get("url", "")
    if re.fullmatch(r"[0-9]{4}\.[0-9]{4,5}(v[0-9]+)?|[a-z-]+/[0-9]{7}", eprint):
        return link(f"https://arxiv.org/abs/{eprint}", f"arXiv:{eprint}")
    if re.fullmatch(r"https?://[^\s\"'<>]+", url):
        return link(url, url.split("/")[2].removeprefix("www.") if short else url)
    return escape("" if short else entry.get("howpublished", ""))
