"""Lists of numbers: groups under captions that say whose they are."""

from __future__ import annotations

from dataclasses import replace

from bpviz.model.builder import layered_network
from bpviz.model.spec import Network
from bpviz.training.known import Known
from bpviz.training.snapshot import Snapshot
from bpviz.ui.listing import node_groups, pair_groups, whole_groups
from tests.ui.canvas.shots import compiled_or_none, full_shot, plain_shot

UPDATE = 6


def _network() -> Network:
    return layered_network(("x", "y"), (2,), 1)


def _pair(network: Network) -> tuple[str, str]:
    return network.layers[0].nodes[0].id, network.layers[1].nodes[0].id


def _labels(snapshot: Snapshot, pair: tuple[str, str]) -> list[str]:
    (group,) = pair_groups(snapshot, Known.of(snapshot), pair)
    return [group.title, *(line.label(group.whose) for line in group.lines)]


def test_a_connection_lists_its_weight_and_what_a_step_does_to_it() -> None:
    network = _network()
    usual = ["Weight w", "Gradient ∂L/∂w", "Change Δw"]
    assert _labels(full_shot(network), _pair(network)) == ["Coming step, gradient: mean of 4", *usual]
    walking = _labels(full_shot(network, phase=UPDATE), _pair(network))
    assert walking == ["Step just made, gradient: mean of 4", "Weight w", "New value w⁺", *usual[1:]]


def test_while_a_run_plays_numbers_are_said_to_be_of_their_own_step() -> None:
    network = _network()
    shot = full_shot(network)
    assert shot.trace is not None
    later = replace(shot, step=shot.step + 400, playing=True)
    title = f"At step {shot.trace.before.step}, gradient: mean of 4"
    assert _labels(later, _pair(network))[0] == title


def test_a_node_lists_its_own_numbers_then_those_of_its_bias() -> None:
    network = _network()
    shot = full_shot(network, phase=UPDATE)
    known = Known.of(shot)
    node, bias = node_groups(shot, known, network.layers[1].nodes[0].id)
    assert (node.title, bias.title) == ("Step just made, mean of 4", "Bias, gradient: mean of 4")
    assert [line.symbol for line in node.lines] == ["z", "a", "f'", "∂ℓ/∂a", "δ"]
    assert [line.symbol for line in bias.lines] == ["b", "b⁺", "∂L/∂b", "Δb"]
    (entering,) = node_groups(shot, known, network.layers[0].nodes[0].id)
    assert [line.label(entering.whose) for line in entering.lines] == ["Input x", "Derivative by x ∂ℓ/∂x"]
    (output, _) = node_groups(shot, known, network.layers[2].nodes[0].id)
    assert [line.symbol for line in output.lines] == ["z", "a", "y", "ℓ", "f'", "∂ℓ/∂a", "δ"]


def test_without_a_step_only_how_the_run_stands_is_known() -> None:
    network = _network()
    shot = full_shot(network)
    plain = plain_shot(shot.compiled, shot.parameters)
    assert shot.parameters is not None
    ((weight,), (bias,)) = (
        pair_groups(plain, None, _pair(network))[0].lines,
        node_groups(plain, None, network.layers[1].nodes[0].id)[0].lines,
    )
    assert (weight.value, weight.label()) == (shot.parameters[0], "Weight w")
    assert bias.label() == "Bias b"
    assert node_groups(plain, None, network.layers[0].nodes[0].id) == []
    assert whole_groups(plain, None) == []


def test_what_the_run_does_not_have_has_no_numbers() -> None:
    network = _network()
    compiled = compiled_or_none(network)
    assert compiled is not None
    shot = full_shot(network)
    assert pair_groups(shot, Known.of(shot), ("n1", "n99")) == []
    assert pair_groups(shot, Known.of(shot), ("n1", network.layers[2].nodes[0].id)) == [], (
        "they are not linked"
    )
    assert node_groups(shot, Known.of(shot), "n99") == []


def test_the_whole_lists_loss_norm_and_rate() -> None:
    shot = full_shot(_network(), phase=UPDATE)
    (group,) = whole_groups(shot, Known.of(shot))
    assert [line.label() for line in group.lines] == [
        "Mean loss L, mean of 4",
        "Gradient norm ‖g‖",
        "Learning rate η",
    ]
