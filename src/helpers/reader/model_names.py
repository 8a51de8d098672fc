"""Names of models in the text itself, held by the tables or not: a stem with version, size or suffix, in three scripts.

A name reaches as far as its parts do (Llama 4 Maverick, GPT-4 Turbo, 盘古 Ultra MoE, Qwen2.5-72B); only the whole name is looked
up, so that a name which the tables do not hold never becomes a shorter one. Companies, sites and accelerators are names too.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from helpers.reader.names import OF_DATA, Mention, NameIndex, canonical
from helpers.reader.short_names import NOT_STEM, SHORT, VERB, extremes, makers, short_forms, versions
from helpers.reader.units import CHIP_NAMES
from helpers.reader.vocabulary import alternation, meanings, phrase, phrases, words

_SUFFIX = "|".join(re.escape(word) for word in words("suffix"))
_PARTS = {name: phrase(f"model_names {name.lower()}").pattern for name in ("UNIT", "AFTER_SIZE")}
_PART = phrase("model_names part", SHORT=SHORT, SUFFIX=_SUFFIX, **_PARTS)
_HARDWARE = re.compile(r"^(?:a|v|h|p|k|b|mi|gb)\d{2,4}x?$|^dgx|^tpu|^gpu|^ascend|^rtx|^t4$")
_SAME = frozenset(words("suffix", "same"))
_FAMILY = re.compile(r" ?(?:系列|家族|全系)| (?:family|series|herd|models)(?![A-Za-z])")
_PREFIX = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(words('prefix'))})[ -]$")
_COMPOUND = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z]+-$")
_STEM = re.compile(
    rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, words('stem', language='en')))})|{alternation('stem', language='zh')}"
)
_LATIN = meanings("stem", "zh")  # 百川 2-7B is Baichuan 2-7B
_HAN_STEM = re.compile(f"^{alternation('stem', language='zh')} ?")
_COMMON = frozenset(words("stem", "common"))
_NAMED = {"NAMED": alternation("named", language="en"), "NAMED_HAN": alternation("named", language="zh")}
# By the words beside the name: its assistant Portia took, 模型「海翁」只有
_TOLD = phrases("told", SHORT=SHORT, **_NAMED)
_CHIP = phrase("model_names chip", CHIP_NAMES=CHIP_NAMES)
_RACK = re.compile(r"[ -]?NVL ?\d{2,3}(?!\d)")
_RACKED = phrase("model_names racked")  # the only one sold by it
_MAKER = re.compile(r"^(?:NVIDIA|Nvidia|英伟达|Tesla) ?")
_GAMING = re.compile(r"^(?=\d0\d0)")  # 4090
_CHIP_MODEL = re.compile(r"\d|Ironwood|Trillium|昇腾|Ascend|Blackwell|Hopper")
_CHIP_BEFORE, _CHIP_AFTER = phrase("model_names chip_before"), phrase("model_names chip_after")
_TPU_VERSION = re.compile(r"(?<![A-Za-z0-9.-])v[2-9][ep](?![A-Za-z0-9])")
_BY_MAKER = re.compile(rf"^{alternation('company')} ?")
_MADE_BY = phrase("model_names made_by")
_OTHERS = (
    ("hardware", re.compile(rf"(?<!\d )(?<!Grace ){alternation('chip')}(?! ?[A-Z]{{0,2}}\d| Computing)")),
    ("hardware", phrase("model_names rented")),
    ("place", phrase("model_names place")),
    ("vendor", re.compile(alternation("vendor"))),
    ("company", re.compile(alternation("company") + "(?!期)")),  # 三星期
    ("company", _MADE_BY),
    ("place", re.compile(rf"{alternation('place')}(?:-AI(?![A-Za-z]))?")),
    ("system", re.compile(alternation("run"))),  # that has no name of its own
    ("country", re.compile(alternation("country") + phrase("model_names of_a_country").pattern)),
)
# NVIDIA is 英伟达.
_ONE_NAME = {
    word: name for use in ("chip", "company", "country", "place", "run") for word, name in meanings(use).items()
}
# Whose models bear their name: a company beside several of them.
_MAKERS = frozenset(map(canonical, words("maker")))
_COMPANY_WORD = phrase("model_names company_word")
_GENERAL = re.compile(alternation("not_quoted"))
_SIZES = re.compile(r"-?(?:\d+x)?\d+(?:\.\d+)?[bm](?:-?a\d+b)?")
_SIZE_BEFORE = re.compile(r"(?<![A-Za-z0-9.])(?P<size>\d{1,3}B)[ 的-]$")
_ALIAS = re.compile(
    r"[”\"」』》]?,? ?[(（](?!AI|IT|US|UK|EU|GPU)(?P<name>[A-Z][A-Za-z]{2,14})[)）]"
)  # 数码港超算中心(AISC)
_ENOUGH_HINTS = 2
_SIDES = 32  # characters of the text beside a word that may hint at what it is
_HINTS = {
    hint: (phrase(f"hinted {hint}_before"), phrase(f"hinted {hint}_after")) for hint in ("called", "trained", "asked")
}
_VERSIONED = re.compile(r"([A-Za-z\u4e00-\u9fff]{2,20})[ -]?[A-Za-z]?\d")


def find_names(text: str, index: NameIndex, general: Collection[str] = ()) -> list[Mention]:
    """All names in folded text, in order and without overlap: what the tables hold, what looks like a model, and owners."""
    found = _Found()
    found.add(*(_whole(text, mention, index) for mention in index.find(text)))
    found.add(*_unknown(text, index))
    found.add(*short_forms(text, found.all()), *versions(text, found.all(), index))
    found.add(*extremes(text, found.all(), index.ids))
    for sort, pattern in _OTHERS:
        for match in pattern.finditer(text):
            if pattern is not _MADE_BY or not _general(match.group()):
                name = _ONE_NAME.get(match.group(), match.group())
                found.add(Mention(match.start(), match.end(), (name,), False, sort))
    found.add(*_again(text, found.all(), index))
    for sort, pattern in _OTHERS:
        found.sorted_as(sort, pattern, text)
    found.add(*makers(text, found.all()))
    found.add(*_chips(text, index))
    return _resolved(text, found.all(), general)


def _chips(text: str, index: NameIndex) -> Iterator[Mention]:
    """Accelerators by their form; v5p is a TPU where the text names one."""
    for pattern, before in ((_CHIP, ""), (_TPU_VERSION, "TPU ")):
        for match in pattern.finditer(text) if before in text else ():
            racked = _RACKED.search(text, match.start(), match.end() + 12) if "GB" in match.group() else None
            name = before + _GAMING.sub("RTX ", _MAKER.sub("", match.group())) + " NVL72" * bool(racked)
            if _CHIP_MODEL.search(name):
                yield Mention(match.start(), match.end(), index.systems_of(name) or (name,), False, "hardware")


class _Found:
    """Mentions without overlap: the first to come stands."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._mentions: list[Mention] = []

    def add(self, *mentions: Mention) -> None:
        for mention in mentions:
            span = range(mention.start, mention.end)
            if self._taken.isdisjoint(span):
                self._taken.update(span)
                self._mentions.append(mention)

    def sorted_as(self, sort: str, pattern: re.Pattern[str], text: str) -> None:
        """Give names that the tables hold as systems, but which are companies or sites, their sort."""
        self._mentions = [
            self._owner(m, sort, text) if m.sort == "system" != sort and pattern.fullmatch(text, m.start, m.end) else m
            for m in self._mentions
        ]

    def _owner(self, m: Mention, sort: str, text: str) -> Mention:
        """A company is not the family of models that the tables call by its name."""
        one = (_ONE_NAME.get(text[m.start : m.end], m.system_id),) if sort == "company" else m.candidates
        return replace(m, sort=sort, candidates=one)

    def all(self) -> list[Mention]:
        return sorted(self._mentions, key=lambda mention: mention.start)


