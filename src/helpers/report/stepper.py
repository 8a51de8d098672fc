"""4095 against 3640 in five steps that a reader drives; without a script all five stand below one another."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from helpers.chapters.compute_tables import like_for_like, passes
from helpers.formulas import accounting
from helpers.language import tr
from helpers.ledger.system_runs import PublishedRun
from helpers.numbers import grouped, latex, plain, words
from helpers.report.bars import Bar, bar_list
from helpers.report.number_words import words_for
from helpers.report.text import Formula, Html, equation, escape, say

COLOURS = ("c1", "c2")
POSITIONS = 31  # of the dial


def stepper(first: PublishedRun, second: PublishedRun) -> Html:
    """The five steps: printed, divided by N and D, cut into passes, counted alike, what would have to be true."""
    steps = (_printed, _divided, _cut, _alike, _turned)
    parts = [f'<div class="step" data-step="{n}">{step(first, second)}</div>' for n, step in enumerate(steps, start=1)]
    texts = json.dumps(words_for("steps"), ensure_ascii=False)
    return Html(f'<div class="steps" id="steps" data-words="{escape(texts)}">\n' + "\n".join(parts) + "\n</div>")


def _pfday(run: PublishedRun) -> float:
    return float(accounting.petaflop_s_day(run.flop.middle))


def _pair(first: PublishedRun, second: PublishedRun, values: Sequence[float], unit: str, longest: float = 0.0) -> Html:
    runs = zip((first, second), COLOURS, values, strict=True)
    return bar_list([Bar(run.name, [(v, colour)], f"{grouped(v)} {unit}".strip()) for run, colour, v in runs], longest)


def _printed(first: PublishedRun, second: PublishedRun) -> Html:
    told = say(
        "**1. As printed.** Two articles set {a}'s {x} petaFLOP/s-days (PD) beside {b}'s {y}, and the parameters of both, and conclude that computing efficiency improved greatly. A PD is 10¹⁵ operations a second, kept up for a day.",
        a=first.name, b=second.name, x=grouped(_pfday(first)), y=grouped(_pfday(second)),
    )  # fmt: skip
    return Html(told + _pair(first, second, (_pfday(first), _pfday(second)), "PD"))


def _divided(first: PublishedRun, second: PublishedRun) -> Html:
    told = say(
        "**2. Divided by parameters and tokens.** Training makes each of N parameters work on each of D tokens (pieces of words). {a}: {x} PD over {na} × {da} is {ka:.1f} operations each; {b}: {y} PD over {nb} × {db} is {kb:.1f}.",
        a=first.name, b=second.name, x=grouped(_pfday(first)), y=grouped(_pfday(second)), na=words(first.params.middle),
        nb=words(second.params.middle), da=words(first.tokens.middle), db=words(second.tokens.middle),
        ka=first.implied_middle, kb=second.implied_middle,
    )  # fmt: skip
    bars = [
        Bar(run.name, [(run.implied_middle, colour)], tr("{k:.1f} operations", k=run.implied_middle))
        for run, colour in zip((first, second), COLOURS, strict=True)
    ]
    return Html(told + bar_list(bars))


def _cut(first: PublishedRun, second: PublishedRun) -> Html:
    work = passes(first, second)
    told = say(
        "**3. Cut into passes.** Forward takes 2 operations, backward 4: 6 in all. An 8 fits a count that includes a second forward pass, done to save memory. That {a}'s paper counts so is inferred from the number, {k:.3f} within {low:.2f} to {high:.2f}; its formula was not seen.",
        a=first.name, k=first.implied_middle, low=first.implied.low, high=first.implied.high,
    )  # fmt: skip
    bars = []
    for run in (first, second):
        rows = work[work["system"] == run.name].to_dict("records")
        colours = [f"pass-{n}{'' if row['counted'] else '-open'}" for n, row in enumerate(rows, start=1)]
        counted = sum(row["pfday"] for row in rows if row["counted"])
        parts = [(row["pfday"], colour) for row, colour in zip(rows, colours, strict=True)]
        bars.append(Bar(run.name, parts, tr("{n} PD counted", n=grouped(counted))))
    keys = "".join(f'<li class="pass-{n}">{escape(step)}</li>' for n, step in enumerate(dict.fromkeys(work["step"]), 1))
    return Html(f'{told}{bar_list(bars)}<ul class="keys">{keys}</ul>')


def _alike(first: PublishedRun, second: PublishedRun) -> Html:
    same = like_for_like(first, second).set_index("convention")
    (a6, b6), (a8, b8) = same.loc[["6ND", "8ND"], ["first_pfday", "second_pfday"]].to_numpy().tolist()
    told = say(
        "**4. Counted alike.** At 6 operations {a} took {a6:.0f} PD against {b6:.0f}, at 8 {a8:.0f} against {b8:.0f}: {less:.0%} less, because it read {ta} tokens instead of {tb}. Less work for less reading is no gain in efficiency.",
        a=first.name, a6=a6, b6=b6, a8=a8, b8=b8, less=1 - a6 / b6, ta=words(first.tokens.middle), tb=words(second.tokens.middle),
    )  # fmt: skip
    return Html(
        told + _pair(first, second, (a6, b6), "PD", max(a8, b8)) + _pair(first, second, (a8, b8), "PD", max(a8, b8))
    )


def _turned(first: PublishedRun, second: PublishedRun) -> Html:
    """The last step, with the dial: tokens up to where fewer operations than a training needs would be left."""
    least = accounting.FLOP_PER_PARAM_TOKEN_MODEL
    limit = float(accounting.tokens_trained(first.flop.middle, first.params.middle, least))
    tokens = np.linspace(first.tokens.middle, limit, POSITIONS)
    held = [
        [words(d), f"{accounting.flop_per_param_token(first.flop.middle, first.params.middle, d):.2f}",
         grouped(float(accounting.petaflop_s_day(accounting.training_flop(first.params.middle, d))))]
        for d in tokens.tolist()
    ]  # fmt: skip
    told = say(
        "**5. What would have to be true.** If {a} had read {limit} tokens, its {x} PD would be a count of {least} too, and more work than {b}'s {y}. No number of tokens makes the sentence true: parameters per PD say how much was read, not how well machines worked. That would be the share of their peak that the chips reached, counted alike.",
        a=first.name, b=second.name, limit=words(limit), x=grouped(_pfday(first)), y=grouped(_pfday(second)), least=plain(least),
    )  # fmt: skip
    values = {"first": first.name, "second": second.name, "other": grouped(_pfday(second)), "least": plain(least)}
    data = escape(json.dumps({"positions": held, "values": values}, ensure_ascii=False, separators=(",", ":")))
    return Html(f'{told}<div class="dial" id="dial" data-dial="{data}"></div>')


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
