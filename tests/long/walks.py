"""A hand that does anything to the window, 30,000 times without a screen and 10,000 times on one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from tests.long.regime import Regime
from tests.window.screen import advice
from tests.window.stage import OFFSCREEN, STAGES, perform
from tests.window.walk import walk

_EVENTS: Final = 2500
_OFFSCREEN: Final = 12
_ON_SCREEN: Final = 4


def run_shard(shard: int, _folder: Path) -> dict[str, float]:
    """Walk through a fresh window with a seed of its own; the last shards do so on a screen, one a size."""
    on_screen = shard >= _OFFSCREEN
    assert not (on_screen and advice()), advice()
    stage = STAGES[shard % len(STAGES)] if on_screen else OFFSCREEN
    perform(stage, partial(walk, seed=1000 + shard, events=_EVENTS))
    return {"events_on_screen": _EVENTS * on_screen, "events_offscreen": _EVENTS * (not on_screen)}


REGIME: Final = Regime(
    name="walks",
    about="30,000 events of a random hand offscreen, 10,000 on a screen",
    shards=_OFFSCREEN + _ON_SCREEN,
    run=run_shard,
)
