"""Every bundled project opens, learns, and does what its text says."""

from __future__ import annotations

import statistics
from dataclasses import replace

import numpy as np
import pytest

from bpviz.api import check_gradients
from bpviz.engine.backprop import forward
from bpviz.engine.update import layer_norms
from bpviz.model import edits
from bpviz.model.checks import check_project
from bpviz.model.examples import DEFAULT_EXAMPLE, EXAMPLES, Example, new_project
from bpviz.model.problems import problems
from bpviz.model.spec import BiasAddress, Network, Project, Stop, WeightAddress
from bpviz.training.paths import best_engine
from bpviz.training.session import Session

PLAYGROUND = ("circle", "xor", "gauss", "spiral_playground", "plane", "multi_gauss")


def trained(project: Project, epochs: int | None = None) -> Session:
    if epochs is not None:
        project = replace(project, training=replace(project.training, stop=Stop(epochs=epochs)))
    session = Session(project, path=best_engine())  # what learns well, learns well by every path
    session.advance(1_000_000)
    assert session.stopped is not None
    return session


def build(name: str) -> Project:
    return EXAMPLES[name].build()


def everywhere(project: Project, activation: str) -> Project:
    """Another activation for all hidden layers."""
    for layer in project.network.layers:
        if layer.role == "hidden":
            network = edits.set_activation(project.network, layer.id, activation)
            project = replace(project, network=network)
    return project


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_an_example_opens_ready_to_play_and_makes_three_steps(example: Example) -> None:
    project = example.build()

    check_project(project)
    assert problems(project) == ()
    assert project.title == example.label
    assert Session(project).advance(3) == 3
    assert example.build() == project


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "digits" not in name])  # they take long
def test_the_gradients_of_an_example_are_those_of_finite_differences(name: str) -> None:
    found = check_gradients(build(name), slice(0, 5))

    assert found.passed
    assert not found.kinks


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_an_example_says_in_a_few_sentences_what_to_look_at(example: Example) -> None:
    assert example.about.endswith(".")
    assert 2 <= example.about.count(". ") + 1 <= 5
    assert "  " not in example.about


def test_the_window_opens_with_an_example() -> None:
    assert DEFAULT_EXAMPLE in EXAMPLES


def test_a_new_project_is_an_empty_sheet_that_says_what_it_lacks() -> None:
    assert new_project().network == Network()
    assert [problem.text for problem in problems(new_project())] == ["The sheet is empty."]
    check_project(new_project())


@pytest.mark.parametrize("name", PLAYGROUND)
def test_classics_have_the_playgrounds_own_settings(name: str) -> None:
    project = build(name)

    training = project.training
    assert [node.feature for node in project.network.layers[0].nodes] == ["x", "y"]
    assert [layer.size for layer in project.network.layers] == [2, 4, 2, 1]
    assert {layer.activation for layer in project.network.layers[1:3]} == {"tanh"}
    number = name in ("plane", "multi_gauss")
    assert project.network.layers[3].activation == ("linear" if number else "tanh")
    assert (training.optimizer, training.learning_rate, training.batch_size) == ("sgd", 0.03, 10)
    assert (training.shuffle, training.last_batch) == ("never", "carry over")
    assert (training.initializer, training.seed, training.loss) == ("playground", 59704, "half_squared")
    assert (project.data.train_share, project.data.noise, project.data.scaling) == (0.5, 0.0, "none")


def test_the_worked_step_gives_its_published_numbers() -> None:
    # M. Mazur, A Step by Step Backpropagation Example (2015); the error after the update with all weights
    # updated together.
    session = Session(build("mazur"))

    trace = session.peek().trace

    np.testing.assert_allclose(trace.a[1], [[0.593269992, 0.596884378]], atol=5e-10)
    np.testing.assert_allclose(trace.a[2], [[0.751365070, 0.772928465]], atol=5e-10)
    assert trace.mean_loss == pytest.approx(0.298371109, abs=5e-10)
    session.advance(1)
    assert session.evaluate().train_loss == pytest.approx(0.291027774, abs=5e-10)


def test_the_linear_neuron_comes_to_rest_on_the_line_of_solutions() -> None:
    project = build("linear_neuron")
    session = trained(project)

    first, second = (
        session.value(WeightAddress(node.id, project.network.layers[1].nodes[0].id))
        for node in project.network.layers[0].nodes
    )
    # The error (w1 + w2)^2 pulls both alike, so their difference stays that of the start.
    assert first + second == pytest.approx(0.0, abs=1e-9)
    assert first - second == pytest.approx(1.5 - 0.5)


