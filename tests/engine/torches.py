"""The loss of a network in PyTorch's own functions, to compare gradients with."""

from __future__ import annotations

from typing import Any

from bpviz.engine.plan import Plan


def torch_loss(torch: Any, plan: Plan, loss: str, parameters: Any, x: Any, y: Any) -> Any:
    """Compute the mean loss in PyTorch's own functions, node by node."""
    a = [x]
    for at, layer in enumerate(plan.layers[1:], start=1):
        z = parameters[plan.bias_slices[at]].expand(len(x), -1)
        for k in plan.incoming[at]:
            source = plan.links[k].source
            weights = parameters[plan.weight_slices[k]].reshape(layer.size, plan.layers[source].size)
            z = z + torch.nn.functional.linear(a[source], weights)
        a.append(z if "softmax" in layer.activations else _torch_activations(torch, layer.activations, z))
    functional, out = torch.nn.functional, a[-1]
    if loss == "categorical_cross_entropy":
        return functional.cross_entropy(z, y)
    if loss == "binary_cross_entropy":
        return functional.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(x)
    if loss == "huber":
        return functional.huber_loss(out, y, reduction="sum") / len(x)
    if loss == "mae":
        return functional.l1_loss(out, y)
    factor = {"half_squared": 0.5, "squared": 1.0, "mse": 1.0 / out.shape[1]}[loss]
    return factor * functional.mse_loss(out, y, reduction="sum") / len(x)


def _torch_activations(torch: Any, names: tuple[str, ...], z: Any) -> Any:
    own = {"linear": lambda column: column, "sine": torch.sin, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    columns = [
        (own.get(name) or getattr(torch.nn.functional, name))(z[:, node]) for node, name in enumerate(names)
    ]
    return torch.stack(columns, dim=1)
