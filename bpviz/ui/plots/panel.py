"""One plot as the window shows it: heading, drawing, a readout beside the pointer, and its menu."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QGuiApplication,
    QHideEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from bpviz.training.figure import Figure, View
from bpviz.training.figure_rows import figure_rows
from bpviz.training.figures import PLOTS
from bpviz.training.joining import rows_want
from bpviz.training.marks import Band, Bars
from bpviz.training.series import recorded
from bpviz.training.snapshot import Snapshot
from bpviz.ui.plots.color_bar import ColorBar
from bpviz.ui.plots.heading import PlotHeading
from bpviz.ui.plots.readout import Readout
from bpviz.ui.theme import Theme

if TYPE_CHECKING:
    from bpviz.ui.plots.figure_view import FigureView

_FIRST: Final = 10_000  # the drawing grows before the room beside it does
_LEAST_PX: Final = QSize(150, 130)
_SMOOTHINGS: Final = (("None", 0.0), ("Little", 0.6), ("Much", 0.9), ("Very much", 0.98))


class PlotPanel(QWidget):
    """Draws the figures of one entry of PLOTS.

    The view, and pyqtgraph with it, comes with the first figure after the panel was first painted: loading
    pyqtgraph takes about as long as all else that the window needs, and the window is there before.

    Signals:
        wants_changed: What it needs from snapshots is different: it was shown, hidden or frozen.
        export_requested: (Figure), the user wants it in a file.
        example_chosen: (int), the user clicked at an example, by its row in the data set.
        figure_changed: (Figure), another one is drawn.

    Attributes:
        plot: The entry of PLOTS.
        heading: Title, legend and buttons; a dock may take it for its title bar.
    """

    wants_changed = Signal()
    export_requested = Signal(object)
    example_chosen = Signal(int)
    figure_changed = Signal(object)

    def __init__(self, plot_name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = PLOTS[plot_name]
        self._of_nodes = not self.plot.wants.isdisjoint(series.name for series in recorded("nodes"))
        self._theme = theme
        self._figure: Figure | None = None
        self._stands_on: tuple[object, ...] | None = None
        self._view: FigureView | None = None
        self._seen_as = View()
        self._run_id = 0
        self._frozen = False
        self._in_sight = True
        self._painted = False
        self.setObjectName(f"plot-{plot_name}")
        self.setMinimumSize(_LEAST_PX)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_heading()
        self._lay_out()
        theme.changed.connect(self._dress)

    def _make_heading(self) -> None:
        self.heading = PlotHeading(self.plot.label, self._theme)
        self.heading.setToolTip(self.plot.about)
        self.heading.toggle.clicked.connect(self._on_toggled)
        self.heading.freeze.toggled.connect(self._on_frozen)
        self.heading.fit.clicked.connect(self._on_fit)
        self.heading.export.clicked.connect(self._on_export)

    def _lay_out(self) -> None:
        self._empty = QLabel()
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("look", "caption")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(16)
        self._drawing = QWidget()
        self._drawing_row = QHBoxLayout(self._drawing)
        self._drawing_row.setContentsMargins(0, 0, 0, 0)
        self._drawing_row.setSpacing(0)
        self._color_bar = ColorBar(self._theme, self._drawing)
        self._color_bar.lock_toggled.connect(self._on_locked)
        self._color_bar.hide()
        self._readout = Readout(self._theme, self)

        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)  # first: a stack without a parent shows its first page as a window
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._drawing)

    def add_strip(self, strip: QWidget) -> None:
        """Have something between heading and drawing."""
        self._column.insertWidget(self._column.indexOf(self._stack), strip)

    @property
    def view(self) -> FigureView | None:
        """What draws; None before the first figure was seen."""
        return self._view

    @property
    def figure(self) -> Figure | None:
        """The latest; None before the first snapshot."""
        return self._figure

    def as_shown(self, figure: Figure) -> Figure:
        """A figure as the user chose to see such: logarithmic, the other way, on a locked scale."""
        return self._seen_as.of(figure)

    def as_exported(self, figure: Figure) -> Figure:
        """A figure as it is seen, with the part of its axes that is in sight, for a file."""
        shown = self.as_shown(figure)
        # What follows the run by itself is in sight only as far as it was drawn.
        if (
            self._view is None
            or shown.is_empty
            or (self._view.frame.following and figure is not self._figure)
        ):
            return shown
        x, y = self._view.ranges(shown)
        return View(smooth=shown.smooth, x=x, y=y).of(shown)

    @property
    def wants(self) -> frozenset[str]:
        """What it needs from snapshots now; nothing while hidden or frozen."""
        if not self._is_live:
            return frozenset()
        rows = self._view.rows if self._view is not None and self._of_nodes else 0
        return self.plot.wants | rows_want(rows)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw what a snapshot says, unless hidden or frozen."""
        if not self._is_live:
            return
        if snapshot.run_id != self._run_id:
            self._run_id = snapshot.run_id
            if self._view is not None:
                self._view.forget()
        stands_on = _grounds(snapshot)
        if stands_on is None or stands_on != self._stands_on:
            self._stands_on = stands_on
            self.show_figure(self.plot.figure(snapshot))

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes: what was frozen or locked is of the one before."""
        self.heading.freeze.setChecked(False)
        self._color_bar.set_locked(locked=False)
        self._stands_on = None
        if self._figure is not None:  # it may be one that can't run yet, and brings nothing to draw
            self._empty.setText(self._figure.empty or self.plot.about)
            self._figure = None
            self._stack.setCurrentWidget(self._empty)
            self.heading.show_legend(())

    @Slot(bool)
    def set_in_sight(self, seen: bool) -> None:
        """Rest while another tab lies over the plot: Qt still calls it visible then."""
        self._in_sight = seen
        self.heading.setEnabled(seen)  # else the keys would go there
        self.wants_changed.emit()

    @property
    def _is_live(self) -> bool:
        return self.isVisible() and self._in_sight and not self._frozen

    def show_figure(self, figure: Figure) -> None:
        """Draw a figure, or its sentence when it is empty."""
        self._figure = figure
        shown = self.as_shown(figure)
        self.heading.set_title(shown.title)
        if shown.is_empty:
            self._empty.setText(shown.empty)
            self._stack.setCurrentWidget(self._empty)
            self.heading.show_legend(())
            self.figure_changed.emit(shown)
            return
        if not self._painted:
            return
        view = self._prepare_view(figure)
        self._stack.setCurrentWidget(self._drawing)
        if shown.key is not None:
            self._color_bar.show_scale(shown.key)
        self._color_bar.setVisible(shown.key is not None)
        if shown.space == "curves":
            self.heading.toggle.setChecked(shown.y.log)
        view.show_figure(shown)
        self._show_legend(shown)
        self.figure_changed.emit(shown)

    def _show_legend(self, figure: Figure) -> None:
        """Name curves and bars, or the classes of points."""
        # Curves that are named at their ends need no legend.  A band is drawn pale, whatever its color.
        curves = () if figure.named else (*figure.curves, *figure.all(Bars))
        legend = [
            (mark.name, "disabled" if isinstance(mark, Band) else mark.color, getattr(mark, "dashed", False))
            for mark in curves
        ]
        if figure.behind:
            legend.append((figure.behind_name, figure.behind[0].color, False))
        dots = [(name, f"class:{k}", False) for k, name in enumerate(figure.classes)]
        self.heading.show_legend(tuple(legend or dots), dots=bool(dots))

    def _prepare_view(self, figure: Figure) -> FigureView:
        """Make the view, at the first figure that has something to show."""
        if self._view is not None:
            return self._view
        # Here and not above: see the class.
        from bpviz.ui.plots.figure_view import FigureView

        self._view = view = FigureView(self._theme, figure.space, self)
        self._color_bar.set_lockable(lockable=figure.space == "table")
        if figure.space == "plane":  # which shows everything always
            self.heading.fit.hide()
        if figure.alternative is not None and figure.alternative.scale is not None:
            self.heading.toggle.setToolTip(f"Show {figure.alternative.scale.label}")
        self.heading.toggle.setVisible(bool(self.plot.looks))
        self._drawing_row.addStretch(1)  # both ends take what the drawing may not
        self._drawing_row.addWidget(view.frame.widget, _FIRST)
        self._drawing_row.addWidget(self._color_bar)
        self._drawing_row.addStretch(1)
        view.rows_changed.connect(self.wants_changed)
        view.frame.on_hover(self._on_hover)
        view.example_chosen.connect(self.example_chosen)
        view.frame.whole_wanted.connect(self._on_fit)
        view.frame.following_changed.connect(self._on_following)
        return view

    @Slot()
    def _dress(self) -> None:
        self._readout.dress()
        if self._view is not None:
            self._view.dress()

    @Slot()
    def _on_toggled(self) -> None:
        checked = self.heading.toggle.isChecked()
        if self._figure is not None and self._figure.space == "curves":
            self._seen_as = replace(self._seen_as, log=checked)
        else:
            self._color_bar.set_locked(locked=False)
            self._seen_as = replace(self._seen_as, alternative=checked)
        if self._figure is not None:
            self.show_figure(self._figure)

    @Slot(bool)
    def _on_frozen(self, frozen: bool) -> None:
        self._frozen = frozen
        self.wants_changed.emit()

    @Slot()
    def _on_fit(self) -> None:
        if self._view is not None:
            self._view.follow()

    @Slot()
    def _on_export(self) -> None:
        if self._figure is not None and self._has_figure:
            self.export_requested.emit(self.as_exported(self._figure))

    @Slot(bool)
    def _on_locked(self, locked: bool) -> None:
        self._seen_as = replace(self._seen_as, scale=self._color_bar.scale if locked else None)

    @Slot(bool)
    def _on_following(self, following: bool) -> None:
        self.heading.show_zoomed(zoomed=not following)

    @property
    def _has_figure(self) -> bool:
        return self._figure is not None and not self._figure.is_empty

    @Slot(object)
    def _on_hover(self, scene_position: object) -> None:
        if self._view is None:
            return
        if self.heading.draw.isChecked():  # a card would hide where one draws
            self._readout.hide()
            return
        rows, widget = self._view.readout(scene_position), self._view.frame.widget
        self._readout.say(rows, widget.mapTo(self, widget.mapFromScene(scene_position)))
        if not rows:
            self._view.leave()

    @Slot()
    def copy_picture(self) -> None:
        """Put the plot as it looks on the clipboard."""
        self._readout.hide()
        QGuiApplication.clipboard().setPixmap(self.grab())

    @Slot()
    def copy_numbers(self) -> None:
        """Put the plot's numbers on the clipboard, separated by tabs as spreadsheets take them."""
        if self._figure is not None:
            header, rows = figure_rows(self.as_shown(self._figure))
            lines = ["\t".join(map(str, row)) for row in (header, *rows)]
            QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def _add_smoothing(self, menu: QMenu) -> None:
        """Offer how smooth lines are drawn."""
        choices = menu.addMenu("Smoothing")
        for text, share in _SMOOTHINGS:
            action = choices.addAction(text, partial(self.set_smoothing, share))
            action.setCheckable(True)
            action.setChecked(share == self._seen_as.smooth)

    def set_smoothing(self, share: float) -> None:
        """Draw lines smoother, each before the numbers that it goes through; 0 draws them as they are."""
        self._seen_as = replace(self._seen_as, smooth=share)
        if self._figure is not None:
            self.show_figure(self._figure)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.heading.show_buttons(shown=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._readout.hide()
        if self._view is not None:
            self._view.leave()
        self.heading.show_buttons(shown=False)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._draw_waiting)

    @Slot()
    def _draw_waiting(self) -> None:
        """Draw the figure that came before the panel was painted."""
        if self._figure is not None:
            self.show_figure(self._figure)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.wants_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.wants_changed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        for text, slot, possible in (
            ("Export…", self._on_export, self._has_figure),
            ("Copy picture", self.copy_picture, True),
            ("Copy numbers", self.copy_numbers, self._has_figure),
            ("Show everything", self._on_fit, self._view is not None),
        ):
            menu.addAction(text, slot).setEnabled(possible)
        if self._figure is not None and self._figure.space == "curves":
            self._add_smoothing(menu)
        menu.addSeparator()
        freeze = menu.addAction("Freeze")
        freeze.setCheckable(True)
        freeze.setChecked(self._frozen)
        freeze.toggled.connect(self.heading.freeze.setChecked)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def _grounds(snapshot: Snapshot) -> tuple[object, ...] | None:
    """What the figures of a walk through one step stand on; None elsewhere, where all may have changed."""
    cursor, line = snapshot.cursor, snapshot.timeline
    if cursor is None:
        return None
    names = () if line is None else tuple((one.number, one.name) for one in line.lines)
    step = snapshot.run_id, snapshot.edition, snapshot.step, snapshot.last_step, line is None or line.at_end
    nodes = () if snapshot.nodes is None else snapshot.nodes.joined.values()
    joined = tuple(len(rows.values) for rows in nodes)
    return (*step, snapshot.events, snapshot.ghosts, names, cursor.rows.tobytes(), cursor.row, joined)
