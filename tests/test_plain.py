"""Numbers in whatever type they come in: settings hold Python's own, or refuse them in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

import bpviz
from bpviz.data.settings import DataSettings
from bpviz.errors import BpvizError, SettingError, UnknownNameError
from bpviz.model.checks import check_data, check_training
from bpviz.model.edits import set_start
from bpviz.model.spec import BiasAddress, Layer, Node, Project, Start, Stop, Training
from bpviz.plain import as_float, as_truth, as_whole

NUMBERS: tuple[Callable[[int], Any], ...] = (
    int,
    float,
    np.float64,
    np.float32,
    np.longdouble,
    np.int64,
    np.uint8,
    np.array,
    Decimal,
    Fraction,
)
NO_NUMBERS = (True, np.True_, "1", b"1", 1j, [1.0], np.ones(2), ...)
NETWORK = bpviz.network(2, 3, 1)


def numeric_fields(kind: Any) -> dict[str, type]:
    """The fields of a kind of value that hold a number, by what they hold."""
    held = {name: {hint, *get_args(hint)} for name, hint in get_type_hints(kind).items()}
    return {
        name: next(number for number in (int, float) if number in types)
        for name, types in held.items()
        if types & {int, float} and str not in types
    }


FIELDS = [
    (kind, name, number)
    for kind in (Training, Stop, DataSettings)
    for name, number in numeric_fields(kind).items()
]


def made_with(kind: Any, name: str, value: Any) -> Any:
    """A value with one field set."""
    return kind(**{name: value})


def checked(made: Any) -> None:
    if isinstance(made, DataSettings):
        check_data(made)
    else:
        check_training(made if isinstance(made, Training) else Training(stop=made))


def test_every_number_of_the_settings_is_looked_at() -> None:
    assert {name for _, name, _ in FIELDS} >= {"seed", "learning_rate", "patience", "samples", "train_share"}
    assert len(FIELDS) == 14


@pytest.mark.parametrize(("kind", "name", "number"), FIELDS)
@pytest.mark.parametrize("make", NUMBERS)
def test_a_number_of_any_type_becomes_pythons_own(
    kind: Any, name: str, number: type, make: Callable[[int], Any]
) -> None:
    held = getattr(made_with(kind, name, make(1)), name)
    assert type(held) is number
    assert held == 1


@pytest.mark.parametrize(("kind", "name"), [field[:2] for field in FIELDS])
@pytest.mark.parametrize("value", [*NO_NUMBERS, 10**400, Decimal("sNaN"), float("nan")], ids=repr)
def test_what_is_no_number_is_refused_in_a_sentence(kind: Any, name: str, value: Any) -> None:
    made = made_with(kind, name, value)
    with pytest.raises(SettingError, match=r"must be .*\.$"):
        checked(made)


@pytest.mark.parametrize("value", [0.5, np.float32(2.5), Decimal("0.1"), Fraction(1, 3), float("inf")])
def test_a_broken_number_is_no_whole_one(value: Any) -> None:
    for field in ("seed", "batch_size"):
        with pytest.raises(SettingError, match="whole number"):
            check_training(made_with(Training, field, value))


@pytest.mark.parametrize("make", NUMBERS)
def test_other_numbers_of_a_project_become_pythons_own_too(make: Callable[[int], Any]) -> None:
    start = Start(((BiasAddress("n1"), make(2)),))
    training = Training(schedule="step", schedule_options=(("every", make(2)),))
    drawn = (Node("n1", y=make(2)).y, Layer("l1", "", "hidden", (), x=make(2)).x)
    for held in (*drawn, start.values[0][1], training.schedule_options[0][1]):
        assert type(held) is float
        assert held == 2


def test_truth_values_become_pythons_own() -> None:
    truth: Any = np.True_
    assert Node("n1", bias_frozen=truth).bias_frozen is True
    assert DataSettings(drop_missing=truth).drop_missing is True
    assert (as_truth(0), as_truth("no")) == (False, "no")
    with pytest.raises(SettingError, match="True or False"):
        check_data(made_with(DataSettings, "drop_missing", "no"))


def test_what_is_none_stays_as_it_is() -> None:
    for value in (None, "x", True):
        assert as_float(value) is as_whole(value) is value


@pytest.mark.parametrize("value", [True, "0.5", None, [1]])
def test_options_that_are_no_numbers_are_refused(value: Any) -> None:
    with pytest.raises(SettingError, match=r"Momentum of Momentum can't be .*; choose a number"):
        check_training(Training(optimizer="momentum", optimizer_options=(("momentum", value),)))


@pytest.mark.parametrize("options", [None, 3, "momentum", [("momentum", 0.5, 1)], object()])
def test_options_that_are_no_pairs_are_refused(options: Any) -> None:
    with pytest.raises(SettingError, match="pairs of a name and a number"):
        check_training(Training(optimizer="momentum", optimizer_options=options))


def test_options_may_be_written_as_a_mapping() -> None:
    options: Any = {"beta2": 0.9, "beta1": Decimal("0.5")}
    training = Training(optimizer="adam", optimizer_options=options)
    assert training.optimizer_options == (("beta1", 0.5), ("beta2", 0.9))
    check_training(training)
    with pytest.raises(UnknownNameError):
        check_training(replace(training, optimizer_options=((3, 0.5),)))  # type: ignore[arg-type]


@pytest.mark.parametrize("stop", [None, 50, "never"])
def test_a_stop_that_is_none_is_refused(stop: Any) -> None:
    with pytest.raises(SettingError, match="must be said by a Stop"):
        check_training(Training(stop=stop))


@pytest.mark.parametrize("field", [field.name for field in fields(Training) if field.type == "str"])
@pytest.mark.parametrize("value", [3, None, [], np.zeros(2)], ids=repr)
def test_names_that_are_no_texts_are_refused(field: str, value: Any) -> None:
    with pytest.raises(UnknownNameError):
        check_training(made_with(Training, field, value))


@pytest.mark.parametrize(
    "settings",
    [
        {"learning_rate": 1},
        {"warmup": 2},
        {"clip_norm": 1},
        {"penalty": "l2", "penalty_rate": 1},
        {"seed": np.int64(3)},
        {"learning_rate": np.float32(0.5), "batch_size": np.int16(4)},
        {"learning_rate": Decimal("0.1"), "batch_size": 4.0},
        {"optimizer": "adam", "optimizer_options": {"epsilon": 1}},
        {"schedule": "step", "schedule_options": {"every": 2, "factor": 1}},
        {"stop": Stop(epochs=np.int64(2))},  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_both_paths_train_with_numbers_of_any_type(settings: dict[str, Any]) -> None:
    project = bpviz.project(NETWORK, **settings)
    kernel, reference = (bpviz.train(project, 2, engine=engine) for engine in ("kernel", "reference"))
    assert kernel.path == "kernel"
    np.testing.assert_allclose(kernel.parameters, reference.parameters, rtol=1e-9)


@pytest.mark.parametrize(
    "ask",
    [
        lambda project: bpviz.train(project, True),
        lambda project: bpviz.train(project, "3"),  # type: ignore[call-overload]
        lambda project: bpviz.train(bpviz.session(project), 2.5),  # type: ignore[call-overload]
        lambda _: bpviz.project(NETWORK, learning_rate="0.1"),
        lambda _: bpviz.project(NETWORK, learningrate=0.1),
        lambda _: bpviz.project(NETWORK, stop=3),
        lambda _: bpviz.network(2, "4", 1),  # type: ignore[arg-type]
        lambda _: bpviz.network(2, True, 1),
        lambda _: bpviz.network(2, 2.5, 1),  # type: ignore[arg-type]
        lambda project: set_start(project, BiasAddress(output_node(project)), "1"),  # type: ignore[arg-type]
        lambda project: set_start(project, BiasAddress(output_node(project)), True),
    ],
)
def test_scripts_hear_a_sentence(ask: Callable[[Project], object]) -> None:
    with pytest.raises(BpvizError) as refusal:
        ask(bpviz.example("xor"))
    assert str(refusal.value).endswith((".", "?"))


def test_scripts_may_count_in_numpys_numbers() -> None:
    epochs: Any = np.int64(2)
    assert bpviz.train(bpviz.example("xor"), epochs).epoch == 2
    assert bpviz.network(*np.array([2, 3, 1])) == bpviz.network(2, 3, 1)


def output_node(project: Project) -> str:
    return project.network.layers[-1].nodes[0].id
