"""The corpus: a table of kinds for each entrance, from which every hostile input is made.

A case is a command line over files written into a folder of its own. `refused` cases must end in one line and an
exit status of 1 or 2; `accepted` ones are controls that must work; `either` may do what it likes, but in order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

REFUSED, ACCEPTED, EITHER = "refused", "accepted", "either"

HUGE = "9" * 401  # an integer that no float holds
NUMBERS = {  # TOML spellings of what no positive number is
    "zero": "0",
    "negative": "-1.0",
    "nan": "nan",
    "inf": "inf",
    "overflow": "1e400",
    "401 digits": HUGE,
    "5001 digits": "9" * 5001,
    "text": '"many"',
    "empty text": '""',
    "true": "true",
    "three numbers": "[1, 2, 3]",
    "reversed range": "[20.0, 10.0]",
    "range with nan": "[nan, 10.0]",
    "nested table": "{a = 1}",
    "a date": "2024-06-30",
    "1 MB of text": f'"{"a" * 1_000_000}"',
}
TEXTS = {  # TOML spellings of what no name is
    "a number": "12",
    "empty": '""',
    "control characters": '"\\u001b[31mred\\u0007"',
    "a path": '"../../../etc/passwd"',
    "a list": '["A100", "H100"]',
    "NUL": '"A100\\u0000"',
    "100 kB": f'"{"a" * 100_000}"',
    "no such name": '"zzyzx"',
    "right to left": '"\\u202eA100"',
    "true": "true",
    "markup": '"<script>alert(1)</script>"',
    "template": '"{name} {0}"',
}
TOML_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", EITHER),
    "byte order mark": ("\ufeff".encode() + b"params = 1e9\ntokens = 2e10\n", ACCEPTED),
    "UTF-16": ("params = 1e9\n".encode("utf-16"), EITHER),  # a mark at its start says so
    "no UTF-8": (b'title = "\xff\xfe"\n', REFUSED),
    "NUL": (b"params = 1e9\x00\n", REFUSED),
    "unclosed text": (b'title = "abc\n', REFUSED),
    "key twice": (b"params = 1e9\nparams = 2e9\n", REFUSED),
    "dotted key of 5000 parts": (b".".join([b"a"] * 5000) + b" = 1\n", REFUSED),
    "dotted key of 50000 parts": (b".".join([b"a"] * 50_000) + b" = 1\n", REFUSED),
    "3000 nested arrays": (b"params = " + b"[" * 3000 + b"]" * 3000 + b"\n", REFUSED),
    "3000 nested tables": (b"params = " + b"{a=" * 3000 + b"1" + b"}" * 3000 + b"\n", REFUSED),
    "unknown key": (b"paramz = 1e9\n", REFUSED),
    "key with a line break": (b'"a\\nb" = 1\n', REFUSED),
    "an array of tables": (b"[[params]]\na = 1\n", REFUSED),
    "3 MB of comments": (b"# nothing\n" * 300_000, EITHER),
    "Windows line ends": (b"params = 1e9\r\ntokens = 2e10\r\n", ACCEPTED),
    "JSON": (b'{"params": 1e9}', EITHER),
}


@dataclass(frozen=True)
class Case:
    """A command line; `{here}` in it is the folder that holds the files."""

    entrance: str
    kind: str
    argv: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    expected: str = REFUSED
    prepare: Callable[[Path], None] | None = None

    def __str__(self) -> str:
        return f"{self.entrance}: {self.kind}"


def all_cases() -> list[Case]:
    """Every case but those that take a browser or a build."""
    makers = (
        scenarios,
        options,
        sweeps,
        predictions,
        articles,
        parameters,
        raw_tables,
        own_ledgers,
        special_files,
        more,
    )
    return [case for maker in makers for case in maker()]


# Scenario files, --set, compare, plan -----------------------------------------------------------------------------------

NUMERIC_FIELDS = (
    "params", "tokens", "count", "utilisation", "pue", "layers", "global_batch", "memory_bytes", "seq_len",
    "price_per_chip_hour_usd", "device_power_w",
)  # fmt: skip
ZERO_IS_FINE = ("price_per_chip_hour_usd",)
NAMED_FIELDS = ("accelerator", "grid", "date", "solve_for", "commitment", "recompute")
BASE = {"params": "1e9", "tokens": "2e10", "accelerator": '"A100"', "count": "8"}


def scenario_file(**cells: str) -> bytes:
    """A scenario with these cells, in TOML's own spelling."""
    return "".join(f"{name} = {cell}\n" for name, cell in {**BASE, **cells}.items()).encode()


