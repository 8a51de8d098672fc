"""Two to six scenarios side by side."""

from collections.abc import Sequence

from helpers.language import tr
from helpers.scenarios.answer import Answer, answer
from helpers.scenarios.checking import ScenarioProblem
from helpers.scenarios.scenario import read_scenario
from helpers.scenarios.wording import WORDS, amount, label, spread, table

LEAST, MOST = 2, 6
COMPARED_FIGURES: list[str] = WORDS["compared"]["figures"]


def read_all(scenarios: Sequence[str]) -> list[Answer]:
    """Answers to scenarios by name or path; a ScenarioProblem where they are too few, too many, or cannot be read."""
    if not LEAST <= len(scenarios) <= MOST:
        raise ScenarioProblem(f"compare: {len(scenarios)} scenarios given; accepted: {LEAST} to {MOST}")
    return [answer(read_scenario(name)) for name in scenarios]


def lines(answers: Sequence[Answer]) -> list[str]:
    """The comparison for the screen: a middle, and below it the 90 % range."""
    chips = [a.inputs.accelerator.title for a in answers]
    rows = [["", *(a.scenario.title for a in answers)], [tr("accelerator"), *chips]]
    for name in COMPARED_FIGURES:
        rows.append([label(name), *(amount(name, a.figures[name].middle) for a in answers)])
        ends = [spread(name, a.figures[name].low_90, a.figures[name].high_90) for a in answers]
        rows += [["", *ends]] if any(ends) else []
    first = answers[0].figures["training_flop"].middle
    rows.append([tr("compute, first = 1"), *(f"{a.figures['training_flop'].middle / first:.3g}" for a in answers)])
    return [*table(rows), *(f"{a.scenario.title}: {obstacle}" for a in answers for obstacle in a.obstacles)]
