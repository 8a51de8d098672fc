"""Predicted seconds per step, rates and memory for a table of runs, each with its 90 % interval."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TextIO

import numpy as np

from helpers.constants import NINETY_PERCENT, SECOND_PER_DAY
from helpers.errors import DataProblem
from helpers.formulas.accounting import FLOP_PER_PARAM_TOKEN_MODEL, Recompute, duration_s, training_flop
from helpers.formulas.architecture import training_flop_per_sequence
from helpers.formulas.job import Array, precision_of
from helpers.formulas.memory import BYTES_PER_GIB, needed_bytes
from helpers.formulas.validation import InputError, number
from helpers.language import tr
from helpers.rows import csv_text
from helpers.timing import reduced
from helpers.timing.calibration import constants, expected_log_s
from helpers.timing.prediction_intervals import half_width, prediction_interval, spreads
from helpers.timing.runs import Run, job_of, tried_runs

# Spread from run to run of one group, over that of groups not told of: 0.05 of 0.09 on the A100 tables. On the fitted
# modern runs, grouped by source, model and accelerator, 90 % ranges with one step told then hold nine steps in ten.
SCATTER = 0.55


@dataclass(frozen=True)
class Prediction:
    """One row of the answer; None where nothing can be said."""

    run_id: str
    predicted_iteration_s: float | None
    low_90: float | None
    high_90: float | None
    predicted_tflops_per_gpu: float | None  # model FLOP/s, without recomputation
    mfu: float | None
    hfu: float | None
    memory_gib: float | None
    note: str


PREDICTION_COLUMNS = tuple(f.name for f in fields(Prediction))


def predict(runs: Sequence[Run]) -> list[Prediction]:
    """Predictions in the order of the runs: by layout where there is one, else by the reduced model.

    Steps of one's own that were measured (`measured_s`) calibrate the runs of the same `group`.
    """
    by_layout = iter(_by_layout([run for run in runs if run.layout]))
    return [next(by_layout) if run.layout else _reduced(run) for run in runs]


def _by_layout(runs: list[Run]) -> list[Prediction]:
    if not runs:
        return []
    job = job_of(runs)
    middle, variance = expected_log_s(runs, constants())
    shift, width = calibrated(runs, middle, half_width(job, spreads(), variance))
    seconds = np.exp(middle + shift)
    low, high = prediction_interval(seconds, width)
    model = training_flop_per_sequence(job.architecture, Recompute.NONE)
    levels = [training_flop_per_sequence(job.architecture, level) for level in (Recompute.SELECTIVE, Recompute.FULL)]
    o = job.layout
    executed = np.where(o.full_recompute, levels[1], np.where(o.selective_recompute, levels[0], model))
    rate = model * o.global_batch / (o.chips * seconds)
    peak = job.cluster.peak_flop_per_s
    columns = (seconds, low, high, rate / 1e12, rate / peak, rate * executed / model / peak)
    need = needed_bytes(job)
    room = need <= job.cluster.memory_bytes
    figures = zip(*(column.tolist() for column in (*columns, need / BYTES_PER_GIB)), strict=True)
    return [
        Prediction(run.run_id, s, low, high, tflops, mfu, hfu, gib, note_of(run, there))
        for run, (s, low, high, tflops, mfu, hfu, gib), there in zip(runs, figures, room, strict=True)
    ]


def calibrated(runs: Sequence[Run], middle: Array, width: Array) -> tuple[Array, Array]:
    """Shift of log time, and half widths, once measured steps of a group are told.

    A group's own shift is drawn towards zero as its spread between groups and the scatter of its runs ask
    (one measured step counts for two thirds of it); what is left of the width is mostly that scatter.
    """
    groups = np.array([run.group for run in runs])
    told = np.array([run.measured_s for run in runs], float)
    shift, spread = np.zeros(len(runs)), width / NINETY_PERCENT
    for group in set(groups[np.isfinite(told)]):
        inside = groups == group
        seen = inside & np.isfinite(told)
        known = (1 - SCATTER**2) / (1 - SCATTER**2 + SCATTER**2 / seen.sum())
        shift[inside] = known * np.mean(np.log(told[seen]) - middle[seen])
        spread[inside] *= np.sqrt(1 - known + known * SCATTER**2)
    return shift, NINETY_PERCENT * spread


def note_of(run: Run, room: bool = True) -> str:
    """What the reader should know: software, assumptions, extrapolation, memory."""
    unknown = "stack" in run.assumed
    stack = tr("stack unknown, taken for the middle of those known") if unknown else tr("stack {name}", name=run.stack)
    notes = [stack, *_reservations(run)]
    if not room:
        notes.append(tr("memory estimate above what {chip} has", chip=run.accelerator.title))
    return tr("; ").join(notes)


def _reservations(run: Run) -> list[str]:
    """What was assumed, and whether the accelerator is beyond the fit."""
    assumed = tr(", ").join(text for column, text in run.assumed.items() if column != "stack")
    beyond = tr("extrapolated: {chip} is beyond the fit of the time model", chip=run.accelerator.title)
    said = [beyond] if run.accelerator.extrapolated else []
    return [*said, tr("assumed, since not given: {what}", what=assumed)] if assumed else said


def _reduced(run: Run) -> Prediction:
    """Rate as other runs on the kind of accelerator reached it; seconds per step if the batch is known."""
    params, share = reduced.active_params(run), reduced.expected("step", reduced.kind_of_chip(run.accelerator))
    gain = reduced.narrow_gain(run.accelerator, precision_of(run.row.get("precision", "bf16")))
    peak = run.accelerator.peak_flop_per_s * gain
    seconds: list[float | None] = [None, None, None]
    batch, seq_len = run.row.get("global_batch"), run.row.get("seq_len")
    if params and run.chips and batch and seq_len:
        tokens = number("global_batch", batch) * number("seq_len", seq_len)
        passes = 2 if run.row.get("kind", "").lower().startswith("lora") else 3  # frozen weights have no gradients
        per_token = passes / 3 * FLOP_PER_PARAM_TOKEN_MODEL * params * reduced.attention_factor(params, float(seq_len))
        seconds = [per_token * tokens / run.chips / (u * peak) for u in (share.median, share.high_90, share.low_90)]
    ends = {"low": gain * share.low_90, "high": gain * share.high_90}
    said = tr("reduced model, layout unknown: MFU {low:.2f} to {high:.2f}", **ends)
    idle = [] if run.measured_s is None else [tr("measured_s is not used: the layout is not known")]
    note = tr("; ").join([said, *idle, *_days_note(run, params, peak), *_reservations(run)])
    middle, low, high = seconds
    return Prediction(run.run_id, middle, low, high, share.median * peak / 1e12, gain * share.median, None, None, note)


def _days_note(run: Run, params: float | None, peak: float) -> list[str]:
    if not (params and run.tokens and run.chips):
        return []
    whole, flop = reduced.expected("run", reduced.kind_of_chip(run.accelerator)), training_flop(params, run.tokens)
    shares = {"middle": whole.median, "low": whole.high_90, "high": whole.low_90}
    days = {name: duration_s(flop, run.chips, peak * share) / SECOND_PER_DAY for name, share in shares.items()}
    return [tr("whole run {middle:.3g} days ({low:.3g} to {high:.3g})", **days)]


def predict_csv(in_path: Path | str, out_stream: TextIO) -> list[str]:
    """Write a prediction for each row of a CSV file; rows that cannot be used get an empty row and a note.

    Returns the problems, one line each. A DataProblem: the file cannot be read at all, or no row can be used.
    """
    path = Path(in_path)
    tried = tried_runs(path)
    problems = [(place, name, str(run)) for place, (name, run) in enumerate(tried) if isinstance(run, InputError)]
    runs = [run for _, run in tried if isinstance(run, Run)]
    if not runs:
        raise DataProblem(path.name, *problems[0][1:], "correct the cell")
    rows = [[_four_digits(value) for value in vars(prediction).values()] for prediction in predict(runs)]
    for place, name, text in problems:
        rows.insert(place, [name, *[""] * (len(PREDICTION_COLUMNS) - 2), f"error: {text}"])
    out_stream.write(csv_text([PREDICTION_COLUMNS, *rows]))
    return [f"{path.name}, row {place + 2} ({name}): {text}" for place, name, text in problems]


def _four_digits(value: float | str | None) -> str:
    """A cell, numbers with four significant digits."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"
