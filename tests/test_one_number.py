"""One number for one thing: every table behind the page that gives a figure of a thing gives the same one.

Every column of numbers is read, of every table that names what a row is of: a system, a run, a claim, an article.
Where two conventions meet, or a maker's figure and a database's, the reason stands here, and on the page beside them.
"""

import html
import re
from collections import defaultdict

import pandas as pd
import pytest

from helpers.constants import PETAFLOP_PER_S_DAY_FLOP
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan
from helpers.ledger.tables import Tables
from helpers.paths import REPORT

# What names the thing that a row is of; systems and models by identifier or by name.
KEYS = ("claim_id", "system_id", "model_id", "run_id", "article_id", "system", "name", "title")
# Columns of another name that count the same, and how many of its units make one.
ALIKE = {
    "active_params": ("params", 1.0),
    "model_flop": ("compute by parameters and tokens", 1.0),
    "pfday": ("compute by parameters and tokens", PETAFLOP_PER_S_DAY_FLOP),
    "number": ("value", 1.0),
}
SCENARIO_TABLES = {"scenario-systems", "scenario-rivals"}  # their compute is 6·N·D
SAME = 0.005  # 175 billion and the 174.6 of a table are one figure, rounded
# Where two figures differ by more, and why; each reason stands on the page beside one of them.
REASONS = {("t5-11b", "params"): "k = C/(N·D) is printed with all of them; its note says that a token uses half"}


def figures(tables: Tables) -> dict[tuple[str, str], dict[str, float]]:
    """Every figure of a thing that stands in one row of a table, by thing and convention, with the tables."""
    known = {tables.name_of(name): name for name in (*tables.model_rows, *tables["systems"]["system_id"])}
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for path in sorted((REPORT / "data").glob("*.csv")):
        frame = pd.read_csv(path)
        key = next((k for k in KEYS if k in frame), "")
        if not key or frame[key].duplicated().any():
            continue
        things = [known.get(str(name), str(name)) for name in frame[key]]
        for column in frame.columns.drop(key):
            convention, units = ALIKE.get(column, (column, 1.0))
            if column == "training_flop" and path.stem in SCENARIO_TABLES:
                convention = ALIKE["model_flop"][0]
            for thing, value in zip(things, pd.to_numeric(frame[column], errors="coerce"), strict=True):
                if value == value:
                    found[thing, convention][path.stem] = float(value) * units
    return found


def apart(values: list[float]) -> bool:
    """Whether figures are not one figure, rounded."""
    return max(values) - min(values) > SAME * max(map(abs, values))


def test_tables_that_name_the_same_thing_give_the_same_number(real_tables: Tables) -> None:
    shared = {what: said for what, said in figures(real_tables).items() if len(said) > 1}
    assert len(shared) > 1500, "the tables are no longer read"
    assert {what: said for what, said in shared.items() if apart([*said.values()]) and what not in REASONS} == {}


def test_no_reason_outlives_the_difference(real_tables: Tables) -> None:
    found = figures(real_tables)
    assert all(apart([*found[what].values()]) for what in REASONS)


def test_two_figures_of_one_thing_are_told_apart_and_rounding_is_not() -> None:
    assert apart([8.25e20, 3.3e22])
    assert not apart([1.75e11, 1.746e11])
    assert apart([-1.0, 1.0])


# Figures of the page's sentences that are not the published ones, and the reason that stands beside each.
TOLD = {
    "2.65×10²³ FLOP": "Yuan on six operations, and the count with eight beside it",
    "3072 PD": "Yuan on six operations, and the count with eight beside it",
    "4850 PD": "GPT-3 on eight operations, and the count with six beside it",
    "273 billion": "an article's figure, told to be off by a hundred times",
    "33.8 %": "Yuan's share of peak on six operations, as its scenario has it",
    "13.7 days": "worked out from Yuan's share of peak; the press prints 16",
    "47.9 days": "MT-NLG worked out on the 2240 GPUs that were timed",
    "16.4 TB": "the memory of 512 accelerators",
}
# Width, text length, a class, a unit and a year, which the reader takes for another quantity.
MISREAD = {"one", "12 288", "2048", "a billion", "10¹⁵", "2020"}
SPOKEN = "p|li|dd|figcaption|caption|summary|h[1-4]"  # elements of a page that hold sentences
CLAIM = re.compile(r"\b\d{3}-[a-z]")  # an identifier: what an article says is no figure of the page's own


def sentences(name: str) -> list[str]:
    """The sentences of a page with a figure in them, lists and captions too; drawings, code, choices and claims left out."""
    page = (REPORT / f"{name}.html").read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|svg|pre|select|article|cite)\b.*?</\1>", "", page, flags=re.S)
    found = re.findall(rf"<(?:{SPOKEN})\b[^>]*>(.*?)</(?:{SPOKEN})>", page, flags=re.S)
    texts = [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))) for text in found]
    return list(dict.fromkeys(text for text in texts if re.search(r"\d", text) and not CLAIM.search(text)))


@pytest.mark.parametrize("name", ["index", pytest.param("reference", marks=pytest.mark.slow)])
def test_no_sentence_of_the_page_gives_another_figure_than_the_evidence(name: str, knowledge: Knowledge) -> None:
    """The page is scanned as an article is: a system's figure that the evidence speaks against has its reason here."""
    found = [c for text in sentences(name) for c in scan(text, knowledge).candidates if c.first]
    assert sum(c.first.holds for c in found if c.first) >= 5, "the sentences are no longer read"
    off = {c.quantity.as_printed: c.system for c in found if c.first and c.first.fails}
    assert {printed: system for printed, system in off.items() if printed not in {*TOLD, *MISREAD}} == {}
