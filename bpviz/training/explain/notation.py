"""What quantities are called, in three dialects.

To add a dialect, add an entry to `DIALECTS`.  Symbols are values, which `bpviz.training.explain.styles`
writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bpviz.registry import Registry
from bpviz.training.explain.naming import Names
from bpviz.training.explain.optimizers import OPTIMIZER_FORMS
from bpviz.training.places import BiasPlace, NodePlace, PairPlace, Place
from bpviz.training.quantities import Ref


@dataclass(frozen=True, slots=True)
class Mark:
    """A letter with its indices.

    Attributes:
        base: Key of `bpviz.training.explain.styles.LETTERS`, or a letter as it is.
        lower: Indices below.
        upper: Above.
        example: Which example of several.
        mean: Whether it is the mean over the examples.
        prime: Whether it is the new one.
        change: Whether it is the change of it.
    """

    base: str
    lower: str = ""
    upper: str = ""
    example: str = ""
    mean: bool = False
    prime: bool = False
    change: bool = False


@dataclass(frozen=True, slots=True)
class SlopeMark:
    """The derivative of a function at a place, f'(z), or the mean of it over the examples."""

    function: str
    of: Mark
    mean: bool = False


@dataclass(frozen=True, slots=True)
class RateMark:
    """A derivative as a fraction, or the mean of it over the examples."""

    over: Mark
    under: Mark
    mean: bool = False


