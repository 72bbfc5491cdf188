"""A timeline as a value, to be saved, and taken up again: moments, branches, and what was done on each.

The run as it stands is no part of it: that is a `RunState`, and whoever has one has the run, whatever becomes
of its timeline.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from numpy.typing import NDArray

from bpviz.errors import BpvizError, SettingError
from bpviz.model.spec import Project
from bpviz.training.events import Story, project_at
from bpviz.training.film import Line
from bpviz.training.history import History
from bpviz.training.learned import Learned
from bpviz.training.moment import Moment
from bpviz.training.moments import Held, Moments, Place, make_room, nbytes_of
from bpviz.training.rewire import Box
from bpviz.training.run_state import RunState
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from bpviz.training.timeline import ROOM_BYTES, Timeline
from bpviz.training.timeline_fit import Fit

MOST_MOMENTS: Final = 5_000
"""In a file, of all lines together: more would hardly be nearer, and would make files slow to open."""
MOST_LINES: Final = 300
"""In a file; each has a history of its own."""
LARGEST_ROOM: Final = 400_000_000
"""Bytes; what is larger would be too large a part of a file to be opened again."""

Lost: TypeAlias = Literal["timeline"]
"""What of a file could not be read, although its run could; `bpviz.training.timeline_words` says it."""


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """Where a line ends that is not the present one.

    Attributes:
        story: What was done on it.
        moment: Where it ends.
        history: Arrays of its history by name.
    """

    story: Story
    moment: Moment
    history: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class LineState:
    """One way that the run took; see `bpviz.training.timeline.Line`.

    Attributes:
        number: Its own.
        parent: Number of the line that it left, which may be gone; None of the first.
        forked_at: Step at which it left it.
        inherited: How many events of its story were its parent's.
        name: Given by the user.
        moments: In order.
        pinned: Places of those that are kept longest.
        spacing_s: Training time between two of the others.
        ending: None of the present line, whose end is the run.
    """

    number: int
    parent: int | None
    forked_at: int
    inherited: int
    name: str
    moments: tuple[Moment, ...]
    pinned: frozenset[tuple[int, int]]
    spacing_s: float
    ending: Ending | None


@dataclass(frozen=True, slots=True, eq=False)
class TimelineState:
    """A timeline without the run that it leads.

    Attributes:
        lines: In order of their numbers.
        line: Number of the present one.
        attic: What undo might bring back at its end.
    """

    lines: tuple[LineState, ...]
    line: int
    attic: tuple[Box, ...] = ()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All moments, each once."""
        return tuple({id(moment): moment for line in self.lines for moment in line.moments}.values())

    @property
    def endings(self) -> tuple[Ending, ...]:
        """Where the lines end that are not the present one."""
        return tuple(line.ending for line in self.lines if line.ending is not None)

    @property
    def stands(self) -> tuple[Moment, ...]:
        """All moments and ends, each once."""
        ends = {id(ending.moment): ending.moment for ending in self.endings}
        return tuple(({id(moment): moment for moment in self.moments} | ends).values())

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What any of its attics holds, each once."""
        attics = (self.attic, *(moment.boxes for moment in self.stands))
        return tuple({id(box): box for attic in attics for box in attic}.values())

    @property
    def nbytes(self) -> int:
        """How much is to be saved, before it is packed."""
        starts = {id(moment.state.start): moment.state.start.nbytes for moment in self.stands}
        histories = (array.nbytes for ending in self.endings for array in ending.history.values())
        numbers = (box.numbers for box in self.boxes)
        boxes = sum(one.parameters.nbytes + one.start.nbytes + one.slots.nbytes for one in numbers)
        moments = sum(moment.nbytes for moment in self.stands)
        return moments + sum(starts.values()) + sum(histories) + boxes


# Out of a timeline


def state_of(timeline: Timeline, room_bytes: int) -> TimelineState:
    """Say of a timeline what is to be saved, with moments thinned out until all fits.

    Kept longest are the start, the best, and those before edits; the ends of branches are always kept.

    Args:
        timeline: Is left as it is.
        room_bytes: For all but the run as it stands.

    Raises:
        SettingError: If it does not fit with one moment of each line.
    """
    room_bytes = min(room_bytes, LARGEST_ROOM)
    if len(timeline.lines) > MOST_LINES:
        raise SettingError(f"A file has room for {MOST_LINES} branches; remove some, or keep no moments.")
    every = {number: line.moments.upto(_LAST) for number, line in timeline.lines.items()}
    state = _state(timeline, every)
    if state.nbytes > room_bytes:
        beside = state.nbytes - nbytes_of(every.values())
        if not make_room(every.values(), room_bytes - beside):
            every = {number: kept.begins() for number, kept in every.items()}
        state = _state(timeline, every)
    if state.nbytes > room_bytes:
        raise SettingError(_too_small(state))
    while len(state.moments) > MOST_MOMENTS:
        make_room(every.values(), nbytes_of(every.values()) - 1)
        state = _state(timeline, every)
    return state


def copy_of(timeline: Timeline) -> Timeline:
    """Make an independent timeline of the present line alone, with a session of its own, at its end."""
    project, state = end_of(timeline)
    line = timeline.line
    return restored(
        Session(project, state=state, path=state.path), _state(timeline, {line.number: line.moments})
    )


def end_of(timeline: Timeline) -> tuple[Project, RunState]:
    """The run as it stands at the end of the present line, wherever it is looked at, and what it follows."""
    if timeline.at_end:
        return timeline.session.project, timeline.session.state()
    line = timeline.line
    state = replace(
        line.end.state, events=line.story.events, began=line.story.began, history=line.history.arrays()
    )
    return line.end.project, state


_LAST: Final = (2**63, 0)


def _state(timeline: Timeline, every: Mapping[int, Moments]) -> TimelineState:
    lines = tuple(
        LineState(
            number=number,
            parent=line.parent,
            forked_at=line.forked_at,
            inherited=line.inherited,
            name=line.name,
            moments=tuple(every[number]),
            pinned=frozenset(every[number].held) & {moment.place for moment in every[number]},
            spacing_s=every[number].spacing_s,
            ending=None if line is timeline.line else Ending(line.story, line.end, line.history.arrays()),
        )
        for number, line in sorted(timeline.lines.items())
        if number in every
    )
    end = timeline.session.moment() if timeline.at_end else timeline.line.end
    return TimelineState(lines, timeline.line.number, end.boxes)


def _too_small(state: TimelineState) -> str:
    size = f"{math.ceil(state.nbytes / 1e4) / 100:g} MB"
    if len(state.lines) == 1:
        return f"One moment of this run needs {size}; allow at least so much for moments, or keep none."
    return (
        f"The {len(state.lines)} branches of this run need {size} with one moment each; "
        "allow at least so much for moments, remove branches, or keep none."
    )


# Into a timeline


def restored(session: Session, state: TimelineState, room_bytes: int = ROOM_BYTES) -> Timeline:
    """Take up a timeline again, so that every step of it is what it was, bit for bit.

    Args:
        session: Stands where the run stood when the timeline was told.
        state: Is left as it is.
        room_bytes: For moments from here on.

    Raises:
        SettingError: If it is not a timeline of this run; the session is then as it was.
    """
    _require_numbers(state)
    state = _told(state, session)
    fit = Fit(session)
    for moment in state.stands:
        fit.require_moment(moment)
    for box in state.boxes:
        fit.require_box(box)
    timeline = Timeline(session, room_bytes)
    lines = {line.number: _line(line, timeline) for line in state.lines}
    for line in lines.values():
        fit.require_line(line.moments, line.story, line.end.place)
        for moment in line.moments:
            fit.require_shape(moment, line.history)
    story = replace(session.story, settled=lines[state.line].inherited)
    session.stand(replace(session.moment(), boxes=state.attic), story, session.history)
    timeline.lines = lines
    timeline.line = timeline.lines[state.line]
    timeline.numbers = max(timeline.lines)
    return timeline


def _told(state: TimelineState, session: Session) -> TimelineState:
    """Tell every moment of a timeline what it learned from."""
    learned = Learned(session)

    def tell(line: LineState) -> LineState:
        ending = line.ending
        story = session.story if ending is None else ending.story
        if ending is not None:
            ending = replace(ending, moment=learned.tell(ending.moment, story))
        moments = tuple(learned.tell(moment, story) for moment in line.moments)
        return replace(line, moments=moments, ending=ending)

    return replace(state, lines=tuple(map(tell, state.lines)))


def taken_up(
    session: Session, state: TimelineState | None, room_bytes: int = ROOM_BYTES
) -> tuple[Timeline, tuple[Lost, ...]]:
    """Make the timeline of a run out of a file, as far back as it can reach, and say what is lost.

    Args:
        session: Stands where the saved run stood.
        state: Its timeline, if there is one.
        room_bytes: For moments from here on.
    """
    lost: tuple[Lost, ...] = ()
    if state is not None:
        try:
            return restored(session, state, room_bytes), lost
        except BpvizError:
            lost = ("timeline",)
    return repeated(session, room_bytes), lost


def repeated(session: Session, room_bytes: int = ROOM_BYTES) -> Timeline:
    """Make a timeline of a run of which only the end is there; its steps are repeated from the start.

    Where nothing tells the start, it begins where the run stands.
    """
    timeline, story = Timeline(session, room_bytes), session.story
    told = (session.step, len(story.events)) > (0, 0) and all(it.kind != "remark" for it in story.events)
    leads_here = project_at(story.events, story.began) == session.project
    if told and leads_here and story.began is not None:
        with suppress(BpvizError):  # a file may claim that it began with what can't run, or as another run
            first = Session(story.began, path=_first_path(session)).moment()
            first = replace(first, prepared=Learned(session).at(Story(story.began)))
            Fit(session).require_moment(first)
            timeline.line.moments.keep(first, held="always")
    return timeline


def _first_path(session: Session) -> Path:
    """Which path computed at first: of two, each change tells what was before it."""
    changes = [event.path for event in session.events if event.kind == "path"]
    if not changes:
        return session.path
    return "kernel" if changes[0] == "reference" else "reference"


def _require_numbers(state: TimelineState) -> None:
    """Refuse lines that are not numbered as those of a timeline are."""
    numbers = [line.number for line in state.lines]
    if len(numbers) != len(set(numbers)) or state.line not in numbers:
        raise SettingError("The branches of this run are not numbered one by one.")
    for line in state.lines:
        if (line.ending is None) != (line.number == state.line) or not line.moments:
            raise SettingError(f"Branch {line.number} is incomplete.")
        if line.parent is not None and not 0 < line.parent < line.number:
            raise SettingError(f"Branch {line.number} can't have left branch {line.parent}.")


def _line(state: LineState, timeline: Timeline) -> Line:
    begins = {state.moments[0].place, (state.forked_at, state.inherited)}
    held: dict[Place, Held] = {place: "always" if place in begins else "long" for place in state.pinned}
    moments = Moments(state.moments, held | {state.moments[0].place: "always"}, state.spacing_s)
    session, ending = timeline.session, state.ending
    story, history, end = session.story, session.history, timeline.line.end
    if ending is not None:
        story = replace(ending.story, settled=state.inherited)
        end, history = ending.moment, History(ending.moment.compiled)
        try:
            history.restore(ending.history)
        except ValueError as error:
            raise SettingError(f"The curves of branch {state.number} can't be read: {error}.") from error
    at = (state.number, state.parent, state.forked_at, state.name)
    return Line(*at, story, moments, history, end, state.inherited)
