"""The view of formulas in any width: what a page asks for must not make it ask again for ever."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from bpviz.ui.explanation.boxes import Pen
from bpviz.ui.explanation.pages import Page
from bpviz.ui.explanation.sheet import Sheet
from bpviz.ui.explanation.view import FormulaView
from bpviz.ui.theme import Theme
from tests.ui.explanation.conftest import MakeReader


class Pages:
    """Makes pages that stand beside each other in a narrow place and under each other in a wide one."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, _pen: Pen, width: float) -> Page:
        self.made += 1
        assert self.made < 50, "it never comes to rest"
        return Page(width=340.0, height=900.0) if width < 330 else Page(width=250.0, height=100.0)


def _settle() -> None:
    """Let layouts do what they were asked, in turns enough to see whether they come to rest."""
    for _ in range(120):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


@pytest.mark.parametrize("width", range(280, 400, 8))
def test_a_page_that_asks_for_more_room_gets_it_once(theme: Theme, qtbot: QtBot, width: int) -> None:
    area, view, pages = QScrollArea(), FormulaView(theme), Pages()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(view)
    area.resize(width, 300)
    area.show()
    view.show_page(pages, frozenset(), {}, "", anew=True)
    qtbot.waitExposed(area)
    for wide in (width + 60, width - 20, width):
        area.resize(wide, 300)
        _settle()
    assert pages.made < 20


@pytest.mark.parametrize("name", ["mazur", "spiral"])
def test_explanations_come_to_rest_in_any_width(make_reader: MakeReader, qtbot: QtBot, name: str) -> None:
    reader = make_reader(name)
    panel = reader.panel
    made = 0
    view = panel.findChild(FormulaView)
    assert view is not None
    assert panel.findChild(Sheet) is not None
    arrange = view._arrange

    def counted() -> None:
        nonlocal made
        made += 1
        assert made < 2000, "it never comes to rest"
        arrange()

    view._arrange = counted  # type: ignore[method-assign]
    reader.select((1, 0), (2, 0))
    for width in range(330, 560, 9):
        panel.resize(width, 460)
        _settle()
    assert made < 300
