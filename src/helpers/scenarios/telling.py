"""An answer as text: a paragraph to paste, and lines for the screen."""

from __future__ import annotations

from helpers.formulas.architecture import TOKENS_PER_PARAM
from helpers.numbers import percent, plain, words
from helpers.scenarios.answer import REFERENCE, Answer, Rival
from helpers.scenarios.fit import Fit
from helpers.scenarios.inputs import LABELS
from helpers.scenarios.solving import SOLVED
from helpers.scenarios.wording import FIGURES, amount, spread

QUESTIONS = {
    "days": "How long does it take?",
    "params": "How large a model?",
    "tokens": "How many tokens?",
    "count": "How many accelerators?",
    "budget_usd": "How much money?",
}
HIDDEN = {"optimal_params", "optimal_tokens", "active_params", "tokens_per_param"}  # said in sentences of their own


def told(answer: Answer, name: str) -> str:
    """A figure with its range: 14.8 days (10 to 20 days)."""
    figure = answer.figures[name]
    ends = spread(name, figure.low_90, figure.high_90)
    return amount(name, figure.middle) + (f" ({ends})" if ends else "")


def paragraph(answer: Answer) -> str:
    """The answer in plain words, to be pasted."""
    title = answer.scenario.title
    if answer.fit is None:
        return f"{title}: no answer. {_sentence('; '.join(answer.obstacles))}"
    sentences = [_work(answer), _run(answer), _footprint(answer), _against(answer), _optimal(answer)]
    if answer.obstacles:
        sentences.insert(0, f"As it stands it cannot be done: {'; '.join(answer.obstacles)}.")
    return f"{title}. " + " ".join(sentence for sentence in sentences if sentence)


def _work(answer: Answer) -> str:
    figures = answer.figures
    size = amount("active_params", figures["active_params"].middle)
    if answer.inputs.params > figures["active_params"].middle:
        size = f"{words(answer.inputs.params)} parameters, of which each token uses {words(figures['active_params'].middle)},"
    return (
        f"Training {size} on {amount('tokens', figures['tokens'].middle)} takes "
        f"{amount('training_flop', figures['training_flop'].middle)}: "
        f"{amount('petaflop_s_day_6nd', figures['petaflop_s_day_6nd'].middle)} counted as 6·N·D, "
        f"{amount('petaflop_s_day_8nd', figures['petaflop_s_day_8nd'].middle)} counted with recomputation as 8·N·D."
    )


def _run(answer: Answer) -> str:
    used = answer.inputs.numbers["utilisation"]
    name = SOLVED[answer.inputs.solve_for]
    most = LABELS.get(answer.solved.driver, "")
    because = f"; the range is mostly due to the {most}" if most else ""
    solved = {
        "days": f"it takes {told(answer, 'days')}",
        "cost_usd": f"it takes {told(answer, 'days')} and {told(answer, 'cost_usd')} of rent",
        "count": f"it takes {told(answer, 'count')} to be done in {told(answer, 'days')}",
        "tokens": f"{told(answer, 'tokens')} can be read in {told(answer, 'days')}",
        "active_params": f"{told(answer, 'active_params')} can be trained in {told(answer, 'days')}",
    }[name]
    chips = f"{amount('count', answer.figures['count'].middle)} of kind {answer.inputs.accelerator.name}"
    where = f"On {chips}" if name != "count" else f"With {answer.inputs.accelerator.name}"
    return f"{where} at {percent(used, 3)} of peak {solved}{because}."


def _footprint(answer: Answer) -> str:
    rent, bought = answer.figures["cost_usd"], answer.figures["purchase_usd"]
    text = f"That is {told(answer, 'energy_kwh')} of electricity and {told(answer, 'carbon_kg')}"
    text += f"; rent comes to {told(answer, 'cost_usd')}" if rent.known else "; what it costs to rent is not known"
    if bought.known:
        text += f", the share of bought accelerators to {amount('purchase_usd', bought.middle)}"
    return text + "."


def _against(answer: Answer) -> str:
    """The reference system and the nearest one, on the same accounting."""
    chosen = [r for r in answer.rivals if r.name == REFERENCE] + [r for r in answer.rivals[:1] if r.name != REFERENCE]
    if not chosen:
        return ""
    return f"It is {' and '.join(map(against, chosen))}, on the same accounting (6·N·D)."


def against(rival: Rival) -> str:
    """How many times a system's compute: 1.3 times GPT-3."""
    return f"{plain(rival.ratio, 2)} times {rival.title}"


def _optimal(answer: Answer) -> str:
    figures = answer.figures
    return (
        f"Each parameter sees {plain(figures['tokens_per_param'].middle, 2)} tokens; compute-optimal training "
        f"(about {TOKENS_PER_PARAM}) would spend the same compute on {words(figures['optimal_params'].middle, 2)} parameters "
        f"and {words(figures['optimal_tokens'].middle, 2)} tokens."
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def lines(answer: Answer) -> list[str]:
    """The answer for the screen."""
    shown = [f"{answer.scenario.title}: {QUESTIONS[answer.inputs.solve_for]}"]
    if answer.fit is None:
        return [*shown, *(f"no answer: {obstacle}" for obstacle in answer.obstacles)]
    shown += [f"{'IMPOSSIBLE':22s} {obstacle}" for obstacle in answer.obstacles]
    for name, wording in FIGURES.items():
        if name not in HIDDEN or name == SOLVED[answer.inputs.solve_for]:
            driver = LABELS.get(answer.figures[name].driver, "")
            shown.append(f"{wording.label:22s} {told(answer, name)}{f'  <- {driver}' if driver else ''}")
    shown += layout_lines(answer.fit)
    shown += [f"{'compared':22s} {', '.join(against(r) for r in answer.rivals[:3])} (6·N·D)"] if answer.rivals else []
    return [*shown, *(f"note: {note}" for note in answer.notes), "", paragraph(answer)]


def layout_lines(fit: Fit) -> list[str]:
    """The best layouts as a table of text."""
    if not fit.layouts:
        return []
    head = "tensor pipeline  data micro chunks recompute sharding  s/step  GiB"
    rows = [
        f"{c.tensor:6d} {c.pipeline:8d} {c.data:5d} {c.micro_batch:5d} {c.interleave:6d} {c.recompute:>9s} "
        f"{c.sharding:8d} {c.step_s:7.2f} {c.memory_gib:4.0f}"
        for c in fit.layouts
    ]
    steps = f"; its steps alone take {amount('days', fit.step_days.middle)}" if fit.step_days else ""
    return [f"best of {fit.examined} layouts, global batch {fit.global_batch}{steps}:", head, *rows]
