"""What nodes are called in formulas, and how people refer to numbers.

``delta:h1``, ``gradient:x1->h1@3``, ``bias:o1``: a reference is a quantity, a place after a colon, and the
number of an example after ``@``.  A place is a node, or two with an arrow between; where a quantity belongs
to weights, one node means its bias.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bpviz.engine.plan import Plan
from bpviz.errors import SettingError, elided, one_line, suggestion
from bpviz.model.compile import Compiled
from bpviz.model.naming import node_labels
from bpviz.model.spec import Address, BiasAddress, WeightAddress
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace, Place, nodes_of, pairs_into
from bpviz.training.quantities import QUANTITIES, Quantity, Ref, has

ARROW: Final = "->"
_ARROWS: Final = re.compile(r"\s*(?:->|→)\s*")
_EXAMPLE: Final = re.compile(r"(.*)@(\d{1,18})", re.DOTALL)
_VALUES: Final = ("bias", "weight")
_LONGEST: Final = 12
"""A node's own name that is longer would drown a formula."""


@dataclass(frozen=True)
class Names:
    """What the nodes and examples of a pass are called.

    Attributes:
        labels: By layer and node, as captions have it.
        shorts: Likewise, as formulas have room for; no two are alike.
        examples: What each example of the batch is called.
    """

    labels: tuple[tuple[str, ...], ...]
    shorts: tuple[tuple[str, ...], ...]
    examples: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, NodePlace]:
        """Nodes by what they may be called, in small letters."""
        found: dict[str, NodePlace] = {}
        for names in (self.labels, self.shorts):
            for layer, nodes in enumerate(names):
                found |= {name.casefold(): NodePlace(layer, node) for node, name in enumerate(nodes)}
        return found

    def short(self, node: NodePlace) -> str:
        """Return what a node is called in formulas."""
        return self.shorts[node.layer][node.node]

    def place(self, place: Place) -> str:
        """Return how people refer to a place; nothing for the whole."""
        if isinstance(place, PairPlace):
            return f"{self.short(place.source)}{ARROW}{self.short(place.target)}"
        if isinstance(place, BiasPlace):
            return self.short(place.target)
        return self.short(place) if isinstance(place, NodePlace) else ""

    def ref(self, ref: Ref) -> str:
        """Return how people refer to a number."""
        key = ref.key
        if key == "value":
            key = "bias" if isinstance(ref.place, BiasPlace) else "weight"
        where = f":{place}" if (place := self.place(ref.place)) else ""
        many = ref.example is not None and len(self.examples) > 1
        return f"{key}{where}{f'@{self.examples[ref.example or 0]}' if many else ''}"


def names_of(compiled: Compiled, examples: Sequence[str]) -> Names:
    """Name the nodes of a drawing."""
    layers = [compiled.network.layer(layer_id) for layer_id in compiled.layer_ids]
    own = [[one_line(node.name or node.feature or "") for node in layer.nodes] for layer in layers]
    labels = tuple(tuple(one_line(elided(label, 40)) for label in node_labels(layer)) for layer in layers)
    return Names(labels, _shorts(own), tuple(examples))


def names_of_plan(plan: Plan, examples: int) -> Names:
    """Name the nodes of a plan that has no drawing."""
    shorts = _shorts([[""] * layer.size for layer in plan.layers])
    return Names(shorts, shorts, tuple(str(at) for at in range(examples)))


