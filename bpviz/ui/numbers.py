"""Numbers as the window writes them: a real minus sign, digits in groups, no columns that jump.

`bpviz.typed` reads them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from bpviz.digits import told_apart
from bpviz.errors import grouped

MINUS: Final = "−"
_SMALLEST_FIXED: Final = 1e-3  # below, a fixed number of decimals would show zeros only
_LARGEST_FIXED: Final = 1e5


def short(value: float | None, digits: int = 4) -> str:
    """Write a number in few digits: ``0.0123``, ``1.2e−05``, ``12 480``; a dash when there is none."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    if _SMALLEST_FIXED <= abs(value) < _LARGEST_FIXED:
        text = grouped(value, f".{digits}g" if abs(value) < 10**digits else ".0f")
    else:
        text = f"{value:.{digits - 1}e}"
    return text.replace("-", MINUS)


def apart(values: Sequence[float], digits: int = 4) -> list[str]:
    """Write numbers that stand beside each other, with more digits where two would read alike."""
    return told_apart(values, short, digits)


def column(value: float | None, decimals: int = 4) -> str:
    """Write a number for a column or a place that is updated: always the same number of decimals.

    Numbers too large or small for that are written with an exponent, in the same width.
    """
    if value is None or not math.isfinite(value):
        return short(value)
    if value == 0 or _SMALLEST_FIXED <= abs(value) < _LARGEST_FIXED:
        return grouped(value, f".{decimals}f").replace("-", MINUS)
    return f"{value:.{max(decimals - 3, 0)}e}".replace("-", MINUS)


def signed(value: float | None, decimals: int = 4) -> str:
    """The same with a plus sign, for what may be negative."""
    text = column(value, decimals)
    return f"+{text}" if value is not None and value > 0 else text


def count(value: int) -> str:
    """Write a whole number, its digits in groups."""
    return grouped(value).replace("-", MINUS)


def duration(seconds: float) -> str:
    """Write a time as ``00:14`` or ``1:02:03``."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def exact(value: float) -> str:
    """Write a number so that reading it again gives the same one."""
    text = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return text.replace("-", MINUS)
