"""What the coming step computes at one node or connection, as rows of figures that line up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bpviz.arrays import Array
from bpviz.model.spec import Address, BiasAddress, WeightAddress
from bpviz.training.snapshot import Snapshot
from bpviz.ui.numbers import signed
from bpviz.ui.theme import Theme

_DECIMALS: Final = 9  # textbooks print worked examples to nine digits, to be compared with these

Rows = Sequence[tuple[str, float, str]]
"""Label, value and explanation of each row."""


class Numbers(QWidget):
    """Two columns: what it is, and its value; a caption above says of which examples."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._layout.setVerticalSpacing(6)
        self._layout.setColumnStretch(0, 1)
        self._heading = QLabel()
        self._heading.setProperty("look", "section")
        self._layout.addWidget(self._heading, 0, 0, 1, 2)
        self._labels: list[tuple[QLabel, QLabel]] = []

    def show_rows(self, shown: tuple[str, Rows]) -> None:
        """Show a heading and rows; none hides everything."""
        heading, rows = shown
        self._heading.setText(heading)
        self._heading.setVisible(bool(heading))
        while len(self._labels) < len(rows):
            self._append()
        for at, (label, number) in enumerate(self._labels):
            used = at < len(rows)
            label.setVisible(used)
            number.setVisible(used)
            if used:
                text, value, about = rows[at]
                label.setText(text)
                label.setToolTip(about)
                number.setText(signed(value, _DECIMALS))
                number.setToolTip(about)

    @property
    def texts(self) -> dict[str, str]:
        """What is shown, by label."""
        return {label.text(): number.text() for label, number in self._labels if label.isVisibleTo(self)}

    def _append(self) -> None:
        label, number = QLabel(), QLabel()
        label.setProperty("look", "field")
        number.setFont(self._theme.font())
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        at = len(self._labels) + 1
        self._layout.addWidget(label, at, 0)
        self._layout.addWidget(number, at, 1)
        self._labels.append((label, number))


def node_rows(snapshot: Snapshot, node_id: str) -> tuple[str, Rows]:
    """What the coming step computes at a node: of the example the cursor is at, or means over the batch."""
    made, place = snapshot.trace, snapshot.compiled.places.get(node_id)
    if made is None or place is None:
        return "", ()
    layer, position = place
    trace = made.trace
    rows: list[tuple[str, float, str]] = []
    if layer > 0:
        rows.append(("z", _one(snapshot, trace.z[layer][:, position]), "Weighted input, with the bias"))
    rows.append(("a", _one(snapshot, trace.a[layer][:, position]), "Activation, what the node puts out"))
    if layer > 0:
        delta = _one(snapshot, trace.delta[layer][:, position])
        rows.append(("δ", delta, "Delta: how the loss of an example changes with z"))
        rows += _parameter_rows(snapshot, BiasAddress(node_id))
    return _heading(snapshot), rows


def pair_rows(snapshot: Snapshot, address: WeightAddress) -> tuple[str, Rows]:
    """What the coming step computes at a connection."""
    if snapshot.trace is None or address not in snapshot.compiled:
        return "", ()
    return _heading(snapshot), _parameter_rows(snapshot, address)


def _parameter_rows(snapshot: Snapshot, address: Address) -> list[tuple[str, float, str]]:
    assert snapshot.trace is not None
    at, made = snapshot.compiled.index(address), snapshot.trace
    gradient = float(made.trace.gradient[at])
    rows = [("Gradient", gradient, "Of the mean loss of the batch, without penalty")]
    if made.applied[at] != gradient:
        rows.append(("Applied", float(made.applied[at]), "With penalty, clipped; 0 where frozen"))
    rows.append(("Next update", float(made.change[at]), "What the coming step adds"))
    return rows


def _heading(snapshot: Snapshot) -> str:
    cursor = snapshot.cursor
    if cursor is not None and cursor.example is not None:
        return f"Coming step, example {cursor.example + 1} of {cursor.examples}"
    examples = 0 if snapshot.trace is None else len(snapshot.trace.trace.x)
    return "Coming step" if examples == 1 else f"Coming step, means over {examples} examples"


def _one(snapshot: Snapshot, values: Array) -> float:
    cursor = snapshot.cursor
    if cursor is not None and cursor.example is not None:
        return float(values[cursor.example])
    return float(values.mean())
