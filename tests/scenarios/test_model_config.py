"""A model hub's config.json: parameters counted from it are those that the makers publish."""

import json

import pytest

from helpers.commands.cli import main
from helpers.errors import DataProblem
from helpers.formulas.architecture import forward_flop_items
from helpers.scenarios.checking import architecture_of
from helpers.scenarios.model_config import fields_of_config, read_config
from helpers.scenarios.scenario import read_scenario, scenario_names

MLA = {"qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "kv_lora_rank": 512, "q_lora_rank": 1536}
V3 = {"hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048, "num_hidden_layers": 61}
UNTIED = {"tie_word_embeddings": False}


def heads(number, groups, **more):
    return {"num_attention_heads": number, "num_key_value_heads": groups, **UNTIED, **more}


def sizes(layers, hidden, width, vocab):
    return {"num_hidden_layers": layers, "hidden_size": hidden, "intermediate_size": width, "vocab_size": vocab}


CONFIGS = {  # model: configuration, parameters, parameters in use
    "llama-3.1-8b": ({**sizes(32, 4096, 14336, 128256), **heads(32, 8)}, 8.03e9, 8.03e9),
    "llama-3.1-405b": ({**sizes(126, 16384, 53248, 128256), **heads(128, 8)}, 405.9e9, 405.9e9),
    "qwen3-32b": ({**sizes(64, 5120, 25600, 151936), **heads(64, 8, head_dim=128)}, 32.8e9, 32.8e9),
    "deepseek-v3": (
        {**V3, **MLA, **heads(128, 128), "first_k_dense_replace": 3, "n_routed_experts": 256, "n_shared_experts": 1}
        | {"num_experts_per_tok": 8, "num_nextn_predict_layers": 1, "vocab_size": 129280},
        671e9,
        37e9,
    ),
    "deepseek-v2": (
        {**sizes(60, 5120, 12288, 102400), **MLA, **heads(128, 128), "first_k_dense_replace": 1, "n_shared_experts": 2}
        | {"n_routed_experts": 160, "num_experts_per_tok": 6, "moe_intermediate_size": 1536},
        236e9,
        21e9,
    ),
    "kimi-k2": (
        {**V3, **MLA, **heads(64, 64), "first_k_dense_replace": 1, "n_routed_experts": 384, "n_shared_experts": 1}
        | {"num_experts_per_tok": 8, "vocab_size": 163840},
        1.04e12,
        32.6e9,
    ),
    "qwen3-235b": (
        {**sizes(94, 4096, 12288, 151936), **heads(64, 4, head_dim=128), "num_experts": 128, "num_experts_per_tok": 8}
        | {"moe_intermediate_size": 1536, "decoder_sparse_step": 1, "use_sliding_window": False},
        235e9,
        22e9,
    ),
    "qwen2-57b": (
        {**sizes(28, 3584, 18944, 151936), **heads(28, 4), "num_experts": 64, "num_experts_per_tok": 8}
        | {"moe_intermediate_size": 2560, "shared_expert_intermediate_size": 20480},
        57.4e9,
        14.2e9,
    ),
    "mixtral-8x7b": (
        {**sizes(32, 4096, 14336, 32000), **heads(32, 8), "num_local_experts": 8, "num_experts_per_tok": 2},
        46.7e9,
        12.9e9,
    ),
    "gpt-oss-120b": (
        {**sizes(36, 2880, 2880, 201088), **heads(64, 8, head_dim=64), "num_local_experts": 128, "experts_per_token": 4}
        | {"sliding_window": 128, "layer_types": ["sliding_attention", "full_attention"] * 18},
        116.8e9,
        5.7e9,  # 5.1e9 without the embedding
    ),
    "glm-4.5": (
        {**sizes(92, 5120, 12288, 151552), **heads(96, 8, head_dim=128), "n_routed_experts": 160, "n_shared_experts": 1}
        | {"moe_intermediate_size": 1536, "num_experts_per_tok": 8, "first_k_dense_replace": 3},
        355e9,
        33e9,
    ),
    "llama-4-maverick": (  # https://ai.meta.com/blog/llama-4-multimodal-intelligence: 400B, 17B in use
        {**sizes(48, 5120, 8192, 202048), **heads(40, 8, head_dim=128), "intermediate_size_mlp": 16384}
        | {
            "model_type": "llama4_text",
            "num_local_experts": 128,
            "num_experts_per_tok": 1,
            "interleave_moe_layer_step": 2,
        },
        400e9,
        17e9,
    ),
    "dbrx": (  # https://www.databricks.com/blog/introducing-dbrx: 132B, 36B in use
        {"d_model": 6144, "n_heads": 48, "n_layers": 40, "vocab_size": 100352, "attn_config": {"kv_n_heads": 8}}
        | {"ffn_config": {"ffn_hidden_size": 10752, "moe_num_experts": 16, "moe_top_k": 4}, **UNTIED},
        132e9,
        36e9,
    ),
    "bloom": (  # arXiv:2211.05100, table 3: 176,247M; the output matrix is the embedding, which it leaves unsaid
        {"model_type": "bloom", "n_layer": 70, "hidden_size": 14336, "n_head": 112, "vocab_size": 250880},
        176.25e9,
        176.25e9,
    ),
    "mpt-7b": (  # two matrices in the MLP
        {"model_type": "mpt", "d_model": 4096, "n_layers": 32, "n_heads": 32, "vocab_size": 50432},
        6.65e9,
        6.65e9,
    ),
    "ernie-4.5-21b": (  # 21B, 3B in use
        {
            **sizes(28, 2560, 12288, 103424),
            **heads(20, 4),
            "moe_num_experts": 64,
            "moe_k": 6,
            "moe_layer_start_index": 1,
        }
        | {"moe_intermediate_size": 1536, "moe_num_shared_experts": 2, "tie_word_embeddings": True},
        21.8e9,
        3.3e9,
    ),
    "minimax-m2": (  # 230B, 10B in use, the embedding aside; every layer is said to be the usual one
        {**sizes(62, 3072, 1536, 200064), **heads(48, 8, head_dim=128), "num_local_experts": 256}
        | {"num_experts_per_tok": 8, "attn_type_list": [1] * 62},
        229e9,
        11e9,
    ),
    "gemma-3-4b": (  # arXiv:2503.19786, table 1: 675M in the embedding, 3,209M beside; vision apart
        {"model_type": "gemma3", "text_config": {"model_type": "gemma3_text", "hidden_size": 2560}}
        | {"intermediate_size": 10240, "num_hidden_layers": 34, "sliding_window": 1024},
        3.88e9,
        3.88e9,
    ),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_parameters_are_those_that_the_makers_publish(name):
    config, params, active = CONFIGS[name]
    shape = architecture_of(fields_of_config(config, name))
    assert float(shape.params) == pytest.approx(params, rel=0.03)
    assert float(shape.active_params) == pytest.approx(active, rel=0.03)


def test_windowed_layers_are_counted():
    fields = fields_of_config(CONFIGS["gpt-oss-120b"][0], "here")
    assert (fields["window"], fields["window_layer_share"]) == (128, 0.5)
    gemma = {**sizes(48, 3840, 15360, 262208), **heads(16, 8, head_dim=256), "sliding_window": 1024}
    assert fields_of_config({**gemma, "model_type": "gemma3_text"}, "here")["window_layer_share"] == pytest.approx(
        5 / 6
    )


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"hidden_size": 4096}, "layers: not found; accepted: num_hidden_layers"),
        ({**sizes(32, 4096, 14336, 32000), **heads(32, 8), "mamba_d_state": 128}, "mamba_d_state: layers of this kind"),
        (
            {**sizes(56, 4480, 15680, 131072), **heads(40, 8), "model_type": "nemotron_h", "ssm_state_size": 128},
            "nemotron_h",
        ),
        ({**V3, **MLA, **heads(128, 128), "vocab_size": 129280, "index_topk": 2048}, "index_topk: layers of this kind"),
        ({**sizes(32, 4096, 14336, 32000), **heads(32, 7)}, "kv_heads: 7 is not accepted"),
        ({**sizes(32, "wide", 14336, 32000), **heads(32, 8)}, "hidden: 'wide' is not a number"),
        ({**sizes(2, 4096, 14336, 32000), **heads(32, 8), "attn_type_list": [0, 1]}, "attn_type_list: layers of"),
        ({**sizes(2, 2048, 8192, 65536), **heads(32, 8), "layer_types": ["conv", "full_attention"]}, "conv: layers of"),
    ],
)
def test_what_is_not_understood_is_refused(config, says):
    with pytest.raises(ValueError, match=says):
        fields_of_config(config, "here")


