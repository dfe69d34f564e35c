"""What a printed token says: its number in base units, and the rounding that it implies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {
    "": 1,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}

_FOOTNOTE_MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")

_TOKEN = re.compile(
    r"(?P<sign>[-−])?\s*(?:US\$|USD|\$|US dollars)?\s*(?P<sign2>[-−])?(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"\s*(?P<scale>thousand|million|billion|trillion)?"
    r"(?:[\s%-]\D*|st|nd|rd|th)?",  # what is counted
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A number as printed.

    Parameters
    ----------
    value
        In base units: dollars, percent.
    rounding
        Place value of the last printed digit.
    """

    value: Decimal
    rounding: Decimal


def read_printed(token: str) -> Reading | None:
    """Read a printed token that states its number in digits.

    Returns
    -------
    Reading or None
        ``None`` for tokens in words, such as ``nearly triple``.

    Examples
    --------
    >>> reading = read_printed("-$437 million")
    >>> int(reading.value), int(reading.rounding)
    (-437000000, 1000000)
    """
    match = _TOKEN.fullmatch(_FOOTNOTE_MARK.sub("", token).strip())
    if match is None:
        return None
    number = Decimal(match["number"].replace(",", ""))
    scale = _SCALES[(match["scale"] or "").lower()]
    exponent = number.as_tuple().exponent
    rounding = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * scale
    sign = -1 if match["sign"] or match["sign2"] else 1
    return Reading(value=sign * number * scale, rounding=rounding)
