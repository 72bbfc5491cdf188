"""From raw examples to what the network sees: features, split, scaling and the code of the targets.

Features are computed before scaling, and every scale comes from the training part alone, so that nothing of
the test part leaks into training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray, read_only
from bpviz.data.dataset import Dataset
from bpviz.data.datasets import load
from bpviz.data.features import Feature, parse
from bpviz.data.filling import Filling, filled, fit_filling
from bpviz.data.following import followed_sides
from bpviz.data.scaling import Affine, fit
from bpviz.data.settings import DataSettings
from bpviz.data.split import split
from bpviz.errors import DataError, counted

_MARGIN: Final = 0.1
"""Share of the data's range that maps show beyond it on each side."""
_AT_ONCE: Final = 2048  # examples whose features the processor holds


@dataclass(frozen=True, slots=True)
class OutputCode:
    """How targets are written for an output layer.

    Attributes:
        size: Output nodes.
        low: What stands for no: on one node the first class, on several every class but the right one.
        high: What stands for yes: on one node the second class, on several the right one.
    """

    size: int
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Examples as the network sees them; float64, read-only.

    Attributes:
        dataset: The raw examples, without missing values in what the network sees.
        features: One an input node.
        code: How the targets are written.
        train_x: (training examples, inputs), scaled.
        train_y: (training examples, outputs).
        test_x: (test examples, inputs); no rows when all examples train.
        test_y: (test examples, outputs).
        train_rows: (training examples,) rows of the raw examples, ascending.
        test_rows: (test examples,) likewise.
        input_scaling: Of the features.
        target_scaling: Of regression targets; leaves classes as they are.
        filling: What stands for missing values.
        frame: Of each raw column the lowest and the highest value that maps show: all of the data and a
            margin.  Examples that are added within it leave it as it is.
    """

    dataset: Dataset
    features: tuple[Feature, ...]
    code: OutputCode
    train_x: Array
    train_y: Array
    test_x: Array
    test_y: Array
    train_rows: IntArray
    test_rows: IntArray
    input_scaling: Affine
    target_scaling: Affine
    frame: tuple[Array, Array]
    filling: Filling = ()

    def encode_inputs(self, raw: Array) -> Array:
        """Compute and scale the features of raw inputs.

        Args:
            raw: (examples, columns) in the units of the data.

        Returns:
            (examples, inputs), what the input layer shows.
        """
        return self.input_scaling.apply(_computed(self.features, raw))

    def decode_targets(self, a: Array) -> Array:
        """Turn outputs (examples, outputs) back into the unit of the data; class codes stay as they are."""
        return self.target_scaling.invert(a)

    def predict_classes(self, a: Array) -> IntArray:
        """Read the class that each row of outputs (examples, outputs) means.

        One node is compared with the middle of its code (0 for -1/+1, 0.5 for 0/1); of several the largest
        wins.
        """
        if self.code.size == 1:
            return (a[:, 0] > (self.code.low + self.code.high) / 2).astype(np.int64)
        return np.asarray(np.argmax(a, axis=1), dtype=np.int64)

    def correct(self, a: Array, y: Array) -> BoolArray:
        """Say which outputs (examples, outputs) mean the class of their targets (examples, outputs)."""
        return np.equal(self.predict_classes(a), self.predict_classes(y)) & answered(a)


def answered(a: Array) -> BoolArray:
    """Say which rows of outputs (examples, outputs) are an answer; one with NaN means no class."""
    return np.asarray(~np.isnan(a).any(axis=1))


def prepare(
    settings: DataSettings,
    features: Sequence[str],
    code: OutputCode,
    seed: int,
    dataset: Dataset | None = None,
    before: Prepared | None = None,
) -> Prepared:
    """Make the training and the test part of a run.

    With `before` the run goes on: what was fitted to its training part stays, and so does the side of every
    example that is left.

    Args:
        settings: Which data, how split and scaled.
        features: One an input node, from top to bottom.
        code: Of the output layer.
        seed: The project's.
        dataset: The raw examples, if they are loaded already.
        before: What the run has learned from so far; None begins one.

    Raises:
        DataError: If the features, the output layer and the data don't fit each other.
        SettingError: If a setting is outside what it may be.
    """
    if not features:
        raise DataError("The input layer has no node; add one for a feature of the data.")
    if dataset is None:
        dataset = load(settings, seed, features)
    parsed = tuple(parse(text, dataset.columns) for text in features)
    dataset, filling, (train, test) = _parted(dataset, settings.train_share, seed, before)
    x = _computed(parsed, dataset.inputs)
    _refuse_infinite(x, parsed)
    y = _targets(dataset, code)
    if before is None:
        input_scaling = fit(settings.scaling, x[train])
        target_scaling = fit(settings.target_scaling if dataset.task == "number" else "none", y[train])
    else:
        input_scaling, target_scaling = before.input_scaling, before.target_scaling
    x, y = input_scaling.apply(x), target_scaling.apply(y)
    return Prepared(
        dataset=dataset,
        features=parsed,
        code=code,
        train_x=read_only(x[train]),
        train_y=read_only(y[train]),
        test_x=read_only(x[test]),
        test_y=read_only(y[test]),
        train_rows=read_only(train),
        test_rows=read_only(test),
        input_scaling=input_scaling,
        target_scaling=target_scaling,
        filling=filling,
        frame=_frame(dataset.inputs, before),
    )


def _frame(inputs: Array, before: Prepared | None) -> tuple[Array, Array]:
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    if before is not None and np.all((before.frame[0] <= low) & (high <= before.frame[1])):
        return before.frame
    with np.errstate(over="ignore", invalid="ignore"):
        # A column of one value would leave nothing to look at.
        margin = np.where(high > low, _MARGIN * (high - low), 1.0)
        return read_only(low - margin), read_only(high + margin)


def _parted(
    dataset: Dataset, share: float, seed: int, before: Prepared | None
) -> tuple[Dataset, Filling, tuple[IntArray, IntArray]]:
    """Part the examples, and fill what is missing by what the training part has."""
    if before is None:
        parts = split(dataset, share, seed)
        filling = fit_filling(dataset, parts[0])
        return filled(dataset, filling), filling, parts
    dataset = filled(dataset, before.filling)
    return dataset, before.filling, followed_sides(before.dataset, before.train_rows, dataset, share)


def _computed(features: Sequence[Feature], inputs: Array) -> Array:
    # A value too large to square becomes infinite here, and a sentence in the caller.
    found = np.empty((len(inputs), len(features)), dtype=np.result_type(inputs, np.float32))
    with np.errstate(over="ignore", invalid="ignore"):
        for begin in range(0, len(inputs), _AT_ONCE):
            rows = inputs[begin : begin + _AT_ONCE]
            for at, feature in enumerate(features):
                found[begin : begin + _AT_ONCE, at] = feature.compute(rows)
    return found


def _refuse_infinite(x: Array, features: Sequence[Feature]) -> None:
    bad = np.argwhere(~np.isfinite(x))
    if bad.size:
        row, column = bad[0].tolist()
        raise DataError(
            f"The feature {features[column].text!r} of example {row + 1} is not a finite number; "
            "correct that value or leave the feature out."
        )


def _targets(dataset: Dataset, code: OutputCode) -> Array:
    """Write the targets for the output layer: (examples, outputs), not yet scaled."""
    if dataset.labels is None or dataset.classes is None:
        assert dataset.targets is not None
        if code.size != dataset.targets.shape[1]:
            names = ", ".join(dataset.target_names)
            raise DataError(
                _misfit(dataset, code, f"{counted(dataset.targets.shape[1], 'node')} for {names}")
            )
        return dataset.targets
    count = len(dataset.classes)
    if code.size == 1 and count == 2:
        return np.where(dataset.labels == 1, code.high, code.low)[:, np.newaxis]
    if code.size != count:
        need = "1 node or 2 nodes" if count == 2 else f"{count} nodes, one for each class"
        raise DataError(_misfit(dataset, code, need))
    y = np.full((dataset.size, count), code.low)
    y[np.arange(dataset.size), dataset.labels] = code.high
    return y


def _misfit(dataset: Dataset, code: OutputCode, need: str) -> str:
    return (
        f"The data {dataset.name} need an output layer of {need}; this one has {counted(code.size, 'node')}."
    )
