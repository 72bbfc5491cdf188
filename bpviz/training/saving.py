"""Between a run that can go on and the `RunState` that a file holds."""

from __future__ import annotations

import numpy as np

from bpviz.arrays import Array, frozen_copy
from bpviz.engine.update import Rule, State
from bpviz.errors import SettingError
from bpviz.model.compile import Compiled
from bpviz.training.batches import Batches, Batching
from bpviz.training.history import History
from bpviz.training.run_state import Event, Figures, Place, RunState, Watch
from bpviz.training.runner import Progress
from bpviz.training.snapshot import Path


def place_of(batches: Batches) -> Place:
    """Where a run stands in its stream of batches."""
    batching = batches.batching
    return Place(
        epoch=batches.epoch,
        position=batches.position,
        size=batching.size,
        shuffled=batching.shuffled,
        carries_over=batching.carries_over,
        carried=tuple(batches.carried.tolist()),
    )


def as_value(
    progress: Progress,
    path: Path,
    start: Array,
    rewirings: int,
    watch: Watch,
    figures: Figures,
    events: tuple[Event, ...],
) -> RunState:
    """A run between two steps as a value that nothing changes any more; see `RunState` for the parts."""
    return RunState(
        step=progress.state.step,
        cleared_at=progress.state.cleared_at,
        path=path,
        parameters=frozen_copy(progress.state.parameters),
        start=frozen_copy(start),
        slots=frozen_copy(progress.state.slots),
        rewirings=rewirings,
        batch_loss=progress.batch_loss,
        place=place_of(progress.batches),
        watch=watch,
        figures=figures,
        events=events,
        history=progress.history.arrays(),
    )


def put_back(progress: Progress, saved: RunState, compiled: Compiled, rule: Rule) -> None:
    """Let a run stand where a saved one stood.

    Raises:
        SettingError: If the saved run is not one of this network and these settings; nothing is changed then.
    """
    size, place = compiled.plan.size, saved.place
    shapes = (saved.parameters.shape, saved.start.shape, saved.slots.shape)
    dtypes = {saved.parameters.dtype, saved.start.dtype, saved.slots.dtype}
    fits = shapes == ((size,), (size,), (rule.slots, size))
    if not fits or dtypes != {progress.state.parameters.dtype}:
        raise SettingError("The saved run does not fit the network it was saved with; start the run again.")
    carried = np.array(place.carried, dtype=np.int64)
    batching = Batching(place.size, place.shuffled, place.carries_over)
    history = History(compiled)
    try:
        history.restore(saved.history)
        progress.batches.check(place.epoch, carried, batching, place.position)
    except ValueError as error:
        raise SettingError(f"The saved run can't go on: {error}; start the run again.") from error
    progress.batches.begin(place.epoch, carried, batching, place.position)
    progress.state = State(saved.step, saved.parameters, saved.slots, saved.cleared_at)
    progress.history = history
    progress.batch_loss = saved.batch_loss
