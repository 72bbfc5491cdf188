"""The line above a plot: its title, the legend, and buttons that appear under the pointer or the focus."""

from __future__ import annotations

import html
from typing import Final, TypeAlias

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from bpviz.ui.theme import Theme

LegendEntry: TypeAlias = tuple[str, str, bool]
"""Name, color token, whether its curve is dashed."""

_HEIGHT_PX: Final = 32
_LEGEND_PX: Final = 26  # where a tab says the title
_BUTTON_PX: Final = 24
_ICON_PX: Final = 16
_LEGEND_AT_MOST: Final = 5


class PlotHeading(QWidget):
    """Title, legend and buttons; the owner of the plot connects the buttons.

    Attributes:
        toggle: Switches between two ways to see the plot; checkable.
        freeze: Keeps the plot as it is; checkable.
        fit: Shows everything again.
        export: Asks for a file.
    """

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[LegendEntry, ...] = ()
        self._dots = False
        self._title = QLabel(title)
        self._title.setProperty("look", "section")
        self._legend = QLabel()
        self._legend.setProperty("look", "caption")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        # What does not fit is cut off; the title and the buttons keep their room.
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.toggle = _button("log", "Logarithmic values", checkable=True)
        self.freeze = _button("snapshot", "Freeze this plot; training goes on", checkable=True)
        self.fit = _button("fit", "Show everything again", checkable=False)
        self.export = _button("export", "Export this plot as a picture or a table", checkable=False)
        self._buttons = (self.toggle, self.freeze, self.fit, self.export)
        self._lay_out()
        theme.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        self.setFixedHeight(_HEIGHT_PX)  # also while the buttons, the highest part, are hidden
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tray = QWidget()
        tray = QHBoxLayout(self._tray)
        tray.setContentsMargins(0, 0, 0, 0)
        tray.setSpacing(2)
        for button in self._buttons:
            tray.addWidget(button)
            button.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._legend, 1)
        row.addWidget(self._tray)
        self.show_buttons(shown=False)

    def set_title(self, title: str) -> None:
        """Name what is drawn."""
        self._title.setText(title)

    def show_title(self, *, shown: bool) -> None:
        """Show the title, or leave it to a tab that says it."""
        self._title.setVisible(shown)
        self.setFixedHeight(_HEIGHT_PX if shown else _LEGEND_PX)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as it is: a dock leaves as much room for its title bar as this says, whatever is fixed."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def show_buttons(self, *, shown: bool) -> None:
        """Show the buttons, or give their room to the legend unless one of them is in use."""
        busy = self.freeze.isChecked() or any(button.hasFocus() for button in self._buttons)
        self._tray.setVisible(shown or busy)
        # Keys can't reach what is hidden: then the line itself takes the focus, and hands it on.
        hidden = self._tray.isHidden()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if hidden else Qt.FocusPolicy.NoFocus)

    def show_legend(self, entries: tuple[LegendEntry, ...], *, dots: bool = False) -> None:
        """Name the curves, or the dots; of very many only the first and the last."""
        if (entries, dots) != (self._entries, self._dots):
            self._entries, self._dots = entries, dots
            self._write_legend()

    def _write_legend(self) -> None:
        entries = self._entries
        shown = entries if len(entries) <= _LEGEND_AT_MOST else (entries[0], entries[-1])
        parts = []
        for name, color, dashed in shown:
            stroke = "●" if self._dots else "╍" if dashed else "━"
            shade = self._theme.palette.color(color)
            # Names come from the user, and a label's text is HTML.
            parts.append(f"<span style='color:{shade}'>{stroke}</span>&nbsp;{html.escape(name)}")
        between = "&nbsp; … &nbsp;" if len(shown) < len(entries) else "&nbsp;&nbsp; "
        self._legend.setText(between.join(parts))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer the buttons."""
        super().enterEvent(event)
        self.show_buttons(shown=True)

    def leaveEvent(self, event: QEvent) -> None:
        """Step back again."""
        super().leaveEvent(event)
        self.show_buttons(shown=False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer the buttons to the keys, from the side they come from."""
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            return
        self.show_buttons(shown=True)
        offered = [button for button in self._buttons if not button.isHidden()]
        backward = event.reason() == Qt.FocusReason.BacktabFocusReason
        offered[-1 if backward else 0].setFocus(event.reason())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step back when the focus has left the buttons."""
        if event.type() == QEvent.Type.FocusOut:
            self.show_buttons(shown=self.underMouse())
        return super().eventFilter(watched, event)

    @Slot()
    def _dress(self) -> None:
        for button in self._buttons:
            button.setIcon(self._theme.icon(button.property("icon-name"), "secondary"))
        self._write_legend()


def _button(icon: str, tip: str, *, checkable: bool) -> QToolButton:
    button = QToolButton()
    button.setProperty("icon-name", icon)
    button.setProperty("look", "quiet")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCheckable(checkable)
    button.setFixedSize(_BUTTON_PX, _BUTTON_PX)
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
