"""Find a network in named arrays: PyTorch's state_dict, Keras' kernels, scikit-learn's coefs_, or others.

Names say the convention where they can.  Where they can't, the shapes of all matrices together do: each must
give what the next one takes.  A file of which both ways are possible is not guessed about.

To add a convention, add an entry to `CONVENTIONS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import ModelError, named
from bpviz.files.bringing.proposal import (
    ORIENTATIONS,
    Column,
    Mapped,
    Orientation,
    OrientationError,
    Proposal,
    Remark,
)
from bpviz.registry import Registry

Named = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Convention:
    """How a library names and turns its matrices.

    Attributes:
        name: Key.
        label: What is shown.
        weights: Pattern of a matrix's whole name.
        orientation: Of its matrices.
    """

    name: str
    label: str
    weights: re.Pattern[str]
    orientation: Orientation


CONVENTIONS: Final = Registry(
    "convention of weights",
    Convention("pytorch", "PyTorch state_dict", re.compile(r"(?:.*[./])?weight"), "out-in"),
    Convention("keras", "Keras kernels", re.compile(r"(?:.*[./])?kernel(?::0)?"), "in-out"),
    Convention("sklearn", "scikit-learn coefs_", re.compile(r"coefs_?[./_\[]?\d+\]?"), "in-out"),
)

_BIAS: Final = re.compile(r"(?:^|[./_])(?:b|bias|biases|intercepts?)(?:[./_:\[]?\d*\]?)*$", re.IGNORECASE)
_NORMALIZING: Final = ("running_mean", "running_var", "moving_mean", "moving_variance", "gamma", "beta")
_MOST_ARRAYS: Final = 2_000
_MOST_TRIED: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Pair:
    """A matrix and its biases, by name."""

    matrix: str
    bias: str | None


def network_in(
    arrays: Named,
    title: str,
    kind: str,
    orientation: Orientation | None = None,
    activation: str | None = None,
    output_activation: str | None = None,
) -> Proposal:
    """Find the network.

    Args:
        arrays: In the order of the file.
        title: Of the project.
        kind: Of the file.
        orientation: What the rows of its matrices are; None finds out.
        activation: Of the hidden layers; None takes ReLU and says so.
        output_activation: Of the output layer; None takes linear and says so.

    Raises:
        OrientationError: If it could be either way round.
        ModelError: If there is no chain of layers in it.
    """
    _refuse_other_layers(arrays)
    pairs, rest = _paired(arrays)
    convention = _convention(pairs)
    ways = (orientation,) if orientation else _ways(convention)
    chains = [found for way in ways if (found := _Chain(arrays, pairs, way)).order()]
    if not chains and convention is not None and orientation is None:
        chains = [found for way in ORIENTATIONS if (found := _Chain(arrays, pairs, way)).order()]
    if not chains:
        shapes = [f"{p.matrix} {'×'.join(map(str, arrays[p.matrix].shape))}" for p in pairs]
        raise ModelError(
            f"The matrices {named(shapes)} are no chain of layers: none gives what the next one takes; "
            "write only those of one network."
        )
    if len(chains) > 1:
        even = [p.matrix for p in pairs if len(set(arrays[p.matrix].shape)) == 1]
        raise OrientationError(tuple(even or [pairs[0].matrix]))
    remarks: list[Remark] = [("convention", convention.label)] if convention else []
    if activation is None and len(pairs) > 1:
        remarks.append(("hidden", ACTIVATIONS["relu"].label))
    if output_activation is None:
        remarks.append(("output", ACTIVATIONS["linear"].label))
    functions = ACTIVATIONS[activation or "relu"].name, ACTIVATIONS[output_activation or "linear"].name
    return chains[0].proposal(title, kind, functions, rest, remarks)


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which ``fc10`` comes after ``fc2``."""
    return [(0, int(w), "") if w.isdecimal() else (1, 0, w) for w in re.findall(r"[0-9]+|[^0-9]+", name)]


