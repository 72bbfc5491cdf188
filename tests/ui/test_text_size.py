"""Texts of 80 to 200 %: nothing is cut, nothing outgrows a small screen, and the way back is the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.main_window import MainWindow

SMALL = (1024, 700)


def _texts(window: MainWindow) -> Iterator[QWidget]:
    for panel in (window.data_panel, window.training_panel, window.inspector, window.status, window.toolbar):
        yield from (
            widget
            for widget in panel.findChildren(QWidget)
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.isVisible()
        )


def _is_cut(widget: QWidget) -> bool:
    """Whether a line of its font is higher than it, or its text wider; what elides has room enough."""
    metrics = widget.fontMetrics()
    if widget.height() < metrics.height() - 2:  # leading is no letter
        return True
    if isinstance(widget, QLabel) and not widget.wordWrap() and not hasattr(widget, "sentence"):
        return widget.contentsRect().width() < metrics.horizontalAdvance(widget.text())
    return False


def _places(window: MainWindow) -> dict[str, QRect]:
    return {
        f"{number} {type(widget).__name__}": QRect(
            widget.mapTo(window, widget.rect().topLeft()), widget.size()
        )
        for number, widget in enumerate(_texts(window))
    }


@pytest.mark.parametrize("percent", [80, 100, 150, 200])
def test_no_text_is_cut_and_a_small_screen_is_large_enough(
    window: MainWindow, qtbot: QtBot, percent: int
) -> None:
    window.theme.set_text_percent(percent)
    window.resize(*SMALL)
    window.arrangement.fit()
    qtbot.waitUntil(lambda: not [widget for widget in _texts(window) if _is_cut(widget)])
    least = window.minimumSizeHint()
    assert (least.width() <= SMALL[0], least.height() <= SMALL[1]) == (True, True)


@pytest.mark.parametrize("percent", [100, 200])
def test_panels_never_hide_a_part_of_what_they_scroll(window: MainWindow, qtbot: QtBot, percent: int) -> None:
    window.theme.set_text_percent(percent)
    panels = (window.data_panel, window.training_panel, window.inspector)
    areas = [area for panel in panels for area in panel.findChildren(QScrollArea)]
    shown = [(area.widget(), area.viewport()) for area in areas]
    assert len(shown) == len(panels)

    def fit() -> bool:
        return all(content is not None and content.width() <= port.width() for content, port in shown)

    qtbot.waitUntil(fit)


def test_going_there_and_back_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    before = _places(window)
    window.theme.set_text_percent(200)
    qtbot.waitUntil(lambda: _places(window) != before)
    window.theme.set_text_percent(100)
    qtbot.waitUntil(lambda: _places(window) == before)
