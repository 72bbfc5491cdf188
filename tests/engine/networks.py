"""Networks for the tests of the engine, built without the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from bpviz.arrays import Array, BoolArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.plan import LayerPlan, LinkPlan, Plan


def make_plan(
    sizes: Sequence[int],
    activations: Sequence[str | tuple[str, ...]],
    links: Mapping[tuple[int, int], BoolArray | None] | None = None,
) -> Plan:
    """Build a network; without links a plain chain, and None as a link's mask for all pairs.

    Args:
        sizes: Nodes of each layer.
        activations: Of each layer but the input: one name, or one for each node.
        links: Masks by (source, target).
    """
    wanted = links if links is not None else {(at, at + 1): None for at in range(len(sizes) - 1)}
    layers = [LayerPlan("Input", sizes[0])]
    for at, (size, names) in enumerate(zip(sizes[1:], activations, strict=True), start=1):
        name = "Output" if at == len(sizes) - 1 else f"Hidden {at}"
        layers.append(LayerPlan(name, size, (names,) * size if isinstance(names, str) else names))
    built = []
    for (source, target), mask in sorted(wanted.items(), key=lambda item: (item[0][1], item[0][0])):
        present = np.ones((sizes[target], sizes[source]), dtype=np.bool_) if mask is None else mask
        built.append(LinkPlan(source, target, present))
    kept = [*(link.present.ravel() for link in built), np.ones(sum(sizes[1:]), dtype=np.bool_)]
    return Plan(tuple(layers), tuple(built), np.concatenate(kept))


def random_parameters(plan: Plan, rng: np.random.Generator, scale: float = 1.0) -> Array:
    """Draw parameters from a normal distribution; removed pairs are 0."""
    return np.where(plan.present, rng.normal(scale=scale, size=plan.size), 0.0)


ELEMENTWISE = [name for name, entry in ACTIVATIONS.items() if entry.elementwise]


def legal_outputs(loss: str) -> list[str]:
    """List the activations that an output node may have with a loss."""
    return [name for name in ACTIVATIONS if LOSSES[loss].allows(name)]


def random_batch(plan: Plan, loss: str, rng: np.random.Generator, examples: int = 5) -> tuple[Array, Array]:
    """Draw inputs, and targets that are probabilities where the loss wants them."""
    x = rng.normal(size=(examples, plan.layers[0].size))
    y = rng.normal(size=(examples, plan.layers[-1].size))
    if loss == "binary_cross_entropy":
        y = rng.uniform(size=y.shape)
    if loss == "categorical_cross_entropy":
        y = np.exp(y) / np.exp(y).sum(axis=1, keepdims=True)
    return x, y


@st.composite
def cases(draw: st.DrawFn, losses: Sequence[str] = tuple(LOSSES)) -> tuple[Plan, str, Array, Array, Array]:
    """Draw a network with masks, skipping links and mixed activations, a loss, parameters and a batch.

    Some hidden layers may lead nowhere or be fed by nothing; the drawing board allows that too.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    loss = draw(st.sampled_from(losses))
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    names = [tuple(draw(st.sampled_from(ELEMENTWISE)) for _ in range(size)) for size in sizes[1:-1]]
    allowed = legal_outputs(loss)
    names.append(tuple(draw(st.sampled_from(allowed)) for _ in range(sizes[-1])))
    pairs = [(source, target) for target in range(1, len(sizes)) for source in range(target)]
    chosen = [pair for pair in pairs if pair[1] == pair[0] + 1 or draw(st.booleans())]
    links = {
        (s, t): rng.uniform(size=(sizes[t], sizes[s])) < draw(st.sampled_from([1.0, 0.6])) for s, t in chosen
    }
    plan = make_plan(sizes, names, links)
    x, y = random_batch(plan, loss, rng)
    return plan, loss, random_parameters(plan, rng), x, y
