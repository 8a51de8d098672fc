"""Parameters of a notebook: declared as `name: type = literal  # help`, checked before anything runs.

papermill lets unknown names pass with a log line and knows nothing of types. Here both are refused: by the
runner before a kernel starts, and, for plain `papermill`, by the first cell after the parameters.

What a parameter accepts its help line says: `days: float = 16.0  # training time, days; 0.01 to 100000` takes numbers
from and to these. Other endings are `; one of a, b`, `(ISO date)`, `(system_id)` and so on for a key of a table,
`(accelerator_id)` for any name that people give a chip, `(scenario)` and `(sweep)` for a name or a file of theirs. With
an s, `(run_ids)`, several have blanks between. `(scenario fields)` takes fields of a scenario.
"""

import ast
import math
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple

from helpers.errors import ParameterProblem, Problem, nearest
from helpers.paths import DATA
from helpers.rows import read_rows
from helpers.structured import read_json

TYPES = {"int": int, "float": float, "str": str, "bool": bool}
FOLDERS = {"data_dir", "out_dir", "language"}
OPENS, DECLARES = "open_chapter(globals())", "data_dir: str"  # what stands in two cells of every notebook
JUPYTER_NAMES = {"In", "Out", "get_ipython", "exit", "quit", "open", "papermill"}
NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
BOUNDS = re.compile(rf"; {NUMBER} to {NUMBER}\b")
CHOICE = re.compile(r"; one of ([^;(]+)")
KIND = re.compile(r"\((ISO date|scenario|sweep|\w+_id)(s?)\)")
# Tables of `data/raw` with such a key.
KEYS = {"system_id": ("systems",), "claim_id": ("claims",), "run_id": ("megatron_runs", "modern_runs", "runs")}
READERS = {  # what reads a value of a kind, or refuses it, and what is said then
    "ISO date": ("helpers.written_numbers:read_day", "takes a date such as 2024-06-30, not {value!r}"),
    "scenario": ("helpers.scenarios.scenario:read_scenario", "is refused: {problem}"),
    "sweep": ("helpers.scenarios.sweep_file:find_sweep", "is refused: {problem}"),
    "accelerator_id": ("helpers.formulas.hardware:sheet", "is no accelerator: {problem}"),
}
TAKES_FIELDS = "(scenario fields)"


class Parameter(NamedTuple):
    """One declared parameter."""

    name: str
    type: str
    default: Any
    help: str


def declared(source: str) -> dict[str, Parameter]:
    """The parameters that a cell declares, by name; each line is `name: type = literal  # help`."""
    lines = source.splitlines()
    found: dict[str, Parameter] = {}
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ParameterProblem(f"parameters cell, line {error.lineno}: {error.msg}") from None
    for node in tree.body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value):
            raise ParameterProblem(f"parameters cell, line {node.lineno}: write `name: type = literal  # help`")
        kind, name = ast.unparse(node.annotation), node.target.id
        if kind not in TYPES:
            raise ParameterProblem(f"parameter {name}: type {kind} is not one of {', '.join(TYPES)}")
        try:
            default = ast.literal_eval(node.value)
        except ValueError:
            raise ParameterProblem(f"parameter {name}: its default is not a literal") from None
        _, _, text = lines[node.lineno - 1].partition("  # ")
        found[name] = Parameter(name, kind, default, text.strip())
    return found


def notebook_parameters(path: Path) -> dict[str, Parameter]:
    """The parameters of a notebook file, which must have a cell tagged `parameters`."""
    try:
        cells = read_json(path)["cells"]
        tagged = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterProblem(f"{path.name or path}: not a readable notebook ({error})") from error
    if not tagged:
        raise ParameterProblem(f"{path.name}: no cell is tagged 'parameters'")
    return declared(tagged[0])


def check(
    values: Mapping[str, Any], known: Mapping[str, Parameter], notebook: str, folder: Path = Path()
) -> dict[str, Any]:
    """The values as they will be passed to a notebook that runs in `folder`: whole numbers become floats where a float
    is declared. Where a parameter takes fields of a scenario, each field may also be given by its own name.

    A ParameterProblem: a name is unknown, a type is wrong, a number is not finite, or a value is none that the
    parameter's help line accepts.
    """
    known = {**known, **former(values, known)}
    checked = {name: _checked(name, value, known, notebook) for name, value in values.items()}
    raw = folder / (checked.get("data_dir") or DATA) / "raw"
    if not raw.is_dir():
        raise ParameterProblem(f"{notebook}: parameter data_dir takes a folder with raw tables, not {raw.parent}")
    for name, value in checked.items():
        if why := refusal(value, known[name].help, raw):
            raise ParameterProblem(f"{notebook}: parameter {name} {why}")
    asked = {**{p.name: p.default for p in known.values()}, **checked}
    if checked.keys() - FOLDERS and _takes_fields(known) and (why := scenario_refusal(asked, folder)):
        raise ParameterProblem(f"{notebook}: {why}")
    return checked


def _takes_fields(known: Mapping[str, Parameter]) -> bool:
    return any(TAKES_FIELDS in parameter.help for parameter in known.values())


