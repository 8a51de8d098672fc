"""The bibliography."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from helpers.ledger.tables import Tables
from helpers.report.text import Html, escape, foreign


def source_list(tables: Tables) -> Html:
    """All sources that the dataset uses, by key, each with the id `ref-<key>`."""
    used = set()
    for name in ("evidence", "hardware", "models", "runs", "megatron_runs"):
        used |= set(tables[name]["source_id"])
    return listed(sorted(used), tables.references)


def listed(keys: Sequence[str], references: Mapping[str, dict[str, str]]) -> Html:
    """Some sources, in the order of `keys`."""
    items = "\n".join(_item(key, references[key]) for key in keys)
    return Html(f'<ul class="sources">\n{items}\n</ul>')


def _item(key: str, entry: dict[str, str]) -> str:
    who = entry.get("author") or entry.get("organization") or entry.get("institution") or ""
    parts = [
        foreign(who.replace(" and ", "; ")),
        f"<cite>{foreign(entry.get('title', key))}</cite>",
        escape(entry.get("year", "")),
    ]
    return f'<li id="ref-{escape(key)}"><span class="key">{escape(key)}</span> {", ".join(p for p in parts if p)}. {_link(entry)}</li>'


def _link(entry: dict[str, str]) -> str:
    eprint = entry.get("eprint", "")
    if re.fullmatch(r"[0-9]{4}\.[0-9]{4,5}(v[0-9]+)?|[a-z-]+/[0-9]{7}", eprint):
        return f'<a href="https://arxiv.org/abs/{eprint}">arXiv:{eprint}</a>'
    url = entry.get("url", "")
    if re.fullmatch(r"https?://[^\s\"'<>]+", url):
        return f'<a href="{escape(url)}">{escape(url)}</a>'
    return escape(entry.get("howpublished", ""))
