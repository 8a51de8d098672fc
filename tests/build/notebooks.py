"""Small notebooks written by the tests."""

from pathlib import Path

import nbformat

OPEN = "from helpers.notebook import open_chapter\n\nchapter = open_chapter(globals())"


def write_notebook(
    path: Path,
    *sources: str,
    parameters: str = 'data_dir: str = ""  # data\nout_dir: str = ""  # out\nlanguage: str = "en"  # tongue',
) -> Path:
    """A notebook with a parameters cell and code cells; a source that begins with # and a space is Markdown."""
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    cells = [
        nbformat.v4.new_markdown_cell(s, metadata={"tags": ["en", "zh"]})
        if s.startswith("# ")
        else nbformat.v4.new_code_cell(s)
        for s in sources
    ]
    notebook = nbformat.v4.new_notebook(cells=[tagged, *cells])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{path.stem}-{number:02d}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
