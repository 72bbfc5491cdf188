"""What is under the pointer, at every zoom."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QCursor

from bpviz.ui.canvas.camera import LARGEST_SCALE, SMALLEST_SCALE
from bpviz.ui.canvas.targets import Target
from tests.ui.canvas.hand import Hand

SCALES = [SMALLEST_SCALE, 0.2, 0.4, 0.7, 1.0, 1.4, 2.5, LARGEST_SCALE]


@pytest.mark.parametrize("scale", SCALES)
def test_a_port_is_hit_within_16_pixels_of_the_screen(hand: Hand, scale: float) -> None:
    scene = hand.canvas.scene
    for layer, at, side in [(0, 0, 1), (1, 2, -1), (3, 0, -1)]:
        node = hand.layer(layer).nodes[at].id
        for turn in range(-75, 76, 15):
            off = 15.5 / scale
            way = QPointF(side * math.cos(math.radians(turn)), math.sin(math.radians(turn)))
            found = scene.target_at(hand.node(layer, at, port=side) + way * off, scale)
            if scale < 0.7:  # in so small a picture something else may be nearer
                assert found.kind not in ("empty", "insert"), turn
                continue
            assert (found.kind, found.node) == ("port out" if side > 0 else "port in", node), turn
            beyond = scene.target_at(hand.node(layer, at, port=side) + way * (16.6 / scale), scale)
            assert beyond.kind not in ("port in", "port out"), turn


@pytest.mark.parametrize("scale", SCALES)
def test_a_connection_is_hit_within_6_pixels_of_the_screen(hand: Hand, scale: float) -> None:
    placement = hand.canvas.scene.placement
    pair = (hand.layer(0).nodes[0].id, hand.layer(1).nodes[0].id)
    k = placement.topology.find(pair)
    assert k is not None
    line = placement.polylines(np.array([k]))[0]
    middle, along = line[8], line[9] - line[7]
    across = np.array([-along[1], along[0]]) / np.hypot(*along)
    for off_px, hit in ((0.0, True), (-5.8, True), (-6.5, False)):
        point = QPointF(*(middle + across * (off_px / scale)).tolist())
        found = hand.canvas.scene.target_at(point, scale)
        if scale < 0.4 and off_px:
            continue  # in so small a picture something else is nearer
        assert found.kind == "pair" if hit else found.pair != pair, off_px


def test_the_zoom_keeps_the_point_under_the_pointer(hand: Hand) -> None:
    pane = hand.canvas.pane
    place = QPointF(311, 207)
    for _ in range(12):
        before = pane.mapToScene(place.toPoint())
        pane.zoom(1.2 if pane.scale_factor < 3 else 0.3, place)
        moved = pane.mapFromScene(before) - place.toPoint()
        assert max(abs(moved.x()), abs(moved.y())) <= 1
    QCursor.setPos(0, 0)


def test_the_middle_of_a_disc_is_the_node_at_every_zoom(hand: Hand) -> None:
    for scale in SCALES:
        node = hand.layer(1).nodes[1]
        at = hand.canvas.scene.target_at(hand.node(1, 1), scale)
        assert at == Target("node", node=node.id, layer=hand.layer(1).id)
