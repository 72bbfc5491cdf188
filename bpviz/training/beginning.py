"""What a run begins with, all of it determined by the project: data, rule, first parameters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpviz.arrays import Array
from bpviz.data.prepare import Prepared, prepare
from bpviz.engine.initializers import INITIALIZERS, UniformSource, initialize
from bpviz.engine.update import Rule
from bpviz.errors import DataError, SettingError
from bpviz.model.compile import Compiled, output_code
from bpviz.model.problems import require_runnable
from bpviz.model.spec import Project, Training
from bpviz.streams import SeedRandom, playground_key, stream


def prepared_data(project: Project, before: Prepared | None = None) -> Prepared:
    """Load the data and make them what the network's input and output layers show.

    Args:
        project: What is learned.
        before: What a run that goes on has learned from so far; None where one begins.

    Raises:
        BpvizError: If the project can't run.
    """
    require_runnable(project)
    layer = project.network.input
    features = () if layer is None else tuple(node.feature or node.name for node in layer.nodes)
    code, seed = output_code(project.network), project.training.seed
    prepared = prepare(project.data, features, code, seed, before=before)
    largest = np.finfo(precision(project.training)).max
    parts = (prepared.train_x, prepared.train_y, prepared.test_x, prepared.test_y)
    if any(np.abs(part).max(initial=0.0) > largest for part in parts):
        raise SettingError(
            "Some values of the data are too large for single precision; scale the data or choose float64."
        )
    return prepared


def data_along(turns: Sequence[Project]) -> Prepared:
    """Load the data of a run that began with a project, and went on to learn from other examples.

    Args:
        turns: The projects with which it did; at least one.

    Raises:
        BpvizError: If one of them can't run.
    """
    prepared = prepared_data(turns[0])
    for project in turns[1:]:
        prepared = prepared_data(project, prepared)
    return prepared


def training_rows(prepared: Prepared, rows: slice) -> tuple[Array, Array]:
    """Return inputs (examples, inputs) and targets (examples, outputs) of some training examples.

    Raises:
        DataError: If there are no such rows.
    """
    if not isinstance(rows, slice):
        raise DataError(f"Rows are a slice, such as slice(0, 10), and {rows!r} is none.")
    x, y = prepared.train_x[rows], prepared.train_y[rows]
    if not len(x):
        count = len(prepared.train_x)
        raise DataError(f"These rows hold no example; the training part has rows 0:{count}.")
    return x, y


def rule_for(project: Project, examples: int) -> Rule:
    """Read how the network learns.

    Args:
        project: With the settings.
        examples: In the training part of the run.

    Raises:
        BpvizError: If the project can't run.
    """
    require_runnable(project)
    training = project.training
    return Rule(
        loss=training.loss,
        optimizer=training.optimizer,
        optimizer_options=training.optimizer_options,
        penalty=training.penalty,
        penalty_rate=training.penalty_rate,
        clip_norm=training.clip_norm,
        examples=examples,
    )


def first_parameters(project: Project, compiled: Compiled, prepared: Prepared, time: int = 0) -> Array:
    """Draw start values for every parameter, (parameters,), in the run's precision.

    Args:
        project: With initializer, seed, and the values set by hand, which count before what is drawn.
        compiled: Its network.
        prepared: Its data: the Playground goes on drawing where they ended.
        time: 0 when the run begins; n when the network is edited for the n-th time during it.

    Raises:
        SettingError: If a value set by hand is none in that precision.
    """
    training = project.training
    source = _source(training, prepared, time)
    drawn = initialize(compiled.plan, training.initializer, training.initializer_options, source)
    with np.errstate(over="ignore"):
        parameters: Array = compiled.with_start(drawn, project.start).astype(precision(training))
    if not np.isfinite(parameters).all():
        raise SettingError(
            "A start value set by hand is too large for single precision; set it again or choose float64."
        )
    return parameters


def precision(training: Training) -> np.dtype[np.float32] | np.dtype[np.float64]:
    """The type of the run's numbers."""
    return np.dtype(np.float32) if training.precision == "float32" else np.dtype(np.float64)


def _source(training: Training, prepared: Prepared, time: int) -> np.random.Generator | UniformSource:
    """Each time has its own stream, so that what is drawn later depends on nothing but how often."""
    if INITIALIZERS[training.initializer].stream == "start":
        return stream(training.seed, "start" if time == 0 else f"start {time}")
    if time > 0:
        return SeedRandom(f"{playground_key(training.seed)} {time}")
    return prepared.dataset.stream or SeedRandom(playground_key(training.seed))
