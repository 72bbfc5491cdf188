"""A figure in a dialog: its title, a button that writes it, and the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bpviz.training.figure import Figure
from bpviz.ui.plots.color_bar import ColorBar
from bpviz.ui.theme import Theme, scaled

if TYPE_CHECKING:
    from bpviz.ui.plots.figure_view import FigureView

_LEAST_PX: Final = QSize(300, 240)


class FigureBox(QWidget):
    """Draws one figure at a time, of one space.

    Signals:
        export_requested: (Figure), the user wants it in a file.
    """

    export_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: FigureView | None = None
        self.figure: Figure | None = None
        self.title = QLabel()
        self.title.setProperty("look", "dock")
        self.export = QToolButton()
        self.export.setProperty("look", "quiet")
        self.export.setAccessibleName("Export this plot")
        self.export.setToolTip("Write this plot as PNG, SVG or PDF, or its numbers as CSV")
        theme.show_icon(self.export, "export", "secondary")
        theme.size(self.export, width=24, height=24, icon=16)
        self.export.clicked.connect(self._on_export)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.export)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._bar = ColorBar(theme, self)
        self._bar.set_lockable(lockable=False)
        self._bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._row, 1)
        self.setMinimumSize(scaled(_LEAST_PX.width()), scaled(_LEAST_PX.height()))
        theme.changed.connect(self._dress)

    def show_figure(self, figure: Figure) -> None:
        """Draw a figure; there must be something in it."""
        # Here and not above: it loads pyqtgraph, which takes about as long as the whole window.
        from bpviz.ui.plots.figure_view import FigureView

        self.figure = figure
        self.title.setText(figure.title)
        if self._view is None:
            self._view = FigureView(self._theme, figure.space, self)
            if figure.space == "table":
                self._view.frame.keep_square()  # pixels are
            self._row.addWidget(self._view.frame.widget, 1)
            self._row.addWidget(self._bar)
        if figure.key is not None:
            self._bar.show_scale(figure.key)
            self._bar.show()
        self._view.show_figure(figure)

    def sizeHint(self) -> QSize:
        """As much as it needs; pyqtgraph would ask for half a screen."""
        return self.minimumSize()

    @Slot()
    def _on_export(self) -> None:
        if self.figure is not None:
            self.export_requested.emit(self.figure)

    @Slot()
    def _dress(self) -> None:
        if self._view is not None:
            self._view.dress()
