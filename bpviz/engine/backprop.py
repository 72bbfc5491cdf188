"""Backpropagation, the reference: plain numpy that reads like the textbook and shows every value.

With ``f`` the activation and m the examples of the batch::

    Z = sum over links into the layer of A_source @ W.T, + b            A = f(Z)
    delta of the outputs    from the loss
    delta elsewhere         f'(Z) * sum over links out of the layer of delta_target @ W
    gradient of W           delta.T @ A_source / m
    gradient of b           mean of delta over the examples

Deltas are of single examples, d loss_i / d z_i; only the gradients are means over the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES, Loss
from bpviz.engine.plan import LayerPlan, Plan
from bpviz.errors import ModelError, ShapeError


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """What the forward pass computes, by layer.

    Attributes:
        z: (examples, nodes) weighted inputs of each layer; on the input layer the inputs themselves.
        a: (examples, nodes) activations of each layer; likewise.
    """

    z: tuple[Array, ...]
    a: tuple[Array, ...]

    @property
    def outputs(self) -> Array:
        """(examples, outputs), the activations of the last layer."""
        return self.a[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Every value of one pass forward and backward.

    Tuples have one entry a layer.  `slope` and `delta` of the input layer are empty, (examples, 0):
    nothing needs them.

    Attributes:
        plan: The network.
        loss: Entry of LOSSES.
        parameters: (parameters,) it was computed with.
        x: (examples, inputs).
        y: (examples, outputs), the targets.
        z: (examples, nodes) weighted inputs.
        a: (examples, nodes) activations.
        slope: (examples, nodes) f'(z).
        delta: (examples, nodes) d loss_i / d z_i of each example i, without 1/m and without penalty.
        losses: (examples,), without penalty.
        mean_loss: Their mean.
        gradient: (parameters,) of the mean loss, without penalty; exactly 0 for removed pairs.
    """

    plan: Plan
    loss: str
    parameters: Array
    x: Array
    y: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    slope: tuple[Array, ...]
    delta: tuple[Array, ...]
    losses: Array
    mean_loss: float
    gradient: Array


# What overflows is found by looking at the results; a warning would say neither where nor at which step.
@np.errstate(over="ignore", invalid="ignore")
def forward(plan: Plan, parameters: Array, x: Array) -> Forward:
    """Compute the network's answer to each example.

    Args:
        plan: The network.
        parameters: (parameters,); all results have their precision.
        x: (examples, inputs).

    Raises:
        ShapeError: If the examples don't have one value for each input node.
    """
    if x.ndim != 2 or x.shape[1] != plan.layers[0].size:
        raise ShapeError(f"Each example needs {plan.layers[0].size} input values.")
    x = x.astype(parameters.dtype, copy=False)
    z, a = [x], [x]
    for at, layer in enumerate(plan.layers[1:], start=1):
        z_layer = np.tile(plan.biases(parameters, at), (len(x), 1))
        for k in plan.incoming[at]:
            z_layer += a[plan.links[k].source] @ plan.weights(parameters, k).T
        z.append(z_layer)
        a.append(activate(layer, z_layer))
    return Forward(tuple(z), tuple(a))


@np.errstate(over="ignore", invalid="ignore")
def backprop(plan: Plan, loss_name: str, parameters: Array, x: Array, y: Array) -> Trace:
    """Run one pass forward and backward over a batch and keep every value.

    Args:
        plan: The network.
        loss_name: Entry of LOSSES.
        parameters: (parameters,); all results have their precision.
        x: (examples, inputs).
        y: (examples, outputs), the targets.

    Raises:
        ModelError: If the loss doesn't go with the output's activations, or softmax stands before the output.
        ShapeError: If the batch is empty or doesn't have one value for each input and output node.
    """
    loss = LOSSES[loss_name]
    require_legal(plan, loss)
    if len(x) == 0 or y.shape != (len(x), plan.layers[-1].size):
        raise ShapeError(f"Each of at least one example needs {plan.layers[-1].size} target values.")
    y = y.astype(parameters.dtype, copy=False)
    passed = forward(plan, parameters, x)
    z, a = passed.z, passed.a
    nothing = np.empty((len(x), 0), dtype=parameters.dtype)
    slope = (nothing, *(slopes(plan.layers[at], z[at], a[at]) for at in range(1, len(z))))
    delta = [nothing] * len(z)
    delta[-1] = loss.output_delta(z[-1], a[-1], y, slope[-1])
    for at in range(len(z) - 2, 0, -1):
        links = plan.outgoing[at]
        ahead = [(plan.weights(parameters, k), delta[plan.links[k].target]) for k in links]
        delta[at] = layer_deltas(slope[at], ahead)
    losses = loss.value(z[-1], a[-1], y)
    gradient = mean_gradient(plan, a, delta)
    return Trace(
        plan,
        loss_name,
        parameters,
        a[0],
        y,
        z,
        a,
        slope,
        tuple(delta),
        losses,
        float(losses.mean()),
        gradient,
    )


