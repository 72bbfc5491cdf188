"""Every entry of a context menu is an edit that can be undone."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.menus import Menus
from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.document import Selection
from bpviz.ui.theme import Theme
from tests.ui.canvas.hand import Hand, document_of

NOT_AN_EDIT = {"Fit to window"}


def _menus(canvas: NetworkCanvas, theme: Theme) -> Menus:
    return Menus(canvas.editor, theme, canvas.fit, canvas)


def _entries(menu: QMenu) -> Iterator[tuple[str, QAction]]:
    for action in menu.actions():
        sub = action.menu()
        if isinstance(sub, QMenu):
            if sub.isEnabled():
                yield from ((f"{action.text()} > {text}", inner) for text, inner in _entries(sub))
        elif not action.isSeparator():
            yield action.text(), action


def _run(menu: QMenu, text: str) -> None:
    dict(_entries(menu))[text].trigger()


def test_every_entry_changes_the_drawing_or_says_why_not(hand: Hand, theme: Theme) -> None:
    canvas, menus = hand.canvas, _menus(hand.canvas, theme)
    stack = document_of(canvas).undo_stack
    nodes = Selection(nodes=frozenset({hand.layer(1).nodes[0].id}))
    pair = (hand.layer(0).nodes[0].id, hand.layer(1).nodes[0].id)
    pairs = Selection(pairs=frozenset({pair}))
    cases = [
        *((Target("caption", layer=layer.id), Selection()) for layer in hand.network.layers),
        (Target("node", node=hand.layer(1).nodes[0].id), nodes),
        (Target("pair", pair=pair), pairs),
        (EMPTY, Selection()),
    ]
    for target, selection in cases:
        names = [text for text, _ in _entries(menus.menu(target, selection, QPointF(80, 0)))]
        assert names
        for name in names:
            before = hand.network
            menu = menus.menu(target, selection, QPointF(80, 0))
            action = dict(_entries(menu))[name]
            already = action.isChecked() or name in ("Release all", "Arrange")
            action.trigger()
            assert hand.network != before or already or name in NOT_AN_EDIT, name
            if hand.network != before:
                stack.undo()
            assert hand.network == canvas.scene.network == before
    assert hand.messages == []


def test_a_layer_can_be_connected_fully_across_others(hand: Hand, theme: Theme) -> None:
    menu = _menus(hand.canvas, theme).menu(Target("caption", layer=hand.layer(0).id), Selection(), QPointF())
    _run(menu, "Connect fully to > Output")
    link = hand.network.link(hand.layer(0).id, hand.layer(3).id)
    assert link is not None
    assert link.removed.count == 0


def test_freezing_a_layer_freezes_weights_into_it_and_its_biases(hand: Hand, theme: Theme) -> None:
    layer = hand.layer(1)
    target = Target("caption", layer=layer.id)
    _run(_menus(hand.canvas, theme).menu(target, Selection(), QPointF()), "Freeze all weights and biases")
    frozen = hand.network.layer(layer.id)
    link = hand.network.link(hand.layer(0).id, layer.id)
    assert link is not None
    assert link.frozen.count == 6
    assert all(node.bias_frozen for node in frozen.nodes)


def test_a_node_gets_its_own_activation_and_follows_its_layer_again(hand: Hand, theme: Theme) -> None:
    node = hand.layer(1).nodes[0].id
    selection = Selection(nodes=frozenset({node}))
    menus, target = _menus(hand.canvas, theme), Target("node", node=node)
    _run(menus.menu(target, selection, QPointF()), "Activation > ReLU")
    assert hand.network.node(node).activation == "relu"
    _run(menus.menu(target, selection, QPointF()), "Activation > As the layer")
    assert hand.network.node(node).activation is None


def test_softmax_is_offered_for_the_output_layer_only(hand: Hand, theme: Theme) -> None:
    menus = _menus(hand.canvas, theme)
    offered = [
        "Activation > Softmax"
        in dict(_entries(menus.menu(Target("caption", layer=hand.layer(at).id), Selection(), QPointF())))
        for at in (1, 3)
    ]
    assert offered == [False, True]