def scenarios() -> Iterator[Case]:
    """Scenario files: every field with every kind of cell, and files that are no scenario."""
    for name in NUMERIC_FIELDS:
        for kind, cell in NUMBERS.items():
            fine = kind == "zero" and name in ZERO_IS_FINE
            argv = ("scenario", "{here}/s.toml")
            yield Case("scenario", f"{name} {kind}", argv, {"s.toml": scenario_file(**{name: cell})}, EITHER if fine else REFUSED)  # fmt: skip
    for name in NAMED_FIELDS:
        for kind, cell in TEXTS.items():
            argv = ("scenario", "{here}/s.toml")
            empty = EITHER if kind == "empty" else REFUSED
            yield Case("scenario", f"{name} {kind}", argv, {"s.toml": scenario_file(**{name: cell})}, empty)
    for kind, (content, expected) in TOML_FILES.items():
        yield Case("scenario", kind, ("scenario", "{here}/s.toml"), {"s.toml": content}, expected)
        yield Case("compare", kind, ("compare", "gpt-3", "{here}/s.toml"), {"s.toml": content}, expected)
    for kind, name in {"missing file": "{here}/none.toml", "a folder": "{here}", "a name too long": "a" * 5000}.items():
        yield Case("scenario", kind, ("scenario", name))
        yield Case("compare", kind, ("compare", "gpt-3", name))
    experts = scenario_file(params="671e9", experts="256", active_experts="8")
    yield Case("scenario", "experts that nothing uses", ("scenario", "{here}/s.toml"), {"s.toml": experts})
    yield Case("scenario", "power in kilowatts", ("scenario", "{here}/s.toml"), {"s.toml": scenario_file(device_power_w="0.7")})  # fmt: skip


OPTIONS = ("params", "tokens", "count", "utilisation", "pue", "layers", "seq-len", "global-batch", "price")
OPTION_VALUES = {
    "negative": "-1",
    "nan": "nan",
    "inf": "inf",
    "overflow": "1e400",
    "401 digits": HUGE,
    "text": "many",
    "empty": "",
    "NUL": "1\x00",
    "two numbers": "1 2",
    "a formula": "=1+1",
    "combining mark": "1\u0301",
    "control characters": "\x1b[31m1",
}


def options() -> Iterator[Case]:
    """Options of `plan` and values of `--set`."""
    good = {"params": "1e9", "tokens": "2e10", "accelerator": "A100", "count": "8"}
    for name in OPTIONS:
        for kind, value in OPTION_VALUES.items():
            given = {**good, name: value}
            yield Case("plan", f"{name} {kind}", ("plan", *(f"--{n}={v}" for n, v in given.items())))
    for kind, value in OPTION_VALUES.items():
        yield Case("scenario --set", f"count {kind}", ("scenario", "gpt-3", "--set", "count", value))
        yield Case("scenario --set", f"field {kind}", ("scenario", "gpt-3", "--set", value, "1"))
    for kind, value in {"unknown": "zzyzx", "1 MB": "a" * 100_000, "escape": "\x1b]0;x\x07", "path": "../a"}.items():
        yield Case("plan", f"accelerator {kind}", ("plan", *(f"--{n}={v}" for n, v in {**good, "accelerator": value}.items())))  # fmt: skip


# Sweeps -----------------------------------------------------------------------------------------------------------------

AXES = {
    "the unknown": "days = [10.0, 20.0]",
    "empty list": "count = []",
    "texts for a number": 'count = ["a", "b"]',
    "nan": "count = [8, nan]",
    "overflow": "params = [1e400]",
    "no steps": "count = {from = 8, to = 16, steps = 0}",
    "negative steps": "count = {from = 8, to = 16, steps = -3}",
    "steps of 401 digits": f"count = {{from = 8, to = 16, steps = {HUGE}}}",
    "from zero on a log scale": "params = {from = 0, to = 1e9, steps = 3}",
    "nan as an end": "params = {from = nan, to = 1e9, steps = 3}",
    "unknown key": "params = {from = 1e8, to = 1e9, stepz = 3}",
    "no such field": "paramz = [1e9]",
    "too many rows": "params = {from = 1e8, to = 1e9, steps = 1000000}\ntokens = {from = 1e9, to = 1e10, steps = 1000000}",
    "a nested table": "params = {from = {a = 1}, to = 1e9, steps = 3}",
    "a text": 'params = "all"',
}  # fmt: skip
OUTPUTS = {
    "twice": '["days", "days"]',
    "unknown": '["dayz"]',
    "an axis": '["days", "count"]',
    "a number": "3",
    "empty": "[]",
    "nested": '[["days"]]',
}


