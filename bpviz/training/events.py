"""What was done to a run: which events are one, and the words for them where they are shown."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import groupby, takewhile
from typing import Any, Final

from bpviz.data.datasets import facts
from bpviz.errors import counted, grouped
from bpviz.model.impact import Impact, impact, learns_other_rows
from bpviz.model.naming import address_label
from bpviz.model.spec import Address, BiasAddress, Network, Project, Training
from bpviz.training.run_state import Event
from bpviz.training.stops import stop_text
from bpviz.training.timeline_view import Mark

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
_WITH_MEMORY: Final = ("optimizer", "penalty", "loss", "stop")
_TOLD_ONE_BY_ONE: Final = 8  # values set at one step; of more, how many
"""Settings that leave a trace even where they are taken back at once."""

_CHANGES: Final = frozenset({"edited", "value"})
"""Kinds of events after which a run is not what the step before them made."""


@dataclass(frozen=True, eq=False)
class Story:
    """All that was done to a run, in order.

    Attributes:
        began: The project before all of it; None where a file of an earlier version does not tell.
        events: What was done.
        settled: So many of them nothing continues: a branch changes nothing about what was before it.
    """

    began: Project | None
    events: tuple[Event, ...] = ()
    settled: int = 0

    @cached_property
    def told(self) -> tuple[tuple[int, str], ...]:
        """What happened, (step, words), for marks in plots."""
        return tuple(_told(self.events, self.began))

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """What happened, also that it stopped: a mark for each step at which there is something to tell."""
        told = {step: tuple(words for _, words in here) for step, here in groupby(self.told, key=_step)}
        marks = []
        for step, here in groupby(self.events, key=lambda event: event.step):
            events = tuple(here)
            stops = tuple(stop_text(event.rule) for event in events if event.kind == "stopped")
            words = (*told.get(step, ()), *stops)
            if words:
                marks.append(Mark(step, events[0].kind, words))
        return tuple(marks)

    @cached_property
    def turns(self) -> tuple[Project, ...]:
        """The projects with which the run began, and began to learn from other examples."""
        turns, last = [] if self.began is None else [self.began], self.began
        for event in self.events:
            if event.project is not None:
                if last is not None and learns_other_rows(last, event.project):
                    turns.append(event.project)
                last = event.project
        return tuple(turns)

    def upto(self, count: int) -> Story:
        """The story when so many events had happened."""
        if count == len(self.events):
            return self
        return Story(self.began, self.events[:count], min(self.settled, count))

    def settle(self) -> Story:
        """The same story, of which nothing is continued."""
        return Story(self.began, self.events, len(self.events))

    def before(self, step: int) -> int:
        """How many events had happened when a run went on from a step."""
        return bisect_right(self.events, step, key=lambda event: event.step)

    def made(self, step: int) -> int:
        """How many events had happened when a step was just made, before the first change there."""
        here = range(bisect_left(self.events, step, key=lambda event: event.step), self.before(step))
        return next((at for at in here if self.events[at].kind in _CHANGES), here.stop)

    def followed_by(self, event: Event) -> Story:
        """The story with one event more; what continues the last, such as a held slider, takes its place."""
        events, last = self.events, self.events[-1] if len(self.events) > self.settled else None
        if last is not None and (last.step, last.kind) == (event.step, event.kind) and not self._failed_here:
            if event.kind == "value" and last.address == event.address:
                return Story(self.began, (*events[:-1], replace(event, old=last.old)), self.settled)
            before = project_at(events[:-1], self.began)
            if event.kind == "edited" and _is_one(before, last.project, event.project):
                return Story(self.began, (*events[:-1], event), self.settled)
        return Story(self.began, (*events, event), self.settled)

    @property
    def _failed_here(self) -> bool:
        """Whether a step failed where the last event happened: each edit after that may help, or not."""
        events, step = self.events, self.events[-1].step
        here = takewhile(lambda event: event.step == step, reversed(events))
        return any(event.rule == "diverged" for event in here)


def _step(told: tuple[int, str]) -> int:
    return told[0]


def project_at(events: Sequence[Event], began: Project | None) -> Project | None:
    """The project that a run follows after these events; None if nothing tells it."""
    edits = (event.project for event in reversed(events) if event.kind == "edited")
    return next(edits, began)


def _is_one(before: Project | None, between: Project | None, after: Project | None) -> bool:
    """Whether two edits in a row leave the run as the two at once would."""
    if before is None or between is None or after is None:
        return False
    reach = max(impact(before, between)[0], impact(between, after)[0])
    # What is taken back was followed all the same: the run has measured itself.
    if reach > Impact.RETUNE or reach != impact(before, after)[0]:
        return False
    trainings = [project.training for project in (before, between, after)]
    return all(len({getattr(one, name) for one in trainings}) == 1 for name in _WITH_MEMORY)


def _told(events: Sequence[Event], began: Project | None) -> Iterator[tuple[int, str]]:
    """Say what happened, all of one kind at one step at once.

    What was taken back before the next step is not told, nor what happened before the first.
    """
    project = began
    for step, group in groupby(events, key=lambda event: event.step):
        here = tuple(group)
        after = project_at(here, project)
        for words in _words(here, project, after):
            yield step, words
        project = after


def _words(here: Sequence[Event], before: Project | None, after: Project | None) -> Iterator[str]:
    """What is told of one step."""
    if before is not None and after is not None:
        yield from filter(None, [rewired_text(before.network, after.network), retuned_text(before, after)])
    values: dict[Address, Event] = {}
    for event in here:
        if event.kind == "value" and event.address is not None:
            first = values.get(event.address, event)
            values[event.address] = replace(event, old=first.old)
    differing = {address: event.new for address, event in values.items() if event.old != event.new}
    if len(differing) > _TOLD_ONE_BY_ONE:
        yield f"{counted(len(differing), 'value')} set by hand"
        differing = {}
    for address, value in differing.items():
        if value is not None and after is not None:
            yield value_text(after.network, address, value)
    for event in here:
        if event.kind == "path" and event.step:
            yield f"the {event.path} path computes from here"
        elif event.kind == "continued":
            yield "went on"
        elif event.kind == "remark":
            yield event.words


def value_text(network: Network, address: Address, value: float) -> str:
    """Say which weight or bias was set by hand, and to what; its nodes may be gone by now."""
    ids = (address.node,) if isinstance(address, BiasAddress) else (address.source, address.target)
    if not {node.id for layer in network.layers for node in layer.nodes}.issuperset(ids):
        return f"a value set to {value:.6g}".replace("-", "−")
    return f"{address_label(network, address)} set to {value:.6g}".replace("-", "−")


def retuned_text(before: Project, after: Project) -> str:
    """Say which settings changed; empty if none did."""
    parts = [_examples_text(before, after)] if learns_other_rows(before, after) else []
    parts += [
        _changed(field.name, before.training, after.training)
        for field in fields(Training)
        if getattr(before.training, field.name) != getattr(after.training, field.name)
    ]
    if _differ(_activations(before.network), _activations(after.network)):
        parts.append("activations changed")
    if _differ(_frozen(before.network), _frozen(after.network)):
        parts.append("frozen parameters changed")
    return ", ".join(parts)


def _examples_text(before: Project, after: Project) -> str:
    """Say how many examples there are now."""
    old, new = (
        facts(data).rows if data.table is None else len(data.table.rows) for data in (before.data, after.data)
    )
    return "examples changed" if old == new else f"examples {grouped(old)} → {grouped(new)}"


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
