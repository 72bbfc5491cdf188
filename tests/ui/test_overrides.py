"""A fault in an override of one of Qt's methods: the process lives, and the hook for faults is told."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

import pytest

_PROGRAM: Final = """
import sys
import numpy as np
import bpviz.ui
from PySide6.QtCore import QRectF
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

def fail(*_):
    {fault}

class Widget(QWidget):
    def mouseDoubleClickEvent(self, event):
        fail()

class Item(QGraphicsItem):
    def boundingRect(self):
        return QRectF(0, 0, 9, 9)

    def paint(self, painter, option, widget=None):
        fail()

class Command(QUndoCommand):
    def redo(self):
        fail()

sys.excepthook = lambda kind, error, trace: print("told of", kind.__name__)
app = QApplication([])
stack, scene, widget = QUndoStack(), QGraphicsScene(), Widget()
item, command = Item(), Command()
scene.addItem(item)
try:
    {act}
except Exception as error:  # where Python asked for it, it comes back there
    sys.excepthook(type(error), error, None)
print("lives")
"""
ACTS: Final = {
    "an event": "from PySide6.QtCore import Qt; QTest.mouseDClick(widget, Qt.MouseButton.LeftButton)",
    "painting": "QGraphicsView(scene).grab()",
    "an edit": "stack.push(command)",
}
FAULTS: Final = {
    "IndexError": "np.zeros(3)[np.array([5])]",  # raised by C code, as is the next
    "ValueError": "int('x')",
    "AttributeError": "None.nothing",
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_in_an_override_is_told_and_the_process_lives(act: str, kind: str) -> None:
    program = _PROGRAM.format(fault=FAULTS[kind], act=ACTS[act])
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert (ended.returncode, ended.stdout.split()[-1:]) == (0, ["lives"]), ended.stderr
    assert f"told of {kind}" in ended.stdout
