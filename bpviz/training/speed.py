"""How fast a run plays: a table from one phase a second to flat out, and the counting of what is due.

To add a speed, add an entry to `SPEEDS`; the slider has one stop for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bpviz.errors import grouped


@dataclass(frozen=True, slots=True)
class Speed:
    """One stop of the speed slider.

    Attributes:
        unit: A ``phase`` is one part of a step, such as one layer forward; a ``step`` is one update.
        per_s: How many a second; None is as many as the machine makes.
    """

    unit: Literal["phase", "step"] = "step"
    per_s: float | None = None

    @property
    def label(self) -> str:
        """What stands beside the slider."""
        if self.per_s is None:
            return "flat out"
        unit = self.unit if self.per_s == 1 else f"{self.unit}s"
        return f"{grouped(self.per_s, '.0f')} {unit}/s"


# Below three steps a second the eye can follow the inside of a step, so there it is shown.
SPEEDS: Final = (
    *(Speed("phase", rate) for rate in (1, 2, 4, 10)),
    *(Speed("step", rate) for rate in (3, 10, 30, 100, 300, 1000, 3000, 10_000, 100_000)),
    Speed(),
)
FLAT_OUT: Final = SPEEDS[-1]

# Flat out, the compiled engine is done with a small example before anybody has seen it learn.
DEFAULT_SPEED: Final = Speed("step", 1000)


class Pace:
    """Counts how many steps or phases are due at a speed; knows no clock, is told the time.

    What a slow machine can't keep up with is dropped, not saved up.
    """

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._credit = 1.0  # the first one is due at once
        self._last_s: float | None = None

    @property
    def interval_ms(self) -> int:
        """How often to ask: at every one of slow speeds, at most a hundred times a second."""
        return max(10, round(1000 / self._per_s))

    def due(self, now_s: float) -> int:
        """How many are due now; they then count as made."""
        if self._last_s is not None:
            longest_s = max(0.1, 1.5 / self._per_s)
            self._credit += min(now_s - self._last_s, longest_s) * self._per_s
        self._last_s = now_s
        # A timer fires a little early now and then; a hundredth of one is no reason to wait a whole interval.
        count = int(self._credit + 0.01)
        self._credit -= count
        return count
