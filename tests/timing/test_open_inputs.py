"""What a row leaves open: what is taken, and how much it widens the interval."""

import numpy as np
import pytest

from helpers.formulas.validation import InputError
from helpers.timing.calibration import constants, expected_log_s
from helpers.timing.prediction import predict
from helpers.timing.runs import read_run

GPT3 = {
    "run_id": "x",
    "layers": "96",
    "hidden": "12288",
    "heads": "96",
    "seq_len": "2048",
    "vocab": "51200",
    "tensor_parallel": "8",
    "pipeline_parallel": "8",
    "data_parallel": "16",
    "global_batch": "1536",
    "micro_batch": "1",
    "interleave": "1",
    "accelerator": "A100",
    "network_byte_per_s": "25e9",
}
LLAMA = {**GPT3, "layers": "80", "hidden": "8192", "heads": "64", "ffn_hidden": "33024", "vocab": "32000"}


WHOLE = {**GPT3, "stack": "megatron", "recompute": "full"}


def spread(row):
    return float(expected_log_s([read_run(row)], constants())[1][0])


def seconds(row):
    return float(np.exp(expected_log_s([read_run(row)], constants())[0][0]))


def test_nothing_open_adds_nothing():
    assert spread(WHOLE) == 0


@pytest.mark.parametrize("name", ["micro_batch", "network_byte_per_s", "recompute", "interleave", "global_batch"])
def test_each_missing_input_widens(name):
    row = {**WHOLE, "data_parallel": "16"}
    assert spread({k: v for k, v in row.items() if k != name}) > 0


def test_missing_recomputation_is_full_before_2022_and_none_after():
    assert read_run({**GPT3, "stack": "megatron-2021"}).layout["full_recompute"] == 1
    recent = read_run({**LLAMA, "stack": "megatron-core"})
    assert recent.layout["full_recompute"] == 0
    assert "recompute" in recent.assumed


def test_recomputation_stays_open_whatever_the_memory_says():
    """Never a certainty from an estimate: the middle lies between none and full, nearer to none."""
    row = {**LLAMA, "stack": "megatron-core", "accelerator": "H100"}
    for tight in ({}, {"tensor_parallel": "1", "pipeline_parallel": "2", "data_parallel": "512"}):
        none, full = (seconds({**row, **tight, "recompute": word}) for word in ("none", "full"))
        assert none < seconds({**row, **tight}) < none + 0.7 * (full - none)
        assert spread({**row, **tight}) > 0


def test_software_of_an_unknown_stack_goes_by_the_model():
    old, new = read_run({**GPT3, "recompute": "full"}), read_run({**LLAMA, "recompute": "none"})
    assert (old.layout["flash_attention"], new.layout["flash_attention"]) == (0, 1)


def test_what_one_device_cannot_hold_is_sharded():
    alone = {**GPT3, "tensor_parallel": "1", "pipeline_parallel": "1", "data_parallel": "512", "recompute": "full"}
    run = read_run(alone)
    assert run.layout["sharding"] == 3
    assert "sharding 3" in run.assumed.values()
    small = {**alone, "layers": "12", "hidden": "768", "heads": "12", "global_batch": "512"}
    assert read_run(small).layout["sharding"] == 0


def test_an_interval_is_wider_where_more_is_open():
    known, unknown = predict([read_run(row) for row in (WHOLE, {k: v for k, v in WHOLE.items() if k != "recompute"})])
    assert unknown.high_90 / unknown.low_90 > known.high_90 / known.low_90


def test_uneven_stages_are_allowed():
    """126 layers on 16 stages: eight on the fullest (arXiv:2407.21783 leaves one out at each end)."""
    uneven = {**WHOLE, "layers": "94", "recompute": "none"}
    assert seconds(uneven) == pytest.approx(seconds({**WHOLE, "recompute": "none"}), rel=0.02)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kv_heads": "7"}, "kv_heads: 7 is not accepted; accepted: divisors of the 96 heads"),
        ({"heads": "97", "tensor_parallel": "1"}, "heads: 97 does not divide the width"),
        ({"experts": "8", "active_experts": "9"}, "active_experts: 9 is more than the 8 experts"),
        ({"experts": "100", "expert_parallel": "64"}, "expert_parallel: 64 does not divide"),
        ({"precision": "fp8"}, "precision: A100 .* has no rate of fp8"),
        ({"interleave": "13"}, "interleave: 104 is more than the 96 layers"),
        ({"context_parallel": "3"}, "context_parallel: 3 does not divide the 2048 tokens"),
        ({"precision": "fp7"}, "precision: 'fp7' is unknown; did you mean"),
        ({"global_batch": "8", "micro_batch": ""}, "global_batch: 8 is not a multiple"),
        ({"sharding": "9"}, "sharding: 9 is not accepted; accepted: a whole number from 0 to 3"),
        ({"network_byte_per_s": "nan"}, "network_bytes_per_s: nan is not accepted"),
        ({"peak_flop_per_s": "-1"}, "peak_flop_per_s: -1 is not accepted"),
        ({"accelerator": "mine", "peak_flop_per_s": "5e14"}, "memory_bytes: needed for an accelerator"),
    ],
)
def test_rows_that_do_not_multiply_out(change, message):
    with pytest.raises(InputError, match=message):
        read_run({**GPT3, "stack": "megatron", "recompute": "full", **change})


def test_mixtures_and_encoders_and_new_chips():
    mixture = read_run({**GPT3, "experts": "16", "expert_parallel": "16"})
    assert mixture.shape["expert_layer_share"] == 1
    assert mixture.layout["expert"] == 16
    both = read_run({**GPT3, "encoder_layers": "96"})
    assert both.shape["cross_attention"] == 1
    sheet = {
        "peak_flop_per_s": "5e14",
        "memory_bytes": "96e9",
        "memory_bytes_per_s": "3e12",
        "link_bytes_per_s": "6e11",
    }
    again = {**GPT3, "recompute": "full"}
    mine, known = predict([read_run(row) for row in ({**again, "accelerator": "mine", **sheet}, again)])
    assert mine.predicted_iteration_s < known.predicted_iteration_s
    assert "extrapolated: mine" in mine.note


MIXTURE = {
    **LLAMA, "stack": "megatron-core", "accelerator": "GB200", "recompute": "none", "precision": "mxfp8",
    "experts": "128", "active_experts": "8", "ffn_hidden": "1536", "expert_parallel": "8",
}  # fmt: skip


def test_launches_that_a_graph_records_take_no_time_of_their_own():
    """More recorded, faster; where a mixture's row is silent, the middle lies between and the interval is wider."""
    told = {name: seconds({**MIXTURE, "graphs": name}) for name in ("none", "router", "attention", "full")}
    assert told["none"] == told["router"] > told["attention"] > told["full"]
    assert told["full"] < seconds(MIXTURE) < told["none"]
    assert spread({**MIXTURE, "graphs": "full"}) == 0
    assert spread(MIXTURE) > 0
    dense = {**LLAMA, "stack": "megatron-core", "recompute": "none"}
    assert "graphs" not in read_run(dense).assumed
    with pytest.raises(InputError, match="graphs: 'whole' is unknown"):
        read_run({**MIXTURE, "graphs": "whole"})
