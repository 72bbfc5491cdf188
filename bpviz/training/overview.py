"""Tells where a run stands in its timeline, and which curves stand behind its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from bpviz.training.events import project_at
from bpviz.training.film import Line
from bpviz.training.history import History
from bpviz.training.moment import Moment
from bpviz.training.run import Run
from bpviz.training.series import SERIES, Bins
from bpviz.training.timeline_view import Ghost, GhostKind, LineView, TimelineView

GhostKey: TypeAlias = tuple[GhostKind, int]

MOST_PINNED: Final = 10


def view_of(run: Run) -> TimelineView:
    """Say how a run's timeline stands."""
    timeline, session = run.timeline, run.session
    best = timeline.line.moments.best
    good = timeline.good_moment() if session.stopped_by == "diverged" and timeline.at_end else None
    return TimelineView(
        first_step=timeline.first_step,
        last_step=timeline.last_step,
        at_end=timeline.at_end,
        exact=run.exact,
        line=timeline.line.number,
        lines=tuple(_line_view(run, line) for line in timeline.lines.values()),
        marks=timeline.story.marks,
        best=None if best is None else _with_loss(best),
        good=None if good is None else _with_loss(good),
        good_project=None if good is None else good.project,
        nbytes=timeline.nbytes,
        next_line=timeline.next_line,
    )


class Backdrop:
    """The curves behind those of a run: of its other lines, and of runs that were ended.

    Of more than a few runs, those with a name stay first, then those with the most steps: a slider on its way
    ends many runs that hardly trained.
    """

    def __init__(self) -> None:
        self._pinned: dict[int, Ghost] = {}
        self._hidden: set[GhostKey] = set()
        self._drawn: dict[int, tuple[Moment, Ghost]] = {}
        self._removed: dict[int, Ghost] = {}

    def clear(self) -> None:
        """Forget all: another document is open."""
        self._pinned.clear()
        self._hidden.clear()
        self._drawn.clear()
        self._removed.clear()

    def pin(self, number: int, run: Run) -> None:
        """Keep the curves of a run that ends, which stands at its end; one without steps has none.

        One that ended before, and went on since, is kept as it is now, with its name.
        """
        session = run.session
        if not session.step:
            return
        earlier = [self._pinned.pop(known) for known in sorted(run.ids & self._pinned.keys())]
        name = earlier[-1].name if earlier else ""
        curves = _curves(session.history)
        self._pinned[number] = Ghost("run", number, name, None, session.project, session.step, series=curves)
        while len(self._pinned) > MOST_PINNED:
            least = min(self._pinned.values(), key=lambda ghost: (bool(ghost.name), ghost.last_step))
            del self._pinned[least.number]

    def show(self, key: GhostKey, *, shown: bool) -> None:
        """Draw the curves of a line or run, or don't."""
        self._hidden -= {key}
        if not shown:
            self._hidden |= {key}

    def rename(self, number: int, name: str) -> None:
        """Give a kept run a name; an empty one names it by what differs."""
        if number in self._pinned:
            self._pinned[number] = replace(self._pinned[number], name=name)

    def remove(self, number: int) -> None:
        """Throw a kept run away; `put_back` brings it back."""
        if number in self._pinned:
            self._removed[number] = self._pinned.pop(number)

    def put_back(self, number: int) -> None:
        """Bring back a run that was thrown away."""
        if number in self._removed:
            self._pinned[number] = self._removed.pop(number)

    def ghosts(self, run: Run) -> tuple[Ghost, ...]:
        """All that stands behind a run, the latest last."""
        pinned = (ghost for ghost in self._pinned.values() if ghost.number not in run.ids)
        every = (*pinned, *self._lines(run))
        return tuple(replace(ghost, shown=(ghost.kind, ghost.number) not in self._hidden) for ghost in every)

    def _lines(self, run: Run) -> Iterator[Ghost]:
        for line in run.timeline.lines.values():
            if line is run.timeline.line:
                continue
            known, ghost = self._drawn.get(line.number, (None, None))
            if ghost is None or known is not line.end:
                told = _line_view(run, line)
                curves = _curves(line.history)
                ghost = Ghost(
                    "line", line.number, "", told.before, told.project, told.last_step, series=curves
                )
                self._drawn[line.number] = line.end, ghost
            yield replace(ghost, name=line.name)


def _line_view(run: Run, line: Line) -> LineView:
    timeline, parent = run.timeline, line.parent
    while parent is not None and parent not in timeline.lines:
        parent = run.removed[parent].parent if parent in run.removed else None
    stands = line is timeline.line and timeline.at_end
    end, story = (None, timeline.story) if stands else (line.end, line.story)
    return LineView(
        number=line.number,
        parent=parent,
        forked_at=line.forked_at,
        name=line.name,
        before=project_at(story.events[: line.inherited], story.began),
        project=run.session.project if end is None else end.project,
        last_step=timeline.last_step if line is timeline.line else line.end.step,
        loss=(run.session if end is None else end.state).metrics.train_loss,
    )


def _with_loss(moment: Moment) -> tuple[int, float]:
    return moment.step, moment.state.metrics.train_loss


def _curves(history: History) -> Mapping[str, Bins]:
    return history.series([name for name, series in SERIES.items() if series.behind])
