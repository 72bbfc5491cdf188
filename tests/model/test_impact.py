from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given

from bpviz.data.settings import DataSettings
from bpviz.model import edits
from bpviz.model.impact import Impact, impact
from bpviz.model.naming import counting_from
from bpviz.model.settings import OF_DATA, Amount, Setting, of_training
from bpviz.model.spec import BiasAddress, Network, Project, Stop, Training, WeightAddress
from tests.model.drawings import networks
from tests.model.projects import circle_project

Edit = Callable[[Project], Project]
NEW = counting_from(50)
# The new project: input l1 with n2 (x) and n3 (y), hidden l4 with n5 to n8, output l9 with n10.


def on(edit: Callable[[Network], Network]) -> Edit:
    return edits.on_network(edit)


@pytest.mark.parametrize(
    "edit",
    [
        on(lambda n: edits.rename(n, "l4", "Thinkers")),
        on(lambda n: edits.set_locked(n, {"l4"}, {"n2"}, locked=True)),
        on(lambda n: edits.rename(n, "n5", "thinker")),
        on(lambda n: edits.move_nodes(n, {"n5": 300.0})),
        on(lambda n: edits.place_nodes(n, {"n5": (77.0, 300.0)})),
        on(lambda n: edits.move_layer(n, "l4", 77.0)),
        lambda p: replace(p, title="Mine"),
        lambda p: p,
    ],
)
def test_names_and_places_are_nothing_to_a_run(edit: Edit) -> None:
    before = circle_project()

    assert impact(before, edit(before)) == (Impact.NOTHING, "")


@pytest.mark.parametrize(
    "edit",
    [
        on(lambda n: edits.set_activation(n, "l4", "relu")),
        on(lambda n: edits.set_node_activation(n, ["n5"], "sine")),
        on(lambda n: edits.set_activation(n, "l9", "linear")),  # targets stay -1 and +1
        on(lambda n: edits.set_frozen(n, [BiasAddress("n5")], frozen=True)),
        on(lambda n: edits.set_frozen(n, [WeightAddress("n2", "n5")], frozen=True)),
        lambda p: edits.set_training(p, learning_rate=0.1),
        lambda p: edits.set_training(p, optimizer="adam"),
        lambda p: edits.set_training(p, batch_size=None),
        lambda p: edits.set_training(p, stop=Stop(epochs=3)),
    ],
)
def test_hyperparameters_activations_and_freezing_retune(edit: Edit) -> None:
    before = circle_project()

    assert impact(before, edit(before)) == (Impact.RETUNE, "")


@pytest.mark.parametrize(
    "edit",
    [
        on(lambda n: edits.add_node(n, "l4", "n50")),
        on(lambda n: edits.remove_nodes(n, ["n5"])),
        on(lambda n: edits.insert_layer(n, "l50", ["n51"], "l1", "l4")),
        on(lambda n: edits.connect(n, "n2", "n10")),
        on(lambda n: edits.remove_pairs(n, [("n2", "n5")])),
        on(lambda n: edits.add_layer(n, "l50", ["n51"])),
    ],
)
def test_nodes_layers_and_connections_rewire_both_ways(edit: Edit) -> None:
    before = circle_project()

    assert impact(before, edit(before)) == (Impact.REWIRE, "")
    assert impact(edit(before), before) == (Impact.REWIRE, "")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda p: edits.set_training(p, seed=7), "A new seed starts the run again."),
        (lambda p: edits.set_training(p, initializer="he_normal"), "A new initializer starts the run again."),
        (lambda p: edits.set_training(p, precision="float32"), "A new precision starts the run again."),
        (lambda p: edits.set_start(p, BiasAddress("n5"), 1.0), "A new start value starts the run again."),
        (lambda p: edits.set_data(p, NEW, source="xor"), "New data start the run again."),
        (lambda p: edits.set_data(p, NEW, noise=0.2), "Newly drawn data start the run again."),
        (lambda p: edits.set_data(p, NEW, samples=100), "Newly drawn data start the run again."),
        (lambda p: edits.set_data(p, NEW, scaling="min-max"), "A new scaling starts the run again."),
        (lambda p: edits.set_data(p, NEW, train_share=0.7), "A new split starts the run again."),
        (
            on(lambda n: edits.set_features(n, ("x", "y", "x^2"), ("n50", "n51", "n52"))),
            "New features start the run again.",
        ),
        (
            on(lambda n: edits.set_activation(n, "l9", "sigmoid")),
            "Targets are now written in another way, so the run starts again.",
        ),
        (
            on(lambda n: edits.add_node(n, "l9", "n50")),
            "Targets are now written in another way, so the run starts again.",
        ),
    ],
)
def test_what_changes_data_or_start_restarts_and_says_why(edit: Edit, sentence: str) -> None:
    before = circle_project()

    assert impact(before, edit(before)) == (Impact.RESTART, sentence)
    assert impact(edit(before), before) == (Impact.RESTART, sentence)


