"""Numbers as a reader sees them."""

import math

from helpers.constants import JOULE_PER_KWH, JOULE_PER_MWH, PETAFLOP_PER_S_DAY_FLOP, SECOND_PER_DAY, SECOND_PER_YEAR
from helpers.language import formatted, is_source, tr, translated

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
CHINESE_SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
# Units that readers know, from the base units: (least value, divisor, name); the first that fits.
READABLE = {
    "s": ((2 * SECOND_PER_YEAR, SECOND_PER_YEAR, "years"), (2 * SECOND_PER_DAY, SECOND_PER_DAY, "days"), (0, 1, "s")),
    "FLOP": ((1e3 * PETAFLOP_PER_S_DAY_FLOP / 1e6, PETAFLOP_PER_S_DAY_FLOP, "PD"), (0, 1, "FLOP")),
    "FLOP/s": ((1e15, 1e15, "PFLOP/s"), (1e10, 1e12, "TFLOP/s"), (0, 1, "FLOP/s")),
    "byte": ((1e12, 1e12, "TB"), (1e9, 1e9, "GB"), (0, 1, "byte")),
    "J": ((JOULE_PER_MWH, JOULE_PER_MWH, "MWh"), (0, JOULE_PER_KWH, "kWh")),
    "kg": ((1e3, 1e3, "t"), (0, 1, "kg")),
}
PLURALS = {"parameter", "token", "word", "chip", "server", "core", "layer", "pixel", "character"}
BARE = {"ratio", "count", "none", "rank", "score"}


def plain(value: float, digits: int = 3) -> str:
    """A number to `digits` significant digits, never in scientific notation: 4095, 12,300 or 0.213."""
    if value == 0 or not math.isfinite(value):
        return f"{abs(value) if value == 0 else value:g}"  # there is no minus nothing
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = grouped(round_significant(value, digits), places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: float, places: int = 0) -> str:
    """A number with fixed decimals; thousands are grouped from five digits on, as in print: 4095 but 12,300.

    In Chinese, what is round is put into words from 10,000 on, as in print there: 1万, 51.6万, 200亿, but 16,384.
    """
    if not is_source() and not places and 1e4 <= value < 1e16 and value % (1e3 if value < 1e5 else 100) == 0:
        size, name = next(scale for scale in CHINESE_SCALES if value >= scale[0])
        if float(text := f"{value / size:g}") * size == value:
            return f"{text}{name}"
    return f"{value:,.{places}f}" if abs(round(value, places)) >= 10_000 else f"{value:.{places}f}"


def round_significant(value: float, digits: int) -> float:
    """The value rounded to `digits` significant digits."""
    return float(f"{value:.{digits - 1}e}")


def scientific(value: float) -> str:
    """Powers of ten in print: 3.14×10²³."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}×10{str(int(exponent)).translate(SUPERSCRIPT)}"


def latex(value: float, digits: int = 4) -> str:
    """The same as LaTeX, plain up to six digits."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return plain(value, digits).replace(",", r"\,")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"


def scales() -> tuple[tuple[float, str], ...]:
    """From which size on counts are put into words; in Chinese from a tenth of a million."""
    return SCALES if is_source() else (*SCALES, (1e5, ""))


def words(value: float, digits: int = 3) -> str:
    """Large counts in words, rounded alike in both editions: 245.7 billion, 2457亿."""
    size, name = next((scale for scale in scales() if abs(value) >= scale[0] * 0.9995), (0.0, ""))
    if not size:
        return plain(value, digits)
    if is_source():
        return f"{plain(value / size, digits)} {name}"
    rounded = round_significant(value / size, digits) * size
    size, name = next(scale for scale in CHINESE_SCALES if abs(rounded) >= scale[0] or scale[0] == 1e4)
    return f"{plain(rounded / size, 12)}{name}"


def percent(fraction: float, digits: int = 2) -> str:
    """A fraction as per cent: 45 %, in Chinese 45%."""
    return f"{plain(100 * fraction, digits)}{' ' if is_source() else ''}%"


def signed_percent(fraction: float) -> str:
    """A deviation as per cent with its sign: +4.2 %, −12.0 %."""
    return formatted(fraction, "+.1%")


def plain_or_words(value: float) -> str:
    """A number to four digits, in words from ten million on."""
    return plain(value, 4) if value < 1e7 else words(value, 4)


def times(ratio: float, digits: int = 3) -> str:
    """A ratio as a multiple: 1.33×."""
    return tr("{n}×", n=plain(ratio, digits))


def share_or_count(value: float) -> str:
    """A fraction as per cent, a number below a hundred as it is, a larger one in words."""
    return percent(value, 3) if value < 1 else plain(value) if value < 100 else words(value)


def readable(value: float, unit: str, digits: int = 4) -> str:
    """A value in a base unit, as a reader would say it: 16 days, 4095 PD, 245.7 billion parameters."""
    if unit == "fraction":
        return percent(value, digits)
    for least, divisor, name in READABLE.get(unit, ()):
        if value >= least:
            return _number_and_unit(words(value / divisor, digits), name)
    text = words(value, digits)
    return text if unit in BARE else _number_and_unit(text, f"{unit}{'s' if unit in PLURALS and value != 1 else ''}")


def _number_and_unit(text: str, unit: str) -> str:
    """A number with its unit; a Chinese unit follows without a space."""
    shown = translated(unit)
    return f"{text} {shown}" if shown.isascii() else f"{text}{shown}"
