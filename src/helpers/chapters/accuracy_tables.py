"""Summaries of the time model for its chapter: every run, every source, the splits, the peers, the constants."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.formulas.shape import DEFAULT_SEQ_LEN
from helpers.language import formatted, named, tr
from helpers.numbers import round_significant
from helpers.structured import read_toml
from helpers.timing import reduced
from helpers.timing.calibration import constants, expected_log_s, log_errors
from helpers.timing.held_out import SHARDED_SOURCE, Kept, baseline_log_errors, is_megatron_class, summary
from helpers.timing.published_runs import Observation
from helpers.timing.runs import job_of, read_run, read_runs

WORDS = read_toml(Path(__file__).with_name("accuracy.toml"))
GROUPS, SUBJECTS, PEERS, ERROR_COLUMNS = (WORDS[name] for name in ("groups", "subjects", "peers", "error_columns"))
LONG_TEXT = 4096  # tokens; beyond, attention outweighs what 6ND counts in small models
DIGITS = 6  # significant digits of what is kept as CSV: the same on every machine
LABELLED = {"bloomberggpt-50B": "BloombergGPT", "llama-65B": "LLaMA 65B"}
SHARDED_AND_FAR = ("sc21-t2-zero3-174.6B-1536", "sc21-t2-zero3-529.6B-2240")
LEAST_RUNS = 3  # of a group; with fewer, the oracle would know the runs themselves


def run_table(found: Sequence[Observation], kept: Kept) -> pd.DataFrame:
    """Published beside predicted seconds per step of every run; fractions for errors.

    Columns: run_id, source_id, group, stack, accelerator, chips, published_s; predicted_s, low_90, high_90,
    error, half_width, inside under constants fitted without the run's source; fitted_error under those that the
    package ships; baseline_error of 6ND at 40 %.
    """
    published = np.array([o.step_s for o in found])
    error, width = (kept.sources[name].to_numpy() for name in ("log_error", "half_width"))
    predicted = published * np.exp(error)
    job = job_of([o.run for o in found])
    groups = {  # the first that holds: of today, with their whole layout, of one repository
        "modern": [o.is_modern for o in found],
        "megatron": [is_megatron_class(o) for o in found],
        "sharded": [SHARDED_SOURCE in o.source for o in found],
    }
    columns = {
        "run_id": [o.run.run_id for o in found],
        "source_id": [o.source for o in found],
        "group": np.select(list(groups.values()), list(groups), "other"),
        "stack": [o.run.stack for o in found],
        "accelerator": [o.run.accelerator.name for o in found],
        "chips": job.layout.chips.astype(int),
        "published_s": published,
        "predicted_s": predicted,
        "low_90": predicted * np.exp(-width),
        "high_90": predicted * np.exp(width),
        "error": np.expm1(error),
        "half_width": np.expm1(width),
        "inside": np.abs(error) <= width,
        "fitted_error": np.expm1(log_errors(found, constants())),
        "baseline_error": np.expm1(baseline_log_errors(found)),
    }
    return rounded(pd.DataFrame(columns))


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers to six significant digits."""
    return frame.apply(lambda c: c.map(partial(round_significant, digits=DIGITS)) if c.dtype == float else c)


