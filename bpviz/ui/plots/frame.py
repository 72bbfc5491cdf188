"""One plot of pyqtgraph, stripped to what bpviz uses and dressed by the theme.

pyqtgraph's own menus, automatic ranges and tick texts stay off: `scales` chooses ranges and
ticks, `PlotPanel` has the menu.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsItem

from bpviz.training.figure import Axis
from bpviz.ui.plots.end_labels import EndLabel, EndLabels
from bpviz.ui.plots.items import Label, Stroke
from bpviz.ui.plots.names import TurnedNames
from bpviz.ui.plots.scales import Range, Tick, linear_ticks, log_ticks
from bpviz.ui.plots.texts import cut
from bpviz.ui.theme import Theme

_TICK_PX_X: Final = 46
_TICK_PX_Y: Final = 28
_TICKS_APART_PX: Final = 4
_ZERO_PX: Final = 11.0
_BEHIND_ALL: Final = -10.0
_MARGIN_PX: Final = 6
_NAMES_GAP_PX: Final = 6
_NOTES: Final = ("Zoomed – double-click to show all", "Zoomed")
_NOTE_PX: Final = (6, 3)
_LABEL_LEAST_PX: Final = 40
_MARK_OPACITY: Final = 0.8
_POINTER_OPACITY: Final = 0.6
_WIDEST: Final = 1.15  # of a plane that is kept about square, in its heights


class Frame(QObject):
    """A plotting area with two axes; x and y ranges are set from outside or by the user's mouse.

    Signals:
        following_changed: (bool), whether all is shown; False while the user has zoomed or panned by hand.
        moved: The user has zoomed or panned.
        resized: The plotting area has another size.
        whole_wanted: The user wants to see all again.
        clicked: (scene position), the user points at something.

    Attributes:
        widget: The widget to put into a layout.
        view: pyqtgraph's view box, to add items to.
    """

    following_changed = Signal(bool)
    moved = Signal()
    resized = Signal()
    whole_wanted = Signal()
    clicked = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None, *, grid: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self.widget: Any = pg.PlotWidget(enableMenu=False)
        self._plot: Any = self.widget.getPlotItem()
        self.view: Any = self._plot.getViewBox()
        self._following = True
        self._axes: tuple[Axis, Axis] | None = None
        self._zero = self._square = False
        self._caption_px = 0
        self._labels: dict[str, tuple[str, dict[str, str]]] = {}
        self._ends = EndLabels(theme, self._plot)
        self._names = TurnedNames(theme, self._plot)
        self._named: Sequence[Tick] = ()
        self._note = Label(theme, self._plot)
        self._note.hide()
        self._ticks: dict[str, list[Tick]] = {}
        self._ticks_at: tuple[list[float], list[float]] = ([], [])
        self._margin_px = _MARGIN_PX
        self._plot.hideButtons()
        self.view.disableAutoRange()
        self.view.setMenuEnabled(False)
        for action in self.widget.scene().contextMenu:
            action.setEnabled(False)  # pyqtgraph's own export, in no menu here: the panel has one
        self.view.setDefaultPadding(0.0)
        self._grid = Stroke(self.view, _BEHIND_ALL) if grid else None
        self._marks = Stroke(self.view)
        self._marked: tuple[float, ...] = ()
        self._pointer = Stroke(self.view, _BEHIND_ALL)
        for side in ("left", "bottom"):
            # Axes seldom change but are painted with every frame: kept as pictures they cost half.
            axis = self._plot.getAxis(side)
            for item in (axis, axis.label):
                item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        for side in ("right", "top"):
            # They are never seen, and would write their labels anew whenever the range changes.
            self._plot.getAxis(side).unlinkFromView()
        # Curves change all over; repainting by parts would leave traces of labels that moved.
        self.widget.setViewportUpdateMode(self.widget.ViewportUpdateMode.FullViewportUpdate)
        self.widget.setFrameShape(self.widget.Shape.NoFrame)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Files are for the window.  A view that takes drops and refuses one is told that it left, too.
        self.widget.setAcceptDrops(False)
        self.widget.viewport().setAcceptDrops(False)
        self.view.sigRangeChangedManually.connect(self._on_moved_by_hand)
        self.view.sigResized.connect(self._on_resized)
        self.widget.scene().sigMouseClicked.connect(self._on_clicked)
        self._set_margins()
        self.dress()

    @property
    def pixel_width(self) -> int:
        """Width of the plotting area in pixels."""
        return max(int(self.view.width()), 16)

    @property
    def following(self) -> bool:
        """Whether the figure says what is in sight, and not the user."""
        return self._following

    @property
    def x_range(self) -> Range:
        """The part of the x axis in sight."""
        low, high = self.view.viewRange()[0]
        return low, high

    @property
    def y_range(self) -> Range:
        """The part of the y axis in sight."""
        low, high = self.view.viewRange()[1]
        return low, high

    def dress(self) -> None:
        """Take colors and fonts from the theme."""
        theme, caption = self._theme, self._theme.font("caption")
        if caption.pixelSize() != self._caption_px:
            self._caption_px = caption.pixelSize()
            self._margin_px = _MARGIN_PX
        self.widget.setBackground(theme.color("surface"))
        self._grid_pen = QPen(theme.color("hairline"), 0)
        self._mark_pen = QPen(theme.color("strong_line", _MARK_OPACITY), 0, Qt.PenStyle.DotLine)
        self._pointer_pen = QPen(theme.color("secondary", _POINTER_OPACITY), 0)
        for labels in (self._ends, self._names, self._note):
            labels.dress()
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.enableAutoSIPrefix(enable=False)
            axis.setPen(pg.mkPen(theme.color("strong_line")))
            axis.setTickPen(pg.mkPen(theme.color("hairline")))
            axis.setTextPen(pg.mkPen(theme.color("secondary")))
            axis.setStyle(tickFont=caption, tickLength=0, tickTextOffset=4, hideOverlappingLabels=False)
        self._label_axes()
        self._rule()

    def set_axes(self, x: Axis, y: Axis, *, zero: bool = False) -> None:
        """Name the axes.

        Args:
            x: Of the steps or columns.
            y: Of the values or rows.
            zero: The foot of a logarithmic axis stands for 0, which has no place on it.
        """
        if self._axes != (x, y) or self._zero != zero:
            self._axes, self._zero = (x, y), zero
            self._label_axes()
            self._set_ticks()

    def show_range(self, x: Range, y: Range, *, y_downwards: bool = False) -> None:
        """Show a part of the plane, unless the user has chosen one by hand."""
        if self.view.yInverted() != y_downwards:
            self.view.invertY(y_downwards)
        if not self._following:
            return
        shown_x, shown_y = self.view.viewRange()
        if tuple(shown_x) != x or tuple(shown_y) != y:
            self.view.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
            self.view.updateMatrix()  # left to the painting, it would ask for another one
            self._set_ticks()

    def follow(self) -> None:
        """Forget the user's zoom; the next figure sets the ranges again."""
        self._margin_px = _MARGIN_PX
        self._set_following(following=True)

    def set_mouse(self, *, x: bool, y: bool) -> None:
        """Let wheel and drag move the view along an axis."""
        self.view.setMouseEnabled(x=x, y=y)

    def keep_square(self) -> None:
        """Be hardly wider than high: the widget then takes only the width that this needs."""
        self._square = True

    def hold(self, *, held: bool) -> None:
        """Paint nothing of what is drawn from now on, or all of it again."""
        if shiboken6.isValid(self.widget):  # else the window was closed meanwhile
            self.widget.viewport().setUpdatesEnabled(not held)

    def show_end_labels(self, labels: Sequence[EndLabel], *, room_px: int) -> None:
        """Write texts at the right end, each beside its height, moved apart where they would overlap.

        Args:
            labels: What to write.
            room_px: What the widest text that may come needs.
        """
        self._ends.show(labels)
        margin = max(_MARGIN_PX, room_px)
        # The margin only ever grows while there are labels: values that change must not shift the plot.
        if margin > self._margin_px or not labels:
            self._margin_px = margin
            self._set_margins()
        self._place_texts()

    def show_turned_names(self, names: Sequence[Tick]) -> None:
        """Write names upwards below the axis; none leave it to the axis to write its ticks."""
        if names == self._named:
            return
        self._named = names
        height = self._names.show(names)
        axis = self._plot.getAxis("bottom")
        axis.setHeight(height + _NAMES_GAP_PX + axis.label.boundingRect().height() if names else None)
        self._place_texts()

    def show_pointer(self, x: float | None) -> None:
        """Draw a thin line at what is read off; None takes it away."""
        if x is None:
            self._pointer.clear()
        else:
            self._pointer.draw_pairs(np.array([x, x]), np.array(self.y_range), self._pointer_pen)

    def show_marks(self, places: tuple[float, ...]) -> None:
        """Draw thin vertical lines at these x."""
        if places != self._marked:
            self._marked = places
            self._rule()

    def on_hover(self, slot: Callable[[object], None]) -> None:
        """Call a slot with the scene position wherever the pointer moves."""
        self.widget.scene().sigMouseMoved.connect(slot)

    def plane_position(self, scene_position: object) -> tuple[float, float] | None:
        """The point of the plane under a scene position; None outside of the plotting area."""
        if not self.view.sceneBoundingRect().contains(scene_position):
            return None
        point = self.view.mapSceneToView(scene_position)
        return point.x(), point.y()

    @property
    def pixel(self) -> tuple[float, float]:
        """How much of the plane one pixel is wide and high."""
        wide, high = self.view.viewPixelSize()
        return float(wide), float(high)

    def _place_texts(self) -> None:
        """Write what stands around the plotting area, where it is now."""
        box = self.view.geometry()
        self._ends.place(box, self.x_range, self.y_range)
        self._names.place(box, self.x_range, _NAMES_GAP_PX)
        self._note.item.setPos(box.left() + _NOTE_PX[0], box.top() + _NOTE_PX[1])
        if not self._following:
            self._write_note()

    def _write_note(self) -> None:
        """Say that a part is shown, in as many words as there is room for."""
        room, metrics = self.view.width() - 2 * _NOTE_PX[0], self._theme.metrics("caption")
        fitting = (note for note in _NOTES if metrics.horizontalAdvance(note) <= room)
        self._note.write(next(fitting, _NOTES[-1]), "ink:accent")

    def _set_following(self, *, following: bool) -> None:
        if following == self._following:
            return
        self._following = following
        if following:
            self._note.hide()
        else:
            self._write_note()
        self.following_changed.emit(following)

    def _set_margins(self) -> None:
        self._plot.layout.setContentsMargins(4, 6, self._margin_px, 2)

    def _label_axes(self) -> None:
        if self._axes is None:
            return
        size_px = self._theme.font("caption").pixelSize()
        style = {"color": self._theme.palette.secondary, "font-size": f"{size_px}px"}
        metrics = self._theme.metrics("caption")
        rooms = (self.view.width(), self.view.height())
        for side, axis, room in zip(("bottom", "left"), self._axes, rooms, strict=True):
            text = cut(axis.title, metrics, max(room, _LABEL_LEAST_PX))
            if self._labels.get(side) != (text, style):
                self._labels[side] = (text, style)
                # The label is HTML to pyqtgraph; names come from the user.
                self._plot.getAxis(side).setLabel(html.escape(text), **style)

    def _set_ticks(self) -> None:
        if self._axes is None:
            return
        places: list[list[float]] = []
        for side, axis, shown, size_px, tick_px in (
            ("bottom", self._axes[0], self.x_range, self.view.width(), _TICK_PX_X),
            ("left", self._axes[1], self.y_range, self.view.height(), _TICK_PX_Y),
        ):
            ticks: list[Tick] = list(axis.ticks)
            if not ticks:
                count = max(2, int(size_px // tick_px))
                low, high = min(shown), max(shown)
                ticks = log_ticks(low, high, count) if axis.log else linear_ticks(low, high, count)
                if axis.log and self._zero:
                    room = _ZERO_PX * (high - low) / max(size_px, 1.0)
                    ticks = [(low, "0"), *(tick for tick in ticks if tick[0] > low + room)]
                if side == "bottom":
                    scale = size_px / (high - low)
                    ticks = self._fitting(ticks, low, scale)
                    if len(ticks) < 2:  # smaller steps, so that one more fits before the end
                        ticks = self._fitting(linear_ticks(low, high, 2 * count), low, scale)
            if ticks != self._ticks.get(side):
                self._ticks[side] = ticks
                self._plot.getAxis(side).setTicks([ticks])
            places.append([at for at, _ in ticks])
        self._ticks_at = (places[0], places[1])
        self._rule()

    def _rule(self) -> None:
        """Draw a line at each number and each mark, through all that is in sight.

        An axis that drew the grid itself would leave out numbers at its ends.
        """
        (left, right), (bottom, top) = self.view.viewRange()
        across, up = self._ticks_at
        if self._grid is not None:
            x = [end for at in across for end in (at, at)] + [left, right] * len(up)
            y = [bottom, top] * len(across) + [end for at in up for end in (at, at)]
            self._grid.draw_pairs(np.array(x, dtype=float), np.array(y, dtype=float), self._grid_pen)
        ends = np.tile([bottom, top], len(self._marked))
        self._marks.draw_pairs(np.repeat(self._marked, 2), ends, self._mark_pen)

    def _fitting(self, ticks: list[Tick], low: float, scale: float) -> list[Tick]:
        """Leave out numbers below the axis that would touch the one before or be cut off at the right."""
        kept: list[Tick] = []
        metrics, taken = self._theme.metrics("caption"), -math.inf
        for at, text in ticks:
            middle, half = (at - low) * scale, metrics.horizontalAdvance(text) / 2
            if middle - half >= taken and middle + half <= self.view.width() + self._margin_px:
                kept.append((at, text))
                taken = middle + half + _TICKS_APART_PX
        return kept

    def _on_moved_by_hand(self, _: object = None) -> None:
        self._set_following(following=False)
        self._set_ticks()
        self._place_texts()
        self.moved.emit()

    def _on_clicked(self, event: Any) -> None:
        if not self.view.sceneBoundingRect().contains(event.scenePos()):
            return
        if event.double():
            self.whole_wanted.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(event.scenePos())

    def _on_resized(self, _: object = None) -> None:
        self.resized.emit()
        if self._square:
            around = self.widget.width() - self.view.width()
            # Before its first layout the view is larger than the widget around it.
            self.widget.setMaximumWidth(max(int(_WIDEST * self.view.height() + around), 0))
        self._label_axes()
        self._set_ticks()
        self._place_texts()
