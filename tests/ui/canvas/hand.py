"""A hand that works a canvas with real mouse events, and projects for it to work on."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest

from bpviz.data.settings import DataSettings
from bpviz.model.builder import layered_network
from bpviz.model.spec import Layer, Network, Project, Training
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.items import PORT_AT
from bpviz.ui.document import Document

NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def small_project(hidden: tuple[int, ...] = (3, 2)) -> Project:
    """Two inputs, a few hidden nodes and one output on the circle."""
    network = layered_network(("x", "y"), hidden, 1)
    return Project(network=network, data=DataSettings(source="circle"), training=Training())


def document_of(canvas: NetworkCanvas) -> Document:
    """The document of a canvas made by the fixture."""
    document = canvas.findChild(Document)
    assert document is not None
    return document


@dataclass
class Hand:
    """Presses, moves and releases the mouse at points of the scene.

    Attributes:
        canvas: What it works.
        messages: Sentences that the canvas said.
    """

    canvas: NetworkCanvas
    messages: list[str] = field(default_factory=list)

    @property
    def network(self) -> Network:
        """The drawing in the document."""
        return self.canvas.editor.network

    def layer(self, at: int) -> Layer:
        """A layer by its place from the left."""
        return sorted(self.network.layers, key=lambda layer: layer.x)[at]

    def place(self, point: QPointF) -> QPoint:
        """Where a point of the scene is on the pane."""
        return self.canvas.pane.mapFromScene(point)

    def node(self, layer: int, at: int, *, port: int = 0) -> QPointF:
        """The middle of a node; with ``port`` 1 or -1 that of its right or left port."""
        column = self.layer(layer)
        return QPointF(column.x + port * PORT_AT, column.nodes[at].y)

    def press(
        self, point: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEY
    ) -> None:
        QTest.mousePress(self.canvas.pane.viewport(), button, keys, self.place(point))

    def move(self, point: QPointF) -> None:
        self.move_to(self.place(point))

    def move_to(self, place: QPoint) -> None:
        """Move to a place on the pane; where the test before left the pointer, nothing would move."""
        viewport = self.canvas.pane.viewport()
        if QCursor.pos() == viewport.mapToGlobal(place):
            QTest.mouseMove(viewport, place + QPoint(1, 0))
        QTest.mouseMove(viewport, place)

    def release(
        self, point: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEY
    ) -> None:
        QTest.mouseRelease(self.canvas.pane.viewport(), button, keys, self.place(point))

    def drag(self, begin: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        """Drag from one point to another, on a straight line."""
        self.press(begin, keys=keys)
        for part in (0.2, 0.6, 1.0):
            self.move(begin + (end - begin) * part)
        self.release(end, keys=keys)

    def click(self, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self.press(point, keys=keys)
        self.release(point, keys=keys)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.canvas.pane, key, keys)
