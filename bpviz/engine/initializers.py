"""Where the weights start.

``fan_in`` of a link counts the sources of all links into its target layer, ``fan_out`` the targets of all
links out of its source layer; removed pairs count like the others.  In a plain chain of layers these are the
two sizes of the matrix.  Biases start at 0, but in the Playground's at 0.1.  To add one, add an entry to
`INITIALIZERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.options import Option, Options, resolve
from bpviz.engine.plan import Plan
from bpviz.registry import Registry

PLAYGROUND_BIAS: Final = 0.1
_AT_HAND: Final = 4096  # numbers that a processor's first cache has room for


class UniformSource(Protocol):
    """A stream of random numbers, drawn one by one."""

    def random(self) -> float:
        """Return the next number, 0 included, 1 not."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an initializer may know of one link.

    Attributes:
        targets: Rows of the matrix.
        sources: Columns of the matrix.
        fan_in: Sources of all links into the target layer.
        fan_out: Targets of all links out of the source layer.
        gains: (targets,), the gain of each target node's activation.
    """

    targets: int
    sources: int
    fan_in: int
    fan_out: int
    gains: Array


Draw: TypeAlias = Callable[[Shape, np.random.Generator, Mapping[str, float]], Array]
Skip: TypeAlias = Callable[[Shape, np.random.Generator], object]


@dataclass(frozen=True, slots=True)
class Initializer:
    """A way to draw the weights of a link.

    Attributes:
        name: Key in files; never renamed.
        label: What menus show.
        formula: As plain text.
        draw: ``(shape, generator, options) -> weights``, (targets, sources); None for the Playground, which
            draws its numbers one by one.
        options: What it can be set by.
        skip: Moves the generator on as `draw` would, in less time; None where there is no way but to draw.
        by_rows: It draws row by row, so the first rows can be drawn without the others.
        bias: Where biases start.
        stream: ``start``, a stream of the project's seed for this alone; or ``playground``, the stream that
            the Playground's data were drawn from, where they left it.
    """

    name: str
    label: str
    formula: str
    draw: Draw | None
    options: tuple[Option, ...] = ()
    skip: Skip | None = None
    by_rows: bool = True
    bias: float = 0.0
    stream: Literal["start", "playground"] = "start"


def initialize(plan: Plan, name: str, options: Options, source: np.random.Generator | UniformSource) -> Array:
    """Return start values for a network, (parameters,) in float64; removed pairs are 0.

    Args:
        plan: The network.
        name: Entry of `INITIALIZERS`.
        options: Its options where they differ from the defaults.
        source: Random numbers; for all entries but the Playground's a numpy generator.
    """
    entry = INITIALIZERS[name]
    values = resolve(entry, options)
    parameters = np.full(plan.size, entry.bias)
    for k in range(len(plan.links)):
        parameters[plan.weight_slices[k]] = _drawn(entry, _shape(plan, k), values, source).ravel()
    parameters[~plan.present] = 0.0
    return parameters


def initialize_some(
    plan: Plan, name: str, options: Options, source: np.random.Generator | UniformSource, places: IntArray
) -> Array:
    """Return what `initialize` would at some places, (places,), without drawing more than it must.

    Args:
        plan: The network.
        name: Entry of `INITIALIZERS`.
        options: Its options where they differ from the defaults.
        source: Random numbers, as for `initialize`.
        places: (places,) indices into the parameter vector.
    """
    entry = INITIALIZERS[name]
    values = resolve(entry, options)
    found = np.full(places.shape, entry.bias)
    parts = plan.weight_slices
    meant = [np.flatnonzero((places >= part.start) & (places < part.stop)) for part in parts]
    last = max((k for k, own in enumerate(meant) if len(own)), default=-1)
    for k in range(last + 1):
        shape = _shape(plan, k)
        own, rows = places[meant[k]] - parts[k].start, shape.targets
        skips = entry.skip if isinstance(source, np.random.Generator) else None
        if (entry.by_rows and k == last) or (skips is not None and (entry.by_rows or not own.size)):
            rows = int(own.max()) // shape.sources + 1 if own.size else 0
        if rows:
            weights = _drawn(entry, replace(shape, targets=rows), values, source)
            found[meant[k]] = weights.ravel()[own]
        if rows < shape.targets and k < last and skips is not None:
            assert isinstance(source, np.random.Generator)
            skips(replace(shape, targets=shape.targets - rows), source)
    found[~plan.present[places]] = 0.0
    return found


def _drawn(
    entry: Initializer,
    shape: Shape,
    values: Mapping[str, float],
    source: np.random.Generator | UniformSource,
) -> Array:
    """Draw the weights of one link, (targets, sources)."""
    if entry.draw is None:
        return _one_by_one(shape, source)
    assert isinstance(source, np.random.Generator), "only the Playground's draws one by one"
    return entry.draw(shape, source, values)


def _shape(plan: Plan, k: int) -> Shape:
    link = plan.links[k]
    layers = plan.layers
    return Shape(
        targets=layers[link.target].size,
        sources=layers[link.source].size,
        fan_in=sum(layers[plan.links[i].source].size for i in plan.incoming[link.target]),
        fan_out=sum(layers[plan.links[i].target].size for i in plan.outgoing[link.source]),
        gains=np.array([ACTIVATIONS[activation].gain for activation in layers[link.target].activations]),
    )


def _one_by_one(shape: Shape, source: np.random.Generator | UniformSource) -> Array:
    """Draw U[-0.5, 0.5) target by target and within each source by source, as the Playground does."""
    draws = [source.random() - 0.5 for _ in range(shape.targets * shape.sources)]
    return np.array(draws).reshape(shape.targets, shape.sources)


def _skip_uniform(shape: Shape, rng: np.random.Generator) -> None:
    """Each number of a uniform distribution takes one step of the generator."""
    assert isinstance(rng.bit_generator, np.random.PCG64), "others count their steps in another way"
    rng.bit_generator.advance(shape.targets * shape.sources)


def _skip_normal(shape: Shape, rng: np.random.Generator) -> None:
    """How many steps a normal number takes depends on chance, so these are drawn, into an array at hand."""
    left, room = shape.targets * shape.sources, np.empty(_AT_HAND)
    while left > 0:
        some = min(left, _AT_HAND)
        rng.standard_normal(out=room[:some])
        left -= some


def _skip_nothing(_shape: Shape, _rng: np.random.Generator) -> None:
    """Nothing was drawn."""


def _uniform(shape: Shape, rng: np.random.Generator, limit: float) -> Array:
    return rng.uniform(-limit, limit, (shape.targets, shape.sources))


def _normal(shape: Shape, rng: np.random.Generator, deviation: float) -> Array:
    return rng.normal(0.0, deviation, (shape.targets, shape.sources))


def _orthogonal(shape: Shape, rng: np.random.Generator, _options: Mapping[str, float]) -> Array:
    """Saxe, McClelland and Ganguli 2014: rows or columns, whichever are fewer, are orthonormal."""
    tall = rng.normal(size=(max(shape.targets, shape.sources), min(shape.targets, shape.sources)))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)  # else the distribution would not be uniform (Mezzadri 2007)
    weights = q if shape.targets >= shape.sources else q.T
    return np.asarray(shape.gains[:, np.newaxis] * weights)


INITIALIZERS: Final = Registry(
    "initializer",
    Initializer(
        "xavier_uniform",
        "Xavier/Glorot uniform",
        "U(−r, r), r = √(6 / (fan_in + fan_out))",  # Glorot and Bengio 2010, eq. 16
        draw=lambda shape, rng, _options: _uniform(shape, rng, sqrt(6 / (shape.fan_in + shape.fan_out))),
        skip=_skip_uniform,
    ),
    Initializer(
        "xavier_normal",
        "Xavier/Glorot normal",
        "N(0, σ), σ = √(2 / (fan_in + fan_out))",  # Glorot and Bengio 2010, eq. 12
        draw=lambda shape, rng, _options: _normal(shape, rng, sqrt(2 / (shape.fan_in + shape.fan_out))),
        skip=_skip_normal,
    ),
    Initializer(
        "he_uniform",
        "He uniform",
        "U(−r, r), r = √(6 / fan_in)",
        draw=lambda shape, rng, _options: _uniform(shape, rng, sqrt(6 / shape.fan_in)),
        skip=_skip_uniform,
    ),
    Initializer(
        "he_normal",
        "He normal",
        "N(0, σ), σ = √(2 / fan_in)",  # He et al. 2015, eq. 10
        draw=lambda shape, rng, _options: _normal(shape, rng, sqrt(2 / shape.fan_in)),
        skip=_skip_normal,
    ),
    Initializer(
        "lecun_uniform",
        "LeCun uniform",
        "U(−r, r), r = √(3 / fan_in)",
        draw=lambda shape, rng, _options: _uniform(shape, rng, sqrt(3 / shape.fan_in)),
        skip=_skip_uniform,
    ),
    Initializer(
        "lecun_normal",
        "LeCun normal",
        "N(0, σ), σ = √(1 / fan_in)",  # LeCun et al. 1998, eq. 16
        draw=lambda shape, rng, _options: _normal(shape, rng, sqrt(1 / shape.fan_in)),
        skip=_skip_normal,
    ),
    Initializer(
        "orthogonal",
        "Orthogonal",
        "orthonormal rows or columns, times the activation's gain",
        draw=_orthogonal,
        skip=_skip_normal,
        by_rows=False,
    ),
    Initializer(
        "uniform",
        "Uniform",
        "U(−limit, limit)",
        draw=lambda shape, rng, options: _uniform(shape, rng, options["limit"]),
        options=(Option("limit", "Limit", 0.5, 0.0, 1e6, "Weights are drawn between minus and plus this."),),
        skip=_skip_uniform,
    ),
    Initializer(
        "normal",
        "Normal",
        "N(0, deviation)",
        draw=lambda shape, rng, options: _normal(shape, rng, options["deviation"]),
        options=(Option("deviation", "Standard deviation", 0.1, 0.0, 1e6, "Spread of the weights about 0."),),
        skip=_skip_normal,
    ),
    Initializer(
        "constant",
        "Constant",
        "value",
        draw=lambda shape, _rng, options: np.full((shape.targets, shape.sources), options["value"]),
        options=(Option("value", "Value", 0.1, -1e6, 1e6, "Every weight starts here."),),
        skip=_skip_nothing,
    ),
    Initializer(
        "zeros",
        "Zeros",
        "0",
        draw=lambda shape, _rng, _options: np.zeros((shape.targets, shape.sources)),
        skip=_skip_nothing,
    ),
    Initializer(
        "playground",
        "Playground",
        "U(−0.5, 0.5), biases 0.1",
        draw=None,
        bias=PLAYGROUND_BIAS,
        stream="playground",
    ),
)
