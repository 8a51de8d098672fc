"""Text to HTML: data stays text, Chinese is marked, formulas become MathML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.report.text import (
    ChapterRenderer,
    Html,
    displayed,
    equation,
    escape,
    markdown,
    mathml,
    say,
    slug,
    with_language,
)
from tests.report.hostile import HOSTILE, assert_harmless, read, text_of

anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=40)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for html in (escape(text), with_language(text)):
        assert_harmless(html, {"span"})
        assert text_of(html) == text


@given(anything)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    for html in (escape(text), with_language(text)):
        assert text_of(html) == text


@given(anything)
def test_any_text_stays_inside_a_quoted_attribute(text: str) -> None:
    (attribute,) = read(f'<a title="{escape(text)}">x</a>').attributes
    assert attribute == ("title", text)


def test_markup_of_our_own_is_shown_as_it_is() -> None:
    assert escape(Html("<b>x</b>")) == with_language(Html("<b>x</b>")) == "<b>x</b>"
    assert escape("<b>") == "&lt;b&gt;"


def test_markup_shows_itself_in_jupyter_and_reads_as_text_elsewhere() -> None:
    html = Html("<p>Two <b>words</b></p>")
    assert html._repr_html_() == "<p>Two <b>words</b></p>"
    assert repr(html) == "Two words"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("源1.0有2457亿参数", ["源1.0有2457亿参数"]),
        ("M6 (阿里巴巴), 10T", ["阿里巴巴"]),
        ("《环球》杂志; 36氪", ["《环球》杂志", "氪"]),
        ("English only, 4095 PD", []),
    ],
)
def test_chinese_is_marked_as_such_and_nothing_else(text: str, marked: list[str]) -> None:
    html = with_language(text)
    assert [part.split("</span>")[0] for part in html.split('<span lang="zh-Hans">')[1:]] == marked
    assert text_of(html) == text


# Paragraphs from templates --------------------------------------------------------------------------------------------


def test_numbers_are_formatted_into_the_template() -> None:
    assert (
        say("{n:,.0f} days, **{share:.0%}**", n=12345.6, share=0.164) == "<p>12,346 days, <strong>16 %</strong></p>\n"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_value_stays_text_in_a_paragraph(text: str) -> None:
    html = say("Before **{value}** after.", value=text)
    assert_harmless(html, {"p", "strong", "span"})
    assert text_of(html).strip() == f"Before {text} after."


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "template", ["[x]({value})", "![x]({value})", "# {value}", "- {value}", "| a |\n|---|\n| {value} |", "`{value}`"]
)
def test_hostile_value_stays_harmless_wherever_the_template_puts_it(template: str, text: str) -> None:
    html = say(template, value=text)
    assert_harmless(
        html, {"p", "a", "img", "h2", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "span"}
    )


@given(st.lists(anything, min_size=2, max_size=2))
def test_two_values_do_not_mix(values: list[str]) -> None:
    html = say("{a}|{b}", a=values[0], b=values[1])
    assert text_of(html).removesuffix("\n") == "|".join(values)


def test_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="days"):
        say("{days} days")


def test_markup_of_our_own_can_be_a_value() -> None:
    assert say("{link} x", link=Html('<a href="#y">y</a>')) == '<p><a href="#y">y</a> x</p>\n'


# Markdown of the notebooks --------------------------------------------------------------------------------------------


def test_raw_html_in_markdown_is_shown_as_text() -> None:
    html = markdown("A <script>alert(1)</script> and\n\n<div onclick=alert(1)>x</div>\n")
    assert_harmless(html, {"p"})
    assert "<script>alert(1)</script>" in text_of(html)


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<b>)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
    ],
)
def test_addresses_that_are_script_are_taken_out(source: str) -> None:
    addresses = [value for name, value in read(markdown(source)).attributes if name == "href"]
    assert not [a for a in addresses if a.lower().startswith(("javascript", "data", "vbscript"))]


def test_ordinary_addresses_stay() -> None:
    assert '<a href="https://arxiv.org/abs/2005.14165">paper</a>' in markdown(
        "[paper](https://arxiv.org/abs/2005.14165)"
    )


def test_formulas_become_mathml() -> None:
    html = markdown("With $C = 6 N D$:\n\n$$k = \\frac{C}{N\\,D}$$\n")
    assert html.count("<math") == 2
    assert 'display="block"' in html
    assert "$" not in text_of(html)


def test_headings_go_one_level_down_with_anchors_of_their_chapter() -> None:
    renderer = ChapterRenderer("compute")
    html = markdown("# Compute\n\n## What is counted\n\n### A detail\n", renderer)
    assert renderer.headings == [
        (1, "compute", "Compute"),
        (2, "compute-what-is-counted", "What is counted"),
        (3, "compute-a-detail", "A detail"),
    ]
    assert '<h2 id="compute">' in html
    assert '<h3 id="compute-what-is-counted">' in html
    assert 'href="#compute-a-detail"' in html


@pytest.mark.parametrize(
    "titles", [("Notes", "Notes", "Notes"), ("数据", "证据", "来源"), ("Notes", "Notes 2", "Notes")]
)
def test_headings_of_one_chapter_have_anchors_of_their_own(titles: tuple[str, ...]) -> None:
    renderer = ChapterRenderer("data")
    html = markdown("\n\n".join(f"## {title}" for title in titles), renderer)
    anchors = [anchor for _, anchor, _ in renderer.headings]
    assert len(set(anchors)) == len(titles)
    assert [value for name, value in read(html).attributes if name == "id"] == anchors


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_heading_stays_text(text: str) -> None:
    renderer = ChapterRenderer("data")
    html = markdown(f"## x {text}", renderer)
    assert not {"script", "img", "svg", "b"} & (set(read(html).tags) - ({"img"} if text == "![x](x)" else set()))
    assert all(set(anchor) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for _, anchor, _ in renderer.headings)
    assert all("<" not in plain for _, _, plain in renderer.headings)


@pytest.mark.parametrize(
    ("text", "anchor"), [("What is counted?", "what-is-counted"), ("6ND & 8ND", "6nd-8nd"), ("数据", "section")]
)
def test_slug(text: str, anchor: str) -> None:
    assert slug(text) == anchor


# Formulas with numbers ------------------------------------------------------------------------------------------------


def test_equation_is_filled_in_and_displayed() -> None:
    formula = equation(r"k = \frac{@c}{@n}", c="3.14", n="175")
    assert formula._repr_latex_() == r"$$k = \frac{3.14}{175}$$"  # Jupyter sets it
    html = displayed(formula)
    assert html.startswith('<div class="formula" role="group" aria-label="Formula" tabindex="0"><math')
    assert "<mn>3.14</mn>" in html
    assert "@" not in html


def test_equation_without_one_of_its_values_is_an_error() -> None:
    with pytest.raises(KeyError, match="n"):
        equation(r"\frac{@c}{@n}", c="1")


@pytest.mark.parametrize("text", [r"\text{<script>alert(1)</script>}", r"\mathrm{</mi><script>x}", "<b>", "a & b < c"])
def test_formula_cannot_become_markup(text: str) -> None:
    assert not {"script", "b"} & set(read(mathml(text)).tags)
