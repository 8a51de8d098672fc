"""Names of accelerators as people write them: "NVIDIA H100", "H100 SXM", "DGX-GB200", "TPUv5p", 昇腾910C."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from helpers.formulas.validation import InputError, choice

TRANSLATED = {"昇腾": " ascend ", "昆仑芯": " kunlun ", "平头哥": " t-head "}
IDLE = frozenset(  # makers and product lines: they tell no accelerator from another
    re.findall(
        r"\w+",
        "nvidia amd intel google huawei amazon aws baidu alibaba cambricon iluvatar corex kunlunxin cloud tesla geforce "
        "instinct radeon habana dgx hgx tensor core gpu npu accelerator",
    )
)


@cache
def words(name: str) -> tuple[str, ...]:
    """A name as lower-case words; 80G and 80GB are the same word, and makers are left out where more is said."""
    text = unicodedata.normalize("NFKC", name).lower()
    for other, word in TRANSLATED.items():
        text = text.replace(other, word)
    parts = re.findall(r"[a-z0-9]+", text)
    telling = [part for part in parts if part not in IDLE] or parts
    return tuple(part + "b" if re.fullmatch(r"\d+g", part) else part for part in telling)


def resolve(name: str, known: Mapping[str, Sequence[str]]) -> str:
    """The identifier that is meant by a name.

    Args:
        known: identifiers and the other names of each.

    Raises:
        InputError: none is meant, or more than one may be.
    """
    if not name.isprintable():
        raise InputError(f"accelerator: {name!r} holds signs that cannot be seen; accepted: letters, digits and blanks")
    counted = re.fullmatch(r"\s*(\d+)\s*[xX×*]\s*(\D.*)", name)
    if counted:
        raise InputError(
            f"accelerator: {name[:60]!r} says how many, too; write {counted[2][:50]!r}, and count {counted[1]}"
        )
    by_name, by_word = _tables(tuple((chip, *names) for chip, names in known.items()))
    for asked in (words(name), words(re.sub(r"\(.*", "", name))):  # a remark in brackets may be left aside
        if "".join(asked) in by_name:
            return by_name["".join(asked)]
        meant = [chip for chip, own in by_word.items() if asked and set(asked) <= own]
        if len(meant) > 1:
            raise InputError(f"accelerator: {name[:60]!r} may be {', '.join(meant[:6])}; accepted: one of these")
        if meant:
            return meant[0]
    return choice("accelerator", name[:60], [*(one for names in known.values() for one in names), *known])


@cache
def _tables(rows: tuple[tuple[str, ...], ...]) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Identifiers by their names written in one word, and the words of each."""
    by_name: dict[str, str] = {}
    for chip, *names in rows:
        for one in (chip, *names):
            if by_name.setdefault("".join(words(one)), chip) != chip:
                raise InputError(f"accelerator: the name {one} stands for {by_name[''.join(words(one))]} and {chip}")
    return by_name, {chip: frozenset(word for one in (chip, *names) for word in words(one)) for chip, *names in rows}
