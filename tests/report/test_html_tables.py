"""Tables: nothing empty, nothing lost, data stays text, and heads that a screen reader can use."""

import math
import re

import pandas as pd
import pytest

from helpers.report.html_tables import table_html
from helpers.report.text import Html
from tests.report.hostile import HOSTILE, assert_harmless, read, text_of

FRAME = pd.DataFrame({"system": ["Alpha", "Beta"], "pfday": [4095.4, 3640.2], "note": ["", "源"]})
TAGS = {"figure", "div", "table", "caption", "span", "thead", "tbody", "tr", "th", "td", "figcaption", "a"}
TAGS |= {"details", "summary", "p"}


def test_every_row_and_column_is_there_with_heads_that_have_a_scope() -> None:
    html = table_html(FRAME, "pair", "A pair")
    assert html.count("<tr>") == 3
    assert html.count('<th scope="col"') == 3
    assert html.count('<th scope="row"') == 2  # the first column heads its row
    assert all(word in text_of(html) for word in ("Alpha", "Beta", "4095.4", "3640.2", "源", "A pair"))


def test_caption_names_the_frame_that_scrolls() -> None:
    html = table_html(FRAME, "pair", "A pair")
    attributes = read(html).attributes
    assert ("id", "table-pair") in attributes
    assert ("id", "caption-pair") in attributes
    assert ("aria-labelledby", "caption-pair") in attributes
    assert ("tabindex", "0") in attributes


def test_columns_are_chosen_named_and_put_in_order() -> None:
    html = table_html(FRAME, "pair", "A pair", columns={"pfday": "Compute (PD)", "system": "System"})
    head = html[html.index("<thead>") : html.index("</thead>")]
    assert text_of(head) == "Compute (PD)System"
    assert "源" not in html


def test_numbers_are_aligned_and_formatted() -> None:
    html = table_html(FRAME, "pair", "A pair", formats={"pfday": lambda v: f"{v:.0f}"})
    assert re.search(r'<td[^>]* class="num">4095</td>', html)
    assert html.count('class="num"') == 3  # the head and two cells


@pytest.mark.parametrize("blank", ["", None, pd.NA, math.nan, pd.NaT])
def test_what_is_not_known_is_shown_as_a_blank_that_says_so(blank: object) -> None:
    frame = pd.DataFrame({"system": ["Alpha", "Beta"], "value": pd.Series([blank, 1], dtype="object")})
    html = table_html(frame, "pair", "A pair", formats={"value": lambda v: f"{v:.0f}"})
    assert '<span class="blank" title="not published, or does not apply">–</span>' in html
    assert "nan" not in html.lower().replace("not published, or does not apply", "")


def test_whole_numbers_beside_unknown_ones_stay_whole() -> None:
    frame = pd.DataFrame({"system": ["Alpha", "Beta"], "chips": pd.Series([512, pd.NA], dtype="Int64")})
    assert ">512<" in table_html(frame, "pair", "A pair")


@pytest.mark.parametrize("frame", [FRAME.iloc[:0], pd.DataFrame(), pd.DataFrame(columns=["system"])])
def test_empty_table_is_refused_by_name(frame: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="table pair: no rows"):
        table_html(frame, "pair", "A pair")


def test_missing_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="table pair: columns missing: chips"):
        table_html(FRAME, "pair", "A pair", columns={"system": "System", "chips": "Chips"})


def test_table_without_any_column_to_show_is_refused() -> None:
    with pytest.raises(ValueError, match="table pair"):
        table_html(FRAME, "pair", "A pair", columns={})


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_every_place(text: str) -> None:
    frame = pd.DataFrame({"a": [text], text: ["x"], "c": [1.0]})
    html = table_html(frame, "pair", text, formats={"c": lambda v: text}, notes=text, download=f"data/{text}.csv")
    assert_harmless(html, TAGS)
    assert text_of(html).count(text) >= 4  # cell, title, formatted number, note
    assert ("href", f"data/{text}.csv") in read(html).attributes


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_column_name_stays_text_in_the_head(text: str) -> None:
    html = table_html(pd.DataFrame({"a": [1], "b": [2]}), "pair", "A pair", columns={"a": "A", "b": text})
    assert_harmless(html, TAGS)
    assert text in text_of(html)


def test_markup_of_our_own_is_shown_as_it_is() -> None:
    html = table_html(FRAME, "pair", "A pair", formats={"system": lambda name: Html(f'<a href="#{name}">x</a>')})
    assert '<a href="#Alpha">x</a>' in html


def test_download_is_offered_where_there_is_one() -> None:
    assert 'href="data/pair.csv" download' in table_html(FRAME, "pair", "A pair", download="data/pair.csv")
    assert "download" not in table_html(FRAME, "pair", "A pair")
