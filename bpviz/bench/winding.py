"""How long it takes to wind a run to any of its steps, and what keeping moments costs.

A picture counts from the wish to the numbers that are drawn; drawing them is measured with the window.
To add a run to wind, add an entry to `REELS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Final, Protocol

from bpviz.bench.nets import NETS, plane
from bpviz.bench.report import Measured
from bpviz.bench.timing import measure
from bpviz.errors import counted, grouped
from bpviz.model.edits import on_network, remove_pairs, set_training
from bpviz.model.spec import Project
from bpviz.streams import stream
from bpviz.training.series import SERIES
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline

PART: Final = "winding"
SEEKS: Final = 30
_WHOLE_S: Final = 0.5
"""Seconds a column that give the whole runs; with fewer they are shorter, but have at least a few steps."""
_LEAST_STEPS: Final = 200
_WANTS: Final = frozenset({"parameters", *SERIES})
_EXACT_S: Final = 0.5
_PICTURE_MS: Final = 50.0
_MEMORY_MB: Final = 64.0
_SLOWER_PERCENT: Final = 2.0
_STRETCHES: Final = 10


@dataclass(frozen=True, slots=True)
class Reel:
    """A run to be wound.

    Attributes:
        label: Its network, as shown.
        make: Makes the project.
        steps: Of the whole run.
        edits: Made on the way.
        by_hand: Of the steps, how many the reference path makes, in ten stretches.
    """

    label: str
    make: Callable[[], Project]
    steps: int
    edits: int = 0
    by_hand: int = 0

    def shortened(self, share: float) -> Reel:
        """As much of it as there is time for."""
        steps = max(_LEAST_STEPS, round(share * self.steps))
        by_hand = round(self.by_hand * steps / self.steps)
        return Reel(self.label, self.make, steps, min(self.edits, steps // 4), by_hand)

    @property
    def words(self) -> str:
        """What it is, for a table."""
        parts = [f"{self.label}, {counted(self.steps, 'step')}"]
        if self.edits:
            parts.append(counted(self.edits, "edit"))
        if self.by_hand:
            parts.append(f"{grouped(self.by_hand)} by the reference")
        return ", ".join(parts)


REELS: Final = (
    Reel("2-8-8-1", partial(plane, (8, 8)), 1_000_000),
    Reel("2-8-8-1", partial(plane, (8, 8)), 1_000_000, edits=50, by_hand=50_000),
    Reel("784-128-10", NETS["784-128-10"].make, 10_000),
)


def measure_winding(seconds: float) -> list[Measured]:
    """Play each run, wind it to random steps, and play the first one with and without moments in turn.

    Raises:
        BpvizError: If the compiled path is not to be had here.
    """
    reels = [reel.shortened(min(1.0, seconds / _WHOLE_S)) for reel in REELS]
    figures = [figure for reel in reels for figure in _wound(reel)]
    return [*figures, _slower(reels[0], seconds)]


def played(reel: Reel) -> Timeline:
    """Play a run as it is to be wound."""
    timeline = Timeline(Session(reel.make(), path="kernel"))
    first, edits, stretches = timeline.session.project, 0, 0
    for at in _stops(reel):
        timeline.advance(at - timeline.step)
        while edits < reel.edits and at >= (edits + 1) * reel.steps // (reel.edits + 1):
            edits += 1
            timeline.follow(_edited(first, edits))
        if reel.by_hand and at >= (stretches + 0.5) * reel.steps / _STRETCHES:
            stretches += 1
            timeline.hand_over("reference")
            timeline.advance(reel.by_hand // _STRETCHES)
            timeline.hand_over("kernel")
    timeline.advance(reel.steps - timeline.step)
    return timeline


def _stops(reel: Reel) -> Sequence[int]:
    """Steps at which something is done."""
    edits = [(at + 1) * reel.steps // (reel.edits + 1) for at in range(reel.edits)]
    stretches = [-(-(2 * at + 1) * reel.steps // (2 * _STRETCHES)) for at in range(_STRETCHES)]
    return sorted({*edits, *(stretches if reel.by_hand else ())})


def _edited(project: Project, number: int) -> Project:
    """The next of the edits: of a setting, of the wiring, or back."""
    if number % 5 == 4:
        layer, output = project.network.layers[-2:]
        pair = (layer.nodes[number % layer.size].id, output.nodes[0].id)
        return on_network(lambda network: remove_pairs(network, [pair]))(project)
    return set_training(project, learning_rate=0.03 / (1 + number % 5), batch_size=10 - number % 3)


def _wound(reel: Reel) -> Iterator[Measured]:
    timeline = played(reel)
    pictures, exact = [], []
    for step in stream(len(reel.label), "bench").integers(0, timeline.last_step, SEEKS).tolist():
        begin = perf_counter()
        timeline.glance(step)
        timeline.session.snapshot(_WANTS, look=timeline.look())
        seen = perf_counter()
        timeline.seek(step)
        pictures.append(1000 * (seen - begin))
        exact.append(perf_counter() - begin)
    words = reel.words
    yield Measured(PART, "Any step, exactly", "s", tuple(exact), _EXACT_S, note=words)
    yield Measured(PART, "The slowest of 30", "s", (max(exact),), _EXACT_S, note=words)
    yield Measured(PART, "First picture", "ms", tuple(pictures), _PICTURE_MS, note=words)
    yield Measured(PART, "The slowest of 30", "ms", (max(pictures),), _PICTURE_MS, note=words)
    yield Measured(PART, "Memory of moments", "MB", (timeline.nbytes / 1e6,), _MEMORY_MB, note=words)


class _Run(Protocol):
    def advance(self, steps: int) -> int: ...


class _Player:
    """Plays a run from its start; see `bpviz.bench.timing.Contender`."""

    def __init__(self, name: str, begin: Callable[[], _Run]) -> None:
        self.name = name
        self._begin = begin
        self.restart()

    def restart(self) -> None:
        self._run = self._begin()

    def run(self, steps: int) -> None:
        self._run.advance(steps)


_PAIRS: Final = 31
"""The difference is far smaller than what a shared machine does to one round."""


def _slower(reel: Reel, seconds: float) -> Measured:
    project = reel.make()
    times = measure(
        [
            _Player("alone", lambda: Session(project, path="kernel")),
            _Player("moments", lambda: Timeline(Session(project, path="kernel"))),
        ],
        20 * seconds,  # some tenths of a second a round, or hardly a moment would be kept
        rounds=_PAIRS,
    )
    pairs = zip(times["moments"].rounds, times["alone"].rounds, strict=True)
    shares = tuple(100 * (own / other - 1) for own, other in pairs)
    return Measured(PART, "Play, slower by keeping moments", "%", shares, _SLOWER_PERCENT, note=reel.label)
