"""The index carries chapters as coded text: ASCII that the page's script writes out again, whatever they say."""

import pytest

from helpers.report.index_page import coded, escaped, numeral
from tests.report.pages import written_out

MANY = "".join(map(chr, range(0x4E00, 0x5600)))  # more characters than there are codes of two and three signs


@pytest.mark.parametrize(
    "text", ["", "~", "a~b \ue000 <b>\ue001</b>", "<p>源1.0 · 80\u00a0%</p>\n<p>" * 9, "<i x='~'>🧮</i>" * 5]
)
def test_coded_text_is_ascii_and_is_written_out_again(text: str) -> None:
    texts, key = coded([text, MANY])
    assert all(coded_text.isascii() for coded_text in texts)
    written = written_out(dict(zip("ab", texts, strict=True)), key)
    assert written == {"a": text, "b": MANY}


def test_tags_that_stand_often_are_written_once() -> None:
    [text], key = coded(['<span class="printed">1</span>' * 50])
    assert len(text) + len(key) < 250
    assert key.count("printed") == 1


def test_codes_differ_and_end_no_element() -> None:
    codes = [numeral(n) for n in range(10_000)]
    assert len(set(codes)) == len(codes)
    assert not set("<>~") & set("".join(codes))
    assert [len(numeral(n)) for n in (0, 61, 62, 1735, 1736)] == [1, 1, 2, 2, 3]


def test_script_is_escaped_as_scripts_write_it() -> None:
    assert escaped('const 亿 = "亿🧮"; // ×') == 'const \\u4ebf = "\\u4ebf\\ud83e\\uddee"; // \\u00d7'
