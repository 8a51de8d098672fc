"""Accuracy on runs that were not fitted to, coverage of the intervals, and that the shipped constants are the fit."""

import numpy as np
import pytest

from helpers.formulas.accuracy import (
    HeldOut,
    Summary,
    baseline_log_errors,
    half_of_source,
    half_splits,
    is_megatron_class,
    leave_one_source_out,
    relative,
)
from helpers.formulas.calibration import (
    PRIORS,
    constants,
    fit,
    fitted,
    log_errors,
    observations,
    observed_step_s,
    vector_of,
)
from helpers.formulas.intervals import half_width, interval, spreads
from helpers.formulas.runs import job_of


@pytest.fixture(scope="module")
def found():
    return observations()


def test_shipped_constants_are_the_fit(found):
    """`python -m helpers.formulas.calibration` writes what is shipped."""
    best, _ = fit(fitted(found))
    assert vector_of(best) == pytest.approx(vector_of(constants()), rel=0.02, abs=2e-3)


def test_constants_are_physical():
    best = constants()
    for name, prior in PRIORS.items():
        assert prior.low <= getattr(best, name) <= prior.high
        assert abs(getattr(best, name) - prior.mean) < 3 * prior.spread


def test_observed_times(found):
    """MT-NLG prints its time; NVIDIA's 175B on 384 GPUs follows from 153 TFLOP/s by equation 3."""
    by_id = {o.run.run_id: o for o in found}
    assert by_id["mtnlg-280dgx"].step_s == 60.1
    run = by_id["sc21t2-175B-384"].run
    without_time = {k: v for k, v in run.row.items() if k != "iteration_time_s"}
    from_rate = observed_step_s(type(run)(**{**vars(run), "row": {**without_time, "achieved_tflops_per_gpu": "153"}}))
    assert from_rate == pytest.approx(76.78, rel=1e-3)


def test_held_out_halves_of_the_megatron_runs(found):
    """50 random half splits, seed 0. The goals: median 3.8 %, 90th percentile 8.5 %, worst 11.5 %."""
    together = HeldOut.join(half_splits(found, splits=50, seed=0))
    assert together.summary.count == 800
    assert together.summary.median < 0.03
    assert together.summary.p90 < 0.06
    assert together.summary.worst < 0.115
    assert 0.85 <= together.coverage <= 0.95
    assert np.median(np.expm1(together.half_width)) < 0.08


def test_better_than_the_trivial_baseline(found):
    tested = [o for o in found if is_megatron_class(o)]
    trivial = Summary.of(relative(baseline_log_errors(tested)))
    assert trivial.median == pytest.approx(0.178, abs=0.005)  # 6·N·D at 40 %, as measured by others
    assert Summary.of(relative(log_errors(tested, constants()))).median < trivial.median / 5


def test_held_out_halves_of_the_sharded_runs(found):
    """The goals: median 5 %, 90th percentile 12 %."""
    together = HeldOut.join(half_of_source(found, "llm-foundry", splits=4))
    assert together.summary.median < 0.035
    assert together.summary.p90 < 0.10
    assert 0.85 <= together.coverage <= 0.96


def test_leave_one_source_out(found):
    by_source = leave_one_source_out(found)
    together = HeldOut.join(part for source, part in by_source.items() if "llm-foundry" not in source)
    assert together.summary.median < 0.10
    assert 0.80 <= together.coverage <= 0.97
    sharded = next(part for source, part in by_source.items() if "llm-foundry" in source)
    assert sharded.summary.median < 0.10


def test_intervals(found):
    some = [o.run for o in found[:5]]
    job = job_of(some)
    known, best = spreads(), constants()
    near = half_width(job, best, known, new_group=False)
    assert np.all(half_width(job, best, known, new_group=True) > near)
    assert np.all(half_width(job, best, known, new_group=False, assumptions=2) > near)
    low, high = interval(np.array([10.0]), np.array([np.log(2)]))
    assert (low[0], high[0]) == pytest.approx((5, 20))
