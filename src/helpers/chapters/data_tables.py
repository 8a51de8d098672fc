"""The GPT-3 data mix as an article prints it, beside the paper's, with its arithmetic done again."""

import pandas as pd

from helpers.ledger.tables import Tables

ARTICLE = "002"
MIXTURE_PARTS = ("crawl", "webtext", "books2", "books1", "wikipedia")


def mixture_table(tables: Tables) -> pd.DataFrame:
    """One row per part: tokens as printed (read in the unit of the table's head), passes, the printed "effective
    size", and what tokens in billions times passes gives.

    Columns: part, printed_tokens, paper_tokens, ratio, passes, printed_effective, product. Rows are keyed by part.
    """
    rows = []
    for part in MIXTURE_PARTS:
        names = (f"{ARTICLE}-gpt3-mix-{part}-{name}" for name in ("tokens", "epochs", "effective"))
        tokens, passes, effective = (tables.claim_rows[name] for name in names)
        linked = [row for i in str(tokens["evidence_ids"]).split() if (row := tables.evidence_rows.get(i))]
        paper = float(linked[0]["number"]) if linked else float("nan")
        printed = effective["number"] / float(effective["scale"])
        product = tokens["number"] / float(tokens["scale"]) * passes["number"]
        rows.append((part, tokens["number"], paper, tokens["number"] / paper, passes["number"], printed, product))
    columns = ["part", "printed_tokens", "paper_tokens", "ratio", "passes", "printed_effective", "product"]
    return pd.DataFrame(rows, index=list(MIXTURE_PARTS), columns=columns)
