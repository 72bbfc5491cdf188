"""Numbers of a page that somebody may work out: which they are, and how those that are hidden are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bpviz.training.explain.writing import HIDDEN
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref
from bpviz.ui.explanation.guessing import Guess, Mask, can_be_guessed

RESULT: Final = 1_000_000
"""Number of the leaf that the result is; long sums have fewer leaves."""
ESCAPED: Final[Mapping[str, str]] = {
    "\\": r"\backslash{}",
    **{letter: f"\\{letter}" for letter in "{}#$%&_"},
}


@dataclass(frozen=True, slots=True)
class Gaps:
    """What of a page can be worked out.

    Attributes:
        open: By leaf, its number.
        hidden: Those that are, and what was typed for them.
        masked: Whether anything is not to be seen, also what is not asked.
    """

    open: Mapping[int, Ref] = field(default_factory=dict)
    hidden: Mapping[int, Guess] = field(default_factory=dict)
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """Writes numbers of a page as leaves: those that are hidden as fields, those found out with their sign.

    Attributes:
        made: The step.
        mask: What of it is hidden.
        digits: Writes a number.
        like: As wide as this are fields: a width of its own would tell a number's sign, or that it is 0.
    """

    made: Pass
    mask: Mask
    digits: Callable[[float], str]
    like: str

    def leaf(self, number: int, ref: Ref, value: float, text: str) -> str:
        """Write one, where it is called ``text`` if it is not hidden."""
        if text == HIDDEN:
            text = self._field(ref)
        elif self.mask.is_right(self.made, ref) and text.lstrip("-") == self.digits(value).lstrip("-"):
            text += r"\tick"
        return rf"\leaf{{{number}}}{{{text}}}"

    def gaps(self, numbers: Mapping[int, Ref]) -> Gaps:
        """List those that can be worked out; who asks for a new value is told to type the change."""
        found = {leaf: ref for leaf, ref in numbers.items() if can_be_guessed(ref) or ref.key == "new"}
        guesses = {leaf: self.mask.guess(self.made, ref) for leaf, ref in found.items()}
        masked = any(self.mask.covers(self.made, ref) for ref in found.values())
        return Gaps(found, {leaf: guess for leaf, guess in guesses.items() if guess is not None}, masked)

    def _field(self, ref: Ref) -> str:
        guess = self.mask.guess(self.made, ref)
        if guess is None:  # a new value, which would tell the change
            return HIDDEN
        typed = "".join(ESCAPED.get(letter, letter) for letter in guess.text.replace("-", "−"))
        if guess.accepted:
            return rf"\text{{{typed}}}\tick"
        return rf"\blank{{{self.like}}}{{{typed}}}"
