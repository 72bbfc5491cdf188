"""Copied and pasted: every connection among what was selected, with its weight."""

from __future__ import annotations

import json
from dataclasses import replace
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.api import network as made
from bpviz.errors import BpvizError, ModelError, VersionError
from bpviz.files.clip import copied, is_clip, pasted
from bpviz.model.builder import layered_network
from bpviz.model.checks import check_project
from bpviz.model.choosing import Selection
from bpviz.model.edits.links import pairs_among
from bpviz.model.examples import EXAMPLES
from bpviz.model.impact import Impact, impact
from bpviz.model.layout import NODE_RADIUS, node_position
from bpviz.model.naming import counting_from
from bpviz.model.spec import Address, BiasAddress, Network, Project, WeightAddress
from bpviz.training.session import Session
from tests.model.drawings import networks
from tests.model.projects import circle_project


def some_value(address: Address) -> float:
    """A number of its own for every address."""
    return crc32(repr(address).encode()) % 100_003 / 7


def chosen(*nodes: str, layers: tuple[str, ...] = ()) -> Selection:
    return Selection(nodes=frozenset(nodes), layers=frozenset(layers))


def inner_values(project: Project, nodes: frozenset[str]) -> list[tuple[bool, float | None]]:
    """Frozen or not, and weight, of every connection that begins or ends at one of these nodes."""
    everyone = {node.id for layer in project.network.layers for node in layer.nodes}
    pairs = pairs_among(project.network, everyone, everyone)
    start = dict(project.start.values)
    return sorted(
        (frozen, start.get(WeightAddress(*pair)))
        for pair, frozen in pairs.items()
        if not nodes.isdisjoint(pair)
    )


def test_the_text_can_be_read() -> None:
    project = circle_project()

    text = copied(project.network, chosen("n5", "n6", layers=("l9",)), lambda address: 0.25)

    assert is_clip(text)
    assert json.loads(text)["links"] == [
        {"source": "l4", "target": "l9", "weights": [[0.25, 0.25]]},
    ]
    assert max(map(len, text.splitlines())) <= 101
    assert [node["id"] for layer in json.loads(text)["layers"] for node in layer["nodes"]] == [
        "n5",
        "n6",
        "n10",
    ]


@given(network=networks(), data=st.data())
def test_copy_and_paste_of_any_selection_keeps_weights(network: Network, data: st.DataObject) -> None:
    everything = [node.id for layer in network.layers for node in layer.nodes]
    hidden = {node.id for layer in network.layers if layer.role == "hidden" for node in layer.nodes}
    nodes = data.draw(st.sets(st.sampled_from(everything)))
    if not nodes & hidden:
        return
    project = replace(circle_project(), network=network)

    made = pasted(
        project, copied(network, Selection(nodes=frozenset(nodes)), some_value), None, counting_from(5000)
    )

    check_project(made.project)
    assert made.left_out == ()
    assert len(made.selection.nodes) == len(nodes & hidden)
    pairs = pairs_among(network, nodes, nodes)
    expected = sorted(
        (frozen, some_value(WeightAddress(*pair)))
        for pair, frozen in pairs.items()
        if not hidden.isdisjoint(pair)
    )
    assert inner_values(made.project, made.selection.nodes) == expected
    start = dict(made.project.start.values)
    biases = sorted(start[BiasAddress(node)] for node in made.selection.nodes)
    assert biases == sorted(some_value(BiasAddress(node)) for node in nodes & hidden)


def test_pasted_twice_they_lie_beside_each_other() -> None:
    project, new_id = circle_project(), counting_from(50)
    text = copied(project.network, chosen(layers=("l4",)), some_value)

    for at in (None, None, (40.0, 30.0), (40.0, 30.0)):
        project = pasted(project, text, at, new_id).project

    places = [node_position(layer, node) for layer in project.network.layers for node in layer.nodes]
    assert len(places) == 7 + 4 * 4
    for number, (x, y) in enumerate(places):
        for other in places[:number]:
            assert (x - other[0]) ** 2 + (y - other[1]) ** 2 >= (2 * NODE_RADIUS) ** 2


def test_pasting_into_another_project_keeps_all_that_a_node_is(hard_project: Project) -> None:
    network = hard_project.network
    text = copied(network, Selection(layers=frozenset(layer.id for layer in network.layers)), some_value)
    here = replace(circle_project(), network=layered_network(("x", "y"), (3,), 1))

    made = pasted(here, text, (0.0, 900.0), counting_from(100))

    first, second = (
        network.layers[1],
        next(at for at in made.project.network.layers if at.nodes[0].name == "ω"),
    )
    assert [replace(node, id="", x=None, y=0.0) for node in first.nodes] == [
        replace(node, id="", x=None, y=0.0) for node in second.nodes
    ]
    assert second.activation == first.activation
    known = {"x", "y"}
    shown = [node.feature for node in network.layers[0].nodes if node.feature not in known]
    assert made.left_out == tuple(shown)


