"""A chapter of the report, seen from its notebook: what it reads, what it shows, where its files go.

The first cell after the parameters is `from helpers.notebook import open_chapter; chapter = open_chapter(globals())`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import chapters, language
from helpers.files import write_whole
from helpers.language import later, tr
from helpers.parameters import check_namespace
from helpers.paths import DATA
from helpers.rows import frame_csv
from helpers.structured import read_toml

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from helpers.ledger.tables import Tables
    from helpers.report.text import Html

ENGLISH_PROSE = later(
    "Only the results are in this language; the prose as well: python -m helpers run NOTEBOOK OUT -p language zh"
)
CAPTIONS = Path(chapters.__file__).with_name("captions.toml")
FORMER = later("The parameter {name} still works; from now on write it into the parameter fields: {name} = ...")


class Chapter:
    """Folders of a chapter and the ways to show results in it.

    Titles, heads, notes, captions and alt texts are translated; `values` fill their {places}, as in `say`. A misspelt
    option, or a value that no text names, is a TypeError. `data_dir` has `raw/`, `processed/` and `datapackage.json`;
    `out_dir` receives a CSV for each figure and table, none are written without it.
    """

    def __init__(self, data_dir: str = "", out_dir: str = ""):
        self.data_dir = Path(data_dir) if data_dir else DATA
        self.out_dir = Path(out_dir) if out_dir else None
        self.saved: set[str] = set()

    @cached_property
    def tables(self) -> Tables:
        """The dataset as `01_dataset` left it."""
        from helpers.ledger.processed import read_processed

        tables = read_processed(self.data_dir)
        tables.frames["claims"] = language.localised(tables["claims"], "data/raw/claims.csv")
        return tables

    def table(
        self,
        frame: pd.DataFrame,
        name: str,
        title: str,
        *,
        columns: Mapping[str, str] | None = None,
        formats: Mapping[str, Any] | None = None,
        notes: str = "",
        **values: Any,
    ) -> Html:
        """Show a table; see `helpers.report.html_tables.table_html`.

        Heads and notes may stand in `chapters/captions.toml`; a head that is `Html` comes from data and stays as it is.
        Numbers are written by the name of their column, `formats` come before that.
        """
        from helpers.report.html_tables import column_formats, table_html
        from helpers.report.text import Html

        known = read_toml(CAPTIONS).get(name, {})
        columns, notes = columns or known.get("columns"), notes or known.get("notes", "")
        heads = {c: text for c, text in (columns or {}).items() if not isinstance(text, Html)}
        taken = ("columns", "formats", "notes")
        language.refuse_unused("table", values, [title, notes, *heads.values()], taken)
        return table_html(
            frame,
            name,
            tr(title, **values),
            columns=columns and {**columns, **{c: tr(text, **values) for c, text in heads.items()}},
            formats=column_formats(frame, formats),
            notes=tr(notes, **values),
            download=self._save(frame, name),
        )

    def figure(
        self,
        figure: Figure,
        name: str,
        title: str,
        *,
        data: pd.DataFrame,
        caption: str = "",
        alt: str = "",
        **values: Any,
    ) -> Html:
        """Show a drawing with the data behind it; caption and alt text may stand in `chapters/captions.toml`."""
        from helpers.report.figures import figure_html

        kept = {"caption": "", "alt": "", **read_toml(CAPTIONS).get(name, {})}
        texts = {"title": title, "caption": caption or kept["caption"], "alt": alt or kept["alt"]}
        language.refuse_unused("figure", values, texts.values(), ("data", *texts))
        words = {part: tr(text, **values) for part, text in texts.items()}
        return figure_html(figure, name, **words, download=self._save(data, name))

    def told(self, shown: Html, name: str, title: str, *, data: pd.DataFrame, caption: str = "", **values: Any) -> Html:
        """Show a figure made of the page's own elements; its caption, which may hold links, as in `figure`."""
        from helpers.report.figures import framed
        from helpers.report.text import say_of

        caption = caption or read_toml(CAPTIONS).get(name, {})["caption"]
        language.refuse_unused("told", values, [title, caption], ("data", "caption"))
        words = tr(title, **values), say_of(caption, values)
        return framed(shown, name, *words, self._save(data, name))

    def _save(self, frame: pd.DataFrame, name: str) -> str:
        """Write the CSV for download; its address as seen from the report, or nothing.

        Other editions link to the CSV of the English one.
        """
        if name in self.saved:
            raise ValueError(f"two figures or tables of this chapter are called {name}; rename one")
        self.saved.add(name)
        if self.out_dir is None:
            return ""
        if language.is_source():
            self.out_dir.mkdir(parents=True, exist_ok=True)
            write_whole(self.out_dir / f"{name}.csv", frame_csv(frame))
        return f"data/{name}.csv"

    def publish(self, files: Iterable[Path], folder: str) -> str:
        """Put files into a folder beside the page for download; the address of the published data, or nothing."""
        if self.out_dir is None:
            return ""
        if language.is_source():
            (self.out_dir / folder).mkdir(parents=True, exist_ok=True)
            for path in files:
                (self.out_dir / folder / path.name).write_bytes(path.read_bytes())
        return "data"


def open_chapter(namespace: Mapping[str, Any]) -> Chapter:
    """Check the parameters of the calling notebook, its `globals()`, and open its chapter.

    Where the results are not in the language of the prose, a line says how to have both. A ParameterProblem: a
    parameter is unknown, of the wrong type or not finite, or there is no such language.
    """
    former = check_namespace(namespace)
    language.use(namespace.get("language", language.SOURCE))
    for name in former:
        print(tr(FORMER, name=name))
    if language.current() != os.environ.get(language.PROSE, language.SOURCE):
        print(tr(ENGLISH_PROSE))
    return Chapter(namespace.get("data_dir", ""), namespace.get("out_dir", ""))
