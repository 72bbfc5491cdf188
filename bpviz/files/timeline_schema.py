"""A timeline in a project file, version 2: moments of the run and its branches, beside the run itself.

``timeline.json`` holds tables whose rows name each other by their places, so that what moments, events and
branches share stands there once: ``networks``, ``projects``, ``events``, ``boxes`` (what was removed from a
network and may come back), ``moments``, ``lines``.  Numbers stand in ``moments.npz``:

* ``parameters`` and ``slots``: of each moment in turn its vector, and its rows of what optimizer and penalty
  remember.  A vector holds the matrices of all links, (targets, sources), ordered by target and source as the
  layers follow each other, then the biases of each layer but the first.
* ``starts``: where the parameters started, one vector after the other.
* ``removed/indices``, ``removed/parameters``, ``removed/start``, ``removed/slots``: of each box in turn.
* ``lines/<number>/...``: the history of each line but the present one, whose end is the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array, frozen_copy
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.files import schema
from bpviz.files.archive import DamageError
from bpviz.files.earlier import EarlierData, KnownData
from bpviz.files.run_schema import (
    PRECISIONS,
    Count,
    DeedDocument,
    StandDocument,
    check_history,
    deed_fields,
    stand_fields,
    to_event,
    to_stand,
)
from bpviz.model.checks import check_project
from bpviz.model.compile import Compiled, compile_network
from bpviz.model.spec import Network, Project
from bpviz.training.events import Story
from bpviz.training.moment import Moment
from bpviz.training.rewire import MOST_KEPT, Box, Numbers
from bpviz.training.run_state import Event
from bpviz.training.timeline_state import Ending, LineState, TimelineState

T = TypeVar("T")

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

_MOST_REMOVED: Final = 4 * MOST_KEPT
"""Parameters of all networks of which something was removed; beyond, a small file would fill the memory."""


class ProjectRow(schema.SettingsDocument, kw_only=True, forbid_unknown_fields=True):
    """A project that a run followed."""

    network: Count


class EventRow(DeedDocument, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An `Event`."""

    project: Count | None = None


class BoxRow(msgspec.Struct, forbid_unknown_fields=True):
    """A `Box` of so many numbers, which had this memory."""

    network: Count
    count: Count
    optimizer: str
    penalty: str


class MomentRow(StandDocument, kw_only=True, forbid_unknown_fields=True):
    """A `Moment`; `slots` is how many numbers are remembered of each parameter."""

    project: Count
    events: Count
    start: Count
    slots: Annotated[int, msgspec.Meta(ge=0, le=16)]
    boxes: list[Count]
    shape: tuple[tuple[Count, Count], tuple[Count, Count], tuple[Count, Count]]


class EndingRow(msgspec.Struct, forbid_unknown_fields=True):
    """An `Ending`, without its history."""

    began: Count | None
    events: list[Count]
    moment: Count


class LineRow(msgspec.Struct, forbid_unknown_fields=True):
    """A `LineState`; `pinned` are some of its moments."""

    number: Count
    parent: Count | None
    forked_at: Count
    inherited: Count
    name: str
    moments: list[Count]
    pinned: list[Count]
    spacing_s: Annotated[float, msgspec.Meta(gt=0)]
    ending: EndingRow | None


class TimelineDocument(msgspec.Struct, forbid_unknown_fields=True):
    """The whole of ``timeline.json``: a `TimelineState` without its arrays."""

    line: Count
    attic: list[Count]
    networks: list[schema.NetworkDocument]
    projects: list[ProjectRow]
    events: list[EventRow]
    boxes: list[BoxRow]
    moments: list[MomentRow]
    lines: list[LineRow]


class _Rows(Generic[T]):
    """Values by the order in which they were first met; a value is the same only if it is the same object."""

    def __init__(self, values: Iterable[T] = ()) -> None:
        self.values: list[T] = []
        self._places: dict[int, int] = {}
        for value in values:
            self.place(value)

    def place(self, value: T) -> int:
        """Its row, a new one if it has none yet."""
        if id(value) not in self._places:
            self._places[id(value)] = len(self.values)
            self.values.append(value)
        return self._places[id(value)]

    def places(self, values: Iterable[T]) -> list[int]:
        """The rows of several."""
        return [self.place(value) for value in values]


# Writing


