"""What is played, and in which sizes: the table of scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.window.by_keys import draw_all_by_keys
from tests.window.commands import use_commands
from tests.window.dialogs import show_dialogs
from tests.window.drags import drag_all
from tests.window.drawing import draw_all
from tests.window.stage import STAGES, TWICE, Scenario, Stage
from tests.window.sums import work_out
from tests.window.visits import visit_all
from tests.window.walk import walk
from tests.window.windings import wind

SCENARIOS: Final[dict[str, Scenario]] = {
    "walk": walk,
    "visits": visit_all,
    "commands": use_commands,
    "drags": drag_all,
    "winding": wind,
    "dialogs": show_dialogs,
    "sums": work_out,
    "drawing": draw_all,
    "drawing by keys": draw_all_by_keys,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One scenario in one size."""

    name: str
    stage: Stage

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        return SCENARIOS[self.name]

    def __str__(self) -> str:
        return f"{self.name} at {self.stage}"


_SMALLEST_AND_LARGEST: Final = (STAGES[0], STAGES[2])
_TIGHT: Final = (STAGES[0], STAGES[3], TWICE)
_WHERE: Final = {
    "winding": _SMALLEST_AND_LARGEST,
    "dialogs": _TIGHT,
    "sums": (STAGES[1],),
    "drawing": (STAGES[1],),
    "drawing by keys": (STAGES[1],),
}
"""Of scenarios that need not be played in every size, where they are."""

PARTS: Final = tuple(Part(name, stage) for name in SCENARIOS for stage in _WHERE.get(name, STAGES))
