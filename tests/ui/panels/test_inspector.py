"""The inspector: pages, their numbers, and the edits made there."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bpviz.engine.activations import ACTIVATIONS
from bpviz.model.edits import on_network, remove_link, remove_nodes, rename, set_frozen
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import BiasAddress, Network, WeightAddress
from bpviz.training.known import Known
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.ui.document import Document, Selection
from bpviz.ui.listing import node_groups
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.theme import Theme
from tests.ui.panels.fills import on_fill

WANTS = frozenset({"parameters", "trace"})


def _type(edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


@pytest.fixture
def network(document: Document) -> Network:
    return document.project.network


def _node(network: Network, layer: int = 1, at: int = 0) -> Selection:
    return Selection(nodes=frozenset({network.layers[layer].nodes[at].id}))


def _pair(network: Network) -> Selection:
    ends = (network.layers[0].nodes[0].id, network.layers[1].nodes[0].id)
    return Selection(pairs=frozenset({ends}))


def test_nothing_selected_shows_the_network(inspector: Inspector) -> None:
    assert inspector.page is inspector.summary
    assert inspector.summary.title.text() == "Spiral"
    assert inspector.summary.about.text() == EXAMPLES["spiral"].about
    assert inspector.summary.layers.text() == "2 – 8 – 8 – 1"
    assert inspector.summary.parameters.text() == "105"  # 2*8 + 8*8 + 8*1 weights and 17 biases
    assert not inspector.summary.problems.isVisible()


def test_a_page_is_filled_once_for_what_it_shows_already(
    inspector: Inspector, document: Document, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Selection] = []
    on_fill(inspector.node, monkeypatch, shown.append)
    chosen = _node(network)
    inspector.show_selection(chosen)
    inspector.show_selection(chosen)
    assert shown == [chosen]

    document.apply("rename", on_network(partial(rename, item_id=next(iter(chosen.nodes)), name="ear")))
    assert shown == [chosen, chosen]
    assert inspector.node.title.text() == "ear"


def test_behind_another_tab_it_is_filled_and_wants_numbers_only_once_it_is_seen(
    inspector: Inspector, document: Document, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Selection] = []
    on_fill(inspector.node, monkeypatch, shown.append)
    inspector.set_in_sight(in_sight=False)
    chosen = _node(network)
    inspector.show_selection(chosen)
    for name in ("ear", "eye"):
        document.apply("rename", on_network(partial(rename, item_id=next(iter(chosen.nodes)), name=name)))
    assert (shown, inspector.wants) == ([], frozenset())
    inspector.set_in_sight(in_sight=True)
    assert shown == [chosen]
    assert inspector.node.title.text() == "eye"
    assert inspector.wants == {"parameters", "trace"}


def test_the_network_that_cannot_run_lists_why(
    inspector: Inspector, document: Document, network: Network
) -> None:
    source, target = network.links[-1].key
    document.apply("cut", on_network(partial(remove_link, source=source, target=target)))
    assert inspector.summary.problems.isVisible()
    assert inspector.summary.problems.text().endswith(".")


def test_frozen_parameters_are_counted(inspector: Inspector, document: Document, network: Network) -> None:
    addresses = [BiasAddress(node.id) for node in network.layers[1].nodes]
    document.apply("freeze", on_network(partial(set_frozen, addresses=addresses, frozen=True)))
    assert inspector.summary.frozen.text() == "8"


def test_one_thing_shows_its_page_and_several_a_common_one(inspector: Inspector, network: Network) -> None:
    whole_layer = frozenset(node.id for node in network.layers[1].nodes)
    pages = []
    for selection in (
        _node(network),
        _pair(network),
        Selection(layers=frozenset({network.layers[1].id})),
        Selection(nodes=whole_layer),
    ):
        inspector.show_selection(selection)
        pages.append(inspector.page)
    assert pages == [inspector.node, inspector.pair, inspector.layer, inspector.many]
    assert inspector.many.about.text() == "8 nodes"


def test_numbers_are_wanted_only_while_they_are_shown(inspector: Inspector, network: Network) -> None:
    heard: list[frozenset[str]] = []
    inspector.wants_changed.connect(heard.append)
    inspector.show_selection(_node(network))
    inspector.show_selection(Selection())
    inspector.show_selection(_pair(network))
    inspector.hide()
    assert heard == [WANTS, frozenset(), WANTS, frozenset()]


def test_a_node_is_renamed_and_gets_its_own_activation(
    inspector: Inspector, document: Document, network: Network
) -> None:
    inspector.show_selection(_node(network))
    _type(inspector.node.name, "left edge")
    page = inspector.node
    page.activation.chosen.emit("sine")
    page.frozen.click()
    node = document.project.network.layers[1].nodes[0]
    assert (node.name, node.activation, node.bias_frozen) == ("left edge", "sine", True)
    assert page.title.text() == "left edge"
    page.activation.chosen.emit("")
    assert document.project.network.layers[1].nodes[0].activation is None
    assert "ReLU" in page.activation.currentText()


def test_a_name_that_is_too_long_is_refused_in_a_sentence(
    inspector: Inspector, document: Document, network: Network
) -> None:
    inspector.show_selection(_node(network))
    before = document.project
    _type(inspector.node.name, "x" * 500)
    assert document.project is before
    assert inspector.node._name_row.problem.text().endswith(".")


def test_an_input_node_has_neither_bias_nor_activation(inspector: Inspector, network: Network) -> None:
    inspector.show_selection(_node(network, layer=0))
    assert not inspector.node.bias.isVisible()
    assert not inspector.node.activation.isVisible()
    assert inspector.node.title.text() == "x"


def test_a_node_shows_the_numbers_of_the_coming_step(
    inspector: Inspector, document: Document, network: Network
) -> None:
    session = Session(document.project)
    snapshot = session.snapshot(WANTS)
    assert snapshot.trace is not None
    trace = snapshot.trace.trace
    inspector.show_selection(_node(network))
    inspector.show_snapshot(snapshot)
    node, bias = node_groups(snapshot, Known.of(snapshot), network.layers[1].nodes[0].id)
    values = {line.label("mean of 10"): line.value for line in node.lines}
    assert node.title == "Coming step, mean of 10"
    assert values["Weighted input z"] == pytest.approx(trace.z[1][:, 0].mean())
    assert values["Activation a"] == pytest.approx(trace.a[1][:, 0].mean())
    assert values["Delta δ"] == pytest.approx(trace.delta[1][:, 0].mean())
    assert [line.label(bias.whose) for line in bias.lines] == [
        "Bias b",
        "Gradient ∂L/∂b",
        "Memory 1 before m1",
        "Memory 2 before m2",
        "Change Δb",
    ]
    below = (line.label(bias.whose) for line in bias.lines)
    labels = ["Coming step, mean of 10", *values, "Bias, gradient: mean of 10", *below]
    assert list(inspector.node.values.texts) == labels


def test_the_example_under_the_cursor_is_shown_alone(document: Document, network: Network) -> None:
    session = Session(document.project)
    run = Run(Timeline(session))
    run.walk.move("example")
    snapshot = session.snapshot(WANTS, look=run.look)
    assert snapshot.trace is not None
    assert snapshot.cursor is not None
    assert snapshot.cursor.example is not None
    node, bias = node_groups(snapshot, Known.of(snapshot), network.layers[1].nodes[0].id)
    assert node.title == "Coming step, example 1 of 10"
    assert bias.lines[2].label() == "Gradient ∂L/∂b, example 1 of 10"
    assert node.lines[0].value == snapshot.trace.trace.z[1][snapshot.cursor.example, 0]


def test_mazurs_first_gradient_is_shown_to_all_its_digits(theme: Theme, qtbot: QtBot) -> None:
    # Matt Mazur, "A Step by Step Backpropagation Example": dE/dw5 = 0.082167041
    project = EXAMPLES["mazur"].build()
    document = Document(project, first_free_number(project.network))
    inspector = Inspector(document, theme)
    qtbot.addWidget(inspector)
    inspector.show()
    snapshot = Session(project).snapshot(WANTS)
    source, target = (project.network.layers[at].nodes[0].id for at in (1, 2))
    inspector.show_selection(Selection(pairs=frozenset({(source, target)})))
    inspector.show_snapshot(snapshot)
    assert inspector.pair.values.texts["Gradient ∂L/∂w"] == "+0.082167041"
    assert inspector.pair.values.texts["Change Δw"] == "−0.041083520"
    assert inspector.pair.weight.text() == "0.4"


def test_a_weight_is_edited_from_the_value_it_really_has(
    inspector: Inspector, document: Document, network: Network
) -> None:
    snapshot = Session(document.project).snapshot(WANTS)
    inspector.show_selection(_pair(network))
    inspector.show_snapshot(snapshot)
    heard: list[tuple[object, float, float]] = []
    inspector.value_edited.connect(lambda *edit: heard.append(edit))
    _type(inspector.pair.weight, "0.25")
    address = WeightAddress(network.layers[0].nodes[0].id, network.layers[1].nodes[0].id)
    assert snapshot.parameters is not None
    assert heard == [(address, float(snapshot.parameters[snapshot.compiled.index(address)]), 0.25)]


def test_a_connection_is_frozen_and_thawed(
    inspector: Inspector, document: Document, network: Network
) -> None:
    inspector.show_selection(_pair(network))
    inspector.pair.frozen.click()
    assert document.project.network.links[0].frozen.count == 1
    assert inspector.pair.frozen.isChecked()
    inspector.pair.frozen.click()
    assert document.project.network.links[0].frozen.count == 0


def test_a_layer_is_resized_renamed_and_gets_an_activation(
    inspector: Inspector, document: Document, network: Network
) -> None:
    inspector.show_selection(Selection(layers=frozenset({network.layers[1].id})))
    page = inspector.layer
    _type(page.nodes, "12")
    _type(page.name, "Edges")
    page.activation.chosen.emit("tanh")
    layer = document.project.network.layers[1]
    assert (layer.size, layer.name, layer.activation) == (12, "Edges", "tanh")
    assert page.parameters.text() == "36"
    _type(page.nodes, "0")
    assert document.project.network.layers[1].size == 12


def test_data_decide_the_size_of_input_and_output(inspector: Inspector, network: Network) -> None:
    inspector.show_selection(Selection(layers=frozenset({network.layers[0].id})))
    assert not inspector.layer.nodes.isEnabled()
    assert not inspector.layer.activation.isVisible()
    inspector.show_selection(Selection(layers=frozenset({network.layers[-1].id})))
    assert inspector.layer.activation.findData("softmax") >= 0


def test_several_nodes_are_set_at_once(inspector: Inspector, document: Document, network: Network) -> None:
    nodes = frozenset(node.id for node in network.layers[1].nodes[:3])
    inspector.show_selection(Selection(nodes=nodes, pairs=_pair(network).pairs))
    assert inspector.many.about.text() == "3 nodes, 1 connection"
    inspector.many.activation.chosen.emit("sigmoid")
    inspector.many.frozen.click()
    changed = document.project.network.layers[1].nodes
    assert [node.activation for node in changed[:4]] == ["sigmoid", "sigmoid", "sigmoid", None]
    assert document.project.network.links[0].frozen.count == 1
    assert inspector.many.frozen.isChecked()
    mixed = Selection(nodes=frozenset(node.id for node in changed[:4]))
    inspector.show_selection(mixed)
    assert inspector.many.activation.currentText() == "Several"


def test_what_was_removed_is_not_selected_any_more(
    inspector: Inspector, document: Document, network: Network
) -> None:
    inspector.show_selection(_node(network))
    gone = network.layers[1].nodes[0].id
    document.apply("remove", on_network(partial(remove_nodes, node_ids=(gone,))))
    assert inspector.page is inspector.summary


def test_a_snapshot_of_another_network_does_no_harm(
    inspector: Inspector, document: Document, network: Network
) -> None:
    other = Session(EXAMPLES["mazur"].build()).snapshot(WANTS)
    inspector.show_selection(_node(network, at=7))
    inspector.show_snapshot(other)
    inspector.show_selection(_pair(network))
    inspector.show_snapshot(other)
    assert set(ACTIVATIONS) > {"tanh"}


def test_a_refused_weight_stays_while_training_goes_on_but_not_with_another_node(
    inspector: Inspector, document: Document, network: Network
) -> None:
    session = Session(document.project)
    inspector.show_selection(_node(network))
    inspector.show_snapshot(session.snapshot(WANTS))
    edit = inspector.node.bias
    _type(edit, "1,250,000")
    session.advance(3)
    inspector.show_snapshot(session.snapshot(WANTS))
    assert (edit.text(), edit.wrong) == ("1,250,000", True)
    inspector.show_selection(_node(network, at=1))
    assert not edit.wrong
    assert not inspector.node._bias_row.problem.text()
