"""The language of prose and labels: English in the code, other languages from a catalogue.

What a reader sees passes through `tr("Text with {value}")`, as with gettext: the English text is the key, its
translation stands beside it in `locale/<tag>.po`. The catalogue is read only when it is needed, and a text that
it lacks stops the edition: nothing stays English in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.errors import DataProblem, ParameterProblem, Problem, nearest
from helpers.structured import read_toml

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "en"
TAGS = {"en": "en", "zh": "zh-Hans"}  # BCP 47
NAMES = {"en": "English", "zh": "中文"}
PAGES = {"en": "index.html", "zh": "index.zh.html"}
PROSE = "COMPUTE_CLAIMS_PROSE"  # variable of a kernel: the language that its notebook's prose is in, if it is known
LOCALE = Path(__file__).with_name("locale")
PLACES = read_toml(LOCALE / "places_zh_Hans.toml")  # where in a source, in Chinese
PLACE = re.compile(r"\{(?P<name>[a-z_][a-z_0-9]*)(?P<parts>(?:\.[a-z_0-9]+)*)(?::(?P<spec>[^{}]*))?\}")
WORD = re.compile(r"[a-z]{2}")  # what has no such letters is a number, a formula or a unit, the same everywhere

# The language of what is being written; each thread has its own. A notebook sets the default of its process instead,
# because a kernel runs each cell in a context of its own, so that a context variable would be forgotten.
_edition: ContextVar[str] = ContextVar("edition")
_of_process = {"language": SOURCE}


class MissingTranslation(Problem):
    """A text has no translation into the language that is asked for."""


def current() -> str:
    """The language that is written now: `en` or `zh`."""
    return _edition.get(_of_process["language"])


def is_source() -> bool:
    """Whether it is English, in which the code is written."""
    return current() == SOURCE


def use(language: str) -> None:
    """Write in this language from now on, in this whole process: for a notebook, which has one of its own."""
    _of_process["language"] = known_language(language)


def known_language(language: str) -> str:
    """The language itself, a ParameterProblem where there is no edition in it."""
    if language not in TAGS:
        raise ParameterProblem(f"language: no edition in {language!r}; one of {', '.join(TAGS)}")
    return language


@contextmanager
def using(language: str) -> Iterator[None]:
    """Write in a language for a while, whatever others do at the same time."""
    token = _edition.set(known_language(language))
    try:
        yield
    finally:
        _edition.reset(token)


def later(text: str) -> str:
    """Marks a text that is translated where it is shown; returns it as it is."""
    return text


def translated(text: str) -> str:
    """A text in the current language, its {places} still open; a MissingTranslation where the catalogue lacks it."""
    if is_source():
        return text
    found = _catalogue(current()).get(("", text))
    if found is None and WORD.search(PLACE.sub("", text)):
        file = f"src/helpers/locale/{_po(current()).name}"
        raise MissingTranslation(f'{file}: no translation of "{text}". Mend: add it (msgid, msgstr).')
    return text if found is None else found


def tr(text: str, **values: Any) -> str:
    """A text in the current language with its values: `tr("{n:,.0f} days", n=days)`; each that it names is needed."""
    return filled(translated(text), values)


def refuse_unused(what: str, values: Iterable[str], templates: Iterable[str], options: Iterable[str] = ()) -> None:
    """A word that neither an option nor a {place} of a template takes is a slip, and a TypeError that names it."""
    named = {place["name"] for template in templates for place in PLACE.finditer(template)}
    for name in values:
        if name not in named:
            raise TypeError(f"{what}: nothing takes {name!r}{nearest(name, [*options, *sorted(named)])}")


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with its {places} filled in; other braces stay as they are."""
    return PLACE.sub(lambda place: formatted(valued(place, values), place["spec"] or ""), template)


def valued(place: re.Match[str], values: Mapping[str, Any]) -> Any:
    """What stands in a {place}: a value, or with {row.column} a part of one."""
    return reduce(getitem, place["parts"].split(".")[1:], values[place["name"]])


def formatted(value: Any, spec: str) -> str:
    """A value by a format; per cent as everywhere in the report: 16 %, in Chinese 16%; a sign asked for is a minus."""
    text = format(value, spec).replace("-", "−" if spec.startswith("+") else "-")
    return f"{text[:-1]} %" if spec.endswith("%") and is_source() else text


def term(key: object) -> str:
    """A key of the tables, such as `chip_count`, in words of the current language."""
    return translated(str(key).replace("_", " "))


def named(name: object) -> str:
    """The name of a system, a maker or an outlet as it is known in the current language; itself where it has no other."""
    return str(name) if is_source() else _catalogue(current()).get(("name", str(name)), str(name))


def evidence_text(text: str) -> str:
    """What a source states, counts or where it does so, in the current language; as it is where nothing is known."""
    if is_source():
        return text
    if (found := _catalogue(current()).get(("evidence", text))) is None:
        found = next((m.expand(said) for form, said in PLACES.items() if (m := re.fullmatch(form, text))), text)
    return found


def joined(sentences: list[str]) -> str:
    """Sentences one after the other, each with its full stop."""
    stop, space = (".", " ") if is_source() else ("。", "")
    return space.join(s.rstrip(".。") + stop for s in sentences if s)


def localised(frame: pd.DataFrame, file: str) -> pd.DataFrame:
    """A table whose prose is in the current language: `statement_zh` in place of `statement`, and so on; a DataProblem
    names the first row that has it in English only."""
    changed = {}
    for column in [c for c in frame.columns if f"{c}_{current()}" in frame.columns]:
        other = frame[f"{column}_{current()}"]
        lacking = frame[(frame[column] != "") & (other == "")]
        if not lacking.empty:
            row = f"row {lacking.iloc[0, 0]}, column {column}_{current()}"
            raise DataProblem(file, row, f"empty ({len(lacking)} such rows)", f"translate the column {column}")
        changed[column] = other
    return frame.assign(**changed)


def _po(language: str) -> Path:
    return LOCALE / f"{TAGS[language].replace('-', '_')}.po"


@cache
def _catalogue(language: str) -> dict[tuple[str, str], str]:
    """Translations by context and English text."""
    from babel.messages.pofile import read_po

    with _po(language).open("rb") as lines:
        entries = read_po(lines, locale=None, abort_invalid=True)
    return {
        (entry.context or "", str(entry.id)): str(entry.string)
        for entry in entries
        if entry.id and entry.string and not entry.fuzzy
    }
