"""Raw examples, before features and scaling: the `Dataset`; and what is known of them without drawing any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray, read_only
from bpviz.streams import SeedRandom

Task: TypeAlias = Literal["class", "number"]
"""What is to be learned: which class an example belongs to, or a number."""


TargetRange: TypeAlias = Literal["any", "shares", "distribution"]
"""What numbers the targets are: any; each from 0 to 1; or, of each example, shares that sum to 1."""


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What a network must fit, known without drawing the examples.

    Attributes:
        columns: Names of the raw inputs.
        classes: Names of the classes; None where the target is a number.
        target_names: What the targets are called.
        plane: Whether two raw inputs span a plane that a map can show.
        task: ``class`` or ``number``.
        rows: Number of examples, before rows with missing values are left out.
        target_range: What numbers the targets are, where they are numbers.
        switches: The targets are numbers, each 0 or 1, and nobody said to predict them as amounts.
    """

    columns: tuple[str, ...]
    classes: tuple[str, ...] | None
    target_names: tuple[str, ...]
    plane: bool
    task: Task
    rows: int
    target_range: TargetRange = "any"
    switches: bool = False


_ROUNDING: Final = 1e-12
"""By so much a sum of shares may miss 1, as 0.1 + 0.2 + 0.7 does."""


def target_range(targets: Array) -> TargetRange:
    """Say what numbers some targets (examples, targets) are."""
    if not targets.size or not np.all((targets >= 0) & (targets <= 1)):
        return "any"
    return "distribution" if np.all(np.abs(targets.sum(axis=1) - 1) <= _ROUNDING) else "shares"


@dataclass(frozen=True, slots=True)
class FilledInputs:
    """Inputs of one column whose missing values are filled.

    Attributes:
        column: Name of the column.
        places: Which inputs, those of one category together.
        how: ``mean``, ``median`` or ``frequent``, of the training part.
    """

    column: str
    places: tuple[int, ...]
    how: str


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Raw examples; the arrays are read-only.

    Attributes:
        name: Entry of `bpviz.data.datasets.DATASETS`, or the name of the user's table.
        columns: Names of the raw inputs.
        inputs: (examples, columns) float64.  Of the user's own table, a column that no feature uses may hold
            NaN, and so may one of `fills` until it is filled.
        target_names: What the targets are called; one name for classes.
        classes: Names of the classes; None where the targets are numbers.
        labels: (examples,) index of each example's class; None where the targets are numbers.
        targets: (examples, targets) float64 in the data's own unit; None for classes.
        own_split: The examples are already shuffled, so that a split is a cut; never stratified.
        left_out: Numbers of the table's rows that were left out for a missing value; row 1 is the first below
            the header.
        fills: Inputs whose missing values are filled as soon as it is known which examples train.
        after: The Playground's generator as it stood after the last draw.
    """

    name: str
    columns: tuple[str, ...]
    inputs: Array
    target_names: tuple[str, ...]
    classes: tuple[str, ...] | None = None
    labels: IntArray | None = None
    targets: Array | None = None
    own_split: bool = False
    left_out: tuple[int, ...] = ()
    fills: tuple[FilledInputs, ...] = ()
    after: SeedRandom | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", read_only(self.inputs))
        if self.labels is not None:
            object.__setattr__(self, "labels", read_only(self.labels))
        if self.targets is not None:
            object.__setattr__(self, "targets", read_only(self.targets))

    @property
    def size(self) -> int:
        """Number of examples."""
        return len(self.inputs)

    @property
    def task(self) -> Task:
        """What is to be learned."""
        return "number" if self.classes is None else "class"

    @property
    def stream(self) -> SeedRandom | None:
        """A fresh generator that goes on where the Playground's data ended; None for other data."""
        return None if self.after is None else self.after.copy()