def source_table(runs: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Errors of each source's runs when it is left out of the fit, most runs first, and of all together; see `figures_by`.

    Rows are keyed by source_id, and `all`.
    """
    parts = sorted(runs.groupby("source_id", sort=False), key=lambda item: -len(item[1]))
    named_parts = {str(key): (names.get(str(key), str(key)), part) for key, part in parts}
    return figures_by("source", {**named_parts, "all": (tr("all"), runs.assign(stack=""))})


def figures_by(head: str, parts: Mapping[str, tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Counts, errors and coverage of some of the runs after the other, by key, with a name in the column `head`.

    Columns: head, software, runs, median, p90, worst, covered, half_width, fitted_median, baseline_median.
    """
    rows = [{head: name, **_error_figures(part)} for name, part in parts.values()]
    return rounded(pd.DataFrame(rows, index=list(parts)))


def _error_figures(part: pd.DataFrame) -> dict[str, object]:
    error, middle = summary(part["error"]), part[["half_width", "fitted_error", "baseline_error"]].abs().median()
    return {
        "software": ", ".join(dict.fromkeys(part["stack"])),
        "runs": len(part),
        **{name: error[name] for name in ("median", "p90", "worst")},
        "covered": float(part["inside"].mean()),
        "half_width": middle["half_width"],
        "fitted_median": middle["fitted_error"],
        "baseline_median": middle["baseline_error"],
    }


def peer_table(runs: pd.DataFrame, kept: Kept) -> pd.DataFrame:
    """The time model, the trivial baseline and what others' tools got on the Megatron-class runs.

    Columns: method, how, median, p90, worst.
    """
    half, alone, alike = kept.splits["megatron"], kept.splits["megatron_alone"], tr("fitted, held out")
    rule = summary(runs.loc[runs["group"] == "megatron", "baseline_error"])
    rows: list[tuple[object, ...]] = [
        (tr("This model"), alike, half["median"], half["p90"], half["worst"]),
        (tr("This model, fitted to half of these runs alone"), alike, alone["median"], alone["p90"], alone["worst"]),
        (tr("6·N·D at 40 % of peak"), tr("nothing fitted"), rule["median"], rule["p90"], rule["worst"]),
    ]
    for name, *figures in PEERS[1:]:
        label, comma, _ = name.replace(" x ", " × ").partition(", held out")
        how = alike if comma else tr("as shipped")
        rows.append((tr(label), how, *(float("nan") if x == "-" else float(x) / 100 for x in figures)))
    return rounded(pd.DataFrame(rows, columns=["method", "how", "median", "p90", "worst"]))


def split_table(runs: pd.DataFrame, kept: Kept) -> pd.DataFrame:
    """What was held out, from the easiest test to the hardest.

    Columns: test, runs, median, p90, worst, covered, half_width. Rows are keyed by `megatron_half`, `sharded_half`
    and the groups.
    """
    rows = []
    for key, name in WORDS["halves"].items():
        s = kept.splits[key]
        figures = (s[figure] for figure in ("median", "p90", "worst", "coverage", "half_width"))
        rows.append((tr(name), 2 * s["runs"], *figures))
    top = pd.DataFrame(rows, index=[f"{key}_half" for key in WORDS["halves"]], columns=["test", *ERROR_COLUMNS])
    groups = {
        group: (tr("{group}: whole sources left out", group=tr(name)), runs[runs["group"] == group])
        for group, name in GROUPS.items()
    }
    left_out = figures_by("test", {group: (label[0].upper() + label[1:], p) for group, (label, p) in groups.items()})
    return pd.concat([rounded(top), left_out[top.columns]])


def reduced_table(raw: Path) -> pd.DataFrame:
    """How well the reduced model does: each source's runs by the utilisation that all other sources show.

    Columns: level, runs, sources, median, p90, covered, covered_by_source (each source counted once); errors of time,
    as fractions. Rows are keyed by step, short (texts) and run.
    """
    runs = [run for name in ("runs", "modern_runs") for run in read_runs(raw / f"{name}.csv")]
    found = [(run, seen) for run in runs if (seen := reduced.observed(run)) and seen[1] > 0]
    logs, tested = reduced.log_shares(runs), []
    without = {source: reduced.shares(logs, without=source) for source in {run.row["source_id"] for run, _ in found}}
    for run, (level, share) in found:
        generation, source = run.accelerator.generation, run.row["source_id"]
        expected = without[source][level][generation if generation in reduced.GROUPED else "other"]
        inside = expected.low_90 <= share <= expected.high_90
        length = float(run.row.get("seq_len", DEFAULT_SEQ_LEN))
        tested.append((source, level, length, share / expected.median - 1, inside))
    frame = pd.DataFrame(tested, columns=["source", "level", "seq_len", "error", "inside"])
    step, rows = frame[frame["level"] == "step"], []
    for name, part in (
        (tr("A measured step"), step),
        (tr("A measured step, texts up to 4096 tokens"), step[step["seq_len"] <= LONG_TEXT]),
        (tr("A whole run, first to last day"), frame[frame["level"] == "run"]),
    ):
        s, each = summary(part["error"]), part.groupby("source")["inside"].mean()
        rows.append((name, len(part), len(each), s["median"], s["p90"], part["inside"].mean(), each.mean()))
    columns = ["level", "runs", "sources", "median", "p90", "covered", "covered_by_source"]
    return rounded(pd.DataFrame(rows, index=["step", "short", "run"], columns=columns))


def source_names(references: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Sources as a reader would name them: first author, year, and whose runs; the key if the bibliography is silent."""
    names = {}
    for key, entry in references.items():
        author = entry.get("author", "").partition(",")[0].partition(" and ")[0].removesuffix(" Workshop").strip()
        subject = "" if SUBJECTS.get(key, author) == author else f", {named(SUBJECTS[key])}"
        names[key] = f"{author} {entry.get('year', '')}{subject}" if author else key
    return names


def miss_table(
    found: Sequence[Observation], runs: pd.DataFrame, names: Mapping[str, str], least: float
) -> pd.DataFrame:
    """Runs missed by more than `least` when their source is left out, worst first, with what is known of why.

    Columns: run_id, source, published_s, predicted_s, error, fitted_error, why.
    """
    missed = runs[runs["error"].abs() > least].sort_values("error", key=abs, ascending=False, kind="stable")
    reasons = []
    for index, run_id in missed["run_id"].items():
        reason = next(r for r in WORDS["reasons"] if any(fnmatchcase(run_id, runs) for runs in r["runs"]))
        left = changed_error(found[int(index)], reason["changed"]) if "changed" in reason else 0.0
        reasons.append(tr(reason["why"], error=formatted(left, "+.0%")))
    columns = missed[["run_id", "published_s", "predicted_s", "error", "fitted_error"]]
    return columns.assign(source=missed["source_id"].replace(dict(names)), why=reasons).reset_index(drop=True)


def changed_error(o: Observation, changed: Mapping[str, str]) -> float:
    """Error of the shipped constants if some cells of the run's row were others."""
    run = read_run({**o.run.row, **changed})
    return float(np.exp(expected_log_s([run], constants())[0][0]) / o.step_s - 1)


def offset_table(runs: pd.DataFrame) -> pd.DataFrame:
    """Errors of unseen groups, with and without each group's own shift; of groups with a few runs.

    A group is a source's runs on one kind of accelerator with one software.

    Columns: what, runs, groups, median, mean, p90, told_median, told_mean, told_p90, shift (median size). Rows are
    keyed by all, a100, megatron, sharded a100 and sharded h100.
    """
    kind = runs["accelerator"].str.partition("-")[0]
    group = runs["source_id"] + " " + runs["stack"] + " " + kind
    a100, sharded = kind == "a100", runs["group"] == "sharded"
    counted = runs.groupby(group)["error"].transform("size") >= LEAST_RUNS
    stretches = {
        "all": (tr("All groups"), counted),
        "a100": (tr("On A100"), counted & a100),
        "megatron": (tr("Megatron class"), counted & (runs["group"] == "megatron")),
        "sharded a100": (tr("Fully sharded, A100"), counted & sharded & a100),
        "sharded h100": (tr("Fully sharded, H100"), counted & sharded & ~a100),
    }
    rows = []
    for name, chosen in stretches.values():
        errors = runs.loc[chosen, "error"]
        by_group = np.log1p(errors).groupby(group[chosen])
        left, shifts = np.expm1(np.log1p(errors) - by_group.transform("median")), np.expm1(by_group.median()).abs()
        sizes = [s[name] for s in map(summary, (errors, left)) for name in ("median", "mean", "p90")]
        rows.append((name, len(errors), len(shifts), *sizes, float(shifts.median())))
    columns = ["what", "runs", "groups", "median", "mean", "p90", "told_median", "told_mean", "told_p90", "shift"]
    return pd.DataFrame(rows, index=list(stretches), columns=columns)


def far_off(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that a chart names, by run_id. Columns: label, words (the label with the error)."""
    gpus = {run_id: tr("ZeRO-3 on\n{n} GPUs", n=run_id.rpartition("-")[2]) for run_id in SHARDED_AND_FAR}
    far = pd.Series({**LABELLED, **gpus}, name="label").to_frame()
    errors = runs.set_index("run_id")["error"].reindex(far.index).map(partial(formatted, spec="+.0%"))
    labels = far["label"].str.replace("\n", " ")
    return far.assign(words=[tr("{value} ({ends})", value=v, ends=e) for v, e in zip(labels, errors, strict=True)])
