"""A window with its outline open, and hands that only strike keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Network, Project, Start
from bpviz.ui.main_window import MainWindow
from bpviz.ui.outline import Outline
from bpviz.ui.outline.cells import Column

Key = Qt.Key
OpenOn = Callable[[Project], "Keys"]


class Keys:
    """Strikes keys at whatever has the focus.

    Attributes:
        window: Where.
        outline: The outline in it.
    """

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot
        self.outline: Outline = window.outlined.outline

    @property
    def network(self) -> Network:
        """The drawing in the document."""
        return self.window.document.project.network

    @property
    def sizes(self) -> list[tuple[str, int]]:
        """Role and size of each layer, from left to right."""
        return [(layer.role, layer.size) for layer in sorted(self.network.layers, key=lambda a: a.x)]

    def strike(self, *keys: Key | str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Strike keys, and type texts, one after the other."""
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, str):
                for letter in key:
                    QTest.keyClicks(QApplication.focusWidget() or focus, letter)
                    QApplication.processEvents()  # windows come and go between the keys of a hand
            else:
                QTest.keyClick(focus, key, held)
                QApplication.processEvents()

    def row(self) -> list[str]:
        """What the present row says, cell by cell."""
        at = self.outline.tree.currentIndex()
        return [str(at.siblingAtColumn(column).data() or "") for column in Column]

    def go(self, *names: str) -> None:
        """Walk to a row by its name, below those named before it; opens what is shut."""
        tree = self.outline.tree
        self.strike(Key.Key_Home)
        while tree.currentIndex().column():
            self.strike(Key.Key_Left)
        for depth, name in enumerate(names):
            if depth:
                if not tree.isExpanded(tree.currentIndex()):
                    self.strike(Key.Key_Right)
                self.strike(Key.Key_Down)
            while self.row()[0] != name:
                before = QPersistentModelIndex(tree.currentIndex())
                self.strike(Key.Key_Down)
                assert before != tree.currentIndex(), f"there is no {name}"

    def type_value(self, text: str) -> None:
        """Type a number over that of the present row."""
        self.strike(text)
        self.enter()

    def enter(self) -> None:
        """Strike Return in a field that is open, and wait for the keys: Qt closes it later."""
        self.strike(Key.Key_Return)
        self._qtbot.waitUntil(self.outline.tree.hasFocus)

    def connect(self, source: tuple[str, ...], target: str) -> None:
        """Connect a node to another by its name."""
        self.go(*source)
        self.strike("c", target)
        self.enter()


@pytest.fixture
def open_on(window: MainWindow, qtbot: QtBot) -> OpenOn:
    """Open a project, and the outline by its key."""

    def open_on(project: Project) -> Keys:
        window.document.replace_all(project, first_free_number(project.network))
        window.start()
        window.canvas.setFocus()
        qtbot.waitUntil(window.canvas.pane.hasFocus)
        QTest.keyClick(window.canvas.pane, Key.Key_T)
        qtbot.waitUntil(window.outlined.outline.tree.hasFocus)
        return Keys(window, qtbot)

    return open_on


@pytest.fixture
def blank(open_on: OpenOn) -> Callable[[str], Keys]:
    """Open an example's data and settings without its network."""

    def blank(example: str) -> Keys:
        project = EXAMPLES[example].build()
        return open_on(replace(project, network=Network(), start=Start()))

    return blank