def require_legal(plan: Plan, loss: Loss) -> None:
    """Raise a `ModelError` unless the loss goes with the outputs and softmax is the output layer's alone."""
    if not all(loss.allows(name) for name in set(plan.layers[-1].activations)):
        raise ModelError(f"{loss.label} does not go with the output's activation. {loss.remedy}")
    for layer in plan.layers[1:-1]:
        if not all(ACTIVATIONS[name].elementwise for name in set(layer.activations)):
            raise ModelError(f"{layer.name} can't be softmax; only the output layer can.")


def layer_deltas(slope: Array, ahead: Sequence[tuple[Array, Array]]) -> Array:
    """Carry the deltas of the layers ahead back to this one.

    For every link k out of this layer (Rumelhart, Hinton and Williams 1986, their recursion for hidden units,
    for any number of links)::

        delta = f'(z) * sum_k  delta_k @ W_k

    Args:
        slope: (examples, nodes), f'(z) of this layer.
        ahead: Each link's weights, (targets, nodes), and its targets' deltas, (examples, targets).

    Returns:
        (examples, nodes): d loss_i / d z_i of each example i; 0 where no link leads on.
    """
    carried = np.zeros_like(slope)
    for weights, delta in ahead:
        carried += delta @ weights
    return slope * carried


def input_gradient(trace: Trace) -> Array:
    """Return d loss_i / d x of each example, (examples, inputs): what comes back through the first weights.

    An input has no slope; so it is a delta without one, 0 where no link leads on.
    """
    plan, links = trace.plan, trace.plan.outgoing[0]
    ahead = [(plan.weights(trace.parameters, k), trace.delta[plan.links[k].target]) for k in links]
    return layer_deltas(np.ones_like(trace.x), ahead)


def mean_gradient(plan: Plan, a: Sequence[Array], delta: Sequence[Array]) -> Array:
    """Return the gradient of the mean loss, (parameters,), from activations and deltas by layer."""
    examples = len(a[0])
    gradient = np.zeros(plan.size, dtype=a[0].dtype)
    for k, link in enumerate(plan.links):
        slopes_of_weights = delta[link.target].T @ a[link.source] / examples
        gradient[plan.weight_slices[k]] = np.where(link.present, slopes_of_weights, 0).ravel()
    for at in range(1, len(plan.layers)):
        gradient[plan.bias_slices[at]] = delta[at].mean(axis=0)
    return gradient


def activate(layer: LayerPlan, z: Array) -> Array:
    """Apply each node's activation to its weighted inputs, (examples, nodes)."""
    if len(set(layer.activations)) == 1:
        return ACTIVATIONS[layer.activations[0]].value(z)
    a = np.empty_like(z)
    for name, nodes in _by_activation(layer):
        a[:, nodes] = ACTIVATIONS[name].value(z[:, nodes])
    return a


def slopes(layer: LayerPlan, z: Array, a: Array) -> Array:
    """Return f'(z) of each node, (examples, nodes)."""
    if len(set(layer.activations)) == 1:
        return ACTIVATIONS[layer.activations[0]].slope(z, a)
    slope = np.empty_like(z)
    for name, nodes in _by_activation(layer):
        slope[:, nodes] = ACTIVATIONS[name].slope(z[:, nodes], a[:, nodes])
    return slope


def _by_activation(layer: LayerPlan) -> list[tuple[str, list[int]]]:
    """The nodes of a layer that share an activation."""
    names = dict.fromkeys(layer.activations)
    return [(name, [i for i, own in enumerate(layer.activations) if own == name]) for name in names]
