"""4095 against 3640: the short answer of the page, the README's, and five steps that a reader drives.

Without a script all five stand below one another.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers.chapters.compute_tables import like_for_like, passes
from helpers.chapters.summary_tables import ANSWER, headline
from helpers.formulas import accounting
from helpers.language import tr
from helpers.ledger.processed import read_processed
from helpers.ledger.system_runs import PublishedRun
from helpers.numbers import grouped, latex, plain, words
from helpers.report.bars import bar, bar_list, pass_bars
from helpers.report.number_words import WORDS, words_for
from helpers.report.text import Formula, Html, answer_box, as_json, equation, escape, fill, say_of

COLOURS = ("c1", "c2")
LEAST = accounting.FLOP_PER_PARAM_TOKEN_MODEL  # operations that a training needs
POSITIONS = 31  # of the dial


def short_answer(values: Mapping[str, object]) -> Html:
    """The answer in a few lines, from the values of `headline`, as a box above the steps that lead to it."""
    return answer_box(say_of(WORDS["stepper"]["short"], values))


def write_answer(folder: Path) -> None:
    """Write the README's answer, from the dataset in a folder, to its `answer.md`."""
    (folder / "answer.md").write_text(tr(ANSWER, **headline(read_processed(folder / "data"))), encoding="utf-8")


def stepper(first: PublishedRun, second: PublishedRun) -> Html:
    """The five steps: printed, divided by N and D, cut into passes, counted alike, what would have to be true."""
    runs, told = (first, second), _values(first, second)
    alike = [[told["a6"], told["b6"]], [told["a8"], told["b8"]]]
    shown = {
        "printed": _pair(runs, [_pfday(run) for run in runs], _in_pd),
        "divided": _pair(runs, [run.implied_middle for run in runs], lambda k: tr("{k:.1f} operations", k=k)),
        "cut": pass_bars(passes(first, second)),
        "alike": Html("".join(_pair(runs, values, _in_pd, max(alike[1])) for values in alike)),
        "turned": _dial(first, told),
    }
    steps = [(say_of(WORDS["stepper"][name], told), figure) for name, figure in shown.items()]
    return fill("stepper", steps=steps, words=as_json(words_for("steps")))


def _pfday(run: PublishedRun) -> float:
    return float(accounting.petaflop_s_day(run.flop.middle))


def _limit(run: PublishedRun) -> float:
    """Tokens at which its work would be the least that a training needs."""
    return float(accounting.tokens_trained(run.flop.middle, run.params.middle, LEAST))


def _values(first: PublishedRun, second: PublishedRun) -> dict[str, Any]:
    """What the texts say: of the first run by names with an a, of the second with a b."""
    same = like_for_like(first, second).set_index("convention")
    (a6, b6), (a8, b8) = same.loc[["6ND", "8ND"], ["first_pfday", "second_pfday"]].to_numpy().tolist()
    da, db = words(first.tokens.middle), words(second.tokens.middle)
    return {
        "a": first.name, "x": grouped(_pfday(first)), "na": words(first.params.middle), "da": da, "ta": da,
        "b": second.name, "y": grouped(_pfday(second)), "nb": words(second.params.middle), "db": db, "tb": db,
        "ka": first.implied_middle, "k": first.implied_middle, "low": first.implied.low, "high": first.implied.high,
        "kb": second.implied_middle, "a6": a6, "b6": b6, "a8": a8, "b8": b8, "less": 1 - a6 / b6, "least": plain(LEAST),
        "limit": words(_limit(first)),
    }  # fmt: skip


def _pair(
    runs: Sequence[PublishedRun], values: Sequence[float], said: Callable[[float], str], longest: float = 0.0
) -> Html:
    rows = zip(runs, COLOURS, values, strict=True)
    return bar_list([bar(run.name, value, colour, said(value)) for run, colour, value in rows], longest)


def _in_pd(value: float) -> str:
    return f"{grouped(value)} PD"


def _dial(first: PublishedRun, told: dict[str, Any]) -> Html:
    """Tokens up to where fewer operations than a training needs would be left."""
    tokens = np.linspace(first.tokens.middle, _limit(first), POSITIONS)
    held = [
        [words(d), f"{accounting.flop_per_param_token(first.flop.middle, first.params.middle, d):.2f}",
         grouped(float(accounting.petaflop_s_day(accounting.training_flop(first.params.middle, d))))]
        for d in tokens.tolist()
    ]  # fmt: skip
    values = {"first": told["a"], "second": told["b"], "other": told["y"], "least": told["least"]}
    return Html(
        f'<div class="dial" id="dial" data-dial="{escape(as_json({"positions": held, "values": values}))}"></div>'
    )


def implied_chain(run: PublishedRun) -> Formula:
    """k = C/(N·D) of a run with its published values, and the range that their rounding allows."""
    fits = [c.value for c in run.conventions()]
    sign = rf"\ \Rightarrow\ \mathrm{{{fits[0]}}}" if fits else ""
    return equation(
        r"k = \frac{C}{N\,D} = \frac{@c}{@n \times @d} = @k \quad (@low\ \ldots\ @high)@sign",
        c=latex(run.flop.middle, 5),
        n=latex(run.params.middle, 5),
        d=latex(run.tokens.middle, 3),
        k=f"{run.implied_middle:.3f}",
        low=f"{run.implied.low:.2f}",
        high=f"{run.implied.high:.2f}",
        sign=sign,
    )
