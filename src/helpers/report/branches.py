"""JavaScript from functions that branch: the source of a pure function is read, statement by statement, and said again.

What `javascript` traces has no branches. A verdict is nothing but branches; so that no rule is written a second time for the
page, its functions are translated here. Only what they use is known; anything else is refused.
"""

import ast
import inspect
import json
import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "===", ast.NotEq: "!==", ast.Is: "===", ast.IsNot: "!==", ast.And: "&&", ast.Or: "||",
}  # fmt: skip
# Built-in functions, by name and number of arguments; `templates/judge.js` has what JavaScript lacks.
CALLS = {
    ("abs", 1): "Math.abs({0})", ("math.log10", 1): "Math.log10({0})", ("math.isfinite", 1): "Number.isFinite({0})",
    ("any", 1): "{0}.some(truth)", ("round", 1): "Math.round({0})", ("round", 2): "Number({0}.toFixed({1}))",
}  # fmt: skip
PICKS = {"max": "most", "min": "least"}  # by a key


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
    own = {getattr(m, "fget", m): isinstance(m, property) for m in methods}
    known = {f.__name__: f for f in (*functions, *own)}
    made, properties = (
        {record.__name__: record for record in records},
        {f.__name__: is_one for f, is_one in own.items()},
    )
    scripts = [_Translator(function, known, made, properties, set(given)) for function in known.values()]
    codes = [script.code() for script in scripts]
    constants = {name: value for script in scripts for name, value in script.constants.items()}
    return "\n".join([*(f"const {name} = {_literal(value)};" for name, value in sorted(constants.items())), *codes, ""])


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
        """The function as JavaScript; no local name can hide a method's."""
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(self.function))).body
        assert isinstance(definition, ast.FunctionDef)
        name = f"${definition.name}" if definition.name in self.own else definition.name
        names = [a.arg for a in (*definition.args.args, *definition.args.kwonlyargs)]
        body = "\n".join(f"  {line}" for line in self._block(definition.body))
        return f"function {name}({', '.join(names)}) {{\n{body}\n}}"

    def _block(self, statements: Iterable[ast.stmt]) -> list[str]:
        return [line for statement in statements for line in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[str]:
        match node:
            case ast.Expr(ast.Constant()):
                return []  # the docstring
            case ast.Return(ast.expr() as value):
                return [f"return {self._say(value)};"]
            case ast.Assign([target], value):
                return [f"const {self._say(target)} = {self._say(value)};"]
            case ast.If(test, body, orelse):
                inner, other = ([f"  {line}" for line in self._block(part)] for part in (body, orelse))
                return [f"if ({self._test(test)}) {{", *inner, *(["} else {", *other] if other else []), "}"]
        raise self._unknown(node)

    def _unknown(self, node: ast.AST) -> Untranslatable:
        return Untranslatable(f"{self.function.__name__}: {ast.unparse(node)}")

    def _test(self, node: ast.expr) -> str:
        return f"truth({self._say(node)})"

    def _say(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value):
                return _literal(value)
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.BinOp(left, sign, right) if type(sign) in SIGNS:
                return f"({self._say(left)} {SIGNS[type(sign)]} {self._say(right)})"
            case ast.UnaryOp(ast.Not(), operand):
                return f"!{self._test(operand)}"
            case ast.UnaryOp(ast.USub(), operand):
                return f"(-{self._say(operand)})"
            case ast.BoolOp(sign, values):
                return f"({f' {SIGNS[type(sign)]} '.join(map(self._test, values))})"
            case ast.Compare(left, signs, rights):
                pairs = zip((left, *rights), signs, rights, strict=False)
                return f"({' && '.join(self._compared(*pair) for pair in pairs)})"
            case ast.IfExp(test, body, orelse):
                return f"({self._test(test)} ? {self._say(body)} : {self._say(orelse)})"
            case ast.Tuple(elements) | ast.List(elements):
                return f"[{', '.join(map(self._say, elements))}]"
            case ast.Starred(value):
                return f"...{self._say(value)}"
            case ast.Lambda(arguments, body):
                return f"({', '.join(a.arg for a in arguments.args)}) => {self._say(body)}"
            case ast.ListComp(element, [loop]) | ast.GeneratorExp(element, [loop]):
                each = self._say(loop.target)
                kept = "".join(f".filter(({each}) => {self._test(condition)})" for condition in loop.ifs)
                return f"{self._say(loop.iter)}{kept}.map(({each}) => {self._say(element)})"
            case ast.Call():
                return self._call(node)
        raise self._unknown(node)

    def _named(self, node: ast.Name | ast.Attribute) -> str:
        outside = self.function.__globals__
        match node:
            case ast.Name(name):
                if name.isupper() and name in outside:
                    self.constants[name] = outside[name]
                return name
            case ast.Attribute(ast.Name(name), member) if name in outside:
                return _literal(getattr(outside[name], member))  # a member of a scale, or math.inf
            case ast.Attribute(value, "index"):
                return f"((x) => {self._say(value)}.indexOf(x))"
            case ast.Attribute(value, name):
                return f"${name}({self._say(value)})" if self.own.get(name) else f"{self._say(value)}.{name}"

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str:
        if isinstance(sign, (ast.In, ast.NotIn)):
            return f"{'!' if isinstance(sign, ast.NotIn) else ''}{self._say(right)}.includes({self._say(left)})"
        return f"{self._say(left)} {SIGNS[type(sign)]} {self._say(right)}"

    def _call(self, node: ast.Call) -> str:
        name, values = ast.unparse(node.func), [self._say(argument) for argument in node.args]
        named = {str(word.arg): self._say(word.value) for word in node.keywords}
        if isinstance(node.func, ast.Attribute) and node.func.attr in self.own:
            return f"${node.func.attr}({', '.join([self._say(node.func.value), *values])})"
        if name in self.made:
            fields = inspect.signature(self.made[name]).parameters
            said = dict(zip(fields, values, strict=False)) | named
            return f"{{{', '.join(f'{n}: {said.get(n) or _literal(f.default)}' for n, f in fields.items())}}}"
        if name in self.known:
            rest = list(inspect.signature(self.known[name]).parameters)[len(values) :]
            return f"{name}({', '.join(values + [named[parameter] for parameter in rest if parameter in named])})"
        if name in self.given:
            return f"{name}({', '.join(values)})"
        if name.startswith("list(") and name.endswith(").index"):
            members = list(self.function.__globals__[name.removeprefix("list(").removesuffix(").index")])
            return f"{_literal(members)}.indexOf({values[0]})"
        if name in PICKS:
            choices = values[0] if len(values) == 1 else f"[{', '.join(values)}]"
            return f"{PICKS[name]}({choices}, {named['key']})" if named else f"Math.{name}(...{choices})"
        if form := CALLS.get((name, len(values))):
            return form.format(*values)
        raise self._unknown(node)
