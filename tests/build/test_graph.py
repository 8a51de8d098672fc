"""Only what changed runs: by content, with damaged results found out; and why."""

import graphlib
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_output

from helpers.build import graph as graphs
from helpers.build.build import build, explain
from helpers.build.graph import Graph, content_sha256
from helpers.build.notebooks import execute
from helpers.build.project import Project, file_sha256
from helpers.errors import Problem
from tests.build.notebooks import write_notebook
from tests.build.small import Doer, content, project, rewrite, run, step, steps


@pytest.fixture
def doer(monkeypatch: pytest.MonkeyPatch) -> Doer:
    return Doer(monkeypatch)


@pytest.fixture
def place(tmp_path: Path, doer: Doer) -> Project:
    """A project that has been built once."""
    made = project(tmp_path / "project")
    run(made, steps())
    doer.did.clear()
    return made


def test_steps_run_after_what_they_need_and_then_not_again(place: Project, doer: Doer) -> None:
    shutil.rmtree(place.build)
    assert content(run(place, steps()), "report/index.html") == "SOME WORDS 4"
    assert sorted(doer.did[:2]) == ["long", "loud"]
    assert doer.did[2:] == ["page"]
    assert content(run(place, steps()), "report/index.html") == "SOME WORDS 4"
    assert len(doer.did) == 3


def test_what_most_wait_for_runs_first(place: Project, doer: Doer) -> None:
    alone = [step(f"alone {n}", "length", source="data/raw/a.txt", target=f"made/{n}.txt") for n in range(3)]
    run(place, [*alone, *steps(plus=1)])
    assert doer.did == ["long", "alone 0", "alone 1", "alone 2", "page"]  # loud is as it was


def test_changed_table_runs_what_may_read_it(place: Project, doer: Doer) -> None:
    rewrite(place.root / "data/raw/a.txt", "other words")
    assert content(run(place, steps()), "report/index.html") == "OTHER WORDS 4"
    assert sorted(doer.did) == ["long", "loud", "page"]


def test_step_that_gives_the_same_again_spares_what_follows(place: Project, doer: Doer) -> None:
    run(place, steps(plus=0))
    assert doer.did == ["long"]


@pytest.mark.parametrize("date", [None, 0, 2**33])
def test_file_of_another_date_with_the_same_content_runs_nothing_and_nobody_waits(
    date: int | None, place: Project, doer: Doer
) -> None:
    for name in ("data/raw/a.txt", "README.md", "requirements.lock"):
        os.utime(place.root / name, None if date is None else (date, date))
    begun = time.monotonic()
    run(place, steps())
    assert doer.did == []
    assert time.monotonic() - begun < 20


def test_change_that_keeps_size_and_date_is_noticed(place: Project, doer: Doer) -> None:
    path = place.root / "data/raw/a.txt"
    before = path.stat()
    path.write_text("SOME words")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    run(place, steps())
    assert "loud" in doer.did


def test_changed_parameter_runs_its_step(place: Project, doer: Doer) -> None:
    assert content(run(place, steps(plus=10)), "report/index.html") == "SOME WORDS 14"
    assert doer.did == ["long", "page"]
    assert content(run(place, steps()), "report/index.html") == "SOME WORDS 4"


