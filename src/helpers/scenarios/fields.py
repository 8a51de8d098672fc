"""The one list of a scenario's fields: files, notebook parameters, sliders, sweeps and the JSON Schema read it."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.formulas import footprint
from helpers.formulas.precisions import PRECISIONS
from helpers.formulas.validation import RANGES, Range

SOLVABLE = ("days", "params", "tokens", "count", "budget_usd")
RECOMPUTATIONS = ("none", "selective", "full")
COMMITMENTS = ("on_demand", "1y", "3y")


@dataclass(frozen=True)
class Slider:
    """What a slider spans; a logarithmic one moves by factors."""

    low: float
    high: float
    log: bool = True


@dataclass(frozen=True)
class Field:
    """One field of a scenario; `default` None means left out, and `help` says what is done then."""

    name: str
    kind: str  # "number", "whole", "text", "choice" or "date"
    help: str
    default: float | str | None = None
    accepted: Range | None = None  # of numbers
    unit: str = ""
    choices: tuple[str, ...] = ()
    ranged: bool = False  # a 90 % range [low, high] may stand in place of a number
    slider: Slider | None = None

    @property
    def numeric(self) -> bool:
        """True for a number, whole or not."""
        return self.kind in ("number", "whole")

    @property
    def accepts(self) -> str:
        """What is accepted, in words."""
        if self.accepted:
            return f"{self.accepted}{', or a range [low, high]' if self.ranged else ''}"
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return "a date such as 2024-06-30, from 1950 to 2100" if self.kind == "date" else "text"


def _number(
    name: str,
    text: str,
    default: float | None = None,
    accepted: Range | None = None,
    slider: Slider | None = None,
) -> Field:
    accepted = accepted or RANGES[name]
    kind = "whole" if accepted.whole else "number"
    return Field(name, kind, text, default, accepted, accepted.unit, ranged=slider is not None, slider=slider)


_LIST = (
    Field("title", "text", "what the scenario is called; absent: the file's name", default=""),
    Field("note", "text", "anything the reader should know", default=""),
    Field(
        "solve_for",
        "choice",
        "the unknown; the others are given or keep their defaults",
        default="days",
        choices=SOLVABLE,
    ),
    _number("params", "parameters in all", 175e9, slider=Slider(1e8, 1e14)),
    _number("active_params", "parameters that each token uses; absent: all of them", slider=Slider(1e8, 1e13)),
    _number("layers", "layers; absent: a plausible architecture for the parameters"),
    _number("hidden", "width of the layers; given together with layers and heads"),
    _number("heads", "attention heads; given together with layers and hidden"),
    _number("vocab", "size of the vocabulary; absent: 51200"),
    _number("seq_len", "tokens in a sequence; absent: 2048"),
    _number("kv_heads", "heads of keys and values where they are shared; absent: all heads"),
    _number("head_dim", "width of a head; absent: hidden over heads"),
    _number("ffn_hidden", "width of the MLP, or of one expert; absent: four times hidden"),
    _number("ffn_matrices", "matrices of the MLP: 3 if gated; absent: 2"),
    _number("dense_hidden", "width of the MLP in layers of a mixture that are dense; absent: that of an expert"),
    _number("untied_logits", "1 if the output matrix is not the embedding; absent: 0"),
    _number("experts", "experts in a layer of a mixture"),
    _number("active_experts", "experts that each token uses, shared ones aside; absent: 1"),
    _number("shared_experts", "experts that every token uses besides; absent: none"),
    _number(
        "expert_layer_share", "share of the layers that are mixtures; absent: all, or all but the first dense ones"
    ),
    _number("first_dense_layers", "layers at the beginning that are no mixtures; absent: none"),
    _number("kv_rank", "latent attention: width that keys and values pass through; absent: none"),
    _number("q_rank", "latent attention: the same of queries; absent: none"),
    _number("rope_dim", "latent attention: rotary part of a head, beside head_dim; absent: none"),
    _number("window", "tokens that a windowed layer looks back; absent: all layers see everything"),
    _number("window_layer_share", "share of the layers that are windowed; absent: all if a window is given"),
    _number("predict_layers", "heads that predict further tokens, a layer each; absent: none"),
    _number("encoder_layers", "layers of an encoder; layers are then those of the decoder"),
    _number("encoder_seq_len", "tokens in a sequence of the encoder; absent: as in the decoder"),
    _number("tokens", "training tokens", 300e9, slider=Slider(1e9, 1e15)),
    Field(
        "accelerator",
        "text",
        "accelerator of data/raw/hardware.csv, by identifier or name; or the name of one described by its data sheet",
        default="A100",
    ),
    Field(
        "precision",
        "choice",
        "of matrix products: 16 bits, 8 bits with one scale a tensor or one a block, 4 bits",
        default="bf16",
        choices=PRECISIONS,
    ),
    _number("peak_flop_per_s", "dense 16-bit rate of one accelerator; absent, as the next six: from the table"),
    _number("memory_bytes", "memory of one accelerator"),
    _number("memory_bytes_per_s", "bandwidth of that memory"),
    _number("link_bytes_per_s", "link to its neighbours in the server, both directions together"),
    _number("network_bytes_per_s", "its share of the network between servers, one direction"),
    _number("link_domain", "accelerators joined by that link: a server, a rack, a pod"),
    _number("peak_fp8_flop_per_s", "dense 8-bit rate"),
    _number("peak_fp4_flop_per_s", "dense 4-bit rate"),
    _number("count", "accelerators", 1024, RANGES["chip_count"], Slider(1, 1e6)),
    _number("days", "duration, or deadline where something else is the unknown", 30, slider=Slider(0.1, 3650)),
    _number(
        "budget_usd",
        "money for renting; given in place of days",
        accepted=Range(1e-2, 1e15, "US dollars"),
        slider=Slider(1e2, 1e10),
    ),
    _number(
        "utilisation",
        "6·N·D per second over the 16-bit peak, restarts counted; absent: by the time model, and by published whole runs "
        "where no architecture is known",
        accepted=Range(1e-6, 4),
        slider=Slider(0.02, 0.8, log=False),
    ),
    Field(
        "recompute",
        "choice",
        "activations computed again: restricts the layouts that are searched; absent: all are",
        choices=RECOMPUTATIONS,
    ),
    _number("global_batch", "sequences in a step; absent: as is usual for the size"),
    Field("date", "date", "day whose prices count; absent: the newest price known"),
    Field("vendor", "text", "cloud whose price counts; absent: the median over all that are known"),
    Field("commitment", "choice", "how long the renter is bound", default="on_demand", choices=COMMITMENTS),
    _number(
        "price_per_chip_hour_usd",
        "rent of one accelerator for an hour; absent: from data/raw/prices.csv",
        accepted=Range(0, 1e5, "US dollars per chip-hour"),
        slider=Slider(0.1, 30),
    ),
    _number(
        "purchase_price_usd",
        "price of one accelerator with its part of the server; absent: from data/raw/prices.csv, the bare accelerator",
        accepted=Range(0, 1e9, "US dollars per chip"),
        slider=Slider(100, 1e5),
    ),
    _number(
        "pue", "power usage effectiveness of the data centre", footprint.DEFAULT_PUE, slider=Slider(1, 2.5, log=False)
    ),
    Field(
        "grid",
        "text",
        "electricity grid of data/raw/grids.csv, with its year or without (the year nearest to date)",
        default="us-2021",
    ),
    _number(
        "carbon_kg_per_kwh",
        "kg of CO2 equivalent per kWh; absent: that of the grid",
        slider=Slider(0, 1.2, log=False),
    ),
    _number(
        "device_power_w",
        "rated power of one accelerator; absent: from its data sheet",
        accepted=Range(30, 20_000, "watts, not kilowatts"),
        slider=Slider(50, 2000),
    ),
    _number(
        "power_factor",
        "power drawn with the accelerator's part of the server, over its rated power; absent: as measured on such servers",
        accepted=Range(0.1, 10),
        slider=Slider(0.5, 3, log=False),
    ),
)

FIELDS: dict[str, Field] = {field.name: field for field in _LIST}