def former(values: Iterable[str], known: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Parameters that a notebook had once: fields of a scenario by their own names, where one parameter takes them."""
    if not _takes_fields(known):
        return {}
    from helpers.scenarios.fields import FIELDS, FURTHER

    numeric = {**{name: field.numeric for name, field in FIELDS.items()}, **dict.fromkeys(FURTHER, False)}
    asked = {name: numeric[name] for name in values if name in numeric and name not in known}
    return {n: Parameter(n, "float", 0.0, "") if number else Parameter(n, "str", "", "") for n, number in asked.items()}


def _checked(name: str, value: Any, known: Mapping[str, Parameter], notebook: str) -> Any:
    if name not in known:
        hint = nearest(name, known) or f"; it has {', '.join(known)}"
        raise ParameterProblem(f"{notebook}: no parameter {name}{hint}")
    kind = TYPES[known[name].type]
    if kind is float and type(value) is int:
        value = float(value) if abs(value) <= sys.float_info.max else math.inf
    if type(value) is not kind:
        why = f"takes {known[name].type}, not {value!r}"
        raise ParameterProblem(f"{notebook}: parameter {name} {why:.200}{_mend(name, value, kind, known)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ParameterProblem(f"{notebook}: parameter {name} must be a finite number, not {value}")
    return value


def _mend(name: str, value: Any, kind: type, known: Mapping[str, Parameter]) -> str:
    """What was perhaps meant by a value of another type, as YAML and JSON have them."""
    if value is None:
        return ". Mend: leave it out, for the default."
    if isinstance(value, list) and kind is float and _takes_fields(known):
        return f". Mend: give ranges by fields, such as fields: '{name} = {value}'."
    if isinstance(value, str) and kind is float:
        with suppress(ValueError):
            return f". Mend: write {float(value)!r}; YAML takes {value} for a text."
    return "."


def from_text(pairs: Iterable[tuple[str, str]], known: Mapping[str, Parameter], notebook: str) -> dict[str, Any]:
    """Values typed on a command line, read as the declared types, and checked as `check` does."""
    listed = list(pairs)
    every = {**known, **former(dict(listed), known)}
    return check({name: _read(name, text, every, notebook) for name, text in listed}, known, notebook)


def _read(name: str, text: str, known: Mapping[str, Parameter], notebook: str) -> Any:
    kind = known[name].type if name in known else "str"
    try:
        return {"false": False, "true": True}[text.lower()] if kind == "bool" else TYPES[kind](text)
    except (ValueError, KeyError):
        raise ParameterProblem(f"{notebook}: parameter {name} takes {kind}, not {text!r}") from None


def check_given(notebook: Any, folder: Path) -> None:
    """Check what papermill was given for a notebook that opens a chapter in a folder, before anything runs."""
    sources = {tag: cell.source for cell in notebook.cells for tag in cell.metadata.get("tags", [])}
    if any(OPENS in cell.source for cell in notebook.cells):
        given = notebook.metadata.get("papermill", {}).get("parameters", {})
        check(given, declared(sources.get("parameters", "")), "this notebook", folder)


def check_namespace(namespace: Mapping[str, Any]) -> list[str]:
    """Check what a kernel holds right after the parameters, whoever injected them: `globals()`, before any import.

    Where a reader runs cells again, the names of all cells are there by then: those of the cell of parameters count.
    Names given that the notebook's cell of parameters no longer has are returned; a ParameterProblem is as of `check`.
    """
    cells = [source for source in namespace.get("In", []) if source.strip()]
    known = declared(next((c for c in reversed(cells) if DECLARES in c), cells[0])) if cells else {}
    again = sum(OPENS in source for source in cells) > 1
    own = (name for name in namespace if not (name.startswith("_") or name in JUPYTER_NAMES))
    given = {n: namespace[n] for n in own if (n in known if again else not callable(namespace[n]))}
    check(given, known, "this notebook")
    return list(former(given, known))


def refusal(value: Any, text: str, raw: Path) -> str:
    """Why a value is none that a parameter accepts, as its help line `text` says it; empty if it is one."""
    if isinstance(value, str):
        return _not_accepted(value, text, raw)
    bound = None if isinstance(value, bool) else BOUNDS.search(text)
    if bound is None or float(bound[1]) <= value <= float(bound[2]):
        return ""
    return f"must be {bound[0][2:]}, not {value:g}"


def _not_accepted(value: str, text: str, raw: Path) -> str:
    if choice := CHOICE.search(text):
        names = re.split(r", | or ", choice[1].strip())
        return "" if value in names else f"is one of {', '.join(names)}, not {value!r}"
    if not (kind := KIND.search(text)):
        return ""
    return next(filter(None, (_not_one(kind[1], one, raw) for one in (value.split() if kind[2] else [value]))), "")


def _not_one(kind: str, value: str, raw: Path) -> str:
    """Why a text is none of a kind: what reads this kind refuses it, or it is no key of the tables that have one."""
    if kind in READERS:
        reader, said = READERS[kind]
        try:
            resolve_name(reader)(value)
        except ValueError as problem:  # a Problem is one
            return said.format(value=value, problem=problem)
        return ""
    files = [raw / f"{name}.csv" for name in KEYS[kind]]
    known = [row[kind] for file in files if file.is_file() for row in read_rows(file, (kind,))]
    return "" if value in known else f"takes a {kind}, not {value!r}{nearest(value, known)}"


def scenario_refusal(values: Mapping[str, Any], folder: Path) -> str:
    """Why the parameters of a notebook that runs in a folder make no scenario; empty if they make one."""
    from helpers.scenarios.inputs import inputs_of
    from helpers.scenarios.scenario import from_parameters

    own = folder / values["scenario"]
    try:
        inputs_of(from_parameters({**values, "scenario": str(own)} if own.is_file() else values))
    except (Problem, ValueError) as problem:
        return str(problem)
    return ""
