"""The list of fields: complete, consistent, and what schema, notebook and `plan` are made of."""

import json
import re

import pytest

from helpers.commands.scenario_command import ELSEWHERE, NEEDED, SHORT
from helpers.errors import ParameterProblem
from helpers.formulas import footprint
from helpers.formulas.job import PRECISIONS
from helpers.parameters import from_text, notebook_parameters
from helpers.paths import NOTEBOOKS
from helpers.scenarios import fields
from helpers.scenarios.fields import FIELDS, SOLVABLE
from helpers.scenarios.prices import COMMITMENTS
from helpers.scenarios.scenario import (
    SCENARIOS,
    from_mapping,
    from_parameters,
    read_scenario,
    scenario_names,
)
from helpers.scenarios.solving import SOLVED, WAYS
from helpers.timing.layouts import RECOMPUTE


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda f: f.name)
def test_field_is_whole(field):
    assert field.help
    assert field.accepts
    if field.numeric:
        assert field.accepted.low < field.accepted.high
        assert field.default is None or field.accepted.low <= field.default <= field.accepted.high
        assert field.accepted.ranged == (field.slider is not None)
    if field.slider:
        assert field.accepted.low <= field.slider.low < field.slider.high <= field.accepted.high
        assert field.slider.low > 0 or not field.slider.log
    if field.choices:
        assert field.default is None or field.default in field.choices


def test_every_unknown_can_be_solved_for():
    assert set(SOLVABLE) == set(WAYS) == set(SOLVED)


def test_defaults_are_a_scenario():
    assert from_mapping({name: f.default for name, f in FIELDS.items() if f.default not in (None, "")}).given


def test_schema_is_current():
    assert json.loads(fields.SCHEMA_FILE.read_text(encoding="utf-8")) == fields.schema()
    assert set(fields.schema()["properties"]) == set(FIELDS)
    assert fields.schema()["properties"]["tokens"]["anyOf"][1]["maxItems"] == 2


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_file_names_its_schema_and_obeys_it(name):
    text = (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith(f"#:schema ./{fields.SCHEMA_FILE.name}\n")
    for key, value in read_scenario(name).given.items():
        rule = fields.schema()["properties"][key]
        number = rule.get("anyOf", [rule])[0]
        for end in value if isinstance(value, tuple) else (value,):
            if isinstance(end, float):
                assert number["minimum"] <= end <= number["maximum"]
            elif "enum" in rule:
                assert end in rule["enum"]


SAMPLES = {"accelerator": "H100", "grid": "china", "date": "2025-01-01", "vendor": "aws"}
NOTEBOOK = notebook_parameters(NOTEBOOKS / "06_scenario.ipynb")


def test_notebook_has_a_parameter_for_the_dozen_that_matter_and_one_for_the_rest():
    fields = set(NOTEBOOK) & set(FIELDS)
    assert len(fields) == 12
    assert set(NOTEBOOK) - fields == {"data_dir", "out_dir", "language", "scenario", "fields"}
    for name in fields:
        assert NOTEBOOK[name].type == ("float" if FIELDS[name].numeric else "str")
        assert NOTEBOOK[name].default in (0.0, "")
        assert re.search(r"; (0|empty): as in the scenario$", NOTEBOOK[name].help)


@pytest.mark.parametrize("name", sorted(set(FIELDS) - set(NOTEBOOK)))
def test_a_field_may_still_be_given_by_its_own_name(name):
    """Once every field was a parameter; what others wrote for that goes on working, as in the mapping."""
    field = FIELDS[name]
    low = field.accepted.low if field.accepted else 0
    value = max(low, 1.0) if field.numeric else (field.choices or (SAMPLES.get(name, "a"),))[0]
    text = f"{value:g}" if field.numeric else str(value)
    ways = [(name, text)], [("fields", f"{name} = {json.dumps(value)}")]
    made = [scenario_or_problem([("scenario", ""), *way]) for way in ways]
    assert made[0] == made[1]


def scenario_or_problem(pairs):
    """The scenario that parameters make, or the line that refuses them: some fields need others beside them."""
    try:
        return from_parameters(from_text(pairs, NOTEBOOK, "06_scenario"))
    except ParameterProblem as problem:
        return str(problem)


def test_what_no_scenario_takes_is_refused_before_anything_runs():
    for pairs, why in (
        ([("pue", "0.5")], "06_scenario: parameters: pue: 0.5 is not accepted; accepted: a number from 1 to 10"),
        ([("fields", "puee = 1.2")], "puee is not a field of a scenario; did you mean pue"),
        ([("accelerator", "H1000")], "accelerator: 'H1000' is unknown; did you mean"),
        ([("scenario", "gpt-33")], "scenario: 'gpt-33' is unknown; did you mean gpt-3"),
        ([("grid", "atlantis")], "grid"),
        ([("puee", "2")], "06_scenario: no parameter puee"),
    ):
        with pytest.raises(ParameterProblem, match=re.escape(why)):
            from_text(pairs, NOTEBOOK, "06_scenario")


def test_plan_takes_fields_of_a_scenario():
    assert {*SHORT, *NEEDED, *ELSEWHERE} <= set(FIELDS)


def test_the_table_of_fields_agrees_with_the_formulas():
    """Defaults and choices that formulas have too are the same there."""
    assert FIELDS["pue"].default == footprint.DEFAULT_PUE
    assert FIELDS["precision"].choices == PRECISIONS
    assert FIELDS["recompute"].choices == RECOMPUTE
    assert FIELDS["commitment"].choices == COMMITMENTS
