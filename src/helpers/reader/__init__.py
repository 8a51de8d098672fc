"""Figures of the press: from a printed token, or from running text, to quantities in base units."""

from helpers.reader.dates import read_date
from helpers.reader.hedges import bound_of, interval
from helpers.reader.number import UnreadableFigure
from helpers.reader.printed import PrintedFigure, read_figure
from helpers.reader.reader import read_text
from helpers.reader.reading import Named, Quantity, Reading, Token

__all__ = [
    "Named", "PrintedFigure", "Quantity", "Reading", "Token", "UnreadableFigure",
    "bound_of", "interval", "read_date", "read_figure", "read_text",
]  # fmt: skip
