"""The systems one by one, each with its claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.language import named, term, tr, translated
from helpers.ledger.tables import Tables
from helpers.report.claims import badge, permalink
from helpers.report.text import Html, escape, with_language

Row = Mapping[str, Any]


def system_list(tables: Tables, verdicts: pd.DataFrame, systems: pd.DataFrame) -> Html:
    """An entry per system with the id `system-<system_id>`: its names, and its claims with their badges."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    return Html(
        "\n".join(
            _system_entry(row, joined[joined["system_id"] == row["system_id"]]) for row in systems.to_dict("records")
        )
    )


def _system_entry(system: Row, claims: pd.DataFrame) -> str:
    names = ", ".join(str(with_language(n)) for n in (system["name_zh"], *str(system["aliases"]).split("|")) if n)
    about = " · ".join(
        str(with_language(x))
        for x in (named(system["organisation"]), term(system["kind"]), translated(system["note"]))
        if x
    )
    items = "".join(
        f"<li>{badge(c['grade'])} {with_language(c['statement'])} ({permalink(c['claim_id'])})</li>"
        for c in claims.to_dict("records")
    )
    listed = f"<ul>{items}</ul>" if items else f"<p>{tr('Named only in comparisons.')}</p>"
    count = tr("{n} claim", n=1) if len(claims) == 1 else tr("{n} claims", n=len(claims))
    return (
        f'<details class="system" id="system-{escape(system["system_id"])}"><summary>{with_language(named(system["name"]))} '
        f'<span class="meta">{count}</span></summary><p class="meta">{names}{". " if names else ""}{about}</p>{listed}</details>'
    )
