from __future__ import annotations

from bpviz.model.builder import layered_network
from bpviz.model.naming import counting_from


def test_layers_follow_each_other_densely() -> None:
    network = layered_network(("x", "x^2"), (4, 3), 2, activation="relu", output_activation="softmax")

    assert [layer.size for layer in network.layers] == [2, 4, 3, 2]
    assert [layer.name for layer in network.layers] == ["Input", "Hidden 1", "Hidden 2", "Output"]
    assert [layer.activation for layer in network.layers[1:]] == ["relu", "relu", "softmax"]
    assert [node.feature for node in network.layers[0].nodes] == ["x", "x^2"]
    assert [link.removed.count for link in network.links] == [0, 0, 0]


def test_outputs_can_have_names_and_ids_come_from_where_they_are_asked_for() -> None:
    network = layered_network(("x",), (), ("no", "yes"), new_id=counting_from(40))

    assert [node.name for node in network.layers[1].nodes] == ["no", "yes"]
    assert [network.layers[0].id, network.layers[0].nodes[0].id] == ["l40", "n41"]
