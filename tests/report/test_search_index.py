"""The index of the check of a sentence: what it holds of claims and of their retellings, and that it unpacks to that."""

import re
from itertools import accumulate
from typing import Any

import pandas as pd
import pytest

from helpers.ledger.tables import Tables
from helpers.report.search_index import RETELLINGS, postings, search_index, words_of

NUMERAL = re.compile(r"([!-;]*)([@-}])")
WORD = re.compile(r"(?=.)([\u3400-\u9fff]?)([!-}]*)")


def numbers(packed: str) -> list[int]:
    """Rising numbers as the page's script unpacks them."""
    steps = []
    for high, low in NUMERAL.findall(packed):
        value = 0
        for sign in high:
            value = value * 27 + ord(sign) - 32
        steps.append(62 * value + ord(low) - 64)
    return [n - 1 for n in accumulate(step + 1 for step in steps)]


def words(index: dict[str, Any], claim: int) -> tuple[set[str], set[str]]:
    """The words that a claim says, and those that it is only retold with."""
    held = {
        start + rest: numbers(packed)
        for start, together in index["terms"].items()
        for rest, packed in WORD.findall(together)
    }
    said, retold = ({word for word, found in held.items() if 2 * claim + odd in found} for odd in (0, 1))
    return said, retold


@pytest.fixture(scope="module")
def told(real_tables: Tables, real_verdicts: pd.DataFrame) -> dict[str, Any]:
    retellings = [
        {"claims": "000-m6-1t-compute-saving", "text": "阿里的M6省电省到飞起"},
        {"claims": "000-m6-1t-compute-saving", "text": "Alibaba's M6 sips compute thriftily"},
        {"claims": "000-gpt3-skills", "text": "GPT-3写诗写得飞起"},
    ]
    return search_index(real_tables, real_verdicts, retellings)


@pytest.mark.parametrize("rising", [[], [0], [0, 1, 61, 62, 63, 622], [5, 1_700, 40_000]])
def test_postings_unpack_to_their_numbers(rising: list[int]) -> None:
    assert numbers(postings(rising[::-1])) == rising


def test_retellings_add_the_words_that_their_claim_lacks(told: dict[str, Any]) -> None:
    claim = told["ids"].index("000-m6-1t-compute-saving")
    said, retold = words(told, claim)
    assert {"thrif", "sips", "飞起"} <= retold
    assert not said & retold
    assert not retold & {"aliba", "阿里"}, "a name is no word"
    assert "省到" not in retold, "a pair that stands once is no word"
    assert words(told, claim + 1)[1] == set()


def test_retellings_are_of_claims_on_file(real_tables: Tables) -> None:
    rows = RETELLINGS
    assert {row["claims"] for row in rows} <= set(real_tables["claims"]["claim_id"])
    assert all(any(words_of(row["text"])) for row in rows)
    assert len({(row["claims"], row["text"]) for row in rows}) == len(rows)


def test_passages_are_claims_of_one_system_that_are_printed_together(told: dict[str, Any]) -> None:
    first = {told["ids"][n] for n in numbers(told["passages"])}
    together = ["000-glam-date", "000-glam-maker", "000-glam-parameters", "000-glam-sparse"]
    assert [claim in first for claim in together] == [True, False, False, False]
    assert {"000-pangu-alpha-date", "000-pangu-nlp-date"} <= first


@pytest.mark.parametrize("maker", ["microsoft", "nvidia", "微软", "英伟达"])
def test_a_maker_that_is_a_system_too_stands_for_what_it_made(told: dict[str, Any], maker: str) -> None:
    claims = {told["ids"][n] for part in told["names"][maker] for n in numbers(part)}
    assert "000-mt-nlg-parameters" in claims
