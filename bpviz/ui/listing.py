"""Everything that is known of a node or a connection, as it is listed: groups of numbers under captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpviz.training.known import Fact, Known
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace, parameter_index
from bpviz.training.quantities import QUANTITIES
from bpviz.training.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a list.

    Attributes:
        label: What it is, and of which example or the mean of how many, where the caption doesn't say.
        value: None while it is not computed.
        about: As a tooltip.
    """

    label: str
    value: float | None
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers under one caption."""

    caption: str
    lines: Sequence[Line]


def node_groups(snapshot: Snapshot, known: Known | None, node_id: str) -> list[Group]:
    """List what is known of a node, then of its bias."""
    at = snapshot.compiled.places.get(node_id)
    if at is None:
        return []
    node, groups = NodePlace(*at), []
    if known is not None:
        facts = known.listed(node)
        whose = next((fact.whose for fact in facts), "")
        caption = ", ".join(part for part in (_step(snapshot), whose) if part)
        groups.append(Group(caption, [_line(fact, said=whose) for fact in facts]))
    if node.layer:
        groups.append(Group("Bias", _parameter_lines(snapshot, known, BiasPlace(node))))
    return [group for group in groups if group.lines]


def pair_groups(snapshot: Snapshot, known: Known | None, pair: tuple[str, str]) -> list[Group]:
    """List what is known of a connection."""
    places = snapshot.compiled.places
    if not places.keys() >= set(pair):
        return []
    place = PairPlace(*(NodePlace(*places[node]) for node in pair))
    at = parameter_index(snapshot.compiled.plan, place)
    if at is None or not snapshot.compiled.plan.present[at]:
        return []
    lines = _parameter_lines(snapshot, known, place)
    return [Group(_step(snapshot) if known is not None else "", lines)] if lines else []


def whole_groups(snapshot: Snapshot, known: Known | None) -> list[Group]:
    """List what is known of the network and its batch together."""
    lines = [] if known is None else [_line(fact) for fact in known.listed(WHOLE)]
    return [Group(_step(snapshot), lines)] if lines else []


def _parameter_lines(snapshot: Snapshot, known: Known | None, place: BiasPlace | PairPlace) -> list[Line]:
    if known is not None:
        return [_line(fact) for fact in known.listed(place)]
    at = parameter_index(snapshot.compiled.plan, place)
    if at is None or snapshot.parameters is None:
        return []
    return [_line(Fact(QUANTITIES["value"], place, float(snapshot.parameters[at]), ""))]


def _line(fact: Fact, said: str = "") -> Line:
    word = "weight" if fact.entry.name == "value" and isinstance(fact.place, PairPlace) else fact.entry.word
    symbol = fact.entry.symbol_at(fact.place)
    label = f"{word[0].upper()}{word[1:]} {symbol}" if word != symbol else word
    whose = f", {fact.whose}" if fact.whose != said else ""
    about = fact.entry.label
    return Line(label + whose, fact.value, f"{about[0].upper()}{about[1:]}")


def _step(snapshot: Snapshot) -> str:
    made = snapshot.cursor is not None and snapshot.cursor.is_last
    return "Step just made" if made else "Coming step"
