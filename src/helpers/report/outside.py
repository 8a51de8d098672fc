"""What a result needs where the page's styles are not: in JupyterLab, on a code host. The page leaves it out again.

Lab cuts styles, drawings and formulas out of a notebook that it does not trust, one that somebody else has run; it
leaves pictures and the style of an element. So a drawing is followed by itself as a picture, which only a style that
is cut out hides, and text in tables says of each cell where it begins.
"""

from __future__ import annotations

import base64
import re

from helpers.report.palette import COLOURS

# Jupyter aligns every cell to the right. The picture is for where this style is cut out.
STYLE = "<style>figure>img.outside{display:none}figure>div.inside{display:block!important}</style>"
INSIDE = '<div class="inside" style="display:none">'  # else the words of a drawing stay behind
INNER = re.compile(rf"{INSIDE}(<svg.*?</svg>)</div>", re.S)
LEFT, RIGHT = ' style="text-align:left"', ' style="text-align:right"'
HIDDEN = " hidden>", ' hidden="hidden">'  # Lab drops an attribute without a value, and what waits for a script is seen
CELL = re.compile(r"<(?:td|th)(?P<attributes>(?: [^>]*)?)>")
DRAWING = re.compile(r'(<figure class="drawing".*?)(<svg.*?</svg>)', re.S)
PICTURE = re.compile(r'<img class="outside"[^>]*>')
SQUARE = re.compile(r'<i class="g-(?P<grade>[\w-]+)"(?P<rest> data-n="[^"]*")></i>')
MARK = "■\u200b"  # a line may end after it
MARKED = re.compile(rf'(<i class="g-[^"]*" data-n="[^"]*") style="color:#\w{{6}}">{MARK}</i>')
ALT = re.compile(r"<title[^>]*>(.*?)</title>", re.S)


def outside(html: str) -> str:
    """A result of the page as it is shown elsewhere."""
    shown = CELL.sub(_aligned, html.replace(HIDDEN[0], HIDDEN[1]))
    shown = SQUARE.sub(_square, shown)
    shown = DRAWING.sub(lambda m: f"{m[1]}{INSIDE}{m[2]}</div>{picture(m[2])}", shown)
    return f"{STYLE}{shown}" if PICTURE.search(shown) else shown


def page(html: str) -> str:
    """The result as the page takes it: what `outside` added is gone."""
    shown = html.removeprefix(STYLE)
    shown = INNER.sub(r"\1", shown).replace(LEFT, "").replace(RIGHT, "")
    return MARKED.sub(r"\1></i>", PICTURE.sub("", shown)).replace(HIDDEN[1], HIDDEN[0])


def picture(svg: str) -> str:
    """A drawing as a picture on the page's light ground, its colours written out."""
    plain = re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", svg).replace("currentColor", COLOURS["ink"][0])
    style = f"background:{COLOURS['page'][0]};font-family:DejaVu Sans,sans-serif"
    plain = plain.replace("<svg", f'<svg style="{style}"', 1)
    alt = ALT.search(svg)
    data = base64.b64encode(plain.encode()).decode()
    return f'<img class="outside" width="576" alt="{alt[1] if alt else ""}" src="data:image/svg+xml;base64,{data}">'


def _aligned(match: re.Match[str]) -> str:
    side = RIGHT if 'class="num"' in match["attributes"] else LEFT
    return f"{match[0][:-1]}{side}>"


def _square(match: re.Match[str]) -> str:
    colour = COLOURS[match["grade"]][0]
    return f'<i class="g-{match["grade"]}"{match["rest"]} style="color:{colour}">{MARK}</i>'
