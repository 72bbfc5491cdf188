"""No icon keeps its colors when the theme changes: whatever it is on, and whether it is open just then."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QAbstractButton, QMenu
from pytestqt.qtbot import QtBot

from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow

_SIZE = QSize(20, 20)


def _pictures(window: MainWindow) -> dict[str, QImage]:
    """What every icon of the window shows now, by what it is on."""
    actions = [(f"{id(one)} {one.text()}", one.icon()) for one in window.findChildren(QAction)]
    found = window.findChildren(QAbstractButton)
    buttons = [(f"{id(one)} {one.objectName()} {one.toolTip()}", one.icon()) for one in found]
    return {text: icon.pixmap(_SIZE).toImage() for text, icon in actions + buttons if not icon.isNull()}


def _open_menus(window: MainWindow) -> list[QMenu]:
    """A context menu of each kind, as it is while it is open."""
    canvas, network = window.canvas, window.document.project.network
    node, layer = network.layers[1].nodes[0].id, network.layers[1].id
    pair = (network.layers[0].nodes[0].id, node)
    kinds = (
        (EMPTY, Selection()),
        (Target("caption", layer=layer), Selection()),
        (Target("node", node=node, layer=layer), Selection(nodes=frozenset({node}))),
        (Target("pair", pair=pair), Selection(pairs=frozenset({pair}))),
    )
    return [canvas._menus.menu(target, selection, QPointF()) for target, selection in kinds]


def _same(before: dict[str, QImage], after: dict[str, QImage]) -> list[str]:
    return [text for text in before if before[text] == after[text]]


def test_every_icon_goes_with_the_theme(window: MainWindow, qtbot: QtBot) -> None:
    menus = _open_menus(window)
    window.show_welcome()
    before = _pictures(window)
    assert len(before) > 40
    assert sum(text.count("Freeze") for text in before) >= 3, "those of the open menus are among them"
    window.theme.set_mode("dark")
    assert _pictures(window).keys() == before.keys()
    qtbot.waitUntil(lambda: _same(before, _pictures(window)) == [])  # pictures of data are drawn one by one
    for menu in menus:
        menu.deleteLater()
