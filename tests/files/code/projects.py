"""A hundred random projects to write as programs, every entry of every table among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from bpviz.data.settings import DataSettings, Scaling
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.errors import ModelError
from bpviz.files.archive import pack_arrays
from bpviz.files.code.files import Program
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.edits import connect_layers, remove_pairs, set_frozen, set_node_activation
from bpviz.model.fitting import table
from bpviz.model.spec import Network, Project, Training
from bpviz.training.session import Session
from tests.data.birds import write_birds

COUNT: Final = 100
NEXT: Final = 20
"""Losses that a program has to reproduce."""

HIDDEN: Final = tuple(name for name, entry in ACTIVATIONS.items() if entry.elementwise)


def _birds() -> DataSettings:
    with TemporaryDirectory() as folder:
        return table(write_birds(Path(folder) / "birds.csv"), "species", missing="median")


BIRD_FEATURES: Final = ("bill length", "island=Dream", "island=Torgersen", "sex=male", "tagged", "bill depth")
BIRDS: Final = _birds()
"""A table with categories, and with missing values that are filled."""


def random_project(number: int) -> Project:
    """The project of a number, always the same; neighbors differ in every table."""
    rng = np.random.default_rng(number)
    loss = list(LOSSES)[number % len(LOSSES)]
    network, data = _network(rng, loss, number)
    count = len(OPTIMIZERS)
    optimizer = list(OPTIMIZERS)[(number + number // count) % count]
    return Project(network, data, _training(rng, loss, optimizer, number), title=f"Nr. {number}")


def _network(rng: np.random.Generator, loss: str, number: int) -> tuple[Network, DataSettings]:
    hidden = rng.integers(1, 5, size=rng.integers(1, 4)).tolist()
    activation = HIDDEN[number % len(HIDDEN)]
    scaling = rng.choice(["none", "standardize", "min-max"])
    if loss == "categorical_cross_entropy" or (not LOSSES[loss].only_with and number % 3 == 0):
        outputs = 3
        features: tuple[str, ...] = ("sepal length", "petal width", "petal length^2")
        data = DataSettings(source="iris", train_share=0.3, scaling=scaling)
        if number % 2:
            # Lengths in millimeters as they are would soon be too large for single precision.
            scaled: Scaling = "min-max" if scaling == "min-max" else "standardize"
            features, data = BIRD_FEATURES, replace(BIRDS, train_share=0.3, scaling=scaled)
    elif loss in ("mse", "mae", "huber") and number % 2:
        features, outputs = ("x", "x^2"), 1
        data = DataSettings(source="sine", samples=50, scaling=scaling, target_scaling="standardize")
    else:
        features, outputs = ("y", "x*y", "sin(x)", "cos(y)", "x")[: rng.integers(1, 6)], 1
        data = DataSettings(source="circle", samples=46, train_share=0.5, scaling=scaling)
    last = (
        LOSSES[loss].only_with[0]
        if LOSSES[loss].only_with
        else str(rng.choice(["tanh", "linear", "softplus"]))
    )
    network = layered_network(features, hidden, outputs, activation=activation, output_activation=last)
    return _varied(rng, network), data


def _varied(rng: np.random.Generator, network: Network) -> Network:
    """With skips, without some pairs, with frozen weights and nodes of their own mind, where allowed."""
    layers = network.layers
    edits: list[Callable[[Network], Network]] = [
        lambda net: connect_layers(net, layers[0].id, layers[-1].id),
        lambda net: remove_pairs(net, [_some_pair(rng, net)]),
        lambda net: remove_pairs(net, [_some_pair(rng, net)]),
        lambda net: set_node_activation(net, [layers[1].nodes[0].id], str(rng.choice(HIDDEN))),
        lambda net: connect_layers(net, layers[0].id, layers[2].id),
        lambda net: _frozen(rng, net),
    ]
    for edit in edits:
        if rng.random() < 0.5:
            try:
                edited = edit(network)
                compile_network(edited)
            except ModelError:
                continue
            network = edited
    return network


def _some_pair(rng: np.random.Generator, network: Network) -> tuple[str, str]:
    link = network.links[rng.integers(len(network.links))]
    source, target = network.layer(link.source), network.layer(link.target)
    return source.nodes[rng.integers(source.size)].id, target.nodes[rng.integers(target.size)].id


def _frozen(rng: np.random.Generator, network: Network) -> Network:
    addresses = list(compile_network(network).addresses())
    return set_frozen(network, [addresses[at] for at in rng.integers(len(addresses), size=3)], frozen=True)


def _training(rng: np.random.Generator, loss: str, optimizer: str, number: int) -> Training:
    schedule, penalty = (
        list(SCHEDULES)[number // 2 % len(SCHEDULES)],
        list(PENALTIES)[number % len(PENALTIES)],
    )
    times = {"step": (("every", 0.5),), "cosine": (("epochs", 3.0),)}
    return Training(
        seed=number,
        loss=loss,
        optimizer=optimizer,
        learning_rate=float(rng.choice([0.003, 0.02])),
        schedule=schedule,
        schedule_options=times.get(schedule, ()),
        warmup=float(rng.choice([0, 0, 1.3])),
        batch_size=[None, 5, 7, 10][rng.integers(4)],
        shuffle="each epoch" if rng.random() < 0.7 else "never",
        last_batch="keep" if rng.random() < 0.7 else "carry over",
        penalty=penalty,
        penalty_rate=float(rng.choice([0.01, 0.3])) if penalty in ("l1", "l2") else 0.02,
        clip_norm=float(rng.choice([0.05, 2.0])) if rng.random() < 0.4 else None,
    )


def going(number: int) -> Session:
    """The run of a random project, some steps on its way, which may end within an epoch.

    In some of them weights are frozen on the way, which the optimizer still remembers.
    """
    project = random_project(number)
    run = Session(project)
    run.advance(3 * number % 31)
    if number % 4 == 0:
        network = _frozen(np.random.default_rng(number), project.network)
        assert run.follow(replace(project, network=network))
    return run


def beginning(number: int) -> Session:
    """A new run of what `going` came to."""
    return Session(going(number).project)


def next_losses(run: Session) -> list[float]:
    """Go on, and return the loss of each batch before its step."""
    losses = []
    for _ in range(NEXT):
        assert run.advance(1) == 1
        losses.append(run.moment().state.batch_loss)
    return losses


def executed(made: Program, folder: Path) -> dict[str, Any]:
    """What is defined where a program has been run, in this process, as a module."""
    if made.arrays:
        (folder / made.beside).write_bytes(pack_arrays(made.arrays))
    names: dict[str, Any] = {"__name__": "network", "__file__": str(folder / "network.py")}
    exec(compile(made.text, "network.py", "exec"), names)  # noqa: S102 - that is what it is for
    return names


def same(values: Any, expected: Any, tolerance: float) -> bool:
    """Whether losses are equal, as shares of themselves."""
    return np.allclose(values, expected, rtol=tolerance, atol=tolerance * 1e-3)
