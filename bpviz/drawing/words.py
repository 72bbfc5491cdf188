"""Anybody's name as a picture can show it, and as long as there is room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from bpviz.errors import elided

LONGEST_LABEL: Final = 32
"""Letters that a name in a picture may have."""

Measure: TypeAlias = Callable[[str, float, bool], float]
"""How many pixels a text takes: from the text, the size of its letters, and whether they are bold."""


def as_label(text: str, most: int = LONGEST_LABEL) -> str:
    """Write anybody's name as a picture can show it: one line of some length, without letters that steer."""
    words = " ".join(elided(text, 10 * most).split())
    letters = "".join(letter for letter in words if letter == " " or letter.isprintable())
    return elided(letters, most)


def fitted(text: str, room_px: float, size_px: float, measure: Measure, *, bold: bool = False) -> str:
    """Shorten a name as `as_label` does, and further until it fits into its room."""
    label = most = as_label(text)
    for letters in range(len(label) - 1, 0, -1):
        if measure(most, size_px, bold) <= room_px:
            break
        most = elided(label, letters)
    return most


def by_letters(text: str, size_px: float, bold: bool) -> float:
    """Guess how many pixels a text takes, where nobody knows the letters: rather too many."""
    return len(text) * size_px * (0.68 if bold else 0.62)
