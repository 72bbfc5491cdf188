"""A run as a value: what is needed to go on bit for bit, and nothing that follows from the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bpviz.arrays import Array, IntArray
from bpviz.errors import Fault
from bpviz.model.spec import Address, Project
from bpviz.training.metrics import Metrics
from bpviz.training.snapshot import Path

EventKind: TypeAlias = Literal["edited", "value", "path", "stopped", "continued", "remark"]
StopKind: TypeAlias = Literal[
    "epochs", "target_loss", "target_accuracy", "gradient_norm", "patience", "diverged"
]


@dataclass(frozen=True, slots=True)
class Event:
    """What was done to a run, or became of it, between two steps; done again, it gives the same bits.

    `bpviz.training.events` makes sentences of them where they are shown.

    Attributes:
        step: Steps done before it.
        kind: ``edited`` by the user; a ``value`` set by hand; another ``path`` computes; ``stopped`` by
            itself; ``continued`` past a stop; a ``remark`` is all that a file of an earlier version tells.
        project: After an edit; otherwise None, as all that belongs to other kinds.
        address: Of a value set by hand.
        old: Value before.
        new: Value after.
        path: The one that computes from here on.
        rule: The rule that stopped the run, or was overruled.
        words: Of a remark.
    """

    step: int
    kind: EventKind
    project: Project | None = None
    address: Address | None = None
    old: float | None = None
    new: float | None = None
    path: Path | None = None
    rule: StopKind | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """What the stop rules remember.

    Attributes:
        best: Smallest loss that patience has seen; None before the first.
        since: Epochs since then.
        waived: Rules that have stopped the run, which the user then let go on.
        by: The rule that stopped it; None while it may go on.
        fault: Where a step left the finite numbers, if that stopped it.
        largest: Size of the largest parameter then, if the loss of that state is not finite either: no
            setting leads on from there.
    """

    best: float | None = None
    since: int = 0
    waived: tuple[StopKind, ...] = ()
    by: StopKind | None = None
    fault: Fault | None = None
    largest: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands in the stream of batches.

    Attributes:
        epoch: Epochs done.
        position: Batches of the epoch under way that are done.
        size: Examples a batch of that epoch.
        shuffled: Whether that epoch has an order of its own.
        carries_over: Whether examples of its short last batch wait for the next epoch.
        carried: Examples that the epoch before left over.
    """

    epoch: int
    position: int
    size: int
    shuffled: bool
    carries_over: bool
    carried: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RunState:
    """A run between two steps.  Vectors follow the plan of the project's network.

    Attributes:
        step: Steps done.
        cleared_at: Step at which the optimizer's memory was last cleared.
        path: Which path computed last.
        parameters: (parameters,) in the run's precision.
        start: (parameters,) where each of them started: with the run, or with the edit that brought it.
        slots: (slots, parameters) what optimizer and penalty remember.
        rewirings: How often new parameters were drawn.
        batch_loss: Loss of the last batch before its update; NaN before the first step.
        place: In the stream of batches.
        watch: What the stop rules remember.
        metrics: As last measured.
        events: What was done to the run, in order.
        began: The project that the run began with, which the first edit changed; None where none tells.
        history: Arrays of the history by name.
    """

    step: int
    cleared_at: int
    path: Path
    parameters: Array
    start: Array
    slots: Array
    rewirings: int
    batch_loss: float
    place: Place
    watch: Watch
    metrics: Metrics
    events: tuple[Event, ...] = ()
    began: Project | None = None
    history: Mapping[str, Array | IntArray] = field(default_factory=dict)
