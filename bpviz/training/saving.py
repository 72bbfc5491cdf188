"""Between a run that can go on and the `RunState` that a file holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.update import Rule, State
from bpviz.errors import SettingError
from bpviz.model.compile import Compiled
from bpviz.training.batches import Batches, Batching
from bpviz.training.history import History
from bpviz.training.run_state import Place, RunState
from bpviz.training.runner import Progress


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


def put_back(progress: Progress, saved: RunState, compiled: Compiled, rule: Rule) -> None:
    """Let a run stand where a saved one stood.

    Raises:
        SettingError: If the saved run is not one of this network and these settings; nothing is changed then.
    """
    require_fit(saved, compiled, rule, progress.batches, progress.state.parameters.dtype)
    place = saved.place
    carried = np.array(place.carried, dtype=np.int64)
    batching = Batching(place.size, place.shuffled, place.carries_over)
    progress.batches.begin(place.epoch, carried, batching, place.position)
    progress.state = State(saved.step, saved.parameters, saved.slots, saved.cleared_at)
    progress.batch_loss = saved.batch_loss


def require_fit(
    saved: RunState, compiled: Compiled, rule: Rule, batches: Batches, dtype: np.dtype[Any]
) -> None:
    """Refuse a saved run that is not one of a network and its settings.

    Args:
        saved: As a file holds it.
        compiled: The network.
        rule: How it learns.
        batches: Of the run's examples, anywhere.
        dtype: The run's precision.

    Raises:
        SettingError: If it does not fit.
    """
    size, place = compiled.plan.size, saved.place
    shapes = (saved.parameters.shape, saved.start.shape, saved.slots.shape)
    dtypes = {saved.parameters.dtype, saved.start.dtype, saved.slots.dtype}
    if shapes != ((size,), (size,), (rule.slots, size)) or dtypes != {dtype}:
        raise SettingError("The saved run does not fit the network it was saved with; start the run again.")
    if (saved.slots[list(OPTIMIZERS[rule.optimizer].positive)] < 0).any():
        raise SettingError(
            "The saved run can't go on: its optimizer remembers a square below 0; start the run again."
        )
    carried = np.array(place.carried, dtype=np.int64)
    try:
        batching = Batching(place.size, place.shuffled, place.carries_over)
        batches.check(place.epoch, carried, batching, place.position)
    except ValueError as error:
        raise SettingError(f"The saved run can't go on: {error}; start the run again.") from error


def restore_history(progress: Progress, saved: RunState, compiled: Compiled) -> None:
    """Let a run have the records of a saved one.

    Raises:
        SettingError: If they are not of this network.
    """
    history = History(compiled)
    try:
        history.restore(saved.history)
    except ValueError as error:
        raise SettingError(f"The saved run can't go on: {error}; start the run again.") from error
    progress.history = history
