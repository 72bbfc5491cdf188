"""The window as users have it: in a window manager, under a pointer that travels.

Another scenario or size is another entry of a table, see `tests.window.scenarios`.
"""

from __future__ import annotations

import pytest

from tests.window.hand import Event
from tests.window.replay import shortened
from tests.window.scenarios import PARTS, Part
from tests.window.stage import OFFSCREEN, perform
from tests.window.walk import move_docks

_LONGEST_S = 900  # on a machine that is busy with other things


@pytest.mark.timeout(_LONGEST_S)
@pytest.mark.usefixtures("on_screen")
@pytest.mark.parametrize("part", PARTS, ids=str)
def test_nothing_breaks(part: Part) -> None:
    perform(part.stage, part.scenario)


def test_docks_can_be_dragged_about_without_a_screen() -> None:
    perform(OFFSCREEN, move_docks)


def test_shortening_leaves_just_what_a_fault_needs() -> None:
    events: list[Event] = [("travel", x, x) for x in range(50)]
    needed = {events[7], events[8], events[40]}
    assert shortened(events, lambda fewer: needed <= set(fewer)) == [events[7], events[8], events[40]]
