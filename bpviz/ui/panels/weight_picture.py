"""The weights from pixels into one node, as an image."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from bpviz.arrays import Array
from bpviz.data.images import NO_PLACES, Pixels, Places
from bpviz.model.compile import Compiled
from bpviz.model.pixels import layer_pixels
from bpviz.training.snapshot import Snapshot
from bpviz.ui.numbers import short
from bpviz.ui.panels.form import caption
from bpviz.ui.shades import Shades
from bpviz.ui.theme import Theme

_SIDE_PX: Final = 96
_DIGITS: Final = 2


class WeightPicture(QWidget):
    """Shows the weights of a node whose sources are pixels, and follows the run; hidden for other nodes.

    Attributes:
        picture: It.
        words: What its colors mean.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = NO_PLACES
        self._ways: Ways | None = None
        self.picture = Picture(theme)
        self.words = caption()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.picture)
        layout.addWidget(self.words)
        self.hide()

    def show_weights(self, snapshot: Snapshot, node: str, places: Places) -> None:
        """Show the weights into a node at a moment, if they come from pixels.

        Args:
            snapshot: Of the run.
            node: Its id.
            places: Of inputs whose names don't say where they stand.
        """
        ways = self._ways
        if ways is None or ways.compiled is not snapshot.compiled or places != self._places:
            ways = self._ways = Ways(snapshot.compiled, places)
            self._places = places
        image = None if snapshot.parameters is None else ways.image(snapshot.parameters, node)
        if image is not None:
            scale = float(np.nanmax(np.abs(image), initial=0.0)) or 1.0
            self.picture.show_values(image, scale)
            self.words.setText(f"Weights from the pixels, ±{short(scale, _DIGITS)}")
            self.picture.setAccessibleName(self.words.text())
        self.setVisible(image is not None)


class Picture(QWidget):
    """Numbers of pixels as an image on the diverging scale, every pixel a sharp square."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shades = Shades(theme)
        self._values: Array = np.zeros((1, 1))
        self._scale = 1.0
        self.image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme)

    def show_values(self, values: Array, scale: float) -> None:
        """Show other numbers, (rows, columns); those that are not known are left blank."""
        if values.shape != self._values.shape:
            self.updateGeometry()
        self._values, self._scale = values, scale
        self.image = self._shades.image(values, scale)
        self.update()

    def sizeHint(self) -> QSize:
        """As high as wide for a square image; pixels are whole pixels of the screen where there is room."""
        rows, columns = self._values.shape
        side = self._theme.scaled(_SIDE_PX) / max(rows, columns)
        if side >= 1:
            side = round(side)
        return QSize(max(round(columns * side), 1) + 2, max(round(rows * side), 1) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(box, self._theme.color("surface"))
        painter.drawImage(box, self.image)  # without smoothing
        painter.setPen(QPen(self._theme.color("strong_line"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    @Slot()
    def _on_theme(self) -> None:
        self._shades = Shades(self._theme)
        self.image = self._shades.image(self._values, self._scale)
        self.updateGeometry()
        self.update()


class Ways:
    """Where the weights from pixels stand in the parameters of one network."""

    def __init__(self, compiled: Compiled, places: Places) -> None:
        self.compiled = compiled
        self._pixels: dict[int, tuple[int, Pixels]] = {}  # by layer: the link from pixels, and their places
        found = [layer_pixels(compiled.network.layer(layer), places) for layer in compiled.layer_ids]
        for k, link in enumerate(compiled.plan.links):
            pixels = found[link.source]
            if pixels is not None:
                self._pixels.setdefault(link.target, (k, pixels))

    def image(self, parameters: Array, node: str) -> Array | None:
        """The weights into a node as an image; None if none come from pixels."""
        layer, at = self.compiled.places.get(node, (0, 0))
        if layer not in self._pixels:
            return None
        k, pixels = self._pixels[layer]
        weights = self.compiled.plan.weights(parameters, k)[at]
        return pixels.image(np.where(self.compiled.plan.links[k].present[at], weights, np.nan))
