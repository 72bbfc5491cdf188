"""Losses and accuracies of a run, as measured between two steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metrics:
    """What was measured between two steps over whole parts of the data.

    Attributes:
        train_loss: Mean loss without penalty over the training part.
        train_cost: The same with the penalty.
        test_loss: None without a test part.
        train_accuracy: 0 to 1; None for regression.
        test_accuracy: Likewise, and None without a test part.
    """

    train_loss: float
    train_cost: float
    test_loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
