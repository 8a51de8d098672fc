"""The language of the prose: what is translated, how numbers are said, and that nothing stays English in silence."""

import re
import threading
from collections.abc import Iterator

import nbformat
import pandas as pd
import pytest
from translation import extraction

from helpers import language
from helpers.build.steps import CHAPTERS
from helpers.errors import DataProblem, ParameterProblem
from helpers.language import (
    LOCALE,
    PLACE,
    MissingTranslation,
    current,
    evidence_text,
    joined,
    localised,
    named,
    term,
    tr,
    using,
)
from helpers.ledger.tables import Tables
from helpers.numbers import percent, readable, words
from helpers.paths import NOTEBOOKS
from helpers.report.text import say

PO = LOCALE / "zh_Hans.po"


@pytest.fixture
def chinese() -> Iterator[None]:
    """Chinese for the length of a test."""
    with using("zh"):
        yield


# The catalogue ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> extraction.Found:
    """Every text of the code, the notebooks and the tables."""
    return extraction.texts()


def test_every_text_has_a_translation(found: extraction.Found) -> None:
    lacking = [f"{m.auto_comments[0]}: {m.id}" for m in extraction.missing(PO, lambda: found) if m.id]
    assert lacking == [], "run python -m translation.extraction and fill in what it prints"


def test_catalogue_holds_nothing_that_nobody_asks_for(found: extraction.Found) -> None:
    assert extraction.obsolete(PO, lambda: found) == []


def test_translations_take_the_same_values_shown_in_the_same_way() -> None:
    for entry in extraction.catalogue(PO):
        if entry.id:
            prose = [re.sub(r"\\[a-z]+\{[^}]*\}", "", str(text)) for text in (entry.id, entry.string)]
            places = [sorted(m.group() for m in PLACE.finditer(text)) for text in prose]
            assert set(places[0]) == set(places[1]), entry.id  # a value may be said twice


def test_no_entry_is_empty_fuzzy_or_twice_there() -> None:
    entries = [m for m in extraction.catalogue(PO) if m.id]
    assert [m.id for m in entries if not m.string or m.fuzzy] == []
    assert PO.read_text(encoding="utf-8").count("\nmsgid ") == len(entries) + 1  # and the header


def test_text_that_is_put_together_before_it_is_translated_is_refused() -> None:
    with pytest.raises(extraction.NotLiteral, match=r"a\.py, line 2: an f-string"):
        list(extraction._in_code('x = 1\nsay(f"{x} days")', "a.py"))


def test_texts_are_found_in_calls_heads_captions_and_templates() -> None:
    code = 'chapter.table(f, "a", "Title", columns={"x": "Head"}, notes="Note" if y else "Other")\ntr("One " "two")\nlater(NAME)'
    assert sorted(extraction._in_code(code, "a.py")) == ["Head", "Note", "One two", "Other", "Title"]


# Looking up ---------------------------------------------------------------------------------------------------------


def test_english_needs_no_catalogue() -> None:
    assert tr("Nobody has translated {n:.1f} of this", n=2) == "Nobody has translated 2.0 of this"


def test_missing_translation_is_one_clear_line(chinese: None) -> None:
    line = r'^src/helpers/locale/zh_Hans.po: no translation of "Not there". Mend: add it \(msgid, msgstr\).$'
    with pytest.raises(MissingTranslation, match=line):
        tr("Not there")


def test_values_come_into_the_translation_in_their_format(chinese: None) -> None:
    assert tr("{n} claims", n=3) == "3条论断"
    told = say("Its compute is {ratios}, on the same accounting (6·N·D)", ratios="2.5 × GPT-3")
    assert "2.5 × GPT-3" in told
    assert "6·N·D" in told
    assert "accounting" not in told


def test_numbers_and_formulas_need_no_translation(chinese: None) -> None:
    assert [tr(text) for text in ("k = C/(N·D)", "4095", "PD", "±")] == ["k = C/(N·D)", "4095", "PD", "±"]


def test_a_place_may_name_a_part_of_a_row() -> None:
    rows = pd.DataFrame({"far": [0.25]}, index=["median"])
    assert tr("{r.median:.1%}", r=rows["far"]) == "25.0 %"
    assert tr("{t.far.median:.2f}", t=rows) == "0.25"
    with pytest.raises(KeyError, match="worst"):
        tr("{r.worst}", r=rows["far"])
    with pytest.raises(TypeError, match="nothing takes 'x'"):
        say("{r.median}", r=rows["far"], x=1)


def test_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        tr("{n} days", m=1)


def test_keys_of_the_tables_and_names_have_words(chinese: None) -> None:
    assert term("mixture_of_experts") == "混合专家"
    assert (named("Yuan 1.0"), named("GPT-3")) == ("源1.0", "GPT-3")


def test_language_that_has_no_edition_is_refused() -> None:
    with pytest.raises(ParameterProblem, match="language: no edition in 'fr'; one of en, zh"):
        language.use("fr")
    assert language.current() == "en"


def test_using_gives_the_language_back_even_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), using("zh"):
        _ = 1 / 0
    assert language.is_source()


# Prose of the tables ------------------------------------------------------------------------------------------------