def to_document(state: TimelineState, earlier: EarlierData) -> TimelineDocument:
    """Write all of a timeline but its arrays as a document, and put the data of before aside."""
    networks, projects, events = _Rows[Network](), _Rows[Project](), _Rows[Event]()
    boxes, moments, starts = _Rows(state.boxes), _Rows(state.stands), _starts(state)

    def ending(it: Ending | None) -> EndingRow | None:
        if it is None:
            return None
        began = None if it.story.began is None else projects.place(it.story.began)
        return EndingRow(began, events.places(it.story.events), moments.place(it.moment))

    lines = [_line_row(line, moments, ending(line.ending)) for line in state.lines]
    moment_rows = [
        MomentRow(
            project=projects.place(moment.project),
            events=moment.events,
            start=starts.place(moment.state.start),
            slots=len(moment.state.slots),
            boxes=boxes.places(moment.boxes),
            shape=moment.shape,  # type: ignore[arg-type]  # of three tables
            **stand_fields(moment.state),
        )
        for moment in moments.values
    ]
    event_rows = [
        EventRow(project=None if it.project is None else projects.place(it.project), **deed_fields(it))
        for it in events.values
    ]
    box_rows = [
        BoxRow(networks.place(box.network.network), len(box.indices), *box.numbers.memory)
        for box in boxes.values
    ]
    project_rows = [
        ProjectRow(
            network=networks.place(project.network),
            **schema.settings_fields(project, earlier.place(project.data), earlier.blocks),
        )
        for project in projects.values
    ]
    return TimelineDocument(
        line=state.line,
        attic=boxes.places(state.attic),
        networks=[schema.network_document(network) for network in networks.values],
        projects=project_rows,
        events=event_rows,
        boxes=box_rows,
        moments=moment_rows,
        lines=lines,
    )


def _line_row(line: LineState, moments: _Rows[Moment], ending: EndingRow | None) -> LineRow:
    return LineRow(
        number=line.number,
        parent=line.parent,
        forked_at=line.forked_at,
        inherited=line.inherited,
        name=line.name,
        moments=moments.places(line.moments),
        pinned=moments.places(moment for moment in line.moments if moment.place in line.pinned),
        spacing_s=line.spacing_s,
        ending=ending,
    )


