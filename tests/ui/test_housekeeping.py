"""Garbage is looked for while the window rests."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.ui import housekeeping
from bpviz.ui.document import Document
from bpviz.ui.housekeeping import Housekeeping
from bpviz.ui.run.controller import TrainingController
from tests.ui.conftest import MakeDocument


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def nobody(qtbot: QtBot) -> QWidget:
    """Something to release buttons over."""
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch, nobody: QWidget) -> Iterator[None]:
    """A short rest, no collection beside those of a rest, and nothing left open or pressed by other tests."""
    while (left := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
        left.hide()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        QTest.mouseRelease(nobody, button)
    assert QApplication.mouseButtons() == Qt.MouseButton.NoButton
    monkeypatch.setattr(housekeeping, "REST_MS", 5)
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def document(make_document: MakeDocument) -> Document:
    return make_document(EXAMPLES["xor"].build())


def test_what_is_there_at_a_rest_is_set_aside_until_another_project_is_opened(
    document: Document, controller: TrainingController, qtbot: QtBot
) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    keeper = Housekeeping(document, controller)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    del ring
    gc.collect()
    assert gone() is not None  # which would have meant to go through all objects

    document.replace_all(Project(), 1)
    qtbot.waitUntil(lambda: gone() is None)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    keeper.end()
    assert gc.get_freeze_count() == 0


def test_garbage_of_an_edit_is_gone_after_the_next_rest(
    document: Document, controller: TrainingController, qtbot: QtBot
) -> None:
    keeper = Housekeeping(document, controller)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    gone = weakref.ref(Ring())
    document.changed.emit(document.project, document.project)
    qtbot.waitUntil(lambda: gone() is None)
    keeper.end()


def test_nothing_is_collected_while_a_menu_is_open(
    document: Document, controller: TrainingController, qtbot: QtBot
) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("one")
    menu.popup(menu.pos())
    keeper = Housekeeping(document, controller)
    qtbot.wait(100)
    assert gc.get_freeze_count() == 0
    menu.close()
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    keeper.end()


def test_after_long_garbage_is_looked_for_among_all_objects(
    document: Document, controller: TrainingController, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    keeper = Housekeeping(document, controller)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    del ring
    monkeypatch.setattr(housekeeping, "AMONG_ALL_S", 0.0)
    document.changed.emit(document.project, document.project)
    qtbot.waitUntil(lambda: gone() is None)
    keeper.end()
