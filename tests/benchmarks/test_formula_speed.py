"""The speed section of the benchmark: what it runs is the real thing; no times are tested."""

import re

import numpy as np
import pytest
from benchmarks.formula_speed import (
    closed_form_lines,
    evaluate,
    random_columns,
    random_job,
    run_through,
    search_lines,
)

from helpers.scenarios import solving
from helpers.timing.calibration import constants


def test_closed_form_in_blocks_is_the_closed_form():
    columns = random_columns(40_000)
    assert run_through(columns) == pytest.approx(float(np.sum(solving.evaluate(**columns)["duration_s"])), rel=1e-12)
    few, many = closed_form_lines(1_000)
    assert few.startswith("closed form, 1,000 rows")
    assert many.startswith("closed form, 10,000 rows")


def test_search_looks_at_as_many_points_as_asked():
    one, all_of_them = search_lines(5_000, constants())
    assert "on 1,024 A100" in one
    points = int(re.search(r"memory, ([\d,]+) points", all_of_them)[1].replace(",", ""))
    assert points >= 5_000


def test_evaluation_counts_memory_in():
    """Among random layouts of GPT-3 the cheapest that fits costs a finite sum a step."""
    assert 0 < evaluate(random_job(2_000), constants()) < np.inf
