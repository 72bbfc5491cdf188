"""Edits of settings, data and start values; and the lift from the drawing to the whole project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any, Literal, TypeVar

from bpviz.data.datasets import facts
from bpviz.data.features import find
from bpviz.data.settings import DataSettings
from bpviz.data.shapes import with_fitting_image
from bpviz.engine.losses import LOSSES
from bpviz.errors import BpvizError, DataError, ModelError, UnknownNameError
from bpviz.model.checks import check_data, check_size, check_training
from bpviz.model.common import ID
from bpviz.model.edits.layers import add_end, resize_layer, set_activation
from bpviz.model.edits.masks import with_layer
from bpviz.model.edits.nodes import set_features
from bpviz.model.edits.starts import start_in
from bpviz.model.fitting import SUITED, Wish, wish
from bpviz.model.layout import arrange
from bpviz.model.naming import NewId
from bpviz.model.spec import Layer, Network, Node, Project, Training

S = TypeVar("S", Training, DataSettings)


def on_network(edit: Callable[[Network], Network]) -> Callable[[Project], Project]:
    """Lift an edit of the drawing to the project; start values whose address goes are forgotten."""

    def lifted(project: Project) -> Project:
        return with_network(project, edit(project.network))

    return lifted


def with_network(project: Project, network: Network) -> Project:
    """Return the project with another drawing, and of its start values those that still have an address.

    Raises:
        ModelError: If the drawing is too large.
    """
    check_size(network.layers, [link.key for link in network.links])
    start = project.start
    if start and _places(network) != _places(project.network):
        start = start_in(network, start)
    return replace(project, network=network, start=start)


def _places(network: Network) -> tuple[object, ...]:
    """All that decides where weights and biases are."""
    layers = ((layer.id, layer.role, tuple(map(ID, layer.nodes))) for layer in network.layers)
    return (*layers, *((link.key, link.removed) for link in network.links))


def arrange_network(project: Project) -> Project:
    """Put all layers and nodes of the picture in order.

    Raises:
        CycleError: If links form a loop.
    """
    return replace(project, network=arrange(project.network))


def set_training(project: Project, **changes: Any) -> Project:
    """Change settings of the training, by the names of the fields of `Training`.

    Another optimizer, schedule or initializer starts from its own default options.

    Raises:
        SettingError: If a value is outside what it may be.
        UnknownNameError: If there is no such setting, or a table has no such entry.
    """
    for table in ("optimizer", "schedule", "initializer"):
        changed = changes.get(table, getattr(project.training, table)) != getattr(project.training, table)
        if changed:
            changes.setdefault(f"{table}_options", ())
    training = _changed(project.training, "the training", changes)
    check_training(training)
    return replace(project, training=training)


def end_after(project: Project, epochs: int | None) -> Project:
    """Let a run of a project end after so many epochs; None or 0 changes nothing."""
    if not epochs:
        return project
    return set_training(project, stop=replace(project.training.stop, epochs=epochs))


def _changed(settings: S, whose: str, changes: dict[str, Any]) -> S:
    """Return settings with some fields changed.

    Raises:
        UnknownNameError: If there is no such field.
    """
    known = [field.name for field in fields(settings)]
    for name in changes:
        if name not in known:
            raise UnknownNameError(f"setting of {whose}", name, known)
    return replace(settings, **changes)


def set_data(project: Project, new_id: NewId, **changes: Any) -> Project:
    """Change settings of the data, by the names of the fields of `DataSettings`.

    Other data bring an input and an output layer that fit them, see `fit_to_data`; more noise or
    another split leave the network as it is.

    Args:
        project: What to change.
        new_id: Where ids of new nodes come from.
        **changes: New values.

    Raises:
        SettingError: If a value is outside what it may be.
        UnknownNameError: If there is no such setting or data set.
        DataError: If a table has no such column.
    """
    data = _changed(project.data, "the data", changes)
    other = {"source", "table", "targets", "target_kind", "classes", "uses"} & changes.keys()
    if "source" in changes and "samples" not in changes and data.source != project.data.source:
        data = replace(data, samples=None)
    data = data if "image" in changes else with_fitting_image(data)
    check_data(data)
    changed = replace(project, data=data)
    if not any(getattr(data, name) != getattr(project.data, name) for name in other):
        return changed
    return fit_to_data(changed, new_id, before=project)


def set_examples(project: Project, new_id: NewId, data: DataSettings) -> Project:
    """Learn from other examples; if they have the same inputs and targets, all else stays as it is.

    Raises:
        DataError: If the data can't be used as they are set.
        ModelError: If the network has not exactly one input and one output layer.
    """
    data = with_fitting_image(data)
    check_data(data)
    after, before = facts(data), facts(project.data)
    alike = ("columns", "target_names", "classes")
    if all(getattr(after, name) == getattr(before, name) for name in alike):
        return replace(project, data=data)
    return set_data(project, new_id, **{field.name: getattr(data, field.name) for field in fields(data)})


def fit_to_data(project: Project, new_id: NewId, *, before: Project | None = None) -> Project:
    """Let the input and output layers, the loss, the scaling and the split suit the data.

    A layer that is not drawn yet stays so; `draw_end` draws it as the data ask.  Hidden layers stay, and
    so do all nodes that still serve.  What data of the same kind asked for before, and the user may have
    chosen otherwise since, is not set again.

    Args:
        project: What to fit.
        new_id: Where ids of new nodes come from.
        before: The project with its former data, if there were any.

    Raises:
        DataError: If the data can't be used as they are set.
        ModelError: If the network has not exactly one input and one output layer.
    """
    asked = wish(project.data)
    if not asked.features:
        raise DataError(
            "Besides its target the table has no column of numbers to learn from; choose another."
        )
    former = None if before is None else _former_wish(before.data)
    network = project.network
    drawn = {layer.role for layer in network.layers}
    if "input" in drawn and (former is None or former.features != asked.features):
        same = before is not None and _same_columns(before.data, project.data)
        network = _fit_input(network, asked, former, new_id, keeps=same)
    if "output" in drawn:
        network = _fit_output(network, asked, former, new_id)
    data, training = project.data, project.training
    for name in SUITED:
        if former is None or getattr(former, name) != getattr(asked, name):
            data = replace(data, **{name: getattr(asked, name)})
    if former is None or former.loss != asked.loss:
        training = replace(training, loss=asked.loss)
    return with_network(replace(project, data=data, training=training), network)


def draw_end(
    project: Project, role: Literal["input", "output"], new_id: NewId, x: float = 0.0, y: float = 0.0
) -> Project:
    """Draw the input or the output layer, as the data ask for it, where the drawing has none.

    Args:
        project: What to draw on.
        role: Which end.
        new_id: Where its ids come from.
        x: Where the column stands, see `add_end`.
        y: Height of its middle.

    Raises:
        DataError: If the data can't be used as they are set.
        ModelError: If there is such a layer already.
    """
    asked = wish(project.data)
    if role == "input":
        nodes = [Node(new_id("n"), feature=feature) for feature in asked.features]
        activation = "linear"
    else:
        nodes = [Node(new_id("n"), name=name) for name in asked.outputs]
        activation = asked.activation
    end = partial(add_end, role=role, layer_id=new_id("l"), nodes=nodes, activation=activation, x=x, y=y)
    return on_network(end)(project)


def _former_wish(data: DataSettings) -> Wish | None:
    try:
        return wish(data)
    except BpvizError:  # the former data could not be used; nothing was chosen for them
        return None


def _same_columns(before: DataSettings, after: DataSettings) -> bool:
    """Whether both are the user's own table with the same columns, whatever these are taken for."""
    if before.table is None or after.table is None:
        return False
    return (before.source, before.table.columns) == (after.source, after.table.columns)


