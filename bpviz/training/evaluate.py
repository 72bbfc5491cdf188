"""Losses and accuracies over whole parts of the data, and the confusion of classes."""

from __future__ import annotations

from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray, read_only
from bpviz.data.prepare import Prepared, answered
from bpviz.engine.backprop import forward
from bpviz.engine.losses import LOSSES
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, penalty_cost
from bpviz.training.metrics import Metrics
from bpviz.training.snapshot import Confusion

_NUMBERS_AT_ONCE: Final = 2**21
"""Activations that one forward pass may hold; larger parts of the data are taken in pieces."""


class Evaluator:
    """Measures a network on the training and the test part of one run.

    Attributes:
        plan: The network.
        rule: Loss and penalty.
        test: (examples, inputs) and (examples, outputs) of the test part, in the run's precision.
    """

    def __init__(self, plan: Plan, rule: Rule, prepared: Prepared, x: Array, y: Array) -> None:
        self.plan, self.rule = plan, rule
        self._prepared = prepared
        self._train = (x, y)
        # In the precision of the training part, so that both are measured alike.
        self.test = (prepared.test_x.astype(x.dtype), prepared.test_y.astype(x.dtype))

    @property
    def middle(self) -> float:
        """An output above this means yes."""
        return (self._prepared.code.low + self._prepared.code.high) / 2

    @property
    def has_test(self) -> bool:
        """Whether there is a test part."""
        return len(self.test[0]) > 0

    @property
    def has_classes(self) -> bool:
        """Whether there is such a thing as accuracy."""
        return self._prepared.dataset.classes is not None

    # What overflows shows in the loss; a warning would say neither where nor at which step.
    @np.errstate(over="ignore", invalid="ignore")
    def metrics(self, parameters: Array) -> Metrics:
        """Measure over all examples, exactly."""
        train_loss, train_accuracy = self._measure(parameters, *self._train)
        cost = train_loss + penalty_cost(self.plan, self.rule, parameters)
        if not self.has_test:
            return Metrics(train_loss, cost, train_accuracy=train_accuracy)
        test_loss, test_accuracy = self._measure(parameters, *self.test)
        return Metrics(train_loss, cost, test_loss, train_accuracy, test_accuracy)

    def confusion(self, parameters: Array) -> Confusion | None:
        """Count which class of the test part, or else of the training part, was taken for which.

        Examples whose outputs are no answer, being NaN, were taken for none and count nowhere.
        """
        classes = self._prepared.dataset.classes
        if classes is None:
            return None
        x, y = self.test if self.has_test else self._train
        outputs = np.concatenate([a for _, a in self._passes(parameters, x, y)])
        actual, predicted = self._prepared.predict_classes(y), self._prepared.predict_classes(outputs)
        counts: IntArray = np.zeros((len(classes), len(classes)), dtype=np.int64)
        known = answered(outputs)
        np.add.at(counts, (actual[known], predicted[known]), 1)
        return Confusion(classes, read_only(counts), "test" if self.has_test else "training")

    def _measure(self, parameters: Array, x: Array, y: Array) -> tuple[float, float | None]:
        """Mean loss and accuracy over a part of the data."""
        losses: list[Array] = []
        hits: list[BoolArray] = []
        at = 0
        for part, outputs in self._passes(parameters, x, y):
            losses.append(part)
            if self.has_classes:
                hits.append(self._prepared.correct(outputs, y[at : at + len(outputs)]))
            at += len(outputs)
        loss = float(np.concatenate(losses).mean(dtype=np.float64))
        return loss, float(np.concatenate(hits).mean()) if hits else None

    def _passes(self, parameters: Array, x: Array, y: Array) -> list[tuple[Array, Array]]:
        """Losses (examples,) and outputs (examples, outputs) of one piece of the data after the other."""
        value = LOSSES[self.rule.loss].value
        rows = max(1, _NUMBERS_AT_ONCE // sum(layer.size for layer in self.plan.layers))
        result = []
        for at in range(0, len(x), rows):
            made = forward(self.plan, parameters, x[at : at + rows])
            result.append((value(made.z[-1], made.a[-1], y[at : at + rows]), made.a[-1]))
        return result
