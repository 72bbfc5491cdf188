from __future__ import annotations

from dataclasses import replace

from bpviz.model.edits import add_node, on_network, set_activation, set_frozen
from bpviz.model.spec import BiasAddress, Stop
from bpviz.training.events import appended, retuned_text, rewired_text, value_text
from bpviz.training.run_state import Event
from tests.training.projects import circle, first_weight, retrained


def test_settings_are_told_with_what_they_were() -> None:
    project = circle()
    changed = retrained(project, learning_rate=0.1, batch_size=None, optimizer="adam", stop=Stop(epochs=3))
    assert retuned_text(project, changed) == (
        "optimizer sgd → adam, learning rate 0.03 → 0.1, batch size 10 → all examples, stop rules changed"
    )
    assert retuned_text(project, project) == ""


def test_edits_of_nodes_that_stay_are_told() -> None:
    project = circle()
    hidden = project.network.layers[1]
    changed = on_network(lambda network: set_activation(network, hidden.id, "relu"))(project)
    assert retuned_text(project, changed) == "activations changed"
    frozen = on_network(lambda network: set_frozen(network, [first_weight(project)], frozen=True))(project)
    assert retuned_text(project, frozen) == "frozen parameters changed"


def test_new_wiring_is_told_by_its_size_and_nothing_else_is_said_of_it() -> None:
    project = circle(3, 2)
    grown = on_network(lambda network: add_node(network, network.layers[1].id, "n90"))(project)
    assert rewired_text(project.network, grown.network) == "network changed: 9 nodes, 18 connections"
    assert rewired_text(project.network, project.network) == ""
    assert retuned_text(project, grown) == ""


def test_a_value_is_told_with_its_place() -> None:
    network = circle().network
    address = BiasAddress(network.layers[1].nodes[1].id)
    assert value_text(network, address, -0.5) == "bias of Hidden 1, node 2 set to −0.5"


def test_one_value_set_again_and_again_is_one_event_and_none_when_it_is_back() -> None:
    first = Event(3, "value", "a set to 2", BiasAddress("n1"), 1.0, 2.0)
    events = appended((), first)
    events = appended(events, Event(3, "value", "b set to 9", BiasAddress("n2"), 0.0, 9.0))
    events = appended(events, replace(first, text="a set to 4", old=2.0, new=4.0))
    assert [(event.text, event.old, event.new) for event in events] == [
        ("b set to 9", 0.0, 9.0),
        ("a set to 4", 1.0, 4.0),
    ]
    events = appended(events, replace(first, text="a set to 1", old=4.0, new=1.0))
    assert [event.address for event in events] == [BiasAddress("n2")]


def test_events_of_different_steps_stay_apart() -> None:
    events = appended((), Event(3, "retuned", "learning rate 1 → 2"))
    events = appended(events, Event(4, "retuned", "learning rate 2 → 1"))
    assert len(events) == 2
    assert len(appended(events, Event(4, "retuned", ""))) == 1


def test_a_run_may_be_let_go_on_twice_between_two_steps() -> None:
    events = appended((), Event(3, "continued", "went on"))
    assert len(appended(events, Event(3, "continued", "went on"))) == 2
