"""Looking at a run while it trains: what is costly to see is seen less often.

A confusion matrix of a wide network, or every value of its coming step, takes longer to compute than all else
in fifty snapshots.  Such a part is kept until it is due again, so that looking never takes more than a small
share of the time.  At rest, and while somebody walks through a step, everything is of this very moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final

from bpviz.model.compile import Compiled
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.views import Look

LARGEST_SHARE: Final = 0.05
"""Of the time, for each costly part."""
MAPS_S: Final = 0.08
"""Between two maps over the plane: to draw them costs the window as much as all the rest."""


@dataclass(frozen=True, slots=True)
class Costly:
    """A part of a snapshot that takes long to compute.

    Attributes:
        field: Its name in `Snapshot`.
        least_s: Between two of them, however quick they are.
    """

    field: str
    least_s: float = 0.0


COSTLY: Final = {
    "map": Costly("plane", MAPS_S),
    "node_maps": Costly("node_planes", MAPS_S),
    "confusion": Costly("confusion"),
    "trace": Costly("trace"),
}
"""By what a view wants."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What was computed of a run, and when it may be computed again."""

    value: Any
    run_id: int
    compiled: Compiled
    again_s: float


class Observer:
    """Takes the snapshots of runs for the window.

    Args:
        clock: Seconds from anywhere.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def look(
        self, session: Session, run_id: int, wants: frozenset[str], look: Look, *, playing: bool
    ) -> Snapshot:
        """Say how a run stands, with what is wanted; while it plays, a costly part may be a moment old.

        Args:
            session: The run.
            run_id: Its number.
            wants: Of `bpviz.training.snapshot.WANTS`.
            look: Where somebody stands inside a step, and what is shown of more than this moment.
            playing: Whether it goes on by itself.
        """
        still = not playing or look.cursor is not None
        parts = {}
        for want in wants & COSTLY.keys():
            seen = self._seen.get(want)
            if seen is None or still or self._is_due(seen, session, run_id):
                seen = self._seen[want] = self._see(session, run_id, want, look)
            parts[COSTLY[want].field] = seen.value
        return replace(session.snapshot(wants - COSTLY.keys(), run_id, look), **parts)

    def _is_due(self, seen: _Seen, session: Session, run_id: int) -> bool:
        same = seen.run_id == run_id and seen.compiled is session.compiled
        return not same or self._clock() >= seen.again_s

    def _see(self, session: Session, run_id: int, want: str, look: Look) -> _Seen:
        part, begin = COSTLY[want], self._clock()
        value = getattr(session.snapshot(frozenset({want}), run_id, look), part.field)
        end = self._clock()
        pause = max(part.least_s, (end - begin) / LARGEST_SHARE)
        return _Seen(value, run_id, session.compiled, begin + pause)
