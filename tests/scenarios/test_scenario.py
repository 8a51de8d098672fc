"""Reading scenarios: what is accepted, and one line for whatever is not."""

from datetime import date

import pytest

from helpers.errors import DataProblem, Problem
from helpers.paths import RAW
from helpers.rows import read_rows
from helpers.scenarios.checking import ScenarioProblem, typed
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.scenario import (
    SCENARIOS,
    as_toml,
    from_mapping,
    from_parameters,
    read_changes,
    read_scenario,
    scenario_names,
)


def write(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(tmp_path, text):
    """The one line that a file is refused with."""
    with pytest.raises(Problem) as problem:
        read_scenario(write(tmp_path, text))
    line = str(problem.value)
    assert "\n" not in line
    assert "mine.toml: " in line or "mine.toml, whole file: " in line
    return line


def test_a_file_and_its_defaults(tmp_path):
    scenario = read_scenario(
        write(tmp_path, 'params = 7e9\ntokens = [1e11, 4e11]\ncount = 64\ndate = 2024-06-30\ntitle = "Mine"\n')
    )
    assert scenario.name == "mine"
    assert scenario.title == "Mine"
    assert scenario["tokens"] == (1e11, 4e11)
    assert scenario.number("tokens") == pytest.approx(2e11)
    assert scenario["count"] == 64.0
    assert scenario.day == date(2024, 6, 30)
    assert scenario["pue"] == FIELDS["pue"].default
    assert scenario.number("utilisation") is None


def test_an_empty_file_is_a_scenario(tmp_path):
    scenario = read_scenario(write(tmp_path, ""))
    assert scenario.title == "mine"
    assert scenario.day is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("parms = 7e9", "parms is not a field of a scenario; did you mean params?"),
        ("zzz = 1", "zzz is not a field of a scenario; accepted: title, note, solve_for"),
        ("[model]\nparams = 7e9", "model is not a section of a scenario"),
        ("params = ", "not TOML: "),
        ("params = 7e9\nparams = 8e9", "not TOML: "),
        ("params = nan", "params: nan is not accepted; accepted: a number from 1000 to 1e+16"),
        ("tokens = inf", "tokens: inf is not accepted"),
        ("tokens = -3e11", "tokens: -3e+11 is not accepted"),
        ('tokens = "many"', "tokens: 'many' is not a number; accepted: a number"),
        ("params = true", "params: True is not accepted"),
        ("count = 1.5", "count: 1.5 is not accepted; accepted: a whole number from 1 to 1e+08"),
        ("count = 0", "count: 0 is not accepted"),
        ("pue = 0.5", "pue: 0.5 is not accepted; accepted: a number from 1 to 10"),
        ("utilisation = 40", "utilisation: 40 is not accepted; accepted: a number from 1e-06 to 4"),
        ("utilisation = [0.5, 0.3]", "utilisation: [0.5, 0.3] is reversed; write [0.3, 0.5]"),
        ("utilisation = [0.3]", "two numbers make a range"),
        ("utilisation = [0.3, 0.4, 0.5]", "two numbers make a range"),
        ("carbon_kg_per_kwh = [0, 0.4]", "a range is accepted from above 0, not from 0"),
        ("layers = [32, 64]", "this field takes one number"),
        ("accelerator = 100", "accelerator: 100 is not text"),
        ('accelerator = "A1000"', "accelerator: 'A1000' is unknown; did you mean"),
        ('grid = "frence"', "grid: 'frence' is unknown; did you mean france"),
        ('solve_for = "day"', "solve_for: 'day' is unknown; did you mean days? accepted: days, params"),
        ('recompute = "half"', "recompute: 'half' is unknown; accepted: none, selective, full"),
        ('date = "yesterday"', "date: 'yesterday' is not a date; accepted: a date such as"),
        ('date = "2024-02-30"', "date: '2024-02-30' is not a date"),
        ('solve_for = "params"\nparams = 7e9', 'params: given, and the unknown (solve_for = "params"); leave one out'),
        ('solve_for = "tokens"\ntokens = 1e9', "tokens: given, and the unknown"),
        (
            'solve_for = "tokens"\ndays = 3\nbudget_usd = 4',
            "days and budget_usd: both decide how long the accelerators run; give one",
        ),
        ('solve_for = "params"\nactive_params = 1e9', "active_params: cannot be given when params is the unknown"),
        ("layers = 32", "hidden: needed when the architecture is given"),
        ("params = 1e9\nactive_params = 2e9", "active_params: 2e+09 is more than the 1e+09 parameters"),
        (b"title = '\xff'", "not UTF-8"),
    ],
)
def test_refused_with_one_line(tmp_path, text, says):
    assert says in refused(tmp_path, text)


