"""JavaScript from functions that branch: the source of a pure function is read, statement by statement, and said again.

What `javascript` traces has no branches. A verdict is nothing but branches; so that no rule is written a second time for the
page, its functions are translated here. Only what they use is known; anything else is refused.
"""

from __future__ import annotations

import ast
import inspect
import json
import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

RUNTIME = """const truth = (x) => (Array.isArray(x) ? x.length > 0 : Boolean(x));
const before = (a, b) => {
  const [left, right] = [[].concat(a), [].concat(b)];
  const differ = left.findIndex((x, i) => +x !== +right[i]);
  return differ >= 0 && +left[differ] < +right[differ];
};
const least = (xs, key) => xs.reduce((best, x) => (before(key(x), key(best)) ? x : best));
const most = (xs, key) => xs.reduce((best, x) => (before(key(best), key(x)) ? x : best));
"""
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "===", ast.NotEq: "!==", ast.Is: "===", ast.IsNot: "!==",
}  # fmt: skip
_CALLS = {"abs": "Math.abs", "math.log10": "Math.log10", "math.isfinite": "Number.isFinite"}


class Untranslatable(TypeError):
    """A function for the page uses something that is not known here."""


def translated(
    functions: Iterable[Callable[..., Any]], records: Iterable[type], methods: Iterable[Any], given: Iterable[str] = ()
) -> str:
    """JavaScript functions of the same names and positional arguments, and the constants that they use.

    Args:
        functions: in any order; they may call each other.
        records: dataclasses that they make; objects with their fields.
        methods: methods and properties of records, called with the record first.
        given: functions that the page has already, since what they give comes with its data.

    Raises:
        Untranslatable: names what is not known.
    """
    parts = list(methods)
    own = {_plain(m).__name__: isinstance(m, property) for m in parts}
    every = [*functions, *map(_plain, parts)]
    known, made = {f.__name__: f for f in every}, {record.__name__: record for record in records}
    scripts = [_Translator(function, known, made, own, set(given)) for function in every]
    codes = [script.code() for script in scripts]
    constants = {name: value for script in scripts for name, value in script.constants.items()}
    lines = [f"const {name} = {_literal(value)};" for name, value in sorted(constants.items())]
    return RUNTIME + "\n".join([*lines, *codes]) + "\n"


def _plain(method: Any) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(method, "fget", method)
    return function


def _literal(value: Any) -> str:
    if isinstance(value, Enum):
        return json.dumps(value.value)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (bool, int, float, str)) or value is None:
        return json.dumps(value)
    raise Untranslatable(f"a constant of the type {type(value).__name__}")


