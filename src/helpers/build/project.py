"""Where one project's sources, results and cache lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from helpers import paths

SOURCE = Path(paths.__file__).resolve().parents[1]  # the folder that holds the package `helpers`
PUBLISHED = ("data/processed", "report")  # folders that a build puts in place, in this order
MANIFEST, CRATE = "report/manifest.json", "report/ro-crate-metadata.json"
OWN_PAGES = "report/scenarios"  # pages that a reader has rendered: a build leaves them alone


@dataclass(frozen=True)
class Project:
    """The folders of a project; tests make small ones of their own.

    Args:
        root: holds `notebooks/`, `data/`, `README.md` and `requirements.lock`.
        into: receives `data/processed/` and `report/` instead of the root.
        cache_folder: what a build may throw away; `build` in the root, if not given.
    """

    root: Path = field(default_factory=lambda: paths.PROJECT)
    into: Path | None = None
    cache_folder: Path | None = None

    @property
    def raw(self) -> dict[str, Path]:
        """What lies in `data/` beside the processed tables, by name: what every step may read."""
        found = sorted((self.root / "data").glob("[!.]*"))
        return {f"data/{path.name}": path for path in found if path.name != "processed"}

    @property
    def build(self) -> Path:
        """All that a build may throw away."""
        return self.cache_folder or self.root / "build"

    @property
    def target(self) -> Path:
        """The folder under which results are put in place."""
        return self.into or self.root

    @property
    def page(self) -> Path:
        """The report's first page."""
        return self.target / "report" / "index.html"


def tree(folder: Path) -> list[str]:
    """Names of all files below a folder, hidden ones left out."""
    found = (path for path in folder.rglob("*") if not path.name.startswith(".") and path.is_file())
    return [path.relative_to(folder).as_posix() for path in found]
