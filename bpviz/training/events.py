"""What is said about edits of a run: the texts of its events, for marks in plots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

from bpviz.errors import counted
from bpviz.model.naming import address_label
from bpviz.model.spec import Address, Network, Project, Training
from bpviz.training.run_state import Event

_LABELS: Final = {
    "optimizer_options": "optimizer settings",
    "schedule_options": "schedule settings",
    "last_batch": "last batch",
    "penalty_rate": "penalty rate",
    "clip_norm": "clipping",
    "stop": "stop rules",
}
"""Fields of `Training` whose name is not what people say."""

_WITHOUT_VALUES: Final = frozenset({"optimizer_options", "schedule_options", "stop"})


def appended(events: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
    """Add an event; several of one kind between two steps become one, and what was taken back none.

    A value set by hand keeps what it was before the first time.  Of edits, the caller's text tells the whole
    difference since the step; an empty one says that there is none.
    """
    before = next((old for old in reversed(events) if _continues(old, event)), None)
    if before is not None:
        event = replace(event, old=before.old)
        events = tuple(old for old in events if old is not before)
    taken_back = event.old == event.new if event.kind == "value" else not event.text
    return events if taken_back else (*events, event)


def _continues(before: Event, event: Event) -> bool:
    """Whether two events are one, told twice."""
    same = (before.step, before.kind, before.address) == (event.step, event.kind, event.address)
    return same and event.kind in ("value", "retuned", "rewired")


def value_text(network: Network, address: Address, value: float) -> str:
    """Say which weight or bias was set by hand, and to what."""
    return f"{address_label(network, address)} set to {value:.6g}".replace("-", "−")


def retuned_text(before: Project, after: Project) -> str:
    """Say which settings changed; empty if none did."""
    parts = [
        _changed(field.name, before.training, after.training)
        for field in fields(Training)
        if getattr(before.training, field.name) != getattr(after.training, field.name)
    ]
    if _differ(_activations(before.network), _activations(after.network)):
        parts.append("activations changed")
    if _differ(_frozen(before.network), _frozen(after.network)):
        parts.append("frozen parameters changed")
    return ", ".join(parts)


def rewired_text(before: Network, after: Network) -> str:
    """Say how many nodes and connections the network has now; empty if it is wired as before."""
    if _wiring(before) == _wiring(after):
        return ""
    nodes = sum(layer.size for layer in after.layers)
    pairs = sum(link.removed.targets * link.removed.sources - link.removed.count for link in after.links)
    return f"network changed: {counted(nodes, 'node')}, {counted(pairs, 'connection')}"


def _changed(name: str, before: Training, after: Training) -> str:
    label = _LABELS.get(name, name.replace("_", " "))
    if name in _WITHOUT_VALUES:
        return f"{label} changed"
    old, new = (_text(name, getattr(training, name)) for training in (before, after))
    return f"{label} {old} → {new}"


def _text(name: str, value: object) -> str:
    if value is None:
        return "all examples" if name == "batch_size" else "off"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _activations(network: Network) -> dict[str, str]:
    """Activation of each node, of those whose layer has one."""
    return {
        node.id: layer.activation_of(node)
        for layer in network.layers
        if layer.role != "input"
        for node in layer.nodes
    }


def _frozen(network: Network) -> dict[object, object]:
    """What is frozen: by node, and by link between layers of just these nodes."""
    nodes = {layer.id: tuple(node.id for node in layer.nodes) for layer in network.layers}
    frozen: dict[object, object] = {
        node.id: node.bias_frozen for layer in network.layers for node in layer.nodes
    }
    frozen.update({(nodes[link.source], nodes[link.target]): link.frozen for link in network.links})
    return frozen


def _differ(before: Mapping[Any, object], after: Mapping[Any, object]) -> bool:
    """Whether something that exists in both is not the same; what comes or goes is told by another event."""
    return any(before[key] != after[key] for key in before.keys() & after.keys())


def _wiring(network: Network) -> object:
    layers = {layer.id: tuple(node.id for node in layer.nodes) for layer in network.layers}
    return layers, {link.key: link.removed for link in network.links}