def sweeps() -> Iterator[Case]:
    """Sweep files: axes, outputs, and files that are no sweep."""
    argv = ("sweep", "{here}/w.toml", "--out", "{here}/out")
    head = b'[scenario]\nparams = 1e9\ntokens = 2e10\naccelerator = "A100"\n'
    for kind, axis in AXES.items():
        yield Case("sweep", f"axis {kind}", argv, {"w.toml": head + f"[grid]\n{axis}\n".encode()})
    for kind, cell in OUTPUTS.items():
        content = f"outputs = {cell}\n".encode() + head + b"[grid]\ncount = [8, 16]\n"
        yield Case("sweep", f"outputs {kind}", argv, {"w.toml": content})
    for kind, (content, _) in TOML_FILES.items():
        if kind not in ("3 MB of comments", "empty"):  # without a grid a sweep is its one scenario
            yield Case("sweep", kind, argv, {"w.toml": content})
    good = head + b"[grid]\ncount = [8, 16]\n"
    yield Case("sweep", "control", argv, {"w.toml": good}, ACCEPTED)
    for kind, more in {
        "no workers": ("--workers", "-5"),
        "half a worker": ("--workers", "0.5"),
        "no address": ("--scheduler", "tcp://"),
        "an address of nothing": ("--scheduler", "file:///etc/passwd"),
    }.items():
        yield Case("sweep", kind, (*argv, *more), {"w.toml": good})


# predict ----------------------------------------------------------------------------------------------------------------

COLUMNS = ("run_id", "layers", "hidden", "heads", "seq_len", "vocab", "global_batch", "micro_batch", "n_gpus", "accelerator", "tensor_parallel", "pipeline_parallel", "data_parallel")  # fmt: skip
RUN = ("a", "24", "2048", "16", "2048", "51200", "64", "1", "8", "A100", "1", "1", "8")
CELLS = {"zero": "0", "negative": "-8", "nan": "nan", "inf": "inf", "overflow": "1e400", "401 digits": HUGE, "text": "many", "fraction": "2.5", "formula": "=1+1", "control characters": "\x1b[31m8"}  # fmt: skip


def table(*rows: tuple[str, ...], delimiter: str = ",", end: str = "\n") -> bytes:
    """Rows as a CSV file."""
    return (end.join(delimiter.join(row) for row in rows) + end).encode()


def runs_with(column: str, cell: str) -> bytes:
    """A table of one run with one cell changed."""
    return table(COLUMNS, tuple(cell if c == column else v for c, v in zip(COLUMNS, RUN, strict=True)))


def predictions() -> Iterator[Case]:
    """Tables of runs: cells, columns, rows and files that are no table."""
    argv = ("predict", "{here}/r.csv")
    good = table(COLUMNS, RUN)
    yield Case("predict", "control", argv, {"r.csv": good}, ACCEPTED)
    for column in ("layers", "hidden", "heads", "seq_len", "global_batch", "n_gpus", "tensor_parallel"):
        for kind, cell in CELLS.items():
            yield Case("predict", f"{column} {kind}", argv, {"r.csv": runs_with(column, cell)})
    misspelt = tuple("layrs" if c == "layers" else c for c in COLUMNS)
    files: dict[str, tuple[bytes, str]] = {
        "misspelt column": (table(misspelt, RUN), REFUSED),
        "column twice": (table((*COLUMNS, "layers"), (*RUN, "24")), REFUSED),
        "cut row": (table(COLUMNS, RUN[:5]), REFUSED),
        "overlong row": (table(COLUMNS, (*RUN, "x", "y")), REFUSED),
        "no known column": (table(("foo", "bar"), ("1", "2")), REFUSED),
        "unknown accelerator": (runs_with("accelerator", "zzyzx"), REFUSED),
        "empty file": (b"", REFUSED),
        "head only": (table(COLUMNS), REFUSED),
        "NUL": (good.replace(b"24", b"24\x00"), REFUSED),
        "byte order mark": ("\ufeff".encode() + good, ACCEPTED),
        "Windows line ends": (table(COLUMNS, RUN, end="\r\n"), ACCEPTED),
        "semicolons": (table(COLUMNS, RUN, delimiter=";"), EITHER),
        "tabs": (table(COLUMNS, RUN, delimiter="\t"), EITHER),
        "spaces": (table(COLUMNS, RUN, delimiter=" "), REFUSED),
        "unclosed quote": (good + b'"b,24', REFUSED),
        "a cell of 300 kB": (runs_with("run_id", "a" * 300_000), EITHER),
        "binary": (bytes(range(256)) * 40, REFUSED),
        "a PNG": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, REFUSED),
        "JSON": (b'[{"layers": 24}]', REFUSED),
        "blank lines only": (b"\n\n\n\n", REFUSED),
        "a name that a spreadsheet runs": (runs_with("run_id", "=cmd()"), EITHER),
    }
    for kind, (content, expected) in files.items():
        yield Case("predict", kind, argv, {"r.csv": content}, expected)
    yield Case("predict", "output is input", (*argv, "-o", "{here}/r.csv"), {"r.csv": good})
    yield Case("predict", "refused, with an output that is there", (*argv, "-o", "{here}/old.csv"), {"r.csv": table(misspelt, RUN), "old.csv": b"old"})  # fmt: skip
    yield Case("predict", "output in no folder", (*argv, "-o", "{here}/no/o.csv"), {"r.csv": good}, EITHER)
    yield Case("predict", "missing file", ("predict", "{here}/none.csv"))
    yield Case("predict", "a folder", ("predict", "{here}"))