def test_unknown_name_and_missing_file(tmp_path):
    with pytest.raises(ScenarioProblem, match="scenario: 'gpt3' is unknown; did you mean gpt-3"):
        read_scenario("gpt3")
    assert read_scenario("Mixtral").name == "mixtral-8x7b"  # the only one that begins so
    with pytest.raises(ScenarioProblem, match="scenario: 'Qwen3' is unknown; there are qwen3-235b-a22b, qwen3-32b or"):
        read_scenario("Qwen3")
    with pytest.raises(DataProblem, match=r"nowhere\.toml, whole file: cannot be read .No such file"):
        read_scenario(tmp_path / "nowhere.toml")


def test_changes_displace_what_they_make_pointless():
    scenario = from_mapping({"params": 7e9, "days": 30, "count": 8})
    assert "days" not in scenario.changed({"budget_usd": 1e5}, "here").given
    solved = scenario.changed({"solve_for": "params"}, "here")
    assert "params" not in solved.given
    assert solved["days"] == 30
    with pytest.raises(ScenarioProblem, match="here: coutn is not a field of a scenario; did you mean count"):
        scenario.changed({"coutn": 3}, "here")


def test_parameters_of_a_notebook():
    namespace = {"scenario": "gpt-3", "count": 2000.0, "days": 0.0, "grid": "", "ranges": "utilisation = [0.2, 0.4]"}
    scenario = from_parameters(namespace)
    assert scenario["count"] == 2000
    assert scenario["utilisation"] == (0.2, 0.4)
    assert scenario["grid"] == "us-2021"
    assert from_parameters({**namespace, "ranges": "", "fields": "utilisation = [0.2, 0.4]"}) == scenario
    with pytest.raises(ScenarioProblem, match="fields: 'utilisation ' is not TOML"):
        read_changes("utilisation ")


def test_a_scenario_written_as_a_file_is_the_same_scenario(tmp_path):
    for name in scenario_names():
        scenario = read_scenario(name).changed({"utilisation": [0.2, 0.4]}, "here")
        assert read_scenario(write(tmp_path, as_toml(scenario))).given == scenario.given


def test_another_size_leaves_the_architecture_behind():
    """As in the page: whoever moves the parameters of GPT-3 no longer has its layers."""
    scenario = read_scenario("gpt-3")
    assert {"layers", "hidden", "heads"} <= scenario.given.keys()
    assert not scenario.changed({"params": 22e9}, "here").given.keys() & {"layers", "hidden", "heads"}
    kept = scenario.changed({"params": 170e9, "layers": 96, "hidden": 12288, "heads": 96}, "here")
    assert kept["layers"] == 96


def test_parameters_alone_make_a_scenario():
    scenario = from_parameters({"scenario": "", "params": 22e9, "tokens": 1.7e12, "count": 384.0, "ranges": ""})
    assert scenario == from_mapping({"params": 22e9, "tokens": 1.7e12, "count": 384.0})


def test_typed_on_a_command_line():
    assert typed("count", "8") == 8.0
    assert typed("utilisation", "[0.3, 0.5]") == (0.3, 0.5)
    assert typed("grid", "china") == "china"
    assert typed("params", "[7B, 70B]") == (7e9, 7e10)
    with pytest.raises(ScenarioProblem, match=r"scenario: utilisation: '\[0\.3 0\.5\]' is not a number"):
        typed("utilisation", "[0.3 0.5]")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("params", "70B", 7e10),
        ("tokens", "15T", 1.5e13),
        ("params", "700亿", 7e10),
        ("tokens", "1.5万亿", 1.5e12),
        ("tokens", "1e10", 1e10),
        ("count", "1,024", 1024),
        ("count", "１６３８４", 16384),
        ("memory_bytes", "80GB", 8e10),
        ("memory_bytes_per_s", "3.35 TB/s", 3.35e12),
        ("device_power_w", "0.7 kW", 700),
        ("utilisation", "45 %", 0.45),
        ("budget_usd", "$5m", 5e6),
    ],
)
def test_numbers_as_people_write_them(field, text, value, tmp_path):
    """On a command line, and as text in a file."""
    assert typed(field, text) == pytest.approx(value)
    path = tmp_path / "mine.toml"
    path.write_text(f'{field} = "{text}"\n', encoding="utf-8")
    assert read_scenario(path)[field] == pytest.approx(value)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("params", "70BB"),
        ("tokens", "1.000.000"),
        ("tokens", "1,5"),
        ("count", "7.5"),
        ("device_power_w", "0.7"),
        ("device_power_w", "700 kWh"),
        ("memory_bytes", "80B/s"),
        ("params", "inf"),
        ("params", ""),
    ],
)
def test_numbers_that_may_mean_something_else_are_refused(field, text):
    with pytest.raises(ScenarioProblem, match=f"scenario: {field}: "):
        typed(field, text)


