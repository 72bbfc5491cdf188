from __future__ import annotations

from bpviz.model.edits import add_node, on_network, set_activation, set_frozen
from bpviz.model.spec import BiasAddress, Stop
from bpviz.training.events import Story, retuned_text, rewired_text, value_text
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


def _story(*events: Event) -> Story:
    story = Story(circle())
    for event in events:
        story = story.followed_by(event)
    return story


def _value(node: str, old: float, new: float, step: int = 3) -> Event:
    return Event(step, "value", address=BiasAddress(node), old=old, new=new)


def test_one_value_set_again_and_again_is_one_event_and_nothing_is_told_when_it_is_back() -> None:
    first, second = (node.id for node in circle().network.layers[1].nodes[:2])
    story = _story(_value(first, 1.0, 2.0), _value(first, 2.0, 4.0))
    assert [(event.old, event.new) for event in story.events] == [(1.0, 4.0)]
    story = _story(_value(first, 1.0, 2.0), _value(second, 0.0, 9.0), _value(first, 2.0, 1.0))
    assert len(story.events) == 3
    assert [words for _, words in story.told] == ["bias of Hidden 1, node 2 set to 9"]


def test_of_very_many_values_it_is_told_how_many() -> None:
    nodes = [node.id for layer in circle().network.layers[1:] for node in layer.nodes]
    story = _story(*(_value(node, 0.0, 1.0) for node in nodes))
    assert [words for _, words in _story(*(_value(node, 0.0, 1.0) for node in nodes[:2])).told] == [
        "bias of Hidden 1, node 1 set to 1",
        "bias of Hidden 1, node 2 set to 1",
    ]
    many = [_value(f"gone{at}", 0.0, 1.0) for at in range(20)]
    assert _story(*many).told == ((3, "20 values set by hand"),)
    assert len(story.events) == len(nodes)


def test_a_setting_on_its_way_is_one_edit_and_one_with_a_memory_is_told_apart() -> None:
    began = circle()
    rates = [Event(3, "edited", project=retrained(began, learning_rate=rate)) for rate in (0.1, 0.2, 0.3)]
    story = _story(*rates)
    assert len(story.events) == 1
    assert story.told == ((3, "learning rate 0.03 → 0.3"),)
    optimizers = [Event(3, "edited", project=retrained(began, optimizer=name)) for name in ("adam", "sgd")]
    story = _story(*optimizers)
    assert len(story.events) == 2  # the memory is cleared all the same
    assert story.told == ()


def test_events_of_different_steps_stay_apart_and_each_is_told_against_the_one_before() -> None:
    began = circle()
    story = _story(
        Event(3, "edited", project=retrained(began, learning_rate=0.1)),
        Event(4, "edited", project=began),
    )
    assert story.told == ((3, "learning rate 0.03 → 0.1"), (4, "learning rate 0.1 → 0.03"))


def test_what_happened_before_the_first_step_is_told_only_where_it_changed_something() -> None:
    story = _story(Event(0, "path", path="kernel"), Event(5, "path", path="reference"))
    assert story.told == ((5, "the reference path computes from here"),)


def test_a_run_may_be_let_go_on_twice_between_two_steps() -> None:
    story = _story(Event(3, "continued", rule="epochs"), Event(3, "continued", rule="patience"))
    assert story.told == ((3, "went on"), (3, "went on"))


def test_the_words_of_an_earlier_version_are_shown_as_they_are() -> None:
    assert _story(Event(3, "remark", words="learning rate 1 → 2")).told == ((3, "learning rate 1 → 2"),)


def test_a_story_is_cut_by_how_many_events_had_happened() -> None:
    story = _story(*(Event(step, "continued", rule="epochs") for step in (3, 3, 7)))
    assert [story.before(step) for step in (2, 3, 6, 7, 9)] == [0, 2, 2, 3, 3]
    assert len(story.upto(2).events) == 2
    assert story.upto(3) is story
