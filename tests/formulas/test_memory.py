"""Memory per device, against arXiv:2205.05198."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import lookup
from helpers.formulas.job import Cluster, Job, Layout
from helpers.formulas.memory import (
    activation_items,
    layer_activation_bytes,
    layers_in_flight,
    memory_items,
    needed_bytes,
    stage_params,
    state_items,
)

CLUSTER = Cluster.of(lookup("A100"))
# arXiv:2205.05198, table 3: heads, width, layers, tensor, pipeline, interleave, global batch, micro-batch.
MODELS = {
    "22B": (64, 6144, 48, 8, 1, 1, 4, 4),
    "175B": (96, 12288, 96, 8, 8, 3, 64, 1),
    "530B": (128, 20480, 105, 8, 35, 3, 280, 1),
    "1T": (160, 25600, 128, 8, 64, 1, 512, 1),
}


def job(name, **layout):
    heads, hidden, layers, tensor, pipeline, chunks, batch, micro = MODELS[name]
    return Job(
        Architecture(layers, hidden, heads, 51200, 2048),
        Layout(batch, micro, tensor, pipeline, 1, interleave=chunks, **layout),
        CLUSTER,
    )


@pytest.mark.parametrize("name", MODELS)
def test_states_are_18_bytes_per_parameter(name):
    """Figure 1: parameters and optimiser states, 18 bytes x 12·l·h² / (t·p); biases and norms add below 0.5 %."""
    _, hidden, layers, tensor, pipeline, *_ = MODELS[name]
    layers_only = sum(v for k, v in state_items(job(name)).items() if k.endswith("/layers"))
    assert layers_only == pytest.approx(18 * 12 * layers * hidden**2 / (tensor * pipeline), rel=0.005)


@pytest.mark.parametrize("name", MODELS)
def test_activations_per_layer(name):
    """Equations 1 to 6, bytes per layer and device."""
    heads, hidden, _, t, _, _, _, b = MODELS[name]
    sbh, scores = 2048 * b * hidden, 5 * heads * 2048 / hidden
    assert layer_activation_bytes(job(name)) == pytest.approx(sbh * (10 + 24 / t + scores / t))  # equation 2
    assert layer_activation_bytes(job(name, sequence_parallel=1)) == pytest.approx(sbh / t * (34 + scores))  # 4
    both = job(name, sequence_parallel=1, selective_recompute=1)
    assert layer_activation_bytes(both) == pytest.approx(34 * sbh / t)  # equation 6
    assert layer_activation_bytes(job(name, full_recompute=1)) == pytest.approx(2 * sbh)


def test_selective_recomputation_saves_70_and_65_percent():
    """Section 5: GPT-3 and MT-NLG save 70 % and 65 % of the activations' memory."""
    for name, saved in (("175B", 0.70), ("530B", 0.65)):
        kept = layer_activation_bytes(job(name, sequence_parallel=1, selective_recompute=1))
        whole = layer_activation_bytes(job(name, sequence_parallel=1))
        assert 1 - kept / whole == pytest.approx(saved, abs=0.01)


def test_first_stage_holds_all_layers_and_interleaving_adds():
    """Section 4.2.3: L layers' activations on the first stage, L·(1 + (p-1)/(p·m)) when interleaved."""
    assert layers_in_flight(job("1T")) == 128
    assert layers_in_flight(job("175B")) == pytest.approx(96 * (1 + 7 / (8 * 3)))


def test_activations_at_the_ends():
    """Appendix B: s·b·h·p/t for the embedding's dropout, and 4·s·b·h/t·(1 + v/h) if there is one stage."""
    sbh = 2048 * 4 * 6144
    ends = activation_items(job("22B"))["activations/ends"]
    assert ends == pytest.approx(sbh / 8 + 4 * sbh / 8 * (1 + 51200 / 6144))


def test_kept_layouts_fit_and_rejected_ones_do_not():
    """Figure 1: with selective recomputation and sequence parallelism all four fit 80 GB; without, none does."""
    for name in MODELS:
        assert needed_bytes(job(name, sequence_parallel=1, selective_recompute=1)) <= CLUSTER.memory_bytes
        assert needed_bytes(job(name)) > CLUSTER.memory_bytes or name == "22B"


