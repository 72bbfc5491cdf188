"""What a foreign file is taken for: a network, and which of its arrays becomes which link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bpviz.arrays import Array, BoolArray
from bpviz.data.settings import Table
from bpviz.errors import ModelError

Orientation: TypeAlias = Literal["out-in", "in-out"]
"""What the rows of a matrix are: ``out-in`` a row a target, as PyTorch has it, ``in-out`` a row a source."""
ORIENTATIONS: tuple[Orientation, ...] = ("out-in", "in-out")

Remark: TypeAlias = tuple[str, str]
"""Something to be said: a key of `bpviz.files.bringing.words`, and what it is about."""


class OrientationError(ModelError):
    """Matrices that could be either way round, of which only the user can say.

    Attributes:
        arrays: Their names.
    """

    def __init__(self, arrays: tuple[str, ...]) -> None:
        super().__init__(
            f"The matrix {arrays[0]} could be either way round; say orientation out-in if its rows are the "
            "targets, as in PyTorch, or in-out if they are the sources, as in Keras and scikit-learn."
        )
        self.arrays = arrays


@dataclass(frozen=True, slots=True)
class Column:
    """One layer, the input first.

    Attributes:
        size: How many nodes.
        activations: One a node; empty on the input layer.
        name: Caption; empty for the usual one.
        names: Of the nodes, as far as they have any; on the input layer their features.
        places: (x, y) of the nodes in the picture, in scene pixels, if the file says.
    """

    size: int
    activations: tuple[str, ...] = ()
    name: str = ""
    names: tuple[str, ...] = ()
    places: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """What becomes of one array of the file.

    Attributes:
        array: Its name there.
        shape: Its shape there.
        what: Weights, biases, or what has no place in a network.
        target: Layer that it leads into, from 0 at the input; -1 if none.
        source: Of weights, the layer they come from; else -1.
        turned: It is taken transposed.
    """

    array: str
    shape: tuple[int, ...]
    what: Literal["weights", "bias", "left out"]
    target: int = -1
    source: int = -1
    turned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A network as a file has it.

    Attributes:
        kind: Entry of `bpviz.files.bringing.readers.READERS`.
        title: Name of the file without its end.
        columns: The layers, in an order in which every link leads forward.
        weights: By (target layer, source layer), each (targets, sources).
        present: Likewise, False where a pair is not connected.
        biases: By layer from 1 on; of layers without biases zeros.
        mapping: What becomes of each array.
        remarks: What was guessed, rounded or left out.
        examples: A table that came along, and the names of its targets.
        about: Of files written by bpviz, their description.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    weights: Mapping[tuple[int, int], Array]
    present: Mapping[tuple[int, int], BoolArray]
    biases: Mapping[int, Array]
    mapping: tuple[Mapped, ...] = ()
    remarks: tuple[Remark, ...] = ()
    examples: tuple[Table, tuple[str, ...]] | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the layers."""
        return tuple(column.size for column in self.columns)
