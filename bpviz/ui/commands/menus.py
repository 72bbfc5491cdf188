"""The menu bar and the context menus, both from the table of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QToolButton

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.commands.command import MENUS, Command, Context, Entry
from bpviz.ui.commands.live import LiveCommands
from bpviz.ui.commands.table import COMMANDS
from bpviz.ui.texts import menu_text, tip_text
from bpviz.ui.theme import Theme


class Menus(QObject):
    """All menus of a window.

    Attributes:
        by_name: Those of the menu bar by title, and those within them by the name of their command.
    """

    def __init__(self, window: QMainWindow, live: LiveCommands, canvas: NetworkCanvas, theme: Theme) -> None:
        """Fill the menu bar from the table of commands.

        Args:
            window: Whose menu bar.
            live: Its actions.
            canvas: For which context menus open.
            theme: For the arrow beside what has no room.
        """
        super().__init__(window)
        self._window, self._live, self._canvas = window, live, canvas
        self.by_name: dict[str, QMenu] = {}
        for command in COMMANDS.values():
            if command.entries is not None:
                self.by_name[command.name] = _Offered(window, partial(live.entries, command.name))
                live.actions[command.name].setMenu(self.by_name[command.name])
        for title in MENUS:
            menu = self.by_name[title] = window.menuBar().addMenu(f"&{title}")
            self._fill(menu, (command for command in COMMANDS.values() if command.menu == title))
        # Offers what a narrow window has no room for; Qt's own picture is dark on dark.
        for button in window.menuBar().findChildren(QToolButton, "qt_menubar_ext_button"):
            theme.show_icon(button, "chevron-right", "secondary")

    def context(self, kind: Context) -> QMenu:
        """Make the context menu of a kind of thing in the network."""
        menu = QMenu(self._window)
        menu.setObjectName(f"context {kind}")
        self._fill(menu, (command for command in COMMANDS.values() if kind in command.contexts))
        return menu

    @Slot(str, QPoint)
    def pop_up(self, kind: Context, place: QPoint) -> None:
        """Show a context menu at a place of the screen."""
        menu = self.context(kind)
        menu.aboutToHide.connect(menu.deleteLater)
        # Later: an entry is done only after its menu went.
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, self._canvas.forget_place))
        menu.popup(place)

    def add_panels(self, toggles: Sequence[QAction]) -> None:
        """Offer to show and hide each panel, above the rest of the Window menu."""
        menu = self.by_name["Window"]
        first = menu.actions()[0]
        menu.insertActions(first, list(toggles))
        menu.insertSeparator(first)

    def _fill(self, menu: QMenu, commands: Iterable[Command]) -> None:
        menu.setToolTipsVisible(True)
        for at, (_, entries) in enumerate(_grouped(commands)):
            if at:
                menu.addSeparator()
            for command in entries:
                menu.addAction(self._live.actions[command.name])


def _grouped(commands: Iterable[Command]) -> Iterable[tuple[object, Iterable[Command]]]:
    """Menu by menu and group by group, in the order of the table."""

    def place(command: Command) -> tuple[int, int]:
        return (MENUS.index(command.menu) if command.menu else len(MENUS), command.group)

    return groupby(sorted(commands, key=place), key=place)


class _Offered(QMenu):
    """The menu of a command with entries, which are made anew when it opens and differ."""

    def __init__(self, window: QMainWindow, offered: Callable[[], list[Entry]]) -> None:
        super().__init__(window)
        self.setToolTipsVisible(True)
        self._offered, self._shown = offered, [Entry("", "", list)]
        self._group: QActionGroup | None = None
        self.aboutToShow.connect(self.fill)
        self.fill()

    @Slot()
    def fill(self) -> None:
        """Show what is offered now."""
        entries = self._offered()
        if [_look(one) for one in entries] != [_look(one) for one in self._shown]:
            self.clear()
            self._group = QActionGroup(self)
            for entry in entries:
                self._add(entry)
        for action, entry in zip(self.actions(), entries, strict=True):
            action.setChecked(bool(entry.checked))  # a click has marked it, whatever came of it
        self._shown = entries

    def _add(self, entry: Entry) -> None:
        at = len(self.actions())
        action = self.addAction(menu_text(entry.label))
        action.setToolTip(tip_text(entry.about))
        if entry.checked is not None:
            action.setCheckable(True)
            assert self._group is not None
            self._group.addAction(action)
        # What it does is looked up then: the same words may mean another selection.
        action.triggered.connect(lambda *_: self._shown[at].run())


def _look(entry: Entry) -> tuple[str, str, bool | None]:
    return entry.label, entry.about, entry.checked
