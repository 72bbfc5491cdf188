from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bpviz.data.settings import DataSettings, Table
from bpviz.errors import BpvizError, CycleError, ModelError, SettingError, UnknownNameError
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.checks import (
    LARGEST_SEED,
    MOST_NODES,
    check_data,
    check_network,
    check_project,
    check_training,
    training_faults,
)
from bpviz.model.spec import BiasAddress, Link, Network, Start, Stop, Training
from tests.model.projects import circle_project

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"learning_rate": NAN}, "learning rate"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"learning_rate": INF}, "learning rate"),
        ({"learning_rate": True}, "learning rate"),
        ({"batch_size": 0}, "batch size"),
        ({"batch_size": 2.5}, "batch size"),
        ({"seed": -1}, "seed"),
        ({"seed": LARGEST_SEED + 1}, "seed"),
        ({"warmup": -1.0}, "warm-up"),
        ({"penalty_rate": NAN}, "penalty rate"),
        ({"clip_norm": 0.0}, "clip"),
        ({"shuffle": "often"}, "shuffle must be one of each epoch, never"),
        ({"last_batch": "drop"}, "last batch must be one of keep, carry over"),
        ({"precision": "float16"}, "precision"),
        ({"stop": Stop(epochs=0)}, "number of epochs"),
        ({"stop": Stop(patience=-3)}, "patience"),
        ({"stop": Stop(target_loss=NAN)}, "target loss"),
        ({"stop": Stop(gradient_norm=-1.0)}, "gradient norm"),
        ({"stop": Stop(target_accuracy=95.0)}, "0 % to 100 %"),
        ({"optimizer": "momentum", "optimizer_options": (("momentum", 1.5),)}, "can't be 1.5"),
    ],
)
def test_impossible_settings_of_the_training_are_refused_in_a_sentence(
    fields: dict[str, Any], word: str
) -> None:
    with pytest.raises(SettingError, match=word) as refusal:
        check_training(replace(Training(), **fields))

    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("field", ["loss", "optimizer", "schedule", "penalty", "initializer"])
def test_names_that_no_table_has_are_refused(field: str) -> None:
    changed: dict[str, Any] = {field: "nothing"}
    with pytest.raises(UnknownNameError, match="There is no"):
        check_training(replace(Training(), **changed))


def test_every_fault_is_found_not_only_the_first() -> None:
    training = Training(learning_rate=NAN, batch_size=0, loss="regret")

    assert len(list(training_faults(training))) == 3
    assert list(training_faults(Training())) == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"noise": 0.9}, "noise"),
        ({"noise": NAN}, "noise"),
        ({"train_share": 0.0}, "share to train on"),
        ({"train_share": 1.1}, "share to train on"),
        ({"samples": 1}, "number of samples"),
        ({"scaling": "log"}, "scaling must be one of none, standardize, min-max"),
        ({"target_scaling": "log"}, "target scaling"),
        ({"target_kind": "text"}, "target kind"),
    ],
)
def test_impossible_settings_of_the_data_are_refused_in_a_sentence(fields: dict[str, Any], word: str) -> None:
    with pytest.raises(SettingError, match=word):
        check_data(replace(DataSettings(), **fields))


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"targets": ("t", "t")}, "named twice among the targets"),
        ({"targets": ("t", "u")}, "no column named 'u'"),
        ({"targets": ()}, "choose the target among"),
        ({"targets": (1,)}, "list of names"),
        ({"targets": ("t",), "classes": ("1", "2"), "target_kind": "number"}, "learn it as a class"),
    ],
)
def test_impossible_targets_are_refused_in_a_sentence(fields: dict[str, Any], word: str) -> None:
    table = Table("t", ("x", "t"), (("1", "2"),))
    with pytest.raises(BpvizError, match=word):
        check_data(replace(DataSettings("table", table), **fields))


def test_a_project_as_it_is_made_passes() -> None:
    check_project(circle_project())


def test_a_drawing_that_can_not_run_yet_passes_all_the_same(chain: Network) -> None:
    check_network(edits.remove_link(chain, "l4", "l8"))
    check_project(replace(circle_project(), network=edits.remove_link(chain, "l4", "l8")))


def test_drawings_that_no_edit_makes_are_refused(chain: Network) -> None:
    back = Link.dense(chain.layer("l8"), chain.layer("l4"))
    with pytest.raises(CycleError):
        check_network(replace(chain, links=(*chain.links, back)))
    out = Link.dense(chain.layer("l11"), chain.layer("l4"))
    with pytest.raises(ModelError, match="out of the output layer"):
        check_network(replace(chain, links=(*chain.links, out)))
    with pytest.raises(ModelError, match="no finite place"):
        check_network(edits.move_layer(chain, "l4", NAN))
    with pytest.raises(ModelError, match="no finite place"):
        check_network(edits.place_nodes(chain, {"n5": (NAN, 0.0)}))
    with pytest.raises(ModelError, match="make it smaller"):
        check_network(layered_network(("x",), (MOST_NODES,), 1))


def test_start_values_that_are_not_finite_are_refused() -> None:
    project = circle_project()
    node = project.network.layers[1].nodes[0].id

    with pytest.raises(BpvizError, match="start value"):
        check_project(replace(project, start=Start(((BiasAddress(node), INF),))))
