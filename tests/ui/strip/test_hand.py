"""A hand on its way glances, at most once a frame; where it rests or leaves, it wants the exact step once."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bpviz.ui.strip.hand import Hand


class Heard:
    """What a hand asked for, in order."""

    def __init__(self, hand: Hand) -> None:
        self.asked: list[tuple[str, int | None]] = []
        hand.glanced.connect(lambda step: self.asked.append(("glance", step)))
        hand.sought.connect(lambda step: self.asked.append(("seek", step)))
        hand.end_wanted.connect(lambda: self.asked.append(("end", None)))


@pytest.fixture
def hand(qapp: object) -> Hand:
    hand = Hand()
    hand.end = 1000
    return hand


def test_many_moves_within_a_frame_are_two_glances_and_the_last_is_the_latest(
    hand: Hand, qtbot: QtBot
) -> None:
    heard = Heard(hand)
    hand.take()
    for step in range(100, 200):
        hand.move(step)
    assert heard.asked == [("glance", 100)]
    qtbot.waitUntil(lambda: len(heard.asked) > 1)
    assert heard.asked[1] == ("glance", 199)


def test_a_hand_that_rests_and_then_leaves_asks_once(hand: Hand, qtbot: QtBot) -> None:
    heard = Heard(hand)
    hand.take()
    hand.move(500)
    with qtbot.waitSignal(hand.sought):
        pass
    hand.drop()
    assert heard.asked == [("glance", 500), ("seek", 500)]


def test_at_the_end_it_wants_the_end(hand: Hand) -> None:
    heard = Heard(hand)
    hand.take()
    hand.move(1000)
    hand.drop()
    assert heard.asked == [("glance", 1000), ("end", None)]


def test_what_is_wanted_stands_until_the_run_is_exactly_there(hand: Hand) -> None:
    hand.take()
    hand.move(500)
    hand.drop()
    for step, exact, at_end in ((900, True, True), (400, False, False), (500, False, False)):
        hand.follow(step, exact=exact, at_end=at_end)
        assert hand.wanted == 500
    hand.follow(500, exact=True, at_end=False)
    assert hand.wanted is None


def test_the_end_is_reached_where_the_run_goes_on_wherever_that_is_by_now(hand: Hand) -> None:
    hand.drop(1000)
    hand.follow(1500, exact=True, at_end=True)
    assert hand.wanted is None


def test_a_run_that_never_comes_is_not_waited_for(hand: Hand, qtbot: QtBot) -> None:
    hand.drop(500)
    qtbot.waitUntil(lambda: hand.wanted is None)