def test_experts_are_used_or_refused_by_name():
    """They were passed over: DeepSeek-V3 by its experts alone came out as a dense model of 671e9, 18 times too long."""
    with pytest.raises(ScenarioProblem, match="experts: needs active_params, or layers, hidden and heads"):
        from_mapping({"params": 671e9, "experts": 256, "active_experts": 8})
    assert from_mapping({"params": 671e9, "experts": 256, "active_params": 37e9}).given["experts"] == 256


def test_precision_by_the_names_that_people_write():
    assert from_mapping({"precision": "FP8-CS", "accelerator": "H100"})["precision"] == "fp8"
    with pytest.raises(ScenarioProblem, match=r"precision: .int3. is unknown"):
        from_mapping({"precision": "int3"})
    with pytest.raises(ScenarioProblem, match=r"utilisation: 1\.5 is not accepted"):
        from_mapping({"utilisation": 1.5})


DERIVED = {  # figures of the systems' files that are worked out: from evidence, how
    ("gpt-3", "utilisation"): lambda e: (
        e("gpt-3.throughput_per_chip.patterson2021") / 125e12,
        e("gpt-3.throughput_per_chip.li2020lambda") / 125e12,
    ),
    ("yuan-1-0", "utilisation"): lambda e: e("yuan-1-0.utilisation.wu2021yuan") * 6 / 8,
    ("megatron-1t", "utilisation"): lambda e: e("megatron-1t.throughput_per_chip.narayanan2021") * 6 / 8 / 312e12,
    ("t5-11b", "active_params"): lambda e: e("t5-11b.parameters.raffel2019") / 2,
    ("switch-c", "active_params"): lambda e: (
        e("switch-c.flop_per_sequence.fedus2021switch") / 2 / 512,
        e("switch-c.active_fraction.patterson2021") * e("switch-c.parameters.fedus2021switch"),
    ),
    ("m6-10t", "active_params"): lambda e: (
        e("m6-10t.layers.lin2021m610t")
        * e("m6-10t.hidden.lin2021m610t")
        * (4 * e("m6-10t.hidden.lin2021m610t") + 2 * 80 * e("m6-10t.ffn_hidden.lin2021m610t"))
    ),
}
ASSUMED = {("gpt-3", "power_factor"), ("t5-11b", "power_factor"), ("switch-c", "power_factor")}
ASSUMED |= {("glam", "power_factor"), ("ernie-3-0-titan", "days")}
PER = {"days": 86_400}  # evidence is in base units


def file_lines(name):
    """Field, value as written and comment of each line that has one."""
    for line in (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8").splitlines():
        key, equals, rest = line.partition(" = ")
        if equals:
            written, _, comment = rest.partition("  # ")
            yield key, written, comment


def systems():
    named = {row["system_id"] for row in read_rows(RAW / "systems.csv") if row["in_articles"]}
    return [name for name in scenario_names() if name in named]


def test_systems_of_the_articles_have_files():
    assert {"gpt-3", "yuan-1-0", "mt-nlg", "m6-10t", "switch-c", "glam", "pangu-alpha", "ernie-3-0-titan"} <= set(
        systems()
    )
    assert set(scenario_names()) - set(systems()) >= {"cluster-2026", "start-up", "university-node"}


@pytest.mark.parametrize("name", systems())
def test_every_figure_of_a_system_is_that_of_the_evidence(name, evidence):
    scenario = read_scenario(name)
    for key, _, comment in file_lines(name):
        if not FIELDS[key].numeric or (name, key) in ASSUMED:
            continue
        value = scenario[key]
        if (name, key) in DERIVED:
            assert comment.startswith("from ")
            for word in comment.replace(",", " ").replace(";", " ").replace(":", " ").split():
                assert word in evidence or word.count(".") < 2, f"{key}: {word}"
            wanted = DERIVED[name, key](lambda row: float(evidence[row]["value"]))
            assert value == pytest.approx(wanted, rel=5e-4)
        else:
            row = evidence[comment]
            assert row["system_id"] == name
            assert value * PER.get(key, 1) == float(row["value"])


@pytest.mark.parametrize("name", systems())
def test_accelerator_of_a_system_is_in_the_evidence(name, evidence):
    comment = next(comment for key, _, comment in file_lines(name) if key == "accelerator")
    wanted = str(evidence[comment]["value"]).lower()
    assert str(read_scenario(name)["accelerator"]).split()[0].lower() in wanted
