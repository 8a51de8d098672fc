"""Articles that nobody prepared: labelled ones, torn up, mixed and respelt by chance, are read and judged to their end."""

import random
import re
from collections.abc import Callable

import pytest

from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan
from helpers.paths import PROJECT

TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted((PROJECT / "tests/reader/data/labelled").glob("batch_*/*.txt"))
]  # fmt: skip
LONGEST = 4_000  # characters
Chance = random.Random


def full_width(text: str, _chance: Chance) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def capitals(text: str, chance: Chance) -> str:
    return re.sub(r"\b[a-z]", lambda m: m[0].upper() if chance.random() < 0.5 else m[0], text)


def other_digits(text: str, chance: Chance) -> str:
    return re.sub(r"\d", lambda m: chance.choice("0123456789") if chance.random() < 0.5 else m[0], text)


def other_marks(text: str, chance: Chance) -> str:
    return re.sub(
        r"[-,.:;()，。、/~%]",
        lambda m: chance.choice("-–—,.:;()，。、/~%×x ") if chance.random() < 0.15 else m[0],
        text,
    )


def mixed(text: str, chance: Chance) -> str:
    parts = [re.split(r"(?<=[.!?。！？\n])", each) for each in (text, chance.choice(TEXTS))]
    return "".join(chance.choice(chance.choice(parts)) for _ in range(chance.randint(5, 40)))


def torn(text: str, chance: Chance) -> str:
    words = re.split(r"(\s+|(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff]))", text)
    for _ in range(30):
        one, other = chance.randrange(len(words)), chance.randrange(len(words))
        words[one] = chance.choice(["", words[other], words[one] * 2])
    return "".join(words)


MUTATIONS: list[Callable[[str, Chance], str]] = [full_width, capitals, other_digits, other_marks, mixed, torn]


def mutated(chance: Chance) -> str:
    text = chance.choice(TEXTS)
    for change in chance.choices(MUTATIONS, k=chance.randint(1, 3)):
        text = change(text, chance)
    return text[:LONGEST]


@pytest.mark.parametrize(
    "seeds",
    [range(30), *(pytest.param(range(at, at + 500), marks=pytest.mark.slow) for at in range(1_000, 3_000, 500))],
)
def test_mutated_articles_are_judged_to_their_end(seeds: range, knowledge: Knowledge) -> None:
    for seed in seeds:
        text = mutated(random.Random(seed))
        for candidate in scan(text, knowledge).candidates:
            assert 0 <= candidate.quantity.char_start < candidate.quantity.char_end <= len(text)


def test_what_once_stopped_the_reading(knowledge: Knowledge) -> None:
    for text in ("Early 2025 brought it.", "An H100 has 0 GB of memory.", "| |\na | 2 GPUs\nb | 3 GPUs"):
        assert list(scan(text, knowledge).candidates), text
