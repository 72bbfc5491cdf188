"""Making a snapshot: what is wanted is computed or copied, what is not stays None."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from bpviz.arrays import Array, frozen_copy
from bpviz.engine.update import Rule, StepTrace
from bpviz.model.compile import Compiled
from bpviz.training.evaluate import Evaluator
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.phases import Cursor
from bpviz.training.probes import Plane
from bpviz.training.run_state import Figures, StopKind
from bpviz.training.snapshot import Path, Snapshot

_LOSSES: Final = ("batch_loss", "batch_cost", "train_loss", "train_cost", "test_loss")
_ACCURACIES: Final = ("train_accuracy", "test_accuracy")


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """How a run stands, still in the arrays that it goes on to use; see `Snapshot` for the fields."""

    run_id: int
    step: int
    epoch: float
    path: Path
    compiled: Compiled
    rule: Rule
    parameters: Array
    figures: Figures
    batch_loss: float
    learning_rate: float
    stopped: str | None
    stopped_by: StopKind | None
    story: Story
    history: History
    evaluator: Evaluator
    plane: Plane | None
    cursor: Cursor | None
    trace: StepTrace | None


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is shown with a moment that is not the moment's own.

    Attributes:
        cursor: Where somebody stands inside a step.
        trace: The step that the cursor stands in.
        history: Of the whole run, where the moment lies in its past.
        story: Likewise.
    """

    cursor: Cursor | None = None
    trace: StepTrace | None = None
    history: History | None = None
    story: Story | None = None


def take(sight: Sight, wants: AbstractSet[str]) -> Snapshot:
    """Make an immutable snapshot with what is wanted of `bpviz.training.snapshot.WANTS`."""
    figures, plane = sight.figures, sight.plane
    compiled, parameters = sight.compiled, sight.parameters
    return Snapshot(
        run_id=sight.run_id,
        step=sight.step,
        epoch=sight.epoch,
        path=sight.path,
        compiled=compiled,
        rule=sight.rule,
        train_loss=figures.train_loss,
        train_cost=figures.train_cost,
        test_loss=figures.test_loss,
        train_accuracy=figures.train_accuracy,
        test_accuracy=figures.test_accuracy,
        batch_loss=sight.batch_loss,
        learning_rate=sight.learning_rate,
        stopped=sight.stopped,
        stopped_by=sight.stopped_by,
        series=sight.history.series(_wanted_series(sight, wants)),
        deltas=sight.history.node_bins() if "deltas" in wants else None,
        parameters=frozen_copy(parameters) if "parameters" in wants else None,
        trace=sight.trace,
        cursor=sight.cursor,
        plane=plane.outputs(compiled, parameters) if plane and "map" in wants else None,
        node_planes=plane.nodes(compiled, parameters) if plane and "node_maps" in wants else None,
        confusion=sight.evaluator.confusion(parameters) if "confusion" in wants else None,
        events=sight.story.told,
    )


def _wanted_series(sight: Sight, wants: AbstractSet[str]) -> list[str]:
    names: list[str] = []
    if "loss" in wants:
        names.extend(_LOSSES)
    if "accuracy" in wants and sight.evaluator.has_classes:
        names.extend(_ACCURACIES)
    if "gradients" in wants:
        names.extend(name for name in sight.history.steps.names if name.startswith(("gradient/", "ratio/")))
    without_test = () if sight.evaluator.has_test else ("test_loss", "test_accuracy")
    return [name for name in names if name not in without_test]
