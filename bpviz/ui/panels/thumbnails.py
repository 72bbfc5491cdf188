"""Small pictures of the data sets whose inputs span a plane, drawn from the real examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QToolButton, QWidget

from bpviz.arrays import Array
from bpviz.data.dataset import Dataset
from bpviz.data.datasets import DATASETS, load
from bpviz.data.settings import DataSettings
from bpviz.ui.panels.gradually import Gradually
from bpviz.ui.theme import Theme

PICTURE_PX: Final = 36
_MOST_COLUMNS: Final = 5
_EDGES_PX: Final = 6
_GAP_PX: Final = 2
_MOST_POINTS: Final = 160
_RATIO: Final = 2  # drawn at twice the size, for dense screens
_MARGIN: Final = 0.08


class Thumbnails(QWidget):
    """A grid of buttons, one for each data set with a plane.

    Signals:
        chosen: (str), the data set's name.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._datasets: dict[str, Dataset] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)
        self._grid.setColumnStretch(_MOST_COLUMNS, 1)
        for name in _shown():
            entry = DATASETS[name]
            button = QToolButton()
            button.setProperty("look", "quiet")
            button.setCheckable(True)
            theme.size(button, PICTURE_PX + _EDGES_PX, PICTURE_PX + _EDGES_PX, icon=PICTURE_PX)
            button.setToolTip(f"{entry.label}: {entry.about}")
            button.setAccessibleName(entry.label)
            button.setObjectName(name)
            self._group.addButton(button)
            self._buttons[name] = button
        self._columns = 0
        self._arrange(_MOST_COLUMNS)
        self._group.buttonClicked.connect(self._on_clicked)
        self._pictures = Gradually(self._buttons, self._paint, self)
        theme.changed.connect(self._pictures.again)

    def button(self, name: str) -> QToolButton:
        """The button of a data set."""
        return self._buttons[name]

    def show_value(self, name: str) -> None:
        """Mark the data set in use; none if it has no picture."""
        self._group.setExclusive(False)
        for key, button in self._buttons.items():
            button.setChecked(key == name)
        self._group.setExclusive(True)

    def minimumSizeHint(self) -> QSize:
        """Two beside each other."""
        return QSize(
            2 * self._theme.scaled(PICTURE_PX + _EDGES_PX) + _GAP_PX, super().minimumSizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many beside each other as there is room for."""
        super().resizeEvent(event)
        one = self._theme.scaled(PICTURE_PX + _EDGES_PX) + _GAP_PX
        self._arrange(min(max((self.width() + _GAP_PX) // one, 1), _MOST_COLUMNS))

    def _arrange(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            for at, button in enumerate(self._buttons.values()):
                self._grid.addWidget(button, at // columns, at % columns)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._pictures.look()

    @Slot(object)
    def _on_clicked(self, button: QToolButton) -> None:
        self.chosen.emit(button.objectName())

    def _paint(self, name: str) -> None:
        if name not in self._datasets:
            samples = _MOST_POINTS if DATASETS[name].generated else None
            self._datasets[name] = load(DataSettings(source=name, samples=samples), seed=0)
        self._buttons[name].setIcon(QIcon(_picture(self._datasets[name], self._theme)))


def _shown() -> Iterator[str]:
    return (name for name, entry in DATASETS.items() if entry.plane or _is_curve(name))


def _is_curve(name: str) -> bool:
    """Whether one number is learned from one: input and target span a plane, too."""
    entry = DATASETS[name]
    return entry.generated and entry.task == "number" and len(entry.facts(entry.samples).columns) == 1


def _picture(dataset: Dataset, theme: Theme) -> QPixmap:
    keep = np.linspace(0, dataset.size - 1, min(dataset.size, _MOST_POINTS)).astype(int)
    x = dataset.inputs[keep, 0]
    curve = dataset.inputs.shape[1] == 1
    y = dataset.targets[keep, 0] if curve and dataset.targets is not None else dataset.inputs[keep, -1]
    ratio = _RATIO * theme.scaled(PICTURE_PX) / PICTURE_PX
    pixmap = QPixmap(QSize(PICTURE_PX, PICTURE_PX) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme.color("surface"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = 5.0 if keep.size < 20 else 2.2
    places = zip(_scaled(x), PICTURE_PX - _scaled(y), _colors(dataset, theme, keep), strict=True)
    for left, top, color in places:
        painter.setPen(QPen(color, size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoint(QPointF(left, top))
    painter.end()
    pixmap.setDevicePixelRatio(_RATIO)
    return pixmap


def _scaled(values: Array) -> Array:
    span = max(float(np.ptp(values)), 1e-9)
    place: Array = PICTURE_PX * (_MARGIN + (1 - 2 * _MARGIN) * (values - values.min()) / span)
    return place


def _colors(dataset: Dataset, theme: Theme, keep: Array) -> list[QColor]:
    if dataset.labels is not None:
        return [theme.color(f"class:{label}") for label in dataset.labels[keep].tolist()]
    assert dataset.targets is not None
    targets = dataset.targets[keep, 0]
    largest = max(float(np.abs(targets).max()), 1e-9)
    return [theme.diverging(value) for value in (targets / largest).tolist()]
