from __future__ import annotations

import pytest

from bpviz.data.datasets import DATASETS
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError
from bpviz.model.fitting import PLAYGROUND_SETS, wish

PEOPLE = Table(
    "people.csv",
    ("age", "height", "town", "answer"),
    tuple((str(20 + at), f"{1.5 + at / 100}", "Bonn", "yes" if at % 2 else "no") for at in range(30)),
)


@pytest.mark.parametrize(
    ("source", "size", "activation", "loss"),
    [
        ("circle", 1, "tanh", "half_squared"),
        ("spiral", 1, "tanh", "half_squared"),
        ("plane", 1, "linear", "half_squared"),
        ("moons", 1, "sigmoid", "binary_cross_entropy"),
        ("breast_cancer", 1, "sigmoid", "binary_cross_entropy"),
        ("iris", 3, "softmax", "categorical_cross_entropy"),
        ("digits", 10, "softmax", "categorical_cross_entropy"),
        ("diabetes", 1, "linear", "half_squared"),
        ("mazur", 2, "linear", "half_squared"),
    ],
)
def test_each_kind_of_data_asks_for_its_output(source: str, size: int, activation: str, loss: str) -> None:
    assert wish(DataSettings(source=source)).output == (size, activation, loss)


def test_features_are_the_columns_and_outputs_are_called_as_the_data_call_them() -> None:
    assert wish(DataSettings(source="circle")).features == ("x", "y")
    iris = wish(DataSettings(source="iris"))
    assert len(iris.features) == 4
    assert iris.outputs == ("setosa", "versicolor", "virginica")


def test_data_are_scaled_and_split_as_suits_them() -> None:
    playground = wish(DataSettings(source="circle"))
    assert (playground.scaling, playground.train_share) == ("none", 0.5)
    table = wish(DataSettings(source="diabetes"))
    assert (table.scaling, table.target_scaling, table.train_share) == ("standardize", "standardize", 0.8)
    case = wish(DataSettings(source="mazur"))
    assert (case.scaling, case.target_scaling, case.train_share) == ("none", "none", 1.0)


def test_a_table_shows_its_columns_of_numbers_but_the_target() -> None:
    asked = wish(DataSettings(source="table", table=PEOPLE, targets=("answer",)))

    assert asked.features == ("age", "height")
    assert asked.activation == "sigmoid"
    assert wish(DataSettings(source="table", table=PEOPLE, targets=("age",))).activation == "linear"


def test_data_that_can_not_be_learned_are_refused() -> None:
    with pytest.raises(DataError):
        wish(DataSettings(source="table", table=PEOPLE, targets=("shoe size",)))


def test_the_playgrounds_sets_are_all_there() -> None:
    assert set(DATASETS) >= PLAYGROUND_SETS
