"""Numbers and names as the picture writes them: short, with a real minus sign."""

from __future__ import annotations

import math
from operator import attrgetter
from typing import Final

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import counted, grouped, one_line
from bpviz.model.naming import layer_label
from bpviz.model.spec import Layer, Network, Node
from bpviz.ui.numbers import MINUS
from bpviz.ui.texts import feature_title

_SMALLEST_FIXED: Final = 0.001  # smaller numbers have an exponent
_LIMITS: Final = (100, 10, 0.1)  # below each, a decimal more: else too little were left to compare
_SMALLEST_END: Final = 0.01
_LARGEST_END: Final = 100_000


def short_number(value: float, more: int = 0) -> str:
    """About three digits and so many more, for the inside of a node: ``0.14``, ``−12.3``, ``2e−4``."""
    size = abs(value)
    if not math.isfinite(value):
        return "∞" if math.isinf(value) else "–"
    if size == 0:
        return "0"
    if size < _SMALLEST_FIXED or size >= 10_000:
        mantissa, _, exponent = f"{value:.{more}e}".partition("e")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    decimals = sum(size < limit for limit in _LIMITS)
    return f"{value:.{decimals + more}f}".replace("-", MINUS)


def with_digits(value: float, digits: int) -> str:
    """The same with more digits than three, for numbers that have to be told apart."""
    return short_number(value, max(digits - 3, 0))


def own_title(node: Node) -> str:
    """The name that a node was given, or its feature; empty if it has neither."""
    return one_line(node.name) or feature_title(node.feature or "")


def layer_details(layer: Layer) -> tuple[str, ...]:
    """Second line of a caption, how many nodes and their activation: whole, then shorter for less room."""
    if layer.role == "input":
        return (counted(layer.size, "input"), grouped(layer.size))
    mixed = bool({*map(attrgetter("activation"), layer.nodes)} - {None, layer.activation})
    entry = ACTIVATIONS[layer.activation].label if layer.activation in ACTIVATIONS else layer.activation
    short = grouped(layer.size)
    others, more = (" and others", " …") if mixed else ("", "")
    return (f"{counted(layer.size, 'node')} · {entry}{others}", f"{short} · {entry}{more}", short)


def node_title(network: Network, node_id: str) -> str:
    """A node on a card: its own name or feature, and where it is."""
    layer = network.layer_of(node_id)
    position = next(k for k, node in enumerate(layer.nodes) if node.id == node_id)
    node = layer.nodes[position]
    place = f"{layer_label(layer)}, node {position + 1}"
    own = own_title(node)
    return f"{own} ({place})" if own else place


def sheet_hint(network: Network) -> str:
    """What to do next on a sheet that is not a network yet; empty on any other."""
    roles = {layer.role for layer in network.layers}
    if "input" not in roles:
        return "Double-click to place the inputs"
    return "" if "output" in roles else "Double-click to the right of the inputs to place the outputs"