def test_outputs_without_bias_keep_it_at_zero() -> None:
    for name in ("four_layers", "linear_neuron"):
        project = build(name)
        session = Session(project)
        session.advance(5)
        assert session.value(BiasAddress(project.network.layers[-1].nodes[0].id)) == 0.0


def test_one_start_solves_xor_and_the_other_stays_at_a_sixteenth() -> None:
    assert trained(build("xor_solved")).evaluate().train_loss < 1e-3
    stuck = trained(build("xor_minimum"))
    assert stuck.evaluate().train_loss == pytest.approx(1 / 16, abs=1e-3)
    solved, minimum = build("xor_solved"), build("xor_minimum")
    assert replace(solved.training, seed=minimum.training.seed) == minimum.training


def test_in_the_deep_sigmoid_network_gradients_fan_out_and_a_skip_link_brings_them_back() -> None:
    norms = []
    for name in ("plateau", "skip_link"):
        session = Session(build(name))
        norms.append(layer_norms(session.compiled.plan, session.peek().trace.gradient))

    deep, skipping = norms
    assert np.all(np.diff(deep) > 0)
    assert deep[-1] > 500 * deep[0]
    assert skipping[0] > 100 * deep[0]


def test_the_plateau_is_cured_by_relu_and_by_the_skip_link() -> None:
    assert trained(build("plateau"), 60).evaluate().train_loss > 0.95
    cured = edits.set_training(everywhere(build("plateau"), "relu"), initializer="he_uniform")
    assert trained(cured, 60).evaluate().train_loss < 0.05
    assert trained(build("skip_link"), 60).evaluate().train_loss < 0.4


def test_half_the_relu_nodes_die_and_a_lower_rate_keeps_them_alive() -> None:
    def dead(session: Session) -> int:
        trace = forward(session.compiled.plan, session.parameters, session.prepared.train_x)
        return sum(int((a <= 0).all(axis=0).sum()) for a in trace.a[1:-1])

    assert dead(trained(build("dead_relu"), 1)) == 8
    burnt = trained(build("dead_relu"), 20)
    assert dead(burnt) == 8
    assert burnt.evaluate().train_loss > 0.5
    calm = trained(edits.set_training(build("dead_relu"), learning_rate=0.1), 20)
    assert dead(calm) <= 2
    assert calm.evaluate().train_loss < 0.05


def test_exploding_gradients_stop_the_run_and_have_three_cures() -> None:
    project = build("exploding")
    session = Session(project)

    session.advance(100)

    assert session.stopped is not None
    assert "finite" in session.stopped
    assert session.step < 100
    assert np.isfinite(session.parameters).all()
    for cure in ({"clip_norm": 1.0}, {"warmup": 1.0}, {"initializer": "he_uniform"}):
        assert trained(edits.set_training(project, **cure), 20).evaluate().train_loss < 0.05, cure


def test_raw_measurements_hardly_learn_and_standardized_ones_do() -> None:
    raw = build("normalization")
    scaled = replace(raw, data=replace(raw.data, scaling="standardize"))

    assert trained(raw).evaluate().train_loss > 1.0
    assert trained(scaled).evaluate().train_loss < 0.1


def test_three_sine_nodes_follow_the_sine() -> None:
    project = everywhere(build("sine"), "sine")
    hidden = project.network.layers[1].id

    small = edits.on_network(lambda network: edits.resize_layer(network, hidden, 3))(project)

    assert trained(small).evaluate().train_loss < 0.005
    assert trained(project).evaluate().train_loss < 0.005


@pytest.mark.parametrize("name", ["iris", "digits", "penguins"])
def test_the_median_of_ten_seeds_recognizes_nearly_all(name: str) -> None:
    shares = []
    for seed in range(10):
        accuracy = trained(edits.set_training(build(name), seed=seed)).evaluate().test_accuracy
        assert accuracy is not None
        shares.append(accuracy)

    assert statistics.median(shares) >= 0.95


def test_the_median_of_ten_seeds_learns_the_spiral() -> None:
    losses = []
    for seed in range(10):
        loss = trained(edits.set_training(build("spiral"), seed=seed)).evaluate().test_loss
        assert loss is not None
        losses.append(loss)

    assert statistics.median(losses) < 0.05


def test_the_spiral_falls_at_once_as_the_window_opens() -> None:
    project = build(DEFAULT_EXAMPLE)
    assert [layer.size for layer in project.network.layers] == [2, 8, 8, 1]

    session = Session(project)
    before = session.evaluate().train_loss
    session.advance(10 * session.steps_per_epoch)

    assert session.evaluate().train_loss < 0.9 * before


def test_the_courses_digits_learn_with_its_penalty() -> None:
    session = trained(build("course_digits"), 150)

    accuracy = session.evaluate().test_accuracy
    assert accuracy is not None
    assert accuracy > 0.9
