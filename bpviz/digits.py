"""Numbers that stand beside each other: as few digits as are needed to tell them apart."""

from __future__ import annotations

import math
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
    texts = [write(value, digits) for value in values]
    alike: dict[str, set[float]] = {}
    for value, text in zip(values, texts, strict=True):
        if math.isfinite(value):
            alike.setdefault(text, set()).add(value)
    for group in alike.values():
        if len(group) > 1:
            better = _longer(group, write, digits)
            texts = [better.get(value, text) for value, text in zip(values, texts, strict=True)]
    return texts


def _longer(group: set[float], write: Callable[[float, int], str], digits: int) -> dict[float, str]:
    """Texts of numbers that read alike, all with as many decimals."""
    exponents = {value: math.floor(math.log10(abs(value))) if value else 0 for value in group}
    largest = max(exponents.values())
    for more in range(digits + 1, _MOST + 1):
        texts = {value: write(value, max(more - largest + exponents[value], 1)) for value in group}
        if len(set(texts.values())) == len(group):
            break
    return texts
