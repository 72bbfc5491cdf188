"""A figure in a dialog: its title, a button that writes it, and the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bpviz.training.figure import HeatmapFigure, LineFigure
from bpviz.ui.plots.color_bar import ColorBar
from bpviz.ui.theme import Theme, scaled

if TYPE_CHECKING:
    from bpviz.ui.plots.heat_view import HeatView
    from bpviz.ui.plots.line_view import LineView

_LEAST_PX: Final = QSize(300, 240)


class FigureBox(QWidget):
    """Draws one figure at a time, of one kind.

    Signals:
        export_requested: (Figure), the user wants it in a file.
    """

    export_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: LineView | HeatView | None = None
        self.figure: LineFigure | HeatmapFigure | None = None
        self.title = QLabel()
        self.title.setProperty("look", "dock")
        self.export = QToolButton()
        self.export.setProperty("look", "quiet")
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

    def show_figure(self, figure: LineFigure | HeatmapFigure) -> None:
        """Draw a figure; there must be something in it."""
        # Here and not above: they load pyqtgraph, which takes about as long as the whole window.
        from bpviz.ui.plots.heat_view import HeatView
        from bpviz.ui.plots.line_view import LineView

        self.figure = figure
        self.title.setText(figure.title)
        if self._view is None:
            made = LineView if isinstance(figure, LineFigure) else HeatView
            self._view = made(self._theme, self)
            if isinstance(figure, HeatmapFigure):
                self._view.frame.keep_square()  # pixels are
            self._row.addWidget(self._view.frame.widget, 1)
            self._row.addWidget(self._bar)
        if isinstance(figure, HeatmapFigure):
            self._bar.show_scale(figure.scale)
            self._bar.show()
        cast("Any", self._view).show_figure(figure)  # a box shows figures of one kind

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
