"""Figures: equal bytes, no styles, no shared ids, and words for those who do not see them."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from helpers.report.figures import C1, DRAWN, INK, drawing, figure_html, svg, told
from helpers.report.palette import COLOURS, role
from tests.report.hostile import HOSTILE, assert_harmless, read, text_of

SVG_TAGS = {
    "details",
    "summary",
    "figure",
    "p",
    "span",
    "svg",
    "title",
    "g",
    "path",
    "text",
    "tspan",
    "use",
    "defs",
    "clippath",
    "rect",
    "pattern",
    "figcaption",
    "a",
    "image",
}


pytestmark = pytest.mark.filterwarnings("ignore:Glyph .* missing from font")  # words stay words: the reader's fonts


def draw(label: str = "Compute", colour: str = C1) -> Figure:
    with drawing() as figure:
        axes = figure.subplots()
        axes.plot([1, 2, 3], [1, 4, 9], "o", color=colour)
        axes.fill_between([1, 2, 3], [0, 1, 2], alpha=0.2, hatch="//")
        axes.set(xlabel=label, ylabel="y")
        axes.text(2, 5, label, fontweight="bold")
        axes.legend([label])
    return figure


def ids(markup: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', markup)


def test_two_renderings_of_one_drawing_have_equal_bytes() -> None:
    assert svg(draw(), "one") == svg(draw(), "one")


def test_saving_twice_gives_equal_bytes() -> None:
    figure = draw()
    assert svg(figure, "one") == svg(figure, "one")


def test_no_style_attributes_or_elements_which_the_security_policy_forbids() -> None:
    markup = svg(draw(), "one")
    assert not re.search(r"\sstyle=|<style|<script|<!--|<metadata|<!DOCTYPE|<\?xml", markup)


def test_two_figures_share_no_id_and_every_reference_has_its_target() -> None:
    one, two = svg(draw(), "one"), svg(draw(), "two")
    assert ids(one)
    assert len(ids(one)) == len(set(ids(one)))
    assert not set(ids(one)) & set(ids(two))
    for markup in (one, two):
        references = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', markup)
        assert references
        assert {a or b for a, b in references} <= set(ids(markup))


def test_nothing_is_fetched_from_elsewhere() -> None:
    addresses = [v for n, v in read(svg(draw(), "one")).attributes if n in ("href", "xlink:href", "src")]
    assert all(address.startswith("#") for address in addresses)


def test_colours_are_roles_that_the_page_decides_on() -> None:
    markup = svg(draw(), "one")
    assert role("c1") in markup
    assert "currentColor" in markup
    assert not [colour for colour in DRAWN.values() if colour in markup]


def test_drawing_has_its_colours_where_no_page_decides() -> None:
    """In JupyterLab and on code hosts nothing names the palette: each role brings the light colour."""
    assert re.findall(r"var\(--[\w-]+\)", svg(draw(), "one")) == []
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", svg(draw(), "one"))) <= {light for light, _ in COLOURS.values()}


def test_roles_are_told_apart() -> None:
    assert len(set(DRAWN.values())) == len({role(name) for name in DRAWN}) == len(COLOURS)
    assert DRAWN["ink"] == INK


def test_words_stay_words_that_can_be_searched_in_any_script() -> None:
    markup = svg(draw("源1.0 训练 FLOP"), "one")
    assert "源1.0 训练 FLOP" in text_of(markup)


def test_size_is_the_pages_to_decide() -> None:
    opening = svg(draw(), "one").split(">")[0]
    assert "viewBox" in opening
    assert " width=" not in opening
    assert " height=" not in opening


def test_drawing_leaves_nothing_open() -> None:
    before = {key: value for key, value in mpl.rcParams.items() if key != "backend"}
    draw()
    assert plt.get_fignums() == []
    assert {key: value for key, value in mpl.rcParams.items() if key != "backend"} == before


@pytest.mark.parametrize("text", ["GPT-3: 3640", *HOSTILE])
def test_mark_that_is_told_shows_its_words_to_a_pointer_and_as_text(text: str) -> None:
    with drawing() as figure:
        told(figure.subplots().barh(0, 1)[0], [text])
    markup = svg(figure, "one")
    assert_harmless(markup, SVG_TAGS)
    found = re.search(r"<title>(.*?)</title>", markup, re.S)
    assert found
    assert text_of(found[1]) == text
    assert ids(markup) == [i for i in ids(markup) if "told" not in i]


@pytest.mark.parametrize("missing", ["title", "caption", "alt"])
def test_title_caption_and_alt_text_are_required(missing: str) -> None:
    words = {"title": "Finding", "caption": "What is drawn", "alt": "What is seen"} | {missing: ""}
    with pytest.raises(ValueError, match="figure one: title, caption and alt text are required"):
        figure_html(draw(), "one", **words)


def test_figure_has_its_id_title_caption_alt_text_and_data() -> None:
    html = figure_html(draw(), "one", "A finding", caption="What is drawn.", alt="A line.", download="data/one.csv")
    found = read(html)
    assert found.tags[0] == "figure"
    assert ("id", "fig-one") in found.attributes
    assert ("role", "img") in found.attributes
    assert ("aria-labelledby", "fig-one-alt") in found.attributes
    assert '<title id="fig-one-alt">A line.</title>' in html
    assert ("href", "data/one.csv") in found.attributes
    assert all(words in text_of(html) for words in ("A finding", "What is drawn."))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_around_a_figure_stay_text(text: str) -> None:
    html = figure_html(draw(), "one", text, caption=text, alt=text, download=f"data/{text}.csv")
    assert_harmless(html, SVG_TAGS)
    assert text_of(html).count(text) == 3


@pytest.mark.parametrize("text", [t for t in HOSTILE if "$" not in t and "\ue000" not in t])
def test_hostile_label_in_a_figure_stays_text(text: str) -> None:
    markup = svg(draw(text), "one")
    assert_harmless(markup, SVG_TAGS)
    assert text_of(markup).count(text) == 3  # axis, text, legend


@pytest.mark.parametrize("text", ['a style="color:red" b', 'an id="x" here', "colour #010101", 'href="#y" and url(#z)'])
def test_label_that_looks_like_an_attribute_stays_as_it_is(text: str) -> None:
    assert text_of(svg(draw(text), "one")).count(text) == 3
