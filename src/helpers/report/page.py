"""Pages: chapters joined to one offline file with a hash-based content security policy.

The reference holds every chapter and card as plain HTML, and needs no script. `helpers.report.index_page` carries the
same fragments behind the story.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helpers
from helpers.language import NAMES, PAGES, TAGS, current, later, tr
from helpers.report import palette
from helpers.report.chapter_html import RenderedChapter
from helpers.report.text import TEMPLATES, Html, fill

REFERENCES = {language: name.replace("index", "reference") for language, name in PAGES.items()}
APART = re.compile(r"(<(?:pre|script|style|code)\b.*?</(?:pre|script|style|code)>|<[^>]*>)", re.S)
PER_CENT = re.compile(r"(?<=\d) %")
DATA_BLOCK = re.compile(r'<script type="application/(?:ld\+)?json" id="[\w-]+">[^<]*</script>\n?')
TITLE = later("Compute Claims: the reference")
DESCRIPTION = later(
    "Every claim, system, source and method of the report, on one page that needs no script: for printing, for search engines and for reading from end to end."
)
NONE = "'none'"
LABELS = {"Figure": later("Figure {n}. "), "Table": later("Table {n}. ")}


@dataclass(frozen=True)
class Frame:
    """What a page is besides its chapters.

    Args:
        title, description: for the tab, the heading and those who link to it.
        editions: language to the file that says the same; none for a page of its own.
        way_back: address of the report, on a page of its own.
    """

    title: str
    description: str
    editions: dict[str, str]
    way_back: str = ""


def number(html: str) -> str:
    """Fill in the running numbers of figures and tables."""
    count: Counter[str] = Counter()

    def label(match: re.Match[str]) -> str:
        count[match[1]] += 1
        return f'<span class="number">{tr(LABELS[match[1]], n=count[match[1]])}'

    return re.sub(r'<span class="number" data-count="(\w+)">', label, html)


def kept_together(html: str) -> str:
    """A number and its per cent sign never part at the end of a line; tags, code and data stay as they are."""
    parts = APART.split(html)  # what is left alone is every second one
    return "".join(p if n % 2 else PER_CENT.sub("\u00a0%", p) for n, p in enumerate(parts))


def numbered(chapters: Sequence[RenderedChapter]) -> list[RenderedChapter]:
    """The chapters as they are shown, figures and tables counted through."""
    joined = "\0".join(kept_together(chapter.html) for chapter in chapters)
    return [c._replace(html=Html(html)) for c, html in zip(chapters, number(joined).split("\0"), strict=True)]


def render(
    template: str, frame: Frame, styles: str, script: str, fragments: str = NONE, bare: str = "", **values: Any
) -> str:
    """A page by a template, its style and script allowed by their hashes and nothing else.

    Args:
        bare: further styles where no script runs.
        fragments: name of the one policy that may make elements of text (trusted types).
    """
    styles = palette.styles() + styles
    hashes = " ".join(_hash(css) for css in (styles, bare) if css)
    policy = (
        f"default-src 'none'; style-src {hashes}; script-src {_hash(script) if script else NONE}; img-src data:; "
        f"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types {fragments}"
    )
    return fill(
        template, css=Html(styles), bare=Html(bare), script=Html(script), policy=Html(policy), frame=frame,
        editions=[(TAGS[key], page, NAMES[key]) for key, page in frame.editions.items()],
        language=TAGS[current()], version=helpers.__version__, **values,
    )  # fmt: skip


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def page(chapters: Sequence[RenderedChapter], title: str, description: str, way_back: str = "") -> str:
    """Chapters as a page of its own, with the scripts of what can be moved in it."""
    own = with_parts("".join(chapter.html for chapter in chapters), ["page.css"], ["page.js"])
    frame = Frame(title, description, {}, way_back)
    return render("page", frame, *own, chapters=numbered(chapters), reference=False)


def reference_page(chapters: Sequence[RenderedChapter]) -> str:
    """Every chapter but the story as plain HTML: no script, nothing folded away for good."""
    own = [chapter._replace(html=Html(DATA_BLOCK.sub("", chapter.html))) for chapter in numbered(chapters)[1:]]
    ids = set(re.findall(r' id="([^"]+)"', "".join(chapter.html for chapter in own)))

    def elsewhere(match: re.Match[str]) -> str:
        return match[0] if match[1] in ids else f'href="{PAGES[current()]}#{match[1]}"'

    own = [c._replace(html=Html(re.sub(r'href="#([^"]+)"', elsewhere, c.html))) for c in own]
    frame = Frame(tr(TITLE), tr(DESCRIPTION), REFERENCES, PAGES[current()])
    return render("page", frame, template_text("page.css"), "", chapters=own, reference=True)


def read_chapters(folder: Path, names: Sequence[str]) -> list[RenderedChapter]:
    """Chapters that `chapter_html.write_chapter` has written, in this order."""
    kept = [json.loads((folder / name).read_text(encoding="utf-8")) for name in names]
    return [RenderedChapter(a, Html(t), [(s, Html(said)) for s, said in own], Html(html)) for a, t, own, html in kept]


def with_parts(html: str, styles: Iterable[str], scripts: Iterable[str]) -> tuple[str, str]:
    """Styles and script of a page by the names of their files, and those of each part whose id its chapters have."""
    wanted = [name for name in SCRIPTS if f'id="{name}"' in html]
    files = *scripts, *(["numbers.js"] if wanted else [])
    own = (SCRIPTS[name]() + template_text(f"{name}.js") for name in wanted)
    css = *styles, *(f"{name}.css" for name in wanted)
    return "".join(map(template_text, css)), "".join([*map(template_text, files), *own])


def template_text(name: str) -> str:
    """A file of styles or script."""
    return f"\n{(TEMPLATES / name).read_text(encoding='utf-8')}"


def _formulas() -> str:
    """The formulas as JavaScript; imported only where a page needs them."""
    from helpers.report.explorer_data import formulas_script

    return f"// Generated from helpers.scenarios.solving and what it calls.\n{formulas_script()}{template_text('explorer_model.js')}"


def _judge() -> str:
    """What a claimed figure is held against evidence by, as JavaScript; imported only where a page needs it."""
    from helpers.ledger import intervals, verdicts
    from helpers.report.branches import translated

    functions: list[Callable[..., Any]] = [
        verdicts._held_against, verdicts.decisive, verdicts.divided, verdicts._one, verdicts._slip, verdicts._weighed,
        verdicts._compared, intervals.like_days,
    ]  # fmt: skip
    interval = intervals.Interval
    methods = [interval.overlaps, interval.gap_ratio, interval.gap, interval.middle]
    script = translated(functions, [verdicts.Verdict], methods, ("date_precision", "_first_day"))
    return f"{template_text('judge.js')}// Translated from helpers.ledger.verdicts.\n{script}"


# What comes before each script.
SCRIPTS: dict[str, Callable[[], str]] = {"explorer": _formulas, "assumptions": str, "article": _judge}
