"""An article's file in whatever encoding it declares: its text, or one line."""

import warnings
from encodings.aliases import aliases
from pathlib import Path

import pytest

from helpers.errors import Problem
from helpers.reader.documents import read_document

CODECS = sorted(
    {*aliases.values(), "undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "mbcs", "no"}
)
BYTES = {"a stray byte": b"\xff", "Chinese": "源1.0的参数量".encode("gbk"), "escapes": b"\xff\\ud800\\N{BEL}\\q\\x", "all": bytes(range(256))}  # fmt: skip


@pytest.mark.parametrize("kind", BYTES)
def test_a_page_may_declare_any_codec_that_python_has(kind: str, tmp_path: Path) -> None:
    """Not all of them are encodings of text, and some raise what others do not."""
    page = tmp_path / "a.html"
    read = 0
    for codec in CODECS:
        page.write_bytes(f'<meta charset="{codec}"><p>GPT-3 has 175 billion parameters'.encode() + BYTES[kind])
        with warnings.catch_warnings(action="error"):
            warnings.simplefilter("ignore", DeprecationWarning)  # which no reader sees
            try:
                text = read_document(page)
            except Problem as problem:
                said = str(problem)
                assert "Mend: " in said
                assert len(said.splitlines()) == 1
            else:
                read += 1
                assert text.encode()
    assert read
