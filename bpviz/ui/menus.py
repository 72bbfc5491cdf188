"""What menus hold beyond their table: entries of other tables, recent files, one choice of several, undo.

`bpviz.ui.actions` says which commands there are; this keeps their menus true while the window is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QUndoStack
from PySide6.QtWidgets import QMainWindow, QToolButton

from bpviz.model.examples import EXAMPLES
from bpviz.training.figures import PLOTS
from bpviz.ui.actions import describe, fill_menus
from bpviz.ui.canvas.views import other_views
from bpviz.ui.texts import menu_text, name_text, tip_text
from bpviz.ui.theme import Theme


class Menus(QObject):
    """The menu bar of a window.

    Attributes:
        by_name: All menus by title, and the submenus by the name of their entry.
    """

    def __init__(self, window: QMainWindow, actions: Mapping[str, QAction], theme: Theme) -> None:
        """Fill the menu bar from the table of commands.

        Args:
            window: Whose menu bar.
            actions: Every action of the table, by name.
            theme: For the pictures beside the entries.
        """
        super().__init__(window)
        self._actions, self._theme = actions, theme
        self.by_name = fill_menus(window.menuBar(), actions)
        self._groups: dict[str, QActionGroup] = {}
        for prefix, chosen in (("view_", "view_weights"), ("theme_", f"theme_{theme.mode}")):
            self._groups[prefix] = group = QActionGroup(self)
            for name, action in actions.items():
                if name.startswith(prefix):
                    group.addAction(action)
            actions[chosen].setChecked(True)
        # Offers what a narrow window has no room for; Qt's own picture is dark on dark.
        for button in window.menuBar().findChildren(QToolButton, "qt_menubar_ext_button"):
            theme.show_icon(button, "chevron-right", "secondary")
        theme.changed.connect(self._on_theme)

    def add_examples(self, open_example: Callable[[str], None]) -> None:
        """Offer every bundled example."""
        for example in EXAMPLES.values():
            self._add("examples", example.label, example.about, partial(open_example, example.name))

    def add_plots(self, export_plot: Callable[[str], None]) -> None:
        """Offer every plot for export."""
        for plot in PLOTS.values():
            self._add("export_plot", f"{plot.label}…", plot.about, partial(export_plot, plot.name))

    def add_views(self, show: Callable[[str], None]) -> None:
        """Offer every quantity that has no command of its own to be shown in the picture."""
        for view in other_views():
            action = self._add("more_views", view.label, view.about, partial(show, view.name))
            action.setCheckable(True)
            self._groups["view_"].addAction(action)

    def add_panels(self, toggles: Sequence[QAction]) -> None:
        """Offer to show and hide each panel, above the rest of the Window menu."""
        menu = self.by_name["Window"]
        first = menu.actions()[0]
        menu.insertActions(first, list(toggles))
        menu.insertSeparator(first)

    def show_recent(self, paths: Sequence[Path], open_path: Callable[[Path], None]) -> None:
        """Offer files opened or saved lately in place of those before."""
        self.by_name["recent"].clear()
        for path in paths:
            self._add("recent", path.name, str(path), partial(open_path, path))
        self._actions["recent"].setEnabled(bool(paths))

    def show_undo(self, stack: QUndoStack) -> None:
        """Say what undo and redo would do, or that there is nothing to do."""
        for name, text, can in (
            ("undo", stack.undoText(), stack.canUndo()),
            ("redo", stack.redoText(), stack.canRedo()),
        ):
            action = self._actions[name]
            action.setEnabled(can)
            what = name_text(f"{name.capitalize()} {text}".strip())
            action.setText(menu_text(what))
            describe(action, what)

    def _add(self, menu: str, text: str, about: str, do: Callable[[], None]) -> QAction:
        action = self.by_name[menu].addAction(menu_text(text))
        action.setToolTip(tip_text(about))
        action.triggered.connect(lambda *_: do())
        return action

    @Slot()
    def _on_theme(self) -> None:
        self._actions[f"theme_{self._theme.mode}"].setChecked(True)