@pytest.mark.parametrize("setting", [*OF_DATA, *of_training()], ids=lambda setting: setting.field)
def test_settings_say_truly_whether_another_one_starts_the_run_again(setting: Setting) -> None:
    before, kind = circle_project(), setting.kind
    of_data = setting in OF_DATA
    settings = before.data if of_data else before.training
    now = setting.read(settings)
    others: list[Any] = [1.0, 2.0] if isinstance(kind, Amount) else [name for name, _, _ in kind.entries]
    other = next(value for value in others if value != now)
    if isinstance(kind, Amount):
        other = int(other) + 1 if kind.whole else other / setting.factor / 2
    if of_data:
        after = replace(before, data=replace(before.data, **{setting.field: other}))
    else:
        after = replace(before, training=replace(before.training, **setting.fields(before.training, other)))
    assert after != before
    assert (impact(before, after)[0] == Impact.RESTART) == setting.restarts


def test_a_start_value_that_goes_with_its_node_does_not_restart() -> None:
    before = edits.set_start(circle_project(), BiasAddress("n5"), 1.0)
    after = on(lambda n: edits.remove_nodes(n, ["n5"]))(before)

    assert after.start.values == ()
    assert impact(before, after) == (Impact.REWIRE, "")
    assert impact(after, before) == (Impact.REWIRE, "")


def test_every_setting_has_an_impact() -> None:
    # A field that impact forgets would change a run that never hears of it.
    values: dict[str, Any] = {
        "seed": 9,
        "loss": "squared",
        "optimizer": "adam",
        "optimizer_options": (("momentum", 0.5),),
        "learning_rate": 0.5,
        "schedule": "cosine",
        "schedule_options": (("gamma", 0.5),),
        "warmup": 2.0,
        "batch_size": 3,
        "shuffle": "never",
        "last_batch": "carry over",
        "penalty": "l2",
        "penalty_rate": 0.5,
        "clip_norm": 1.0,
        "initializer": "zeros",
        "initializer_options": (("value", 1.0),),
        "precision": "float32",
        "stop": Stop(epochs=2),
    }
    assert set(values) == {field.name for field in fields(Training)}
    before = circle_project()
    for name, value in values.items():
        after = replace(before, training=replace(before.training, **{name: value}))
        assert impact(before, after)[0] > Impact.NOTHING, name
    others: dict[str, Any] = {
        "source": "xor",
        "table": None,
        "targets": ("t",),
        "classes": ("a", "b"),
        "target_kind": "number",
        "uses": (("x", "out"),),
        "fills": (("x", "mean"),),
        "drop_missing": True,
        "samples": 77,
        "noise": 0.1,
        "train_share": 0.9,
        "scaling": "min-max",
        "target_scaling": "standardize",
    }
    assert set(others) | {"image"} == {field.name for field in fields(DataSettings)}
    pictured = replace(before, data=replace(before.data, image=(2, 2)))
    assert impact(before, pictured) == (Impact.NOTHING, ""), "what pictures of examples look like"
    for name, value in others.items():
        if value is not None:
            after = replace(before, data=replace(before.data, **{name: value}))
            assert impact(before, after)[0] is Impact.RESTART, name


def test_a_drawing_without_output_still_has_an_impact(chain: Network) -> None:
    before = replace(circle_project(), network=chain)
    headless = replace(chain, layers=chain.layers[:-1], links=chain.links[:-1])

    assert impact(before, replace(before, network=headless))[0] is Impact.RESTART


@given(network=networks())
def test_nothing_changed_is_nothing(network: Network) -> None:
    project = replace(circle_project(), network=network)

    assert impact(project, replace(project)) == (Impact.NOTHING, "")
