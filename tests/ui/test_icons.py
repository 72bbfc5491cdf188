"""No icon keeps its colors when the theme changes: whatever it is on, and whether it is open just then."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QAbstractButton, QMenu
from pytestqt.qtbot import QtBot

from bpviz.ui.commands.command import Context
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
    return [window.menus.context(kind) for kind in get_args(Context)]


def _same(before: dict[str, QImage], after: dict[str, QImage]) -> list[str]:
    return [text for text in before if before[text] == after[text]]


def test_every_icon_goes_with_the_theme(window: MainWindow, qtbot: QtBot) -> None:
    menus = _open_menus(window)
    window.show_welcome()
    before = _pictures(window)
    assert len(before) > 40
    assert all(menu.actions() for menu in menus)
    window.theme.set_mode("dark")
    assert _pictures(window).keys() == before.keys()
    qtbot.waitUntil(lambda: _same(before, _pictures(window)) == [])  # pictures of data are drawn one by one
    for menu in menus:
        menu.deleteLater()
