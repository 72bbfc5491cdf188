"""What the examples that are drawn next mean: one of the classes, or a number."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme

_DOT_PX: Final = 10
_MOST_LETTERS: Final = 12
_CHIP_PX: Final = 22  # a map may be small


class PointPalette(QWidget):
    """A strip above the map while examples are drawn."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[str, ...] = ()
        self._buttons = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._number_label = QLabel()
        self._number_label.setTextFormat(Qt.TextFormat.PlainText)
        self.number = NumberEdit(Bounds(low=-1e9, high=1e9))
        self.number.show_value(1.0)
        self.number.setAccessibleName("Value of the examples that are drawn")
        self.problem = QLabel()
        self.problem.setProperty("look", "caption")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        # A plot may be narrow: what does not fit is cut, and the plot keeps its width.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 6, 2)
        column.setSpacing(2)
        column.addLayout(self._row)
        column.addWidget(self.problem)
        self._row.addWidget(self._number_label)
        self._row.addWidget(self.number)
        self._row.addStretch(1)
        theme.changed.connect(self._dress)
        self.offer((), "")

    @property
    def value(self) -> str | float:
        """What they mean: a class by its name, or a number."""
        return self._classes[max(self._buttons.checkedId(), 0)] if self._classes else self.number.value

    def offer(self, classes: tuple[str, ...], target: str) -> None:
        """Offer the classes, or a number for a target."""
        self._number_label.setText(name_text(target))
        for widget in (self._number_label, self.number):
            widget.setVisible(not classes)
        if classes == self._classes:
            return
        chosen = self.value
        self._classes = classes
        for button in self._buttons.buttons():
            self._buttons.removeButton(button)
            button.deleteLater()
        for at, name in enumerate(classes):
            button = QToolButton()
            button.setProperty("look", "chip")
            button.setCheckable(True)
            shown = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
            button.setText(name_text(shown))
            button.setToolTip(tip_text(f"Draw examples of the class {name}"))
            button.setAccessibleName(f"Draw examples of the class {name}")
            button.setFont(self._theme.font("caption"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._buttons.addButton(button, at)
            self._row.insertWidget(at, button)
        self.choose(classes.index(chosen) if chosen in classes else 0)
        self._dress()

    def choose(self, at: int) -> None:
        """Choose a class by its place; there need be none."""
        button = self._buttons.button(at)
        if button is not None:
            with QSignalBlocker(self._buttons):
                button.setChecked(True)

    def say(self, sentence: str) -> None:
        """Say what stood in the way; empty if nothing does."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    @Slot()
    def _dress(self) -> None:
        side = self._theme.scaled(_DOT_PX)
        for button in self._buttons.buttons():
            button.setIcon(self._dot(self._buttons.id(button), side))
            button.setIconSize(QSize(side, side))
            button.setFixedHeight(self._theme.scaled(_CHIP_PX))

    def _dot(self, at: int, side: int) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(side, side) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(f"class:{at}"))
        painter.drawEllipse(0, 0, side, side)
        painter.end()
        return QIcon(pixmap)