def _fit_input(network: Network, asked: Wish, former: Wish | None, new_id: NewId, *, keeps: bool) -> Network:
    layer = network.input
    shown = () if layer is None else tuple(node.feature or "" for node in layer.nodes)
    if keeps and former is not None and shown != former.features:
        # Some were chosen: those that there still are stay, and what a column newly is comes with it.
        kept = [text for text in shown if find(text, asked.features) is not None]
        kept += [text for text in asked.features if text not in (*former.features, *kept)]
        if kept:
            return set_features(network, kept, [new_id("n") for _ in kept])
    if layer is None or former is None or (shown, len(shown)) != (former.features, len(asked.features)):
        return set_features(network, asked.features, [new_id("n") for _ in asked.features])
    # As many columns under other names: the nodes stay, with the values set by hand that lead out of them.
    pairs = zip(layer.nodes, asked.features, strict=True)
    return with_layer(network, replace(layer, nodes=tuple(replace(n, feature=text) for n, text in pairs)))


def _fit_output(network: Network, asked: Wish, former: Wish | None, new_id: NewId) -> Network:
    layer = network.output
    if layer is None:
        raise ModelError("The network needs exactly one output layer before data can be chosen.")
    if former is not None and former.output == asked.output:
        return _named(network, layer, asked)
    size = len(asked.outputs)
    chosen = former is not None and layer.activation != former.activation
    if chosen and asked.shares and layer.size == size and LOSSES[asked.loss].allows(layer.activation):
        return _named(network, layer, asked)  # targets from 0 to 1 are what any activation can put out
    ids = [new_id("n") for _ in range(size - layer.size)]
    network = resize_layer(network, layer.id, size, ids)
    return _named(set_activation(network, layer.id, asked.activation), network.layer(layer.id), asked)


def _named(network: Network, layer: Layer, asked: Wish) -> Network:
    """Call the output nodes as the data call them."""
    current = network.layer(layer.id)
    if current.size != len(asked.outputs):
        return network
    nodes = tuple(replace(n, name=name) for n, name in zip(current.nodes, asked.outputs, strict=True))
    return with_layer(network, replace(current, nodes=nodes))