def test_lock_and_environment_run_everything(place: Project, doer: Doer, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(place.root / "requirements.lock", "numpy==2.1\n")
    run(place, steps())
    assert sorted(doer.did) == ["long", "loud", "page"]
    other = {**graphs.circumstances(), "packages": "others"}
    monkeypatch.setattr(graphs, "circumstances", lambda: other)
    run(place, steps())
    assert sorted(doer.did[3:]) == ["long", "loud", "page"]


def test_changed_action_runs_its_step(place: Project, doer: Doer) -> None:
    run(place, [replace(s, action=s.action.replace(":upper", ":length")) if s.name == "loud" else s for s in steps()])
    assert doer.did == ["loud", "page"]


def test_folder_outside_counts_by_its_files_and_is_named_alike_everywhere(
    place: Project, doer: Doer, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("one")
    listed = [step("count", "count", texts=str(texts), target="made/count.txt")]
    for _ in range(2):
        assert content(run(place, listed), "made/count.txt") == "1 in given/texts/texts"
        assert doer.did == ["count"]
    (texts / "b.txt").write_text("another")
    run(place, listed)
    assert doer.did == ["count", "count"]


# Damage ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["cut", "alter", "remove"])
def test_result_that_was_damaged_is_made_anew_before_anybody_reads_it(harm: str, place: Project, doer: Doer) -> None:
    for path in (place.build / "steps").glob("*/made/*.txt"):
        if harm == "remove":
            path.unlink()
        else:
            path.write_text("" if harm == "cut" else "x" * path.stat().st_size)
    listed = [
        s if s.name != "page" else replace(s, values={**s.values, "target": "report/other.html"}) for s in steps()
    ]
    assert content(run(place, listed), "report/other.html") == "SOME WORDS 4"
    assert sorted(doer.did) == ["long", "loud", "page"]


@pytest.mark.parametrize("text", ["", "{", "[7]", "\x00", "[" * 100_000])
def test_damaged_record_mends_itself(text: str, place: Project, doer: Doer) -> None:
    (place.build / "steps/loud.json").write_text(text)
    assert content(run(place, steps()), "report/index.html") == "SOME WORDS 4"


# Failure --------------------------------------------------------------------------------------------------------------


def test_failure_keeps_what_others_made_and_the_next_run_resumes(place: Project, doer: Doer) -> None:
    shutil.rmtree(place.build)
    broken = [*steps(), step("bad", "fail", message="a.txt, row 3: no. Mend: yes.")]
    with pytest.raises(Problem, match=r"^a.txt, row 3: no. Mend: yes.$"):
        run(place, broken)
    doer.did.clear()
    run(place, steps())
    assert set(doer.did) <= {"page"}


def test_failure_does_not_name_the_folder_in_which_the_step_ran(place: Project) -> None:
    where = place.build / "steps" / "bad" / "data" / "raw" / "a.txt"
    with pytest.raises(Problem, match=r"^data/raw/a.txt: no$"):
        run(place, [step("bad", "fail", message=f"{where}: no")])


def test_steps_that_need_one_another_are_refused(place: Project) -> None:
    with pytest.raises(graphlib.CycleError):
        run(place, [step("a", "fail", "b", message=""), step("b", "fail", "a", message="")])


def test_two_steps_cannot_make_one_file_differently(place: Project) -> None:
    target = "made/same.txt"
    alike = [step(name, "upper", source="data/raw/a.txt", target=target) for name in ("one", "two")]
    assert content(run(place, alike), target) == "SOME WORDS"
    differ = [alike[0], step("two", "length", source="data/raw/b.txt", target=target)]
    with pytest.raises(Problem, match=r"one and two both make made/same.txt, and not alike\. Mend: rename one\."):
        content(run(place, differ), target)


def test_input_that_changes_while_it_is_read_is_noticed(place: Project, doer: Doer) -> None:
    source = place.root / "data/raw/a.txt"
    rewrite(source, "first")
    doer.before = lambda folder: rewrite(source, "second")
    with pytest.raises(Problem, match=r"data/raw/a.txt changed while \w+ read it\. Mend: build again\."):
        run(place, steps())
    doer.before = lambda folder: None
    assert content(run(place, steps()), "report/index.html") == "SECOND 4"


def test_step_that_writes_to_what_another_made_is_refused_and_harms_nothing(place: Project, doer: Doer) -> None:
    bad = step("bad", "join", "loud", sources=["made/loud.txt"], target="made/new.txt")
    doer.before = lambda folder: rewrite(folder / "made/loud.txt", "altered") if folder.name == "bad" else None
    with pytest.raises(Problem, match=r"bad writes to made/loud.txt, which loud has made"):
        run(place, [*steps(), bad])
    assert content(run(place, steps()), "report/index.html") == "SOME WORDS 4"


# Why ------------------------------------------------------------------------------------------------------------------


def reasons(place: Project, listed: list) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in explain(Graph(place, listed)) if ": " in line)


def test_reasons_name_parameter_file_and_lock(place: Project) -> None:
    assert set(reasons(place, steps()).values()) == {"up to date"}
    rewrite(place.root / "data/raw/a.txt", "new")
    told = reasons(place, steps(plus=3))
    assert told["loud"] == "would run; data/raw/a.txt changed"
    assert told["long"] == "would run; plus: 'not given' -> 3, data/raw/a.txt changed"
    (place.root / "data/raw/a.txt").unlink()
    rewrite(place.root / "requirements.lock", "")
    (place.root / "data/raw/c.txt").write_text("")
    told = reasons(place, steps())
    assert told["page"] == "would run; data/raw/c.txt is new, requirements.lock changed, data/raw/a.txt is gone"
    run(place, [step("page", "join", sources=["data/raw/b.txt"], target="x")])
    told = reasons(place, [step("page", "join", sources=["data/raw/b.txt"], target="x")])
    assert told["page"] == "up to date"


def test_what_only_follows_is_told_apart(place: Project) -> None:
    told = reasons(place, steps(plus=3))
    assert told["page"] == "runs if the results of long turn out different"
    assert told["loud"] == "up to date"


def test_reasons_name_what_never_ran_and_what_was_damaged(place: Project) -> None:
    listed = [*steps(), step("new", "upper", source="data/raw/a.txt", target="made/new.txt")]
    assert reasons(place, listed)["new"] == "would run; it has not run yet"
    (place.build / "steps/loud/made/loud.txt").unlink()
    assert reasons(place, steps())["loud"] == "would run; its results are gone or damaged"


def test_report_that_was_altered_is_told(place: Project) -> None:
    told = "the report would be put in place again; a file was altered or is missing"
    build({}, project=place, steps=steps())
    assert told not in list(explain(Graph(place, steps())))
    (place.root / "report/index.html").write_text("altered")
    assert told in list(explain(Graph(place, steps())))


# Notebooks ------------------------------------------------------------------------------------------------------------


def run_and_saved(notebook: Any) -> None:
    """What JupyterLab leaves of a run in a notebook that is saved."""
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}
    for number, cell in enumerate(notebook.cells):
        cell.metadata["collapsed"] = True
        if cell.cell_type == "code":
            cell["execution_count"], cell["outputs"] = number, [new_output("stream", text="seen")]
            cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}


