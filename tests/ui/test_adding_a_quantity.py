"""One entry of the table is all that a new quantity takes: every view then shows it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from pytestqt.qtbot import QtBot

from bpviz.cli import cli
from bpviz.training.known import Known
from bpviz.training.phases import PhaseKind
from bpviz.training.places import WHOLE, NodePlace, PairPlace, Place
from bpviz.training.quantities import QUANTITIES, Per, Quantity, Scope
from bpviz.training.readings import Reading, of_nodes, of_parameters, of_whole
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.card import Card
from bpviz.ui.canvas.targets import Target
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.numbers import signed
from bpviz.ui.panels.inspector_nodes import NodePage, PairPage
from bpviz.ui.panels.inspector_pages import SummaryPage

NEW: dict[Scope, tuple[PhaseKind, Reading]] = {
    "node": ("backward", of_nodes(lambda made: [3 * delta for delta in made.trace.delta])),
    "parameter": ("backward", of_parameters(lambda made: 3 * made.trace.gradient)),
    "whole": ("loss", of_whole(lambda made: 3 * made.trace.mean_loss)),
}
PLACE: dict[Scope, Place] = {
    "node": NodePlace(2, 0),
    "parameter": PairPlace(NodePlace(1, 0), NodePlace(2, 0)),
    "whole": WHOLE,
}
ONCE: dict[Scope, str] = {"node": "delta", "parameter": "gradient", "whole": "mean_loss"}


@pytest.fixture(params=NEW)
def added(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Quantity:
    """A quantity more: three times another one."""
    scope: Scope = request.param
    phase, values = NEW[scope]
    per: Per = "both" if scope == "node" else "batch"
    entry = Quantity("thrice", "three times as much", "3t", scope, phase, per, values, short="thrice")
    monkeypatch.setitem(QUANTITIES._entries, "thrice", entry)
    return entry


def test_it_is_in_the_card_the_inspector_and_the_menu_of_views(
    added: Quantity, window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("mazur")
    layers = window.document.project.network.layers
    hidden, output = layers[1].nodes[0].id, layers[2].nodes[0].id
    is_node, is_link = added.scope == "node", added.scope == "parameter"
    if is_node:
        window.canvas.desk.select(Selection(nodes=frozenset({output})))
    elif is_link:
        window.canvas.desk.select(Selection(pairs=frozenset({(hidden, output)})))
    for _ in ("enter", "hidden", "output", "loss", "backward"):
        window.actions_by_name["step_phase"].trigger()
    qtbot.waitUntil(lambda: _phase(window.controller.latest) == ("backward", 2))
    snapshot = window.controller.latest
    assert snapshot is not None
    known = Known.of(snapshot)
    assert known is not None
    place: dict[Scope, Place] = {
        "node": NodePlace(2, 0),
        "parameter": PairPlace(NodePlace(1, 0), NodePlace(2, 0)),
        "whole": WHOLE,
    }
    value, once = (known.value(key, place[added.scope]) for key in ("thrice", ONCE[added.scope]))
    assert value is not None
    assert once is not None
    assert value == 3 * once

    page = window.inspector.page
    assert isinstance(page, NodePage | PairPage | SummaryPage)
    qtbot.waitUntil(lambda: page.values.texts.get("Thrice 3t") == signed(value, 9))
    card = Card(window.theme, window.canvas)
    target = Target("node", node=output) if is_node else Target("pair", pair=(hidden, output))
    card.fill(["A thing"], window.canvas.scene.groups(target))
    assert (("Thrice", signed(value, 6)) in card.rows) == (is_node or is_link)

    offered = {action.text(): action for action in window.menus.by_name["more_views"].actions()}
    assert ("Three times as much" in offered) == (is_node or is_link)
    if is_node or is_link:
        offered["Three times as much"].trigger()
        reading, topology = window.canvas.scene.reading, window.canvas.scene.placement.topology
        shown = reading.nodes if is_node else reading.pairs
        at = topology.number[output] if is_node else topology.find((hidden, output))
        assert shown[at] == value
        assert offered["Three times as much"].isChecked()
        assert not window.actions_by_name["view_weights"].isChecked()


def _phase(snapshot: Snapshot | None) -> tuple[str, int | None] | None:
    if snapshot is None or snapshot.cursor is None or snapshot.trace is None:
        return None
    return snapshot.cursor.phase.kind, snapshot.cursor.phase.layer


def test_gradients_lists_it(added: Quantity) -> None:
    text = CliRunner().invoke(cli, ["gradients", "--example", "mazur"]).stdout
    document = json.loads(CliRunner().invoke(cli, ["gradients", "--example", "mazur", "--json"]).stdout)
    where = {"node": document["layers"][2], "parameter": document["links"][1], "whole": document}[added.scope]
    found = np.array(where["thrice"])
    np.testing.assert_array_equal(found, 3 * np.array(where[ONCE[added.scope]]))
    assert "thrice" in text
    assert f"{found.ravel()[0]:.9f}" in text
