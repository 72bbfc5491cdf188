"""Why a project can't be played yet, in sentences, each with a remedy; and what is legal but unwise.

Nothing runs that has one: the window shows them, and `require_runnable` refuses every run with the first.
To add a reason, add a function that yields `Problem`s to `_RULES` or `_DATA_RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np

from bpviz.arrays import BoolArray
from bpviz.data.dataset import DataFacts, TargetRange
from bpviz.data.datasets import facts
from bpviz.data.features import parse
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.errors import BpvizError, DataError, ModelError
from bpviz.model.checks import check_network, data_faults, start_faults, training_faults
from bpviz.model.common import kept_by_identity
from bpviz.model.graph import ordered_layers, reached
from bpviz.model.naming import layer_label, node_label
from bpviz.model.spec import Link, Network, Project, Role, Training

_KEPT: Final = 4  # drawings: as it is, as it was, and what a run follows


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why Play is off.

    Attributes:
        text: A sentence that says what is wrong.
        remedy: A sentence that says what to do; empty when `text` says so itself.
        layers: Ids of the layers concerned, for the picture to mark.
        unfinished: Nothing is wrong; the drawing merely has not come so far yet.
    """

    text: str
    remedy: str = ""
    layers: tuple[str, ...] = ()
    unfinished: bool = False

    @property
    def sentence(self) -> str:
        """Text and remedy together."""
        return f"{self.text} {self.remedy}".strip()


@kept_by_identity(_KEPT)
def network_problems(network: Network) -> tuple[Problem, ...]:
    """Return every reason why a drawing can't be computed, whatever the data and the loss."""
    return tuple(problem for rule in _RULES for problem in rule(network))


def problems(project: Project) -> tuple[Problem, ...]:
    """Return every reason why a project can't be played; empty when it can."""
    return tuple(
        reason if isinstance(reason, Problem) else Problem(str(reason)) for reason in _reasons(project)
    )


def require_runnable(project: Project) -> None:
    """Refuse a project that can't be played, in the words of the first of its `problems`.

    Raises:
        SettingError: If a setting is outside what it may be.
        UnknownNameError: If a table has no entry of a name.
        DataError: If the data can't be used as they are set.
        ModelError: If the network can't run, or doesn't go with the loss or the data.
    """
    for reason in _reasons(project):
        raise ModelError(reason.sentence) if isinstance(reason, Problem) else reason


def _reasons(project: Project) -> Iterator[Problem | BpvizError]:
    """Why a project can't be played: first because of its drawing, then of its settings, then of its data."""
    drawing = network_problems(project.network)
    yield from drawing or _loss_problems(project)
    yield from (*training_faults(project.training), *start_faults(project.start))
    data = tuple(data_faults(project.data))
    yield from data or _data_problems(project)


def warnings(project: Project) -> tuple[str, ...]:
    """Return sentences about what can be played but is hardly meant."""
    found = training_warnings(project.training)
    return found if network_problems(project.network) else (*found, *_idle_warnings(project.network))


def training_warnings(training: Training) -> tuple[str, ...]:
    """Return those of them that the settings of the training alone give rise to."""
    optimizer = OPTIMIZERS.get(training.optimizer)
    if optimizer is None or not optimizer.full_batch or training.batch_size is None:
        return ()
    return (f"{optimizer.label} trusts each gradient, which mini-batches make random; use full batches.",)


@kept_by_identity(_KEPT)
def _idle_warnings(network: Network) -> tuple[str, ...]:
    return tuple(_idle(network))


def _idle(network: Network) -> Iterator[str]:
    """Say which nodes learn nothing, because no signal comes in or none gets out."""
    faults: tuple[tuple[Role, str], ...] = (
        ("input", "gets nothing from the inputs, so what it passes on never changes; connect it."),
        ("output", "reaches no output, so it learns nothing; connect it or remove it."),
    )
    for start, fault in faults:
        met = _met(network, start)
        for layer in network.layers:
            idle = [node.id for node in layer.nodes if node.id not in met]
            if layer.role == start or not idle:
                continue
            if len(idle) == layer.size:
                yield f"{layer_label(layer)} {fault}"
            else:
                more = f" (and {len(idle) - 1} more of its layer)" if len(idle) > 1 else ""
                yield f"{node_label(network, idle[0])}{more} {fault}"


def _met(network: Network, start: Role) -> set[str]:
    """Ids of the nodes that connections join to the input layer, or to the output layer."""
    order = ordered_layers(network)
    nodes = {layer.id: layer.nodes for layer in network.layers}
    met = {layer.id: np.full(layer.size, layer.role == start) for layer in network.layers}
    for layer in order if start == "input" else reversed(order):
        for link in network.links:
            if start == "input" and link.target == layer.id:
                met[layer.id] |= _joined(link, met[link.source])
            elif start == "output" and link.source == layer.id:
                met[layer.id] |= _joined(link, met[link.target], forward=False)
    return {
        node.id
        for layer_id, flags in met.items()
        for node, flag in zip(nodes[layer_id], flags.tolist(), strict=True)
        if flag
    }


def _joined(link: Link, met: BoolArray, *, forward: bool = True) -> BoolArray:
    """Which nodes at one end of a link are connected to some of the others, its sources or its targets."""
    mask = link.removed
    if not mask.bits:  # as most are that are large
        return np.full(mask.targets if forward else mask.sources, met.any())
    there = ~mask.array if forward else ~mask.array.T
    return np.asarray((there & met).any(axis=1))