# Articles ---------------------------------------------------------------------------------------------------------------

SENTENCE = "GPT-3 has 175 billion parameters and was trained on 300 billion tokens."
PROSE: dict[str, tuple[bytes, str]] = {
    "control": (SENTENCE.encode(), ACCEPTED),
    "empty": (b"", EITHER),
    "blank": (b" \n\t\n", EITHER),
    "an infinite figure": (f"{SENTENCE} It took 1e999 FLOPs.".encode(), ACCEPTED),
    "a figure of 5000 digits": (f"{SENTENCE} It took {'9' * 5000} FLOPs.".encode(), ACCEPTED),
    "control characters": (f"\x1b[31m{SENTENCE}\x07".encode(), ACCEPTED),
    "combining marks": ("GPT-3 has 1\u03017\u03015\u0301 billion parameters.".encode(), ACCEPTED),
    "negative figures": (b"GPT-3 has -175 billion parameters.", ACCEPTED),
    "rates of nothing": (
        f"{SENTENCE} 9^99999 GPU 1/0 GPUs 0/0 %, 5 dollars/0 GPUs, 7 MWh per 0 days, 1e1e9 tokens.".encode(),
        ACCEPTED,
    ),
    "figures of no time": (
        "31 February 2023, 0000-00-00, 2023年13月45日, for 9999999999 days since 12/31/99999, -0%, 1e-400%".encode(),
        ACCEPTED,
    ),
    "marks that nobody sees": (
        "GPT\u200b-3 has 1\u200b75 bil\u00adlion para\u200dmeters, 1\ufe0f\u20e37\ufe0f\u20e3 GPUs, ①⑦⑤亿参数, Ⅻ 亿, 〇〇七亿".encode(),
        ACCEPTED,
    ),
    "right to left": (f"\u202e{SENTENCE}".encode(), ACCEPTED),
    "byte order mark": (f"\ufeff{SENTENCE}".encode(), ACCEPTED),
    "UTF-16": (SENTENCE.encode("utf-16"), EITHER),
    "GBK": ("源1.0的参数量为2457亿。".encode("gbk"), EITHER),
    "binary": (bytes(range(256)) * 40, EITHER),
    "NUL": (f"{SENTENCE}\x00".encode(), EITHER),
    "100 kB of digits": (b"1" * 100_000, ACCEPTED),
    "100 kB of 1-1-1": (b"1-1-" * 25_000, ACCEPTED),
    "50 kB of blanks between digits": (b"1 " * 25_000, ACCEPTED),
    "50 kB of hundreds": (("百" * 16_000).encode(), ACCEPTED),
    "50 kB of brackets": (b"(" * 50_000, ACCEPTED),
    "a name of 50 kB": (b"GPT-" + b"3" * 50_000 + b" has 175 billion parameters.", ACCEPTED),
}
PAGES: dict[str, tuple[bytes, str]] = {
    "control": (f"<p>{SENTENCE}</p>".encode(), ACCEPTED),
    "10,000 nested elements": (b"<div>" * 10_000 + SENTENCE.encode(), EITHER),
    "charset undefined": (f'<meta charset="undefined"><p>{SENTENCE}'.encode() + b"\xff", REFUSED),
    "charset of no text": (f'<meta charset="base64"><p>{SENTENCE}'.encode(), EITHER),
    "unclosed comment": (f"<!-- {SENTENCE}".encode(), EITHER),
    "an attribute of 1 MB": (b'<p title="' + b"a" * 1_000_000 + b'">' + SENTENCE.encode(), ACCEPTED),
    "entities that are no characters": (f"<p>&#x110000; &#0; &#xd800; {SENTENCE}".encode(), ACCEPTED),
    "script": (f"<script>{SENTENCE}</script>".encode(), EITHER),
    "hidden text": (f'<p hidden>{SENTENCE}</p><p style="display:none">{SENTENCE}</p>'.encode(), EITHER),
    "doctype bomb": (b'<!DOCTYPE a [<!ENTITY a "&a;&a;">]><p>&a;', EITHER),
    "20,000 table cells": (b"<table>" + b"<tr><td>1</td></tr>" * 20_000, ACCEPTED),
}
DOCUMENTS: dict[str, bytes] = {
    "not a PDF": b"hello",
    "head only": b"%PDF-1.7\n",
    "truncated": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages",
    "a tree that is its own child": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R] /Count 1 >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\n%%EOF\n",
    "a root that is nowhere": b"%PDF-1.4\ntrailer\n<< /Root 9 0 R /Size 1 >>\n%%EOF\n",
    "empty": b"",
    "binary": bytes(range(256)) * 100,
    "a count of billions": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 9999999999 >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\n%%EOF\n",
    "1 MB of objects": b"%PDF-1.4\n" + b"1 0 obj\n<< >>\nendobj\n" * 45_000,
    "compressed garbage": b"%PDF-1.4\n1 0 obj\n<< /Length 10 /Filter /FlateDecode >>\nstream\n0123456789\nendstream\nendobj\n%%EOF\n",
    "deep arrays": b"%PDF-1.4\n1 0 obj\n" + b"[" * 20_000 + b"\nendobj\n%%EOF\n",
    "nothing but a trailer": b"trailer << /Root null >>\n%%EOF\n",
}