def parts_end(text: str, end: int) -> tuple[int, list[str]]:
    """Where the name that ends at `end` ends with all its parts, and the sorts of the parts."""
    sorts: list[str] = []
    while (found := _PART.match(text, end)) and len(sorts) < 6:
        sort = str(found.lastgroup)
        if sort == "spaced" and ("spaced" in sorts or "glued" in sorts):
            break
        same = sort == "suffix" and found.group().lstrip(" -") in _SAME
        end = found.end()
        sorts.append("same" if same else sort)
    return end, sorts


def _whole(text: str, mention: Mention, index: NameIndex) -> Mention:
    """A name of the tables with the parts around it: if these make another name, it is that other one."""
    if _RACKED.match(text, mention.start):
        name = f"{text[mention.start : mention.end]} NVL72"
        return replace(mention, candidates=index.systems_of(name) or (name,), known=False, sort="hardware")
    if _HARDWARE.match(mention.system_id):
        if rack := _RACK.match(text, mention.end):
            name = text[mention.start : rack.end()]
            return Mention(mention.start, rack.end(), index.systems_of(name) or (name,), False, "hardware")
        printed = text[mention.start : mention.end]
        if any(char.isdecimal() for char in printed):
            return replace(mention, sort="hardware")
        return replace(mention, candidates=(printed,), known=False, sort="hardware")  # TPU alone is no TPU v3
    if OF_DATA.search(mention.system_id):
        return mention
    start = mention.start
    before = _PREFIX.search(text, max(0, start - 12), start) or _COMPOUND.search(text, max(0, start - 24), start)
    glued = text[mention.end : mention.end + 1].isdecimal() and text[mention.end - 1].isdecimal()
    end, sorts = (mention.end, []) if glued else parts_end(text, mention.end)
    if before and text[start].isascii():
        start = before.start()
    size = _SIZE_BEFORE.search(text, max(0, start - 8), start)
    if size and (systems := index.systems_of(f"{text[start:end]} {size['size']}")):  # its 405B Llama 3.1 model
        return Mention(size.start(), end, systems)
    if start == mention.start and set(sorts) <= {"same", "han"}:
        return replace(mention, end=end)
    return _looked_up(text, start, end, sorts, index)


