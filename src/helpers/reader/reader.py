"""Running text to quantities: every digit of the text ends up as a quantity, as unread or as dismissed, never in silence.

The reader goes through the folded text once, from one place of interest (a digit, a Chinese numeral, a Latin word, a
currency sign) to the next. Names of systems, addresses, codes, versions and list numbers are stepped over; what is left is
read as a date, a rank or a figure by strict grammars. Work at each place is bounded, so the whole is linear.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from helpers.reader.cues import Figure
from helpers.reader.dates import Calendar
from helpers.reader.elided import MOST_PARAMETERS, SMALLEST, Said, elided, last_of_list, with_unit_of
from helpers.reader.furniture import list_number, skipped
from helpers.reader.hedges import Hedge, hedge_around
from helpers.reader.kinds import LARGE, MODEL_AFTER, dated, in_column, kind_of
from helpers.reader.names import NameIndex, Systems
from helpers.reader.nouns import ACTIVE_BEFORE, KINDS, Around, Kind, counted, kind_after
from helpers.reader.number import Number, UnreadableFigure, more_than, spelled
from helpers.reader.page_layout import PageLayout
from helpers.reader.parsing import Parsed, parse_figure
from helpers.reader.ranks import match_rank, ordinal_end
from helpers.reader.rates import SAME_AGAIN, WHOLE, is_denominator, per_of
from helpers.reader.reading import Quantity, Reading, Token
from helpers.reader.text_tables import Cell
from helpers.reader.trifles import is_trifle
from helpers.reader.words import (
    DIGIT_RUN,
    NUMERALS,
    after_name,
    code_end,
    currency_start,
    latin_end,
    malformed_end,
    odd_neighbour,
    starts_number,
    version_end,
)

ELLIPSIS = 160  # characters to the figure that says the noun
_PLACE = re.compile(rf"[0-9A-Za-z$¥￥€£₹₩#第翻{NUMERALS}]")
_YARDSTICKS = ("超过", "超越", "远超", "大于", "高于", "超出")


def read_text(text: str, systems: Systems | NameIndex = (), general: Collection[str] = ()) -> Reading:
    """Read all figures of a text; linear in its length.

    Args:
        systems: (system_id, names), or their index where several texts are read.
        general: ids of families, companies and products; their names stand for the only member that a text names.
    """
    return read_layout(PageLayout(text, systems, general))


def read_layout(layout: PageLayout) -> Reading:
    """Read all figures of a text that is laid out."""
    return _Scan(layout).run()


class _Scan:
    """One pass over a text. Each step takes a place and returns where to go on."""

    def __init__(self, layout: PageLayout) -> None:
        self._layout = layout
        self._text = layout.text
        self._calendar = Calendar(layout.text, layout.furniture)
        self._inferred = -1  # where the last figure stands whose kind another one gave
        self._quantities: list[Quantity] = []
        self._unread: list[Token] = []
        self._dismissed: list[Token] = []
        self._last_rate = (0, "", "")
        self._said: Said | None = None
        self._hours = -1  # where hours of chips were said

    def run(self) -> Reading:
        """Read between the furniture."""
        position, length = 0, len(self._text)
        for start, end in [*self._layout.furniture, (length, length)]:
            while position < start and (place := self._next_place(position, start)) is not None:
                position = max(self._step(place), place + 1)
            self._dismiss_digits(max(position, start), end, "furniture")
            position = max(position, end)
        return Reading(tuple(self._quantities), tuple(self._unread), tuple(self._dismissed), self._layout.names())

    def _next_place(self, position: int, end: int) -> int | None:
        """The next name of a system, digit, numeral, Latin word or currency sign."""
        found = _PLACE.search(self._text, position, end)
        mention = self._layout.next_mention(position, end)
        places = ([found.start()] if found else []) + ([mention.start] if mention else [])
        return min(places, default=None)

    def _step(self, at: int) -> int:
        mention = self._layout.next_mention(at, at + 1)
        if mention and at not in self._layout.cells:
            return self._size_or_version(self._dismiss_digits(at, mention.end, "model_name"))
        no_figure = skipped(self._text, at)
        if no_figure:
            return self._dismiss_digits(at, *no_figure)
        if self._text[at].isascii() and self._text[at].isalpha():
            return self._latin(at)
        number = list_number(self._text, at)
        if number is not None:
            return self._dismiss(at, number, "list_number")
        code = code_end(self._text, at)
        if code is not None:
            return self._dismiss_digits(at, code, "other")
        return self._rank(at) if self._text[at] in "第#" else self._date_or_figure(at)

    def _latin(self, at: int) -> int:
        """A Latin word: a worded number or date, or a name whose digits are no figure."""
        if starts_number(self._text, at):
            end = self._date_or_figure(at)
            if end > at:
                return end
        end = latin_end(self._text, at)
        mention = self._layout.next_mention(at + 1, end)
        if mention:
            end = mention.start
        self._dismiss_digits(at, end, "model_name")
        return end if mention else self._size_or_version(end, at)

    def _size_or_version(self, end: int, start: int | None = None) -> int:
        """Step over a size or version behind a name: LLaMA 65B, Claude 2.1."""
        return self._dismiss_digits(end, after_name(self._text, end, start), "model_name")

    def _rank(self, at: int) -> int:
        rank = match_rank(self._text, at)
        if rank is None:
            return self._dismiss_digits(at, ordinal_end(self._text, at), "ordinal")
        value = float(rank.value)
        return self._add(Quantity(at, rank.end, "", "rank", value, "rank", "exact", value, value, ""))

    def _date_or_figure(self, at: int) -> int:
        cell = self._layout.cells.get(at)
        date = self._calendar.match(self._text, at) or (dated(cell, self._text) if cell else None)
        if date and (cell is None or date.end == cell.end):
            return self._add(Quantity(at, date.end, "", "date", date.iso, "date", date.bound, 0.0, 0.0, ""))
        if match_rank(self._text, at):
            return self._rank(at)
        try:
            parsed = parse_figure(self._text, currency_start(self._text, at))
        except UnreadableFigure as error:
            return self._malformed(at, str(error))
        if parsed is None or parsed.end == at:
            return self._no_figure(at)
        return self._cell(parsed, cell) if cell else self._figure(parsed)

    def _malformed(self, at: int, reason: str) -> int:
        version = version_end(self._text, at)
        if version:
            return self._dismiss(at, version, "model_name")
        return self._not_read(at, malformed_end(self._text, at), reason)

    def _no_figure(self, at: int) -> int:
        run = DIGIT_RUN.match(self._text, at)
        return self._not_read(at, run.end(), "digits that are no figure") if run else at

    def _not_read(self, start: int, end: int, reason: str) -> int:
        self._unread.append(Token(*self._layout.span(start, end), reason))
        return end

    def _figure(self, parsed: Parsed) -> int:
        start, end = parsed.start, parsed.end
        clause, around = self._layout.around(start, end)
        if is_denominator(self._text, start) and not (parsed.hint == "duration" and parsed.printed.value > 1):
            return self._dismiss_digits(start, end, "denominator")
        hedge = hedge_around(self._text, parsed)
        odd = odd_neighbour(self._text, parsed)
        if odd:
            return self._not_read(start, end, odd)
        if is_trifle(self._text, parsed, hedge, around):
            return self._dismiss_digits(start, end, "figure_of_speech")
        named_after = self._layout.subjects.cues.tied_after(end, clause[1])
        last = last_of_list(self._text, parsed)
        parsed = with_unit_of(parsed, last) if last else parsed
        listed = self._listed_kind(parsed, last, around) if last else None
        kind = listed or kind_of(parsed, around, named_after)
        if kind is None:
            said = self._said if self._said and start - self._said.end <= ELLIPSIS else None
            same = said is not None and self._layout.sentence_number(said.end) == self._layout.sentence_number(start)
            of_hours = self._hours >= 0 and start - self._hours <= 2 * ELLIPSIS
            found = elided(parsed, around, said, same, of_hours)
            if found is None:
                return self._unclear(parsed)
            parsed, kind = found
            self._inferred = start
        self._said = self._said if kind.unit in ("ratio", "fraction") else Said(end, kind, parsed)
        self._hours = end if kind.unit == "chip.s" else self._hours
        if named_after and kind.name == "parameters" and hedge.words in _YARDSTICKS:
            hedge = Hedge("", "exact", hedge.after_end)  # 超过1750亿参数的GPT-3: a yardstick, not a bound
        return self._add_number(parsed, kind, hedge)

    def _listed_kind(self, parsed: Parsed, last: Parsed, around: Around) -> Kind | None:
        """The kind that the noun behind the last figure of a list gives the others."""
        beside = self._layout.around(last.start, last.end)[1]
        if ACTIVE_BEFORE.search(around.clause_before[-16:]):
            return None  # 激活370亿、14.8万亿 token: two things
        if around.after.startswith("、") and SMALLEST <= parsed.number.value < MOST_PARAMETERS < last.number.value / 10:
            return None  # 是3550亿、23万亿 token: a size and its tokens
        if last.number.value >= LARGE and last.unit is None and MODEL_AFTER.match(beside.after):
            return KINDS["parameters"]
        return kind_after(beside.after, around) or counted(last, beside, "")

    def _cell(self, parsed: Parsed, cell: Cell) -> int:
        """A cell of a table: its kind and magnitude are those of its column."""
        found = in_column(parsed, cell)
        if found is None:
            return self._not_read(cell.start, cell.end, "its column does not say what it counts")
        completed, kind = found
        return self._add_number(completed, kind, hedge_around(self._text, parsed), cell)

    def _unclear(self, parsed: Parsed) -> int:
        """A numeral that nothing says the meaning of: a version behind a name, else unread."""
        start, end = parsed.start, parsed.end
        if parsed.printed.bare and version_end(self._text, start):
            self._dismiss(start, end, "model_name")
        elif DIGIT_RUN.search(self._text, start, end) or parsed.number.value >= 1000:
            self._not_read(start, end, "nothing says what it counts")
        return end

    def _add_number(self, parsed: Parsed, kind: Kind, hedge: Hedge, cell: Cell | None = None) -> int:
        number, bound = bounded(parsed, hedge)
        value, low, high = (float(x * kind.factor) for x in (number.value, number.low, number.high))
        found = Quantity(parsed.start, parsed.end, "", kind.name, value, kind.unit, bound, low, high, "", hedge.words)
        return self._add(found, (number.value, number.low), cell)

    def _add(self, found: Quantity, sizes: tuple[Decimal, ...] = (), cell: Cell | None = None) -> int:
        """Add a quantity, given at its place in the folded text, with its owner; returns its end."""
        start, end, kind = found.char_start, found.char_end, found.kind
        clause, _ = self._layout.around(start, end)
        per = "" if cell or kind in WHOLE else per_of(self._text, start, end, clause) or self._repeated(found)
        owner = self._layout.subjects.owner(
            Figure(start, end, clause, kind, found.unit, per, cell.label if cell else None, sizes)
        )
        self._last_rate = self._last_rate if kind in WHOLE else (end, per, found.unit)
        first, last, printed = self._layout.span(start, end)
        how = "inferred" if owner.how and self._inferred == start else owner.how
        placed = replace(found, char_start=first, char_end=last, as_printed=printed)
        self._quantities.append(replace(placed, system_id=owner.system_id, how=how, per=per))
        return end

    def _repeated(self, found: Quantity) -> str:
        """The denominator of the figure just before, which this one says in another unit or is held against: 180K GPU hours per trillion
        tokens, or 3.7 days."""
        end, per, unit = self._last_rate
        if not per or found.kind != "duration":
            return ""
        same = SAME_AGAIN.fullmatch(self._text, end, found.char_start)
        return per if same and (same["than"] or unit != found.unit) else ""

    def _dismiss(self, start: int, end: int, reason: str) -> int:
        self._dismissed.append(Token(*self._layout.span(start, end), reason))
        return end

    def _dismiss_digits(self, start: int, end: int, reason: str) -> int:
        for run in DIGIT_RUN.finditer(self._text, start, end):
            self._dismiss(run.start(), run.end(), reason)
        return end


def bounded(parsed: Parsed, hedge: Hedge) -> tuple[Number, str]:
    """A figure's number and bound with its hedge; a hedged order word (超万亿, 近百) is its power, not a range."""
    number = parsed.number
    if number.power is not None and hedge.bound != "exact" and not hedge.level:
        half = number.power / 2
        power = replace(number, value=number.power, low=number.power - half, high=number.power + half, bound="exact")
        return power, hedge.bound
    if number.bound == "range":
        return number, f"range {spelled(number.low)}-{spelled(number.high)}"
    if hedge.words in ("多", "余"):
        return more_than(number, number.end), "at_least"
    return number, "at_least" if number.bound == "at_least" else hedge.bound
