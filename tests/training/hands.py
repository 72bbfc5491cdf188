"""A hand that winds a run about, and the straight runs that say what it must see at each place.

A `Hand` leads a timeline by moves and writes down what was done on which line.  `Hand.check` does the same
once more, straight and step by step, in sessions that know nothing of timelines, and compares whole moments,
bit for bit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np

from bpviz.data.datasets import facts
from bpviz.data.points import Point, moved_point, with_points, without_points
from bpviz.data.prepare import Prepared
from bpviz.model import edits
from bpviz.model.compile import Compiled
from bpviz.model.problems import problems
from bpviz.model.spec import Address, BiasAddress, Project, Stop, WeightAddress
from bpviz.training.film import Line
from bpviz.training.history import History
from bpviz.training.moment import Moment
from bpviz.training.paths import RUNNERS
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from bpviz.training.timeline import ROOM_BYTES, Timeline
from bpviz.training.walk import Move as Phase
from bpviz.training.walk import Walk
from tests.training.projects import EDITS, OPTIMIZERS, circle, edited, iris, retrained, sine

T = TypeVar("T")
Choose: TypeAlias = Callable[[Sequence[Any]], Any]
Move: TypeAlias = tuple[str, int, int]
"""A name of `MOVES` and two numbers that choose what and where."""
Deed: TypeAlias = Callable[[Session], object]

PATHS: Final = tuple(RUNNERS)
_SETTINGS: Final[dict[str, Sequence[Any]]] = {
    "optimizer": OPTIMIZERS,
    "learning_rate": (0.01, 0.03, 0.3, 3.0, 1e9),
    "schedule": ("constant", "exponential", "cosine"),
    "warmup": (0.0, 2.0),
    "batch_size": (None, 1, 4, 10),
    "shuffle": ("each epoch", "never"),
    "last_batch": ("keep", "carry over"),
    "penalty": ("none", "l1", "l2", "playground_l1", "playground_l2"),
    "penalty_rate": (0.0, 0.1),
    "clip_norm": (None, 0.1),
    "stop": (
        Stop(),
        Stop(epochs=2),
        Stop(patience=1),
        Stop(gradient_norm=0.2),
        Stop(target_loss=0.4, target_accuracy=0.7),
    ),
}
"""What a run takes over as it goes."""
_LOSSES: Final = ("half_squared", "squared", "mse", "mae", "huber")
_ACTIVATIONS: Final = ("tanh", "relu", "sigmoid", "linear")


def some_project(choose: Choose) -> Project:
    """A small project; most settings are those that a run often has."""
    make = choose((circle, circle, sine, iris))
    settings = {
        name: choose(
            options if name in ("optimizer", "batch_size") else (*options[:1], *options[:1], *options)
        )
        for name, options in _SETTINGS.items()
        if name != "learning_rate"
    }
    precision = choose(("float64", "float32"))
    settings |= {"learning_rate": choose((0.03, 0.1, 1.0)), "precision": precision}
    hidden = choose(((2,), (3,), (3, 2))) if make is circle else ()
    return edits.set_training(make(*hidden), **settings)


@dataclass(slots=True, eq=False)
class Track:
    """What was done on a line, and what was seen of it.

    Attributes:
        deeds: (steps done before it, what was done), in order.
        seen: By (deeds done, steps done); every time it was seen.
        glanced: Kept moments that were shown, and updates before something was changed behind them.
    """

    deeds: list[tuple[int, Deed]] = field(default_factory=list)
    seen: dict[tuple[int, int], list[Moment]] = field(default_factory=dict)
    glanced: list[Moment] = field(default_factory=list)

    def before(self, step: int) -> int:
        """How many deeds were done when the run went on from a step."""
        return bisect_right(self.deeds, step, key=lambda deed: deed[0])


class Hand:
    """A timeline in the hands of somebody who does anything.

    Args:
        project: What to learn.
        path: Which path computes at first.
        room_moments: For how many moments of the beginning there is room; None leaves it open.
        tick_s: Seconds that pass whenever somebody looks at the clock.
    """

    def __init__(
        self, project: Project, path: Path, *, room_moments: int | None = None, tick_s: float = 0.04
    ) -> None:
        self._first: tuple[Project, Path] = project, path
        session = Session(project, path=path)
        room = ROOM_BYTES if room_moments is None else room_moments * session.moment().nbytes
        self.timeline = Timeline(session, room)
        self._room = room
        self._walk = Walk(self.timeline)
        self._tracks = {1: Track()}
        self._removed: list[Line] = []
        self._followed = [project]
        self.moves = 0
        self._tick_s, self._now_s = tick_s, 0.0

    def perform(self, move: Move) -> None:
        """Do one thing, and write down what is to be seen then."""
        self.moves += 1
        name, one, other = move
        if name not in _WALKED:
            self._walk.end()
        MOVES[name](self, one, other)
        self._note()

    @property
    def counts(self) -> dict[str, int]:
        """What was done and seen, how often."""
        tracks, lines = self._tracks.values(), self.timeline.lines.values()
        return {
            "lines": len(tracks),
            "places": sum(len(seen) for track in tracks for seen in track.seen.values()),
            "deeds": sum(len(track.deeds) for track in tracks),
            "steps": sum(line.end.step for line in lines),
            "stopped": sum(event.kind == "stopped" for line in lines for event in line.story.events),
        }

    @property
    def track(self) -> Track:
        """Of the present line."""
        return self._tracks[self.timeline.line.number]

    def _note(self) -> None:
        timeline = self.timeline
        step, track = timeline.step, self.track
        if not timeline.at_end and len(timeline.session.events) < timeline.story.before(step):
            track.glanced.append(timeline.session.moment())  # in an update, before what was changed behind it
            return
        done = len(track.deeds) if timeline.at_end else track.before(step)
        track.seen.setdefault((done, step), []).append(timeline.session.moment())

    def _clock(self) -> float:
        self._now_s += self._tick_s
        return self._now_s

    def _some_step(self, number: int) -> int:
        first, last = self.timeline.first_step, self.timeline.last_step
        return first + number % (last - first + 1)

    # Moves

    def _go(self, action: Callable[[], object], deed: Deed | None = None) -> None:
        """Do something that may go on: on a new branch, past a stop, into a failure."""
        timeline, old = self.timeline, self.timeline.line.number
        step, looked_at, known = timeline.step, not timeline.at_end, len(timeline.session.events)
        action()
        if timeline.line.number != old:
            before = self._tracks[old].deeds[: self._tracks[old].before(step)]
            self._tracks[timeline.line.number] = Track([*before, (step, _settle)])
        elif looked_at:
            return  # it was only walked in the past
        for event in timeline.session.events[known:]:
            if event.kind == "continued":
                self.track.deeds.append((event.step, Session.go_on))
            elif event.rule == "diverged":
                self.track.deeds.append((event.step, _fail))
        if deed is not None:
            self.track.deeds.append((timeline.step, deed))

    def _play(self, one: int, other: int) -> None:
        if other % 2:
            self._go(self.timeline.go_on)
        self._go(lambda: self.timeline.advance(one % 14 + 1, self._clock))

    def _make_step(self, _one: int, _other: int) -> None:
        self._go(lambda: self.timeline.advance(1, self._clock))

    def _walk_on(self, phase: Phase, one: int) -> None:
        for _ in range(one % 8 + 1):
            self._go(lambda: self._walk.move(phase))

    def _seek(self, one: int, _other: int) -> None:
        step = self._some_step(one)
        self.timeline.seek(step)
        assert self.timeline.step == step

    def _glance_and_seek(self, one: int, _other: int) -> None:
        step = self._some_step(one)
        self.timeline.glance(step)
        assert self.timeline.step <= step
        if not self.timeline.at_end:
            self.track.glanced.append(self.timeline.session.moment())
        self.timeline.seek(step)

    def _switch(self, one: int, _other: int) -> None:
        numbers = list(self.timeline.lines)
        self.timeline.switch(numbers[one % len(numbers)])

    def _remove(self, one: int, _other: int) -> None:
        others = [number for number in self.timeline.lines if number != self.timeline.line.number]
        if others:
            self._removed.append(self.timeline.remove(others[one % len(others)]))

    def _put_back(self, _one: int, _other: int) -> None:
        if self._removed:
            self.timeline.put_back(self._removed.pop())

    def _follow(self, project: Project) -> None:
        if not problems(project):
            self._followed.append(project)
            self._go(lambda: self.timeline.follow(project), lambda session: session.follow(project))

    def _edit(self, one: int, other: int) -> None:
        names = sorted(_EDITS)
        self._follow(_EDITS[names[one % len(names)]](self.timeline.session.project, other))

    def _undo(self, one: int, _other: int) -> None:
        self._follow(self._followed[-1 - one % len(self._followed)])

    def _set_value(self, one: int, other: int) -> None:
        addresses = list(_addresses(self.timeline.session.compiled))
        address, value = addresses[one % len(addresses)], (0.0, 0.75, -1.5)[other % 3]
        self._go(
            lambda: self.timeline.set_value(address, value), lambda session: session.set_value(address, value)
        )

    def _hand_over(self, one: int, _other: int) -> None:
        path = PATHS[one % len(PATHS)]
        if self.timeline.at_end:
            self._go(lambda: self.timeline.hand_over(path), lambda session: session.hand_over(path))

    # What must hold

    def check(self, *, seeks: Sequence[int] = ()) -> None:
        """Compare every line with a straight run; seek some more places of each before.

        Raises:
            AssertionError: If anything was not what it must be.
        """
        self._walk.end()
        timeline = self.timeline
        while self._removed:
            self._put_back(0, 0)
        self._check_room()
        for number, track in self._tracks.items():
            timeline.switch(number)
            self._note()
            for one in seeks:
                self._seek(one, 0)
                self._note()
            timeline.to_end()
            run, found = self._straight(track, timeline.step)
            forked = timeline.line.parent is not None
            _compare(track, found, forked=forked)
            assert timeline.story.events == run.events
            _compare_histories(run.history, timeline.session.history, forked=forked)

    def _check_room(self) -> None:
        lines = self.timeline.lines.values()
        moments = {id(moment): moment.nbytes for line in lines for moment in line.moments}
        for line in lines:
            assert next(iter(line.moments)).step == 0, "the start is always kept"
        stays = {
            id(moment): moment.nbytes
            for line in lines
            for moment in line.moments
            if line.moments.held.get(moment.place) == "always" or moment in (line.end, line.moments.best)
        }
        assert sum(moments.values()) <= self._room + sum(stays.values()), "there is no room for all of them"

    def _straight(self, track: Track, last_step: int) -> tuple[Session, dict[tuple[int, int], Moment]]:
        """Do what was done on a line, step by step; every moment on the way."""
        project, path = self._first
        run = Session(project, path=path)
        found = {(0, 0): run.moment()}

        def go_to(step: int, done: int) -> None:
            while run.step < step:
                assert run.advance(1) == 1, f"a straight run stops at {run.step}: {run.stopped}"
                found[done, run.step] = run.moment()

        for done, (step, deed) in enumerate(track.deeds):
            go_to(step, done)
            deed(run)
            found[done + 1, step] = run.moment()
        go_to(last_step, len(track.deeds))
        return run, found


def _settle(session: Session) -> None:
    """A branch begins: what is done there continues nothing that its parent did."""
    session.story = session.story.settle()


def _fail(session: Session) -> None:
    assert session.advance(1) == 0
    assert session.stopped is not None


def _addresses(compiled: Compiled) -> Iterator[Address]:
    nodes = [node.id for layer in compiled.network.layers for node in layer.nodes]
    biases: list[Address] = [BiasAddress(node) for node in nodes]
    weights = [WeightAddress(source, target) for source in nodes for target in nodes]
    yield from (address for address in (*biases, *weights) if address in compiled)


def _retuned(project: Project, number: int) -> Project:
    names = sorted(_SETTINGS)
    options = _SETTINGS[names[number % len(names)]]
    return edits.set_training(
        project, **{names[number % len(names)]: options[number // len(names) % len(options)]}
    )


def _with_loss(project: Project, number: int) -> Project:
    changed = retrained(project, loss=_LOSSES[number % len(_LOSSES)])
    return project if problems(changed) else changed


def _rewired(project: Project, number: int) -> Project:
    if len(project.network.layers) < 3:
        return project
    network = edited(project.network, EDITS[number % (len(EDITS) - 1)], number // len(EDITS))
    return edits.on_network(lambda _: network)(project)


def _renamed(project: Project, number: int) -> Project:
    layer = project.network.layers[number % len(project.network.layers)]
    name = ("Alpha", "Beta")[number // 7 % 2]
    return edits.on_network(lambda network: edits.rename(network, layer.id, name))(project)


def _activated(project: Project, number: int) -> Project:
    hidden = [layer for layer in project.network.layers if layer.role == "hidden"]
    if not hidden:
        return project
    layer, name = hidden[number % len(hidden)], _ACTIVATIONS[number // 3 % len(_ACTIVATIONS)]
    return edits.on_network(lambda network: edits.set_activation(network, layer.id, name))(project)


def _frozen(project: Project, number: int) -> Project:
    layer = project.network.layers[1]
    address = BiasAddress(layer.nodes[number % layer.size].id)
    return edits.on_network(lambda network: edits.set_frozen(network, [address], frozen=number % 2 > 0))(
        project
    )


def _with_examples(project: Project, number: int) -> Project:
    data, seed = project.data, project.training.seed
    known = facts(data)
    if len(known.columns) != 2:
        return project
    kind, at = number % 3, number // 3
    value = known.classes[at % 2] if known.classes else at / 100
    if kind == 0 or known.rows < 3:
        changed = with_points(data, seed, [Point(at / 50, 2.0, value)])
    elif kind == 1:
        changed = without_points(data, seed, {at % known.rows, 7 * at % known.rows})
    else:
        changed = moved_point(data, seed, at % known.rows, 0.5, at / 50)
    return replace(project, data=changed)


_EDITS: Final[dict[str, Callable[[Project, int], Project]]] = {
    "activate": _activated,
    "examples": _with_examples,
    "examples more": _with_examples,
    "freeze": _frozen,
    "loss": _with_loss,
    "rename": _renamed,
    "retune": _retuned,
    "retune more": _retuned,
    "rewire": _rewired,
    "rewire more": _rewired,
}
_WALKED: Final = ("phases", "examples", "back")
MOVES: Final[dict[str, Callable[[Hand, int, int], None]]] = {
    "play": Hand._play,
    "step": Hand._make_step,
    "phases": lambda hand, one, _: hand._walk_on("phase", one),
    "examples": lambda hand, one, _: hand._walk_on("example", one),
    "back": lambda hand, one, _: hand._walk_on("back", one),
    "seek": Hand._seek,
    "glance and seek": Hand._glance_and_seek,
    "to end": lambda hand, _one, _other: hand.timeline.to_end(),
    "branch off": lambda hand, _one, _other: hand._go(hand.timeline.branch_off),
    "switch": Hand._switch,
    "remove": Hand._remove,
    "put back": Hand._put_back,
    "edit": Hand._edit,
    "undo": Hand._undo,
    "value": Hand._set_value,
    "hand over": Hand._hand_over,
    "go on": lambda hand, _one, _other: hand._go(hand.timeline.go_on),
}
"""Everything that can be done with a timeline."""
OFTEN: Final = (*MOVES, *("play",) * 4, *("seek",) * 4, *("edit",) * 3, "undo")
"""The same as often as a hand does it."""
NUMBERS: Final = range(400)


def some_move(choose: Choose) -> Move:
    """Anything."""
    return choose(OFTEN), choose(NUMBERS), choose(NUMBERS)


def bits(value: object) -> object:
    """A value in which equal means the same bits; what is not a number is equal to itself."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, Mapping):
        return {key: bits(each) for key, each in value.items()}
    if isinstance(value, Compiled):
        return value.network
    if isinstance(value, Prepared):
        scales = (value.input_scaling, value.target_scaling)
        parts = (value.train_x, value.train_y, value.test_x, value.test_y, value.train_rows, *scales)
        return tuple(map(bits, parts))
    if isinstance(value, Project) or not is_dataclass(value):
        return tuple(map(bits, value)) if isinstance(value, tuple) else value
    return {each.name: bits(getattr(value, each.name)) for each in fields(value)}


