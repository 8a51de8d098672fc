"""The layout finder: it finds what people run, grows smoothly with the model, and rejects no published run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import lookup
from helpers.formulas.job import PRECISIONS, Cluster, Job
from helpers.formulas.shape import usual_batch
from helpers.paths import RAW
from helpers.timing.calibration import constants
from helpers.timing.layouts import TIGHT, LayoutSearch, candidates, find_layouts, layout_of, memory_limit, timed
from helpers.timing.runs import read_runs

K = constants()
LLAMA = {"hidden": 16384, "heads": 128, "kv_heads": 8, "ffn_hidden": 53248, "ffn_matrices": 3, "untied_logits": 1}


def published():
    """Published runs with a layout, by name; of those that tell one layout, one."""
    runs = [run for table in ("megatron_runs.csv", "runs.csv", "modern_runs.csv") for run in read_runs(RAW / table)]
    kept = [run for run in runs if run.layout and run.chips and not run.layout["adapters"]]
    return {run.run_id: run for run in {_told(run): run for run in reversed(kept)}.values()}


def _told(run):
    return (run.accelerator.name, *run.shape.items(), *run.layout.items())


def own_column(layout):
    """A published layout as a column of the finder's candidates."""
    again = 2 if layout["full_recompute"] else 1 if layout["selective_recompute"] else 0
    sizes = [layout[name] for name in ("tensor", "pipeline", "context", "data", "expert", "micro_batch", "interleave")]
    return np.array([[*sizes, again, layout["sharding"]]], float).T


@pytest.mark.parametrize("name", published())
def test_best_layout_is_no_slower_than_the_published_one_and_the_published_one_is_not_rejected(name):
    """Both with the finder's software: what is compared is the layout."""
    run = published_runs[name]
    o = run.layout
    chips = int(o["tensor"] * o["pipeline"] * o["data"] * o["context"])
    precision = PRECISIONS[int(o["precision"])]
    search = LayoutSearch(Architecture(**run.shape), run.accelerator, chips, int(o["global_batch"]), 1, "", precision)
    job = Job(search.shape, layout_of(own_column(o), search), Cluster.of(run.accelerator))
    (own,), (need,) = timed(job, K)
    partly = "recompute" in run.assumed or "recompute_modules" in run.row  # recomputed or moved away in part
    untold = partly or run.accelerator.generation == "tpu"
    assert need <= memory_limit(run.accelerator) or untold
    if need <= memory_limit(run.accelerator):
        assert find_layouts(search, K).layouts[0].step_s <= own * TIGHT * 1.0001


published_runs = published()


@settings(deadline=None, max_examples=40)
@given(
    layers=st.integers(8, 140),
    chips=st.sampled_from([64, 96, 512, 1000, 4096, 16384]),
    batch=st.sampled_from([512, 1024, 2048, 3000]),
)
def test_two_more_layers_never_make_a_run_faster_by_more_than_their_share(layers, chips, batch):
    """126 layers took 177 days and 128 took 103: pipelines had to divide the layers."""
    small, large = (
        find_layouts(
            LayoutSearch(Architecture(n, **LLAMA, vocab=128256, seq_len=8192), lookup("H100"), chips, batch, 1), K
        )
        for n in (layers, layers + 2)
    )
    if small.layouts and large.layouts:
        times = small.layouts[0].step_s, large.layouts[0].step_s
        assert times[1] > times[0] * layers / (layers + 2) / TIGHT
        # a stage more on the fullest stage of the deepest pipeline at most
        assert times[1] < times[0] * 1.5 * (layers + 2) / layers


def test_llama_405b_as_it_was_run():
    """arXiv:2407.21783, table 4: 400 TFLOP/s on each of 16,384 H100, which is 6.7 s a step of 2048 x 8192 tokens."""
    shape = Architecture(126, **LLAMA, vocab=128256, seq_len=8192, linear_bias=0, norm_vectors=1, position_params=0)
    best = find_layouts(LayoutSearch(shape, lookup("H100"), 16384, 2048), K).layouts[0]
    assert best.step_s == pytest.approx(6.7, rel=0.12)
    assert best.chips == 16384


def test_experts_are_spread_over_tensor_and_data_ranks_and_a_long_sequence_is_split():
    mixture = Architecture(
        32, 4096, 32, 32000, 4096, 14336, 8, ffn_matrices=3, experts=8, active_experts=2, expert_layer_share=1
    )
    columns = candidates(LayoutSearch(mixture, lookup("H100"), 64, 512))
    tensor, _, context, data, expert, *_ = columns
    assert set(expert) == {1, 2, 4, 8}
    assert (tensor * context * data % expert == 0).all()
    assert (expert > data).any()
    long = Architecture(32, 4096, 32, 32000, 131072)
    assert candidates(LayoutSearch(long, lookup("H100"), 64, 64))[2].max() == 32


@settings(deadline=None, max_examples=100)
@given(st.floats(1e8, 1e14), st.sampled_from([1024, 4096, 8192]), st.integers(1, 100_000))
def test_batch_grows_with_the_run_and_divides_over_the_accelerators(tokens, seq_len, chips):
    batch = usual_batch(tokens, seq_len, chips)
    assert batch >= 1
    assert usual_batch(tokens * 100, seq_len, 1) >= usual_batch(tokens, seq_len, 1)