def test_plan_starts_from_a_configuration_and_a_scenario_from_json(tmp_path, capsys):
    config, given = tmp_path / "config.json", tmp_path / "mine.json"
    config.write_text(json.dumps(CONFIGS["llama-3.1-8b"][0]), encoding="utf-8")
    options = ["--config", str(config), "--tokens", "15T", "--accelerator", "NVIDIA H100", "--count", "2,048"]
    assert main(["plan", *options, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["given"]["params"] == pytest.approx(8.03e9, rel=1e-3)
    assert found["figures"]["days"]["low_90"] < found["figures"]["days"]["middle"] < found["figures"]["days"]["high_90"]
    assert "seq_len 4096" in found["notes"][0]  # how far a model can look is not what it was trained on
    assert found["layouts"]
    assert sum(found["memory_gib"].values()) == pytest.approx(found["layouts"][0]["memory_gib"])
    given.write_text(json.dumps({"params": "8B", "tokens": "15T", "accelerator": "H100"}), encoding="utf-8")
    assert read_scenario(given)["tokens"] == 1.5e13
    assert main(["scenario", str(given), "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith(
        "scenario,name,middle,low_90,high_90,driver\nmine,active_params,8000000000.0"
    )
    with pytest.raises(DataProblem, match="cannot be read"):
        read_config(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    "name", ["Llama 3.1 405B", "DeepSeek-V3", "Kimi K2", "gpt-oss-120b", "Qwen3 235B-A22B", "GLM-4.5"]
)
def test_known_models_by_the_names_that_people_write(name):
    scenario = read_scenario(name)
    assert scenario.title == name
    assert scenario.name in scenario_names()


def test_plan_from_a_known_model_and_what_it_still_needs(capsys):
    assert main(["plan", "--model", "Llama 3.1 70B", "--count", "1024"]) == 0
    assert "Llama 3.1 70B" in capsys.readouterr().out
    assert main(["plan", "--params", "7B"]) == 1
    assert "--tokens, --accelerator, --count: needed" in capsys.readouterr().err


@pytest.mark.parametrize("window", [2048, 4096, 16384])
def test_no_window_looks_further_back_than_a_sequence_is_long(window):
    """A wide window over short sequences costs what no window costs, never less."""
    plain = {"layers": 32, "hidden": 4096, "heads": 32, "seq_len": 2048}
    whole, windowed = (forward_flop_items(architecture_of(given)) for given in (plain, {**plain, "window": window}))
    assert windowed == whole
