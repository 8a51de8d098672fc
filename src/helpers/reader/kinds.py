"""The kind of a figure, decided by its unit, the noun it counts and the sentence around it.

The unit decides first (GB, PD, %, 天); then the noun straight after (1750亿参数, 512 A100 GPUs); then the nearest noun
before it in its sentence (参数量达到1750亿). What none of them decides has no kind, and is reported as unread.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from helpers.constants import SECOND_PER_DAY, SECOND_PER_HOUR
from helpers.reader.dates import PrintedDate, counts_days
from helpers.reader.nouns import (
    ACTIVE_AFTER,
    ACTIVE_BEFORE,
    CHIP,
    KINDS,
    VERBAL,
    Around,
    Kind,
    counted,
    kind_after,
    kind_before,
    kind_beside,
    plausible,
    refined,
    strange_unit,
)
from helpers.reader.parsing import Parsed
from helpers.reader.text_tables import Cell
from helpers.reader.units import CHIP_NAMES, match_unit
from helpers.reader.vocabulary import meanings, phrase, said

MODEL_AFTER = phrase("kinds model_after")
_MEMORY = phrase("kinds memory")
_HARDWARE_BEFORE = re.compile(rf"(?:{CHIP_NAMES}[ (]?|每[张块颗卡片枚](?:显存)?)$")
_HARDWARE_AFTER = re.compile(rf" ?(?:的|版|版本)?(?:的)?(?:{CHIP_NAMES}|张量核心|显卡|卡)")
_EMISSION = said("emissions")
_UTILISATION = phrase("kinds utilisation")
_CURRENCY = meanings("currency")
_PER_SECOND = phrase("kinds per_second")
_SYMBOLS = {"N": "parameters", "D": "training tokens"}  # of C = 6 N D
_CAPITAL = re.compile(r"(?<![A-Za-z])[A-Z](?=[a-z])")  # GPU Hours
_YEAR = re.compile(r"(?:19|20)\d\d")
_HEAD_DATE = phrase("kinds head_date")
_SORTS = frozenset("种类款组项家名位人门届轮批套场次国例")
_SMALLEST_RUN = Decimal("1e19")
_HOUR_S, _MANY_HOURS_S = Decimal(SECOND_PER_HOUR), Decimal(180_000_000)
_LONGEST_MONTH_S = Decimal(31 * SECOND_PER_DAY)
_FEW = Decimal(1000)
LARGE = Decimal(10**8)
_HUGE_RATE = Decimal("1e21")


def kind_of(parsed: Parsed, around: Around, named_after: bool) -> Kind | None:
    """The kind of a figure; `named_after` says that the name of a system follows it. None: nothing says what it counts."""
    if parsed.pixels:
        return KINDS["pixels"]
    if parsed.hint in ("", "classifier"):
        return _by_noun(parsed, around, named_after)
    if parsed.hint in _BY_HINT:
        return _BY_HINT[parsed.hint](parsed, around)
    return KINDS.get(parsed.hint) or Kind("other", parsed.base)


def dated(cell: Cell, text: str) -> PrintedDate | None:
    """The year that a cell below a head such as Year holds."""
    found = _YEAR.fullmatch(text, cell.start, cell.end) if _HEAD_DATE.search(cell.head) else None
    return PrintedDate(found.group(), int(found.group()), cell.end) if found else None


def in_column(parsed: Parsed, cell: Cell) -> tuple[Parsed, Kind] | None:
    """A figure of a table cell with magnitude, unit and kind of its column; None where the head does not tell."""
    if parsed.unit is None and parsed.printed.bare:
        unit = match_unit(cell.unit, 0) if cell.unit else None
        number = parsed.number.times(cell.scale * (unit.factor if unit else 1))
        parsed = replace(parsed, number=number, unit=unit, base=unit.base if unit else "")
    said = _SYMBOLS.get(cell.head.strip(), cell.head)
    head = f"{said} {_CAPITAL.sub(lambda found: found.group().lower(), said)} "
    around = Around(head, head, "", head)
    if phrase("kinds head_count").search(cell.head) and parsed.unit is None:
        return parsed, KINDS["count"]
    if money := phrase("kinds head_money").search(cell.head):
        return parsed, KINDS["money"] if parsed.unit else Kind("money", _CURRENCY[money.group().lower()])
    kind = None if _HEAD_DATE.search(cell.head) else kind_of(parsed, around, named_after=False)
    if kind is None and parsed.number.value >= LARGE and phrase("kinds head_size").search(cell.head):
        kind = KINDS["parameters"]
    return (parsed, kind) if kind else None


def _bytes(parsed: Parsed, around: Around) -> Kind:
    if _PER_SECOND.search(around.clause_before):
        return Kind("other", "byte/s")
    memory = _MEMORY.search(around.after[:12]) or _MEMORY.search(around.clause_before[-30:])
    chip = _HARDWARE_BEFORE.search(around.clause_before[-16:]) or _HARDWARE_AFTER.match(around.after)
    meant = _MEMORY.search(around.sentence) and not phrase("kinds data").search(around.clause_before + around.after)
    return Kind("other", "byte") if memory or chip or meant else KINDS["dataset"]


def _share(parsed: Parsed, around: Around) -> Kind:
    before = around.sentence_before[-16:] + "\n" + around.clause_before
    if (
        _UTILISATION.search(before)
        or phrase("kinds utilised").match(around.after)
        or _UTILISATION.match(around.after.lstrip(" 的"))
    ):
        return KINDS["utilisation"]
    scored = phrase("kinds score_percent").search(around.clause_before[-40:]) or phrase("kinds score_after").match(
        around.after
    )
    return KINDS["score_share"] if scored else KINDS["percent"]


def _mass(parsed: Parsed, around: Around) -> Kind | None:
    if _EMISSION.search(around.sentence) or _EMISSION.search(around.context):
        return KINDS["emissions"]
    return None if parsed.hint == "pound" else Kind("other", "kg")


def _money(parsed: Parsed, around: Around) -> Kind:
    named = phrase("kinds currency_before").search(around.clause_before)
    if named and parsed.unit and parsed.unit.printed == "元":
        return Kind("money", _CURRENCY[named.group(1)])
    return Kind("market" if phrase("kinds market").search(around.sentence_before[-40:]) else "money", parsed.base)


def _work_or_rate(parsed: Parsed, around: Around) -> Kind:
    """Operations in all or in a second: FLOP beside a peak are a rate, FLOPS beyond any machine (3.14e23 FLOPS) are work."""
    if phrase("kinds per_watt").search(around.clause_before):
        return Kind("other", "FLOP/J")
    value = parsed.number.value
    if parsed.hint == "flop":
        near = around.sentence_before[-20:] + "|" + around.after[:12]
        rate = value < _SMALLEST_RUN and bool(
            phrase("kinds rate").search(near) or phrase("kinds of_compute").match(around.after)
        )
    elif parsed.hint == "operations":
        rate = bool(_PER_SECOND.search(around.clause_before) or re.match(r".{0,12}(?:每秒|/秒)", around.after))
    else:
        rate = value < _HUGE_RATE or (parsed.unit is not None and parsed.unit.factor != 1)
    return KINDS["throughput" if rate else "compute"]


def _peta(parsed: Parsed, around: Around) -> Kind | None:
    near = around.sentence_before[-30:] + around.after[:10]
    return KINDS["throughput"] if phrase("kinds computing").search(near) else None


def _chip_hours(parsed: Parsed) -> bool:
    """Hours beyond any calendar (220,000 hours, 146万小时) are those of many chips."""
    return parsed.unit is not None and parsed.unit.factor == _HOUR_S and parsed.number.value >= _MANY_HOURS_S


def _counted_days(parsed: Parsed, around: Around) -> bool:
    """Whether 日 counts days: as its words say, or because no month has that many (80日, 九十多日)."""
    more = parsed.number.bound != "exact" or parsed.number.value > _LONGEST_MONTH_S
    return more or counts_days(around.clause_before, around.after)


_BY_HINT: dict[str, Callable[[Parsed, Around], Kind | None]] = {
    **dict.fromkeys(("percent", "tenth"), _share), **dict.fromkeys(("mass", "pound"), _mass),
    **dict.fromkeys(("flop", "flops", "throughput", "operations"), _work_or_rate), "bytes": _bytes, "money": _money, "P": _peta,
    "duration": lambda parsed, around: KINDS["chip_time" if _chip_hours(parsed) else "duration"],
    "days": lambda parsed, around: KINDS["duration"] if _counted_days(parsed, around) else None,
    "degree": lambda parsed, around: KINDS["energy_kwh"] if "电" in around.sentence else None,
}  # fmt: skip


def _by_noun(parsed: Parsed, around: Around, named_after: bool) -> Kind | None:
    classifier = parsed.unit.printed if parsed.unit else ""
    if parsed.printed.letter in ("K", "M", "T") and phrase("kinds letter_data").match(around.after):
        return KINDS["dataset"]
    if parsed.printed.letter == "T" and phrase("kinds peak_before").search(around.clause_before):
        return KINDS["throughput"]
    after = classifier.strip("个多余") + around.after if classifier in ("词", "字", "层", "核", "分") else around.after
    by_after = None if classifier in _SORTS else kind_after(after, around, parsed.number.value < _FEW)
    if by_after:
        return by_after
    by_classifier = _by_classifier(classifier, around)
    if by_classifier:
        return by_classifier
    if phrase("kinds factor").search(around.clause_before) or phrase("kinds of_the_other").match(around.after):
        return KINDS["ratio"]
    if phrase("kinds in_year").search(around.clause_before):
        return None
    beside = kind_beside(around)
    if beside and plausible(beside, parsed) and (not classifier or classifier in ("个", "项", "位")):
        return refined(beside, around)
    if parsed.number.value >= LARGE and (named_after or MODEL_AFTER.match(after)) and not classifier.strip("个"):
        return KINDS["parameters"]
    if parsed.number.value >= _SMALLEST_RUN and phrase("kinds work").search(around.context or around.sentence):
        return KINDS["compute"]
    return _by_context(parsed, around, classifier)


def _by_context(parsed: Parsed, around: Around, classifier: str) -> Kind | None:
    """A count with its classifier or noun (no decimals); else the nearest noun before the figure, where that is plausible."""
    active = ACTIVE_BEFORE.search(around.clause_before[-16:]) or ACTIVE_AFTER.match(around.after)
    if active and parsed.number.value >= LARGE:
        return KINDS["active"]
    if parsed.number.value >= LARGE and said("reads").search(around.clause_before[-8:]) and not classifier:
        return KINDS["tokens"]
    number_of = counted(parsed, around, classifier)
    if parsed.number.value < LARGE and parsed.number.value % 1 and parsed.number.bound != "range":
        number_of = None
    if number_of and not (classifier == "个" and VERBAL.match(around.after)) and parsed.number.value < LARGE:
        return number_of
    of_chip = phrase("kinds of_chip").search(around.clause_before)
    before = None if of_chip or strange_unit(parsed, around) else kind_before(around)
    countable = not classifier or (classifier == "个" and before not in (KINDS["score"], KINDS["chips"]))
    if before and countable and plausible(before, parsed):
        return refined(before, around)
    named = re.search(r"(?:the|an?) $", around.clause_before) is not None  # half of the 7B
    sized = parsed.printed.letter == "B" and not classifier and parsed.number.value >= LARGE and not named
    return number_of or (KINDS["parameters"] if sized else None)  # it is 397B, with 17B lit up


def _by_classifier(classifier: str, around: Around) -> Kind | None:
    if classifier == "卡":
        return KINDS["chips"]
    if classifier in ("块", "张", "片", "颗", "枚"):
        where = around.context if VERBAL.match(around.after) else around.sentence  # 384张 alone: what was said before
        chip = phrase("kinds chips", CHIP=CHIP).search(where) and not phrase("kinds other_thing").match(around.after)
        return KINDS["chips" if chip else "count"]
    if classifier == "次" and _PER_SECOND.search(around.clause_before):
        return KINDS["throughput"]
    if classifier == "台":
        return KINDS["servers" if phrase("kinds servers").search(around.sentence) else "count"]
    return None
