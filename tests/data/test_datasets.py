"""Every entry of the table of data sets keeps what it promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.data.dataset import Dataset
from bpviz.data.datasets import DATASETS, facts, load, read_bundled
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import SettingError, UnknownNameError
from bpviz.resources import resource

BUNDLED = ("iris", "wine", "breast_cancer", "diabetes", "penguins", "digits")
GENERATED = tuple(name for name, entry in DATASETS.items() if entry.generated)


@pytest.mark.parametrize("name", DATASETS)
def test_facts_say_what_loading_gives(name: str) -> None:
    settings, entry = DataSettings(name), DATASETS[name]
    known, data = facts(settings), load(settings, 4)
    assert (data.name, data.size) == (name, known.rows)
    assert (data.columns, data.classes, data.target_names) == (
        known.columns,
        known.classes,
        known.target_names,
    )
    assert (known.task, known.plane, known.rows) == (entry.task, entry.plane, entry.samples)
    assert data.task == known.task
    assert data.inputs.shape == (known.rows, len(known.columns))
    assert np.isfinite(data.inputs).all()


@pytest.mark.parametrize("name", DATASETS)
def test_targets_are_classes_or_finite_numbers(name: str) -> None:
    data = load(DataSettings(name), 4)
    if data.classes is None:
        assert data.labels is None
        assert data.targets is not None
        assert data.targets.shape == (data.size, len(data.target_names))
        assert np.isfinite(data.targets).all()
    else:
        assert data.targets is None
        assert data.labels is not None
        assert data.labels.dtype == np.int64
        assert set(data.labels.tolist()) == set(range(len(data.classes)))


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_seed_gives_the_same_data(name: str) -> None:
    settings = DataSettings(name, noise=0.2)
    first, second = load(settings, 4), load(settings, 4)
    np.testing.assert_array_equal(first.inputs, second.inputs)
    np.testing.assert_array_equal(_targets(first), _targets(second))


@pytest.mark.parametrize("name", GENERATED)
def test_another_seed_gives_other_data(name: str) -> None:
    settings = DataSettings(name, noise=0.2)
    first, second = load(settings, 4), load(settings, 5)
    assert not np.array_equal(
        np.column_stack([first.inputs, _targets(first)]), np.column_stack([second.inputs, _targets(second)])
    )


@pytest.mark.parametrize("name", GENERATED)
def test_a_generator_draws_as_many_as_it_is_asked_for(name: str) -> None:
    settings = DataSettings(name, samples=30)
    assert load(settings, 4).size == facts(settings).rows == 30


@pytest.mark.parametrize("name", sorted(set(DATASETS) - set(GENERATED)))
def test_given_data_heed_neither_number_nor_noise(name: str) -> None:
    plain, asked = load(DataSettings(name), 1), load(DataSettings(name, samples=7, noise=0.3), 2)
    np.testing.assert_array_equal(plain.inputs, asked.inputs)


@pytest.mark.parametrize("name", DATASETS)
def test_nobody_can_change_the_examples(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        load(DataSettings(name), 4).inputs[0, 0] = 1.0


@pytest.mark.parametrize("noise", [-0.1, 0.81, float("nan")])
def test_noise_outside_its_range_is_refused(noise: float) -> None:
    with pytest.raises(SettingError, match=r"noise must be from 0 to 0\.8, not"):
        load(DataSettings("circle", noise=noise), 1)


@pytest.mark.parametrize("samples", [-3, 0, 1, 100_001])
def test_a_number_of_examples_outside_its_range_is_refused(samples: int) -> None:
    settings = DataSettings("moons", samples=samples)
    for ask in (lambda: load(settings, 1), lambda: facts(settings)):
        with pytest.raises(SettingError, match="number of examples must be from 2 to 100\u202f000, not"):
            ask()


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="no data set named 'irises'; did you mean 'iris'"):
        load(DataSettings("irises"), 1)


def test_a_table_that_is_not_there_is_said() -> None:
    with pytest.raises(SettingError, match="No table is open"):
        facts(DataSettings("table"))


def test_the_users_table_is_a_source_like_any_other() -> None:
    table = Table("t.csv", ("a", "b", "c"), (("1", "2", "x"), ("3", "4", "y")))
    settings = DataSettings("table", table=table, targets=("c",))
    assert facts(settings).classes == ("x", "y")
    assert load(settings, 1).inputs.tolist() == [[1, 2], [3, 4]]
    assert facts(replace(settings, targets=("b",))).task == "class"


@pytest.mark.parametrize("name", BUNDLED)
def test_source_and_license_of_a_bundled_table_stand_beside_it(name: str) -> None:
    lines = resource("data", "SOURCES.md").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| `{name}.csv`")]
    assert f"| {len(read_bundled(name).rows)} |" in line


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes", "digits"])
def test_bundled_figures_are_those_of_scikit_learn(name: str, oracle: Callable[[str], ModuleType]) -> None:
    oracle("sklearn")
    datasets: Any = oracle("sklearn.datasets")
    options = {"scaled": False} if name == "diabetes" else {}
    theirs = getattr(datasets, f"load_{name}")(**options)
    ours = load(DataSettings(name), 0)
    np.testing.assert_array_equal(ours.inputs, theirs.data)
    if ours.classes is None:
        np.testing.assert_array_equal(_targets(ours), theirs.target)
        return
    named = [ours.classes[label] for label in np.asarray(ours.labels)]
    if name == "wine":  # theirs are class_0 to class_2
        assert named == [str(label + 1) for label in theirs.target]
    else:
        assert named == [str(theirs.target_names[label]) for label in theirs.target]


def test_penguins_are_counted_as_in_their_paper() -> None:
    # Horst, Hill and Gorman 2020: 11 of 344 lack a value; 146 Adelie, 68 chinstrap and 119 gentoo remain.
    data = load(DataSettings("penguins"), 0)
    assert data.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert np.bincount(np.asarray(data.labels)).tolist() == [146, 68, 119]
    assert data.columns == ("bill length", "bill depth", "flipper length", "body mass")


def _targets(data: Dataset) -> Array:
    """Labels or numbers, (examples,)."""
    if data.targets is None:
        return np.asarray(data.labels, dtype=np.float64)
    return data.targets[:, 0]
