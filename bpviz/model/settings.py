"""Every setting of data and training once: what it is called, what it does, and what it may be.

The panels make their fields of these tables and the command line its options, so both say the same.  To show
another setting of `Training`, add an entry to `MOST_USED` or `MORE`; one of `DataSettings`, to `OF_DATA`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeAlias

from bpviz.data.datasets import LARGEST_NOISE, MOST_SAMPLES
from bpviz.engine.initializers import INITIALIZERS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.options import HasOptions
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.model.spec import Training

OPTIONS_OF: Final[Mapping[str, Mapping[str, HasOptions]]] = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": INITIALIZERS,
}
"""Settings that choose an entry with settings of its own, and their tables."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a number may be.

    Attributes:
        low: Smallest value.
        high: Largest value.
        whole: Only whole numbers.
        step: What an arrow key adds; None goes through 1, 3, 10, 30, ... instead.
        off: What stands in place of a number where there is none; empty if there is always one.
        usual: The number to begin with where there was none.
    """

    low: float
    high: float
    whole: bool = False
    step: float | None = None
    off: str = ""
    usual: float = math.nan


@dataclass(frozen=True, slots=True)
class Choices:
    """What a word may be.

    Attributes:
        entries: Key in files, label, and what it is, in order.
    """

    entries: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as a row of a panel or an option of the command line.

    Attributes:
        field: Field of `Training` or `DataSettings`, or ``stop.`` and a field of `Stop`.
        label: What stands before its field.
        about: What it does, as a tooltip or a line of help.
        kind: What it may be.
        factor: What the window shows is the setting times this.
        restarts: Whether a change starts the run again.
    """

    field: str
    label: str
    about: str
    kind: Amount | Choices
    factor: float = 1.0
    restarts: bool = False

    @property
    def has_options(self) -> bool:
        """Whether the entry that it chooses may have settings of its own."""
        return self.field in OPTIONS_OF

    def read(self, settings: object) -> Any:
        """Its value in `Training` or `DataSettings`."""
        value: Any = settings
        for name in self.field.split("."):
            value = getattr(value, name)
        return value

    def fields(self, training: Training, value: Any) -> dict[str, Any]:
        """What `set_training` takes to set it to a value."""
        head, _, tail = self.field.partition(".")
        return {head: replace(training.stop, **{tail: value})} if tail else {head: value}


Section: TypeAlias = tuple[str, tuple[Setting, ...]]


