"""The tables of training runs: sources, accelerators and what the time model needs of them."""

import csv

import pytest

from helpers.ledger.bibliography import read_references
from helpers.paths import RAW
from helpers.timing.runs import read_runs

TABLES = ("runs", "megatron_runs", "modern_runs")


def rows(name):
    with (RAW / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", TABLES)
def test_every_source_is_in_the_bibliography(name):
    references = read_references(RAW / "references.bib")
    used = {row[column] for row in rows(name) for column in ("source_id", "second_source_id") if row.get(column)}
    assert used <= set(references)


@pytest.mark.parametrize("name", TABLES)
def test_every_accelerator_is_in_the_hardware_table(name):
    known = {row["accelerator_id"] for row in rows("hardware")}
    assert {row["accelerator"] for row in rows(name)} <= known


@pytest.mark.parametrize("name", TABLES)
def test_every_run_is_told_once_and_as_it_is_known(name):
    found = rows(name)
    assert len({row["run_id"] for row in found}) == len(found)
    assert {row["confidence"] for row in found} <= {"seen", "quoted", "memory"}


def test_the_runs_with_a_whole_layout_can_all_be_timed():
    assert sum(bool(run.layout) for run in read_runs(RAW / "megatron_runs.csv")) == len(rows("megatron_runs"))
    untold = [row for row in rows("modern_runs") if not row["tensor_parallel"]]
    assert sum(bool(run.layout) for run in read_runs(RAW / "modern_runs.csv")) == len(rows("modern_runs")) - len(untold)
