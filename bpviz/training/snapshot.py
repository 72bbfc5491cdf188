"""What leaves a run: one immutable `Snapshot` at a time.

A view says what it needs by names from `bpviz.training.wants.WANTS` and `bpviz.training.series.SERIES`; what
nobody wants is not computed and stays None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.training.anatomy import Anatomy
from bpviz.training.series import Bins, NodeBins
from bpviz.training.timeline_view import Ghost, TimelineView

if TYPE_CHECKING:
    from bpviz.engine.update import Rule, StepTrace
    from bpviz.model.compile import Compiled
    from bpviz.model.spec import Project
    from bpviz.training.phases import Cursor

Path: TypeAlias = Literal["reference", "kernel"]

Traced: TypeAlias = Literal["made", "passing", "coming"]
"""A step that was just made; one that a run goes past meanwhile; the one that comes next."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanePoints:
    """The examples of data with two raw inputs; one object for a whole run.

    Attributes:
        columns: Names of the two raw columns.
        x: (examples,) first raw column.
        y: (examples,) second raw column.
        value: (examples,) class index, or the first target in the data's unit.
        test: (examples,) whether an example belongs to the test part.
        classes: Class names; None for regression.
        target: Name of the target.
    """

    columns: tuple[str, str]
    x: Array
    y: Array
    value: Array
    test: BoolArray
    classes: tuple[str, ...] | None
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class PlaneMap:
    """Values over the plane of two raw inputs.

    Attributes:
        extent: (left, right, bottom, top) in the units of the raw columns.
        values: (maps, rows, columns); row 0 is the bottom.  One map for each output, or for each node that
            was asked for.
        node_ids: One id a map.
        points: The examples, on maps of outputs.
        code: The two numbers that stand for no and yes at an output; None for regression, whose maps are in
            the data's unit.
    """

    extent: tuple[float, float, float, float]
    values: Array
    node_ids: tuple[str, ...]
    points: PlanePoints | None = None
    code: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """How often which class was taken for which.

    Attributes:
        classes: Names.
        counts: (actual, predicted), examples.
        part: ``test`` or, without one, ``training``.
    """

    classes: tuple[str, ...]
    counts: IntArray
    part: Literal["test", "training"]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The state of a run between two steps.

    Attributes:
        run_id: Number of the run; a late snapshot of a replaced run is known by it.
        step: Steps done.
        epoch: Passes over the training part done, as a fraction.
        path: Which path computes.
        compiled: The network of this moment, to read `parameters` and `trace` by address.
        anatomy: The names of its parts, for figures.
        train_loss: Mean loss without penalty over the whole training part, when last evaluated.
        train_cost: The same with the penalty.
        test_loss: None without a test part.
        train_accuracy: 0 to 1; None for regression.
        test_accuracy: Likewise.
        batch_loss: Loss of the last batch before its update; NaN before the first step.
        learning_rate: Of the coming step.
        stopped: Why the run stopped by itself, as a sentence; None while it may go on.
        stopped_by: The rule that stopped it, or ``diverged``.
        seconds: Time spent training, as the worker measured it; 0 without a worker.
        steps_per_s: Recent speed, likewise.
        series: Wanted histories of the run and of layers, by `Series.column`.
        nodes: Wanted histories of nodes.
        parameters: Wanted; (parameters,).
        trace: Wanted; the step about to be made.
        cursor: Where the phase cursor stands inside that step; None between steps.
        plane: Wanted map of the outputs.
        node_planes: Wanted maps of all nodes.
        confusion: Wanted; None for regression.
        events: (step, text) of what happened to the run: retuned, rewired, set by hand, handed over to the
            kernels.
        rule: How the network learns.
        project: What the run followed at this moment.
        timeline: The run's whole way; None where only a session is looked at.
        ghosts: Lines and runs whose curves stand behind.
        edition: Number of the last edit that had reached the run; see `Player.follow`.
        playing: Whether the run goes on by itself meanwhile: what is costly may then be of some steps before,
            as `bpviz.training.observer` says.
    """

    run_id: int
    step: int
    epoch: float
    path: Path
    compiled: Compiled
    train_loss: float
    train_cost: float
    anatomy: Anatomy = field(default_factory=Anatomy)
    test_loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    batch_loss: float = float("nan")
    learning_rate: float = float("nan")
    stopped: str | None = None
    stopped_by: str | None = None
    seconds: float = 0.0
    steps_per_s: float = 0.0
    series: Mapping[str, Bins] = field(default_factory=dict)
    nodes: NodeBins | None = None
    parameters: Array | None = None
    trace: StepTrace | None = None
    cursor: Cursor | None = None
    plane: PlaneMap | None = None
    node_planes: PlaneMap | None = None
    confusion: Confusion | None = None
    events: tuple[tuple[int, str], ...] = ()
    rule: Rule | None = None
    project: Project | None = None
    timeline: TimelineView | None = None
    ghosts: tuple[Ghost, ...] = ()
    edition: int = 0
    playing: bool = False

    @property
    def traced(self) -> Traced:
        """Which step `trace` is, as seen from here."""
        if self.cursor is not None and self.cursor.is_last:
            return "made"
        return "passing" if self.playing and self.trace is not None else "coming"

    @property
    def last_step(self) -> int:
        """Steps done by the run, wherever it is looked at."""
        return self.step if self.timeline is None else self.timeline.last_step
