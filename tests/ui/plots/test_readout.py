"""The card beside the pointer shows names as they are, and lets the mouse through."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.plots.readout import Readout
from bpviz.ui.theme import Theme


def plain(readout: Readout) -> str:
    document = QTextDocument()
    document.setHtml(readout.text())
    return document.toPlainText()


def test_names_are_plain_text_of_one_short_line(theme: Theme, qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(400, 300)
    over.show()
    readout = Readout(theme, over)
    readout.say([("train", "<b>x</b>\n$y$", "1"), ("test", "n" * 3_000, "<i>")], QPoint(10, 10))
    assert "<b>x</b>\\n$y$" in plain(readout)
    assert "<i>" in plain(readout)
    assert readout.width() < 400
    assert readout.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_it_stays_inside_and_never_under_the_pointer(theme: Theme, qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(400, 300)
    over.show()
    readout = Readout(theme, over)
    for x in range(0, 400, 40):
        for y in range(0, 300, 40):
            readout.say([("train", "Training", "0.5")], QPoint(x, y))
            assert over.rect().contains(readout.geometry())
            assert not readout.geometry().intersects(QRect(x - 2, y - 2, 4, 4))
    readout.say([], QPoint())
    assert not readout.isVisible()
