"""A model's `config.json`, as model hubs keep it, as fields of a scenario.

Written for the keys of LLaMA, Qwen, DeepSeek-V2 and V3 (and Kimi), Mixtral, gpt-oss, GLM, GPT-2 and their kin. A key
that changes what a token costs and is not understood is refused, never passed over.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.paths import shown
from helpers.scenarios.checking import ARCHITECTURE, ScenarioProblem, architecture_of, check_fields
from helpers.scenarios.fields import FIELDS
from helpers.structured import read_json, read_toml

WORDS = read_toml(Path(__file__).with_name("model_config.toml"))


def read_config(path: Path | str) -> dict[str, Any]:
    """Fields of a scenario from a `config.json`; a Problem where it cannot be read or is not understood."""
    content = read_json(Path(path))
    if not isinstance(content, dict):
        raise ScenarioProblem(f"{shown(Path(path))}: not a model's configuration; accepted: a JSON object")
    return fields_of_config(content, shown(Path(path)))


def fields_of_config(content: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Fields of a scenario from a configuration; parameters are counted from its dimensions.

    A ScenarioProblem where one is missing or not accepted, or layers are of a kind that is not timed here.
    """
    parts = {name: content.get(name) or {} for name in WORDS["parts"]}
    for name, part in parts.items():
        if not isinstance(part, dict):
            raise ScenarioProblem(f"{where}: {name}: not an object of fields; restore the file")
    config = {key: value for part in (content, *parts.values()) for key, value in part.items()}
    config = WORDS["usual"].get(config.get("model_type"), {}) | config
    for strange in _foreign(config):
        what = "layers of this kind are not counted here; give the fields by hand"
        raise ScenarioProblem(f"{where}: {config.get('model_type', 'model')}: {strange}: {what}")
    fields = {name: _first(config, keys) for name, keys in WORDS["fields"].items()}
    for name in ARCHITECTURE:
        if fields[name] is None:
            raise ScenarioProblem(f"{where}: {name}: not found; accepted: {', '.join(WORDS['fields'][name])}")
    fields |= check_fields({name: fields[name] for name in ARCHITECTURE}, where)
    fields |= _mlp(config, fields) | _experts(config, fields) | _windows(config, fields)
    tied = config.get("tie_word_embeddings", config.get("model_type") in WORDS["tied"])
    fields["untied_logits"] = 0 if tied else 1  # how far a model can look is not what it was trained on: no seq_len
    given = check_fields({name: value for name, value in fields.items() if value is not None and name in FIELDS}, where)
    shape = architecture_of(given)
    assert shape is not None
    return {**given, "params": float(round(float(shape.params)))}


def _first(config: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """What the first of these keys says that says something."""
    return next((config[key] for key in keys if config.get(key) is not None), None)


def _foreign(config: Mapping[str, Any]) -> list[str]:
    """Keys and kinds of layers that are not understood; a list of ones says that all layers are the usual ones."""
    kinds = [kind for kind in config.get("layer_types") or [] if kind not in WORDS["layer_kinds"]]
    said = ((key, config.get(key)) for key in WORDS["foreign"])
    return [key for key, value in said if value and value != [1] * config.get("num_hidden_layers", 0)] + kinds


def _largest(value: Any) -> Any:
    """Of a list with a figure for each layer, the largest."""
    return max(value) if isinstance(value, list) else value


def _mlp(config: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Width and matrices of the MLP; of a mixture's expert, and of its dense layers."""
    width = _first(config, WORDS["widths"]["mlp"]) or 4 * fields["hidden"]
    apart = _first(config, WORDS["widths"]["dense"]) or width
    own = _largest(_first(config, WORDS["widths"]["expert"]))
    expert = own if fields["experts"] and own else width
    dense = {"dense_hidden": apart} if expert != apart and fields["experts"] else {}
    return {"ffn_hidden": expert, "ffn_matrices": 2 if config.get("model_type") in WORDS["plain_mlp"] else 3, **dense}


def _experts(config: Mapping[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Active and shared experts, and which layers are mixtures; nothing for a dense model."""
    if not fields["experts"] or fields["experts"] == 1:
        return dict.fromkeys(("experts", "active_experts", "first_dense_layers"))
    shared = _largest(_first(config, WORDS["experts"]["shared"])) or 0
    if config.get("shared_expert_intermediate_size"):
        shared = config["shared_expert_intermediate_size"] / _first(config, WORDS["widths"]["expert"])
    dense = len(config.get("mlp_only_layers") or []) + (fields["first_dense_layers"] or 0)
    share = (fields["layers"] - dense) / fields["layers"] / (_first(config, WORDS["experts"]["every"]) or 1)
    active = _largest(fields["active_experts"])
    return {"active_experts": active, "shared_experts": shared, "expert_layer_share": share, "first_dense_layers": None}


def _windows(config: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """How far windowed layers look, and their share; nothing where all layers see everything."""
    window = config.get("sliding_window")
    if not window or config.get("use_sliding_window") is False:
        return {}
    kinds = config.get("layer_types") or []
    windowed = sum(kind == "sliding_attention" for kind in kinds)
    pattern = config.get("sliding_window_pattern") or WORDS["patterns"].get(str(config.get("model_type")))
    share = windowed / len(kinds) if kinds else 1 - 1 / pattern if pattern else 1.0
    return {"window": window, "window_layer_share": share} if share else {}
