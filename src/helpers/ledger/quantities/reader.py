"""Running text to quantities: every digit of the text ends up as a quantity, as unread or as dismissed, never in silence.

The reader goes through the folded text once, from one place of interest (a digit, a Chinese numeral, a Latin word, a currency
sign) to the next. Names of systems, addresses, codes, versions and list numbers are stepped over; what is left is read as a
date or a figure by the strict grammar of `dates` and `figures`. Work at each place is bounded, so the whole is linear.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from helpers.ledger.quantities.attribution import Attribution, harmonised
from helpers.ledger.quantities.calendar import Calendar
from helpers.ledger.quantities.dates import PrintedDate
from helpers.ledger.quantities.figures import Parsed, parse_figure, plain
from helpers.ledger.quantities.fold import Folded, fold
from helpers.ledger.quantities.furniture import furniture, list_number, skipped
from helpers.ledger.quantities.hedges import Hedge, hedge_around
from helpers.ledger.quantities.kinds import Around, Kind, in_column, kind_of
from helpers.ledger.quantities.names import NameIndex, Systems
from helpers.ledger.quantities.numerals import Number, UnreadableFigure, more_than
from helpers.ledger.quantities.ranks import Rank, match_rank, ordinal_end
from helpers.ledger.quantities.reading import Quantity, Reading, Token
from helpers.ledger.quantities.tables import Cell, find_cells
from helpers.ledger.quantities.trifles import is_trifle


_NUMERAL = "零〇一二两三四五六七八九十百千万亿兆几数半"
_PLACE = re.compile(rf"[0-9A-Za-z$¥￥€£#第{_NUMERAL}]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['_./+&-]{1,2}[A-Za-z0-9]+)*")
_GLUED_CHIP = re.compile(r"(?:[A-Za-z]{1,12}?)?(?:A100|A800|V100|H100|H800|H200|P100|A30|A40)(?=\d{2,3} ?G)")
_DIGIT_RUN = re.compile(r"[0-9]+(?:[.。,，][0-9]+)*")
_NUMBER_WORD = re.compile(
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|an?(?= (?:hundred|thousand|million|billion|trillion|dozen|third|quarter|half))"
    r"|tens|dozens|hundreds|thousands|millions|billions|trillions|several(?= (?:hundred|thousand|million|billion|trillion)))(?![A-Za-z])",
    re.I,
)
_MONTH_WORD = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
_MONEY_WORD = re.compile(r"(?:US|HK|NT) ?\$|(?:RMB|USD) ?\d")
_SENTENCE_END = re.compile(r"[!?;\n]+|(?<![0-9A-Za-z])。+|。+(?![0-9A-Za-z])|(?<![A-Z]\b)(?<!\b[A-Z])\.(?= +[A-Z\"])")
_CLAUSE_END = re.compile(r"[,，、:;!?()\n]|。|\. ")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_GLUED_VERSION = re.compile(r"\d{1,2}[.。]\d(?=\d+[.。]\d+ ?[万亿])")
_VERSION_BEFORE = re.compile(r"[A-Za-z\u4e00-\u9fff\"”」》] ?$")
_YARDSTICKS = ("超过", "超越", "远超", "大于", "高于", "超出")
REACH = 80


def read_text(text: str, systems: Systems = ()) -> Reading:
    """Read all figures of a text; `systems` are (system_id, names). Linear in the length of the text."""
    return _Scan(fold(text), text, systems).run()


class _Scan:
    def __init__(self, folded: Folded, original: str, systems: Systems) -> None:
        self.text = folded.text
        self._offsets = folded.offsets
        self._original = original
        index = NameIndex(systems)
        self._mentions = index.find(self.text)
        self._by_start = {mention.start: mention for mention in self._mentions}
        self._starts = [mention.start for mention in self._mentions]
        self._sentences = [0, *(m.end() for m in _SENTENCE_END.finditer(self.text))]
        self._clauses = [0, *(m.end() for m in _CLAUSE_END.finditer(_THOUSANDS.sub("_", self.text)))]
        self._attribution = Attribution(self.text, self._mentions, self._sentences, index.ids)
        self._furniture = furniture(self.text)
        self._calendar = Calendar(self.text, self._furniture)
        self._cells = find_cells(self.text)
        self._ids = index.ids
        self._quantities: list[Quantity] = []
        self._places: list[int] = []
        self._unread: list[Token] = []
        self._dismissed: list[Token] = []

    def run(self) -> Reading:
        position = 0
        for start, end in [*self._furniture, (len(self.text), len(self.text))]:
            while position < start:
                place = self._next_place(position, start)
                if place is None:
                    break
                position = max(self._step(place), place + 1)
            self._dismiss_digits(max(position, start), end, "furniture")
            position = max(position, end)
        return Reading(self._harmonised(), tuple(self._unread), tuple(self._dismissed))

    def _harmonised(self) -> tuple[Quantity, ...]:
        """Quantities whose family is replaced by the member that the figures of the sentence tell."""
        sentences = [bisect_right(self._sentences, at) for at in self._places]
        systems = harmonised([(q.system_id, q.kind, s) for q, s in zip(self._quantities, sentences, strict=True)], self._ids)
        return tuple(replace(q, system_id=system) for q, system in zip(self._quantities, systems, strict=True))

    def _next_place(self, position: int, end: int) -> int | None:
        """The next place of interest: a name of a system, a digit, a numeral, a Latin word or a currency sign."""
        found = _PLACE.search(self.text, position, end)
        places = [found.start()] if found else []
        index = bisect_left(self._starts, position)
        if index < len(self._starts) and self._starts[index] < end:
            places.append(self._starts[index])
        return min(places, default=None)

    # --- one step -------------------------------------------------------------------------------------------------

    def _step(self, at: int) -> int:
        mention = self._by_start.get(at)
        if mention:
            self._dismiss_digits(at, mention.end, "model_name")
            return mention.end
        no_figure = skipped(self.text, at)
        if no_figure:
            self._dismiss_digits(at, *no_figure)
            return no_figure[0]
        if self.text[at].isascii() and self.text[at].isalpha():
            return self._latin(at)
        if self.text[at] in "第#":
            return self._rank(at)
        number = list_number(self.text, at)
        if number is not None:
            self._dismiss(at, number, "list_number")
            return number
        return self._date_or_figure(at)

    def _rank(self, at: int) -> int:
        rank = match_rank(self.text, at)
        if rank is None:
            end = ordinal_end(self.text, at)
            self._dismiss_digits(at, end, "ordinal")
            return end
        return self._add_rank(at, rank)

    def _latin(self, at: int) -> int:
        """A Latin word: a worded number or date, a glued chip name, or a name whose digits are no figure."""
        chip = _GLUED_CHIP.match(self.text, at)
        if chip:
            self._dismiss_digits(at, chip.end(), "model_name")
            return chip.end()
        if _MONEY_WORD.match(self.text, at) or _NUMBER_WORD.match(self.text, at) or _MONTH_WORD.match(self.text, at):
            end = self._date_or_figure(at)
            if end > at:
                return end
        word = _LATIN.match(self.text, at)
        assert word is not None
        end = word.end()
        mention = next((m for m in self._mentions_in(at + 1, end)), None)
        if mention is not None:
            end = mention.start
        self._dismiss_digits(at, end, "model_name")
        return self._after_name(word.group(), end) if end == word.end() else end

    def _mentions_in(self, start: int, end: int):  # type: ignore[no-untyped-def]
        return (self._by_start[i] for i in range(start, min(end, start + 60)) if i in self._by_start)

    def _after_name(self, word: str, end: int) -> int:
        """A size or version behind a name: LLaMA 65B, Claude 2.1, Llama 2."""
        return end

    def _date_or_figure(self, at: int) -> int:
        cell = self._cells.get(at)
        date = None if cell else self._calendar.match(self.text, at)
        if date:
            return self._add_date(at, date)
        rank = match_rank(self.text, at)
        if rank:
            return self._add_rank(at, rank)
        try:
            parsed = parse_figure(self.text, at)
        except UnreadableFigure as error:
            return self._malformed(at, str(error))
        if parsed is None or parsed.end == at:
            return self._no_figure(at)
        return self._add_cell(parsed, cell) if cell else self._add_figure(parsed)

    def _malformed(self, at: int, reason: str) -> int:
        glued = _GLUED_VERSION.match(self.text, at)
        if glued and _VERSION_BEFORE.search(self.text, max(0, at - 2), at):
            self._dismiss(at, glued.end(), "model_name")
            return glued.end()
        run = _DIGIT_RUN.match(self.text, at)
        end = run.end() if run else at + 1
        if not run:
            while end < len(self.text) and self.text[end] in _NUMERAL:
                end += 1
        version = run and run.group().count(".") > 1 and not re.match(r" ?[百千万亿兆%]", self.text[end : end + 2])
        if version:
            self._dismiss(at, end, "model_name")
        else:
            self._unread.append(self._token(at, end, reason))
        return end

    def _no_figure(self, at: int) -> int:
        run = _DIGIT_RUN.match(self.text, at)
        if run:
            self._unread.append(self._token(at, run.end(), "digits that are no figure"))
            return run.end()
        return at

    # --- figures --------------------------------------------------------------------------------------------------

    def _add_figure(self, parsed: Parsed) -> int:
        start, end = parsed.start, parsed.end
        clause, around = self._around(start, end)
        hedge = hedge_around(self.text, start, end)
        if is_trifle(self.text, parsed, hedge, around):
            if self.text[start].isdecimal():
                self._dismiss(start, end, "figure_of_speech")
            return end
        named_after = self._attribution.named_after(end, clause[1])
        kind = kind_of(parsed, around, named_after)
        if kind is None:
            return self._unclear(parsed)
        if named_after and hedge.bound == "at_least" and hedge.words in _YARDSTICKS:
            hedge = Hedge("", "exact", hedge.after_end)  # 超过1750亿参数的GPT-3
        parsed, bound = _bounded(parsed, hedge)
        number = parsed.number
        system = self._attribution.system_of((start, end), clause, kind.name, (number.value, number.low))
        self._quantities.append(
            Quantity(
                *self._span(start, end),
                kind.name,
                float(number.value),
                kind.unit,
                bound,
                float(number.low),
                float(number.high),
                system,
                hedge.words,
            )
        )
        return end

    def _unclear(self, parsed: Parsed) -> int:
        """A numeral that nothing says the meaning of: a version behind a name, else unread."""
        start, end = parsed.start, parsed.end
        if parsed.number.bare or parsed.printed.bare:
            named = _VERSION_BEFORE.search(self.text, max(0, start - 2), start)
            if named and parsed.number.value < 100:
                self._dismiss(start, end, "model_name")
                return end
        if self.text[start].isdecimal() or parsed.number.value >= 1000:
            self._unread.append(self._token(start, end, "nothing says what it counts"))
        return end

    def _add_date(self, at: int, date: PrintedDate) -> int:
        clause, _ = self._around(at, date.end)
        system = self._attribution.system_of((at, date.end), clause, "date")
        self._places.append(at)
        self._quantities.append(Quantity(*self._span(at, date.end), "date", date.iso, "date", date.bound, 0.0, 0.0, system))
        return date.end

    def _around(self, start: int, end: int) -> tuple[tuple[int, int], Around]:
        sentence = self._bounds(self._sentences, start, end)
        clause = self._bounds(self._clauses, start, end)
        text = self.text
        return clause, Around(
            text[max(clause[0], start - REACH) : start],
            text[max(sentence[0], start - REACH) : start],
            text[end : min(clause[1], end + REACH)],
            text[max(sentence[0], start - REACH) : min(sentence[1], end + REACH)],
        )

    def _bounds(self, marks: list[int], start: int, end: int) -> tuple[int, int]:
        first = bisect_right(marks, start) - 1
        last = bisect_right(marks, end)
        return marks[first], marks[last] if last < len(marks) else len(self.text)

    # --- tokens ---------------------------------------------------------------------------------------------------

    def _span(self, start: int, end: int) -> tuple[int, int, str]:
        first, last = self._offsets[start], self._offsets[end - 1] + 1
        return first, last, self._original[first:last]

    def _token(self, start: int, end: int, reason: str) -> Token:
        return Token(*self._span(start, end), reason)

    def _dismiss(self, start: int, end: int, reason: str) -> None:
        self._dismissed.append(self._token(start, end, reason))

    def _dismiss_digits(self, start: int, end: int, reason: str) -> None:
        for run in _DIGIT_RUN.finditer(self.text, start, end):
            self._dismiss(run.start(), run.end(), reason)


def _bounded(parsed: Parsed, hedge: Hedge) -> tuple[Parsed, str]:
    """Bound of a figure with its hedge; a hedged order word (超万亿, 近百) is its power, not a range."""
    number = parsed.number
    if hedge.words == "近" and parsed.hint == "duration":
        hedge = Hedge("", "exact", hedge.after_end)  # 近三年: the last three years
    if number.power is not None and hedge.bound in ("at_least", "at_most", "about") and not hedge.level:
        power = number.power
        half = power / 2
        return replace(
            parsed, number=replace(number, value=power, low=power - half, high=power + half, bound="exact")
        ), hedge.bound
    if number.bound == "range":
        return parsed, f"range {plain(number.low)}-{plain(number.top)}"
    if hedge.words in ("多", "余"):
        return replace(parsed, number=more_than(number, number.end)), "at_least"
    if number.bound == "at_least":
        return parsed, "at_least"
    return parsed, hedge.bound


__all__ = ["Decimal", "Kind", "Quantity", "Reading", "Token", "read_text"]
