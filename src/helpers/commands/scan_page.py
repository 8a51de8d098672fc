"""`scan --page`: the scan notebook run on one article and rendered as a page of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from helpers.build.fork_server import run_folder
from helpers.build.notebooks import execute
from helpers.errors import Problem
from helpers.files import refuse_input, write_whole
from helpers.paths import NOTEBOOKS

NOTEBOOK = NOTEBOOKS / "13_scan.ipynb"
TITLE = "The figures of one article"
DESCRIPTION = (
    "Read by machine and held against published evidence; made for the reader of the article, not for publication."
)


def write_page(article: Path, target: Path, data_dir: Path) -> None:
    """Write the page; nothing else of the article stays on the disk.

    Raises:
        Problem: the page is no .html file, or would replace the article.
    """
    from helpers.report.chapter_html import render_chapter
    from helpers.report.page import page

    if target.suffix.lower() not in (".html", ".htm"):
        raise Problem(f"--page {target} is no .html file. Mend: name one, such as scan.html.")
    refuse_input(target, [article])
    with tempfile.TemporaryDirectory(dir=run_folder()) as folder:
        executed = Path(folder) / NOTEBOOK.name
        values = {"article": str(article.resolve()), "data_dir": str(data_dir.resolve())}
        execute(NOTEBOOK, executed, values, Path(folder))
        html = page([render_chapter(executed)], TITLE, DESCRIPTION)
    write_whole(target, html)
