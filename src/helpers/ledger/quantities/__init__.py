"""Figures of the press: from a printed token, or from running text, to quantities in base units."""

from helpers.ledger.quantities.bounds import bound_of, interval
from helpers.ledger.quantities.dates import read_date
from helpers.ledger.quantities.figures import Figure, read_figure
from helpers.ledger.quantities.numerals import UnreadableFigure
from helpers.ledger.quantities.reader import read_text
from helpers.ledger.quantities.reading import Quantity, Reading, Token
from helpers.ledger.quantities.score import Score, score, split_rows

__all__ = [
    "Figure",
    "Quantity",
    "Reading",
    "Score",
    "Token",
    "UnreadableFigure",
    "bound_of",
    "interval",
    "read_date",
    "read_figure",
    "read_text",
    "score",
    "split_rows",
]
