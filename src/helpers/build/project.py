"""Where one project's sources, results and cache lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from helpers import paths

SOURCE = Path(paths.__file__).resolve().parents[1]  # the folder that holds the package `helpers`
PUBLISHED = ("data/processed", "report")  # folders that a build puts in place, in this order
OWN_PAGES = "report/scenarios"  # pages that a reader has rendered: a build leaves them alone


@dataclass(frozen=True)
class Project:
    """The folders of a project; tests make small ones of their own.

    Args:
        root: holds `notebooks/`, `data/`, `README.md` and `requirements.lock`.
        into: receives `data/processed/` and `report/` instead of the root.
    """

    root: Path = field(default_factory=lambda: paths.PROJECT)
    into: Path | None = None

    @property
    def notebooks(self) -> Path:
        """The notebooks' sources."""
        return self.root / "notebooks"

    @property
    def data(self) -> Path:
        """Raw tables, their schema and what else notebooks read."""
        return self.root / "data"

    @property
    def build(self) -> Path:
        """All that a build may throw away."""
        return self.root / "build"

    @property
    def cache(self) -> Path:
        """Results of earlier runs."""
        return self.build / "cache"

    @property
    def target(self) -> Path:
        """The folder under which results are put in place."""
        return self.into or self.root

    @property
    def page(self) -> Path:
        """The report's first page."""
        return self.target / "report" / "index.html"

    def locate(self, name: str) -> Path:
        """The file that an input's name stands for: relative to the project, the package's own under `src/`."""
        return SOURCE.parent / name if name.startswith("src/") else self.root / name
