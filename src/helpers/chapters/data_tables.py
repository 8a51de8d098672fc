"""The GPT-3 data mix as an article prints it, beside the paper's, with its arithmetic done again."""

from __future__ import annotations

import pandas as pd

from helpers.ledger.tables import Tables

MIXTURE_PARTS = ("crawl", "webtext", "books2", "books1", "wikipedia")


def mixture_table(tables: Tables, article_id: str = "002") -> pd.DataFrame:
    """One row per part: tokens as printed (read in the unit of the table's head), passes, the printed "effective
    size", and what tokens in billions times passes gives.

    Columns: part, printed_tokens, paper_tokens, ratio, passes, printed_effective, product. Rows are keyed by part.
    """
    claims, known = tables["claims"].set_index("claim_id"), tables.evidence_rows
    rows = []
    for part in MIXTURE_PARTS:
        stem = f"{article_id}-gpt3-mix-{part}"
        tokens, passes, effective = (claims.loc[f"{stem}-{name}"] for name in ("tokens", "epochs", "effective"))
        linked = [known[i] for i in str(tokens["evidence_ids"]).split() if i in known]
        paper = float(linked[0]["number"]) if linked else float("nan")
        printed = effective["number"] / float(effective["scale"])
        product = tokens["number"] / float(tokens["scale"]) * passes["number"]
        rows.append((part, tokens["number"], paper, tokens["number"] / paper, passes["number"], printed, product))
    columns = ["part", "printed_tokens", "paper_tokens", "ratio", "passes", "printed_effective", "product"]
    return pd.DataFrame(rows, index=list(MIXTURE_PARTS), columns=columns)