def _looked_up(text: str, start: int, end: int, sorts: list[str], index: NameIndex) -> Mention:
    """The mention of a whole name; an instructed or chat variant, or a maker before it, leaves it the same."""
    name = text[start:end]
    bare = re.sub(r"[ -][A-Za-z]+$", "", name) if sorts[-1:] == ["same"] else name
    latin = _HAN_STEM.sub(lambda stem: f"{_LATIN[stem.group().rstrip()]} ", name)
    spellings = (name, bare, _BY_MAKER.sub("", name), _BY_MAKER.sub("", bare), latin)
    systems = next(filter(None, map(index.systems_of, spellings)), ())
    chip = not systems and (_CHIP_BEFORE.search(text, max(0, start - 16), start) or _CHIP_AFTER.match(text, end))
    return Mention(start, end, systems or (bare,), bool(systems), "hardware" if chip else "system")


def _unknown(text: str, index: NameIndex) -> Iterator[Mention]:
    """Names by their form alone."""
    for pattern in (_STEM, phrase("model_names latin_stem")):
        for stem in pattern.finditer(text):
            mention = _formed(text, stem, index, known=pattern is _STEM)
            if mention:
                yield mention
    for pattern in _TOLD:
        for match in pattern.finditer(text):
            group = next(name for name, found in match.groupdict().items() if found and name != "version")
            if match[group].lower() not in NOT_STEM and not _general(match[group]):
                whole = max(match.end(group), match.end("version") if "version" in match.groupdict() else 0)
                end, sorts = parts_end(text, whole)
                yield _looked_up(text, match.start(group), end, sorts, index)
    for start, first_end in _hinted(text):
        if text[start:first_end].lower() not in NOT_STEM and not _general(text[start:first_end]):
            end, sorts = parts_end(text, first_end)
            yield _looked_up(text, start, end, sorts, index)


def _hinted(text: str) -> Iterator[tuple[int, int]]:
    """The first place of each word that no one place tells, but several hint at: in the title, asked about, called a model, said to
    have been trained. One hint is chance; two of different sorts make a name, unless the word is a person or a town."""
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
            found = (
                h for h, (left, right) in _HINTS.items() if left.search(text, *before) or right.match(text, *after)
            )
            hints.update(found)
        else:
            if len(hints) >= _ENOUGH_HINTS:
                yield spans[0]


def _general(name: str) -> bool:
    """Whether a name is made of everyday words but for one character: 大模型, 训练一个, not 小海龟."""
    return not name[-1].isdecimal() and "-" not in name and len(_GENERAL.sub("", name)) < 2


def _formed(text: str, stem: re.Match[str], index: NameIndex, known: bool) -> Mention | None:
    """The name that a stem begins, None where nothing says that it is one."""
    name = stem.group()
    if not known and (name.lower() in NOT_STEM or name.partition("-")[0].lower() in NOT_STEM):
        return None
    end, sorts = parts_end(text, stem.end())
    strong = any(sort in ("size", "active", "glued") for sort in sorts)
    if known and not sorts and (name in _COMMON or (text[end : end + 1].isalpha() and text[end : end + 1].isascii())):
        return None
    if not known:
        if not sorts or (sorts[0] not in ("size", "glued", "active") and not _spoken(text, stem.end(), end, sorts)):
            return None
        if name.isupper() and not strong and not VERB.match(text, end):
            return None
    start = stem.start()
    before = _PREFIX.search(text, max(0, start - 12), start)
    start = before.start() if before and name[0].isascii() else start
    return _looked_up(text, start, end, sorts, index)


