"""The welcome page: every example as a card with its picture, found by name, text or tag."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Network
from bpviz.ui.panels.miniature import miniature
from bpviz.ui.panels.welcome import Welcome
from bpviz.ui.theme import Theme


@pytest.fixture
def welcome(theme: Theme, qtbot: QtBot) -> Welcome:
    made = Welcome(theme)
    qtbot.addWidget(made)
    made.resize(760, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def _in_sight(welcome: Welcome) -> list[str]:
    return [name for name, card in welcome.gallery.cards.items() if card.isVisible()]


def test_examples_are_opened_by_mouse_and_keyboard(welcome: Welcome) -> None:
    chosen: list[str] = []
    welcome.example_chosen.connect(chosen.append)
    cards = list(welcome.gallery.cards.values())
    assert list(welcome.gallery.cards) == list(EXAMPLES)
    QTest.mouseClick(cards[1], Qt.MouseButton.LeftButton)
    QTest.keyClick(cards[2], Qt.Key.Key_Return)
    assert chosen == list(EXAMPLES)[1:3]


def test_mazur_is_found_by_his_name_and_return_opens_him(welcome: Welcome) -> None:
    chosen: list[str] = []
    welcome.example_chosen.connect(chosen.append)
    QTest.keyClicks(welcome.gallery.search, "Mazur")
    assert _in_sight(welcome) == ["mazur"]
    QTest.keyClick(welcome.gallery.search, Qt.Key.Key_Return)
    assert chosen == ["mazur"]
    QTest.keyClick(welcome.gallery.search, Qt.Key.Key_Escape)
    assert _in_sight(welcome) == list(EXAMPLES)


@pytest.mark.parametrize(
    ("words", "found"),
    [("2-2-1 cross", "cross_entropy_case"), ("skip xor", "xor_one_node"), ("playground regr", "plane")],
)
def test_all_words_have_to_fit(welcome: Welcome, words: str, found: str) -> None:
    welcome.gallery.search.setText(words)
    assert found in _in_sight(welcome)
    assert all(EXAMPLES[name].answers(word) for name in _in_sight(welcome) for word in words.split())
    assert len(_in_sight(welcome)) < 4


def test_where_nothing_is_found_it_says_so_and_return_opens_nothing(welcome: Welcome) -> None:
    chosen: list[str] = []
    welcome.example_chosen.connect(chosen.append)
    welcome.gallery.search.setText("perceptrons of 1969")
    assert not _in_sight(welcome)
    assert welcome.gallery.nothing.isVisible()
    QTest.keyClick(welcome.gallery.search, Qt.Key.Key_Return)
    assert not chosen


def test_every_example_has_tags_and_gets_its_picture(welcome: Welcome, qtbot: QtBot) -> None:
    assert all(example.tags for example in EXAMPLES.values())
    pictures = [card.picture for card in welcome.gallery.cards.values()]
    qtbot.waitUntil(lambda: not any(picture.pixmap().isNull() for picture in pictures))
    keys = {bytes(picture.pixmap().toImage().constBits()) for picture in pictures}
    assert len(keys) > len(EXAMPLES) / 2, "they look alike"


@pytest.mark.parametrize("network", [Network(), EXAMPLES["digits"].build().network], ids=["empty", "wide"])
def test_any_network_has_a_picture(theme: Theme, network: Network) -> None:
    assert miniature(network, theme, QSize(72, 48)).size() == QSize(144, 96)
