"""Drawing weights and biases of what is selected anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.spec import Address, WeightAddress
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def xor(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with a small net, whose canvas has the keys."""
    window.files.open_example("xor")
    window.canvas.pane.setFocus()
    qtbot.waitUntil(lambda: None not in _values(window).values())
    return window


def _addresses(window: MainWindow) -> list[Address]:
    network = window.desk.network
    held: list[Address] = []
    for link in network.links:
        ends = network.layer(link.source), network.layer(link.target)
        held += [WeightAddress(a.id, b.id) for a in ends[0].nodes for b in ends[1].nodes]
    return held


def _values(window: MainWindow) -> dict[Address, float | None]:
    return {address: window.canvas.scene.value_of(address) for address in _addresses(window)}


def _told(window: MainWindow) -> list[str]:
    latest = window.controller.latest
    return (
        []
        if latest is None
        else [words for _, words in latest.events if " set to " in words or "set by hand" in words]
    )


def _others(before: dict[Address, float | None], after: dict[Address, float | None]) -> set[Address]:
    return {address for address in before if before[address] != after[address]}


def test_what_leads_into_a_node_is_drawn_anew_and_nothing_else(xor: MainWindow, qtbot: QtBot) -> None:
    node = xor.desk.network.layers[1].nodes[0].id
    xor.desk.select(Selection(nodes=frozenset({node})))
    before, count = _values(xor), xor.document.undo_stack.count()
    into = {address for address in before if isinstance(address, WeightAddress) and address.target == node}
    drawn = []
    for _ in range(2):
        QTest.keyClick(xor.canvas.pane, Qt.Key.Key_R, SHIFT)
        qtbot.waitUntil(lambda: _others(before, _values(xor)) == into)
        drawn.append(_values(xor))
        xor.document.undo_stack.undo()
        qtbot.waitUntil(lambda: _values(xor) == before)
    assert xor.document.undo_stack.count() == count + 1
    assert drawn[0] != drawn[1]  # the seed is another one, though the first draw was taken back


def test_those_of_a_run_are_drawn_anew_while_it_goes_on_as_one_entry(xor: MainWindow, qtbot: QtBot) -> None:
    xor.controller.play()
    qtbot.waitUntil(lambda: xor.controller.latest is not None and xor.controller.latest.step > 5)
    xor.desk.select(Selection(layers=frozenset({xor.desk.network.layers[1].id})))
    run, count = xor.document.run, xor.document.undo_stack.count()
    xor.actions_by_name["randomize"].trigger()
    assert xor.document.undo_stack.count() == count + 1
    qtbot.waitUntil(lambda: bool(_told(xor)))
    assert xor.controller.playing
    assert xor.document.run == run
    xor.controller.pause()
    xor.document.undo_stack.undo()
    qtbot.waitUntil(lambda: xor.document.undo_stack.index() == count)


def test_it_says_why_not(xor: MainWindow) -> None:
    why_not = xor.commands.why_not
    assert "Nothing is selected" in why_not("randomize")
    inputs = xor.desk.network.layers[0]
    xor.desk.select(Selection(nodes=frozenset({inputs.nodes[0].id})))
    assert "Inputs have neither" in why_not("randomize")


def test_what_is_frozen_keeps_its_values_and_says_so(xor: MainWindow) -> None:
    said: list[str] = []
    xor.desk.refused.connect(said.append)
    target = xor.desk.network.layers[1].nodes[0].id
    pair = (xor.desk.network.layers[0].nodes[0].id, target)
    xor.desk.editor.freeze([pair], [], frozen=True)
    xor.desk.select(Selection(pairs=frozenset({pair})))
    count = xor.document.undo_stack.count()
    xor.actions_by_name["randomize"].trigger()
    assert xor.document.undo_stack.count() == count
    assert len(said) == 1
    assert "frozen" in said[0]