def articles() -> Iterator[Case]:
    """Articles as text, saved pages and PDF, read in every format and into a ledger."""
    for kind, (content, expected) in PROSE.items():
        for form in ("table", "csv"):
            yield Case(f"scan text --format {form}", kind, ("scan", "{here}/a.txt", "--format", form), {"a.txt": content}, expected)  # fmt: skip
        yield Case("scan --add", kind, ("scan", "{here}/a.txt", "--add", "{here}/led"), {"a.txt": content}, EITHER)
        if not kind.startswith(("100 kB", "50 kB")):
            yield Case(
                "article", kind, ("article", "{here}/a.txt", "--out", "{here}/out"), {"a.txt": content}, expected
            )
    for kind, name in NAMES.items():
        yield Case("known", kind, ("known", name))
    for kind, (content, expected) in PAGES.items():
        yield Case("scan page", kind, ("scan", "{here}/a.html"), {"a.html": content}, expected)
    for kind, content in DOCUMENTS.items():
        yield Case("scan PDF", kind, ("scan", "{here}/a.pdf"), {"a.pdf": content})
    for kind, name in {"missing": "{here}/none.txt", "a folder": "{here}", "an address": "https://example.org/a.html", "another kind": "{here}/a.docx"}.items():  # fmt: skip
        yield Case("scan", kind, ("scan", name), {"a.docx": b"PK\x03\x04"})
    link = ("scan", "{here}/a.txt", "--add", "{here}/led")
    yield Case("scan --add", "a link in place of a table", link, {"a.txt": SENTENCE.encode(), "victim": b"mine"}, EITHER, _link_a_table)  # fmt: skip


NAMES = {
    "empty": "",
    "blank": "  ",
    "no such name": "zzyzx",
    "control characters": "\x1b[31mred\x07",
    "right to left": "\u202e3-TPG",
    "100 kB": "a" * 100_000,
    "a path": "../../../etc/passwd",
    "a formula": "=cmd()",
    "markup": "<script>alert(1)</script>",
    "template": "{name} {0} %s",
    "a pattern": "(GPT|.*)+-3",
    "half a pair of surrogates": "GPT\udc80-3",
    "a line break": "GPT-3\nGPT-2 no",
    "NUL": "GPT-3\x00",
}


