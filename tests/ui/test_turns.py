"""Pieces of work come one a turn of the event loop, in the order in which they were asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions

from bpviz.ui.turns import Turns


@pytest.fixture
def turns(qapp: QApplication) -> Iterator[Turns]:
    parent = QObject()
    yield Turns(parent)
    parent.deleteLater()


class Diary:
    """What was done in each turn."""

    def __init__(self) -> None:
        self.turns: list[list[str]] = []

    def pieces(self, *names: str) -> Iterator[None]:
        for name in names:
            self.turns[-1].append(name)
            yield

    def live(self, turns: int) -> list[list[str]]:
        """Let so many turns pass."""
        loop = QEventLoop()
        for _ in range(turns):
            self.turns.append([])
            loop.processEvents()
        return [turn for turn in self.turns if turn]


def test_no_two_pieces_share_a_turn_and_what_was_asked_first_is_done_first(turns: Turns) -> None:
    diary = Diary()
    turns.ask("canvas", diary.pieces("a", "b"))
    turns.ask("plots", diary.pieces("c", "d"))
    assert diary.live(10) == [["a"], ["b"], ["c"], ["d"]]
    assert not turns.waits("canvas")
    assert not turns.waits("plots")


def test_new_pieces_take_the_place_of_those_left_of_the_same_key(turns: Turns) -> None:
    diary = Diary()
    turns.ask("canvas", diary.pieces("a", "b"))
    turns.ask("plots", diary.pieces("c"))
    diary.live(1)
    turns.ask("canvas", diary.pieces("x"))
    assert diary.live(10) == [["a"], ["x"], ["c"]]


def test_what_is_withdrawn_is_never_done(turns: Turns) -> None:
    diary = Diary()
    turns.ask("canvas", diary.pieces("a", "b"))
    turns.ask("plots", diary.pieces("c"))
    turns.withdraw("canvas")
    turns.withdraw("nobody")
    assert turns.waits("plots")
    assert diary.live(10) == [["c"]]


def test_a_piece_may_ask_for_more_of_its_own(turns: Turns) -> None:
    diary = Diary()

    def again() -> Iterator[None]:
        turns.ask("canvas", diary.pieces("b"))
        yield from ()

    turns.ask("canvas", again())
    assert diary.live(10) == [["b"]]


def test_a_piece_that_fails_keeps_nobody_else_from_its_turn(turns: Turns) -> None:
    diary = Diary()

    def fail(_: object) -> None:
        raise ValueError("broken")

    turns.ask("canvas", map(fail, [None]))
    turns.ask("plots", diary.pieces("c"))
    with capture_exceptions() as caught:
        assert diary.live(10) == [["c"]]
    assert [str(error) for _, error, _ in caught] == ["broken"]
    assert not turns.waits("canvas")