def differences(first: Moment, second: Moment) -> list[str]:
    """Names of what is not the same, bit for bit, in two moments."""
    found = [
        each.name
        for each in fields(Moment)
        if each.name != "state" and bits(getattr(first, each.name)) != bits(getattr(second, each.name))
    ]
    return found + [
        f"state.{each.name}"
        for each in fields(first.state)
        if bits(getattr(first.state, each.name)) != bits(getattr(second.state, each.name))
    ]


def _compare(track: Track, found: dict[tuple[int, int], Moment], *, forked: bool) -> None:
    by_place = {moment.place: moment for moment in found.values()}
    for key, seen in track.seen.items():
        assert key in found, f"{key} is no place of a straight run"
        for moment in seen:
            changed = differences(seen[0], moment)
            if forked and "shape" in changed:  # at the fork: before and after the branch became coarser
                changed.remove("shape")
            assert not changed, f"at {seen[0].place} not what it was before: {', '.join(changed)}"
        _agree(found[key], seen[0], forked=forked)
    for moment in track.glanced:
        _agree(by_place[moment.place], moment, forked=forked)


def _agree(straight: Moment, seen: Moment, *, forked: bool) -> None:
    found = differences(straight, seen)
    if forked and seen.shape != straight.shape:
        # A branch records as coarsely as its parent does by then, and measures epochs as seldom.
        assert [records for _, records in seen.shape[:2]] == [records for _, records in straight.shape[:2]]
        found = [name for name in found if name not in ("shape", "state.metrics")]
    assert not found, f"at {seen.place}: {', '.join(found)}"


def _compare_histories(straight: History, seen: History, *, forked: bool) -> None:
    first, second = straight.arrays(), seen.arrays()
    if not forked:
        assert [name for name in first if bits(first[name]) != bits(second[name])] == []
        return
    for table in ("steps", "nodes"):
        assert first[f"{table}/state"][1] == second[f"{table}/state"][1], "as many records"
        assert first[f"{table}/last_step"][-1:].tolist() == second[f"{table}/last_step"][-1:].tolist()
    losses = [
        [history["steps/count"][:, :2].sum(axis=0), history["steps/total"][:, :2].sum(axis=0)]
        for history in (first, second)
    ]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-9, err_msg="of batches")
