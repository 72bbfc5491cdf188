"""What each cell of the outline says: in the table, in a field that is opened on it, and aloud."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import counted
from bpviz.ui.numbers import column, exact
from bpviz.ui.outline.moment import Moment
from bpviz.ui.outline.rows import Item, Rows
from bpviz.ui.texts import feature_title, name_text


class Column(IntEnum):
    """What stands in which column."""

    NAME = 0
    VALUE = 1
    FUNCTION = 2
    FROZEN = 3
    GRADIENT = 4
    DELTA = 5


_WHEN: Final = "in the coming step; while a wide network trains, in one some seconds ago"
TITLES: Final = {
    Column.NAME: ("Name", "Layers, their nodes, and the connections into each node"),
    Column.VALUE: (
        "Value",
        "Of a node its bias, of a connection its weight, of a layer how many nodes it has",
    ),
    Column.FUNCTION: ("Function", "The activation; of an input the feature that it shows"),
    Column.FROZEN: ("Frozen", "Training leaves the weight or bias as it is"),
    Column.GRADIENT: ("Gradient", f"Of the loss, by the weight or bias, {_WHEN}"),
    Column.DELTA: ("Delta", f"Of the node, {_WHEN}"),
}
_FROZEN: Final = {True: "frozen", False: "not frozen", None: "some frozen"}


class Cells:
    """The cells of some rows at a moment of the run."""

    def __init__(self, rows: Rows, moment: Moment | None) -> None:
        self._rows, self._moment = rows, moment
        self._texts: dict[Column, Callable[[Item], str]] = {
            Column.NAME: self._name,
            Column.VALUE: self._value,
            Column.FUNCTION: self._function,
            Column.FROZEN: lambda _item: "",  # a box stands there
            Column.GRADIENT: self._gradient,
            Column.DELTA: self._delta,
        }

    def text(self, item: Item, at: Column) -> str:
        """Write a cell."""
        return self._texts[at](item)

    def spoken(self, item: Item, at: Column) -> str:
        """Say a cell aloud: what it is, and what stands there."""
        if at == Column.FROZEN:
            return _FROZEN[self._rows.frozen(item)] if self.computes(item) else ""
        text = self.text(item, at)
        if at == Column.NAME and self._rows.locked(item):
            return f"{text}, locked"
        title = TITLES[at][0].lower()
        if at == Column.VALUE:
            title = "" if item.layer else "weight" if item.source else "bias"
        return f"{title} {text}".strip() if text and at != Column.NAME else text

    def tip(self, item: Item, at: Column) -> str:
        """Say what there was no room for."""
        if at == Column.NAME:
            return self._name(item)
        value = self.number(item) if at == Column.VALUE else None
        return "" if value is None else exact(value)

    def typed(self, item: Item, at: Column) -> str:
        """What a field begins with that is opened on a cell."""
        layer = self._rows.layer_of(item)
        if at == Column.VALUE:
            value = self.number(item)
            return str(layer.size) if item.layer else "" if value is None else exact(value)
        if item.source:
            return ""
        of = layer if item.layer else self._rows.node(item.node)
        if at == Column.FUNCTION and layer.role == "input":
            return self._rows.node(item.node).feature or ""
        return of.name if at == Column.NAME else of.activation or ""

    def is_typed(self, item: Item, at: Column) -> bool:
        """Whether something can be typed or chosen in a cell."""
        if at == Column.VALUE:
            return bool(item.layer) or self.number(item) is not None
        if at == Column.FUNCTION:
            return not item.source and (self.computes(item) or bool(item.node))
        return not item.source and at == Column.NAME

    def number(self, item: Item) -> float | None:
        """Return the weight or bias of a row; None where there is none, or none yet."""
        if self._moment is None or item.address is None or not self.computes(item):
            return None
        return self._moment.value(item.address)

    def computes(self, item: Item) -> bool:
        """Whether it belongs to a layer with weights and biases; inputs pass on what they are given."""
        return self._rows.layer_of(item).role != "input"

    def _name(self, item: Item) -> str:
        if item.source:
            return f"from {name_text(self._rows.label(item))}"
        if item.layer:
            return name_text(self._rows.label(item))
        node = self._rows.node(item.node)
        own = node.name or feature_title(node.feature or "")
        return name_text(own or f"Node {self._rows.position(item.node) + 1}")

    def _value(self, item: Item) -> str:
        if item.layer:
            return counted(self._rows.layer_of(item).size, "node")
        value = self.number(item)
        return "" if value is None else column(value)

    def _function(self, item: Item) -> str:
        layer = self._rows.layer_of(item)
        if item.source:
            return ""
        if layer.role == "input":
            return feature_title(self._rows.node(item.node).feature or "") if item.node else ""
        name = layer.activation if item.layer else layer.activation_of(self._rows.node(item.node))
        return ACTIVATIONS[name].label if name in ACTIVATIONS else name_text(name)

    def _gradient(self, item: Item) -> str:
        if self._moment is None or item.address is None or not self.computes(item):
            return ""
        value = self._moment.gradient(item.address)
        return "" if value is None else column(value)

    def _delta(self, item: Item) -> str:
        if self._moment is None or item.layer or item.source:
            return ""
        value = self._moment.delta(item.node)
        return "" if value is None else column(value)