def test_prose_of_a_table_is_in_the_language_of_the_edition() -> None:
    frame = pd.DataFrame({"claim_id": ["a"], "statement": ["One."], "statement_zh": ["一。"]})
    assert localised(frame, "claims.csv")["statement"].tolist() == ["One."]
    with using("zh"):
        assert localised(frame, "claims.csv")["statement"].tolist() == ["一。"]


def test_row_without_chinese_prose_is_named(chinese: None) -> None:
    frame = pd.DataFrame({"claim_id": ["a", "b"], "statement": ["One.", "Two."], "statement_zh": ["一。", ""]})
    with pytest.raises(DataProblem, match=r"claims.csv, row b, column statement_zh: empty \(1 such rows\)"):
        localised(frame, "claims.csv")


def test_sentences_end_as_the_language_ends_them(chinese: None) -> None:
    assert joined(["来源的说法相同", "指最大的一个。", ""]) == "来源的说法相同。指最大的一个。"


# Numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (175e9, 3, "1750亿"),
        (245.73e9, 4, "2457亿"),
        (1.571e12, 4, "1.571万亿"),
        (999_600_000_000, 3, "1万亿"),
        (340e6, 3, "3.4亿"),
        (99.96e6, 3, "1亿"),
        (1_542_000, 4, "154.2万"),
        (12_300, 3, "12,300"),
        (4095, 4, "4095"),
    ],
)
def test_large_counts_go_by_ten_thousands(value: float, digits: int, expected: str, chinese: None) -> None:
    assert words(value, digits) == expected


@pytest.mark.parametrize(("value", "digits"), [(245.65e9, 4), (1.8995e9, 4), (5.4995e9, 4), (99.95e6, 3), (8.25e9, 2)])
def test_both_editions_round_alike(value: float, digits: int) -> None:
    english = words(value, digits)
    number, scale = english.split()
    expected = float(number) * {"billion": 1e9, "million": 1e6}[scale]
    with using("zh"):
        chinese = words(value, digits)
    units = {"万亿": 1e12, "亿": 1e8, "万": 1e4}
    unit = next(u for u in units if chinese.endswith(u))
    assert float(chinese.removesuffix(unit)) * units[unit] == pytest.approx(expected, rel=1e-12), english


def test_units_follow_the_language(chinese: None) -> None:
    day = 86_400.0
    said = [
        readable(v, u) for v, u in [(16 * day, "s"), (175e9, "parameter"), (2128, "chip"), (4095 * 8.64e19, "FLOP")]
    ]
    assert said == ["16天", "1750亿参数", "2128块芯片", "4095 PD"]
    assert percent(0.45) == "45%"


# The notebooks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({stage.source for stage in CHAPTERS}))
def test_prose_of_every_chapter_has_headings_and_formulas_in_both_languages(name: str, chinese: None) -> None:
    """One title, the same levels of headings and as many formulas, and Chinese that is Chinese."""
    prose = [c.source for c in nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells if c.cell_type == "markdown"]
    assert sum(len(re.findall(r"^# ", text, flags=re.M)) for text in prose) == 1
    for pair in ((text, language.translated(text)) for text in prose):
        levels, formulas = (
            [re.findall(pattern, text, flags=re.S | re.M) for text in pair] for pattern in (r"^#+ ", r"\$\$.+?\$\$")
        )
        assert levels[0] == levels[1], pair[0]
        assert len(formulas[0]) == len(formulas[1]), pair[0]
        assert re.search("[\u3400-\u9fff]", pair[1]), pair[0]


def test_two_threads_each_write_in_their_own_language() -> None:
    meet, seen = threading.Barrier(2), {}

    def write(language: str) -> None:
        with using(language):
            meet.wait(10)
            seen[language] = current()
            meet.wait(10)

    threads = [threading.Thread(target=write, args=(language,)) for language in ("en", "zh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"en": "en", "zh": "zh"}
    assert current() == "en"


def test_evidence_of_every_claim_is_told_in_chinese(chinese: None, raw_tables: Tables) -> None:
    """What is stated, what it counts and where: only names, titles and licences stay as they are."""
    tables = raw_tables
    used = set(" ".join(tables["claims"]["evidence_ids"]).split()) & set(tables.evidence_rows)
    rows = [tables.evidence_rows[name] for name in sorted(used)]
    texts = {str(row[c]) for row in rows for c in ("counts", "locator")} | {
        str(row["value"]) for row in rows if row["unit"] == "text" and row["quantity"] not in ("organisation", "chip")
    }
    english = sorted(
        t for t in texts if re.search("[a-z]{3}", t) and not re.search("[\u4e00-\u9fff]", evidence_text(t))
    )
    assert len(english) <= 4, english  # names of a journal, an interface and two files
    assert [evidence_text(t) for t in ("section 3.2", "Table D.1", "sections 1 to 3", 'row "GLaM"')] == [
        "第3.2节", "表D.1", "第1至3节", "“GLaM”一行",
    ]  # fmt: skip


def test_a_sign_that_is_asked_for_is_a_minus_not_a_hyphen() -> None:
    assert (tr("{x:+.1%}", x=-0.123), tr("{x:+.1%}", x=0.123)) == ("−12.3 %", "+12.3 %")
