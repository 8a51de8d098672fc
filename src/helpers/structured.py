"""TOML and JSON files, bounded in size, depth and numbers."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers.errors import DataProblem
from helpers.files import read_text
from helpers.paths import shown

MOST_TOML_BYTES = 1_000_000
MOST_JSON_BYTES = 256_000_000
MOST_DEPTH = 24  # levels of nesting, and parts of a key
MOST_KEY = 200  # characters
MOST_NUMBER = 1e300
_LONG_KEY = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]+[ \t]*\.[ \t]*){{{MOST_DEPTH}}}")


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file, with or without a byte order mark; refused as by `parse_toml`."""
    return parse_toml(read_text(path, MOST_TOML_BYTES), shown(path))


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """The content of a text in TOML, unless it is larger, deeper or longer than anything a person writes.

    A refusal calls it `file`.
    """
    if _LONG_KEY.search(text):
        raise DataProblem(file, "whole file", f"a key of {MOST_DEPTH} parts or more", "write shorter keys")
    return dict(_parsed(file, "TOML", lambda: tomllib.loads(text), "write one `key = value` on a line"))


def read_json(path: Path) -> Any:
    """The content of a JSON file, unless it names a key twice, or is larger or deeper than what is written here."""
    text = read_text(path, MOST_JSON_BYTES)
    return _parsed(shown(path), "JSON", lambda: json.loads(text, object_pairs_hook=_unique), "restore the file")


def json_lines(content: Any, margin: str = "\n") -> str:
    """JSON for a file to be compared by lines: a list or an object of plain values takes one, any other one a part."""
    named = isinstance(content, dict)
    parts = dict(content if named else enumerate(content)) if named or isinstance(content, list) else {}
    if not any(isinstance(part, dict | list) for part in parts.values()):
        return json.dumps(content)
    heads = [f"{json.dumps(name)}: " if named else "" for name in parts]
    lines = (f"{margin} {h}{json_lines(p, margin + ' ')}" for h, p in zip(heads, parts.values(), strict=True))
    return ("{{{}}}" if named else "[{}]").format(",".join(lines) + margin)


def _parsed(file: str, kind: str, parse: Callable[[], Any], mend: str) -> Any:
    try:
        content = parse()
    except RecursionError:
        raise DataProblem(file, "whole file", "nested too deep", "write it flatter") from None
    except ValueError as error:
        raise DataProblem(file, "whole file", f"not {kind}: {str(error)[:200]}", mend) from None
    _bounded(file, content)
    return content


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key {max(names, key=names.count)[:40]!r} stands twice")
    return found


def _bounded(file: str, content: Any, depth: int = 0) -> None:
    """Refuse what would make a later step fail or spin: nesting, keys and numbers without bounds."""
    if depth > MOST_DEPTH:
        raise DataProblem(file, "whole file", f"more than {MOST_DEPTH} levels", "write it flatter")
    if isinstance(content, dict | list):
        for key in content if isinstance(content, dict) else ():
            if len(key) > MOST_KEY:
                raise DataProblem(file, f"key {key[:40]!r}...", f"{len(key)} characters", "shorten it")
        for value in content.values() if isinstance(content, dict) else content:
            _bounded(file, value, depth + 1)
    elif isinstance(content, int) and abs(content) > MOST_NUMBER:
        what = f"a whole number of some {round(content.bit_length() * 0.30103)} digits"
        raise DataProblem(file, "whole file", what, "write a number below 1e300")
