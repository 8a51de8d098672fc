"""Which encoding a file is in: UTF-8, UTF-16, or one of those that Chinese desks still save in."""

from __future__ import annotations

import codecs

MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CHINESE = ("gb18030", "big5hkscs")
# The commonest characters in either script: a text read in the wrong encoding has next to none of them.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国和地到以说时要就出会也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实这們這個來國時說會對過發後裡種經麼學現沒動還進樣參數訓練億萬模型用卡"
)
_LEAST = 0.02  # share of such characters among those beyond ASCII
_LEAST_UTF16 = 0.2  # share of such characters and of ASCII among all


def decoded(data: bytes) -> str:
    """A file's text, to the code point: a byte order mark of UTF-8 is one of them.

    Raises:
        ValueError: it is in none of the encodings known here; the message says what was tried.
    """
    mark = next((name for bom, name in MARKS.items() if data.startswith(bom)), "")
    try:
        return (_utf16(data) if b"\0" in data and not mark else None) or data.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        found = None if mark else _chinese(data)
        if found is None:
            raise ValueError(f"not UTF-8 (byte {error.start}), UTF-16, GB18030 or Big5") from None
        return found


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark, in the order of bytes that gives a text."""
    shares = {}
    for name in ("utf-16-le", "utf-16-be"):
        text = _read(data, name) or ""
        shares[text] = sum(char in _COMMON or " " <= char <= "~" for char in text) / max(1, len(text))
    text = max(shares, key=lambda text: shares[text])
    return text if shares[text] > _LEAST_UTF16 else None


def _chinese(data: bytes) -> str | None:
    """The one of the encodings of Chinese in which the text has the most common characters."""
    best, share = None, _LEAST
    for name in CHINESE:
        text = _read(data, name)
        beyond = [char for char in text or "" if ord(char) > 127]
        common = sum(char in _COMMON for char in beyond) / max(1, len(beyond))
        if text is not None and common > share:
            best, share = text, common
    return best


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
