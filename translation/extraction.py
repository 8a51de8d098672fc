"""The texts that readers see, found in the code, the notebooks and the tables, and held against a catalogue.

`python -m translation.extraction` prints what the catalogue lacks, ready to be filled in, and what it no
longer needs.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from helpers.build.steps import APART
from helpers.language import LOCALE, PLACE, WORD
from helpers.notebook import CAPTIONS
from helpers.paths import NOTEBOOKS, PROJECT
from helpers.structured import read_toml

SOURCES = PROJECT / "src" / "helpers"
# Calls whose argument at this place is translated, and keywords that are, too.
CALLS = {
    "tr": 0,
    "phrase": 0,
    "later": 0,
    "say": 0,
    "translated": 0,
    "table": 2,
    "figure": 2,
    "told": 2,
}
HOMES = {
    "say": "helpers.report.text",
    "phrase": "helpers.report.text",
}  # another module's function of that name is another function
KEYWORDS = {"table": ("notes", "columns"), "figure": ("caption", "alt"), "told": ("caption",)}
IN_TEMPLATE = re.compile(r'\b(?:tr|phrase)\("([^"]+)"|"([^"]+)" \| tr\b')

Found = dict[str, str]  # text and where it stands


class NotLiteral(ValueError):
    """A text is put together before it is translated, so that no catalogue can hold it."""


def texts() -> Found:
    """Every text that can have a translation, with the place where it was found first.

    Raises:
        NotLiteral: names the file and the line of an f-string where a template should stand.
    """
    found: Found = {}
    for place, source in _sources():
        for text in _in_code(source, place):
            found.setdefault(text, place)
    for path in _chapters():
        for number, cell in enumerate(nbformat.read(path, 4).cells, 1):
            if cell.cell_type == "markdown":
                found.setdefault(cell.source, f"{path.name}, cell {number}")
    for path in sorted(SOURCES.rglob("*.j2")):
        for pair in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(pair[0] or pair[1], path.name)
    for text in vocabulary():
        found.setdefault(text, "words of the tables")
    return found


def vocabulary() -> list[str]:
    """Keys, kinds and remarks of the tables, and names of grades and parts, as readers see them."""
    from helpers.chapters.accuracy_tables import PEERS, WORDS
    from helpers.chapters.data_tables import MIXTURE_PARTS
    from helpers.chapters.summary_tables import ANSWER
    from helpers.chapters.verdicts_tables import GROUPS, TEXTS
    from helpers.ledger.derivations import DERIVATIONS
    from helpers.ledger.processed import process
    from helpers.ledger.tables import read_package, read_raw
    from helpers.ledger.verdicts import DEFINITIONS, Flaw, Grade, Strength
    from helpers.numbers import PLURALS, READABLE
    from helpers.report.number_words import WORDS as PAGE_WORDS
    from helpers.scenarios import wording
    from helpers.scenarios.fields import FIELDS

    tables = process(read_raw())
    columns = {
        "claims": ("kind", "unit"),
        "evidence": ("quantity", "unit"),
        "systems": ("kind", "note"),
        "changes": ("what", "why"),
        "readings": ("reader", "drawn", "remark"),
        "timings": ("tool",),
    }
    cells = [tables[t][c] for t, names in columns.items() for c in names]
    words = {str(cell).replace("_", " ") for column in cells for cell in column}
    words |= {f"{unit}s" for unit in PLURALS} | {name for steps in READABLE.values() for _, _, name in steps}
    words |= {r[key] for r in read_package()["resources"] for key in ("title", "description")}
    words |= {name.replace(" x ", " × ").partition(", held out")[0] for name, *_ in PEERS[1:]}
    words |= {
        *MIXTURE_PARTS,
        *(group["name"] for group in GROUPS.values()),
        *TEXTS.values(),
        ANSWER,
        *FIELDS["recompute"].choices,
        *WORDS["parts"],
        *DEFINITIONS.values(),
        *Grade,
        *Flaw,
    }
    words |= {word for _, *row in WORDS["predictors"] for word in row} | set(_memory_items())
    words |= {
        word
        for name in ("meanings", "factors", "groups", "halves", "error_columns", "modern")
        for word in WORDS[name].values()
    }
    words |= {word for item in WORDS["items"].values() for word in item}
    for section in (words for name, words in wording.WORDS.items() if name != "compared"):
        for entry in section.values():
            said = list(entry.values()) if isinstance(entry, dict) else [entry] if isinstance(entry, str) else entry
            words |= {word for word in said if isinstance(word, str)}
    words |= {derivation.words for derivation in DERIVATIONS.values()} | set(_captions())
    words |= {reason["why"] for reason in WORDS["reasons"]} | {
        text for part in PAGE_WORDS.values() for text in part.values()
    }
    words |= {field.accepted.unit for field in FIELDS.values() if field.accepted and field.slider}
    words |= {s.name.lower() for s in Strength} | {
        "evidence strength",
        "kind",
        "all",
        "Article",
        "System",
        "Kind",
        "Grade",
    }
    return sorted(str(word) for word in words)


def _captions() -> Iterator[str]:
    """Heads, notes, captions and alt texts that stand beside tables and figures."""
    for told in read_toml(CAPTIONS).values():
        yield from told.pop("columns", {}).values()
        yield from told.values()


def _memory_items() -> list[str]:
    """What fills a device's memory, as the reasons name it why a model does not fit."""
    from helpers.formulas.hardware import lookup
    from helpers.formulas.job import Cluster, Job, Layout
    from helpers.formulas.memory import memory_items
    from helpers.formulas.shape import plausible_architecture

    job = Job(plausible_architecture(1e9), Layout(1), Cluster.of(lookup("A100")))
    return [item.replace("/", " of ") for item in memory_items(job)]


