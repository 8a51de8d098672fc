"""How the page was made: versions, time per notebook, and other ways to run the same notebooks."""

import pandas as pd

from helpers.language import tr
from helpers.versions import locked_versions

OURS = "this project"
FLOOR = "the same code as one script"
TASKS = {"full build": "full", "no change": "same", "one parameter": "tweak", "pages": "pages"}


def package_versions() -> pd.DataFrame:
    """Packages that the project names as its own, with the version that the lock fixes."""
    return pd.DataFrame(sorted(locked_versions().items()), columns=["package", "version"])


def notebook_seconds(timings: pd.DataFrame) -> pd.DataFrame:
    """Seconds of each notebook in a full build, the slowest first."""
    found = timings[timings["task"] == "notebook"][["subject", "seconds"]].rename(columns={"subject": "notebook"})
    return found.sort_values(["seconds", "notebook"], ascending=[False, True], ignore_index=True)


def task_seconds(timings: pd.DataFrame) -> pd.DataFrame:
    """Seconds of each task, a row for each way to run the notebooks, in the order of the full build."""
    rows = timings[timings["task"].isin(TASKS)]
    wide = rows.pivot(index="tool", columns="task", values="seconds").reindex(columns=list(TASKS)).rename(columns=TASKS)
    versions = rows.groupby("tool")["version"].first()
    return wide.assign(version=versions).reset_index().sort_values(["full", "tool"], ignore_index=True)


def measured(timings: pd.DataFrame) -> tuple[str, str, str]:
    """When and on what machine the seconds were measured, and how many pages of one notebook were run."""
    date, machine = timings[["date", "machine"]].iloc[0]
    pages = timings.loc[timings["task"] == "pages", "subject"].iloc[0]
    cores, memory, system = str(machine).split(", ")  # as the benchmark writes it: `2 cores, 24 GiB, linux`
    words = tr("{cores} cores, {memory}, {system}", cores=cores.split()[0], memory=memory, system=system)
    return str(date), words, str(pages)


def other_tools(tasks: pd.DataFrame) -> list[str]:
    """The ways to run these notebooks that are not this project's; from `task_seconds`."""
    return [tool for tool in tasks["tool"] if not tool.startswith((OURS, FLOOR))]
