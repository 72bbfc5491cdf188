"""Runs and networks for the tests of files: small, and of every kind that a file must hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Link, Network, PairMask, Project, Training, options
from bpviz.training.session import Session


def gnarled(network: Network, seed: int = 0) -> Network:
    """Give a network what makes files hard: a skipping link, removed and frozen pairs, an own activation."""
    random = np.random.default_rng(seed)
    first, *_, last = network.layers
    links = []
    for link in network.links:
        shape = (link.removed.targets, link.removed.sources)
        removed, frozen = random.random(shape) < 0.2, random.random(shape) < 0.2
        removed[0, 0] = False
        links.append(replace(link, removed=PairMask.of(removed), frozen=PairMask.of(frozen)))
    if network.link(first.id, last.id) is None:
        links.append(Link.dense(first, last))
    hidden = network.layers[1]
    nodes = (replace(hidden.nodes[0], activation="sine", bias_frozen=True, name="ω"), *hidden.nodes[1:])
    layers = tuple(replace(layer, nodes=nodes) if layer is hidden else layer for layer in network.layers)
    return Network(layers, tuple(links))


@pytest.fixture(scope="session")
def hard_project() -> Project:
    """The spiral by a network with masks, a skipping link and mixed activations, with Adam and a schedule."""
    project = EXAMPLES["spiral"].build()
    training = Training(
        seed=7,
        optimizer="adam",
        optimizer_options=options(beta1=0.8),
        learning_rate=0.01,
        schedule="exponential",
        warmup=1.0,
        batch_size=30,
        last_batch="carry over",
        penalty="l2",
        penalty_rate=0.1,
        clip_norm=1.0,
    )
    return replace(project, network=gnarled(project.network), training=training, title='A "hard" one, ω')


@pytest.fixture
def hard_run(hard_project: Project) -> Session:
    """A run of it, in the middle of an epoch."""
    run = Session(hard_project)
    run.advance(run.steps_per_epoch * 2 + 3)
    return run
