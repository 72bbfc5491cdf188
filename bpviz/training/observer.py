"""Looking at a run while it trains: what is costly to see is seen less often.

A confusion matrix of a wide network, or every value of its coming step, takes longer to compute than all else
in fifty snapshots.  Such a part is kept until it is due again, so that looking never takes more than a small
share of the time, all costly parts together.  At rest, and while somebody walks through a step, everything is
of this very moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final

from bpviz.data.prepare import Prepared
from bpviz.model.compile import Compiled
from bpviz.training.joining import RowJoiner, wanted_rows
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.views import Look
from bpviz.training.wants import WANTS

LARGEST_SHARE: Final = 0.02
"""Of the time, for all costly parts together."""
_FRAME_S: Final = 0.035
"""Nobody looks more often, so a part that is quick needs no larger share than its cost in this time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What was computed of a run, when, and how long that took."""

    value: Any
    run_id: int
    compiled: Compiled
    prepared: Prepared
    begin_s: float
    cost_s: float


class Observer:
    """Takes the snapshots of runs for the window.

    Args:
        clock: Seconds from anywhere.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._joiner = RowJoiner()

    def look(
        self, session: Session, run_id: int, wants: frozenset[str], look: Look, *, playing: bool
    ) -> Snapshot:
        """Say how a run stands, with what is wanted; while it plays, a costly part may be a moment old.

        Args:
            session: The run.
            run_id: Its number.
            wants: Of `bpviz.training.wants.WANTS`, and series; and how many rows of nodes are drawn, as
                `bpviz.training.joining.rows_want` says it.
            look: Where somebody stands inside a step, and what is shown of more than this moment.
            playing: Whether it goes on by itself.
        """
        still = not playing or look.cursor is not None
        costly = [name for name, want in WANTS.items() if want.costly and name in wants]
        self._seen = {name: seen for name, seen in self._seen.items() if name in costly}
        pauses = self._pauses()
        for name in costly:
            seen = self._seen.get(name)
            if seen is None or still or self._is_due(seen, pauses[name], session, run_id):
                self._seen[name] = self._see(session, run_id, name, look)
        parts = {WANTS[name].field: self._seen[name].value for name in costly}
        seen_now = session.snapshot(wants.difference(costly), run_id, look)
        snapshot = replace(seen_now, playing=not still, **parts)
        if snapshot.nodes is None:
            return snapshot
        return replace(snapshot, nodes=self._joiner.join(snapshot.nodes, wanted_rows(wants)))

    def _pauses(self) -> Mapping[str, float]:
        """Seconds from when each part was seen until it is due again.

        The time for looking is shared out evenly; what a part does not need of its share, the others have.
        """
        left, pauses = LARGEST_SHARE, {}
        least = {name: max(WANTS[name].least_s, _FRAME_S) for name in self._seen}
        needs = {name: seen.cost_s / least[name] for name, seen in self._seen.items()}
        for others, name in zip(range(len(needs), 0, -1), sorted(needs, key=needs.__getitem__), strict=True):
            share = min(needs[name], left / others)
            left -= share
            pauses[name] = max(self._seen[name].cost_s / share if share else 0.0, WANTS[name].least_s)
        return pauses

    def _is_due(self, seen: _Seen, pause: float, session: Session, run_id: int) -> bool:
        same = seen.run_id == run_id and seen.compiled is session.compiled
        same = same and seen.prepared is session.prepared  # whoever draws an example wants to see it
        return not same or self._clock() >= seen.begin_s + pause

    def _see(self, session: Session, run_id: int, name: str, look: Look) -> _Seen:
        begin = self._clock()
        value = getattr(session.snapshot(frozenset({name}), run_id, look), WANTS[name].field)
        cost = self._clock() - begin
        return _Seen(value, run_id, session.compiled, session.prepared, begin, cost)
