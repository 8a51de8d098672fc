"""Names that no one place of a text tells, but several hint at: a capitalised or quoted word in the title, asked about, called a
model, or said to have been trained. One hint is chance; two of different sorts make a name, unless the word is a person or a town."""

from collections import defaultdict
from collections.abc import Iterator

from helpers.reader.vocabulary import phrase

ENOUGH = 2
_SIDES = 32  # characters of the text beside a word that may hint at what it is
_HINTS = {
    hint: (phrase(f"hinted {hint}_before"), phrase(f"hinted {hint}_after")) for hint in ("called", "trained", "asked")
}


def hinted_names(text: str) -> Iterator[tuple[int, int]]:
    """The first place of each word of folded text that hints make a name; linear in the length."""
    title = len(text) - len(text.lstrip())
    title = text.find("\n", title) % (len(text) + 1)
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pattern in (phrase("hinted word"), phrase("hinted quoted")):
        for word in pattern.finditer(text):
            places[word["name"]].append(word.span("name"))
    for spans in places.values():
        hints = {"title"} if spans[0][0] < title and len(spans) > 1 else set[str]()
        for start, end in spans:
            before, after = (max(0, start - _SIDES), start), (end, end + _SIDES)
            if phrase("hinted other_before").search(text, *before) or phrase("hinted other_after").match(text, *after):
                break
            hints |= {
                hint
                for hint, (left, right) in _HINTS.items()
                if left.search(text, *before) or right.match(text, *after)
            }
        else:
            if len(hints) >= ENOUGH:
                yield spans[0]