@dataclass(slots=True)
class _Chain:
    """An order of the matrices in which each takes what the one before gives."""

    arrays: Named
    pairs: Sequence[_Pair]
    way: Orientation
    found: list[_Pair] = field(default_factory=list)

    def order(self) -> bool:
        """Look for one: as the file has them, by their names, and in any order."""
        by_name = sorted(self.pairs, key=lambda pair: natural(pair.matrix))
        for order in (list(self.pairs), by_name):
            if all(self.fits(pair) for pair in order) and all(self.follows(a, b) for a, b in pairwise(order)):
                self.found = order
                return True
        tried = next(self.searched([], list(self.pairs), [0]), None)
        self.found = tried or []
        return tried is not None

    def searched(self, begun: list[_Pair], left: list[_Pair], tried: list[int]) -> Iterator[list[_Pair]]:
        """Every chain, as long as the search stays short."""
        if not left:
            yield begun
        for pair in left:
            tried[0] += 1
            if tried[0] > _MOST_TRIED:
                return
            if self.fits(pair) and (not begun or self.follows(begun[-1], pair)):
                others = [other for other in left if other is not pair]
                yield from self.searched([*begun, pair], others, tried)

    def fits(self, pair: _Pair) -> bool:
        """Whether the biases of a matrix are as many as its targets."""
        return pair.bias is None or self.arrays[pair.bias].size == self.shape(pair)[0]

    def follows(self, one: _Pair, other: _Pair) -> bool:
        """Whether one matrix gives what another takes."""
        return self.shape(one)[0] == self.shape(other)[1]

    def shape(self, pair: _Pair) -> tuple[int, int]:
        """(targets, sources) of a matrix."""
        rows, columns = self.arrays[pair.matrix].shape
        return (rows, columns) if self.way == "out-in" else (columns, rows)

    def proposal(
        self,
        title: str,
        kind: str,
        functions: tuple[str, str],
        rest: Sequence[str],
        remarks: Sequence[Remark],
    ) -> Proposal:
        """Put the network together."""
        turned, last = self.way == "in-out", len(self.found)
        columns = [Column(self.shape(self.found[0])[1])]
        weights, present, biases, mapping = {}, {}, {}, list[Mapped]()
        for at, pair in enumerate(self.found, start=1):
            matrix = _numbers(pair.matrix, self.arrays[pair.matrix])
            weights[at, at - 1] = np.ascontiguousarray(matrix.T if turned else matrix)
            present[at, at - 1] = np.ones_like(weights[at, at - 1], dtype=np.bool_)
            size = weights[at, at - 1].shape[0]
            biases[at] = np.zeros(size)
            mapping.append(Mapped(pair.matrix, matrix.shape, "weights", at, at - 1, turned))
            if pair.bias is not None:
                biases[at] = _numbers(pair.bias, self.arrays[pair.bias]).ravel()
                mapping.append(Mapped(pair.bias, self.arrays[pair.bias].shape, "bias", at))
            columns.append(Column(size, (functions[at == last],) * size))
        mapping += [Mapped(name, self.arrays[name].shape, "left out") for name in rest]
        without = [pair.matrix for pair in self.found if pair.bias is None]
        said = [*remarks, *(("no_bias", name) for name in without), *(("left_out", name) for name in rest)]
        return Proposal(
            kind, title, tuple(columns), weights, present, biases, tuple(mapping), remarks=tuple(said)
        )


def _numbers(name: str, array: NDArray[Any]) -> NDArray[np.float64]:
    numbers = np.asarray(array, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ModelError(f"The array {name} holds a number that is not finite; write the weights again.")
    return numbers


def _refuse_other_layers(arrays: Named) -> None:
    if len(arrays) > _MOST_ARRAYS:
        raise ModelError("The file holds too many arrays for a network of plain layers.")
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub":
            raise ModelError(f"The array {name} holds no numbers; write weights and biases alone.")
        if array.ndim > 2:
            raise ModelError(
                f"The array {name} has {array.ndim} dimensions, as of a convolution; only layers of plain "
                "matrices can be had."
            )
        if re.split(r"[./]", name)[-1] in _NORMALIZING:
            raise ModelError(f"The array {name} belongs to a normalizing layer, which bpviz has not.")


def _paired(arrays: Named) -> tuple[list[_Pair], list[str]]:
    """Match each matrix with the biases that follow it, or that have its name."""
    biases = _biases(arrays)
    pairs = [_Pair(name, biases.get(name)) for name, array in arrays.items() if _is_matrix(name, array)]
    taken = {name for pair in pairs for name in (pair.matrix, pair.bias)}
    rest = [name for name in arrays if name not in taken]
    if not pairs:
        raise ModelError("The file holds no matrix of weights; write weights and biases as named arrays.")
    return pairs, rest


def _biases(arrays: Named) -> dict[str, str]:
    """Find the biases of each matrix: by their names, or without names as they stand."""
    matrices = [name for name, array in arrays.items() if _is_matrix(name, array)]
    vectors = [name for name, array in arrays.items() if name not in matrices and array.ndim]
    by_stem = {_stem(name): name for name in vectors}
    found = {name: by_stem[_stem(name)] for name in matrices if _stem(name) in by_stem}
    if found or any(not name.startswith("arr_") for name in arrays):
        return found
    # numpy.savez without names: a matrix, then its biases, if it has any
    order = list(arrays)
    after = {name: following for name, following in pairwise(order) if name in matrices}
    return {name: following for name, following in after.items() if following in vectors}


def _stem(name: str) -> str:
    """What a matrix and its biases have in common: all but the word for what they are."""
    return re.sub(r"(?i)(weights?|kernel|coefs?|biases|bias|intercepts?|(?<![a-z])[wb](?![a-z]))", "*", name)


def _is_matrix(name: str, array: NDArray[Any]) -> bool:
    return array.ndim == 2 and not (_BIAS.search(name) and 1 in array.shape)


def _convention(pairs: Sequence[_Pair]) -> Convention | None:
    for convention in CONVENTIONS.values():
        if all(convention.weights.fullmatch(pair.matrix) for pair in pairs):
            return convention
    return None


def _ways(convention: Convention | None) -> tuple[Orientation, ...]:
    return ORIENTATIONS if convention is None else (convention.orientation,)
