"""Markup in short: tags that come again and again stand as one sign each, which the page's script writes out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

TAG = re.compile(r"<[^>]*>")
SIGNS = range(0xE000, 0xF8FF)  # Unicode's private use: three bytes each
MOST = 600


def shortened(texts: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The texts with signs for their most costly tags, and what each sign stands for.

    A sign that a text holds already is left alone, so that writing out gives the texts again, whatever they say.
    """
    whole = "".join(texts)
    held = set(whole)
    free = [chr(code) for code in SIGNS if chr(code) not in held]
    counts = Counter(TAG.findall(whole))
    saved = {tag: (n - 1) * (len(tag.encode()) - 3) - 12 for tag, n in counts.items()}
    chosen = sorted((tag for tag in saved if saved[tag] > 0), key=lambda tag: (-saved[tag], tag))[:MOST]
    signs = dict(zip(chosen, free, strict=False))
    short = [TAG.sub(lambda tag: signs.get(tag[0], tag[0]), text) for text in texts]
    return short, {sign: tag for tag, sign in signs.items()}
