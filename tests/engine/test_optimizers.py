"""The optimizers against torch.optim, and by hand where a law is simple."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.engine.optimizers import OPTIMIZERS, Moment
from bpviz.engine.options import Options, resolve

SIZE = 12
THEIRS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
    "rprop": ("Rprop", {}),
}
SET: Mapping[str, tuple[Options, dict[str, Any]]] = {
    "momentum": ((("momentum", 0.5),), {"momentum": 0.5}),
    "nesterov": ((("momentum", 0.5),), {"momentum": 0.5, "nesterov": True}),
    "adagrad": ((("epsilon", 1e-3),), {"eps": 1e-3}),
    "rmsprop": ((("decay", 0.9), ("epsilon", 1e-3)), {"alpha": 0.9, "eps": 1e-3}),
    "adam": ((("beta1", 0.7), ("beta2", 0.9), ("epsilon", 1e-3)), {"betas": (0.7, 0.9), "eps": 1e-3}),
    "adamw": ((("beta1", 0.7), ("weight_decay", 0.3)), {"betas": (0.7, 0.999), "weight_decay": 0.3}),
    "rprop": (
        (("grow", 1.5), ("largest", 0.2), ("shrink", 0.3), ("smallest", 1e-3)),
        {"etas": (0.3, 1.5), "step_sizes": (1e-3, 0.2)},
    ),
}


def _gradients() -> Callable[[Array], Array]:
    """A bowl with noise: directions that agree, turn, and one that is always 0."""
    rng = np.random.default_rng(11)
    curvature = np.geomspace(1e-4, 1, SIZE)
    curvature[0] = 0.0
    return lambda w: curvature * (w - 1) + (curvature > 0) * rng.normal(scale=0.1, size=SIZE)


def _run(name: str, options: Options, rate: float, gradients: list[Array]) -> list[Array]:
    entry = OPTIMIZERS[name]
    values = resolve(entry, options)
    w: Array = np.linspace(-1, 2, SIZE)
    slots: Array = np.zeros((entry.slots, SIZE))
    path: list[Array] = []
    for count, g in enumerate(gradients, start=1):
        w, slots = entry.update(Moment(g, w, slots, rate, count, values))
        assert slots.shape == (entry.slots, SIZE)
        path.append(w)
    return path


@pytest.mark.parametrize(
    ("name", "chosen"),
    [*((name, ((), {})) for name in OPTIMIZERS), *SET.items()],
    ids=[*OPTIMIZERS, *(f"{name}-set" for name in SET)],
)
def test_a_hundred_steps_are_those_of_torch(
    name: str, chosen: tuple[Options, dict[str, Any]], oracle: Callable[[str], ModuleType]
) -> None:
    torch: Any = oracle("torch")
    options, settings = chosen
    kind, defaults = THEIRS[name]
    w = torch.linspace(-1, 2, SIZE, dtype=torch.float64).requires_grad_()
    theirs = getattr(torch.optim, kind)([w], lr=0.01, **(settings or defaults))
    gradient, gradients, path = _gradients(), [], []
    for _ in range(100):
        g = gradient(w.detach().numpy())
        w.grad = torch.tensor(g)
        theirs.step()
        gradients.append(g)
        path.append(w.detach().numpy().copy())
    np.testing.assert_allclose(_run(name, options, 0.01, gradients), path, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam", "adamw", "rprop"])
def test_defaults_are_those_of_torch(name: str, oracle: Callable[[str], ModuleType]) -> None:
    torch: Any = oracle("torch")
    defaults = getattr(torch.optim, THEIRS[name][0])([torch.zeros(1, requires_grad=True)]).defaults
    ours = resolve(OPTIMIZERS[name], ())
    named = {
        "epsilon": defaults.get("eps"),
        "decay": defaults.get("alpha"),
        "weight_decay": defaults.get("weight_decay"),
        **dict(zip(("beta1", "beta2"), defaults.get("betas", ()), strict=False)),
        **dict(zip(("shrink", "grow"), defaults.get("etas", ()), strict=False)),
        **dict(zip(("smallest", "largest"), defaults.get("step_sizes", ()), strict=False)),
    }
    assert ours == {option: named[option] for option in ours}


def test_momentum_goes_ten_times_as_far_in_the_long_run() -> None:
    path = _run("momentum", (), 0.1, [np.ones(SIZE)] * 300)
    np.testing.assert_allclose(path[-2] - path[-1], 0.1 / (1 - 0.9), rtol=1e-6)


def test_the_first_step_of_adam_has_the_size_of_the_learning_rate() -> None:
    g = np.geomspace(1e-3, 1e3, SIZE) * np.resize([1, -1], SIZE)
    first = _run("adam", (), 0.1, [g])[0]
    np.testing.assert_allclose(first - np.linspace(-1, 2, SIZE), -0.1 * np.sign(g), rtol=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_single_precision_stays_single_and_no_gradient_means_no_step(name: str) -> None:
    entry = OPTIMIZERS[name]
    w: Array = np.linspace(-1, 2, SIZE, dtype=np.float32)
    slots: Array = np.zeros((entry.slots, SIZE), dtype=np.float32)
    after, slots_after = entry.update(Moment(np.zeros_like(w), w, slots, 0.1, 1, resolve(entry, ())))
    assert after.dtype == slots_after.dtype == np.float32
    decay = 1 - 0.1 * 0.01 if name == "adamw" else 1
    np.testing.assert_allclose(after, decay * w, rtol=1e-6)
