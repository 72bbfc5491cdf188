"""Write a project as a link to the Playground, or say what stands in its way.

A link says settings: names, places in the picture and what was trained have no room in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from bpviz.data.datasets import DATASETS
from bpviz.data.settings import DataSettings
from bpviz.data.split import train_count
from bpviz.model.common import kept_by_identity
from bpviz.model.playground.keys import (
    ACTIVATIONS,
    ADDRESS,
    CLASS_SETS,
    FEATURES,
    NUMBER_SETS,
    PENALTIES,
)
from bpviz.model.playground.reading import number, written
from bpviz.model.spec import Layer, Link, Network, Project, Stop, Training
from bpviz.streams import playground_key

Way: TypeAlias = Literal[
    "data",
    "samples",
    "scaling",
    "noise",
    "share",
    "chain",
    "frozen",
    "features",
    "activation",
    "output",
    "loss",
    "optimizer",
    "clip",
    "batch",
    "order",
    "penalty",
    "initializer",
    "precision",
    "stop",
    "start",
]
_SETS: Final = {own: key for key, own in (CLASS_SETS | NUMBER_SETS).items()}
_REGULARIZATIONS: Final = {own: key for key, own in PENALTIES.items()}
_KEYS: Final = {own: key for key, own in FEATURES.items()}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something of a project that no link can say.

    Attributes:
        way: What; see `bpviz.model.playground.words`.
    """

    way: Way


@kept_by_identity(1)  # whoever offers the link asks again and again whether there is one
def link_of(project: Project) -> str | tuple[Obstacle, ...]:
    """Return the link that gives this project back, or all that stands in its way."""
    ways = (*_data_ways(project), *_network_ways(project), *_training_ways(project))
    if ways:
        return tuple(map(Obstacle, ways))
    return ADDRESS + "#" + "&".join(f"{key}={value}" for key, value in _pairs(project))


def _pairs(project: Project) -> Iterator[tuple[str, str]]:
    data, training = project.data, project.training
    layers = _chain(project.network)
    hidden, shown = layers[1:-1], {node.feature for node in layers[0].nodes}
    numbers = data.source in NUMBER_SETS.values()
    yield "activation", hidden[0].activation_of(hidden[0].nodes[0]) if hidden else "tanh"
    yield "regularization", _REGULARIZATIONS[training.penalty]
    yield "batchSize", str(training.batch_size or _count(data))
    yield "regDataset" if numbers else "dataset", _SETS[data.source]
    yield "learningRate", written(training.learning_rate)
    yield "regularizationRate", written(training.penalty_rate)
    yield "noise", _percent(data.noise) or "0"
    yield "networkShape", ",".join(str(layer.size) for layer in hidden)
    yield "seed", playground_key(training.seed)
    yield "percTrainData", _percent(data.train_share) or "50"
    for key, feature in FEATURES.items():
        yield key, "true" if feature in shown else "false"
    yield "problem", "regression" if numbers else "classification"
    yield "initZero", "true" if training.initializer == "zeros" else "false"


def _data_ways(project: Project) -> Iterator[Way]:
    data = project.data
    if data.source not in _SETS:
        yield "data"
        return
    if data.samples not in (None, DATASETS[data.source].samples):
        yield "samples"
    if (data.scaling, data.target_scaling) != ("none", "none"):
        yield "scaling"
    if _percent(data.noise) is None:
        yield "noise"
    share = _percent(data.train_share)
    size = DATASETS[data.source].samples
    # The page rounds down without bpviz's care for such numbers as .29.
    if share is None or math.floor(size * number(share) / 100) != _count(data):
        yield "share"


def _network_ways(project: Project) -> Iterator[Way]:
    layers = _chain(project.network)
    if not layers:
        yield "chain"
        return
    links = project.network.links
    if any(link.frozen.count for link in links) or any(n.bias_frozen for la in layers[1:] for n in la.nodes):
        yield "frozen"
    shown = [node.feature for node in layers[0].nodes]
    if shown != [feature for feature in FEATURES.values() if feature in shown]:
        yield "features"
    functions = {node.activation or layer.activation for layer in layers[1:-1] for node in layer.nodes}
    if len(functions) > 1 or not functions <= set(ACTIVATIONS.values()):
        yield "activation"
    numbers = project.data.source in NUMBER_SETS.values()
    last = [layers[-1].activation_of(node) for node in layers[-1].nodes]
    if last != ["linear" if numbers else "tanh"]:
        yield "output"


def _training_ways(project: Project) -> Iterator[Way]:
    training, usual = project.training, Training()
    plain = replace(usual, learning_rate=training.learning_rate)
    fields = ("optimizer", "optimizer_options", "schedule", "schedule_options", "warmup")
    no: dict[Way, bool] = {
        "loss": training.loss != "half_squared",
        "optimizer": any(getattr(training, name) != getattr(plain, name) for name in fields),
        "clip": training.clip_norm is not None,
        "batch": project.data.source in _SETS and (training.batch_size or 0) > _count(project.data),
        "order": (training.shuffle, training.last_batch) != ("never", "carry over"),
        "penalty": training.penalty not in _REGULARIZATIONS,
        "initializer": training.initializer not in ("playground", "zeros"),
        "precision": training.precision != "float64",
        "stop": training.stop != Stop(),
        "start": bool(project.start),
    }
    yield from (way for way, is_there in no.items() if is_there)


def _chain(network: Network) -> tuple[Layer, ...]:
    """The layers from input to output, if each is linked to the next by all pairs and to no other."""
    follow: dict[str, Link] = {link.source: link for link in network.links}
    here, last = network.input, network.output
    if here is None or last is None or len(follow) != len(network.links):
        return ()
    chain = [here]
    while here.id in follow and len(chain) <= len(network.layers):
        here = network.layer(follow[here.id].target)
        chain.append(here)
    whole = len(chain) == len(network.layers) == len(network.links) + 1 and chain[-1] is last
    joined = all(follow[a.id].removed.count == 0 and a.size and b.size for a, b in pairwise(chain) if whole)
    return tuple(chain) if whole and joined else ()


def _count(data: DataSettings) -> int:
    return train_count(DATASETS[data.source].samples, data.train_share)


def _percent(share: float) -> str | None:
    """Write a part of 1 as the percentage that the page divides by 100; None if no number gives it back."""
    near = share * 100
    for value in (round(near, 10), near, math.nextafter(near, 0.0), math.nextafter(near, math.inf)):
        if value / 100 == share:
            return written(value)
    return None