@dataclass
class _Translator:
    """One function, and what it may use: functions, records, methods (whether each is a property), what the page has."""

    function: Callable[..., Any]
    known: Mapping[str, Callable[..., Any]]
    made: Mapping[str, type]
    own: Mapping[str, bool]
    given: Set[str]
    constants: dict[str, Any] = field(default_factory=dict)

    def code(self) -> str:
        """The function as JavaScript."""
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(self.function))).body
        assert isinstance(definition, ast.FunctionDef)
        names = [a.arg for a in (*definition.args.args, *definition.args.kwonlyargs)]
        body = "\n".join(f"  {line}" for line in self._block(definition.body))
        return f"function {self._method(definition.name)}({', '.join(names)}) {{\n{body}\n}}"

    def _method(self, name: str) -> str:
        """A method's name in the page, which no local name can hide."""
        return f"${name}" if name in self.own else name

    def _block(self, statements: Iterable[ast.stmt]) -> list[str]:
        return [line for statement in statements for line in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[str]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return []  # the docstring
        if isinstance(node, ast.Return) and node.value is not None:
            return [f"return {self._say(node.value)};"]
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            return [f"const {self._say(target)} = {self._say(node.value)};"]
        if isinstance(node, ast.If):
            inner = [f"  {line}" for line in self._block(node.body)]
            other = [f"  {line}" for line in self._block(node.orelse)]
            return [f"if ({self._test(node.test)}) {{", *inner, *(["} else {", *other] if other else []), "}"]
        raise self._unknown(node)

    def _unknown(self, node: ast.AST) -> Untranslatable:
        return Untranslatable(f"{self.function.__name__}: {ast.unparse(node)}")

    def _test(self, node: ast.expr) -> str:
        return f"truth({self._say(node)})"

    def _say(self, node: ast.expr) -> str:
        say = getattr(self, f"_{type(node).__name__.lower()}", None)
        if say is None:
            raise self._unknown(node)
        return str(say(node))

    def _constant(self, node: ast.Constant) -> str:
        return _literal(node.value)

    def _name(self, node: ast.Name) -> str:
        if node.id.isupper() and node.id in self.function.__globals__:
            self.constants[node.id] = self.function.__globals__[node.id]
        return node.id

    def _attribute(self, node: ast.Attribute) -> str:
        if isinstance(node.value, ast.Name) and node.value.id in self.function.__globals__:
            return _literal(
                getattr(self.function.__globals__[node.value.id], node.attr)
            )  # a member of a scale, or math.inf
        inner = self._say(node.value)
        if node.attr == "index":
            return f"((x) => {inner}.indexOf(x))"
        return f"${node.attr}({inner})" if self.own.get(node.attr) else f"{inner}.{node.attr}"

    def _binop(self, node: ast.BinOp) -> str:
        return f"({self._say(node.left)} {_BINARY[type(node.op)]} {self._say(node.right)})"

    def _unaryop(self, node: ast.UnaryOp) -> str:
        return f"!{self._test(node.operand)}" if isinstance(node.op, ast.Not) else f"(-{self._say(node.operand)})"

    def _boolop(self, node: ast.BoolOp) -> str:
        sign = " && " if isinstance(node.op, ast.And) else " || "
        return f"({sign.join(self._test(value) for value in node.values)})"

    def _compare(self, node: ast.Compare) -> str:
        parts, left = [], node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, (ast.In, ast.NotIn)):
                sign = "!" if isinstance(operator, ast.NotIn) else ""
                parts.append(f"{sign}{self._say(right)}.includes({self._say(left)})")
            else:
                parts.append(f"{self._say(left)} {_COMPARE[type(operator)]} {self._say(right)}")
            left = right
        return f"({' && '.join(parts)})"

    def _ifexp(self, node: ast.IfExp) -> str:
        return f"({self._test(node.test)} ? {self._say(node.body)} : {self._say(node.orelse)})"

    def _tuple(self, node: ast.Tuple | ast.List) -> str:
        return f"[{', '.join(self._say(element) for element in node.elts)}]"

    _list = _tuple

    def _starred(self, node: ast.Starred) -> str:
        return f"...{self._say(node.value)}"

    def _lambda(self, node: ast.Lambda) -> str:
        return f"({', '.join(a.arg for a in node.args.args)}) => {self._say(node.body)}"

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp) -> str:
        [loop] = node.generators
        each = self._say(loop.target)
        kept = "".join(f".filter(({each}) => {self._test(condition)})" for condition in loop.ifs)
        return f"{self._say(loop.iter)}{kept}.map(({each}) => {self._say(node.elt)})"

    _generatorexp = _listcomp

    def _call(self, node: ast.Call) -> str:
        name = ast.unparse(node.func)
        if isinstance(node.func, ast.Attribute) and node.func.attr in self.own:
            return f"${node.func.attr}({', '.join([self._say(node.func.value), *map(self._say, node.args)])})"
        if name in self.made:
            return self._record(self.made[name], node)
        if name in self.known:
            return f"{name}({', '.join(self._arguments(self.known[name], node))})"
        return self._built_in(name, node)

    def _built_in(self, name: str, node: ast.Call) -> str:
        given = [self._say(argument) for argument in node.args]
        listed = ", ".join(given)
        if name in ("max", "min") and node.keywords:
            pick, choices = {"min": "least", "max": "most"}[name], given[0] if len(given) == 1 else f"[{listed}]"
            return f"{pick}({choices}, {self._say(node.keywords[0].value)})"
        if name in ("max", "min"):
            return f"Math.{name}({listed if len(given) > 1 else '...' + listed})"
        if name == "any":
            return f"{given[0]}.some(truth)"
        if name == "round":
            return f"Number({given[0]}.toFixed({given[1]}))" if len(given) > 1 else f"Math.round({given[0]})"
        if name.startswith("list(") and name.endswith(").index"):
            members = list(self.function.__globals__[name.removeprefix("list(").removesuffix(").index")])
            return f"{_literal(members)}.indexOf({given[0]})"
        if name in _CALLS or name in self.given:
            return f"{_CALLS.get(name, name)}({listed})"
        raise self._unknown(node)

    def _arguments(self, function: Callable[..., Any], node: ast.Call) -> list[str]:
        named = {word.arg: self._say(word.value) for word in node.keywords}
        values = [self._say(argument) for argument in node.args]
        rest = list(inspect.signature(function).parameters)[len(values) :]
        return values + [named[parameter] for parameter in rest if parameter in named]

    def _record(self, record: type, node: ast.Call) -> str:
        fields = inspect.signature(record).parameters
        given = dict(zip(fields, map(self._say, node.args), strict=False)) | {
            str(word.arg): self._say(word.value) for word in node.keywords
        }
        parts = [f"{name}: {given.get(name) or _literal(field.default)}" for name, field in fields.items()]
        return f"{{{', '.join(parts)}}}"
