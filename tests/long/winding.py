"""Runs wound about at random, each place compared with a straight run's, bit for bit: 6,000 times 80 moves.

The same number makes the same winding, so that a failure can be seen again, and cut short:
``python -c "from tests.long.winding import wind; wind(1234, moves=17)"``.
"""

from __future__ import annotations

import random
from pathlib import Path
from time import perf_counter
from typing import Final

from tests.long.regime import Regime
from tests.training.hands import PATHS, Hand, some_move, some_project

WINDINGS: Final = 6_000
MOVES: Final = 80
SHARDS: Final = 60
_ROOMS: Final = (None, 2, 3, 10, 30)
_TICKS_S: Final = (0.0, 0.01, 0.03, 0.2)


def wind(number: int, moves: int = MOVES) -> dict[str, int]:
    """Wind one run about.

    Raises:
        AssertionError: If something does not hold; it says at which move.
    """
    chance = random.Random(number)
    project, path = some_project(chance.choice), chance.choice(PATHS)
    hand = Hand(project, path, room_moments=chance.choice(_ROOMS), tick_s=chance.choice(_TICKS_S))
    try:
        for _ in range(moves):
            hand.perform(some_move(chance.choice))
        hand.check(seeks=[chance.randrange(1000) for _ in range(5)])
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise AssertionError(f"wind({number}, moves={hand.moves}) of tests.long.winding: {said}") from error
    return hand.counts


def run_shard(shard: int, _folder: Path) -> dict[str, float]:
    """Wind a share of the runs."""
    began, totals = perf_counter(), dict[str, float]()
    numbers = range(shard, WINDINGS, SHARDS)
    for number in numbers:
        for name, count in wind(number).items():
            totals[name] = totals.get(name, 0) + count
    return {"windings": len(numbers), **totals, "seconds": round(perf_counter() - began, 1)}


REGIME: Final = Regime(
    name="winding",
    about=f"{WINDINGS:,} runs wound about by {MOVES} moves, every place as a straight run has it",
    shards=SHARDS,
    run=run_shard,
)
