"""The bibliography is read whole or refused, whatever it says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataProblem
from helpers.ledger.bibliography import read_references

WAYS = """Notes before the first entry are no entry.
@comment{old2019, title = {Old}}
@Article{lee2021,
  Author = "Lee, Ann and others",
  title = {{Of {GPT}-3 \\& its
kin}}, year = 2021, month = jan
}
  @misc{short2020,title={}}
"""
WORDS = st.text(st.characters(blacklist_characters='{}"\\\r\n@', blacklist_categories=["Cs", "Cc"]), max_size=20)
ENTRIES = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}[0-9]{4}", fullmatch=True),
    st.dictionaries(st.sampled_from(["title", "author", "note", "url"]), WORDS, min_size=1),
    max_size=5,
)


def read(text: str, folder: Path) -> dict[str, dict[str, str]]:
    path = folder / "references.bib"
    path.write_text(text, encoding="utf-8", newline="")
    return read_references(path)


def test_every_way_of_writing_a_value(tmp_path: Path) -> None:
    lee, short = read(WAYS, tmp_path).values()
    assert lee == {
        "author": "Lee, Ann and others",
        "title": "Of GPT-3 & its kin",
        "year": "2021",
        "month": "jan",
        "ENTRYTYPE": "article",
        "ID": "lee2021",
    }
    assert short == {"title": "", "ENTRYTYPE": "misc", "ID": "short2020"}


@pytest.mark.parametrize(
    "entry",
    [
        "@misc{torn2020, title = {{Torn}, year = {2020},\n}",
        "@misc{torn2020, title = {Torn} year = {2020}}",
        "@misc{torn2020, title = {Torn}, year = }",
        "@misc{torn2020, title",
        "@string{torn2020 = {Torn}}",
        "@misc{torn2020, title = " + 9000 * "{",
    ],
)
def test_an_entry_that_is_not_whole_is_named(entry: str, tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="entry torn2020: cannot be read to its end"):
        read(f"{entry}\n\n@misc{{next2021, title = {{Next}}}}\n", tmp_path)


@given(entries=ENTRIES)
def test_what_is_written_is_read(entries: dict[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    text = "\n".join(
        f"@misc{{{key},\n" + "".join(f"  {name} = {{{{{value}}}}},\n" for name, value in fields.items()) + "}\n"
        for key, fields in entries.items()
    )
    found = read(text, tmp_path_factory.mktemp("bib"))
    assert found == {key: {**fields, "ENTRYTYPE": "misc", "ID": key} for key, fields in entries.items()}