def _sources() -> Iterator[tuple[str, str]]:
    """Place and source of every module and of every code cell of the report."""
    for path in sorted(SOURCES.rglob("*.py")):
        yield path.relative_to(PROJECT).as_posix(), path.read_text(encoding="utf-8")
    for path in _chapters():
        cells = nbformat.read(path, 4).cells
        yield from ((f"{path.name}, cell {n}", c.source) for n, c in enumerate(cells, 1) if c.cell_type == "code")


def _chapters() -> list[Path]:
    return sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path.stem not in APART)


def _in_code(source: str, place: str) -> Iterator[str]:
    tree = ast.parse(source)
    calls = CALLS.keys() - _other_functions(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in calls or (name in KEYWORDS and not isinstance(node.func, ast.Attribute)):
            continue
        wanted = node.args[CALLS[name] : CALLS[name] + 1]
        wanted += [k.value for k in node.keywords if k.arg in KEYWORDS.get(name, ())]
        for value in wanted:
            for part in value.values if isinstance(value, ast.Dict) else [value]:
                yield from _literals(part, place)


def _other_functions(tree: ast.Module) -> set[str]:
    """Names of `HOMES` that stand for another function here: imported from elsewhere, or a module's own."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if HOMES.get(alias.asname or alias.name, node.module) != node.module
    }
    return imported | {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in HOMES}


def _literals(node: ast.expr, place: str) -> Iterator[str]:
    """The texts of an expression: a literal, one of two, or a name that was marked elsewhere."""
    if isinstance(node, ast.JoinedStr):
        raise NotLiteral(f"{place}, line {node.lineno}: an f-string; write a template and give its values by name")
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body, place)
        yield from _literals(node.orelse, place)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def catalogue(path: Path) -> Catalog:
    """A catalogue file."""
    with path.open("rb") as lines:
        return read_po(lines, abort_invalid=True)


def missing(path: Path, found: Callable[[], Found] = texts) -> Catalog:
    """What a catalogue lacks, as a catalogue of its own with empty translations."""
    known, lacking = {m.id for m in catalogue(path) if m.string and not m.context}, Catalog()
    for text, place in found().items():
        if text not in known and WORD.search(PLACE.sub("", text)):
            lacking.add(text, auto_comments=[place])
    return lacking


def obsolete(path: Path, found: Callable[[], Found] = texts) -> list[str]:
    """What a catalogue holds and nothing asks for."""
    wanted = found()
    return sorted(str(m.id) for m in catalogue(path) if m.id and not m.context and m.id not in wanted)


def main() -> int:
    """Print the missing entries as a catalogue, then the obsolete ones; 1 if there are any."""
    lacking = [(path, missing(path), obsolete(path)) for path in sorted(LOCALE.glob("*.po"))]
    for path, entries, unused in lacking:
        if len(entries):
            write_po(sys.stdout.buffer, entries, width=0, omit_header=True)
        for text in unused:
            print(f'{path.name}: nothing asks for "{text}"; remove it')
    return int(any(len(entries) or unused for _, entries, unused in lacking))


if __name__ == "__main__":
    sys.exit(main())
