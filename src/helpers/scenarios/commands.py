"""The commands `predict` and `plan`; the formulas are imported only when one of them runs."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.formulas.planning import Estimate, Plan

HELP = {
    "predict": "predict seconds per step for a table of training runs (CSV in, CSV out)",
    "plan": "what would it take: days, energy, money and layouts for a model on a cluster",
}
SHAPE = {
    "layers": "layers, of the decoder if there is an encoder",
    "hidden": "width",
    "heads": "attention heads",
    "kv_heads": "heads of keys and values, where they are shared",
    "head_dim": "width of a head (default hidden over heads)",
    "ffn_hidden": "width of the MLP (default 4 x hidden)",
    "ffn_matrices": "matrices of the MLP, 3 if gated (default 2)",
    "vocab": "vocabulary (default 51200)",
    "seq_len": "tokens per text (default 2048)",
    "experts": "experts per layer",
    "active_experts": "experts that each token uses (default 1)",
    "expert_layer_share": "share of layers that are mixtures (default all)",
    "encoder_layers": "layers of an encoder",
    "encoder_seq_len": "tokens per text of the encoder (default as the decoder)",
}
# Figures of a data sheet, for an accelerator that is not in the table.
DATA_SHEET = {
    "peak_flop_per_s": "dense 16-bit FLOP/s",
    "memory_bytes": "memory, bytes",
    "memory_bytes_per_s": "memory bandwidth, bytes/s",
    "link_bytes_per_s": "link to its neighbours in the server, both directions, bytes/s",
    "network_bytes_per_s": "its share of the network between servers, one direction, bytes/s",
    "device_power_w": "power, W",
}


def add_commands(subparsers: Any) -> None:
    """Add both commands to the object that `ArgumentParser.add_subparsers` returned."""
    for name, text in HELP.items():
        add_arguments(subparsers.add_parser(name, help=text, description=text), name)


def add_arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """The arguments of one command; sets `run` as its action."""
    if command == "predict":
        parser.add_argument(
            "runs", metavar="RUNS.csv", help="columns as in data/raw/megatron_runs.csv, or some of them"
        )
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help="write here instead of the screen")
    else:
        _add_plan_arguments(parser)
    parser.set_defaults(command=command, run=run)


def _add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--params", required=True, help="parameters, such as 175e9")
    add("--tokens", required=True, help="training tokens, such as 300e9")
    add(
        "--accelerator",
        required=True,
        help='such as A100, "H100 80GB", "TPU v4" (data/raw/hardware.csv), or a new one\'s name',
    )
    for name, text in DATA_SHEET.items():
        add(f"--{name.replace('_', '-')}", help=f"data sheet of an accelerator that is not in the table: {text}")
    add("--count", required=True, help="number of accelerators")
    add("--active-params", help="parameters each token uses, in a mixture of experts")
    for name, text in SHAPE.items():
        add(f"--{name.replace('_', '-')}", help=f"architecture: {text}")
    add("--global-batch", help="sequences per step")
    add("--price", help="rent per accelerator and hour")
    add("--purchase-price", help="price of one accelerator with its part of the server")
    add("--pue", default="1.1", help="power usage effectiveness (default 1.1)")
    add("--carbon", default="0.429", help="kg CO2e per kWh of the grid (default 0.429)")
    add("--layouts", default="5", help="how many layouts to show")


def run(args: argparse.Namespace) -> int:
    """Run the command that `args` were parsed for; 1 if any row of a table could not be used."""
    return _predict(args) if args.command == "predict" else _plan(args)


def _predict(args: argparse.Namespace) -> int:
    from pathlib import Path

    from helpers.formulas.prediction import predict_csv

    if args.output == "-":
        problems = predict_csv(args.runs, sys.stdout)
    else:
        with Path(args.output).open("w", encoding="utf-8", newline="") as stream:
            problems = predict_csv(args.runs, stream)
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _plan(args: argparse.Namespace) -> int:
    from helpers.formulas.hardware import described, lookup
    from helpers.formulas.planning import Prices, plan, read_architecture
    from helpers.formulas.validation import number

    def given(name: str, text: str | None) -> float | None:
        return None if text is None else number(name, text)

    prices = Prices(
        given("price_per_chip_hour", args.price),
        given("purchase_price", args.purchase_price),
        number("pue", args.pue),
        number("carbon_kg_per_kwh", args.carbon),
    )
    batch = given("global_batch", args.global_batch)
    sheet = {name: number(name, text) for name in DATA_SHEET if (text := getattr(args, name)) is not None}
    answer = plan(
        params=number("params", args.params),
        tokens=number("tokens", args.tokens),
        accelerator=described(args.accelerator, sheet) if sheet else lookup(args.accelerator),
        count=int(number("chip_count", args.count)),
        active_params=given("active_params", args.active_params),
        architecture=read_architecture({name: given(name, getattr(args, name)) for name in SHAPE}),
        global_batch=None if batch is None else int(batch),
        prices=prices,
        keep=int(number("layouts", args.layouts)),
    )
    print("\n".join(lines_of(answer)))
    return 0


def lines_of(answer: Plan) -> list[str]:
    """A plan as text for the screen."""
    pf_days = 8.64e19
    lines = [
        f"model           {answer.params:.4g} parameters, {answer.active_params:.4g} active; {answer.tokens:.4g} tokens",
        f"compute         {answer.training_flop:.3g} FLOP = {answer.training_flop / pf_days:.0f} PF-days (6ND)",
        f"with recompute  {answer.recompute_flop:.3g} FLOP = {answer.recompute_flop / pf_days:.0f} PF-days (8ND)",
        f"cluster         {answer.count} x {answer.accelerator.name}",
        f"tokens/param    {answer.tokens_per_param:.3g} (compute-optimal: about 20, {answer.optimal_params:.3g} parameters)",
    ]
    if answer.step_days:
        lines.append(f"days, steps     {_estimate(answer.step_days)}: the best layout, nothing lost")
    lines.append(f"days, run       {_estimate(answer.run_days)}: first to last day, as published runs took")
    lines.append(f"energy          {_estimate(answer.energy_kwh.times(1e-3))} MWh")
    lines.append(f"carbon          {_estimate(answer.carbon_kg.times(1e-3))} t CO2e")
    for name, cost in (("rent", answer.rent), ("purchase share", answer.purchase)):
        if cost:
            lines.append(f"{name:15s} {_estimate(cost)}")
    return [*lines, *_layout_lines(answer), *(f"note: {note}" for note in answer.notes)]


def _layout_lines(answer: Plan) -> list[str]:
    if not answer.found.layouts:
        return [] if answer.found.reason in answer.notes else [answer.found.reason]
    head = "tensor pipeline  data micro chunks recompute sharding  s/step  GiB"
    rows = [
        f"{c.tensor:6d} {c.pipeline:8d} {c.data:5d} {c.micro_batch:5d} {c.interleave:6d} {c.recompute:>9s} "
        f"{c.sharding:8d} {c.step_s:7.2f} {c.memory_gib:4.0f}"
        for c in answer.found.layouts
    ]
    return [f"best of {answer.found.examined} layouts, global batch {answer.global_batch}:", head, *rows]


def _estimate(estimate: Estimate) -> str:
    return f"{_figure(estimate.middle)} ({_figure(estimate.low_90)} to {_figure(estimate.high_90)})"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
