"""What a parameter accepts is read from its help line, and said when a value is none of it."""

from pathlib import Path

import pytest

from helpers.build.steps import APART, CHAPTERS
from helpers.parameters import notebook_parameters, refusal
from helpers.paths import NOTEBOOKS, RAW


@pytest.mark.parametrize(
    ("value", "text", "why"),
    [
        (-5.0, "training time, days; 0.01 to 100000", "must be 0.01 to 100000, not -5"),
        (1e308, "training time, days; 0.01 to 100000", "must be 0.01 to 100000, not 1e+308"),
        (0.9, "power usage effectiveness; 1 to 10", "must be 1 to 10, not 0.9"),
        (1.5, "share; 0 to 1", "must be 0 to 1, not 1.5"),
        (7, "cores; 1 to 4", "must be 1 to 4, not 7"),
        ("xx", "language; one of en, zh", "is one of en, zh, not 'xx'"),
        ("20210228", "first day (ISO date)", "takes a date such as 2024-06-30, not '20210228'"),
        ("2021-02-30", "first day (ISO date)", "takes a date such as 2024-06-30, not '2021-02-30'"),
        ("gpt-33", "the system (system_id)", "takes a system_id, not 'gpt-33'; did you mean gpt-3"),
        ("h1000", "the chip (accelerator_id)", "is no accelerator"),
    ],
)
def test_value_that_makes_no_sense_is_refused_with_what_is_accepted(value: object, text: str, why: str) -> None:
    assert refusal(value, text, RAW).startswith(why)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (16.0, "training time, days; 0.01 to 100000"),
        (1e-9, "training time, days; 1e-9 to 1"),
        (1.0, "power usage effectiveness; 1 to 10"),
        (-3.0, "a number of any kind"),
        ("zh", "language; one of en, zh"),
        ("2021-02-28", "first day (ISO date)"),
        ("gpt-3", "the system (system_id)"),
        ("NVIDIA H100", "the chip (accelerator_id)"),
        ("anything", "a path"),
        (True, "whether; 2 to 3"),
    ],
)
def test_value_that_makes_sense_is_accepted(value: object, text: str) -> None:
    assert refusal(value, text, RAW) == ""


@pytest.mark.parametrize("name", sorted({step.source for step in CHAPTERS} | set(APART)))
def test_default_of_every_parameter_is_one_that_it_accepts(name: str) -> None:
    for parameter in notebook_parameters(Path(NOTEBOOKS / f"{name}.ipynb")).values():
        assert refusal(parameter.default, parameter.help, RAW) == "", parameter.name
        if parameter.type in ("int", "float") and "as in the scenario" not in parameter.help:
            for beyond in (-1e308, 1e308):  # both ends stand there
                assert refusal(beyond, parameter.help, RAW), parameter.name
