"""Charts of the scale chapter."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.language import tr
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.report.charts.row_charts import beside, cut_bar, key, row_axes
from helpers.report.figures import C1, C2, DRAWN, MUTED, drawing
from helpers.report.palette import grade_name

# Labels that would cover another one: offset in points, alignment.
LABELS = {
    "wudao-2-0": (0, 13, "right"),
    "palm": (0, 5, "left"),
    "gpt-3": (-4, 4, "right"),
    "turing-nlg": (-4, 4, "right"),
}

# Each grade in the colour of its badge.
GRADE_COLOURS = {grade.value: DRAWN[grade_name(grade)] for grade in Grade}


def race_chart(models: pd.DataFrame, dense: pd.DataFrame, sparse: pd.DataFrame, named: dict[str, str]) -> Figure:
    """Parameters over time on a log axis, dense and sparse apart, the records joined as steps.

    Args:
        models, dense, sparse: `year`, `parameters`, `sparse`, `name`, `model_id`; the last two are the records.
        named: labels by model id.
    """
    with drawing(height=4.2) as figure:
        axes = figure.subplots()
        for flag, colour, marker in ((False, C1, "o"), (True, C2, "D")):
            part = models[models["sparse"] == flag]
            faint: dict[str, Any] = {"markersize": 3, "alpha": 0.45, "linestyle": "none"}
            axes.plot(part["year"], part["parameters"], marker, color=colour, **faint)
        for record, colour, label in ((dense, C1, tr("dense")), (sparse, C2, tr("mixture of experts"))):
            axes.step(record["year"], record["parameters"], where="post", color=colour, linewidth=1.6, label=label)
        for record, usual in ((dense, (4, -10, "left")), (sparse, (-4, 4, "right"))):
            for row in record[record["model_id"].isin(named)].to_dict("records"):
                x, y, align = LABELS.get(row["model_id"], usual)
                beside(axes, named[row["model_id"]], (row["year"], row["parameters"]), (x, y), align)
        axes.set(yscale="log", ylabel=tr("parameters"), xlabel=tr("year of publication"))
        figure.legend(loc="outside upper left", ncols=2)
        axes.tick_params(which="minor", color=MUTED)
    return figure


def grade_chart(counts: pd.DataFrame, tones: dict[str, str]) -> Figure:
    """Stacked bars: grades (columns) by article (rows); a label where the part is wide enough.

    Args:
        counts: index = article, columns = grades, values = claims.
        tones: colour by grade.
    """
    with drawing(height=0.9 + 0.42 * len(counts)) as figure:
        axes = figure.subplots()
        for row, (_, values) in enumerate(counts.iterrows()):
            parts = ((tr(str(grade)), int(n), tones[str(grade)], f"{n}") for grade, n in values.items())
            cut_bar(axes, row, parts, 12)
        row_axes(axes, [tr("Article {id}", id=name) for name in counts.index], 9, xlabel=tr("claims"))
        key(figure, {tr(str(grade)): tones[str(grade)] for grade in counts.columns})
    return figure


def dated_articles(counts: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Counts by article with the month of each article below its number."""
    months = {row["article_id"]: row["published"][:7] for row in tables["articles"].to_dict("records")}
    return counts.rename(index={article: f"{article}\n{month}" for article, month in months.items()})
