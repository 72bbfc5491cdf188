from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from bpviz.data.settings import DataSettings, Table
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.errors import BpvizError, ModelError, SettingError
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.problems import problems
from bpviz.model.spec import BiasAddress, Network, Project, Start, Training
from bpviz.training.beginning import first_parameters, prepared_data, rule_for
from bpviz.training.session import Session
from tests.model.drawings import networks
from tests.training.projects import circle, iris, retrained


def drawn(project: Project, time: int = 0) -> list[float]:
    """First parameters as a list."""
    values: list[float] = first_parameters(
        project, compile_network(project.network), prepared_data(project), time
    ).tolist()
    return values


@pytest.mark.parametrize("initializer", ["xavier_uniform", "playground"])
def test_every_time_has_its_own_start_values_and_always_the_same(initializer: str) -> None:
    project = circle(initializer=initializer)
    assert drawn(project) == drawn(project)
    assert drawn(project, 1) == drawn(project, 1)
    assert len({tuple(drawn(project, time)) for time in range(4)}) == 4


def test_the_playgrounds_initializer_also_starts_data_that_are_not_the_playgrounds() -> None:
    values = np.array(drawn(iris(initializer="playground")))
    plan = compile_network(iris().network).plan
    assert (np.abs(values[: plan.weight_count]) <= 0.5).all()
    assert (values[plan.weight_count :] == 0.1).all()


def test_the_run_has_the_precision_that_was_set() -> None:
    project = circle(precision="float32")
    parameters = first_parameters(project, compile_network(project.network), prepared_data(project))
    assert parameters.dtype == np.float32


def test_a_start_value_too_large_for_the_precision_is_refused() -> None:
    project = circle(precision="float32")
    node = project.network.layers[1].nodes[0].id
    project = replace(project, start=Start(((BiasAddress(node), 1e39),)))
    with pytest.raises(SettingError, match="too large for single precision; set it again"):
        Session(project)


def test_features_are_those_of_the_input_nodes() -> None:
    project = circle()
    nodes = project.network.layers[0].nodes
    inputs = replace(project.network.layers[0], nodes=(replace(nodes[0], feature="x*y"), nodes[1]))
    layers = (inputs, *project.network.layers[1:])
    prepared = prepared_data(replace(project, network=replace(project.network, layers=layers)))
    raw = prepared.dataset.inputs[prepared.train_rows]
    np.testing.assert_allclose(prepared.train_x[:, 0], raw[:, 0] * raw[:, 1])


def test_a_feature_that_the_data_do_not_have_is_refused() -> None:
    project = circle()
    nodes = project.network.layers[0].nodes
    inputs = replace(project.network.layers[0], nodes=(replace(nodes[0], feature="weight"), nodes[1]))
    layers = (inputs, *project.network.layers[1:])
    with pytest.raises(ModelError, match="no feature 'weight'"):
        prepared_data(replace(project, network=replace(project.network, layers=layers)))


def test_settings_that_can_not_be_are_refused_with_a_remedy() -> None:
    with pytest.raises(SettingError, match="must be a number above 0"):
        rule_for(retrained(circle(), learning_rate=0.0), 23)
    with pytest.raises(SettingError, match="batch size must be"):
        rule_for(retrained(circle(), batch_size=-3), 23)
    with pytest.raises(ModelError, match="Categorical cross-entropy"):
        rule_for(retrained(circle(), loss="categorical_cross_entropy"), 23)


def test_linear_algebra_uses_one_thread_in_a_run() -> None:
    Session(circle())
    assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == {1}


def test_data_too_large_for_single_precision_are_refused_and_scaled_ones_are_not() -> None:
    rows = tuple((f"{k}e40", f"{k % 2}") for k in range(1, 9))
    table = Table("far.csv", ("far", "odd"), rows)
    data = DataSettings(source="table", table=table, targets=("odd",), target_kind="class")
    network = layered_network(("far",), (2,), 1)
    project = Project(network, data, Training(precision="float32"))
    with pytest.raises(SettingError, match="too large for single precision"):
        Session(project)
    assert Session(replace(project, data=replace(data, scaling="standardize"))).advance(3) == 3


@given(
    network=networks(),
    loss=st.sampled_from(list(LOSSES)),
    source=st.sampled_from(["circle", "sine", "iris", "plane"]),
    output=st.sampled_from(list(ACTIVATIONS)),
    rate=st.sampled_from([0.03, 0.03, 0.03, -1.0]),
)
@settings(max_examples=60)
def test_a_run_begins_exactly_where_nothing_stands_in_its_way(
    network: Network, loss: str, source: str, output: str, rate: float
) -> None:
    layers = tuple(
        replace(layer, activation=output) if layer.role == "output" else layer for layer in network.layers
    )
    data = DataSettings(source=source, samples=20)
    project = Project(replace(network, layers=layers), data, Training(loss=loss, learning_rate=rate))
    found = problems(project)
    if not found:
        assert Session(project).advance(1) == 1
        return
    with pytest.raises(BpvizError) as refusal:
        Session(project)
    assert str(refusal.value) == found[0].sentence
