"""The list of fields: complete, consistent, and what schema, notebook and `plan` are made of."""

import json
import re

import pytest

from helpers.commands.plan_command import ELSEWHERE, NEEDED, SHORT
from helpers.parameters import notebook_parameters
from helpers.paths import NOTEBOOKS
from helpers.scenarios import schema
from helpers.scenarios.fields import FIELDS, SOLVABLE
from helpers.scenarios.scenario import SCENARIOS, from_mapping, read_scenario, scenario_names
from helpers.scenarios.solving import SOLVED, WAYS


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda f: f.name)
def test_field_is_whole(field):
    assert field.help
    assert field.accepts
    if field.numeric:
        assert field.accepted.low < field.accepted.high
        assert field.default is None or field.accepted.low <= field.default <= field.accepted.high
        assert field.ranged == (field.slider is not None)
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
    assert schema.SCHEMA_FILE.read_text(encoding="utf-8") == schema.text()
    assert set(schema.schema()["properties"]) == set(FIELDS)
    assert json.loads(schema.text())["properties"]["tokens"]["anyOf"][1]["maxItems"] == 2


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_file_names_its_schema_and_obeys_it(name):
    text = (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith(f"{schema.LINE}\n")
    for key, value in read_scenario(name).given.items():
        rule = schema.schema()["properties"][key]
        number = rule.get("anyOf", [rule])[0]
        for end in value if isinstance(value, tuple) else (value,):
            if isinstance(end, float):
                assert number["minimum"] <= end <= number["maximum"]
            elif "enum" in rule:
                assert end in rule["enum"]


def test_notebook_has_a_parameter_for_every_field():
    known = notebook_parameters(NOTEBOOKS / "06_scenario.ipynb")
    wanted = set(FIELDS) - {"note"}
    assert wanted <= set(known)
    assert set(known) - wanted == {"data_dir", "out_dir", "language", "scenario", "ranges"}
    for name in wanted:
        assert known[name].type == ("float" if FIELDS[name].numeric else "str")
        assert known[name].default in (0.0, "")
        assert re.search(r"; (0|empty): as in the scenario$", known[name].help)


def test_plan_takes_fields_of_a_scenario():
    assert {*SHORT, *NEEDED, *ELSEWHERE} <= set(FIELDS)
