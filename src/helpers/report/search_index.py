"""What the check of a sentence looks things up in: figures as values, names of systems, words in both languages.

Worked out once, from the claims and their statements; the page's script reads only the few words that are typed.
Offsets, identifiers and sources are not in it, since nobody would type them.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.files import write_whole
from helpers.ledger.processed import read_processed
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.reader.fold import TO_SIMPLIFIED
from helpers.reader.reader import read_text
from helpers.report.claim_review import data_block
from helpers.report.text import numeral
from helpers.rows import read_rows
from helpers.structured import read_json, read_toml

PASSAGE = 16  # signs between claims of one passage, at most
STEM = 5  # letters that forms of one word share: train, trained, training
WORDS = read_toml(Path(__file__).with_name("search_words.toml"))
WEIGHTS = read_json(Path(__file__).with_name("search_weights.json"))  # of what a claim shares with what was typed
RETELLINGS = read_rows(Path(__file__).with_name("retellings.csv"))  # claims in words of people who never saw the search
FILLER = frozenset(WORDS["filler"].split())
MEANINGS = {word[:STEM]: words[0] for words in map(str.split, WORDS["meanings"]) for word in words}
WORD = re.compile(r"[a-z]{2,}")
HAN = re.compile(r"[\u3400-\u9fff]+")
FAILED = (Grade.MISLEADING, Grade.WRONG, Grade.INACCURATE, Grade.UNSUPPORTED)
Row = Mapping[str, Any]
Named = dict[str, tuple[set[str], set[str]]]  # to a name, the systems that it can mean, and its spellings


def search_index(tables: Tables, verdicts: pd.DataFrame, retellings: Sequence[Row]) -> dict[str, Any]:
    """The index as data for the page's script; the tables with the statements in all languages, not localised."""
    claims = tables["claims"].merge(verdicts[["claim_id", "grade"]], on="claim_id")
    rows = claims.to_dict("records")
    names = _names(tables, rows)
    return {
        "ids": [row["claim_id"] for row in rows],
        "passages": _passages(claims),
        "failed": postings(n for n, row in enumerate(rows) if row["grade"] in FAILED),
        "figures": [[n, *figure] for n, row in enumerate(rows) for figure in _figures(row)],
        "names": names,
        "terms": _terms(rows, _retold(retellings, names)),
        "meanings": MEANINGS,
        "phrases": WORDS["phrases"],
        "units": _postings_by((row["unit"], n) for n, row in enumerate(rows) if row["unit"] != "none"),
        "kinds": _postings_by((row["kind"], n) for n, row in enumerate(rows)),
        "asking": WORDS["kinds"],
        "weights": WEIGHTS,
        "stem": STEM,
        "fold": _fold([*(text for row in rows for text in _texts(row)), *(row["text"] for row in retellings)]),
    }


def write_index(folder: Path, target: str) -> None:
    """Write the index of the dataset and the verdicts in a folder as a block of data for the page."""
    verdicts = pd.read_parquet(folder / "data" / "processed" / "verdicts.parquet")
    index = search_index(read_processed(folder / "data"), verdicts, RETELLINGS)
    write_whole(folder / target, data_block("check-index", index))


_read = cache(read_text)  # for its figures and for its dates


@cache
def normal(text: str) -> str:
    """One spelling: small letters, ordinary width and blanks, simplified characters; the script does the same."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().translate(TO_SIMPLIFIED).split())


def words_of(text: str) -> Iterator[str]:
    """Stems of Latin words, and every two Chinese characters that stand side by side; one word for those of one meaning."""
    plain = normal(text)
    for phrase, word in WORDS["phrases"].items():
        plain = plain.replace(phrase, f" {word} ")
    stems = (word[:STEM] for word in WORD.findall(plain) if word not in FILLER)
    pairs = (run[n : n + 2] for run in HAN.findall(plain) for n in range(max(1, len(run) - 1)))
    yield from (MEANINGS.get(word, word) for word in (*stems, *pairs))


def postings(numbers: Iterable[int]) -> str:
    """Rising numbers as numerals of their steps."""
    rising = sorted(set(numbers))
    return "".join(numeral(n - last - 1) for last, n in pairwise([-1, *rising]))


def _texts(row: Row) -> tuple[str, str, str]:
    return str(row["statement"]), str(row["statement_zh"]), str(row["as_printed"])


def _postings_by(found: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Postings of each word."""
    held: dict[str, set[int]] = defaultdict(set)
    for word, n in found:
        held[word].add(n)
    return {word: postings(numbers) for word, numbers in sorted(held.items())}


def _passages(claims: pd.DataFrame) -> str:
    """The first claim of each passage: of one article and on one system, hardly a word between any two."""
    last = claims.shift()
    is_other = (claims[["article_id", "system_id"]] != last[["article_id", "system_id"]]).any(axis=1)
    return postings(np.flatnonzero(is_other | (claims["char_start"] - last["char_end"] > PASSAGE)))