def test_sharding_divides_states():
    """arXiv:1910.02054, figure 1: 7.5e9 parameters, 64 devices, 16 bytes: 120 GB, 31.4, 16.6, 1.9 (stages 0 to 3).

    We keep gradients in 32 bits: 18 bytes; the proportions follow.
    """
    model = Architecture(36, 4096, 32, 51200, 2048)
    totals = []
    for stage in range(4):
        layout = Layout(64, 1, 1, 1, 64, sharding=stage)
        totals.append(float(sum(state_items(Job(model, layout, CLUSTER)).values())))
    params = sum(stage_params(Job(model, Layout(64, data=64), CLUSTER)).values())
    for total, each in zip(totals, (18, 6 + 12 / 64, 2 + 16 / 64, 18 / 64), strict=True):
        assert total == pytest.approx(each * params)


def test_arrays_agree_with_numbers():
    wide = Layout(np.full(3, 64.0), np.array([1.0, 2.0, 4.0]), np.full(3, 8.0), np.full(3, 8.0), np.full(3, 1.0))
    shape = Architecture(96, 12288, 96, 51200, 2048)
    columns = needed_bytes(Job(shape, wide, CLUSTER))
    for i, micro in enumerate((1, 2, 4)):
        assert columns[i] == pytest.approx(float(needed_bytes(Job(shape, Layout(64, micro, 8, 8, 1), CLUSTER))))


@given(st.sampled_from([1, 2, 4, 8]), st.sampled_from([1, 2, 4, 8]), st.integers(1, 8))
def test_memory_falls_with_parallel_sizes_and_grows_with_the_micro_batch(tensor, pipeline, micro):
    shape = Architecture(96, 12288, 96, 51200, 2048)

    def need(**layout):
        sizes = {"micro_batch": micro, "tensor": tensor, "pipeline": pipeline, "sequence_parallel": 1, **layout}
        return float(needed_bytes(Job(shape, Layout(global_batch=4096, **sizes), CLUSTER)))

    assert need(tensor=2 * tensor) < need()
    assert need(pipeline=2 * pipeline) < need()
    assert need(micro_batch=2 * micro) > need()
    assert need(full_recompute=1) < need()
    assert all(np.all(v >= 0) for v in memory_items(Job(shape, Layout(8), CLUSTER)).values())


def test_states_are_sharded_over_data_and_context():
    """Eight by data or two by data and four by context: the same share of the optimiser's states."""
    shape = Architecture(32, 4096, 32, 51200, 8192)
    by_data = state_items(Job(shape, Layout(8, data=8, sharding=1), CLUSTER))
    by_both = state_items(Job(shape, Layout(8, data=2, context=4, sharding=1), CLUSTER))
    assert by_data == by_both
    assert by_data["optimiser/layers"] == pytest.approx(12 / 2 * by_data["weights/layers"] / 8)


def test_experts_have_ranks_of_their_own():
    """256 experts over 64 of 128 ranks: each device holds four, and two hold the same."""
    shape = Architecture(8, 1024, 8, 32000, 4096, 512, experts=256, active_experts=8, expert_layer_share=1)
    spread = Layout(128, data=128, expert=64, sharding=1)
    assert spread.expert_ranks == 2
    alone, held = (stage_params(Job(shape, o, CLUSTER))["experts"] for o in (Layout(128, data=128), spread))
    assert held == pytest.approx(alone / 64)


def test_narrow_recipes_keep_narrow_inputs():
    """arXiv:2209.05433: what a product keeps for its backward pass is in 8 bits."""
    shape = Architecture(8, 4096, 32, 51200, 4096)
    wide, narrow = (
        layer_activation_bytes(Job(shape, Layout(8, flash_attention=1, precision=p), CLUSTER)) for p in (0, 1)
    )
    assert 0.6 * wide < narrow < 0.8 * wide
