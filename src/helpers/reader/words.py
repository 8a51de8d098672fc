"""Latin words and names in running text, and the sizes and versions that belong to them."""

import re

from helpers.reader.parsing import Parsed
from helpers.reader.vocabulary import matched, phrase

NUMERALS = "零〇一二两三四五六七八九十百千万亿兆几数半"
_NUMERAL_RUN = re.compile(rf".[{NUMERALS}]*")
DIGIT_RUN = re.compile(r"[0-9]+(?:[.。,，][0-9]+)*")

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['_./+&-]{1,2}[A-Za-z0-9]+){0,40}")
_MEMORY = re.compile(r"-\d{1,3} ?GBs?(?![A-Za-z0-9])")
_GLUED_WORD = re.compile(r"[A-Za-z]")
_TIMES_AFTER = re.compile(r" ?[×*] ?[\d一二三四五六七八九十]")
_TIMES_BEFORE = re.compile(r"[\d百千万亿兆] ?[×*] ?$")
_GLUED_VERSION = re.compile(r"\d[.。][05](?=[1-9]\d*[.。]\d+ ?[万亿])")
_DOTTED = re.compile(r"\d{1,4}(?:[.。]\d{1,6}){2,12}+(?![.。]?\d| ?[%百千万亿兆\d])")
_CODE = re.compile(r"[\d-]{1,20}[A-Za-z]?(?![\d.]*(?:[%百千万亿兆]|个|块|张|台))")
_VERBS = frozenset("为是达到约超过有共用了近至的在")
_NAME_BEFORE = re.compile(r"[A-Za-z\u4e00-\u9fff\"”」》] ?-?$")


def starts_number(text: str, at: int) -> bool:
    """Whether the Latin word at `at` may begin a worded number, a date, a rank or an amount of money."""
    return matched(text, at, "words number_word", "words date_word", "words money_word") is not None


def latin_end(text: str, at: int) -> int:
    """End of the Latin word or name at `at`; a chip glued to its memory (A10080GB) ends with the chip's name."""
    found = matched(text, at, "words glued_date", "words glued_chip", "words chip_model") or _LATIN.match(text, at)
    return found.end() if found else at + 1


def after_name(text: str, end: int, start: int | None) -> int:
    """End of the size or version behind a name that ends at `end` (and starts at `start`, if it is no known system)."""
    word = text[start:end] if start is not None else "X"
    if word == word.lower() or matched(word, 0, "words function_word"):
        return end
    found = _MEMORY.match(text, end) or matched(text, end, "words size", "words version")
    return found.end() if found else end


def version_end(text: str, at: int) -> int | None:
    """End of the version number at `at` (2.0 behind a name, 2.0 glued to 1.75万亿, 1.2.3), or None."""
    glued = _GLUED_VERSION.match(text, at)
    named = _NAME_BEFORE.search(text, max(0, at - 2), at)
    if glued and named and text[at - 1] not in _VERBS:
        return glued.end()
    dotted = _DOTTED.match(text, at)
    if dotted:
        return dotted.end()
    alone = phrase("words version_alone").match(text, at)
    return alone.end() if alone and named else None


def malformed_end(text: str, at: int) -> int:
    """End of a run of digits and marks that is no figure, with the magnitude behind it: nothing of it may be read."""
    run = phrase("words long_run").match(text, at) or _NUMERAL_RUN.match(text, at)
    return run.end() if run else at + 1


def code_end(text: str, at: int) -> int | None:
    """End of a code or a label's number (图3, 昇腾910, 电话:…), or None."""
    named = phrase("words hyphenated").match(text, at)
    if named:
        return named.end()
    found = _CODE.match(text, at)
    return found.end() if found and phrase("words code_before").search(text, max(0, at - 6), at) else None


def currency_start(text: str, at: int) -> int:
    """Start of the name of a currency straight before a numeral (新台币30亿元), else `at`."""
    found = phrase("words currency_before", NUMERALS=NUMERALS).search(text, max(0, at - 4), at)
    return found.start() if found else at


def odd_neighbour(text: str, parsed: Parsed) -> str:
    """Why a figure may not be read because of what touches it (300Bx, 6×1750亿), or an empty text."""
    glued = _GLUED_WORD.match(text, parsed.end) and not phrase("words glued_noun").match(text, parsed.end)
    if glued and (text[parsed.end - 1].isascii() or text[parsed.end - 1] in NUMERALS):
        return "letters are glued to it"
    factor = _TIMES_AFTER.match(text, parsed.end) or _TIMES_BEFORE.search(text, max(0, parsed.start - 3), parsed.start)
    return "a factor of a product" if factor and parsed.hint != "ratio" and not parsed.pixels else ""
