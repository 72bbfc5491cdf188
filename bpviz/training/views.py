"""Making a snapshot: what is wanted is computed or copied, what is not stays None."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bpviz.engine.update import StepTrace
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.phases import Cursor
from bpviz.training.series import SERIES, recorded
from bpviz.training.snapshot import Snapshot
from bpviz.training.wants import WANTS, Sight


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
    """Make an immutable snapshot with what is wanted, of `WANTS` and `SERIES`."""
    metrics = sight.metrics
    of_nodes = any(series.name in wants for series in recorded("nodes"))
    return Snapshot(
        run_id=sight.run_id,
        step=sight.step,
        epoch=sight.epoch,
        path=sight.path,
        compiled=sight.compiled,
        anatomy=sight.anatomy,
        rule=sight.rule,
        train_loss=metrics.train_loss,
        train_cost=metrics.train_cost,
        test_loss=metrics.test_loss,
        train_accuracy=metrics.train_accuracy,
        test_accuracy=metrics.test_accuracy,
        batch_loss=sight.batch_loss,
        learning_rate=sight.learning_rate,
        stopped=sight.stopped,
        stopped_by=sight.stopped_by,
        series=sight.history.series(_wanted_series(sight, wants)),
        nodes=sight.history.node_bins() if of_nodes else None,
        cursor=sight.cursor,
        events=sight.story.told,
        **{want.field: want.make(sight) for name, want in WANTS.items() if name in wants},
    )


def _wanted_series(sight: Sight, wants: AbstractSet[str]) -> list[str]:
    """Columns of the tables of steps and epochs, of layers that are there now.

    Not those of nodes: they come all together, and to name the columns of a wide network takes longer than
    all else in a snapshot, with the interpreter that the window needs meanwhile.
    """
    traits = sight.anatomy.traits
    found = (
        series
        for name, series in SERIES.items()
        if name in wants and series.needs <= traits and series.table != "nodes"
    )
    return [column for series in found for column in series.columns(sight.compiled)]