def test_notebook_saved_with_its_outputs_is_the_notebook_that_it_was(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "# Title", "1 + 1", parameters="n: int = 5  # number")
    before = content_sha256(str(path))
    notebook = nbformat.read(path, 4)
    run_and_saved(notebook)
    nbformat.write(notebook, path)
    assert content_sha256(str(path)) == before
    execute(path, tmp_path / "saved.ipynb", {})
    execute(
        write_notebook(tmp_path / "n.ipynb", "# Title", "1 + 1", parameters="n: int = 5  # number"),
        tmp_path / "o.ipynb",
        {},
    )
    assert (tmp_path / "saved.ipynb").read_bytes() == (tmp_path / "o.ipynb").read_bytes()


@pytest.mark.parametrize("part", ["source", "tags", "id", "kind", "order"])
def test_notebook_that_says_something_else_is_another(part: str, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "# Title", "1 + 1")
    before = content_sha256(str(path))
    notebook = nbformat.read(path, 4)
    cell = notebook.cells[-1]
    if part == "source":
        cell["source"] += " "
    elif part == "tags":
        cell.metadata["tags"] = ["parameters"]
    elif part == "id":
        cell["id"] = "another"
    elif part == "kind":
        notebook.cells[-1] = nbformat.v4.new_markdown_cell(cell.source, id=cell.id)
    else:
        notebook.cells.reverse()
    nbformat.write(notebook, path)
    assert content_sha256(str(path)) != before
    path.write_text("{")
    assert content_sha256(str(path)) == file_sha256(path)  # what is none is told by the step that reads it


# Records --------------------------------------------------------------------------------------------------------------


def test_records_are_made_again_when_something_changed_and_only_then(place: Project, doer: Doer) -> None:
    build({}, project=place, steps=steps())
    record, published = place.build / "records" / "manifest.json", place.root / "report" / "manifest.json"
    made, when = record.read_text(), record.stat().st_mtime_ns
    build({}, project=place, steps=steps())
    assert record.stat().st_mtime_ns == when
    record.write_text("by hand")
    build({}, project=place, steps=steps())
    assert record.read_text() == published.read_text() == made
    rewrite(place.root / "CITATION.cff", "title: Another\n")
    build({}, project=place, steps=steps())
    assert record.stat().st_mtime_ns != when
    rewrite(place.root / "data/raw/a.txt", "other")
    build({}, project=place, steps=steps())
    assert published.read_text() != made
