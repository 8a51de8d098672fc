"""The bibliography: BibTeX entries whose values stand in braces, in quotation marks, or are one bare word.

Strict, because a library that skips what it cannot read lets a source vanish, and takes a hundred times as long.
"""

import re
from pathlib import Path

from helpers.errors import DataProblem
from helpers.files import read_text
from helpers.paths import shown

MOST_BYTES = 16_000_000
NESTED = 5  # braces in braces
_within = r"[^{}]*+"
for _ in range(NESTED):
    _within = rf"[^{{}}]*+(?:\{{{_within}\}}[^{{}}]*+)*+"
_BEGIN = re.compile(r"^\s*@(?!comment|preamble)(\w+)\s*\{\s*([^\s,{}]+)", re.M | re.I)
_FIELD = re.compile(rf'\s*,\s*([\w-]+)\s*=\s*(?:\{{({_within})\}}|"([^"]*)"|([\w.-]+))')
_END = re.compile(r"\s*,?\s*\}")


def read_references(path: Path) -> dict[str, dict[str, str]]:
    """Entries of a BibTeX file by key: fields in small letters, and `ENTRYTYPE` and `ID`; a DataProblem, if the file is
    missing, a key stands twice, or an entry is not whole."""
    text = read_text(path, MOST_BYTES)
    entries: dict[str, dict[str, str]] = {}
    for begin in _BEGIN.finditer(text):
        kind, key = begin.groups()
        if key in entries:
            raise DataProblem(shown(path), f"entry {key}", "the key stands twice", "rename one of them")
        fields, place = {}, begin.end()
        while field := _FIELD.match(text, place):
            name, braced, quoted, bare = field.groups()
            value = next(value for value in (braced, quoted, bare) if value is not None)
            fields[name.lower()] = re.sub(r"[{}]|\\(?=&)", "", value).replace("\n", " ")
            place = field.end()
        if not _END.match(text, place):
            what, mend = "cannot be read to its end", "balance its braces, and part its fields by commas"
            raise DataProblem(shown(path), f"entry {key}", what, mend)
        entries[key] = {**fields, "ENTRYTYPE": kind.lower(), "ID": key}
    return entries
