"""The line above a plot: its title, the legend, and buttons that appear under the pointer or the focus."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from bpviz.ui.plots.legend import Legend, LegendEntry
from bpviz.ui.quiet import QuietButton
from bpviz.ui.theme import Theme

__all__ = ["LegendEntry", "PlotHeading"]

_HEIGHT_PX: Final = 32
_LEGEND_PX: Final = 26  # where a tab says the title
_BUTTON_PX: Final = 24
_ICON_PX: Final = 16
_FIT: Final = "Show everything again"
_DRAW: Final = "Draw examples by hand: click adds, hold sprays, drag moves, right click removes"
_FOCUS_EVENTS: Final = (QEvent.Type.FocusIn, QEvent.Type.FocusOut)


class PlotHeading(QWidget):
    """Title, legend and buttons; the owner of the plot connects the buttons.

    The buttons lie over the end of the line all the time, and are painted while they are offered: nothing
    in the window moves because of a pointer.

    Attributes:
        toggle: Switches between two ways to see the plot; checkable.
        freeze: Keeps the plot as it is; checkable.
        fit: Shows everything again.
        export: Asks for a file.
        draw: Lets the pointer draw examples; checkable, and out of sight where there are none.
        legend: Names the curves.
    """

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._near = False
        self._title = QLabel(title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("look", "section")
        self.legend = Legend(theme)
        self.toggle = self._button("log", "Logarithmic values", checkable=True)
        self.freeze = self._button("snapshot", "Freeze this plot; training goes on", checkable=True)
        self.fit = self._button("fit", _FIT, checkable=False)
        self.export = self._button("export", "Export this plot as a picture or a table", checkable=False)
        self.draw = self._button("draw", _DRAW, checkable=True)
        self.draw.hide()
        self._buttons = (self.draw, self.toggle, self.freeze, self.fit, self.export)
        self._lay_out()
        self.freeze.toggled.connect(self._on_frozen)
        theme.changed.connect(self._dress)
        self._dress()

    def _button(self, icon: str, tip: str, *, checkable: bool) -> QuietButton:
        button = QuietButton(self._theme)
        button.setProperty("icon-name", icon)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(checkable)
        self._theme.size(button, _BUTTON_PX, _BUTTON_PX, icon=_ICON_PX)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.installEventFilter(self)
        return button

    def _lay_out(self) -> None:
        self._theme.size(self, height=_HEIGHT_PX)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tray = QHBoxLayout()
        tray.setSpacing(0)  # what lies below must not show between two buttons
        for button in self._buttons:
            tray.addWidget(button)
        row = QGridLayout(self)
        row.setContentsMargins(12, 2, 6, 0)
        row.setSpacing(0)
        row.setColumnStretch(1, 1)
        self._title.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._title, 0, 0)
        row.addWidget(self.legend, 0, 1)
        row.addLayout(tray, 0, 0, 1, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_title(self, title: str) -> None:
        """Name what is drawn."""
        self._title.setText(title)

    def show_title(self, *, shown: bool) -> None:
        """Show the title, or leave it to a tab that says it."""
        self._title.setVisible(shown)
        self._theme.size(self, height=_HEIGHT_PX if shown else _LEGEND_PX)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as it is: a dock leaves as much room for its title bar as this says, whatever is fixed."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        """Buttons in a large text never make the window larger than its screen."""
        return QSize(0, self.maximumHeight())

    def show_buttons(self, *, shown: bool) -> None:
        """Offer the buttons while the pointer is near; else only those that say how the plot stands."""
        self._near = shown
        self._offer()

    def show_zoomed(self, *, zoomed: bool) -> None:
        """Keep the way back in sight while a part of the plot is shown."""
        self.fit.keep(kept=zoomed)
        self.fit.setIcon(self._theme.icon("fit", "accent" if zoomed else "secondary"))
        self.fit.setToolTip("This plot is zoomed; show everything again" if zoomed else _FIT)

    def show_legend(self, entries: tuple[LegendEntry, ...], *, dots: bool = False) -> None:
        """Name the curves, or the dots."""
        self.legend.show_entries(entries, dots=dots)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer the buttons."""
        super().enterEvent(event)
        self.show_buttons(shown=True)

    def leaveEvent(self, event: QEvent) -> None:
        """Step back again."""
        super().leaveEvent(event)
        self.show_buttons(shown=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Offer all buttons while the keys are at one of them."""
        if event.type() in _FOCUS_EVENTS:
            self._offer()
        return super().eventFilter(watched, event)

    def _offer(self) -> None:
        offered = self._near or any(button.hasFocus() for button in self._buttons)
        for button in self._buttons:
            button.offer(offered=offered)

    @Slot(bool)
    def _on_frozen(self, frozen: bool) -> None:
        self.freeze.keep(kept=frozen)

    @Slot()
    def _dress(self) -> None:
        for button in self._buttons:
            button.setIcon(self._theme.icon(button.property("icon-name"), "secondary"))
        self.show_zoomed(zoomed=self.fit.kept)