def _link_a_table(here: Path) -> None:
    (here / "led").mkdir()
    (here / "led" / ".claims.csv.new").symlink_to(here / "victim")


# Parameters of notebooks ------------------------------------------------------------------------------------------------

NOTEBOOKS = {"03_compute": "days", "06_scenario": "count", "10_sweep": "workers", "02_scale": "out_dir"}
ASSIGNMENTS = {
    "unknown name": ("dayz", "3"),
    "empty name": ("", "3"),
    "code in the name": ("days\nimport os", "3"),
    "a dunder": ("__name__", "3"),
    "a keyword": ("import", "3"),
    "no such language": ("language", "xx"),
}
VALUES = {"text": "many", "nan": "nan", "inf": "inf", "overflow": "1e400", "empty": "", "code": "__import__('os')", "401 digits": HUGE, "NUL": "1\x00"}  # fmt: skip


def parameters() -> Iterator[Case]:
    """Parameters of `run`, `build` and `explain`: refused before anything runs."""
    for name, parameter in NOTEBOOKS.items():
        source = f"{{project}}/notebooks/{name}.ipynb"
        for kind, (key, value) in ASSIGNMENTS.items():
            yield Case("run", f"{name} {kind}", ("run", source, "{here}/out.ipynb", "-p", key, value))
            yield Case("build", f"{name} {kind}", ("build", "--into", "{here}/r", "-p", f"{name}.{key}", value))
        if name in ("03_compute", "06_scenario"):
            for kind, value in VALUES.items():
                yield Case("run", f"{name}.{parameter} {kind}", ("run", source, "{here}/out.ipynb", "-p", parameter, value))  # fmt: skip
    for kind, content in {
        "metadata null": b'{"cells": [], "metadata": null}',
        "deep": b"[" * 100_000,
        "empty": b"",
        "a list": b"[]",
        "another version": b'{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}',
        "cells null": b'{"cells": null, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "a cell of no kind": b'{"cells": [{}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "binary": bytes(range(256)),
        "no parameters": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    }.items():
        yield Case("run a notebook", kind, ("run", "{here}/n.ipynb", "{here}/out.ipynb", "-p", "days", "3"), {"n.ipynb": content})  # fmt: skip
    for kind, argv in {
        "no dot": ("-p", "days", "3"),
        "no such notebook": ("-p", "99_none.days", "3"),
        "workers": ("--workers", "-5"),
        "into a file": ("--into", "/etc/passwd"),
        "texts that are no folder": ("--texts", "/nonexistent"),
    }.items():
        yield Case("build", kind, ("build", "--into", "{here}/r", *argv) if "--into" not in argv else ("build", *argv))


# Raw tables and ledgers of one's own --------------------------------------------------------------------------------------

BROKEN = {  # table, row, column, cell
    "value overflows": ("evidence", 0, "value", "1e400"),
    "value negative": ("evidence", 0, "value", "-1e9"),
    "value text": ("evidence", 0, "value", "many"),
    "value nan": ("evidence", 0, "value", "nan"),
    "a unit of another quantity": ("evidence", 0, "unit", "token"),
    "a unit of nothing": ("evidence", 0, "unit", "furlong"),
    "a day that is not": ("evidence", 2, "value", "2022-02-30"),
    "a month that is not": ("evidence", 2, "value", "2022-13"),
    "NUL": ("evidence", 0, "locator", "Table\x001"),
    "no source": ("evidence", 0, "source_id", "nobody2021"),
    "a claim that overflows": ("claims", 0, "value", "1e400"),
    "a low end above the value": ("claims", 0, "value_low", "9e99"),
    "a kind of nothing": ("claims", 0, "kind", "colour"),
    "a check of nothing": ("claims", 0, "check", "guess"),
    "no evidence": ("claims", 0, "evidence_ids", "alpha.weight"),
    "an offset before the text": ("claims", 0, "char_start", "-3"),
    "an offset that is text": ("claims", 0, "char_start", "three"),
    "an end before its start": ("claims", 0, "char_end", "1"),
    "a token that is not there": ("claims", 0, "as_printed", "17"),
    "a claim twice": ("claims", 1, "claim_id", "000-size"),
    "parameters negative": ("models", 0, "parameters", "-5"),
    "a date of no calendar": ("models", 0, "published", "2020-02-31"),
    "a hash that is none": ("articles", 0, "sha256", "xyz"),
}


def raw_tables() -> Iterator[Case]:
    """The project's tables with one cell broken; `check` and `verdicts` both refuse them."""
    for kind, (name, row, column, cell) in BROKEN.items():
        for command in ("check", "verdicts"):
            yield Case(f"raw table: {command}", kind, (command, "--data", "{here}/data"), prepare=_broken(name, row, column, cell))  # fmt: skip
    for kind, change in TABLE_FILES.items():
        yield Case("raw table: check", kind, ("check", "--data", "{here}/data"), prepare=_changed(change))
    yield Case("raw table: check", "control", ("check", "--data", "{here}/data"), expected=ACCEPTED, prepare=_changed(lambda text: text))  # fmt: skip
    yield Case("raw table: check", "texts that are no folder", ("check", "--texts", "/nonexistent"))


TABLE_FILES: dict[str, Callable[[bytes], bytes]] = {
    "semicolons": lambda text: text.replace(b",", b";"),
    "column twice": lambda text: text.replace(b"evidence_id,", b"evidence_id,evidence_id,", 1),
    "column misspelt": lambda text: text.replace(b"locator", b"locater", 1),
    "a column more": lambda text: text.replace(b"\n", b",colour\n", 1),
    "cut row": lambda text: text + b"gamma.size,alpha\n",
    "overlong row": lambda text: text.rstrip(b"\n") + b",x,y,z\n",
    "no UTF-8": lambda text: text + b"\xff\xfe,alpha\n",
    "empty": lambda text: b"",
    "unclosed quote": lambda text: text + b'"gamma',
    "binary": lambda text: bytes(range(256)),
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "NUL bytes": lambda text: text + b"\x00" * 20,
}


def _broken(name: str, row: int, column: str, cell: str) -> Callable[[Path], None]:
    def prepare(here: Path) -> None:
        from tests import samples

        rows = samples.rows()
        rows[name][row] = {**rows[name][row], column: cell}
        samples.write_data(here / "data", rows)

    return prepare


def _changed(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def prepare(here: Path) -> None:
        from tests import samples

        path = samples.write_data(here / "data", samples.rows()) / "raw" / "evidence.csv"
        path.write_bytes(change(path.read_bytes()))

    return prepare


def own_ledgers() -> Iterator[Case]:
    """Ledgers of one's own: a folder with a table broken."""
    for command in ("check", "verdicts"):
        argv = (command, "--ledger", "{here}/led")
        yield Case(f"own ledger: {command}", "missing folder", argv)
        yield Case(f"own ledger: {command}", "empty folder", argv, prepare=lambda here: (here / "led").mkdir())
        for kind, content in {
            "empty": b"",
            "binary": bytes(range(256)) * 4,
            "no such columns": b"a,b\n1,2\n",
            "semicolons": b"claim_id;article_id\nx;y\n",
            "unclosed quote": b'claim_id,"article_id\n',
            "UTF-16": "claim_id,article_id\n".encode("utf-16"),
        }.items():
            yield Case(f"own ledger: {command}", kind, argv, {"led/claims.csv": content, "led/articles.csv": content})


# What is no file, for every entrance that takes one ----------------------------------------------------------------------

FILES = {  # the name of the file, and the command line that reads it
    "scenario": ("s.toml", ("scenario", "{here}/s.toml")),
    "scenario as JSON": ("s.json", ("scenario", "{here}/s.json")),
    "compare": ("s.toml", ("compare", "gpt-3", "{here}/s.toml")),
    "sweep": ("w.toml", ("sweep", "{here}/w.toml", "--out", "{here}/out")),
    "predict": ("r.csv", ("predict", "{here}/r.csv")),
    "plan --config": ("c.json", ("plan", "--config", "{here}/c.json", "--tokens", "1e9", "--accelerator", "A100", "--count", "8")),
    "scan text": ("a.txt", ("scan", "{here}/a.txt")),
    "scan page": ("a.html", ("scan", "{here}/a.html")),
    "scan PDF": ("a.pdf", ("scan", "{here}/a.pdf")),
    "article": ("a.txt", ("article", "{here}/a.txt", "--out", "{here}/out")),
    "run": ("n.ipynb", ("run", "{here}/n.ipynb", "{here}/out.ipynb")),
    "own ledger: check": ("led/claims.csv", ("check", "--ledger", "{here}/led")),
}  # fmt: skip


def _with(make: Callable[[Path], object], name: str) -> Callable[[Path], None]:
    def prepare(here: Path) -> None:
        (here / name).parent.mkdir(exist_ok=True)
        make(here / name)

    return prepare


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300_000_000)


def special_files() -> Iterator[Case]:
    """A pipe that nobody writes to, links in a circle or to nothing, folders, devices, 300 MB of zeros."""
    made: dict[str, Callable[[Path], object]] = {
        "a pipe": os.mkfifo,
        "a link to itself": lambda path: path.symlink_to(path),
        "a link to nothing": lambda path: path.symlink_to(path.with_name("gone")),
        "a folder of that name": lambda path: path.mkdir(),
        "300 MB of zeros": _sparse,
        "zeros without end": lambda path: path.symlink_to("/dev/zero"),
    }
    for entrance, (name, argv) in FILES.items():
        for kind, make in made.items():
            yield Case(entrance, kind, argv, prepare=_with(make, name))


# Kinds that were found by looking again ------------------------------------------------------------------------------------


def more() -> Iterator[Case]:
    """Dates beyond any price, JSON's own ways, what stands twice, figures with signs that nobody sees."""
    for year in ("0001-01-01", "9999-12-31"):
        yield Case("scenario", f"date {year}", ("scenario", "{here}/s.toml"), {"s.toml": scenario_file(date=year)})
        yield Case("plan", f"date {year}", ("plan", "--params=1e9", "--tokens=1e9", "--accelerator=A100", "--count=8", f"--date={year}"))  # fmt: skip
    free = b"params = 1e9\naccelerator = 'A100'\ncount = 8\nbudget_usd = 1000\nsolve_for = 'tokens'\nprice_per_chip_hour_usd = 0\n"
    yield Case("scenario", "a budget for what costs nothing", ("scenario", "{here}/s.toml"), {"s.toml": free})
    for kind, text in {
        "4000 digits": '{"params": ' + "9" * 4000 + "}",
        "a key twice": '{"params": 1e9, "params": 2e9, "tokens": 1e10}',
        "NaN": '{"params": NaN}',
        "900 brackets": '{"params": ' + "[" * 900 + "]" * 900 + "}",
    }.items():
        yield Case("scenario as JSON", kind, ("scenario", "{here}/s.json"), {"s.json": text.encode()})
    config = '{"num_hidden_layers": 24, "hidden_size": 2048, "num_attention_heads": 16, "text_config": []}'
    yield Case("plan --config", "a list for an object", FILES["plan --config"][1], {"c.json": config.replace("[]", "[1]").encode()})  # fmt: skip
    yield Case("scenario --set", "a field twice", ("scenario", "gpt-3", "--set", "count", "1", "--set", "count", "2"))
    for kind, count in {"none": "0", "fewer than none": "-1", "a googol": "1" + "0" * 100}.items():
        yield Case("scenario", f"layouts {kind}", ("scenario", "gpt-3", "--layouts", count))
    head = '[scenario]\nparams = 1e9\ntokens = 2e10\naccelerator = "A100"\n'
    for kind, text in {
        "a list of steps": "[grid]\ncount = {from = 8, to = 16, steps = [3]}\n",
        "a day of steps": "[grid]\ncount = {from = 8, to = 16, steps = 2024-01-01}\n",
        "a value twice": "[grid]\ncount = [8, 8]\n",
        "a list of rows": "[sample]\nrows = [1, 2]\npue = [1.1, 1.2]\n",
        "rows of nothing": "[sample]\nrows = 10\n",
    }.items():
        yield Case("sweep", kind, ("sweep", "{here}/w.toml", "--out", "{here}/out"), {"w.toml": (head + text).encode()})
    titled = f"title = [1]\n{head}[grid]\ncount = [8]\n"
    yield Case(
        "sweep", "a list for a title", ("sweep", "{here}/w.toml", "--out", "{here}/out"), {"w.toml": titled.encode()}
    )
    yield Case("predict", "a run of which nothing is said", ("predict", "{here}/r.csv"), {"r.csv": b"run_id\na\n"})
    for command in ("known GPT-3", "check", "verdicts"):
        yield Case(command, "a ledger that is not there", (*command.split(), "--ledger", "{here}/none"))
    yield Case("article", "a ledger that is not there", ("article", "{here}/a.txt", "--out", "{here}/out", "--ledger", "{here}/none"), {"a.txt": SENTENCE.encode()})  # fmt: skip
    yield Case("scan text", "UTF-32", ("scan", "{here}/a.txt"), {"a.txt": SENTENCE.encode("utf-32")})
    yield Case("scan text", "2 MB of one word", ("scan", "{here}/a.txt"), {"a.txt": b"a" * 2_000_000})
