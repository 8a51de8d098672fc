"""A record says the same wherever and whenever it is made."""

import sys
import sysconfig
import tempfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.build.notebooks import normalise
from helpers.paths import PROJECT


def normalised(*outputs: nbformat.NotebookNode, folder: str = "/tmp/run-x1") -> list[nbformat.NotebookNode]:
    notebook = new_notebook(cells=[new_code_cell("x", outputs=list(outputs))])
    normalise(notebook, folder)
    return notebook.cells[0].outputs


def stream(name: str, text: str) -> nbformat.NotebookNode:
    return new_output("stream", name=name, text=text)


def test_text_of_each_stream_stands_together_between_two_other_outputs() -> None:
    shown = new_output("display_data", data={"text/plain": "shown"})
    found = normalised(
        stream("stderr", "e1"), stream("stdout", "o1"), stream("stderr", "e2"), shown, stream("stdout", "o2")
    )
    assert [(o.get("name"), o.get("text")) for o in found] == [
        ("stdout", "o1"),
        ("stderr", "e1e2"),
        (None, None),
        ("stdout", "o2"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{tempfile.gettempdir()}/ipykernel_4711/2973.py:1: UserWarning: x", "ipykernel/2973.py:1: UserWarning: x"),
        ("/elsewhere/ipykernel_1/2.py", "/elsewhere/ipykernel_1/2.py"),
        pytest.param("x" * 2_000_000, "x" * 2_000_000, id="long"),  # in no time, though it has no spaces
        pytest.param("0x" + "a" * 2_000_000, "0x" + "a" * 2_000_000, id="long number"),
        ("/tmp/run-x1/data/a.csv is empty", "data/a.csv is empty"),
        (f"{PROJECT}/src/helpers/paths.py:3", "src/helpers/paths.py:3"),
        (f"{sysconfig.get_path('purelib')}/pandas/x.py:3", "site-packages/pandas/x.py:3"),
        (f"{sysconfig.get_path('stdlib')}/json/x.py:3", "python/json/x.py:3"),
        (f"{sys.prefix}/bin/python", "environment/bin/python"),
        ("<function f at 0x7f01a2b3c4d5>", "<function f at 0x0>"),
        ("0xdeadbeefdeadbeefdeadbeef and 0x1F stay", "0xdeadbeefdeadbeefdeadbeef and 0x1F stay"),
        ("colour 0x12 stays", "colour 0x12 stays"),
    ],
)
def test_paths_and_addresses_of_one_run_are_taken_out(text: str, expected: str) -> None:
    assert normalised(stream("stdout", text))[0].text == expected
    result = new_output("execute_result", data={"text/plain": text, "text/html": text})
    assert normalised(result)[0].data == {"text/plain": expected, "text/html": text}
    error = new_output("error", ename="E", evalue=text, traceback=[text, "x"])
    assert normalised(error)[0].evalue == expected
    assert normalised(error)[0].traceback == [expected, "x"]


def test_times_and_random_ids_are_left_out_and_parameters_stay() -> None:
    given = new_code_cell("days = 3", metadata={"tags": ["injected-parameters"]}, id="8d1f77aa")
    marks = [new_markdown_cell("error", metadata={"tags": ["papermill-error-cell-tag"]}) for _ in range(2)]
    own = new_code_cell("x", metadata={"papermill": {"duration": 1.5}, "execution": {}, "tags": ["kept"]}, id="own")
    notebook = new_notebook(cells=[marks[0], given, marks[1], own])
    notebook.metadata["papermill"] = {
        "start_time": "now",
        "output_path": "/x",
        "duration": 2,
        "parameters": {"days": 3},
    }
    normalise(notebook)
    assert [cell["id"] for cell in notebook.cells] == ["failure", "parameters-given", "failure-2", "own"]
    assert notebook.cells[3].metadata == {"tags": ["kept"]}
    assert notebook.metadata["papermill"] == {"parameters": {"days": 3}}
