"""Strokes across connections: exactly what they cross, in one entry."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.ui.canvas.gestures.cutting import crossed
from tests.ui.canvas.hand import NO_KEY, Hand, document_of

SHIFT = Qt.KeyboardModifier.ShiftModifier
_POINTS = st.tuples(st.integers(-9, 9), st.integers(-9, 9))


def _stroke(hand: Hand, *way: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Y)
    hand.press(way[0], keys=keys)
    for point in way[1:]:
        hand.move(point)
    hand.release(way[-1], keys=keys)
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Y)


def _beside(hand: Hand, layer: int, at: int) -> list[QPointF]:
    """Left of a node, from above to below what leads into it."""
    node = hand.node(layer, at)
    return [node + QPointF(-34, -22), node + QPointF(-34, 22)]


def test_a_stroke_removes_exactly_what_it_crosses_in_one_entry(hand: Hand) -> None:
    before = hand.network
    _stroke(hand, *_beside(hand, 1, 1))
    link = hand.network.link(hand.layer(0).id, hand.layer(1).id)
    assert link is not None
    assert list(link.removed) == [(1, 0), (1, 1)]
    assert hand.network.links[1:] == before.links[1:]
    stack = document_of(hand.canvas).undo_stack
    assert stack.count() == 1
    stack.undo()
    assert hand.network == hand.canvas.scene.network == before


def test_what_it_will_remove_is_lit_before_and_esc_removes_nothing(hand: Hand) -> None:
    before, way = hand.network, _beside(hand, 1, 1)
    hints = hand.canvas.scene.hints
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Y)
    hand.press(way[0])
    hand.move(way[0] + QPointF(-6, -3))
    assert hints.struck_count == 0
    hand.move(way[1])
    assert hints.struck_count == 2
    hand.key(Qt.Key.Key_Escape)
    assert hints.struck_count == 0
    hand.release(way[1])
    assert hand.network == before
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_with_shift_a_stroke_freezes_and_a_second_one_releases(hand: Hand) -> None:
    link = hand.network.links[0]
    _stroke(hand, *_beside(hand, 1, 1), keys=SHIFT)
    frozen = hand.network.link(*link.key)
    assert frozen is not None
    assert list(frozen.frozen) == [(1, 0), (1, 1)]
    assert not frozen.removed.count
    _stroke(hand, *_beside(hand, 1, 1), keys=SHIFT)
    assert hand.network.link(*link.key) == link


def test_a_stroke_across_nothing_is_no_entry(hand: Hand) -> None:
    above = hand.node(1, 0) + QPointF(-60, -90)
    _stroke(hand, above, above + QPointF(90, -10))
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_a_second_stroke_needs_no_second_press_of_the_letter(hand: Hand) -> None:
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Y)
    for at in (0, 2):
        way = _beside(hand, 1, at)
        hand.press(way[0])
        hand.move(way[1])
        hand.release(way[1])
    assert document_of(hand.canvas).undo_stack.count() == 2
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Y)
    assert not hand.canvas.tool_hint.isVisible()


@given(_POINTS, _POINTS, st.lists(_POINTS, min_size=2, max_size=5))
def test_crossing_is_meeting(p: tuple[int, int], q: tuple[int, int], line: list[tuple[int, int]]) -> None:
    lines = np.array([line], dtype=float)
    forth = crossed(lines, QPointF(*p), QPointF(*q))[0]
    assert forth == crossed(lines[:, ::-1], QPointF(*q), QPointF(*p))[0]
    if (lines[0].min(axis=0) > np.maximum(p, q)).any() or (lines[0].max(axis=0) < np.minimum(p, q)).any():
        assert not forth
    if any(point in (p, q) for point in line):
        assert forth
