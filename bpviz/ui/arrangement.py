"""Where the panels stand: the default arrangement, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QTabBar, QTabWidget, QWidget

from bpviz.data.datasets import facts
from bpviz.data.settings import DataSettings
from bpviz.errors import BpvizError
from bpviz.training.figures import PLOTS
from bpviz.ui.docks import Dock, EdgeGrip, TabGrip, fit_tabs
from bpviz.ui.onscreen import bring_back
from bpviz.ui.panels.form import hidden_px
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.theme import Theme

LEFT_PX: Final = 300
RIGHT_PX: Final = 280
BOTTOM_PX: Final = 236
_BOTTOM_SHARE: Final = 0.29  # of a tall window: the plots grow with the network
_SIDE_SHARE: Final = 0.3  # of a small window at most, or in a large text, for a column of panels
_BOTTOM_MOST: Final = 0.36
_DATA_PX: Final = 364  # all of the data panel for a set in a plane
_TRAINING_PX: Final = 280  # of the training panel at least: what is set most often
_TIGHT_TAB_PX: Final = 14  # around the title of a tab where room is scarce
_BARS_PX: Final = 88  # menu, toolbar and status bar
_WIDEST_PX: Final = 520  # at most by itself, of what needs to be wide
_WIDE_SHARE: Final = 0.31
_WIDE_MOST: Final = 0.45  # in a large text
_COLUMN_FROM_PX: Final = 1700  # wide, a window has room for inspector and explanation side by side
_TITLES: Final = {
    "data": "Data",
    "training": "Training",
    "inspector": "Inspector",
    "explanation": "Explanation",
    "outline": "Outline",
    "history": "History",
    "parts": "Parts",
}
_HIDDEN: Final = ("outline", "history", "parts")  # until somebody wants them
_WIDE: Final = {"explanation": 380, "outline": 474}  # px at least to be read well
_ROOMY_FROM_PX: Final = 1000  # at 100 %: below, a column of panels on each side leaves no network


@dataclass(frozen=True)
class _Places:
    """Where panels stand by default.

    Attributes:
        two_columns: Whether the inspector has a column of its own at the right; else it is below the data.
        row: Plots beside each other.
        behind: Each other plot, and behind which of these; behind the first one if it is not told.
    """

    two_columns: bool
    row: tuple[str, ...]
    behind: Mapping[str, str]


_ROOMY: Final = _Places(
    two_columns=True,
    row=("loss", "gradients", "deltas", "map"),
    behind={"accuracy": "loss", "ratios": "gradients", "confusion": "map"},
)
_NARROW: Final = _Places(
    two_columns=False,
    row=("loss", "gradients", "deltas"),
    behind={"accuracy": "loss", "confusion": "loss", "ratios": "gradients", "map": "deltas"},
)


class Arrangement:
    """Makes a dock for every panel and puts them in their places.

    Attributes:
        docks: By name: those of `_TITLES` and the names of the plots.
    """

    _places: _Places
    _by_default: dict[str, tuple[object, ...]] | None  # None until Qt has laid them out

    def __init__(
        self,
        window: QMainWindow,
        theme: Theme,
        panels: Mapping[str, QWidget],
        plots: Mapping[str, PlotPanel],
    ) -> None:
        self._window, self._theme = window, theme
        self._text_percent = theme.text_percent
        theme.changed.connect(self._on_theme)
        # Without GroupedDragging: with it, Qt crashes when titles are dragged onto each other.
        window.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setDocumentMode(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self._settling = QTimer(window, singleShot=True, interval=0)
        self._settling.timeout.connect(self._settle)
        self.docks = {name: Dock(name, _TITLES[name], panel, theme, window) for name, panel in panels.items()}
        for name, panel in plots.items():
            self.docks[name] = Dock(name, PLOTS[name].label, panel, theme, window, panel.heading)
            self.docks[name].visibilityChanged.connect(panel.set_in_sight)
        # Where a window grows, a panel that has all it needs leaves the room to the one below.
        self.docks["data"].setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._growth = _Growth(window, self.docks["data"])
        grip = EdgeGrip(window)
        for dock in self.docks.values():
            dock.moved.connect(grip.let_go)
            # Not at once: Qt tells of it while it is in the middle of laying out.
            dock.moved.connect(self._settling.start)
        self._put(_ROOMY)

    @property
    def settled(self) -> bool:
        """Whether Qt has laid out what was put in its place."""
        return self._by_default is not None

    def reset(self) -> None:
        """Put every panel back to its place.

        In a small window, or with large texts, they have one column only, and the network has the rest.
        """
        self._put(self._suitable)

    def _put(self, places: _Places) -> None:
        window, docks = self._window, self.docks
        self._places = places
        for dock in docks.values():
            dock.setFloating(False)  # first: one that the window does not hold would go on floating
            window.removeDockWidget(dock)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        window.addDockWidget(left, docks["data"])
        if places.two_columns:
            window.addDockWidget(left, docks["training"])
        else:
            window.tabifyDockWidget(docks["data"], docks["training"])
        for name in ("history", "parts"):
            window.tabifyDockWidget(docks["training"], docks[name])
        window.addDockWidget(right if places.two_columns else left, docks["inspector"])
        for name in _WIDE:
            window.tabifyDockWidget(docks["inspector"], docks[name])
        for name in places.row:
            window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks[name])
        for before, after in pairwise(places.row):
            window.splitDockWidget(docks[before], docks[after], Qt.Orientation.Horizontal)
        for name, dock in docks.items():
            if name not in (*_TITLES, *places.row):
                window.tabifyDockWidget(docks[places.behind.get(name, places.row[0])], dock)
            dock.setVisible(name not in _HIDDEN)
        for name in ("data", "inspector", *places.row):
            docks[name].raise_()
        self._by_default = None
        self._share()

    def _settle(self) -> None:
        """Say each title once, let tabs be reached by keys and gripped, and know what stands by default."""
        for dock in self.docks.values():
            dock.fit_title()
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            fit_tabs(bar, "Panels in this place", tight=not self._places.two_columns)
            if bar.findChild(TabGrip) is None:
                TabGrip(bar, self._window)
        if self._by_default is None:
            self._by_default = self._standing()

    def show_suitable(self, data: DataSettings) -> None:
        """Bring that plot to the front which says something about these data, of those that share a place."""
        try:
            known = facts(data)
        except BpvizError:
            return
        plane, classes = self.docks["map"], self.docks["confusion"]
        together = classes in self._window.tabifiedDockWidgets(plane)
        if together and (known.plane or known.classes is not None):
            (plane if known.plane else classes).raise_()

    def bring(self, name: str) -> None:
        """Show a panel in front, as wide as it is read well, and lead the keys to it."""
        dock, beside = self.docks[name], self.docks["inspector"]
        dock.show()
        if name in _WIDE and not dock.isFloating():
            if self._window.width() >= self._theme.scaled(_COLUMN_FROM_PX) and beside in self._tabbed(dock):
                self._stand_beside(dock, beside)
            least, most = self._theme.scaled(_WIDE[name]), self._theme.scaled(_WIDEST_PX)
            wide = min(max(round(_WIDE_SHARE * self._window.width()), least), most)
            wide = min(wide, round(_WIDE_MOST * self._window.width()))
            if dock.width() < least:
                self._window.resizeDocks([dock], [wide], Qt.Orientation.Horizontal)
        dock.raise_()
        dock.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tabbed(self, dock: Dock) -> list[QDockWidget]:
        return self._window.tabifiedDockWidgets(dock)

    def _stand_beside(self, dock: Dock, other: Dock) -> None:
        """Give two panels that share a place a column each, the first one nearer to the network."""
        right = Qt.DockWidgetArea.RightDockWidgetArea
        for one in (dock, other):
            self._window.removeDockWidget(one)
        self._window.addDockWidget(right, dock)
        self._window.splitDockWidget(dock, other, Qt.Orientation.Horizontal)
        for one in (dock, other):
            one.show()
        self._window.resizeDocks([other], [self._theme.scaled(RIGHT_PX)], Qt.Orientation.Horizontal)

    def _on_theme(self) -> None:
        if self._theme.text_percent != self._text_percent:
            self._text_percent = self._theme.text_percent
            self.fit()

    def show_on_screen(self) -> None:
        """Show the window, and bring it and its floating panels back onto the screen where they left it."""
        if bring_back(self._window):
            # What does not fit is best seen as large as can be, and its shares were those of a larger one.
            self._window.showMaximized()
            QTimer.singleShot(0, self._window, self.fit)
        else:
            self._window.show()
        for dock in self.docks.values():
            if dock.isFloating():
                bring_back(dock, framed=False)

    def fit(self) -> None:
        """Share out the window as it is now, by default sizes; panels that nobody moved may change places."""
        if self._places is not self._suitable and self._by_default in (None, self._standing()):
            self.reset()
        else:
            self._share()

    @property
    def _suitable(self) -> _Places:
        return _ROOMY if self._window.width() >= self._theme.scaled(_ROOMY_FROM_PX) else _NARROW

    def _standing(self) -> dict[str, tuple[object, ...]]:
        """Where each panel stands, to tell whether somebody moved one."""
        area = self._window.dockWidgetArea
        return {
            name: (
                dock.isFloating(),
                dock.isHidden(),
                area(dock),
                {one.objectName() for one in self._tabbed(dock)},
            )
            for name, dock in self.docks.items()
        }

    def _row_shares(self, room: int) -> list[int]:
        """Widths of the plots in a row: all the same, unless a tab would be cut that another has room for."""
        metrics, pad = self._theme.metrics(), self._theme.scaled(_TIGHT_TAB_PX)
        needs = [
            sum(
                metrics.horizontalAdvance(dock.windowTitle()) + pad
                for dock in (self.docks[name], *self._tabbed(self.docks[name]))
            )
            for name in self._places.row
        ]
        equal = room // len(needs)
        return needs if max(needs) > equal else [equal] * len(needs)

    def _share(self) -> None:
        docks, vertical, horizontal = self.docks, Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        scaled, wide, high = self._theme.scaled, self._window.width(), self._window.height()
        sides = [min(scaled(px), round(_SIDE_SHARE * wide)) for px in (LEFT_PX, RIGHT_PX)]
        columns = [docks["data"], docks["inspector"]] if self._places.two_columns else [docks["data"]]
        self._window.resizeDocks(columns, sides[: len(columns)], horizontal)
        lowest = min(scaled(BOTTOM_PX), round(_BOTTOM_MOST * high))
        bottom = max(lowest, round(_BOTTOM_SHARE * high))
        self._window.resizeDocks([docks["loss"]], [bottom], vertical)
        row = [docks[name] for name in self._places.row]
        self._window.resizeDocks(row, self._row_shares(wide - sides[0]), horizontal)
        column = [docks["data"], docks["training" if self._places.two_columns else "inspector"]]
        data = min(scaled(_DATA_PX), max((high - scaled(_BARS_PX)) // 2, _DATA_PX))
        rest = max(high - data - scaled(_BARS_PX), _TRAINING_PX)
        self._window.resizeDocks(column, [data, rest], vertical)
        self._growth.give((high - scaled(_BARS_PX)) // 2 - data)


class _Growth(QObject):
    """Gives a panel what the window grows by, as long as something of the panel is out of sight."""

    def __init__(self, window: QMainWindow, dock: Dock) -> None:
        super().__init__(window)
        self._window, self._dock = window, dock
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the window grow; by now, Qt has laid it out."""
        if isinstance(event, QResizeEvent) and event.oldSize().isValid():
            self.give(event.size().height() - event.oldSize().height())
        return super().eventFilter(watched, event)

    def give(self, room_px: int) -> None:
        """Let the panel have so much more at most."""
        more = min(room_px, hidden_px(self._dock.widget()))
        if more > 0 and not self._dock.isFloating() and not self._dock.visibleRegion().isEmpty():
            self._window.resizeDocks([self._dock], [self._dock.height() + more], Qt.Orientation.Vertical)
