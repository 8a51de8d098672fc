"""The English and the Chinese page say the same: same places, same verdicts, same numbers, each in its own language."""

import re
from pathlib import Path

import pytest

from helpers.language import TAGS, using
from helpers.ledger.processed import read_processed
from helpers.report.text import foreign, markdown, with_language
from tests.report.editions import Piece, differences, in_words, numbers, pieces
from tests.report.hostile import read
from tests.report.pages import in_sight

CHINESE = re.compile("[\u3400-\u9fff]")
# Names, keys, citations, addresses: capitals, digits, hyphens, or one word; never a sentence.
PROSE = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){3,}\b[a-z]{2,}\b")


@pytest.fixture(scope="module", params=["index", "reference"])
def pages(request: pytest.FixtureRequest, built: Path) -> dict[str, str]:
    """Both editions as text: of the index what is elements from the start, and the whole reference."""
    names = {"en": f"{request.param}.html", "zh": f"{request.param}.zh.html"}
    return {key: _shown((built / "report" / name).read_text(encoding="utf-8")) for key, name in names.items()}


def _shown(page: str) -> str:
    """Without the hidden lines for the browser's search: they say what the reference's blocks say, in plain text."""
    return re.sub(r'<div class="finds">.*?</div>', "", in_sight(page), flags=re.S)


@pytest.fixture(scope="module")
def cut(pages: dict[str, str]) -> dict[str, dict[str, Piece]]:
    """Both pages cut at their anchors."""
    return {key: pieces(page) for key, page in pages.items()}


def ids(page: str) -> list[str]:
    """All ids in their order, those inside drawings left out: their shapes depend on the words."""
    return [v for n, v in read(re.sub(r"<defs>.*?</defs>|<g id[^>]*>", "", page, flags=re.S)).attributes if n == "id"]


def test_both_pages_have_the_same_anchors_in_the_same_order(pages: dict[str, str]) -> None:
    english, chinese = (ids(page) for page in pages.values())
    assert chinese == english
    assert len(english) > 50


def test_every_claim_and_every_figure_has_its_anchor_in_both(pages: dict[str, str], built: Path) -> None:
    claims = read_processed(built / "data")["claims"]["claim_id"]
    for page in pages.values():
        found = set(ids(page))
        assert 'id="explorer"' in page or {f"claim-{c}" for c in claims} <= found
        assert len([i for i in found if re.fullmatch(r"fig-[a-z-]+(?<!-alt)", i)]) >= 5


def test_every_claim_has_the_same_badge_and_the_same_values_for_the_filter(
    pages: dict[str, str], cut: dict[str, dict[str, Piece]]
) -> None:
    english, chinese = cut["en"], cut["zh"]
    assert {k: p.badges for k, p in chinese.items()} == {k: p.badges for k, p in english.items()}
    filters = [re.findall(r'<article class="claim"[^>]*>', page) for page in pages.values()]
    assert filters[0] == filters[1]
    assert len(filters[0]) == sum(k.startswith("claim-") for k in english)


def test_every_piece_has_the_same_numbers(cut: dict[str, dict[str, Piece]]) -> None:
    """Section by section, claim by claim: 175 billion is 1750亿, 16 days are 16天, October 2021 is 2021年10月."""
    english, chinese = cut["en"], cut["zh"]
    different = {
        key: found
        for key, piece in english.items()
        if (found := differences(piece.text, chinese[key].text)) != ([], [])
    }
    different.pop("article-000", None)  # English gives the outlet's name, 36氪, in both languages
    assert different == {}


def test_links_lead_to_the_same_places(pages: dict[str, str]) -> None:
    linked = [
        [
            v.replace(".zh.ipynb", ".ipynb")  # an edition's own copies
            for n, v in read(page).attributes
            if n == "href" and not v.startswith(("index", "reference")) and v != "data:,"
        ]
        for page in pages.values()
    ]
    assert sorted(linked[0]) == sorted(linked[1])


def test_chinese_page_has_no_english_prose_that_is_not_marked(cut: dict[str, dict[str, Piece]]) -> None:
    guilty = [
        f"{key}: {text[:80]}" for key, piece in cut["zh"].items() for text, english in piece.texts
        if not english and PROSE.search(text)
    ]  # fmt: skip
    assert guilty == []