def _shorts(own: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    last = len(own) - 1
    names = [
        [
            name if 0 < len(name) <= _LONGEST else _counted(layer, node, last)
            for node, name in enumerate(nodes)
        ]
        for layer, nodes in enumerate(own)
    ]
    times = Counter(name.casefold() for nodes in names for name in nodes)
    return tuple(
        tuple(
            name if times[name.casefold()] == 1 else f"{layer}.{node}" for node, name in enumerate(nodes, 1)
        )
        for layer, nodes in enumerate(names)
    )


def _counted(layer: int, node: int, last: int) -> str:
    if layer in (0, last):
        return f"{'o' if layer else 'x'}{node + 1}"
    return f"h{node + 1}" if last == 2 else f"h{layer}.{node + 1}"


def address_of(compiled: Compiled, place: Place) -> Address | str | None:
    """Return the drawing's name of a place: an address, a node's id, or None for the whole."""
    if isinstance(place, PairPlace):
        return WeightAddress(_id(compiled, place.source), _id(compiled, place.target))
    if isinstance(place, BiasPlace):
        return BiasAddress(_id(compiled, place.target))
    return _id(compiled, place) if isinstance(place, NodePlace) else None


def place_of(compiled: Compiled, what: Address | str | None) -> Place:
    """Return the place of what the drawing names: the opposite of `address_of`."""
    if isinstance(what, WeightAddress):
        return PairPlace(NodePlace(*compiled.places[what.source]), NodePlace(*compiled.places[what.target]))
    if isinstance(what, BiasAddress):
        return BiasPlace(NodePlace(*compiled.places[what.node]))
    return WHOLE if what is None else NodePlace(*compiled.places[what])


def _id(compiled: Compiled, node: NodePlace) -> str:
    return compiled.node_ids[node.layer][node.node]


# ---- reading references


def read_refs(made: Pass, names: Names, text: str) -> list[Ref]:
    """Read what somebody refers to: one number, or all of a quantity if no place is named.

    Raises:
        SettingError: If there is no such number.
    """
    found = _EXAMPLE.fullmatch(text.strip())
    key, colon, where = (found[1] if found is not None else text.strip()).partition(":")
    entry = _quantity(key.strip())
    example = _example(names, found[2]) if found is not None else None
    if not colon:
        return _every(made, entry, key.strip(), example)
    return [_checked(made, names, entry, _place(names, entry, where), example)]


def _quantity(key: str) -> Quantity:
    if key in _VALUES:
        return QUANTITIES["value"]
    if key in QUANTITIES:
        return QUANTITIES[key]
    close = suggestion(key, (*QUANTITIES, *_VALUES))
    hint = f"did you mean {close!r}?" if close else f"choose one of {', '.join(QUANTITIES)}."
    raise SettingError(f"There is no quantity named {key!r}; {hint}")


def _place(names: Names, entry: Quantity, text: str) -> Place:
    text = text.strip()
    if entry.scope == "whole":
        if text:
            raise SettingError(f"{entry.name} belongs to the whole network; write {entry.name} alone.")
        return WHOLE
    if text.casefold() in names.places:
        node = names.places[text.casefold()]
        return BiasPlace(node) if entry.scope == "parameter" else node
    ends = [
        (text[: arrow.start()].casefold(), text[arrow.end() :].casefold()) for arrow in _ARROWS.finditer(text)
    ]
    for source, target in ends:
        if source in names.places and target in names.places:
            if entry.scope != "parameter":
                raise SettingError(
                    f"{entry.name} belongs to nodes; write {entry.name}:{names.shorts[-1][0]}."
                )
            return PairPlace(names.places[source], names.places[target])
    unknown = next((end for both in ends for end in both if end not in names.places), text)
    close = suggestion(unknown.casefold(), tuple(names.places))
    shown = names.short(names.places[close]) if close else ""
    hint = f"did you mean {shown!r}?" if close else f"nodes are called {_some(names)}."
    raise SettingError(f"There is no node named {unknown!r}; {hint}")


def _some(names: Names) -> str:
    return ", ".join(name for nodes in names.shorts for name in nodes[:3])


def _example(names: Names, text: str) -> int:
    if text not in names.examples:
        shown = (
            names.examples[0] if len(names.examples) == 1 else f"{names.examples[0]} to {names.examples[-1]}"
        )
        raise SettingError(f"The batch has no example {text}; it has {shown}.")
    return names.examples.index(text)


def _checked(made: Pass, names: Names, entry: Quantity, place: Place, example: int | None) -> Ref:
    if example is None and entry.per != "batch" and entry.scope != "parameter" and made.examples == 1:
        example = 0
    ref = Ref(entry.name, place, example)
    if has(made, ref):
        return ref
    if example is None and entry.per == "example":
        raise SettingError(
            f"Each example has its own {entry.label}; write {names.ref(ref)}@{names.examples[0]}."
        )
    if example is not None and entry.per == "batch":
        raise SettingError(f"The {entry.label} belongs to the whole batch; write it without @.")
    raise SettingError(f"This step has no {entry.name} at {names.place(place)}.")


def _every(made: Pass, entry: Quantity, key: str, example: int | None) -> list[Ref]:
    """All numbers of a quantity, of one example or as the batch has them."""
    examples: list[int | None] = [example]
    if example is None and entry.per == "example":
        examples = [*range(made.examples)]
    elif example is None and entry.per == "both" and entry.scope != "parameter" and made.examples == 1:
        examples = [0]
    refs = [Ref(entry.name, place, at) for place in _places(made.plan, entry, key) for at in examples]
    found = [ref for ref in refs if has(made, ref)]
    if not found:
        raise SettingError(f"This step has nothing to show of {entry.name} ({entry.label}).")
    return found


def _places(plan: Plan, entry: Quantity, key: str) -> Iterator[Place]:
    if entry.scope == "whole":
        yield WHOLE
        return
    for layer in range(len(plan.layers)):
        for node in nodes_of(plan, layer):
            if entry.scope != "parameter":
                yield node
            elif layer:
                yield from pairs_into(plan, node) if key != "bias" else ()
                yield from [BiasPlace(node)] if key != "weight" else ()
