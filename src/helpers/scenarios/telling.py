"""An answer as text: a paragraph to paste, and lines for the screen."""

import math
from collections.abc import Sequence

from helpers.formulas.architecture import TOKENS_PER_PARAM
from helpers.language import joined, tr
from helpers.numbers import percent, plain, words
from helpers.scenarios import wording
from helpers.scenarios.answer import REFERENCE, Answer, Rival
from helpers.scenarios.fit import Fit
from helpers.scenarios.solving import SOLVED
from helpers.scenarios.wording import COMPARED_FIGURES, FIGURE_WORDS, LABELS, WORDS, amount

QUESTIONS: dict[str, str] = WORDS["questions"]
LABEL_WIDTH = 22
HIDDEN = {"optimal_params", "optimal_tokens", "active_params", "tokens_per_param"}  # said in sentences of their own


def told_of(answer: Answer, name: str) -> str:
    """A figure of an answer with its range."""
    return wording.with_range(name, answer.figures[name])


def paragraph(answer: Answer) -> str:
    """The answer in plain words, to be pasted."""
    title, reasons = answer.scenario.title, tr("; ").join(answer.obstacles)
    if answer.fit is None:
        return tr("{title}: no answer. {reasons}", title=title, reasons=joined([reasons[:1].upper() + reasons[1:]]))
    sentences = [_work(answer), _run_sentence(answer), _footprint(answer), _against(answer), _optimal(answer)]
    if answer.obstacles:
        sentences.insert(0, tr("As it stands it cannot be done: {reasons}", reasons=reasons))
    return tr("{title}. {answer}", title=title, answer=joined(sentences))


def asked_and_rent(answer: Answer) -> str:
    """What was asked for and the rent, with their ranges; what is impossible first."""
    if answer.obstacles or answer.fit is None:
        reasons = tr("; ").join(answer.obstacles)
        said = {"title": answer.scenario.title, "reasons": reasons[:1].upper() + reasons[1:]}
        return tr("{title}: not as it stands. {reasons}.", **said)
    asked = SOLVED[answer.inputs.solve_for]
    values = {"title": answer.scenario.title, "asked": told_of(answer, asked), "rent": told_of(answer, "cost_usd")}
    return tr("{title}: {asked}.", **values) if asked == "cost_usd" else tr("{title}: {asked}; rent {rent}.", **values)


def _work(answer: Answer) -> str:
    figures = answer.figures
    active, params = figures["active_params"].middle, answer.inputs.params
    size = amount("active_params", active)
    if params > active:
        sizes = {"params": words(params), "active": words(active)}
        size = tr("{params} parameters, of which each token uses {active},", **sizes)
    names = {"tokens": "tokens", "flop": "training_flop", "six": "petaflop_s_day_6nd", "eight": "petaflop_s_day_8nd"}
    return tr(
        "Training {size} on {tokens} takes {flop}: {six} counted as 6·N·D, {eight} counted with recomputation as 8·N·D",
        size=size,
        **{said: amount(name, figures[name].middle) for said, name in names.items()},
    )


def _run_sentence(answer: Answer) -> str:
    name, chip = SOLVED[answer.inputs.solve_for], answer.inputs.accelerator.title
    count = amount("count", answer.figures["count"].middle)
    where = tr("With {chip}", chip=chip) if name == "count" else tr("On {count} ({chip})", count=count, chip=chip)
    outcome = tr(WORDS["outcomes"][name], **{figure: told_of(answer, figure) for figure in ("days", name)})
    share = percent(answer.inputs.numbers["utilisation"], 3)
    text = tr("{where} at {share} of peak {outcome}", where=where, share=share, outcome=outcome)
    most = tr(LABELS.get(answer.solved.driver, ""))
    return text + (tr("; the range is mostly due to the {input}", input=most) if most else "")


def _footprint(answer: Answer) -> str:
    rent, bought = answer.figures["cost_usd"], answer.figures["purchase_usd"]
    energy, carbon = told_of(answer, "energy_kwh"), told_of(answer, "carbon_kg")
    text = tr("That is {energy} of electricity and {carbon}", energy=energy, carbon=carbon)
    known = tr("; rent comes to {cost}", cost=told_of(answer, "cost_usd"))
    text += known if rent.known else tr("; what it costs to rent is not known")
    share = tr(", the share of bought accelerators to {cost}", cost=amount("purchase_usd", bought.middle))
    return text + share if bought.known else text


def _against(answer: Answer) -> str:
    """The reference system and the nearest one, on the same accounting."""
    chosen = [r for r in answer.rivals if r.name == REFERENCE] + [r for r in answer.rivals[:1] if r.name != REFERENCE]
    if not chosen:
        return ""
    ratios = tr(" and ").join(map(against, chosen))
    return tr("Its compute is {ratios}, on the same accounting (6·N·D)", ratios=ratios)


def against(rival: Rival) -> str:
    """How many times a system's compute: 1.3 times GPT-3."""
    return tr("{ratio} times {system}", ratio=plain(rival.ratio, 2), system=rival.title)