def to_arrays(state: TimelineState) -> dict[str, NDArray[Any]]:
    """Write the arrays of a timeline under the names they have in the file."""
    stands = [moment.state for moment in state.stands]
    dtype = stands[0].parameters.dtype

    def joined(arrays: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([np.zeros(0, dtype=dtype), *(array.ravel() for array in arrays)])

    numbers = [box.numbers for box in state.boxes]
    indices = [np.zeros(0, dtype=np.int64), *(box.indices for box in state.boxes)]
    histories = {
        f"lines/{line.number}/{name}": array
        for line in state.lines
        if line.ending is not None
        for name, array in line.ending.history.items()
    }
    return {
        "parameters": joined(stand.parameters for stand in stands),
        "slots": joined(stand.slots for stand in stands),
        "starts": joined(_starts(state).values),
        "removed/indices": np.concatenate(indices),
        "removed/parameters": joined(one.parameters for one in numbers),
        "removed/start": joined(one.start for one in numbers),
        "removed/slots": joined(one.slots for one in numbers),
        **histories,
    }


def _starts(state: TimelineState) -> _Rows[Array]:
    return _Rows(moment.state.start for moment in state.stands)


# Reading


def to_state(document: TimelineDocument, arrays: Arrays, known: KnownData) -> TimelineState:
    """Read a timeline out of its two parts; whether it is one of the run is looked at when it is taken up.

    Raises:
        BpvizError, DamageError, IndexError: If they are damaged, or don't belong together.
    """
    return _Reader(document, arrays, known).state()


class _Flat:
    """Arrays that stand in one, one after the other."""

    def __init__(self, arrays: Arrays, name: str, dtype: np.dtype[Any]) -> None:
        self._name, self._at = name, 0
        found = arrays.get(name)
        if found is None or found.ndim != 1 or found.dtype != dtype:
            raise DamageError(f"its moments lack the array {name}")
        if not np.isfinite(found).all():
            raise DamageError(f"its moments have an array {name} that holds a number that is not finite")
        self._array = found

    def take(self, *shape: int) -> NDArray[Any]:
        """The next one."""
        end = self._at + int(np.prod(shape, dtype=object))
        if end > len(self._array):
            raise DamageError(f"its moments have an array {self._name} that is too short")
        part, self._at = self._array[self._at : end], end
        return frozen_copy(part.reshape(shape))

    def close(self) -> None:
        """Refuse what is left over."""
        if self._at != len(self._array):
            raise DamageError(f"its moments have an array {self._name} that is too long")


class _Reader:
    """Reads the tables of a timeline, each from those before it."""

    def __init__(self, document: TimelineDocument, arrays: Arrays, known: KnownData) -> None:
        self._document, self._arrays = document, arrays
        self._networks = [schema.to_network(network) for network in document.networks]
        self._compiled: dict[int, Compiled] = {}
        self._projects = [self._project(row, known) for row in document.projects]
        self._events = [to_event(row, self._projected(row.project)) for row in document.events]
        found = arrays.get("parameters")
        if found is None or found.dtype not in PRECISIONS:
            raise DamageError("its moments hold numbers of another kind than a run's")
        self._dtype = found.dtype

    def state(self) -> TimelineState:
        """The timeline."""
        document = self._document
        boxes = self._boxes()
        moments = self._moments(boxes)
        lines = tuple(self._line(row, moments) for row in document.lines)
        tables = sum(name.startswith("lines/") for name in self._arrays)
        if tables != sum(len(line.ending.history) for line in lines if line.ending is not None):
            raise DamageError("its moments hold curves of branches that are not there")
        return TimelineState(lines, document.line, tuple(boxes[at] for at in document.attic))

    def _project(self, row: ProjectRow, known: KnownData) -> Project:
        project = schema.with_settings(row, self._networks[row.network], known.at(row.data), known.starts)
        check_project(project)
        return project

    def _projected(self, at: int | None) -> Project | None:
        return None if at is None else self._projects[at]

    def _network(self, at: int) -> Compiled:
        """Compile a network once, and only where numbers belong to it."""
        if at not in self._compiled:
            self._compiled[at] = compile_network(self._networks[at])
        return self._compiled[at]

    def _flat(self, *names: str) -> list[_Flat]:
        return [_Flat(self._arrays, name, self._dtype) for name in names]

    def _boxes(self) -> list[Box]:
        flat = parameters, start, slots = self._flat("removed/parameters", "removed/start", "removed/slots")
        indices = _Flat(self._arrays, "removed/indices", np.dtype(np.int64))
        boxes, size = [], 0
        for row in self._document.boxes:
            rows = OPTIMIZERS[row.optimizer].slots + PENALTIES[row.penalty].slots
            network = self._network(row.network)
            size += network.plan.size
            if size > _MOST_REMOVED:
                raise DamageError("its moments tell of more removed nodes than there is room for")
            numbers = Numbers(
                parameters.take(row.count),
                start.take(row.count),
                slots.take(rows, row.count),
                (row.optimizer, row.penalty),
            )
            boxes.append(Box(network, indices.take(row.count), numbers))
        _close(*flat, indices)
        return boxes

    def _moments(self, boxes: list[Box]) -> list[Moment]:
        flat = parameters, slots, starts = self._flat("parameters", "slots", "starts")
        known: list[Array] = []
        moments = []
        for row in self._document.moments:
            project = self._projects[row.project]
            compiled = self._network(self._document.projects[row.project].network)
            size = compiled.plan.size
            if row.start == len(known):
                known.append(starts.take(size))
            state = to_stand(
                row,
                parameters=parameters.take(size),
                start=known[row.start],
                slots=slots.take(row.slots, size),
            )
            attic = tuple(boxes[at] for at in row.boxes)
            moments.append(Moment(project, compiled, state, row.events, attic, row.shape))
        _close(*flat)
        return moments

    def _line(self, row: LineRow, moments: list[Moment]) -> LineState:
        return LineState(
            number=row.number,
            parent=row.parent,
            forked_at=row.forked_at,
            inherited=row.inherited,
            name=row.name,
            moments=tuple(moments[at] for at in row.moments),
            pinned=frozenset(moments[at].place for at in row.pinned),
            spacing_s=row.spacing_s,
            ending=None if row.ending is None else self._ending(row.number, row.ending, moments),
        )

    def _ending(self, number: int, row: EndingRow, moments: list[Moment]) -> Ending:
        prefix = f"lines/{number}/"
        history = {
            name.removeprefix(prefix): array
            for name, array in self._arrays.items()
            if name.startswith(prefix)
        }
        moment = moments[row.moment]
        check_history(history, moment.compiled)
        events = tuple(self._events[at] for at in row.events)
        return Ending(Story(self._projected(row.began), events), moment, history)


def _close(*arrays: _Flat) -> None:
    for array in arrays:
        array.close()