def test_a_whole_network_goes_onto_an_empty_sheet() -> None:
    project = circle_project()
    everything = Selection(layers=frozenset(layer.id for layer in project.network.layers))
    run = Session(project)
    run.advance(10)
    text = copied(project.network, everything, run.value)

    made = pasted(Project(data=project.data, training=project.training), text, None, counting_from(70))

    again = Session(made.project)
    assert sorted(again.parameters.tolist()) == sorted(run.parameters.tolist())


def test_pasting_during_a_run_rewires_it() -> None:
    project = circle_project()
    text = copied(project.network, chosen("n2", "n5", "n6"), some_value)

    made = pasted(project, text, None, counting_from(70))

    assert impact(project, made.project) == (Impact.REWIRE, "")


def test_what_is_not_finite_is_left_to_the_initializer() -> None:
    project = circle_project()
    text = copied(project.network, chosen("n2", "n5"), lambda address: float("nan"))

    assert pasted(project, text, None, counting_from(70)).project.start.values == ()


def test_half_a_letter_in_a_name_is_copied_too() -> None:
    project = circle_project()
    layers = tuple(
        replace(layer, name="\ud83d ω") if layer.id == "l4" else layer for layer in project.network.layers
    )
    text = copied(replace(project.network, layers=layers), chosen(layers=("l4",)), some_value)

    assert "ω" in text
    layers = pasted(project, text, None, counting_from(70)).project.network.layers
    assert [layer.name for layer in layers if layer.name.endswith(" ω")] == ["&#55357; ω"]


def test_without_nodes_there_is_nothing_to_copy() -> None:
    network = circle_project().network
    for selection in (Selection(), Selection(pairs=frozenset({("n2", "n5")})), chosen("n99")):
        with pytest.raises(ModelError, match="Select nodes or layers"):
            copied(network, selection, some_value)


def test_a_copy_of_very_many_connections_is_refused_before_a_weight_is_looked_up() -> None:
    network = made(2, 320, 320, 1)
    every = Selection(layers=frozenset(layer.id for layer in network.layers))
    with pytest.raises(ModelError, match=r"at most 100.000 of them, .* are 103.360 connections; select"):
        copied(network, every, lambda _: pytest.fail("looked up"))
    some = Selection(layers=frozenset(layer.id for layer in network.layers[:2]))
    assert copied(network, some, lambda _: 0.123).count("0.123") == 2 * 320 + 320


def test_the_ends_alone_have_no_place_where_there_are_some() -> None:
    project = circle_project()
    text = copied(project.network, chosen("n2", "n10"), some_value)
    with pytest.raises(ModelError, match="select hidden nodes"):
        pasted(project, text, None, counting_from(70))


GOOD = copied(circle_project().network, Selection(layers=frozenset({"l4", "l9"})), lambda address: 0.5)


def changed(**fields: object) -> str:
    return json.dumps(json.loads(GOOD) | fields)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "x,y\n1,2\n",
        "{}",
        GOOD[:200],
        GOOD.replace("tanh", "tahn"),
        GOOD.replace("[0.5, 0.5", "[0.5"),
        changed(links=[{"source": "l4", "target": "l4"}]),
        changed(links=[{"source": "l4", "target": "l1"}]),
        changed(links=[{"source": "l9", "target": "l4"}]),
        changed(version="1"),
        changed(biases={"n5": "x"}),
        changed(biases={"n5": 1e7}),
        changed(more=1),
        '{"format": "bpviz network", "version": 1, "layers": ' + "[" * 100_000,
        '{"format": "bpviz network", "version": 1, "layers": [], "links": []}',
        '{"a": "bpviz network", "b": ' + '{"a":' * 50_000,
    ],
)
def test_another_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BpvizError) as caught:
        pasted(circle_project(), text, None, counting_from(70))
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_what_a_newer_bpviz_copied_is_refused() -> None:
    with pytest.raises(VersionError, match="update"):
        pasted(circle_project(), changed(version=2, new=[1]), None, counting_from(70))


@given(st.integers(0, len(GOOD) - 1), st.text(min_size=1, max_size=3))
def test_a_damaged_text_is_pasted_or_refused(at: int, text: str) -> None:
    damaged = GOOD[:at] + text + GOOD[at + len(text) :]
    said = "."
    try:
        check_project(pasted(circle_project(), damaged, None, counting_from(70)).project)
    except BpvizError as error:
        said = str(error)
    assert said.endswith((".", "?"))


@pytest.mark.parametrize("name", ["xor", "iris", "digits"])
def test_examples_can_be_copied_as_a_whole(name: str) -> None:
    project = EXAMPLES[name].build()
    selection = Selection(layers=frozenset(layer.id for layer in project.network.layers))

    made = pasted(project, copied(project.network, selection, some_value), None, counting_from(70_000))

    hidden = sum(layer.size for layer in project.network.layers if layer.role == "hidden")
    assert len(made.selection.nodes) == hidden
