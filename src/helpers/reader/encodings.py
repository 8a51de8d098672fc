"""Which encoding a file is in: UTF-8, UTF-16, or one of those that Chinese desks still save in."""

import codecs

MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# The commonest characters in either script: a text read in the wrong encoding has next to none of them.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国和地到以说时要就出会也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实这們這個來國時說會對過發後裡種經麼學現沒動還進樣參數訓練億萬模型用卡"
)
_UTF16, _LEAST_UTF16 = ("utf-16-le", "utf-16-be"), 0.1  # share of such characters among those beyond ASCII
_CHINESE, _LEAST_CHINESE = ("gb18030", "big5hkscs"), 0.02


def decoded(data: bytes) -> str:
    """A file's text, to the code point: a byte order mark of UTF-8 is one of them.

    Raises:
        ValueError: it is in none of the encodings known here; the message says what was tried.
    """
    mark = next((name for bom, name in MARKS.items() if data.startswith(bom)), "")
    unmarked = _likeliest(data, _UTF16, _LEAST_UTF16) if b"\0" in data and not mark else None
    try:
        return unmarked or data.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        found = None if mark else _likeliest(data, _CHINESE, _LEAST_CHINESE)
        if found is None:
            raise ValueError(f"not UTF-8 (byte {error.start}), UTF-16, GB18030 or Big5") from None
        return found


def _likeliest(data: bytes, encodings: tuple[str, ...], least: float) -> str | None:
    """The text in the one of some encodings in which it has the most common characters, or None: a text of another language."""
    best, share = None, least
    for name in encodings:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        beyond = [char for char in text if ord(char) > 127]
        common = sum(char in _COMMON for char in beyond) / len(beyond) if beyond else 1.0
        if common > share:
            best, share = text, common
    return best