def _role_problems(network: Network) -> Iterator[Problem]:
    if not network.layers:
        yield Problem("The sheet is empty.", "Add an input layer and an output layer.", unfinished=True)
        return
    for role in ("input", "output"):
        found = [layer for layer in network.layers if layer.role == role]
        if not found:
            yield Problem(f"The network has no {role} layer.", f"Add an {role} layer.", unfinished=True)
        elif len(found) > 1:
            ids = tuple(layer.id for layer in found)
            yield Problem(f"The network has {len(found)} {role} layers.", "Keep one of them.", ids)


def _empty_layer_problems(network: Network) -> Iterator[Problem]:
    for layer in network.layers:
        if not layer.nodes:
            yield Problem(
                f"{layer_label(layer)} has no node.", "Add a node to it or remove the layer.", (layer.id,)
            )


def _form_problems(network: Network) -> Iterator[Problem]:
    try:
        check_network(network)
    except BpvizError as fault:
        yield Problem(str(fault))


def _reach_problems(network: Network) -> Iterator[Problem]:
    start, end = network.input, network.output
    if start is None or end is None:
        return
    if end.id not in reached((link.key for link in network.links), start.id):
        text = f"No path of links leads from {layer_label(start)} to {layer_label(end)}."
        yield Problem(text, "Connect the layers between them.", (start.id, end.id))


def _activation_problems(network: Network) -> Iterator[Problem]:
    for layer in network.layers:
        if layer.role == "input":
            continue
        own = {node.activation for node in layer.nodes if node.activation is not None}
        known = {layer.activation, *own} & set(ACTIVATIONS)
        joint = {name for name in known if not ACTIVATIONS[name].elementwise}
        for name in sorted(joint):
            label = ACTIVATIONS[name].label
            if layer.role != "output":
                text = f"{layer_label(layer)} uses {label}, which belongs to the output layer alone."
                yield Problem(text, "Choose another activation for it.", (layer.id,))
            elif own:
                text = f"{label} joins all nodes of {layer_label(layer)}, but some have their own activation."
                yield Problem(text, "Let all its nodes follow the layer.", (layer.id,))


def _loss_problems(project: Project) -> Iterator[Problem]:
    output = project.network.output
    if output is None or project.training.loss not in LOSSES:
        return
    loss = LOSSES[project.training.loss]
    used = sorted({output.activation_of(node) for node in output.nodes})
    illegal = [ACTIVATIONS[name].label for name in used if not loss.allows(name)]
    if illegal:
        text = f"{loss.label} does not go with {' and '.join(illegal)} at the output."
        yield Problem(text, loss.remedy, (output.id,))
    if used == ["softmax"] and output.size == 1:
        text = "Softmax over a single node is always 1."
        yield Problem(text, "Use Sigmoid, or give the output a node for each class.", (output.id,))


def _data_problems(project: Project) -> Iterator[Problem | BpvizError]:
    try:
        known = facts(project.data)
    except BpvizError as fault:
        yield fault
        return
    for rule in _DATA_RULES:
        yield from rule(project, known)


def _feature_problems(project: Project, known: DataFacts) -> Iterator[Problem]:
    layer, columns = project.network.input, frozenset(known.columns)
    for node in layer.nodes if layer else ():
        assert layer is not None
        if node.feature in columns:  # as nearly all are, of which there may be thousands
            continue
        if node.feature is None:
            yield Problem("An input node shows no feature.", "Choose one for it or remove it.", (layer.id,))
            continue
        try:
            parse(node.feature, known.columns)
        except DataError as fault:
            yield Problem(str(fault), "", (layer.id,))


def _output_problems(project: Project, known: DataFacts) -> Iterator[Problem]:
    layer = project.network.output
    if layer is None:
        return
    if known.classes is None:
        legal, what = {len(known.target_names)}, "one for each number to predict"
    elif len(known.classes) == 2:
        legal, what = {1, 2}, "one, or one for each of the two classes"
    else:
        legal, what = {len(known.classes)}, "one for each class"
    if layer.size not in legal:
        needed = " or ".join(str(size) for size in sorted(legal))
        text = f"{layer_label(layer)} has {layer.size} nodes, but these data need {needed}: {what}."
        yield Problem(text, "Change the number of its nodes or the data.", (layer.id,))


def _task_problems(project: Project, known: DataFacts) -> Iterator[Problem]:
    loss = LOSSES.get(project.training.loss)
    if loss is None or known.task == "class" or loss.targets == "any":
        return
    if _RANGES.index(known.target_range) < _RANGES.index(loss.targets):
        text = f"{loss.label} is for {_MEANT[loss.targets]}, but these data have other numbers to predict."
        yield Problem(text, f"Choose {LOSSES['half_squared'].label} with a Linear output.")
    elif project.data.target_scaling != "none":
        text = f"{loss.label} is for {_MEANT[loss.targets]}, but the scaling moves the targets elsewhere."
        yield Problem(text, "Set the target scaling to None.")


_RANGES: Final = get_args(TargetRange)
"""From the widest to the narrowest."""
_MEANT: Final = {
    "shares": "classes or targets from 0 to 1",
    "distribution": "classes or targets that sum to 1",
}
_RULES: Final[tuple[Callable[[Network], Iterator[Problem]], ...]] = (
    _role_problems,
    _empty_layer_problems,
    _form_problems,
    _reach_problems,
    _activation_problems,
)
_DATA_RULES: Final[tuple[Callable[[Project, DataFacts], Iterator[Problem]], ...]] = (
    _feature_problems,
    _output_problems,
    _task_problems,
)
