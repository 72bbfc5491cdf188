from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bpviz.data.settings import DataSettings, Table
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.examples import EXAMPLES
from bpviz.model.problems import Problem, network_problems, problems, warnings
from bpviz.model.spec import Layer, Link, Network, Node, Project, Training
from tests.model.projects import circle_project


def texts(found: tuple[Problem, ...]) -> str:
    return " ".join(problem.sentence for problem in found)


def with_output(project: Project, size: int, activation: str, loss: str) -> Project:
    network = layered_network(("x", "y"), (3,), size, output_activation=activation)
    return replace(project, network=network, training=replace(project.training, loss=loss))


def test_a_project_that_plays_has_none() -> None:
    assert problems(circle_project()) == ()
    assert warnings(circle_project()) == ()


def test_no_and_several_inputs_or_outputs_are_told_apart(chain: Network) -> None:
    assert [problem.text for problem in network_problems(Network())] == ["The sheet is empty."]
    assert "has no input layer" in texts(network_problems(Network(chain.layers[1:], chain.links[1:])))
    assert "has no output layer" in texts(network_problems(Network(chain.layers[:-1], chain.links[:-1])))

    second = Layer("l20", "Second", "output", (Node("n21"),))
    found = network_problems(replace(chain, layers=(*chain.layers, second)))
    assert found[0].text == "The network has 2 output layers."
    assert found[0].layers == ("l11", "l20")


def test_an_empty_layer_and_an_unreachable_output_are_named(chain: Network) -> None:
    empty = replace(chain, layers=(*chain.layers, Layer("l20", "Spare", "hidden", ())))
    assert "Spare has no node" in texts(network_problems(empty))

    cut = edits.remove_link(chain, "l8", "l11")
    assert "No path of links leads from Input to Output" in texts(network_problems(cut))


def test_a_loop_and_links_the_wrong_way_are_named(chain: Network) -> None:
    back = Link.dense(chain.layer("l8"), chain.layer("l4"))
    assert "form a loop" in texts(network_problems(replace(chain, links=(*chain.links, back))))

    wrong = Link.dense(chain.layer("l4"), chain.layer("l1"))
    assert "into the input layer" in texts(network_problems(replace(chain, links=(*chain.links, wrong))))


def test_an_activation_this_version_does_not_know_is_named(chain: Network) -> None:
    layers = tuple(replace(layer, activation="swoosh") for layer in chain.layers)

    assert "no activation named 'swoosh'" in texts(network_problems(replace(chain, layers=layers)))


def test_softmax_belongs_to_the_whole_output_layer_alone(chain: Network) -> None:
    hidden = replace(chain.layers[1], activation="softmax")
    layers = (chain.layers[0], hidden, *chain.layers[2:])
    found = network_problems(Network(layers, chain.links))
    assert "belongs to the output layer alone" in texts(found)
    assert found[0].layers == ("l4",)

    soft = layered_network(("x",), (), 3, output_activation="softmax")
    own = replace(
        soft.layers[1], nodes=(replace(soft.layers[1].nodes[0], activation="tanh"), *soft.layers[1].nodes[1:])
    )
    mixed = Network((soft.layers[0], own), soft.links)
    assert "have their own activation" in texts(network_problems(mixed))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_loss_is_a_problem_exactly_with_outputs_it_does_not_allow(loss: str, activation: str) -> None:
    project = with_output(circle_project(), 2, activation, loss)

    found = [problem for problem in problems(project) if "does not go with" in problem.text]

    assert bool(found) is not LOSSES[loss].allows(activation)
    assert all(problem.remedy == LOSSES[loss].remedy for problem in found)


def test_a_single_softmax_node_is_a_problem() -> None:
    project = with_output(circle_project(), 1, "softmax", "categorical_cross_entropy")

    assert "single node is always 1" in texts(problems(project))


@pytest.mark.parametrize(
    ("source", "sizes"), [("circle", {1, 2}), ("iris", {3}), ("plane", {1}), ("mazur", {2}), ("digits", {10})]
)
def test_the_output_has_the_size_the_data_need(source: str, sizes: set[int]) -> None:
    for size in (1, 2, 3, 10):
        project = replace(
            with_output(circle_project(), size, "tanh", "half_squared"), data=DataSettings(source=source)
        )
        wrong = any("these data need" in problem.text for problem in problems(project))
        assert wrong is (size not in sizes)


def test_unknown_features_and_input_nodes_without_one_are_named() -> None:
    project = circle_project()
    strange = edits.on_network(lambda n: edits.set_features(n, ("x", "z^2"), ("n90", "n91")))(project)
    assert "no feature 'z^2'" in texts(problems(strange))

    layer = project.network.layers[0]
    bare = replace(layer, nodes=tuple(replace(node, feature=None) for node in layer.nodes))
    network = replace(project.network, layers=(bare, *project.network.layers[1:]))
    assert "shows no feature" in texts(problems(replace(project, network=network)))