class _Entry(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def formula(self) -> str: ...


def _entries(table: Mapping[str, _Entry]) -> Choices:
    return Choices(tuple((entry.name, entry.label, entry.formula) for entry in table.values()))


def _words(*pairs: tuple[str, str]) -> Choices:
    return Choices(tuple((word, word.capitalize(), about) for word, about in pairs))


_POSITIVE: Final = Amount(1e-12, 1e6)
_FROM_ZERO: Final = Amount(0.0, 1e6)
_COUNT: Final = Amount(1, 1e9, whole=True)
_PERCENT: Final = Amount(0.0, 100.0, step=1.0)


def _or(amount: Amount, off: str, usual: float) -> Amount:
    """A number that can be switched off."""
    return replace(amount, off=off, usual=usual)


MOST_USED: Final = (
    Setting(
        "learning_rate",
        "Learning rate",
        "How far one step goes along the gradient; a schedule starts from it",
        _POSITIVE,
    ),
    Setting(
        "optimizer",
        "Optimizer",
        "How a gradient becomes a step; another one keeps the weights and starts its own memory anew",
        _entries(OPTIMIZERS),
    ),
    Setting(
        "batch_size",
        "Batch size",
        "Examples that share one update, from the next epoch on; all of them without a number",
        _or(_COUNT, "all", 10),
    ),
    Setting("loss", "Loss", "What training makes small", _entries(LOSSES)),
)

MORE: Final[tuple[Section, ...]] = (
    (
        "Rate over time",
        (
            Setting(
                "schedule",
                "Schedule",
                "How the learning rate changes; its constants are in epochs",
                _entries(SCHEDULES),
            ),
            Setting("warmup", "Warm-up (ep.)", "Epochs during which the rate climbs from 0", _FROM_ZERO),
        ),
    ),
    (
        "Penalty and clipping",
        (
            Setting(
                "penalty", "Penalty", "What large weights cost; biases cost nothing", _entries(PENALTIES)
            ),
            Setting("penalty_rate", "Rate λ", "How much large weights cost", _FROM_ZERO),
            Setting(
                "clip_norm",
                "Clip norm at",
                "A longer gradient is shortened to this norm before the optimizer sees it",
                _or(_POSITIVE, "never", 1.0),
            ),
        ),
    ),
    (
        "Order",
        (
            Setting(
                "shuffle",
                "Shuffle",
                "The order in which examples are met",
                _words(("each epoch", "Another order in each epoch"), ("never", "The order of the data")),
            ),
            Setting(
                "last_batch",
                "Last batch",
                "What happens to the short batch at the end of an epoch",
                _words(
                    ("keep", "It is averaged over its own size"),
                    ("carry over", "Its gradients join the first update of the next epoch"),
                ),
            ),
        ),
    ),
    (
        "Start the run again with",
        (
            Setting(
                "initializer",
                "Initializer",
                "Where the weights start",
                _entries(INITIALIZERS),
                restarts=True,
            ),
            Setting(
                "precision",
                "Precision",
                "Numbers the run computes with",
                Choices(
                    (
                        ("float64", "64 bit", "15 digits; what the gradient check needs"),
                        ("float32", "32 bit", "7 digits; faster in large networks"),
                    )
                ),
                restarts=True,
            ),
        ),
    ),
    (
        "Stop when",
        (
            Setting("stop.epochs", "Epochs reach", "Passes over the data", _or(_COUNT, "off", 100)),
            Setting(
                "stop.target_loss",
                "Loss below",
                "Training loss at the end of an epoch",
                _or(_FROM_ZERO, "off", 0.01),
            ),
            Setting(
                "stop.target_accuracy",
                "Accuracy (%)",
                "Test accuracy from this on; training accuracy when nothing is left to test",
                _or(_PERCENT, "off", 95),
                factor=100.0,
            ),
            Setting(
                "stop.gradient_norm",
                "Gradient below",
                "Norm of a batch's gradient",
                _or(_POSITIVE, "off", 1e-6),
            ),
            Setting("stop.patience", "Patience", "Epochs without a better test loss", _or(_COUNT, "off", 20)),
        ),
    ),
)

OF_DATA: Final = (
    Setting(
        "noise",
        "Noise",
        "How much the examples are scattered",
        Amount(0.0, 100 * LARGEST_NOISE, step=5.0),
        factor=100.0,
        restarts=True,
    ),
    Setting(
        "samples",
        "Examples",
        "How many are drawn",
        Amount(2, MOST_SAMPLES, whole=True),
        restarts=True,
    ),
    Setting(
        "train_share",
        "Train share",
        "The rest is kept for testing",
        Amount(10.0, 100.0, step=5.0),
        factor=100.0,
        restarts=True,
    ),
    Setting(
        "scaling",
        "Scaling",
        "How features are scaled",
        Choices(
            (
                ("none", "None", "Features go in as they are"),
                ("standardize", "Standardize", "Mean 0 and standard deviation 1 over the training part"),
                ("min-max", "Min–max", "From −1 to 1 over the training part"),
            )
        ),
        restarts=True,
    ),
    Setting(
        "target_scaling",
        "Target scaling",
        "How the target is scaled",
        Choices(
            (
                ("none", "None", "The target in its own unit"),
                ("standardize", "Standardize", "Mean 0 and standard deviation 1; shown in its own unit"),
            )
        ),
        restarts=True,
    ),
)


def of_training() -> tuple[Setting, ...]:
    """Every setting of the training, in the order of the panel."""
    return (*MOST_USED, *(setting for _, settings in MORE for setting in settings))
