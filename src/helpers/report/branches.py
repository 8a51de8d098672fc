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
from collections.abc import Callable, Iterable, Mapping
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
    found = list(functions)
    made = {record.__name__: record for record in records}
    own = {_plain(m).__name__: isinstance(m, property) for m in methods}
    every = [*found, *(_plain(m) for m in methods)]
    scripts = [_Translator(function, every, made, own, set(given)) for function in every]
    codes = [script.code() for script in scripts]
    constants = {name: value for script in scripts for name, value in script.constants.items()}
    lines = [f"const {name} = {_literal(value)};" for name, value in sorted(constants.items())]
    return RUNTIME + "\n".join([*lines, *codes]) + "\n"


def _plain(method: Any) -> Callable[..., Any]:
    if isinstance(method, property):
        method = method.fget
    if not callable(method):
        raise Untranslatable(f"{method!r} is no method")
    function: Callable[..., Any] = method
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


class _Translator:
    """One function."""

    def __init__(
        self,
        function: Callable[..., Any],
        known: list[Callable[..., Any]],
        made: Mapping[str, type],
        own: dict[str, bool],
        given: set[str],
    ) -> None:
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        if isinstance(definition, ast.FunctionDef):
            self._definition = definition
        self._scope = {**function.__globals__}
        self._known = {f.__name__: f for f in known}
        self._made, self._own, self._given = made, own, given
        self.constants: dict[str, Any] = {}

    def code(self) -> str:
        """The function as JavaScript."""
        args = self._definition.args
        names = [a.arg for a in (*args.args, *args.kwonlyargs)]
        body = "\n".join(f"  {line}" for line in self._block(self._definition.body))
        return f"function {self._method(self._definition.name)}({', '.join(names)}) {{\n{body}\n}}"

    def _method(self, name: str) -> str:
        """A method's name in the page, which no local name can hide."""
        return f"${name}" if name in self._own else name

    def _block(self, statements: Iterable[ast.stmt]) -> list[str]:
        return [line for statement in statements for line in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[str]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return []  # the docstring
        if isinstance(node, ast.Return) and node.value is not None:
            return [f"return {self._say(node.value)};"]
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            names = [
                t.id for t in (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(t, ast.Name)
            ]
            return [f"const {'[' + ', '.join(names) + ']' if len(names) > 1 else names[0]} = {self._say(node.value)};"]
        if isinstance(node, ast.If):
            inner = [f"  {line}" for line in self._block(node.body)]
            other = [f"  {line}" for line in self._block(node.orelse)]
            return [f"if ({self._test(node.test)}) {{", *inner, *(["} else {", *other] if other else []), "}"]
        raise self._unknown(node)

    def _unknown(self, node: ast.AST) -> Untranslatable:
        return Untranslatable(f"{self._definition.name}: {ast.unparse(node)}")

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
        if node.id.isupper() and node.id in self._scope:
            self.constants[node.id] = self._scope[node.id]
        return node.id

    def _attribute(self, node: ast.Attribute) -> str:
        if isinstance(node.value, ast.Name) and node.value.id in self._scope:
            return _literal(getattr(self._scope[node.value.id], node.attr))  # a member of a scale, or math.inf
        inner = self._say(node.value)
        if node.attr == "index":
            return f"((x) => {inner}.indexOf(x))"
        return f"${node.attr}({inner})" if self._own.get(node.attr) else f"{inner}.{node.attr}"

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
        if isinstance(node.func, ast.Attribute) and node.func.attr in self._own:
            return f"${node.func.attr}({', '.join([self._say(node.func.value), *map(self._say, node.args)])})"
        if name in self._made:
            return self._record(self._made[name], node)
        if name in self._known:
            return f"{name}({', '.join(self._arguments(self._known[name], node))})"
        return self._built_in(name, node)

    def _built_in(self, name: str, node: ast.Call) -> str:
        given = [self._say(argument) for argument in node.args]
        if name in ("max", "min"):
            if node.keywords:
                pick, choices = (
                    {"min": "least", "max": "most"}[name],
                    given[0] if len(given) == 1 else f"[{', '.join(given)}]",
                )
                return f"{pick}({choices}, {self._say(node.keywords[0].value)})"
            return f"Math.{name}({', '.join(given) if len(given) > 1 else '...' + given[0]})"
        if name in self._given:
            return f"{name}({', '.join(given)})"
        if name == "any":
            return f"{given[0]}.some(truth)"
        if name == "round":
            return f"Number({given[0]}.toFixed({given[1]}))" if len(given) > 1 else f"Math.round({given[0]})"
        if name.startswith("list(") and name.endswith(").index"):
            members = list(self._scope[name.removeprefix("list(").removesuffix(").index")])
            return f"{_literal(members)}.indexOf({given[0]})"
        if name in _CALLS:
            return f"{_CALLS[name]}({', '.join(given)})"
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
