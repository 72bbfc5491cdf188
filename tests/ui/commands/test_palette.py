"""Everything that can be done is found by words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.training.figures import PLOTS
from bpviz.ui.canvas.views import other_views
from bpviz.ui.commands import COMMANDS
from bpviz.ui.commands.live import Offer
from bpviz.ui.commands.palette import Palette, found
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow


def _offer(label: str, about: str = "", why_not: str = "") -> Offer:
    return Offer(label, about, lambda: None, "Edit", "", why_not)


def _labels(offers: list[Offer], words: str) -> list[str]:
    return [offer.label for offer in found(offers, words)]


def test_all_words_have_to_occur_and_names_go_before_descriptions() -> None:
    offers = [
        _offer("Copy", "Take the layer along"),
        _offer("Remove layer"),
        _offer("Layer"),
        _offer("Add layer"),
    ]
    assert _labels(offers, "layer") == ["Layer", "Remove layer", "Add layer", "Copy"]
    assert _labels(offers, "ADD lay") == ["Add layer"]
    assert _labels(offers, "edit copy") == ["Copy"]
    assert _labels(offers, "nowhere") == []
    assert _labels(offers, " ") == ["Copy", "Remove layer", "Layer", "Add layer"]


@pytest.mark.parametrize("words", ["Add layer...", "layer…", "... layer"])
def test_the_dots_that_menus_show_are_no_words(words: str) -> None:
    assert _labels([_offer("Add layer"), _offer("Copy")], words) == ["Add layer"]


def test_what_can_not_be_done_comes_after_what_can() -> None:
    offers = [_offer("Undo", why_not="Nothing was edited yet."), _offer("Undone")]
    assert _labels(offers, "undo") == ["Undone", "Undo"]


@pytest.fixture
def search(window: MainWindow) -> Callable[[Callable[[Palette], None]], None]:
    """Open the palette by its keys, and do something with it."""

    def open_and(do: Callable[[Palette], None]) -> None:
        seen: list[Palette] = []

        def act() -> None:
            palette = QApplication.activeModalWidget()
            assert isinstance(palette, Palette)
            seen.append(palette)
            try:
                do(palette)
            finally:
                palette.reject()

        QTimer.singleShot(0, act)
        ctrl_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(window, Qt.Key.Key_P, ctrl_shift)
        assert seen

    return open_and


Search = Callable[[Callable[[Palette], None]], None]


def test_commands_examples_views_plots_and_panels_are_found(window: MainWindow, search: Search) -> None:
    def look(palette: Palette) -> None:
        labels = set(palette.labels)
        titled = {command.name for command in COMMANDS.values() if command.title is not None}
        assert {
            one.plain for one in COMMANDS.values() if one.menu and one.run and one.name not in titled
        } <= labels
        assert {f"Open example: {example.label}" for example in EXAMPLES.values()} <= labels
        assert {f"Export plot: {plot.label}…" for plot in PLOTS.values()} <= labels
        assert {f"More numbers: {view.label}" for view in other_views()} <= labels
        assert {"Inspector", *(plot.label for plot in PLOTS.values())} <= labels

    search(look)


def test_return_opens_an_example_once_the_palette_is_closed(window: MainWindow, search: Search) -> None:
    def choose(palette: Palette) -> None:
        QTest.keyClicks(palette.search, "example exclusive")
        assert palette.labels[0] == f"Open example: {EXAMPLES['xor'].label}"
        QTest.keyClick(palette.search, Qt.Key.Key_Return)

    search(choose)
    assert window.document.title == EXAMPLES["xor"].build().title


def test_what_can_not_be_done_says_why_and_is_not_run(window: MainWindow, search: Search) -> None:
    def choose(palette: Palette) -> None:
        QTest.keyClicks(palette.search, "remove selected")
        at = palette.labels.index("Delete")
        row = palette.list.topLevelItem(at)
        assert row is not None
        assert row.text(1).startswith("Nothing is selected")
        palette.list.setCurrentItem(row)
        assert palette.told.text().startswith("Not now: Nothing is selected")
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
        assert palette.isVisible()

    search(choose)
    assert not window.document.undo_stack.count()


def test_arrows_lead_through_the_list_while_words_are_typed(window: MainWindow, search: Search) -> None:
    def walk(palette: Palette) -> None:
        QTest.keyClicks(palette.search, "step")
        QTest.keyClick(palette.search, Qt.Key.Key_Down)
        assert palette.list.indexOfTopLevelItem(palette.list.currentItem()) == 1  # type: ignore[arg-type]
        assert palette.search.text() == "step"

    search(walk)


def test_no_words_in_common_is_said(window: MainWindow, search: Search, qtbot: QtBot) -> None:
    def look(palette: Palette) -> None:
        palette.search.setText("quokka")
        assert palette.labels == []
        assert palette.told.text() == "No command has all of these words; try fewer."

    search(look)


@pytest.mark.parametrize("downs", [0, 60])
def test_words_that_no_command_has_leave_no_row_behind(search: Search, downs: int) -> None:
    def type_on(palette: Palette) -> None:
        for _ in range(downs):
            QTest.keyClick(palette.search, Qt.Key.Key_Down)
        QTest.keyClicks(palette.search, "zq")
        assert palette.list.currentItem() is None
        assert palette.told.text().startswith("No command")
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
        assert palette.isVisible()

    search(type_on)


def test_what_says_too_little_away_from_its_menu_says_more_in_the_palette(window: MainWindow) -> None:
    labels = {offer.label for offer in window.commands.offers()}
    assert {"Select all", "Select nothing", "Show weights", "Theme: dark"} <= labels
    assert not labels & {"All", "Nothing", "Dark", "Weights"}


def test_commands_say_what_pictures_there_are(window: MainWindow) -> None:
    assert "PNG, SVG, PDF, TikZ or Graphviz" in window.actions_by_name["export_network"].toolTip()


def test_reasons_are_heard_once_when_a_command_is_done_and_are_true_then(window: MainWindow) -> None:
    heard: list[str] = []
    window.commands.refreshed.connect(lambda: heard.append(window.actions_by_name["undo"].text()))
    window.desk.select(Selection(layers=frozenset({window.desk.network.layers[1].id})))
    heard.clear()
    window.actions_by_name["add_node"].trigger()
    assert heard == ["Undo add node"]
    assert window.actions_by_name["undo"].isEnabled()
    window.actions_by_name["select_none"].trigger()
    assert len(heard) == 2
    assert not window.actions_by_name["delete"].isEnabled()


def test_a_command_that_asks_something_lets_reasons_be_heard_meanwhile(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    window.commands.refreshed.connect(lambda: heard.append("heard"))

    def ask() -> None:
        window.desk.select(Selection(layers=frozenset({window.desk.network.layers[1].id})))
        assert not heard
        qtbot.waitUntil(lambda: bool(heard))
        assert window.actions_by_name["delete"].isEnabled()

    monkeypatch.setattr(window, "show_shortcuts", ask)
    window.actions_by_name["shortcuts"].trigger()
    assert len(heard) == 2
