"""The canvas as the window sees it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsPathItem
from pytestqt.qtbot import QtBot

from bpviz.data.settings import DataSettings
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.spec import Project
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.hints import PULSES_Z
from bpviz.ui.canvas.overlays import FocusFrame, Legend
from bpviz.ui.canvas.scales import Scales
from bpviz.ui.canvas.selecting import of_selection
from bpviz.ui.canvas.targets import Target
from bpviz.ui.document import Selection
from bpviz.ui.theme import Theme
from tests.ui.canvas.conftest import MakeCanvas
from tests.ui.canvas.hand import Hand, document_of, small_project
from tests.ui.canvas.shots import full_shot, plain_shot


def test_wants_follow_the_view_and_nothing_is_wanted_while_hidden(canvas: NetworkCanvas) -> None:
    said: list[frozenset[str]] = []
    canvas.wants_changed.connect(said.append)
    assert canvas.wants() == {"parameters", "node_maps"}
    canvas.desk.show_view("gradients")
    assert said[-1] == {"parameters", "trace"}
    canvas.hide()
    assert said[-1] == canvas.wants() == frozenset()


def test_maps_are_wanted_for_data_of_the_plane_only(make_canvas: MakeCanvas) -> None:
    iris = Project(network=layered_network(("sepal length",), (2,), 3), data=DataSettings(source="iris"))
    canvas = make_canvas(iris)
    assert canvas.wants() == {"parameters"}
    canvas.desk.show_view("outputs")
    assert canvas.wants() == {"parameters", "trace"}, "without a map, outputs are the activations"


def test_nodes_show_maps_when_a_snapshot_brings_them(canvas: NetworkCanvas) -> None:
    canvas.show_snapshot(full_shot(canvas.editor.network))
    assert all(item.look.map is not None for item in canvas.scene.parts.nodes.values())
    canvas.desk.show_view("activations")
    assert all(item.look.map is None for item in canvas.scene.parts.nodes.values())
    assert all(item.look.numbers for item in canvas.scene.parts.nodes.values())


def test_new_values_reach_the_smooth_lines_by_themselves(
    canvas: NetworkCanvas, theme: Theme, qtbot: QtBot
) -> None:
    compiled = compile_network(canvas.editor.network)
    for weight, token in ((-1.0, "negative"), (1.0, "positive"), (-1.0, "negative")):
        canvas.show_snapshot(plain_shot(compiled, np.full(compiled.plan.size, weight)))
        color = theme.color(token)
        qtbot.waitUntil(partial(lambda color: _middle_of_a_line(canvas) == color, color))


def test_another_theme_reaches_everything_that_is_kept(canvas: NetworkCanvas, theme: Theme) -> None:
    theme.set_mode("dark")
    canvas.show_snapshot(full_shot(canvas.editor.network))
    theme.set_mode("light")
    light = canvas.grab().toImage()
    theme.set_mode("dark")
    dark = canvas.grab().toImage()
    assert dark.pixelColor(2, 2) == theme.color("window")
    for item in (*canvas.scene.parts.layers.values(), *canvas.scene.parts.nodes.values()):
        box = canvas.pane.mapFromScene(item.sceneBoundingRect()).boundingRect() & light.rect()
        at = [QPoint(x, y) for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())]
        inked = [place for place in at if light.pixelColor(place) != light.pixelColor(2, 2)]
        assert inked
        assert sum(light.pixelColor(place) == dark.pixelColor(place) for place in inked) < len(inked) / 2
    theme.set_mode("light")
    assert canvas.grab().toImage() == light


def test_what_came_while_hidden_is_shown_later(canvas: NetworkCanvas) -> None:
    canvas.hide()
    canvas.show_snapshot(full_shot(canvas.editor.network))
    assert not any(item.look.map for item in canvas.scene.parts.nodes.values())
    canvas.show()
    assert all(item.look.map for item in canvas.scene.parts.nodes.values())


def test_clicks_and_shift_clicks_select(hand: Hand) -> None:
    said: list[Selection] = []
    hand.canvas.desk.selection_changed.connect(said.append)
    first, second = (hand.layer(1).nodes[at].id for at in (0, 1))

    hand.click(hand.node(1, 0))
    hand.click(hand.node(1, 1), Qt.KeyboardModifier.ShiftModifier)
    hand.click(hand.node(1, 0), Qt.KeyboardModifier.ControlModifier)
    hand.click(QPointF(hand.layer(0).x, hand.layer(0).nodes[0].y - 200))

    assert [selection.nodes for selection in said] == [{first}, {first, second}, {second}, set()]


def test_a_click_on_a_caption_selects_the_layer(hand: Hand) -> None:
    layer = hand.layer(1)
    item = hand.canvas.scene.parts.layers[layer.id]
    hand.click(item.mapToScene(item.caption.center()))
    assert hand.canvas.selection == Selection(layers=frozenset({layer.id}))


def test_escape_lets_go_of_what_is_selected(hand: Hand) -> None:
    hand.click(hand.node(0, 0))
    assert hand.canvas.selection
    hand.key(Qt.Key.Key_Escape)
    assert not hand.canvas.selection


def test_the_whole_network_stays_in_sight_until_the_user_zooms(hand: Hand, qtbot: QtBot) -> None:
    canvas = hand.canvas
    for _ in range(3):
        canvas.editor.insert_beside(hand.layer(-1).id, after=False)
    assert _in_sight(canvas)
    canvas.resize(420, 300)
    assert _in_sight(canvas)
    for _ in range(8):
        canvas.zoom_in()
    assert not _in_sight(canvas)
    canvas.resize(430, 310)
    assert not _in_sight(canvas), "the user's choice stays"
    hand.canvas.fit()
    assert _in_sight(canvas)


def _middle_of_a_line(canvas: NetworkCanvas) -> QColor:
    points = canvas.scene.placement.polylines(np.array([0]))[0]
    x, y = points[len(points) // 2].tolist()
    return canvas.grab().toImage().pixelColor(canvas.pane.mapFromScene(QPointF(x, y)))


def _in_sight(canvas: NetworkCanvas) -> bool:
    pane = canvas.pane
    box = pane.mapFromScene(canvas.scene.extent(pane.scale_factor)).boundingRect()
    return pane.viewport().rect().contains(box)


def _turn_wheel(canvas: NetworkCanvas, place: QPoint, notches: int, pixels: QPoint | None = None) -> None:
    viewport = canvas.pane.viewport()
    event = QWheelEvent(
        QPointF(place),
        QPointF(viewport.mapToGlobal(place)),
        pixels or QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_the_wheel_zooms_at_the_pointer(hand: Hand) -> None:
    pane, point = hand.canvas.pane, hand.node(1, 0)
    place, scale = hand.place(point), pane.scale_factor
    _turn_wheel(hand.canvas, place, 2)
    assert pane.scale_factor > 1.3 * scale
    assert (hand.place(point) - place).manhattanLength() <= 3


def test_zooming_out_ends_before_the_network_is_a_speck(hand: Hand) -> None:
    canvas, pane = hand.canvas, hand.canvas.pane
    for place in (hand.place(hand.node(1, 0)), QPoint(5, 5)):
        _turn_wheel(canvas, place, -40)
        shown = pane.mapFromScene(canvas.scene.extent(pane.scale_factor)).boundingRect()
        whole = pane.viewport().rect()
        assert max(shown.width() / whole.width(), shown.height() / whole.height()) > 0.3


def test_two_fingers_pan(hand: Hand) -> None:
    point = hand.node(1, 0)
    place, scale = hand.place(point), hand.canvas.pane.scale_factor
    _turn_wheel(hand.canvas, place, 1, QPoint(12, 20))
    assert hand.canvas.pane.scale_factor == scale
    assert (hand.place(point) - place - QPoint(12, 20)).manhattanLength() <= 2


def test_many_connections_are_plain_while_the_view_moves_and_smooth_at_rest(
    make_canvas: MakeCanvas, qtbot: QtBot
) -> None:
    canvas = make_canvas(small_project(hidden=(12, 12)))
    links = canvas.scene.parts.links
    for move in (canvas.zoom_in, lambda: canvas.pane.pan(QPointF(5.0, 0.0))):
        qtbot.waitUntil(lambda: links.resting)
        move()
        assert not links.resting
    qtbot.waitUntil(lambda: links.resting)


def test_few_connections_stay_smooth_while_the_view_moves(canvas: NetworkCanvas) -> None:
    canvas.zoom_in()
    assert canvas.scene.parts.links.resting


def test_the_wheel_scrolls_a_column(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(Project(network=layered_network([f"f{k}" for k in range(300)], (2,), 1)))
    layer = canvas.editor.network.layers[0].id
    column = canvas.scene.placement.columns[layer]
    scale = canvas.pane.scale_factor
    _turn_wheel(canvas, canvas.pane.mapFromScene(QPointF(column.x, column.top + 50)), -3)
    assert canvas.scene.placement.columns[layer].first == 18
    assert canvas.pane.scale_factor == scale


def test_the_wheel_scrolls_a_column_from_its_heat_strip_too(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(Project(network=layered_network([f"f{k}" for k in range(30)], (90,), 1)))
    layer = canvas.editor.network.layers[1].id
    column = canvas.scene.placement.columns[layer]
    scale = canvas.pane.scale_factor
    strip = canvas.scene.parts.heats[layer].sceneBoundingRect().center()
    _turn_wheel(canvas, canvas.pane.mapFromScene(strip), -1)
    assert canvas.scene.placement.columns[layer].first == 6
    assert canvas.pane.scale_factor == scale
    _turn_wheel(canvas, canvas.pane.mapFromScene(QPointF(column.x, column.top - 40)), 1)
    assert canvas.pane.scale_factor > scale


def test_scrolling_a_column_points_at_the_row_that_came_under_the_pointer(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(Project(network=layered_network([f"f{k}" for k in range(300)], (2,), 1)))
    layer = canvas.editor.network.layers[0]
    seen: list[str] = []
    canvas.pane.hovered.connect(lambda target, _: seen.append(target.node))
    column = canvas.scene.placement.columns[layer.id]
    place = canvas.pane.mapFromScene(QPointF(column.x, column.top + 10.5 * column.height / column.shown))
    QTest.mouseMove(canvas.pane.viewport(), place)
    _turn_wheel(canvas, place, -3)
    assert seen == [layer.nodes[10].id, layer.nodes[28].id]


def test_keys_show_that_they_lead_to_the_picture_and_the_mouse_does_not(hand: Hand) -> None:
    canvas = hand.canvas
    frame = canvas.findChild(FocusFrame)
    assert frame is not None
    hand.click(hand.node(1, 0))
    assert frame.isHidden()
    hand.key(Qt.Key.Key_Shift)
    assert frame.isHidden()
    hand.key(Qt.Key.Key_Q)
    assert frame.isVisible()
    hand.click(hand.node(1, 0))
    assert frame.isHidden()
    canvas.pane.clearFocus()
    canvas.pane.setFocus(Qt.FocusReason.TabFocusReason)
    assert frame.isVisible()
    canvas.pane.clearFocus()
    assert frame.isHidden()


def test_the_menu_key_opens_the_menu_beside_what_is_selected(hand: Hand) -> None:
    canvas, pane = hand.canvas, hand.canvas.pane
    wanted: list[tuple[Target, QPoint]] = []
    pane.menu_wanted.disconnect()
    pane.menu_wanted.connect(lambda target, place, _: wanted.append((target, place)))
    layer, node = hand.layer(2), hand.layer(1).nodes[2]
    topology = canvas.scene.placement.topology
    pair = topology.pair(3)
    points = canvas.scene.placement.polylines(np.array([3]))[0]
    caption = canvas.scene.parts.layers[layer.id]
    cases = (
        (Selection(nodes=frozenset({node.id})), hand.node(1, 2)),
        (Selection(layers=frozenset({layer.id})), caption.mapToScene(caption.caption.center())),
        (Selection(pairs=frozenset({pair})), QPointF(*points[len(points) // 2].tolist())),
    )
    for selection, point in cases:
        canvas.desk.select(selection)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
        QApplication.sendEvent(pane.viewport(), event)
        target, place = wanted[-1]
        assert target == of_selection(selection)
        assert (pane.viewport().mapFromGlobal(place) - hand.place(point)).manhattanLength() <= 3
    pane.pan(QPointF(3000.0, 0.0))
    QApplication.sendEvent(pane.viewport(), event)
    assert pane.viewport().rect().contains(pane.viewport().mapFromGlobal(wanted[-1][1])), (
        "never off the screen"
    )


def test_the_menu_key_finds_a_node_at_the_origin_too(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(Project(network=layered_network(("x",), (2,), 1)))
    node = canvas.editor.network.layers[0].nodes[0]
    points: list[QPointF] = []
    canvas.pane.menu_wanted.disconnect()
    canvas.pane.menu_wanted.connect(lambda _target, _place, point: points.append(point))
    canvas.desk.select(Selection(nodes=frozenset({node.id})))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(canvas.pane.viewport(), event)
    assert points == [QPointF(0.0, 0.0)] == [QPointF(canvas.editor.network.layers[0].x, node.y)]


def test_opening_another_project_fits_it_and_forgets_the_old_values(
    canvas: NetworkCanvas, qtbot: QtBot
) -> None:
    canvas.show_snapshot(full_shot(canvas.editor.network))
    for _ in range(6):
        canvas.zoom_in()
    other = small_project((4, 4, 4))
    document_of(canvas).replace_all(other, 1000)
    assert not any(item.look.map for item in canvas.scene.parts.nodes.values())
    qtbot.waitUntil(lambda: _in_sight(canvas))


def test_an_edit_of_settings_leaves_the_view_as_it_is(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    canvas.zoom_in()
    scale = canvas.pane.scale_factor
    document_of(canvas).apply("rate", lambda p: replace(p, training=replace(p.training, learning_rate=0.5)))
    qtbot.wait(1)
    assert canvas.pane.scale_factor == scale


def test_the_legend_says_which_values_are_shown(canvas: NetworkCanvas) -> None:
    legend = canvas.findChild(Legend)
    assert legend is not None
    canvas.show_snapshot(full_shot(canvas.editor.network))
    assert legend.accessibleName().startswith("Weight from −")
    canvas.desk.show_view("deltas")
    assert "Delta, mean of 4 from −" in legend.accessibleName()


def test_in_a_low_window_notes_of_the_legend_stand_beside_its_scales(canvas: NetworkCanvas) -> None:
    legend = canvas.findChild(Legend)
    assert legend is not None
    legend.show_scales(Scales(pairs=1.0, nodes=2.0, drawn=1_000, seen=2_000, strips=True))
    legend.fit(900, 900)
    column = legend.size()
    legend.fit(900, column.height() - 1)
    row = legend.size()
    assert row.height() < column.height()
    assert column.width() < row.width() <= 900
    legend.fit(row.width() // 2, column.height() - 1)
    assert legend.height() == column.height(), "where that is too wide they stay below"


def test_refused_edits_are_told(canvas: NetworkCanvas) -> None:
    said: list[str] = []
    canvas.desk.refused.connect(said.append)
    before = canvas.editor.network
    canvas.desk.select(Selection(nodes=frozenset(node.id for node in before.layers[-1].nodes)))
    canvas.editor.delete(canvas.selection)
    assert "at least one node" in said[-1]
    assert canvas.editor.network == before


def test_the_picture_follows_edits_made_elsewhere(canvas: NetworkCanvas) -> None:
    layer = canvas.editor.network.layers[1].id
    edit = edits.on_network(lambda network: edits.resize_layer(network, layer, 5, ["n90", "n91"]))
    document_of(canvas).apply("resize", edit)
    assert {"n90", "n91"} <= canvas.scene.parts.nodes.keys()


def test_a_walk_asks_for_the_trace_and_runs_dots_along_the_connections(
    canvas: NetworkCanvas, theme: Theme, qtbot: QtBot
) -> None:
    network = canvas.editor.network
    canvas.show_snapshot(full_shot(network, phase=1))
    assert "trace" in canvas.wants()
    forward = _dots(canvas)
    assert forward.width() < 40, "all dots begin at the inputs"
    assert forward.center().x() < network.layers[1].x - 40
    qtbot.waitUntil(lambda: not _run(canvas))

    canvas.show_snapshot(full_shot(network, phase=6))  # backward through the second hidden layer
    assert _dots(canvas).center().x() > network.layers[2].x + 40, "deltas come from behind"

    theme.set_reduced_motion(reduced=True)
    qtbot.waitUntil(lambda: not _run(canvas))
    canvas.show_snapshot(full_shot(network, phase=2))
    assert not _run(canvas)


def _pulses(canvas: NetworkCanvas) -> list[QGraphicsPathItem]:
    return [
        item
        for item in canvas.scene.items()
        if isinstance(item, QGraphicsPathItem) and item.zValue() == PULSES_Z
    ]


def _run(canvas: NetworkCanvas) -> bool:
    return any(item.isVisible() for item in _pulses(canvas))


def _dots(canvas: NetworkCanvas) -> QRectF:
    assert _run(canvas)
    return QRectF().united(
        _pulses(canvas)[0].path().boundingRect() | _pulses(canvas)[1].path().boundingRect()
    )


def test_what_runs_has_the_color_of_its_sign_and_zeros_do_not_run(
    canvas: NetworkCanvas, theme: Theme
) -> None:
    lines = np.array([[[0.0, y], [100.0, y]] for y in range(0, 50, 10)])
    values = np.array([4.0, -1.0, 0.0, np.nan, 1.0])
    canvas.scene.hints.run_along(lines, values, backward=False)
    seen = {item.brush().color().name(): item.path().toFillPolygons() for item in _pulses(canvas)}
    positive, negative = (seen[theme.color(sign).name()] for sign in ("positive", "negative"))
    assert [round(dot.boundingRect().center().y()) for dot in positive] == [0, 40]
    assert [round(dot.boundingRect().center().y()) for dot in negative] == [10]
    large, small = (dot.boundingRect().width() for dot in positive)
    assert large == pytest.approx(11)
    assert small == pytest.approx(8)
    canvas.scene.hints.run_along(lines, np.zeros(5), backward=False)
    assert not _run(canvas)


def test_another_example_sends_its_own_values(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    shot = full_shot(canvas.editor.network, phase=2)
    canvas.show_snapshot(shot)
    qtbot.waitUntil(lambda: not _run(canvas))
    canvas.show_snapshot(shot)
    assert not _run(canvas), "the same phase again"
    assert shot.cursor is not None
    canvas.show_snapshot(replace(shot, cursor=replace(shot.cursor, example=1)))
    assert _run(canvas)