def test_a_loss_for_classes_is_a_problem_for_numbers() -> None:
    project = with_output(circle_project(), 1, "sigmoid", "binary_cross_entropy")

    found = problems(replace(project, data=DataSettings(source="plane")))

    assert "is for classes" in texts(found)


def _pairs(*rows: tuple[str, str], **settings: Any) -> DataSettings:
    """Two targets of each of two rows."""
    table = Table("pairs", ("x", "y", "a", "b"), tuple(("1", str(k), *row) for k, row in enumerate(rows)))
    return DataSettings("table", table, ("a", "b"), **settings)


@pytest.mark.parametrize(
    ("data", "activation", "loss", "fault"),
    [
        (_pairs(("0", "1"), ("1", "1")), "sigmoid", "binary_cross_entropy", ""),
        (_pairs(("0.2", "0.9"), ("1", "1")), "sigmoid", "binary_cross_entropy", ""),
        (
            _pairs(("2", "1"), ("1", "1")),
            "sigmoid",
            "binary_cross_entropy",
            "is for classes or targets from 0",
        ),
        (_pairs(("0.5", "0.5"), ("1", "0")), "softmax", "categorical_cross_entropy", ""),
        (_pairs(("0", "1"), ("1", "1")), "softmax", "categorical_cross_entropy", "targets that sum to 1"),
        (
            _pairs(("0", "1"), ("1", "1"), target_scaling="standardize"),
            "sigmoid",
            "binary_cross_entropy",
            "Set the target scaling to None.",
        ),
        (_pairs(("0", "1"), ("1", "1"), target_scaling="standardize"), "sigmoid", "half_squared", ""),
    ],
)
def test_a_cross_entropy_goes_with_numbers_that_are_shares(
    data: DataSettings, activation: str, loss: str, fault: str
) -> None:
    project = replace(with_output(circle_project(), 2, activation, loss), data=data)

    found = [problem.sentence for problem in problems(project)]

    assert found == [] if not fault else len(found) == 1
    assert fault in " ".join(found)


@pytest.mark.parametrize(
    ("training", "fault"),
    [
        (Training(learning_rate=float("nan")), "learning rate"),
        (Training(batch_size=0), "batch size"),
        (Training(optimizer="adam", optimizer_options=(("beta1", 2.0),)), "can't be 2"),
        (Training(optimizer="adam", optimizer_options=(("beta9", 0.5),)), "beta9"),
        (Training(loss="regret"), "no loss named 'regret'"),
    ],
)
def test_settings_no_run_can_have_are_problems(training: Training, fault: str) -> None:
    assert fault in texts(problems(replace(circle_project(), training=training)))


def test_data_that_can_not_be_used_are_a_problem() -> None:
    project = circle_project()
    words = Table("words.csv", ("a", "b"), (("1", "x"), ("2", "y")))

    for data, fault in (
        (DataSettings(source="table"), "open a file of data"),
        (DataSettings(source="table", table=words, targets=("c",)), "no column named 'c'"),
        (DataSettings(source="table", table=words, targets=("b",), target_kind="number"), "b"),
        (DataSettings(source="moon"), "did you mean 'moons'"),
    ):
        assert fault in texts(problems(replace(project, data=data)))


def test_problems_have_sentences_and_remedies() -> None:
    project = replace(circle_project(), network=Network())

    for problem in problems(project):
        assert problem.text.endswith(".")
        assert problem.remedy.endswith(".")


@pytest.mark.parametrize(
    ("edit", "warning"),
    [
        (lambda n: edits.add_layer(n, "l50", ["n51"]), "gets nothing from the inputs"),
        (lambda n: edits.add_layer(n, "l50", ["n51"]), "reaches no output"),
        (lambda n: edits.remove_pairs(n, [("n6", "n10")]), "Hidden 1, node 2 reaches no output"),
        (lambda n: edits.remove_pairs(n, [("n2", "n6"), ("n3", "n6")]), "Hidden 1, node 2 gets nothing"),
        (lambda n: edits.remove_pairs(n, [("n3", f"n{at}") for at in range(5, 9)]), "y reaches no output"),
    ],
)
def test_nodes_that_learn_nothing_are_allowed_but_said(
    edit: Callable[[Network], Network], warning: str
) -> None:
    project = edits.on_network(edit)(circle_project())  # x is n2, y is n3, hidden n5 to n8, output n10

    assert problems(project) == ()
    assert warning in " ".join(warnings(project))


def test_rprop_with_mini_batches_is_a_warning_and_no_problem() -> None:
    project = edits.set_training(circle_project(), optimizer="rprop", batch_size=10)

    assert problems(project) == ()
    assert "use full batches" in warnings(project)[0]
    assert warnings(edits.set_training(project, batch_size=None)) == ()


def test_the_worked_examples_have_neither_problems_nor_warnings() -> None:
    for entry in EXAMPLES.values():
        project = entry.build()
        assert problems(project) == (), entry.name
        assert warnings(project) == (), entry.name
