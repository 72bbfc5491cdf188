"""A picture with very many connections is drawn piece by piece, and none of it seen before all was found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from bpviz.model.builder import layered_network
from bpviz.model.spec import Network
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import Target
from bpviz.ui.document import Selection
from bpviz.ui.theme import Theme
from tests.ui.canvas.shots import full_shot

FOUND = 6
"""Pieces: sample, scale, lines, two strips, cells."""
SHOWN = 5
"""Lines and nodes, two strips, one layer's cells, and the legend."""


@pytest.fixture
def network() -> Network:
    """A wide layer, one with a strip, and a few nodes: 5,000 connections."""
    return layered_network([f"f{k}" for k in range(125)], (38,), 6)


def picture(scene: NetworkScene) -> QImage:
    """What it looks like, with plain lines: when they become smooth, a clock decides."""
    scene.parts.links.set_resting(resting=False)
    image = QImage(600, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    scene.render(painter, QRectF(image.rect()), scene.extent())
    painter.end()
    return image


def marked_cells(scene: NetworkScene, layer: str) -> tuple[int, ...]:
    return scene.parts.columns[layer]._marked


def later(snapshot: Snapshot, factor: float) -> Snapshot:
    assert snapshot.parameters is not None
    return replace(snapshot, parameters=-factor * snapshot.parameters[::-1])


def at_once(network: Network, snapshot: Snapshot, theme: Theme) -> QImage:
    """What a scene shows that had nothing to do in between."""
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_snapshot(snapshot)
    scene.refresh()
    return picture(scene)


def test_nothing_is_seen_before_all_of_a_moment_was_found(network: Network, theme: Theme) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    first = full_shot(network)
    scene.show_snapshot(first)
    scene.refresh()
    before, scales = picture(scene), scene.scales

    second = later(first, 2.0)
    scene.show_snapshot(second)
    seen = [(picture(scene) == before, scene.scales == scales) for _ in scene._drawing()]
    assert seen == [(True, True)] * FOUND + [(False, True)] * (SHOWN - 1)
    assert picture(scene) == at_once(network, second, theme) != before
    assert scene.scales != scales


def test_what_comes_while_pieces_are_drawn_is_shown_in_the_end(
    network: Network, theme: Theme, qtbot: QtBot
) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    shot = full_shot(network)
    scene.show_snapshot(shot)
    scene._begin_drawing()
    scene.turns._take_one()
    assert scene.turns.waits(scene)
    last = later(shot, 3.0)
    for factor in (2.0, 1.5):
        scene.show_snapshot(later(shot, factor))
    scene.show_snapshot(last)
    expected = at_once(network, last, theme)
    qtbot.waitUntil(lambda: picture(scene) == expected)
    qtbot.waitUntil(lambda: not scene.turns.waits(scene))
    assert picture(scene) == expected


def test_a_stream_of_snapshots_never_keeps_the_picture_from_being_drawn(
    network: Network, theme: Theme, qtbot: QtBot
) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    shot, ends = full_shot(network), list[float]()

    def stream() -> bool:
        scene.show_snapshot(later(shot, 1.0 + len(ends)))
        if np.isfinite(scene.scales.pairs) and scene.scales.pairs not in ends:
            ends.append(scene.scales.pairs)
        return len(ends) == 4

    qtbot.waitUntil(stream)
    assert ends == sorted(ends)


def test_what_is_pointed_at_while_pieces_are_drawn_stays_marked(network: Network, theme: Theme) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    shot = full_shot(network)
    scene.show_snapshot(shot)
    scene.refresh()
    scene.show_snapshot(later(shot, 2.0))
    drawing = scene._drawing()
    for _ in range(FOUND):
        next(drawing)
    row, node = network.layers[0].nodes[3], network.layers[1].nodes[5]
    scene.hover(Target("row", node=row.id, layer=network.layers[0].id), QPointF())
    marked = picture(scene)
    assert len(list(drawing)) == SHOWN - 1
    assert marked_cells(scene, network.layers[0].id) == (3,)
    scene.hover(Target("node", node=node.id), QPointF())
    assert marked_cells(scene, network.layers[0].id) == ()
    assert marked != picture(scene)
    assert scene.parts.nodes[node.id].look.ports == (True, True)


def test_an_edit_gives_up_the_pieces_of_the_network_before(network: Network, theme: Theme) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    shot = full_shot(network)
    scene.show_snapshot(shot)
    scene.turns.ask(scene, scene._drawing())
    other = layered_network([f"g{k}" for k in range(130)], (40,), 5)
    scene.show_network(other)
    assert not scene.turns.waits(scene)
    assert set(scene.parts.heats) == {layer.id for layer in other.layers[1:]}


def test_selecting_one_after_the_other_is_shown_once_in_the_coming_turn(
    network: Network, theme: Theme, qtbot: QtBot
) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network))
    scene.refresh()
    nodes = [node.id for node in network.layers[1].nodes]
    for node in nodes[:3]:
        scene.select(Selection(nodes=frozenset({node})))
    assert not any(scene.parts.nodes[node].look.selected for node in nodes)
    qtbot.waitUntil(lambda: scene.parts.nodes[nodes[2]].look.selected)
    assert [scene.parts.nodes[node].look.selected for node in nodes[:4]] == [False, False, True, False]
    assert scene.parts.nodes[nodes[0]].look.faded
