"""Members called by less than their name: V3 after DeepSeek-V3, the 70B version, the larger one, a maker's Arctic."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from helpers.reader.names import Mention, NameIndex
from helpers.reader.vocabulary import phrase, words

SHORT = "|".join(re.escape(word) for word in words("suffix") if len(word) > 1 and word not in ("LM", "it", "IT"))
NOT_STEM = frozenset(word.lower() for word in words("not_stem"))
VERB = phrase("model_names verb")
_DISTINCT = "Scout|Maverick|Behemoth|Opus|Sonnet|Haiku"
_VERSION_WORD = phrase("model_names version_word", DISTINCT=_DISTINCT, SHORT=SHORT)
_HEAD = re.compile(r"^(?:[\u4e00-\u9fff]+(?=[A-Za-z])|\d{1,3}B )")  # of 智谱GLM-4.5, 405B Llama 3.1
_COMPARED = re.compile(r"(?:[由从比较]|(?<![a-z])(?:than|from|unlike|against) )$")
_SIZED = re.compile(r"(?P<family>.+)-(?P<size>\d+(?:-\d+)?)b$")
_OWNED = re.compile(rf"{VERB.pattern}| ?[\u4e00-\u9fff]")
_POSSESSED = re.compile(r"(?:'s|’s| ?的) ?(?P<name>[A-Z][A-Za-z]{2,15})(?![A-Za-z0-9-])")
BEFORE = 12  # names back to the one that a short form belongs to
_SHORT_FORM = re.compile(r"[ -]([VKRMX]\d(?:\.\d)?)$")


def short_forms(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """V3 after DeepSeek-V3, where only one name of the text ends so; the bare stem of a name that the text itself forms."""
    owners: dict[str, set[tuple[str, ...]]] = {}
    for mention in mentions:
        form = _SHORT_FORM.search(text, mention.start, mention.end)
        if form and mention.sort == "system":
            owners.setdefault(form.group(1), set()).add(mention.candidates)
    known = {m.candidates for m in mentions if m.known}
    for form_text, systems in owners.items():
        if len(systems) == 1:
            [candidates] = systems
            alone = rf"(?<![A-Za-z0-9.-]){re.escape(form_text)}(?![A-Za-z0-9]|\.\d|[ -](?:{SHORT})(?![a-z]))"
            for match in re.finditer(alone, text):
                yield Mention(match.start(), match.end(), candidates, candidates in known)


def makers(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """A capitalised word that a maker possesses: Snowflake's Arctic, Meta 的 OPT."""
    for maker in mentions:
        if maker.sort == "company":
            match = _POSSESSED.match(text, maker.end)
            if match and match["name"].lower() not in NOT_STEM and _OWNED.match(text, match.end()):
                yield Mention(match.start("name"), match.end("name"), (match["name"],), False)


def versions(text: str, mentions: list[Mention], index: NameIndex) -> Iterator[Mention]:
    """R1 after DeepSeek, the 70B version after Llama 3.1 405B, Scout after Llama 4 Maverick: the member that the tables hold."""
    starts = [m.start for m in mentions]
    for match in _VERSION_WORD.finditer(text):
        if match["size"] and phrase("model_names not_size").search(text, max(0, match.start() - 12), match.start()):
            continue
        at = bisect_right(starts, match.start())
        word = "v1" if match["first"] else match.group().lower().replace("version ", "v")
        near = [*reversed(mentions[max(0, at - BEFORE) : at]), *mentions[: max(0, min(at - BEFORE, BEFORE))]]
        compared = [_COMPARED.search(text, max(0, m.start - 8), m.start) is not None for m in near]
        for _, before in sorted(zip(compared, near, strict=True), key=lambda pair: pair[0]):
            if before.sort in ("system", "company"):
                name = text[before.start : before.end]
                bases = dict.fromkeys((*_shortened(name), *_shortened(_HEAD.sub("", name))))
                systems = next((found for base in bases if (found := index.systems_of(f"{base} {word}"))), ())
                if systems:
                    yield Mention(match.start(), match.end(), systems, True, "system", True)
                    break
        else:
            if match["word"] and "-" in word:
                yield Mention(match.start(), match.end(), (word,), False)


def extremes(text: str, mentions: list[Mention], ids: Iterable[str]) -> Iterator[Mention]:
    """The larger one, 最小的那个: the largest or smallest member of the family named before."""
    families: dict[str, list[tuple[float, str]]] = {}
    for sized in filter(None, map(_SIZED.match, ids)):
        families.setdefault(sized["family"], []).append((float(sized["size"].replace("-", ".")), sized.string))
    starts = [m.start for m in mentions]
    for match in phrase("model_names extreme").finditer(text):
        at = bisect_right(starts, match.start())
        for before in reversed(mentions[max(0, at - BEFORE) : at]):
            members = families.get(before.system_id) or families.get(_SIZED.sub(r"\g<family>", before.system_id), [])
            if before.sort == "system" and len(members) > 1:
                choose = max if match["large"] or match["most"] or match["old"] else min
                yield Mention(match.start(), match.end(), (choose(members)[1],))
                break


def _shortened(name: str) -> Iterator[str]:
    """A name with less and less of its last parts: Llama 3.1 405B, Llama 3.1, Llama."""
    yield name
    while (cut := re.sub(r"[ -]?(?:[A-Za-z]+|[A-Za-z]?\d+(?:\.\d+)?[A-Za-z]?)$", "", name)) and cut != name:
        yield cut
        name = cut
