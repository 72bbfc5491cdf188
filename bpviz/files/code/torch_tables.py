"""How PyTorch writes activations, losses, optimizers and penalties, by the names of the engine's tables.

Where a name of ``torch`` does the same to the last digit, it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.engine.activations import LEAK


@dataclass(frozen=True, slots=True)
class OptimizerCode:
    """An optimizer of ``torch.optim``.

    Attributes:
        name: Its class.
        options: What it is given beside the learning rate; ``{momentum}`` and so on are the options.
        memory: What it calls what it remembers.
        counts: Whether it counts its steps.
    """

    name: str
    options: str = ""
    memory: tuple[str, ...] = ()
    counts: bool = True


ACTIVATION_CODE: Final[Mapping[str, str]] = {
    "linear": "{z}",
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "F.relu({z})",
    "leaky_relu": f"F.leaky_relu({{z}}, {LEAK})",
    "elu": "F.elu({z})",
    "selu": "F.selu({z})",
    "gelu": "F.gelu({z})",
    "silu": "F.silu({z})",
    "softplus": "torch.logaddexp({z}, torch.zeros_like({z}))",
    "softsign": "F.softsign({z})",
    "sine": "torch.sin({z})",
    "softmax": "torch.softmax({z}, dim=1)",
}

LOSS_CODE: Final[Mapping[str, str]] = {
    "half_squared": "0.5 * ((answer - y) ** 2).sum(dim=1).mean()",
    "squared": "((answer - y) ** 2).sum(dim=1).mean()",
    "mse": "F.mse_loss(answer, y)",
    "mae": "F.l1_loss(answer, y)",
    "huber": 'F.huber_loss(answer, y, reduction="none").sum(dim=1).mean()',
    "binary_cross_entropy": (
        'F.binary_cross_entropy_with_logits(answer, y, reduction="none").sum(dim=1).mean()'
    ),
    "categorical_cross_entropy": "F.cross_entropy(answer, y)",
}
"""Mean losses of a batch; the cross-entropies take what the outputs sum up, before their activation."""

_BETAS: Final = "betas=({beta1}, {beta2}), eps={epsilon}"

OPTIMIZER_CODE: Final[Mapping[str, OptimizerCode]] = {
    "sgd": OptimizerCode("SGD", counts=False),
    "momentum": OptimizerCode("SGD", "momentum={momentum}", ("momentum_buffer",), counts=False),
    "nesterov": OptimizerCode(
        "SGD", "momentum={momentum}, nesterov=True", ("momentum_buffer",), counts=False
    ),
    "adagrad": OptimizerCode("Adagrad", "eps={epsilon}", ("sum",)),
    "rmsprop": OptimizerCode("RMSprop", "alpha={decay}, eps={epsilon}", ("square_avg",)),
    "adam": OptimizerCode("Adam", _BETAS, ("exp_avg", "exp_avg_sq")),
    "adamw": OptimizerCode("AdamW", f"{_BETAS}, weight_decay={{weight_decay}}", ("exp_avg", "exp_avg_sq")),
    "rprop": OptimizerCode(
        "Rprop", "etas=({shrink}, {grow}), step_sizes=({smallest}, {largest})", ("prev", "step_size")
    ),
}

PENALTY_COSTS: Final[Mapping[str, str]] = {
    "none": "",
    "l1": "{rate} / {examples} * sum(w.abs().sum() for w in {weights})",
    "l2": "{rate} / (2 * {examples}) * sum((w**2).sum() for w in {weights})",
    "playground_l1": "",
    "playground_l2": "",
}
"""What penalties add to the mean loss; the Playground's take a step of their own instead."""
