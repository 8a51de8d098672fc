"""`scan --page` and `article`: one article on one offline page, to read or to correct."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import Problem
from helpers.files import refuse_input, write_whole
from helpers.reader.documents import STDIN, read_document


def write_page(article: Path, target: Path, data_dir: Path) -> None:
    """Write the page to read; nothing else of the article stays on the disk.

    Raises:
        Problem: the page is no .html file, or would replace the article.
    """
    from helpers.report.article_page import article_page

    if target.suffix.lower() not in (".html", ".htm"):
        raise Problem(f"--page {target} is no .html file. Mend: name one, such as scan.html.")
    refuse_input(target, [article])
    write_whole(target, article_page(article.name, read_document(article), data_dir, editable=False))


def write_article(article: Path, folder: Path, data_dir: Path, ledger: Path | None = None) -> Path:
    """Write the page to correct, `folder`/article.html.

    Args:
        article: the file, or - for what is pasted.
        ledger: a folder with systems and evidence of one's own.

    Raises:
        Problem: the page would replace the article.
    """
    from helpers.report.article_page import article_page

    target = folder / "article.html"
    refuse_input(target, [article])
    text = read_document(article)
    folder.mkdir(parents=True, exist_ok=True)
    name = "pasted text" if article == STDIN else article.name
    write_whole(target, article_page(name, text, data_dir, own=ledger))
    return target
