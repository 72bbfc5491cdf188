"""Runs that an edit ended, each kept with its project: undoing the edit brings back what was learned."""

from __future__ import annotations

from typing import Final

from bpviz.model.spec import Project
from bpviz.training.run import Run

ROOM_BYTES: Final = 64_000_000
"""As much as a run may use for its own checkpoints."""


class Shelf:
    """Keeps runs until they are asked for.

    When there is no room for all, those with the fewest steps go first: a slider on its way begins many runs
    that hardly train, and must not push out the one that was worth keeping.

    Args:
        room_bytes: For all of them together; one is kept even if it alone needs more.
    """

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self._room_bytes = room_bytes
        self._kept: list[Run] = []

    def keep(self, run: Run) -> None:
        """Keep a run; one that has made no step is worth nothing."""
        if not run.session.step:
            return
        self.take(run.session.project)
        self._kept.append(run)
        while len(self._kept) > 1 and sum(kept.session.nbytes for kept in self._kept) > self._room_bytes:
            self._kept.remove(min(self._kept, key=lambda kept: kept.session.step))

    def take(self, project: Project) -> Run | None:
        """Hand out the run of a project, if there is one."""
        found = next((kept for kept in self._kept if kept.session.project == project), None)
        if found is not None:
            self._kept.remove(found)
        return found

    def clear(self) -> None:
        """Forget all: another document is open."""
        self._kept.clear()
