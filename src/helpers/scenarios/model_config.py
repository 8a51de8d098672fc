"""A model's `config.json`, as model hubs keep it, as fields of a scenario.

Written for the keys of LLaMA, Qwen, DeepSeek-V2 and V3 (and Kimi), Mixtral, gpt-oss, GLM, GPT-2 and their kin. A key
that changes what a token costs and is not understood is refused, never passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.errors import DataProblem
from helpers.paths import shown
from helpers.scenarios.checking import ScenarioProblem, architecture_of, check_fields
from helpers.scenarios.fields import FIELDS
from helpers.structured import read_json

# Fields by the names that configurations give them, the first that is there.
KEYS: dict[str, tuple[str, ...]] = {
    "layers": ("num_hidden_layers", "n_layer", "num_layers", "n_layers"),
    "hidden": ("hidden_size", "n_embd", "d_model", "dim"),
    "heads": ("num_attention_heads", "n_head", "n_heads"),
    "kv_heads": ("num_key_value_heads", "num_kv_heads", "multi_query_group_num", "n_kv_heads"),
    "head_dim": ("qk_nope_head_dim", "head_dim", "kv_channels", "attention_head_dim"),
    "vocab": ("padded_vocab_size", "vocab_size"),
    "experts": ("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts"),
    "active_experts": ("num_experts_per_tok", "experts_per_token", "num_experts_per_token", "moe_topk", "moe_k"),
    "kv_rank": ("kv_lora_rank", "attention_kv_lora_dim"),
    "q_rank": ("q_lora_rank", "attention_q_lora_dim"),
    "rope_dim": ("qk_rope_head_dim", "attention_qk_rope_dim"),
    "predict_layers": ("num_nextn_predict_layers",),
    "first_dense_layers": ("first_k_dense_replace",),
}
WIDTH = ("intermediate_size", "ffn_hidden_size", "ffn_dim", "n_inner", "hidden_dim")
EXPERT_WIDTH = ("moe_intermediate_size", "expert_ffn_hidden_size", "expert_ffn_size")
PLAIN_MLP = ("gpt2", "gpt_neox", "gpt_bigcode", "gptj", "opt", "bloom", "falcon", "phi", "starcoder2", "bert")
# Layers that are neither attention to all tokens or a window nor an MLP, and models that generate other things than text.
FOREIGN = (
    "ssm_cfg",
    "state_size",
    "mamba_d_state",
    "linear_num_key_heads",
    "attn_type_list",
    "rwkv_version",
    "lru_width",
    "ssm_state_size",
    "hybrid_override_pattern",
    "full_attention_interval",
    "index_topk",
)
# One layer in so many sees everything, where a configuration leaves it to the software.
PATTERNS = {"gemma2": 2, "gemma3": 6, "gemma3_text": 6, "cohere2": 4}
SEQ_LEN = 4096  # a configuration says how far a model can look, not on what it was trained


def read_config(path: Path | str) -> dict[str, Any]:
    """Fields of a scenario from a `config.json`.

    Raises:
        ScenarioProblem: it cannot be read, or says something that is not understood.
    """
    try:
        content = read_json(Path(path))
    except DataProblem as problem:
        raise ScenarioProblem(str(problem)) from None
    if not isinstance(content, dict):
        raise ScenarioProblem(f"{shown(Path(path))}: not a model's configuration; accepted: a JSON object")
    return fields_of_config(content, shown(Path(path)))


def fields_of_config(content: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Fields of a scenario from a configuration; parameters are counted from its dimensions.

    Raises:
        ScenarioProblem: a dimension is missing or not accepted, or layers are of a kind that is not timed here.
    """
    parts = [content.get(name) or {} for name in ("text_config", "llm_config")]
    if not all(isinstance(part, dict) for part in parts):
        raise ScenarioProblem(f"{where}: text_config: not an object of fields; restore the file")
    config = {key: value for part in (content, *parts) for key, value in part.items()}
    foreign = [key for key in FOREIGN if config.get(key)]
    if foreign:
        raise ScenarioProblem(
            f"{where}: {config.get('model_type', 'model')}: {foreign[0]}: layers of this kind are not counted here; "
            "give the fields by hand"
        )
    fields = {name: config[key] for name, keys in KEYS.items() if (key := _first(config, keys))}
    missing = [name for name in ("layers", "hidden", "heads") if name not in fields]
    if missing:
        raise ScenarioProblem(f"{where}: {missing[0]}: not found; accepted: {', '.join(KEYS[missing[0]])}")
    fields |= _mlp(config, fields) | _experts(config, fields) | _windows(config, fields)
    fields["untied_logits"] = 0 if _tied(config) else 1
    fields["seq_len"] = SEQ_LEN
    given = check_fields({name: value for name, value in fields.items() if value is not None and name in FIELDS}, where)
    shape = architecture_of(given)
    assert shape is not None
    return {**given, "params": float(round(float(shape.params)))}


def _first(config: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """The first of these keys that says something."""
    return next((key for key in keys if config.get(key) is not None), "")


def _mlp(config: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Width and matrices of the MLP; of a mixture's expert, and of its dense layers."""
    gated = config.get("model_type", "") not in PLAIN_MLP
    width = config.get(_first(config, WIDTH)) or 4 * fields["hidden"]
    own = config.get(_first(config, EXPERT_WIDTH))
    own = max(own) if isinstance(own, list) else own
    expert = own if fields.get("experts") and own else width
    dense = {"dense_hidden": width} if expert != width else {}
    return {"ffn_hidden": expert, "ffn_matrices": 3 if gated else 2, **dense}


def _experts(config: Mapping[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Shared experts, and which layers are mixtures; nothing for a dense model."""
    if not fields.get("experts") or fields["experts"] == 1:
        return dict.fromkeys(("experts", "active_experts", "first_dense_layers"))
    shared = config.get("n_shared_experts") or config.get("num_shared_experts") or config.get("num_shared_expert") or 0
    if config.get("shared_expert_intermediate_size"):
        shared = config["shared_expert_intermediate_size"] / config[_first(config, EXPERT_WIDTH)]
    shared = max(shared) if isinstance(shared, list) else shared
    every = config.get("decoder_sparse_step") or config.get("interleave_moe_layer_step") or 1
    dense = len(config.get("mlp_only_layers") or []) + (fields.get("first_dense_layers") or 0)
    if fields["active_experts"] is not None and isinstance(fields["active_experts"], list):
        fields["active_experts"] = max(fields["active_experts"])
    share = (fields["layers"] - dense) / fields["layers"] / every
    return {"shared_experts": shared, "expert_layer_share": share, "first_dense_layers": None}


def _windows(config: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """How far windowed layers look, and their share; nothing where all layers see everything."""
    window = config.get("sliding_window")
    if not window or config.get("use_sliding_window") is False:
        return {}
    kinds = config.get("layer_types") or []
    windowed = sum(kind == "sliding_attention" for kind in kinds)
    pattern = config.get("sliding_window_pattern") or PATTERNS.get(str(config.get("model_type")))
    share = windowed / len(kinds) if kinds else 1 - 1 / pattern if pattern else 1.0
    return {"window": window, "window_layer_share": share} if share else {}


def _tied(config: Mapping[str, Any]) -> bool:
    """Whether the output matrix is the embedding; GPT-2 and its kin tie it without saying so."""
    return bool(
        config.get("tie_word_embeddings", config.get("model_type") in ("gpt2", "gemma", "gemma2", "gemma3_text"))
    )
