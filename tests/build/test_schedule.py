"""Only what changed runs: by content, with damaged or foreign records found out."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.errors import Problem
from helpers.build import state
from helpers.build.explanation import explain
from helpers.build.project import Project
from helpers.build.schedule import Schedule
from tests.build.small import Crew, content, project, rewrite, run, step, steps


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """A project that has been built once."""
    made = project(tmp_path / "project")
    run(made, steps())
    return made


def test_steps_run_after_what_they_need_and_then_not_again(tmp_path: Path) -> None:
    place = project(tmp_path / "project")
    schedule, did = run(place, steps())
    assert sorted(did[:2]) == ["long", "loud"]
    assert did[2:] == ["page"]
    assert content(schedule, "report/index.html") == "SOME WORDS 4"
    again, did = run(place, steps())
    assert did == []
    assert content(again, "report/index.html") == "SOME WORDS 4"


def test_changed_input_runs_what_reads_it_and_what_follows(place: Project) -> None:
    rewrite(place.root / "data/raw/a.txt", "other words")
    schedule, did = run(place, steps())
    assert did == ["loud", "page"]
    assert content(schedule, "report/index.html") == "OTHER WORDS 4"


def test_step_that_gives_the_same_again_spares_what_follows(place: Project) -> None:
    rewrite(place.root / "data/raw/b.txt", "five")
    schedule, did = run(place, steps())
    assert did == ["long"]
    assert content(schedule, "report/index.html") == "SOME WORDS 4"


def test_file_written_anew_with_the_same_content_runs_nothing(place: Project) -> None:
    rewrite(place.root / "data/raw/a.txt", "some words")
    assert run(place, steps())[1] == []


def test_changed_parameter_runs_its_step_and_going_back_runs_nothing(place: Project) -> None:
    schedule, did = run(place, steps(plus=10))
    assert did == ["long", "page"]
    assert content(schedule, "report/index.html") == "SOME WORDS 14"
    schedule, did = run(place, steps())
    assert did == []
    assert content(schedule, "report/index.html") == "SOME WORDS 4"


def test_lock_and_environment_run_everything(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(place.root / "requirements.lock", "numpy==2.1\n")
    assert sorted(run(place, steps())[1]) == ["long", "loud", "page"]
    assert run(place, steps())[1] == []
    other = {**state.environment(), "packages": "others"}
    monkeypatch.setattr(state, "environment", lambda: other)
    assert sorted(run(place, steps())[1]) == ["long", "loud", "page"]


def test_changed_action_runs_its_step(place: Project) -> None:
    listed = [replace(s, action=s.action.replace(":upper", ":length")) if s.name == "loud" else s for s in steps()]
    assert run(place, listed)[1] == ["loud", "page"]


def test_folder_outside_counts_by_its_files(place: Project, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("one")
    listed = [step("long", "length", source="data/raw/b.txt", target="made/long.txt")]
    listed = [replace(s, values={**s.values, "plus": 0}) for s in listed]
    from_texts = [replace(listed[0], values={**listed[0].values, "source": str(texts / "a.txt")})]
    assert run(place, from_texts, source=str(texts))[1] == ["long"]
    assert run(place, from_texts, source=str(texts))[1] == []
    (texts / "b.txt").write_text("another")
    assert run(place, from_texts, source=str(texts))[1] == ["long"]


# Damage ---------------------------------------------------------------------------------------------------------------


def objects(place: Project) -> list[Path]:
    return [path for path in (place.cache / "objects").rglob("*") if path.is_file()]


@pytest.mark.parametrize("harm", ["cut", "alter", "remove"])
def test_damaged_results_are_found_out_and_made_again(harm: str, place: Project) -> None:
    for path in objects(place):
        path.chmod(0o644)
        if harm == "remove":
            path.unlink()
        else:
            path.write_text("" if harm == "cut" else "x" * path.stat().st_size)
    schedule, did = run(place, steps())
    assert sorted(did) == ["long", "loud", "page"]
    assert content(schedule, "report/index.html") == "SOME WORDS 4"


@pytest.mark.parametrize("harm", ["cut", "empty", "no list", "no record", "sealed by nobody", "of another step"])
def test_damaged_or_foreign_records_count_as_none(harm: str, place: Project) -> None:
    record = place.cache / "steps" / "loud.json"
    stored = json.loads(record.read_text())
    foreign = json.loads((place.cache / "steps" / "long.json").read_text())
    text = {
        "cut": record.read_text()[:-20],
        "empty": "",
        "no list": "7",
        "no record": "[7]",
        "sealed by nobody": json.dumps([{**stored[0], "made": foreign[0]["made"]}]),
        "of another step": json.dumps(foreign),
    }[harm]
    record.write_text(text)
    schedule, did = run(place, steps())
    assert did == ["loud"]
    assert content(schedule, "report/index.html") == "SOME WORDS 4"


def test_damaged_memory_of_hashes_counts_as_none(place: Project) -> None:
    for text in ("{", "[]", '{"a": 1}'):
        (place.cache / "hashes.json").write_text(text)
        assert run(place, steps())[1] == []


def test_cache_of_another_folder_serves_by_content(place: Project, tmp_path: Path) -> None:
    """Entries are told apart by what they were made from, not by where."""
    copy = tmp_path / "copy"
    shutil.copytree(place.root, copy)
    assert run(Project(copy), steps())[1] == []
    (copy / "data/raw/a.txt").write_text("the copy's own")
    assert run(Project(copy), steps())[1] == ["loud", "page"]


def test_cache_does_not_grow_without_end(place: Project) -> None:
    for plus in range(20):
        schedule, _ = run(place, steps(plus=plus))
        schedule.cache.sweep(schedule.steps)
    assert len(schedule.cache.traces("long")) == 6
    assert len(objects(place)) <= 2 * 6 + 1
    schedule.cache.sweep(["loud"])
    assert [path.name for path in (place.cache / "steps").iterdir()] == ["loud.json"]
    assert len(objects(place)) == 1


# Failure --------------------------------------------------------------------------------------------------------------


def test_what_a_function_may_remember_from_an_earlier_step_counts_as_read(place: Project) -> None:
    """Its process opens a catalogue once and keeps it: which step was first must not matter."""
    run(place, steps())
    for name in ("loud", "page"):
        [trace] = Schedule(place, steps(), {}).cache.traces(name)
        assert "src/helpers/locale/zh_Hans.po" in trace.read


def test_failure_keeps_what_others_made_and_the_next_run_resumes(tmp_path: Path) -> None:
    place = project(tmp_path / "project")
    broken = [*steps(), step("bad", "fail", message="a.txt, row 3: no. Mend: yes.")]
    with pytest.raises(Problem, match=r"^a.txt, row 3: no. Mend: yes.$"):
        run(place, broken)
    assert set(run(place, steps())[1]) <= {"page"}


def test_first_failure_in_the_order_of_the_list_is_told(tmp_path: Path) -> None:
    place = project(tmp_path / "project")
    with pytest.raises(Problem, match="one"):
        run(place, [step("a", "fail", message="one"), step("b", "fail", message="two")])


def test_failure_does_not_name_the_folder_in_which_the_step_ran(tmp_path: Path) -> None:
    place = project(tmp_path / "project")
    where = place.build / "work" / "bad" / "data" / "raw" / "a.txt"
    with pytest.raises(Problem, match=r"^data/raw/a.txt: no$"):
        run(place, [step("bad", "fail", message=f"{where}: no")])


def test_step_whose_results_depend_on_themselves_is_refused(tmp_path: Path) -> None:
    import graphlib

    with pytest.raises(graphlib.CycleError):
        run(project(tmp_path / "p"), [step("a", "fail", "b", message=""), step("b", "fail", "a", message="")])


def test_two_steps_cannot_make_one_file_differently(place: Project) -> None:
    target = "made/same.txt"
    alike = [step(name, "upper", source="data/raw/a.txt", target=target) for name in ("one", "two")]
    assert content(run(place, alike)[0], target) == "SOME WORDS"
    differ = [alike[0], step("two", "length", source="data/raw/b.txt", target=target)]
    with pytest.raises(Problem, match=r"one and two both make made/same.txt, and not alike\. Mend: rename one\."):
        run(place, differ)[0].made()


def test_input_that_changes_while_it_is_read_is_noticed(place: Project) -> None:
    crew = Crew()
    source = place.root / "data/raw/a.txt"
    rewrite(source, "first")
    crew.before = lambda step, folder: rewrite(source, "second")
    with pytest.raises(Problem, match=r"data/raw/a.txt changed while loud read it\. Mend: build again\."):
        run(place, steps(), crew)
    schedule, did = run(place, steps())
    assert did == ["loud", "page"]
    assert content(schedule, "report/index.html") == "SECOND 4"


def test_step_that_writes_to_what_another_made_is_refused_and_harms_nothing(place: Project) -> None:
    bad = step("bad", "join", "loud", sources=["made/loud.txt"], target="made/loud.txt")
    crew = Crew()

    def alter(step: object, folder: Path) -> None:
        if folder.name == "bad":
            target = (folder / "made/loud.txt").resolve()
            target.chmod(0o644)
            rewrite(target, "altered")

    crew.before = alter
    with pytest.raises(Problem, match=r"bad writes to made/loud.txt, which another step has made"):
        run(place, [*steps(), bad], crew)
    assert content(run(place, steps())[0], "report/index.html") == "SOME WORDS 4"


# Why ------------------------------------------------------------------------------------------------------------------


def reasons(place: Project, listed: list) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in list(explain(Schedule(place, listed, {})))[:-1])


def test_reasons_name_parameter_file_and_lock(place: Project) -> None:
    assert set(reasons(place, steps()).values()) == {"up to date", "would be put back; it was altered or is missing"}
    rewrite(place.root / "data/raw/a.txt", "new")
    told = reasons(place, steps(plus=3))
    assert told["loud"] == "would run; data/raw/a.txt changed"
    assert told["long"] == "would run; plus: 'not given' -> 3"
    assert told["page"] == "runs if the results of loud, long turn out different"
    (place.root / "data/raw/a.txt").unlink()
    rewrite(place.root / "requirements.lock", "")
    told = reasons(place, steps())
    assert told["loud"] == "would run; data/raw/a.txt is gone, requirements.lock changed"
    assert told["page"] == "would run; requirements.lock changed"


def test_reasons_name_what_never_ran_and_what_was_damaged(place: Project) -> None:
    listed = [*steps(), step("new", "upper", source="data/raw/a.txt", target="made/new.txt")]
    assert reasons(place, listed)["new"] == "would run; it has not run yet"
    for path in objects(place):
        path.unlink()
    assert reasons(place, steps())["loud"] == "would run; its results are damaged"


def test_reason_why_names_a_displaced_result(place: Project) -> None:
    assert reasons(place, steps())["report/index.html"] == "would be put back; it was altered or is missing"
    (place.root / "report/index.html").write_text("SOME WORDS 4")
    assert "report/index.html" not in reasons(place, steps())
