"""Where the project's files lie."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "data"
RAW = DATA / "raw"
NOTEBOOKS = PROJECT / "notebooks"
REPORT = PROJECT / "report"


def shown(path: Path) -> str:
    """The path as a reader of a message knows it: relative to the project where it lies inside, links not followed."""
    path = Path(os.path.abspath(path))
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.as_posix()
