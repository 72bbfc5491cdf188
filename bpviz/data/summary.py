"""What a column of examples holds at a glance: its ends, its mean, and how its values are spread."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.data.sheet_column import SheetColumn

BARS: Final = 24
"""Of a histogram of numbers."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A column at a glance.

    Attributes:
        name: Of the column.
        count: Cells with a value that counts.
        missing: Cells without one, or with one that is no number.
        ends: (lowest, mean, highest) of numbers; None of texts, and where there is no number.
        bars: How many values lie in each of equal parts from the lowest to the highest; of texts how often
            each stands there, the most frequent first.
        words: Of texts those that the bars count; empty for numbers.
        others: Different texts beyond these.
    """

    name: str
    count: int
    missing: int
    ends: tuple[float, float, float] | None
    bars: tuple[int, ...]
    words: tuple[str, ...] = ()
    others: int = 0


def summary_of(column: SheetColumn) -> Summary:
    """Look at a column of a sheet."""
    if column.numbers is None:
        found = Counter(text for text in column.texts if text)
        frequent = found.most_common(BARS)
        count = sum(found.values())
        return Summary(
            column.name,
            count,
            len(column.texts) - count,
            None,
            tuple(times for _, times in frequent),
            tuple(word for word, _ in frequent),
            len(found) - len(frequent),
        )
    known = column.numbers[np.isfinite(column.numbers)]
    missing = len(column.numbers) - len(known)
    if not len(known):
        return Summary(column.name, 0, missing, None, ())
    low, high = float(known.min()), float(known.max())
    # Halves, as the distance of the largest numbers is no number any more.
    share = (known / 2 - low / 2) / (high / 2 - low / 2) if high > low else np.zeros(len(known))
    places = np.minimum((share * BARS).astype(np.int64), BARS - 1)
    bars = np.bincount(places, minlength=BARS) if high > low else np.array([len(known)])
    with np.errstate(over="ignore"):
        mean = float((known / len(known)).sum())
    return Summary(column.name, len(known), missing, (low, mean, high), tuple(bars.tolist()))
