"""Small data sets that are drawn or given by hand, beside those of the Playground."""

from __future__ import annotations

import numpy as np

from bpviz.data.dataset import Dataset


def moons(random: np.random.Generator, samples: int, noise: float) -> Dataset:
    """Two half circles of radius 1 that reach into each other.

    The upper one has its center at (0, 0), the lower one at (1, 0.5); noise is the standard deviation of both
    coordinates.
    """
    upper = samples - samples // 2
    t = np.pi * random.random(samples)
    x, y = np.cos(t), np.sin(t)
    x[upper:], y[upper:] = 1 - x[upper:], 0.5 - y[upper:]
    points = np.column_stack([x, y]) + noise * random.standard_normal((samples, 2))
    return Dataset(
        name="moons",
        columns=("x", "y"),
        inputs=points,
        target_names=("moon",),
        classes=("upper", "lower"),
        labels=(np.arange(samples) >= upper).astype(np.int64),
    )


def sine(random: np.random.Generator, samples: int, noise: float) -> Dataset:
    """One period of ``y = sin(x)``, x from -pi to pi; noise is the standard deviation of y."""
    x = np.pi * (2 * random.random(samples) - 1)
    y = np.sin(x) + noise * random.standard_normal(samples)
    return Dataset(
        name="sine",
        columns=("x",),
        inputs=x[:, np.newaxis],
        target_names=("y",),
        targets=y[:, np.newaxis],
    )


def xor_points() -> Dataset:
    """The four points of exclusive or."""
    return Dataset(
        name="xor_points",
        columns=("x", "y"),
        inputs=np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
        target_names=("xor",),
        classes=("0", "1"),
        labels=np.array([0, 1, 1, 0], dtype=np.int64),
    )


def linear_case() -> Dataset:
    """The one case of the linear neuron: over the two weights its squared error is (w1 + w2)^2, a trough."""
    return _case("linear_case", ("x1", "x2"), (1.0, 1.0), ("t",), (0.0,))


def mazur() -> Dataset:
    """The one example of M. Mazur's "A Step by Step Backpropagation Example" (2015)."""
    return _case("mazur", ("i1", "i2"), (0.05, 0.10), ("o1", "o2"), (0.01, 0.99))


def four_layers() -> Dataset:
    """One example for a chain of four layers with one output, to follow the chain rule through one weight."""
    return _case("four_layers", ("x1", "x2", "x3", "x4"), (1.0, -0.5, 0.25, 2.0), ("y",), (1.0,))


def _case(
    name: str,
    columns: tuple[str, ...],
    inputs: tuple[float, ...],
    target_names: tuple[str, ...],
    targets: tuple[float, ...],
) -> Dataset:
    """A data set of a single example with numbers as targets."""
    return Dataset(
        name=name,
        columns=columns,
        inputs=np.array([inputs]),
        target_names=target_names,
        targets=np.array([targets]),
    )