def _terms(rows: list[Row], told: Mapping[str, str]) -> dict[str, str]:
    """To a word twice the number of each claim that says it, and one more if only its retellings do."""
    held = []
    for n, row in enumerate(rows):
        said = {*words_of(" ".join(_texts(row))), *_dates(row)}
        held += [(word, 2 * n) for word in said]
        held += [(word, 2 * n + 1) for word in words_of(told[row["claim_id"]]) if len(word) > 1 and word not in said]
    found: dict[str, str] = defaultdict(str)
    often = Counter(word for word, _ in held)  # a pair that one retelling alone holds would find nothing
    kept = ((word, n) for word, n in held if n % 2 == 0 or often[word] > 1 or not HAN.match(word))
    for word, packed in _postings_by(kept).items():
        first, rest = (word[0], word[1:]) if HAN.match(word) else (word, "")
        found[first] += rest + packed
    return found


def _retold(retellings: Iterable[Row], names: Iterable[str]) -> dict[str, str]:
    """The retellings of each claim without the names, which a search takes for names."""
    name = re.compile("|".join(_says(one).pattern for one in sorted(names, key=len, reverse=True)))
    told: dict[str, str] = defaultdict(str)
    for row in retellings:
        told[row["claims"]] += name.sub(" ", normal(row["text"])) + " "
    return told


def _dates(row: Row) -> Iterator[str]:
    """Dates as `@2021-11-08`, `@2021-11`, `@2021`, and the month alone as `@11`."""
    quantities = [q.value for text in _texts(row)[:2] for q in _read(text).quantities if q.unit == "date"]
    whole = {str(value) for value in (row["value"] if row["unit"] == "date" else "", *quantities)}
    for parts in (value.split("-") for value in whole if re.fullmatch(r"\d{4}(-\d{2}){0,2}", value)):
        yield from ("@" + "-".join(parts[: n + 1]) for n in range(len(parts)))
        yield from (f"@{month}" for month in parts[1:2])


def _figures(row: Row) -> list[tuple[str, float, float, float, int]]:
    """Figures of a claim as unit, value, interval, and 1 for its own, 0 for what its statement says besides."""
    found: dict[tuple[str, float], tuple[float, float, int]] = {}
    if row["unit"] not in ("none", "date") and row["low"] == row["low"]:
        found[str(row["unit"]), float(row["number"])] = (float(row["low"]), float(row["high"]), 1)
    for text in _texts(row)[:2]:
        for q in _read(text).quantities:
            if q.unit != "date" and isinstance(q.value, float):
                found.setdefault((q.unit, q.value), (q.low, q.high, 0))
    return [
        (unit, value, min(low, value), max(value, min(high, 2 * value)), own)
        for (unit, value), (low, high, own) in found.items()
    ]


def _names(tables: Tables, rows: list[Row]) -> dict[str, tuple[str, str]]:
    """Every name of a system or of a maker, to the claims that it weighs most for, and those that it weighs less for.

    A system's name asks for the claims about it, then for those that only say it; a maker's the other way round.
    """
    texts = [normal(" ".join(_texts(row))) for row in rows]
    said = cache(
        lambda spelling: {n for n, text in enumerate(texts) if spelling in text and _says(spelling).search(text)}
    )
    found = {}
    for name, (systems, spellings) in {**_models(tables), **(makers := _makers(tables))}.items():
        about = {n for n, row in enumerate(rows) if row["system_id"] in systems}
        saying = set().union(*map(said, spellings))
        first, second = (saying, about) if name in makers else (about, saying)
        if first | second:
            found[name] = postings(first), postings(second - first)
    return found


def _models(tables: Tables) -> Named:
    named: Named = defaultdict(lambda: (set(), set()))
    for row in tables["systems"].to_dict("records"):
        written = (row["name"], row["name_zh"], *str(row["aliases"]).split("|"))
        names = {plain for name in written if len(plain := normal(str(name))) > 1}
        for name in sorted(names):  # the same order whatever the hash seed
            named[name][0].add(row["system_id"])
            named[name][1].update(names)
    return named


def _makers(tables: Tables) -> Named:
    """As the systems name them; those of search_words.toml by each of their names."""
    named: Named = {}
    for row in tables["systems"].to_dict("records"):
        for maker in re.split(r"[,;/()]| and ", str(row["organisation"])):
            if len(plain := normal(maker)) > 1:
                named.setdefault(plain, (set(), {plain}))[0].add(row["system_id"])
    for group in ({name.replace("-", " ") for name in names.split()} for names in WORDS["makers"]):
        of_any = [systems for maker, (systems, _) in named.items() if any(name in maker for name in group)]
        named |= dict.fromkeys(sorted(group), (set().union(*of_any), group))
    return named


def _says(name: str) -> re.Pattern[str]:
    """The name as a word of its own."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name))


def _fold(texts: Iterable[str]) -> list[str]:
    """Traditional characters of the words in use, above their simplified forms."""
    used = set(normal("".join(texts)))
    pairs = [(chr(old), new) for old, new in TO_SIMPLIFIED.items() if new in used]
    return ["".join(column) for column in zip(*pairs, strict=True)]
