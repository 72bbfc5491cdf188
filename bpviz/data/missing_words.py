"""Which words of a column stand for a missing value, decided by the whole column."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bpviz.data.amounts import read_amounts
from bpviz.data.dialect import MISSING, is_number

AMONG_NUMBERS: Final = frozenset({"#n/a", "none", ".", "--", "n.a.", "nil"})
"""What stands for a missing value among numbers alone, in lower case: in a text each may be a value."""


def missing_among(texts: Collection[str], decimal: str, words: str | None = None) -> frozenset[str]:
    """Find the words that stand for a missing value.

    Args:
        texts: The different texts of a column, trimmed.
        decimal: The sign before the decimals.
        words: Those that count, by commas, where the user says so.
    """
    if words is not None:
        said = {"", *(word.strip().lower() for word in words.split(","))}
        return frozenset(text for text in texts if text.lower() in said)
    # Beside a plus, a minus is a label as well.
    usual = MISSING - {"-"} if "+" in texts else MISSING
    found = frozenset(text for text in texts if text.lower() in usual)
    more = frozenset(text for text in texts if text.lower() in AMONG_NUMBERS)
    if more:
        others = [text for text in texts if text not in found | more]
        if others and (all(map(is_number, others)) or read_amounts(others, decimal) is not None):
            return found | more
    return found
