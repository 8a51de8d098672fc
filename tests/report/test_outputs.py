"""Results outside the page: what a notebook that is not trusted keeps, and that the page takes none of it."""

import base64
import re

import pandas as pd

from helpers.report.figures import C1, INK, drawing, figure_html
from helpers.report.html_tables import table_html
from helpers.report.outputs import LEFT, RIGHT, STYLE, outside, page, refusal
from helpers.report.palette import COLOURS
from helpers.report.text import Html, equation

TABLE = table_html(pd.DataFrame({"system": ["a", "b"], "value": [1, 2]}), "pair", "A pair")
SQUARES = '<i class="g-accurate" data-n="a-1"></i><i class="g-not-rated" data-n="b-2"></i>'


def figure() -> Html:
    with drawing() as drawn:
        drawn.subplots().bar([0, 1], [1, 2], color=C1, edgecolor=INK)
    return figure_html(drawn, "bars", "Two bars", caption="Drawn.", alt="One & two.")


def test_a_drawing_is_followed_by_itself_as_a_picture_in_colours_of_its_own() -> None:
    shown = figure()._repr_html_()
    assert shown.startswith(STYLE)  # hides the picture where Jupyter trusts the notebook
    [data] = re.findall(r'<img class="outside"[^>]*alt="One &amp; two\."[^>]*base64,([^"]+)">', shown)
    drawn = base64.b64decode(data).decode()
    assert f'fill="{COLOURS["c1"][0]}"' in drawn
    assert COLOURS["ink"][0] in drawn
    assert "var(" not in drawn
    assert "currentColor" not in drawn


def test_text_begins_at_the_left_and_numbers_end_at_the_right() -> None:
    shown = TABLE._repr_html_()
    cells = re.findall(r"<t[dh]\b[^>]*>", shown)
    assert len(cells) == 6
    assert all((RIGHT if 'class="num"' in cell else LEFT) in cell for cell in cells)


def test_what_waits_for_a_script_is_hidden_by_a_value_that_jupyter_keeps() -> None:
    assert outside('<form class="explorer" hidden>') == '<form class="explorer" hidden="hidden">'


def test_squares_are_seen() -> None:
    shown = outside(SQUARES)
    assert shown.count("■") == 2
    assert COLOURS["accurate"][0] in shown
    assert COLOURS["not-rated"][0] in shown


def test_the_page_takes_none_of_it() -> None:
    for html in (
        figure(),
        TABLE,
        Html(SQUARES),
        Html('<p class="note" aria-hidden="true" hidden>x</p>'),
        Html(TABLE + figure()),
        Html("<p>■ and <b>text-align</b></p>"),
    ):
        assert page(outside(html)) == html
        assert refusal("text/html", outside(html)) == ""


def test_a_formula_is_left_to_jupyter() -> None:
    formula = equation(r"\frac{@a}{2}", a="1")
    assert not hasattr(formula, "_repr_html_")
    assert formula._repr_latex_() == r"$$\frac{1}{2}$$"