Symbol: TypeAlias = Mark | SlopeMark | RateMark


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of book writes.

    Attributes:
        name: Key on the command line.
        label: In words.
        function: The activation function.
        letters: By quantity, where it is a letter with the place's indices.
        weight: Letter of a weight.
        bias: Of a bias.
        node: From names and a place to (lower, upper) indices of a node.
        parameter: Likewise of a weight or bias.
        chain: Whether each derivation begins with the chain rule in derivatives.
        accumulates: Whether gradients are added up first and divided by the batch then.
    """

    name: str
    label: str
    function: str
    letters: Mapping[str, str]
    weight: str
    bias: str
    node: Callable[[Names, NodePlace], tuple[str, str]]
    parameter: Callable[[Names, PairPlace | BiasPlace], tuple[str, str]]
    chain: bool = False
    accumulates: bool = False


def _layered(first: int, wrap: str) -> Callable[[Names, NodePlace], tuple[str, str]]:
    return lambda _names, node: (str(node.node + 1), wrap.format(node.layer + first))


def _matrix_parameter(_names: Names, place: PairPlace | BiasPlace) -> tuple[str, str]:
    target = place.target
    if isinstance(place, BiasPlace):
        return str(target.node + 1), str(target.layer)
    skips = target.layer - place.source.layer > 1
    upper = f"{target.layer}←{place.source.layer}" if skips else str(target.layer)
    return f"{target.node + 1},{place.source.node + 1}", upper


def _notes_parameter(_names: Names, place: PairPlace | BiasPlace) -> tuple[str, str]:
    """Weights lead from layer l to l + 1, where l counts from 1; biases are their column 0."""
    target = place.target
    if isinstance(place, BiasPlace):
        return f"{target.node + 1},0", f"({target.layer})"
    skips = target.layer - place.source.layer > 1
    upper = f"({target.layer + 1}←{place.source.layer + 1})" if skips else f"({target.layer})"
    return f"{target.node + 1},{place.source.node + 1}", upper


def _neuron_parameter(names: Names, place: PairPlace | BiasPlace) -> tuple[str, str]:
    if isinstance(place, BiasPlace):
        return names.short(place.target), ""
    return f"{names.short(place.source)},{names.short(place.target)}", ""


DIALECTS: Final = Registry(
    "notation",
    Dialect(
        "matrix",
        "Matrix form",
        "f",
        {"input": "a", "z": "z", "a": "a", "target": "y", "loss": "ell", "delta": "delta", "rate": "eta"},
        "W",
        "b",
        _layered(0, "{}"),
        _matrix_parameter,
    ),
    Dialect(
        "notes",
        "Course notes",
        "g",
        {"input": "a", "z": "z", "a": "a", "target": "y", "loss": "C", "delta": "d", "rate": "alpha"},
        "Theta",
        "Theta",
        _layered(1, "({})"),
        _notes_parameter,
        chain=True,
        accumulates=True,
    ),
    Dialect(
        "neuron",
        "Per neuron",
        "phi",
        {"input": "o", "z": "net", "a": "o", "target": "t", "loss": "E", "delta": "delta", "rate": "eta"},
        "w",
        "b",
        lambda names, node: (names.short(node), ""),
        _neuron_parameter,
    ),
)

_WHOLE: Final = {"penalty": "R", "cost": "J", "norm": "norm", "clip_scale": "kappa"}
_OF_PARAMETERS: Final = {"accumulated": "Delta", "applied": "g"}


@dataclass(frozen=True, slots=True)
class Notation:
    """A dialect, applied to one pass.

    Attributes:
        dialect: Which.
        names: Of nodes and examples.
        optimizer: Entry of OPTIMIZERS, whose memories have letters.
        minus_delta: Whether minus delta is what is written, as "the error".
    """

    dialect: Dialect
    names: Names
    optimizer: str
    minus_delta: bool = False

    def symbol(self, ref: Ref) -> Symbol:
        """Return what a quantity is called."""
        make = _SYMBOLS.get(ref.key)
        return make(self, ref) if make is not None else self._mark(ref.key, ref)

    def rate(self, of: Ref, by: Ref) -> Symbol:
        """Return the derivative of one quantity by another; its example stands above the line."""
        under = self.symbol(replace(by, example=None) if by.example is not None else by)
        over = self.symbol(of)
        assert isinstance(over, Mark)
        assert isinstance(under, Mark)
        return RateMark(over, replace(under, mean=False))

    def _mark(self, base: str, ref: Ref) -> Mark:
        lower, upper = self._indices(ref.place)
        example, mean = self._of_batch(ref)
        return Mark(base, lower, upper, example, mean)

    def _letter(self, ref: Ref) -> Mark:
        return self._mark(self.dialect.letters[ref.key], ref)

    def _indices(self, place: Place) -> tuple[str, str]:
        if isinstance(place, NodePlace):
            return self.dialect.node(self.names, place)
        if isinstance(place, PairPlace | BiasPlace):
            return self.dialect.parameter(self.names, place)
        return "", ""

    def _of_batch(self, ref: Ref) -> tuple[str, bool]:
        if len(self.names.examples) == 1:
            return "", False
        if ref.example is None:
            return "", isinstance(ref.place, NodePlace)
        return self.names.examples[ref.example], False

    def _value(self, ref: Ref) -> Mark:
        return self._mark(self.dialect.bias if isinstance(ref.place, BiasPlace) else self.dialect.weight, ref)

    def _loss(self, ref: Ref) -> Mark:
        """The loss of an example, or its mean over several."""
        example, _ = self._of_batch(ref)
        many = ref.example is None and len(self.names.examples) > 1
        return Mark(self.dialect.letters["loss"], example=example, mean=many)

    def _loss_share(self, ref: Ref) -> Mark:
        return replace(self._mark(self.dialect.letters["loss"], ref), upper="")

    def _delta(self, ref: Ref) -> Mark:
        return self._mark("Err" if self.minus_delta else self.dialect.letters["delta"], ref)

    def _slope(self, ref: Ref) -> SlopeMark:
        z = self._letter(replace(ref, key="z"))
        return SlopeMark(self.dialect.function, replace(z, mean=False), z.mean)

    def _by(self, over: Mark, ref: Ref) -> RateMark:
        if isinstance(ref.place, NodePlace):
            under = self._letter(Ref("a", ref.place, 0))
            return RateMark(replace(over, mean=False), replace(under, example=""), over.mean)
        return RateMark(over, self._value(Ref("value", ref.place)))

    def _total(self, ref: Ref) -> Symbol:
        return self._mark("D", ref) if self.dialect.accumulates else self._by(Mark("J"), ref)

    def _memory(self, ref: Ref) -> Mark:
        slot = int(ref.key[-1]) - 1
        letter = OPTIMIZER_FORMS[self.optimizer].memories[slot]
        return replace(self._mark(letter, ref), prime=ref.key.startswith("new_"))


_SYMBOLS: Final[Mapping[str, Callable[[Notation, Ref], Symbol]]] = {
    **dict.fromkeys(("input", "z", "a", "target", "rate"), Notation._letter),
    **{key: lambda of, ref: of._mark(_WHOLE[ref.key], ref) for key in _WHOLE},
    **{key: lambda of, ref: of._mark(_OF_PARAMETERS[ref.key], ref) for key in _OF_PARAMETERS},
    **dict.fromkeys(("memory1", "memory2", "new_memory1", "new_memory2"), Notation._memory),
    "value": Notation._value,
    "loss": Notation._loss,
    "mean_loss": Notation._loss,
    "loss_share": Notation._loss_share,
    "delta": Notation._delta,
    "slope": Notation._slope,
    **dict.fromkeys(("dloss_da", "dloss_dx"), lambda of, ref: of._by(of._loss(ref), ref)),
    "gradient": lambda of, ref: of._by(of._loss(ref), ref),
    "penalty_gradient": lambda of, ref: of._by(Mark("R"), ref),
    "total": Notation._total,
    "new": lambda of, ref: replace(of._value(ref), prime=True),
    "change": lambda of, ref: replace(of._value(ref), change=True),
}

CONSTANTS: Final[Mapping[str, Mark]] = {
    "lambda": Mark("lambda"),
    "mu": Mark("mu"),
    "rho": Mark("rho"),
    "beta1": Mark("beta", "1"),
    "beta2": Mark("beta", "2"),
    "epsilon": Mark("epsilon"),
    "decay": Mark("omega"),
    "shrink": Mark("eta", upper="−"),
    "grow": Mark("eta", upper="+"),
    "smallest": Mark("Delta", "min"),
    "largest": Mark("Delta", "max"),
    "limit": Mark("c"),
    "K": Mark("K"),
    "m": Mark("m"),
    "M": Mark("M"),
    "t": Mark("t"),
}
"""What constants are called, by `Number.symbol`."""