def test_every_word_of_the_frame_and_every_heading_is_chinese(pages: dict[str, str]) -> None:
    page = pages["zh"]
    headings = re.findall(r"<h[1-3][^>]*>(.*?)(?:<a class=\"anchor|</h)", page, flags=re.S)
    labels = re.findall(r'aria-label="([^"]+)"', page)
    named_sources = r'(?![^>]* class="cite")'  # authors and outlets keep the names that they have
    buttons = re.findall(rf"<(?:button{named_sources}|summary|caption|th scope=\"col\")[^>]*>(.*?)</", page, flags=re.S)
    wrong = {
        text
        for text in (re.sub(r"<[^>]*>", "", t).strip() for t in [*headings, *labels, *buttons])
        if re.search("[a-z]{3}", text) and not CHINESE.search(text)
    }
    assert {
        w for w in wrong if not re.fullmatch(r"[A-Z][\w-]*( [\w.-]+)*|[a-z]+(-[a-z]+)*-\d+b", w)
    } == set()  # names of systems


def test_emphasis_has_not_been_left_as_stars(cut: dict[str, dict[str, Piece]]) -> None:
    for edition in cut.values():
        assert [k for k, p in edition.items() if "**" in p.text] == []


def test_each_page_names_its_language_and_the_other_edition(pages: dict[str, str]) -> None:
    for key, tag in TAGS.items():
        page = pages[key]
        assert re.search(r"<html lang=\"([^\"]+)\"", page)[1] == tag  # type: ignore[index]
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
        kind = "index" if 'class="index"' in page else "reference"
        assert alternates == {"en": f"{kind}.html", "zh-Hans": f"{kind}.zh.html", "x-default": f"{kind}.html"}
        (switch,) = re.findall(r'<a class="edition" href="([^"]+)" hreflang="([^"]+)" lang="([^"]+)">', page)
        other = "zh" if key == "en" else "en"
        assert switch == (alternates[TAGS[other]], TAGS[other], TAGS[other])


def test_tables_for_download_are_written_once_for_both(pages: dict[str, str], built: Path) -> None:
    addresses = [re.findall(r'class="download" href="([^"]+)"', page) for page in pages.values()]
    assert addresses[0] == addresses[1]
    text = "".join(p.read_text(encoding="utf-8") for p in sorted((built / "report" / "data").glob("grades*.csv")))
    assert "accurate" in text
    assert "准确" not in text


# Marking ------------------------------------------------------------------------------------------------------------


def test_each_edition_marks_the_other_language() -> None:
    assert with_language("about 约") == 'about <span lang="zh-Hans">约</span>'
    with using("zh"):
        assert with_language("约三成") == "约三成"
        assert with_language("据Megatron-LM的论文") == "据Megatron-LM的论文"
        marked = '见<span lang="en">Table 2 of the paper</span>。'
        assert with_language("见Table 2 of the paper。") == marked
        assert foreign("abstract") == '<span lang="en">abstract</span>'


def test_marking_escapes_what_it_marks() -> None:
    with using("zh"):
        assert "<b>" not in with_language("it's <b>bold and</b> more & more")
        assert with_language("甲 < 乙 & c's") == "甲 &lt; 乙 &amp; c&#x27;s"


# Cells ----------------------------------------------------------------------------------------------------------------


def test_emphasis_works_between_chinese_characters() -> None:
    with using("zh"):
        assert markdown("结论**不成立。**数字") == "<p>结论<strong>不成立。</strong>数字</p>\n"


# The comparison itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("175 billion parameters", "1750亿参数"),
        ("1.6 trillion", "1.6万亿"),
        ("340 million, 12,300 and 16 days", "3.4亿、12,300和16天"),
        ("more than 530 billion", "5300多亿"),
        ("on 11 October 2021", "于2021年10月11日"),
        ("2021-11-08", "2021年11月8日"),
        ("at least 9.98 times too small", "偏小到1/9.98"),
        ("from 1.5 to 8.3 billion", "由15亿到83亿"),
        ("eight operations", "8次运算"),
        ("GPT-3 and A100 of PaLM 540B", "PaLM 540B的A100、A100与GPT-3"),
    ],
)
def test_the_same_numbers_are_seen_as_the_same(english: str, chinese: str) -> None:
    assert differences(english, chinese) == ([], [])


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("175 billion", "175亿"), ("16 days", "61天"), ("October 2021", "2021年11月"), ("3 of 4", "3个"), ("one", "12次")],
)
def test_other_numbers_are_seen_as_others(english: str, chinese: str) -> None:
    assert differences(english, chinese) != ([], [])


def test_numbers_in_words_are_values() -> None:
    assert {"11", "1e+12", "5e+09"} <= in_words("eleven of a trillion and five billion")
    assert numbers("2.0.1 at 45 %") == {"2.0.1": 1, "45": 1}
