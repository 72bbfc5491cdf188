"""What the network sees: features, split, scales and codes fit together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.datasets import load
from bpviz.data.prepare import OutputCode, Prepared, prepare
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError

XY = ("x", "y")
IRIS = ("sepal length", "sepal width", "petal length", "petal width")


def _table(*rows: tuple[str, ...], **settings: object) -> DataSettings:
    table = Table("t.csv", ("a", "b", "c"), rows)
    return replace(DataSettings("table", table=table, targets=("c",), train_share=1.0), **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (0, 1)])
def test_one_node_writes_two_classes_as_its_low_and_high(low: float, high: float) -> None:
    prepared = prepare(DataSettings("circle"), XY, OutputCode(1, low, high), 1)
    labels = np.asarray(prepared.dataset.labels)
    np.testing.assert_array_equal(prepared.train_y[:, 0], np.where(labels, high, low)[:250])


def test_several_nodes_write_classes_one_hot() -> None:
    prepared = prepare(DataSettings("iris", train_share=1), IRIS, OutputCode(3), 1)
    assert prepared.train_y[[0, 50, 100]].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_two_classes_fit_two_nodes_too() -> None:
    prepared = prepare(DataSettings("circle"), XY, OutputCode(2), 1)
    np.testing.assert_array_equal(prepared.train_y.sum(axis=1), 1)


def test_numbers_are_their_own_targets() -> None:
    prepared = prepare(DataSettings("mazur"), ("i1", "i2"), OutputCode(2), 1)
    assert (prepared.train_x.tolist(), prepared.train_y.tolist()) == ([[0.05, 0.1]], [[0.01, 0.99]])
    assert prepared.test_x.shape == (0, 2)
    assert prepared.test_y.shape == (0, 2)


def test_the_parts_are_the_rows_they_name() -> None:
    prepared = prepare(DataSettings("iris", train_share=0.7), IRIS, OutputCode(3), 1)
    raw = prepared.dataset.inputs
    np.testing.assert_array_equal(prepared.train_x, raw[prepared.train_rows])
    np.testing.assert_array_equal(prepared.test_x, raw[prepared.test_rows])
    assert prepared.train_x.dtype == np.float64
    assert prepared.train_x.flags.c_contiguous


def test_scales_come_from_the_training_part_alone() -> None:
    prepared = prepare(DataSettings("iris", train_share=0.5, scaling="standardize"), IRIS, OutputCode(3), 1)
    np.testing.assert_allclose(prepared.train_x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(prepared.train_x.std(axis=0), 1)
    assert np.abs(prepared.test_x.mean(axis=0)).min() > 1e-4


def test_features_are_computed_before_scaling() -> None:
    settings = DataSettings("circle", scaling="min-max")
    prepared = prepare(settings, ("x^2",), OutputCode(1), 1)
    raw = prepared.dataset.inputs[prepared.train_rows, 0] ** 2
    np.testing.assert_allclose(prepared.train_x[:, 0], (raw - raw.min()) / (raw.max() - raw.min()))


@given(scaling=st.sampled_from(["none", "standardize", "min-max"]), seed=st.integers(0, 1000))
def test_raw_rows_are_encoded_as_the_training_part_was(scaling: str, seed: int) -> None:
    settings = DataSettings("moons", samples=20, scaling=scaling)  # type: ignore[arg-type]
    prepared = prepare(settings, ("x", "x*y", "sin(y)"), OutputCode(1), seed)
    encoded = prepared.encode_inputs(prepared.dataset.inputs)
    np.testing.assert_array_equal(encoded[prepared.train_rows], prepared.train_x)
    np.testing.assert_array_equal(encoded[prepared.test_rows], prepared.test_x)


def test_standardized_targets_are_shown_in_the_unit_of_the_data() -> None:
    settings = DataSettings("diabetes", train_share=0.8, target_scaling="standardize")
    prepared = prepare(settings, ("bmi",), OutputCode(1), 1)
    targets = np.asarray(prepared.dataset.targets)
    assert abs(prepared.train_y.mean()) < 1e-12
    np.testing.assert_allclose(prepared.decode_targets(prepared.test_y), targets[prepared.test_rows])


def test_classes_are_never_scaled() -> None:
    settings = DataSettings("circle", target_scaling="standardize")
    prepared = prepare(settings, XY, OutputCode(1, -1, 1), 1)
    assert set(prepared.train_y.ravel().tolist()) == {-1, 1}
    np.testing.assert_array_equal(prepared.decode_targets(prepared.train_y), prepared.train_y)


@pytest.mark.parametrize(
    ("code", "outputs", "classes"),
    [
        (OutputCode(1, -1, 1), [[0.1], [-0.1], [5]], [1, 0, 1]),
        (OutputCode(1, 0, 1), [[0.6], [0.4], [5]], [1, 0, 1]),
        (OutputCode(2), [[0.6, 0.5], [0.1, 0.2], [-3, -4]], [0, 1, 0]),
    ],
)
def test_outputs_mean_a_class_by_sign_by_half_or_by_the_largest(
    code: OutputCode, outputs: list[list[float]], classes: list[int]
) -> None:
    prepared = prepare(DataSettings("circle"), XY, code, 1)
    assert prepared.predict_classes(np.array(outputs)).tolist() == classes


@pytest.mark.parametrize("code", [OutputCode(1, -1, 1), OutputCode(1, 0, 1), OutputCode(2)])
def test_targets_are_correct_answers_and_their_opposites_are_not(code: OutputCode) -> None:
    prepared = prepare(DataSettings("xor"), XY, code, 1)
    y = prepared.train_y
    assert prepared.correct(y, y).all()
    assert not prepared.correct(code.low + code.high - y, y).any()
    np.testing.assert_array_equal(
        prepared.predict_classes(y), np.asarray(prepared.dataset.labels)[prepared.train_rows]
    )


def test_data_that_are_loaded_already_are_taken_as_they_are() -> None:
    settings = DataSettings("circle", samples=10)
    data = load(settings, 1)
    assert prepare(settings, XY, OutputCode(1), 1, data).dataset is data


def test_only_columns_that_are_used_must_be_complete() -> None:
    settings = _table(("1", "", "x"), ("2", "5", "y"))
    assert prepare(settings, ("a^2",), OutputCode(2), 1).train_x.tolist() == [[1], [4]]
    with pytest.raises(DataError, match="Row 1 has no value in the column 'b'; leave such rows out"):
        prepare(settings, ("a", "b"), OutputCode(2), 1)
    dropped = prepare(replace(settings, drop_missing=True), ("b",), OutputCode(2), 1)
    assert (dropped.train_x.tolist(), dropped.dataset.left_out) == ([[5]], (1,))


@pytest.mark.parametrize("name", ["circle", "iris", "diabetes", "moons"])
def test_the_same_seed_prepares_the_same_run_and_another_seed_another(name: str) -> None:
    settings = DataSettings(name, train_share=0.6, noise=0.1)
    first, again, other = (_anything(settings, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.train_x, again.train_x)
    np.testing.assert_array_equal(first.test_y, again.test_y)
    assert not np.array_equal(first.train_x, other.train_x)


@pytest.mark.parametrize(
    ("settings", "features", "size", "sentence"),
    [
        (DataSettings("iris"), IRIS, 1, "need an output layer of 3 nodes, one for each class"),
        (DataSettings("circle"), XY, 3, "an output layer of 1 node or 2 nodes; this one has 3 nodes"),
        (DataSettings("plane"), XY, 2, "an output layer of 1 node for label; this one has 2 nodes"),
        (DataSettings("mazur"), ("i1",), 1, "an output layer of 2 nodes for o1, o2; this one has 1 node"),
        (DataSettings("circle"), (), 1, "input layer has no node"),
        (DataSettings("circle"), ("z",), 1, "no feature 'z'"),
        (_table(("1e200", "1", "x"), ("1", "2", "y")), ("a^2",), 1, "of example 1 is not a finite number"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_a_sentence(
    settings: DataSettings, features: tuple[str, ...], size: int, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        prepare(settings, features, OutputCode(size), 1)


def _anything(settings: DataSettings, seed: int) -> Prepared:
    data = load(settings, seed)
    size = len(data.classes) if data.classes else len(data.target_names)
    return prepare(settings, data.columns, OutputCode(size), seed, data)
