"""The rows of the training panel as one table, and how a row reads and writes its setting.

To show another setting of `Training`, add an entry to `MOST_USED` or `MORE`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from bpviz.engine.initializers import INITIALIZERS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.model.spec import Training
from bpviz.ui.panels.fields import Choice, entries_of
from bpviz.ui.panels.line_edits import Bounds, NumberEdit, OptionalNumber

_POSITIVE: Final = Bounds(low=1e-12, high=1e6)
_FROM_ZERO: Final = Bounds(low=0.0, high=1e6)
_COUNT: Final = Bounds(low=1, high=1e9, whole=True)
_BRIEFLY: Final = {
    "sgd": "Gradient descent",
    "nesterov": "Nesterov",
    "mse": "Mean squared",
    "mae": "Mean absolute",
    "categorical_cross_entropy": "Cross-entropy",
    "xavier_uniform": "Xavier uniform",
    "xavier_normal": "Xavier normal",
}
"""What a narrow panel shows of a long label; the list shows it whole."""
_PERCENT: Final = Bounds(low=0.0, high=100.0, step=1.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the panel.

    Attributes:
        field: Field of `Training`, or ``stop.`` and a field of `Stop`.
        label: What stands before the field.
        about: What it does, as a tooltip.
        make: Makes the field.
        factor: What the window shows is the setting times this.
        options_of: The table whose entry it chooses, if the entry has options of its own.
        whole: The setting is a whole number.
    """

    field: str
    label: str
    about: str
    make: Callable[[], QWidget]
    factor: float = 1.0
    options_of: str = ""
    whole: bool = False

    def shown(self, training: Training) -> Any:
        """The setting as its field shows it."""
        value = self._read(training)
        return value if value is None or isinstance(value, str) else float(f"{value * self.factor:.12g}")

    def fields(self, training: Training, value: Any) -> dict[str, Any]:
        """What `set_training` takes to set it to what the user chose."""
        if value is not None and not isinstance(value, str):
            value = int(value) if self.whole else float(value) / self.factor
        head, _, tail = self.field.partition(".")
        return {head: replace(training.stop, **{tail: value})} if tail else {head: value}

    def _read(self, training: Training) -> Any:
        value: Any = training
        for name in self.field.split("."):
            value = getattr(value, name)
        return value


def _choice(entries: Callable[[], Sequence[tuple[str, str, str]]]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        field = Choice()
        field.fill(entries(), _BRIEFLY)
        return field

    return make


def _words(*pairs: tuple[str, str]) -> Callable[[], QWidget]:
    return _choice(lambda: [(word, word.capitalize(), about) for word, about in pairs])


def _number(bounds: Bounds) -> Callable[[], QWidget]:
    return lambda: NumberEdit(bounds)


def _optional(bounds: Bounds, default: float, off: str) -> Callable[[], QWidget]:
    return lambda: OptionalNumber(bounds, default, off)


MOST_USED: Final = (
    Setting(
        "learning_rate",
        "Learning rate",
        "How far one step goes along the gradient; a schedule starts from it",
        _number(_POSITIVE),
    ),
    Setting(
        "optimizer",
        "Optimizer",
        "How a gradient becomes a step; another one keeps the weights and starts its own memory anew",
        _choice(lambda: entries_of(OPTIMIZERS)),
        options_of="optimizer",
    ),
    Setting(
        "batch_size",
        "Batch size",
        "Examples that share one update, from the next epoch on; off takes all of them",
        _optional(_COUNT, 10, "all"),
        whole=True,
    ),
    Setting("loss", "Loss", "What training makes small", _choice(lambda: entries_of(LOSSES))),
)

MORE: Final = (
    (
        "Rate over time",
        (
            Setting(
                "schedule",
                "Schedule",
                "How the learning rate changes; its constants are in epochs",
                _choice(lambda: entries_of(SCHEDULES)),
                options_of="schedule",
            ),
            Setting(
                "warmup",
                "Warm-up (ep.)",
                "Epochs during which the rate climbs from 0",
                _number(_FROM_ZERO),
            ),
        ),
    ),
    (
        "Penalty and clipping",
        (
            Setting(
                "penalty",
                "Penalty",
                "What large weights cost; biases cost nothing",
                _choice(lambda: entries_of(PENALTIES)),
            ),
            Setting("penalty_rate", "Rate λ", "How much large weights cost", _number(_FROM_ZERO)),
            Setting(
                "clip_norm",
                "Clip norm at",
                "A longer gradient is shortened to this norm before the optimizer sees it",
                _optional(_POSITIVE, 1.0, "never"),
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
                _words(
                    ("each epoch", "Another order in each epoch"),
                    ("never", "The order of the data"),
                ),
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
                "Where the weights start; another one starts the run again",
                _choice(lambda: entries_of(INITIALIZERS)),
                options_of="initializer",
            ),
            Setting(
                "precision",
                "Precision",
                "Numbers the run computes with; another one starts the run again",
                _choice(
                    lambda: [
                        ("float64", "64 bit", "15 digits; what the gradient check needs"),
                        ("float32", "32 bit", "7 digits; faster in large networks"),
                    ]
                ),
            ),
        ),
    ),
    (
        "Stop when",
        (
            Setting(
                "stop.epochs",
                "Epochs reach",
                "Passes over the data",
                _optional(_COUNT, 100, "off"),
                whole=True,
            ),
            Setting(
                "stop.target_loss",
                "Loss below",
                "Training loss at the end of an epoch",
                _optional(_FROM_ZERO, 0.01, "off"),
            ),
            Setting(
                "stop.target_accuracy",
                "Accuracy (%)",
                "Test accuracy from this on; training accuracy when nothing is left to test",
                _optional(_PERCENT, 95, "off"),
                factor=100.0,
            ),
            Setting(
                "stop.gradient_norm",
                "Gradient below",
                "Norm of a batch's gradient",
                _optional(_POSITIVE, 1e-6, "off"),
            ),
            Setting(
                "stop.patience",
                "Patience",
                "Epochs without a better test loss",
                _optional(_COUNT, 20, "off"),
                whole=True,
            ),
        ),
    ),
)
