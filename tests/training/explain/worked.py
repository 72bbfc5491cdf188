"""Examples of books and courses as passes; their numbers were computed apart from this program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.engine.update import Rule, initial_state, step
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.edits import connect
from bpviz.model.edits.links import set_frozen
from bpviz.model.spec import BiasAddress, Network
from bpviz.training.explain.derivation import explain
from bpviz.training.explain.expressions import evaluate, parts
from bpviz.training.explain.making import Derivation
from bpviz.training.explain.naming import Names, names_of, names_of_plan, read_refs
from bpviz.training.passes import Pass
from tests.engine.networks import make_plan


@dataclass(frozen=True)
class Worked:
    """A pass, and what its nodes are called."""

    made: Pass
    names: Names

    def of(self, ref: str) -> Derivation:
        """The derivation of one number, which must be what its formula comes to."""
        (found,) = [explain(self.made, one) for one in read_refs(self.made, self.names, ref)]
        assert abs(found.computed - found.value) <= 1e-14 * found.size
        return found

    def value(self, ref: str) -> float:
        return self.of(ref).value

    def values(self, *refs: str) -> list[float]:
        return [self.value(ref) for ref in refs]

    def terms(self, ref: str) -> list[float]:
        """What each term of the outermost formula comes to."""
        return [evaluate(part) for part in parts(self.of(ref).expression)]

    def notes(self, ref: str) -> set[str]:
        return {note.key for note in self.of(ref).notes}


def worked(
    network: Network,
    weights: Mapping[tuple[int, int], Sequence[Sequence[float]]],
    biases: Mapping[int, Sequence[float]],
    x: Sequence[Sequence[float]],
    y: Sequence[Sequence[float]],
    rate: float = 1.0,
    loss: str = "half_squared",
) -> Worked:
    """Take one step.

    Args:
        network: As drawn.
        weights: (targets x sources), by the layers (source, target).
        biases: By layer; where none is given they are 0 and frozen.
        x: Inputs.
        y: Targets.
        rate: Learning rate.
        loss: Entry of LOSSES.
    """
    without = [
        BiasAddress(node.id)
        for at, layer in enumerate(network.layers)
        if at and at not in biases
        for node in layer.nodes
    ]
    compiled = compile_network(set_frozen(network, without, frozen=True))
    plan = compiled.plan
    parameters = np.zeros(plan.size)
    for k, link in enumerate(plan.links):
        plan.weights(parameters, k)[:] = weights[link.source, link.target]
    for layer, values in biases.items():
        plan.biases(parameters, layer)[:] = values
    rule = Rule(loss=loss, examples=len(x))
    made = step(plan, rule, initial_state(plan, rule, parameters), np.array(x), np.array(y), rate)
    return Worked(Pass(rule, made), names_of(compiled, [str(at) for at in range(len(x))]))


def sigmoids(
    inputs: int, hidden: int, outputs: int, activation: str = "sigmoid", output_activation: str = "sigmoid"
) -> Network:
    """Draw inputs, one hidden layer and outputs."""
    features = [f"x{at}" for at in range(1, inputs + 1)]
    return layered_network(
        features, (hidden,), outputs, activation=activation, output_activation=output_activation
    )


def w1() -> Worked:
    weights = {(0, 1): [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]], (1, 2): [[-0.3, -0.2]]}
    biases = {1: [-0.4, 0.2], 2: [0.1]}
    return worked(sigmoids(3, 2, 1), weights, biases, [[1, 0, 1]], [[1]], 0.9)


def w2() -> Worked:
    weights = {(0, 1): [[0.1, 0.8], [0.4, 0.6]], (1, 2): [[0.3, 0.9]]}
    return worked(sigmoids(2, 2, 1), weights, {}, [[0.35, 0.9]], [[0.5]])


def w3(penalty_rate: float) -> Worked:
    """Straight from the engine: one hot over four classes, of which one does not occur."""
    plan = make_plan([2, 2, 4], ["sigmoid", "sigmoid"])
    first = np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]])
    second = np.array([[0.7, 1.1, 1.5], [0.8, 1.2, 1.6], [0.9, 1.3, 1.7], [1, 1.4, 1.8]])
    parameters = np.concatenate([first[:, 1:].ravel(), second[:, 1:].ravel(), first[:, 0], second[:, 0]])
    rule = Rule(loss="binary_cross_entropy", penalty="l2", penalty_rate=penalty_rate, examples=3)
    x, y = np.cos(np.array([[1.0, 2], [3, 4], [5, 6]])), np.eye(4)[[3, 1, 2]]
    made = step(plan, rule, initial_state(plan, rule, parameters), x, y, 1.0)
    return Worked(Pass(rule, made), names_of_plan(plan, 3))


def w4() -> Worked:
    network = sigmoids(2, 2, 3, activation="relu", output_activation="softmax")
    weights = {(0, 1): [[0.18, 0.1], [0.04, 0.22]], (1, 2): [[0.19, -0.02], [-0.1, -0.01], [0.1, 0.04]]}
    target = [[0, 0, 1]]
    return worked(
        network, weights, {1: [0, 0], 2: [0, 0, 0]}, [[16, -6]], target, loss="categorical_cross_entropy"
    )


def w5() -> Worked:
    weights = {(0, 1): [[0.5, 0.1, 0.1], [-0.6, -0.2, 0.7]], (1, 2): [[0.1, -0.3]]}
    return worked(sigmoids(3, 2, 1), weights, {}, [[0.5, 0.1, -0.2]], [[0.6]], 0.5)


def w6() -> Worked:
    network = sigmoids(2, 1, 1)
    inputs, (_hidden,), (output,) = (layer.nodes for layer in network.layers)
    for node in inputs:
        network = connect(network, node.id, output.id)
    weights = {(0, 1): [[4.92521, -4.83963]], (1, 2): [[11.11523]], (0, 2): [[-4.67122, 4.53903]]}
    biases = {1: [-3.08885], 2: [-2.54932]}
    return worked(network, weights, biases, [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])


def w7(loss: str = "binary_cross_entropy") -> Worked:
    weights = {(0, 1): [[0.1, 0.2], [0.3, 0.4]], (1, 2): [[0.5, 0.6]]}
    return worked(sigmoids(2, 2, 1), weights, {}, [[1, 0]], [[1]], loss=loss)


def w8() -> Worked:
    """Mazur's step; its biases do not learn."""
    network = sigmoids(2, 2, 2)
    biases = [BiasAddress(node.id) for layer in network.layers[1:] for node in layer.nodes]
    network = set_frozen(network, biases, frozen=True)
    weights = {(0, 1): [[0.15, 0.2], [0.25, 0.3]], (1, 2): [[0.4, 0.45], [0.5, 0.55]]}
    biases_of = {1: [0.35, 0.35], 2: [0.6, 0.6]}
    return worked(network, weights, biases_of, [[0.05, 0.1]], [[0.01, 0.99]], 0.5)
