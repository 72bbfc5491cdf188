"""What commands about one pass share: which rows of the training part, and the step that they lead to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from bpviz.engine.backprop import backprop
from bpviz.engine.update import State, StepTrace, step
from bpviz.errors import SettingError
from bpviz.training.beginning import training_rows

if TYPE_CHECKING:
    from bpviz.training.session import Session

_ROWS: Final = re.compile(r"(-?\d{1,18})?:(-?\d{1,18})?")


def read_rows(text: str) -> slice:
    """Read ``A:B``.

    Raises:
        SettingError: If it is something else.
    """
    match = _ROWS.fullmatch(text.strip())
    if match is None:
        raise SettingError(f"Rows are written A:B, such as 0:10; {text!r} is none.")
    start, stop = (int(part) if part else None for part in match.groups())
    return slice(start, stop)


def row_numbers(run: Session, rows: slice) -> list[int]:
    """List the numbers of rows, as they count in the training part."""
    return list(np.arange(len(run.prepared.train_x))[rows].tolist())


def step_on(run: Session, rows: slice) -> StepTrace:
    """Make one step from the run's state with these rows as the batch, in float64; the run itself stays."""
    return _step(run, rows, _state(run).in_double())


def loss_after(run: Session, made: StepTrace) -> float:
    """Compute the mean loss of the same rows once the step is made."""
    trace = made.trace
    after = backprop(run.compiled.plan, run.rule.loss, made.after.parameters, trace.x, trace.y)
    return after.mean_loss


def step_as_run(run: Session, rows: slice) -> StepTrace:
    """Make the same step in the run's own precision."""
    return _step(run, rows, _state(run))


def _state(run: Session) -> State:
    state = run.state()
    return State(state.step, state.parameters, state.slots, state.cleared_at)


def _step(run: Session, rows: slice, before: State) -> StepTrace:
    x, y = training_rows(run.prepared, rows)
    return step(run.compiled.plan, run.rule, before, x, y, run.learning_rate)