def _spoken(text: str, stem_end: int, end: int, sorts: list[str]) -> bool:
    """Whether a stem nobody knows, with a number after a blank or a suffix, is spoken of as a model."""
    version = re.search(r"\d[.。]\d| [vV]\d", text[stem_end:end]) is not None
    return (sorts[0] in ("spaced", "suffix") or len(sorts) > 1) and (version or VERB.match(text, end) is not None)


def _again(text: str, mentions: Iterable[Mention], index: NameIndex) -> Iterator[Mention]:
    """Names that the tables lack wherever else they stand, their other versions (行舟-1 beside 行舟-2), and a company and its models
    by the company's name without its last word: Vaani Labs is Vaani, 衡岳Max is of 衡岳智能."""
    short: dict[str, Mention] = {}
    wholes: set[str] = set()
    for m in mentions:
        printed = text[m.start : m.end]
        if m.sort == "company" and (word := _COMPANY_WORD.search(printed)):
            short[printed[: word.start()]] = m
        elif m.sort == "system" and not m.known:
            wholes.add(printed)
        elif m.sort == "system" and (stem := _VERSIONED.match(printed)) and stem.group(1) in _COMMON:
            wholes.add(stem.group(1))  # an everyday word, once a name of the text: Falcon beside Falcon 180B
        elif m.sort == "place" and printed.isascii():
            short[printed] = m
        if m.sort in ("place", "company", "system") and (alias := _ALIAS.match(text, m.end)):
            short.setdefault(alias["name"], m)
    stems = {found.group(1) for name in wholes if (found := _VERSIONED.match(name))}
    for m in NameIndex([(name, (name,)) for name in sorted(wholes | stems | short.keys())]).find(text):
        end, sorts = parts_end(text, m.end)
        if sorts or m.system_id in wholes:
            yield _looked_up(text, m.start, end, sorts, index)
        elif m.system_id in short:
            yield replace(short[m.system_id], start=m.start, end=m.end)


def _resolved(text: str, mentions: list[Mention], general: Collection[str]) -> list[Mention]:
    """One spelling for each name that the tables lack; a family stands for its member where the text names only one."""
    spelled = [canonical(text[m.start : m.end]) for m in mentions]
    owners = {
        key: m.candidates
        for key, m in reversed([*zip(spelled, mentions, strict=True)])
        if m.sort in ("system", "company")
    }
    members = _members({canonical(m.system_id): m.candidates for m in mentions if m.sort == "system"} | owners)
    known = {m.candidates for m in mentions if m.known}
    result = []
    for key, m in zip(spelled, mentions, strict=True):
        if m.sort == "system" and not m.known:
            m = replace(m, candidates=owners[key])
        only = members.get(key, set()) - {m.candidates}
        family = m.sort in ("system", "company") and (not m.known or m.system_id in general)
        if family and len(only) == 1 and not _FAMILY.match(text, m.end):
            [member] = only
            short = m.system_id
            m = replace(m, candidates=member, known=member in known, sort="system", sure=False, short=short)
        elif family and only and key in _MAKERS:
            m = replace(m, sort="company")
        result.append(m)
    return result


def _members(owners: Mapping[str, tuple[str, ...]]) -> dict[str, set[tuple[str, ...]]]:
    """For each spelling or id, up to three owners whose spelling or id is that of a member of it."""
    members: dict[str, set[tuple[str, ...]]] = {}
    ordered = sorted(owners)
    for key in ordered:
        found = members.setdefault(key, set())
        at = bisect_right(ordered, key)
        while at < len(ordered) and ordered[at].startswith(key) and len(found) < 3:
            if _member(key, ordered[at]):
                found.add(owners[ordered[at]])
            at += 1
    return members


def _member(key: str, longer: str) -> bool:
    """Whether a longer name is a member of the shorter one, not another version of it: qwen2.5 and qwen2.5-72b, kimi and kimi-k2;
    Larkspur-2 and Larkspur-2 Mini are two."""
    rest = longer[len(key) :]
    if any(char.isdecimal() for char in key):
        return _SIZES.fullmatch(rest) is not None
    return bool(rest)
