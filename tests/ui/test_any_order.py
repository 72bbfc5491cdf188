"""Edits, undo, walks through a step, steps back and forth, in any order: nothing is raised or lost."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.problems import problems
from bpviz.model.spec import Network
from bpviz.ui.main_window import MainWindow
from tests.ui.outline.acts import ACTS, drawn

MOVES = 80
SEEDS = range(4)
_COMMANDS = {
    "undo": 4,
    "redo": 3,
    "step_batch": 2,
    "step_example": 1,
    "step_epoch": 1,
    "step_phase": 5,
    "step_back": 5,
    "batch_back": 2,
    "epoch_back": 1,
    "to_start": 1,
    "previous_example": 1,
    "next_example": 1,
    "play": 1,
    "reset": 1,
    "arrange": 1,
    "select_all": 1,
    "copy": 1,
    "paste": 1,
}
_LARGEST = 24  # nodes


def _edit(window: MainWindow, chance: random.Random) -> None:
    nodes = sum(layer.size for layer in window.desk.network.layers)
    act = chance.choice(ACTS)
    if window.desk.network.layers and nodes < _LARGEST:
        act(window.desk.editor, window.document, chance.randrange(60))
    else:
        window.document.undo_stack.undo()


def _press(window: MainWindow, chance: random.Random) -> None:
    name = chance.choices(list(_COMMANDS), list(_COMMANDS.values()))[0]
    if name != "paste" or len(window.desk.selection.nodes) < _LARGEST // 2:
        window.actions_by_name[name].trigger()


def _seek(window: MainWindow, chance: random.Random) -> None:
    """Take the head of the timeline somewhere, as a drag does."""
    latest = window.controller.latest
    if latest is not None and latest.timeline is not None:
        view = latest.timeline
        chance.choice((window.strip.sought, window.strip.glanced)).emit(
            chance.randint(view.first_step, view.last_step)
        )


def _wait(window: MainWindow, _chance: random.Random) -> None:
    """Let arrive what is under way."""
    for _ in range(5):
        QApplication.processEvents()


_ACTS: dict[Callable[[MainWindow, random.Random], None], int] = {_edit: 4, _press: 8, _seek: 1, _wait: 3}


def _one_drawing(window: MainWindow) -> Network:
    network = window.desk.network
    topology = window.canvas.scene.placement.topology
    layers, pairs = drawn(network)
    assert {topology.pair(k) for k in range(topology.pair_count)} == pairs
    assert set(topology.node_ids) == {node for row in layers.values() for node in row}
    return network


@pytest.mark.parametrize("seed", SEEDS)
def test_edits_undo_and_walks_in_any_order_raise_nothing(
    window: MainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    chance, failed = random.Random(seed), list[str]()
    window.files.open_example("xor")
    window.controller.failed.connect(failed.append)
    start = window.desk.network
    with caplog.at_level(logging.ERROR):
        for _ in range(MOVES):
            act = chance.choices(list(_ACTS), list(_ACTS.values()))[0]
            act(window, chance)
            _one_drawing(window)
        window.controller.pause()
        stack, end = window.document.undo_stack, window.document.present.network  # whatever is looked at
        place = stack.index()
        while stack.canUndo():
            stack.undo()
        assert _one_drawing(window) == start
        while stack.index() < place:
            stack.redo()
            QApplication.processEvents()
        assert _one_drawing(window) == end
        if not problems(window.document.project):
            qtbot.waitUntil(lambda: _runs(window))
    # Who asks for a step of a run that is just being replaced hears that it has none, and nothing else.
    assert all("choose" in sentence and "branch" not in sentence for sentence in failed)
    assert not caplog.records


def _runs(window: MainWindow) -> bool:
    """Whether the run is that of the drawing."""
    latest = window.controller.latest
    return latest is not None and latest.compiled.network == window.desk.network
