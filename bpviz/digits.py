"""Numbers that stand beside each other: as few digits as are needed to tell them apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

_MOST: Final = 8
"""Values that agree in so many digits read alike."""


def told_apart(values: Sequence[float], write: Callable[[float, int], str], digits: int) -> list[str]:
    """Write numbers, with more digits where two that differ would read alike: 0.9999 and 1.0002, not 1 and 1.

    Args:
        values: In any order; what is not finite is written as it is.
        write: From a number and how many significant digits to its text.
        digits: How many are enough as a rule.
    """
    known = {value for value in values if math.isfinite(value)}
    texts = {value: write(value, digits) for value in known}
    close: set[float] = set()
    for more in range(digits + 1, _MOST + 1):
        times = Counter(texts.values())
        clashing = {value for value in known if times[texts[value]] > 1}
        if not clashing:
            break
        close |= clashing
        for value, few in _with_as_many_decimals(close).items():
            texts[value] = write(value, max(more - few, 1))
    return [texts[value] if value in texts else write(value, digits) for value in values]


def _with_as_many_decimals(values: set[float]) -> dict[float, int]:
    """How many digits fewer each number needs than one beside it that is ten times as large."""
    exponents = {value: math.floor(math.log10(abs(value))) if value else 0 for value in values}
    above = set(exponents.values())
    return {value: int(exponent + 1 in above) for value, exponent in exponents.items()}
