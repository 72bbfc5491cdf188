"""Everything that is known of a node or a connection, as it is listed: groups of numbers under captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.errors import grouped
from bpviz.training.known import Fact, Known
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace, parameter_index
from bpviz.training.quantities import QUANTITIES
from bpviz.training.snapshot import Snapshot, Traced

_STEPS: Final[Mapping[Traced, str]] = {
    "made": "Step just made",
    "passing": "At step {}",
    "coming": "Coming step",
}
_VALUES: Final[Mapping[type, str]] = {PairPlace: "weight", BiasPlace: "bias"}


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a list.

    Attributes:
        word: What it is.
        symbol: In formulas.
        whose: Of which example it is, or the mean of how many; empty where there is nothing to say.
        value: None while it is not computed.
        about: As a tooltip.
        replaces: It is what becomes of the number before.
    """

    word: str
    symbol: str
    whose: str
    value: float | None
    about: str
    replaces: bool = False

    def label(self, said: str = "", *, symbol: bool = True) -> str:
        """Name it, and say whose it is where that is not ``said`` above."""
        known = not symbol or self.symbol in ("", self.word)
        name = self.word if known else f"{self.word} {self.symbol}"
        return f"{name}, {self.whose}" if self.whose not in ("", said) else name


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers under one caption.

    Attributes:
        caption: What they have in common; empty if nothing.
        lines: The numbers.
        whose: Of which example they are, or the mean of how many.
        about: Which of them, where it is not all.
    """

    caption: str
    lines: Sequence[Line]
    whose: str = ""
    about: str = ""

    @property
    def title(self) -> str:
        """The caption, with whose the numbers are."""
        whose = f"{self.about}: {self.whose}" if self.about else self.whose
        return ", ".join(part for part in (self.caption, whose) if part)


def node_groups(snapshot: Snapshot, known: Known | None, node_id: str) -> list[Group]:
    """List what is known of a node, then of its bias."""
    at = snapshot.compiled.places.get(node_id)
    if at is None:
        return []
    node, groups = NodePlace(*at), []
    if known is not None:
        facts = known.listed(node)
        whose = next((fact.whose for fact in facts), "")
        groups.append(Group(_step(snapshot), [_line(fact) for fact in facts], whose))
    if node.layer:
        groups.append(_parameters("Bias", snapshot, known, BiasPlace(node)))
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
    group = _parameters(_step(snapshot) if known is not None else "", snapshot, known, place)
    return [group] if group.lines else []


def whole_groups(snapshot: Snapshot, known: Known | None) -> list[Group]:
    """List what is known of the network and its batch together."""
    lines = [] if known is None else [_line(fact) for fact in known.listed(WHOLE)]
    return [Group(_step(snapshot), lines)] if lines else []


def _parameters(caption: str, snapshot: Snapshot, known: Known | None, place: BiasPlace | PairPlace) -> Group:
    """List a weight or bias; a weight is no mean, but its gradient may be one."""
    lines = _parameter_lines(snapshot, known, place)
    first = next((line for line in lines if line.whose), None)
    return Group(caption, lines) if first is None else Group(caption, lines, first.whose, first.word.lower())


def _parameter_lines(snapshot: Snapshot, known: Known | None, place: BiasPlace | PairPlace) -> list[Line]:
    if known is not None:
        lines = [_line(fact) for fact in known.listed(place)]
        # The change says as much, until somebody walks there to see what comes of it.
        return lines if snapshot.cursor is not None else [line for line in lines if not line.replaces]
    at = parameter_index(snapshot.compiled.plan, place)
    if at is None or snapshot.parameters is None:
        return []
    return [_line(Fact(QUANTITIES["value"], place, float(snapshot.parameters[at]), ""))]


def _line(fact: Fact) -> Line:
    entry = fact.entry
    word = _VALUES[type(fact.place)] if entry.name == "value" else entry.word
    symbol = entry.symbol_at(fact.place)
    return Line(_begun(word), symbol, fact.whose, fact.value, _begun(entry.label), bool(entry.after))


def _begun(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _step(snapshot: Snapshot) -> str:
    step = 0 if snapshot.trace is None else snapshot.trace.before.step
    return _STEPS[snapshot.traced].format(grouped(step))
