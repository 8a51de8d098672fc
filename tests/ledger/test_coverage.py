"""Coverage: every number-like token of a body is in a claim or dismissed, and the recorded counts are true."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.ledger.coverage import count, count_faults, find_texts, number_tokens, spans_of
from tests import samples


def tokens(text: str) -> list[str]:
    return [text[start:end] for start, end in number_tokens(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("用了3640PD和4095PD", ["3640", "4095"]),
        ("精度18.3、1,024张卡", ["18.3", "1,024"]),
        ("18。3", ["18。3"]),  # a decimal point printed as a full stop
        ("１７５０亿", ["１７５０"]),  # full-width digits
        ("1024*1024", ["1024*1024"]),
        ("两年、三个月、几十亿参数", ["两", "三", "几十亿"]),
        ("百亿级", ["百亿"]),
        ("一个模型，第一次", []),  # an article, as in "a model"
        ("没有数字", []),
        ("", []),
    ],
)
def test_number_like_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_tokens_outside_the_body_do_not_count() -> None:
    assert number_tokens("1 22 333", 2, 4) == [(2, 4)]


@given(st.text(alphabet="0123456789.,亿千百十三两年月 a一", max_size=60))
def test_every_digit_is_part_of_a_token(text: str) -> None:
    covered = {place for start, end in number_tokens(text) for place in range(start, end)}
    assert {place for place, letter in enumerate(text) if letter.isdigit()} <= covered


def test_token_counts_as_claimed_before_dismissed_before_open() -> None:
    text = "1 22 333 4444"
    counted = count(text, (0, len(text)), claimed=[(0, 1), (2, 4)], dismissed=[(2, 4), (5, 8)])
    assert (counted.claimed, counted.dismissed, counted.open, counted.total) == (2, 1, ((9, 13),), 4)


def test_touching_one_end_is_not_covering() -> None:
    assert count("22", (0, 2), claimed=[(2, 3)], dismissed=[]).open == ((0, 2),)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple), max_size=5))
def test_every_token_is_counted_once(spans: list[tuple[int, int]]) -> None:
    text = "1 22 三个 333 两年 4444 5,5 66亿"
    counted = count(text, (0, len(text)), claimed=spans[::2], dismissed=spans[1::2])
    assert counted.total == len(number_tokens(text))


# Texts ----------------------------------------------------------------------------------------------------------------


def test_texts_are_found_by_content_whatever_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes("甲".encode())
    (tmp_path / "a.txt").write_bytes("乙".encode())
    articles = pd.DataFrame(
        {"article_id": ["000", "001"], "sha256": [hashlib.sha256("甲".encode()).hexdigest(), "0" * 64]}
    )
    assert find_texts(str(tmp_path), articles) == {"000": "甲"}


def test_line_ends_of_a_text_are_kept_as_they_are(tmp_path: Path) -> None:
    """Offsets count code points of the file; a translated line end would shift all that follow."""
    data = b"1\r\n2\r3\n"
    (tmp_path / "a.txt").write_bytes(data)
    articles = pd.DataFrame({"article_id": ["000"], "sha256": [hashlib.sha256(data).hexdigest()]})
    assert find_texts(str(tmp_path), articles)["000"] == "1\r\n2\r3\n"


def frame(*rows: samples.Row) -> pd.DataFrame:
    return pd.DataFrame(
        [{"article_id": "000"} | row for row in rows], columns=["article_id", "char_start", "char_end", "as_printed"]
    )


def test_spans_of_an_article_are_its_own() -> None:
    two = pd.concat([frame(samples.span("3640PD")), frame(samples.span("9")).assign(article_id="001")])
    start = samples.TEXT.index("3640PD")
    assert spans_of(two, "000") == [(start, start + 6)]


def faults(texts: dict[str, str], dismissals: pd.DataFrame, **article: object) -> list[str]:
    """What is wrong with the one article and its claims."""
    return [what for _, what, _ in count_faults(texts, claims(), dismissals, samples.article(**article))]


def test_article_whose_text_is_not_at_hand_is_passed_over() -> None:
    assert faults({}, frame()) == []


def claims() -> pd.DataFrame:
    return frame(*(samples.span(printed) for printed in ("1750亿", "3640PD", "2021年10月")))


def test_full_account_passes() -> None:
    assert faults({"000": samples.TEXT}, frame(samples.span("9"))) == []


def test_token_in_neither_table_is_named_with_its_place() -> None:
    place = samples.TEXT.index("9")
    found = faults({"000": samples.TEXT}, frame())
    assert found[0] == f"1 number-like tokens in neither table, the first '9' at {place}-{place + 1}"


@pytest.mark.parametrize("wrong", [{"number_tokens": 7}, {"tokens_claimed": 4}, {"tokens_dismissed": 0}])
def test_recorded_counts_that_are_not_true_are_refused_with_the_true_ones(wrong: dict[str, int]) -> None:
    message = "the text has 6 number-like tokens, 5 claimed, 1 dismissed"
    assert faults({"000": samples.TEXT}, frame(samples.span("9")), **wrong) == [message]