def _optimal(answer: Answer) -> str:
    figures = answer.figures
    return tr(
        "Each parameter sees {each} tokens; compute-optimal training (about {best}) would spend the same compute on "
        "{params} parameters and {tokens} tokens",
        each=plain(figures["tokens_per_param"].middle, 2),
        best=TOKENS_PER_PARAM,
        params=words(figures["optimal_params"].middle, 2),
        tokens=words(figures["optimal_tokens"].middle, 2),
    )


def remarks(answer: Answer) -> list[str]:
    """What stands in the way, or that nothing does, and what a reader should know."""
    stands = [tr("Impossible as it stands: {reason}.", reason=reason) for reason in answer.obstacles]
    notes = [tr("Note: {note}.", note=note) for note in answer.notes]
    return [*(stands or [tr("Nothing stands in the way of this scenario.")]), *notes]


def lines(answer: Answer) -> list[str]:
    """The answer for the screen."""
    shown = [tr("{title}: {question}", title=answer.scenario.title, question=tr(QUESTIONS[answer.inputs.solve_for]))]
    if answer.fit is None:
        return [*shown, *(_labelled(tr("no answer"), obstacle) for obstacle in answer.obstacles)]
    shown += [_labelled(tr("IMPOSSIBLE"), obstacle) for obstacle in answer.obstacles]
    for name in FIGURE_WORDS:
        if name not in HIDDEN or name == SOLVED[answer.inputs.solve_for]:
            driver = tr(LABELS.get(answer.figures[name].driver, ""))
            shown.append(_labelled(wording.label(name), told_of(answer, name) + (f"  <- {driver}" if driver else "")))
    shown += _input_lines(answer)
    if answer.embodied:  # apart from the carbon of its electricity
        mass = wording.with_range("carbon_kg", answer.embodied)
        text = tr("{mass}, beside the above: making the hardware, by its time in use", mass=mass)
        shown.append(_labelled(tr("Embodied carbon"), text))
    shown += layout_lines(answer.fit)
    if answer.rivals:
        systems = tr(", ").join(against(r) for r in answer.rivals[:3])
        shown.append(_labelled(tr("compared"), tr("{systems} (6·N·D)", systems=systems)))
    shown += [_labelled(tr("published") if n == 0 else "", run.text) for n, run in enumerate(answer.published)]
    return [*shown, *(tr("note: {note}", note=note) for note in answer.notes), "", paragraph(answer)]


def comparison(answers: Sequence[Answer]) -> list[str]:
    """Scenarios side by side for the screen: a middle, and below it the 90 % range."""
    chips = [a.inputs.accelerator.title for a in answers]
    rows = [["", *(a.scenario.title for a in answers)], [tr("accelerator"), *chips]]
    for name in COMPARED_FIGURES:
        rows.append([wording.label(name), *(amount(name, a.figures[name].middle) for a in answers)])
        ends = [wording.spread(name, a.figures[name].low_90, a.figures[name].high_90) for a in answers]
        rows += [["", *ends]] if any(ends) else []
    first = answers[0].figures["training_flop"].middle
    rows.append([tr("compute, first = 1"), *(f"{a.figures['training_flop'].middle / first:.3g}" for a in answers)])
    return [*wording.table(rows), *(f"{a.scenario.title}: {obstacle}" for a in answers for obstacle in a.obstacles)]


def _labelled(label: str, text: str) -> str:
    """A label and what is said, in two columns."""
    return f"{wording.padded(label, LABEL_WIDTH)} {text}"


def _input_lines(answer: Answer) -> list[str]:
    """The share of peak, the power and the rent of one accelerator: range, and what each rests on."""
    numbers, shown = answer.inputs.numbers, []
    for name, (label, unit) in WORDS["input_lines"].items():
        value, (low, high) = numbers[name], answer.inputs.ranges.get(name, (0.0, 0.0))
        if math.isfinite(value):
            said = tr("{value} {unit}", value=plain(value), unit=tr(unit))
            if low < high:
                said = tr("{value} ({ends})", value=said, ends=tr("{low} to {high}", low=plain(low), high=plain(high)))
            shown.append(_labelled(tr(label), tr("{value}: {origin}", value=said, origin=answer.inputs.origins[name])))
    return shown


def layout_lines(fit: Fit) -> list[str]:
    """The best layouts as a table of text, and the memory of the best."""
    if not fit.layouts:
        return []
    columns: dict[str, list[str]] = WORDS["layouts"]
    rows = [[tr(head) for head, _ in columns.values()]]
    rows += [[format(getattr(c, name), spec) for name, (_, spec) in columns.items()] for c in fit.layouts]
    tight = ["", *(" " + tr("tight") if c.tight else "" for c in fit.layouts)]
    best = tr("best of {n} layouts, global batch {batch}:", n=fit.examined, batch=fit.global_batch)
    memory = tr(", ").join(f"{tr(WORDS['memory'].get(name, name))} {plain(gib, 2)}" for name, gib in fit.memory.items())
    table = map(str.__add__, wording.table(rows, right=True), tight)
    return [best, *table, _labelled(tr("memory of the best"), tr("{items} GiB", items=memory))]
