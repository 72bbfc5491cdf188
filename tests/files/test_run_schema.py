"""The state of a run survives being written, bit for bit."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import msgspec
import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.errors import Fault
from bpviz.files import run_schema
from bpviz.files.archive import DamageError
from bpviz.files.earlier import EarlierData, KnownData
from bpviz.model.spec import BiasAddress, Network, WeightAddress
from bpviz.training.metrics import Metrics
from bpviz.training.run_state import Event, Place, RunState, Watch
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from tests.training.projects import circle


def linear(network: Network) -> Network:
    """The network without anything that keeps numbers small."""
    return replace(network, layers=tuple(replace(layer, activation="linear") for layer in network.layers))


def written(state: RunState, run: Session) -> RunState:
    text = msgspec.json.encode(run_schema.to_document(state, EarlierData(run.project.data)))
    document = msgspec.json.decode(text, type=run_schema.RunDocument)
    tensors = run_schema.state_tensors(state, run.compiled)
    return run_schema.to_state(document, tensors, state.history, run.compiled, KnownData(run.project.data))


def test_every_vector_and_number_of_a_run_survives(hard_run: Session) -> None:
    state = hard_run.state()
    found = written(state, hard_run)
    for name in ("parameters", "start", "slots"):
        before, after = getattr(state, name), getattr(found, name)
        assert (after.dtype, after.shape, after.tobytes()) == (before.dtype, before.shape, before.tobytes())
    for name in (
        "step",
        "cleared_at",
        "path",
        "rewirings",
        "batch_loss",
        "place",
        "watch",
        "metrics",
        "events",
        "began",
    ):
        assert getattr(found, name) == getattr(state, name)


@pytest.mark.parametrize(
    ("value", "document"),
    [
        (Metrics, run_schema.MetricsDocument),
        (Watch, run_schema.WatchDocument),
        (Place, run_schema.PlaceDocument),
    ],
)
def test_no_field_of_a_run_is_forgotten(value: type, document: type[msgspec.Struct]) -> None:
    assert tuple(field.name for field in fields(value)) == document.__struct_fields__


def test_measured_numbers_that_are_not_finite_survive(hard_run: Session) -> None:
    node = hard_run.compiled.node_ids[1][0]
    events = (
        Event(1, "value", address=BiasAddress(node), old=-1e308, new=0.1),
        Event(2, "value", address=WeightAddress("n1", node), old=0.1 + 0.2, new=5e-324),
        Event(2, "edited", project=replace(hard_run.project, title="Another")),
        Event(3, "stopped", rule="diverged"),
        Event(3, "continued", rule="diverged"),
        Event(4, "path", path="kernel"),
        Event(5, "remark", words="it went on"),
    )
    state = replace(
        hard_run.state(),
        batch_loss=float("nan"),
        metrics=Metrics(float("inf"), float("nan"), 1.0),
        watch=Watch(float("inf"), 3, ("patience",), "diverged", Fault(4, "loss"), float("inf")),
        events=events,
    )
    found = written(state, hard_run)
    assert np.isnan(found.batch_loss)
    assert np.isnan(found.metrics.train_cost)
    assert found.metrics.train_loss == float("inf")
    assert found.watch == state.watch
    assert found.events == events


def test_tensors_have_readable_names_and_shapes(hard_run: Session) -> None:
    tensors = run_schema.state_tensors(hard_run.state(), hard_run.compiled)
    first, second, *_, last = hard_run.compiled.layer_ids
    sizes = [layer.size for layer in hard_run.compiled.plan.layers]
    assert tensors[f"now/links/{second}/{first}"].shape == (sizes[1], sizes[0])
    assert tensors[f"now/links/{last}/{first}"].shape == (sizes[-1], sizes[0])
    assert tensors[f"start/bias/{second}"].shape == (sizes[1],)
    assert {name.split("/")[0] for name in tensors} == {"now", "start", "optimizer"}


def lacking(tensors: dict[str, Array], name: str) -> dict[str, Array]:
    return {key: array for key, array in tensors.items() if key != name}


def test_arrays_that_do_not_fit_the_network_are_refused(hard_run: Session) -> None:
    state, compiled = hard_run.state(), hard_run.compiled
    document = run_schema.to_document(state, EarlierData(hard_run.project.data))
    tensors = run_schema.state_tensors(state, compiled)
    bias = f"now/bias/{compiled.layer_ids[1]}"
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        (lacking(tensors, bias), f"lacks the array {bias}"),
        ({**tensors, bias: tensors[bias][:-1]}, "another shape"),
        ({**tensors, bias: tensors[bias].astype(np.float32)}, "numbers of another kind"),
        ({**tensors, bias: tensors[bias].astype(np.int64)}, "numbers of another kind"),
        ({**tensors, "now/bias/l99": tensors[bias]}, "do not belong"),
        ({**tensors, "optimizer/7/bias/x": tensors[bias]}, "incomplete"),
    )
    for damaged, reason in wrong:
        with pytest.raises(DamageError, match=reason):
            run_schema.to_state(document, damaged, state.history, compiled, KnownData(hard_run.project.data))


def test_an_event_that_does_not_say_what_was_done_is_refused(hard_run: Session) -> None:
    state = hard_run.state()
    document = run_schema.to_document(
        replace(state, events=(Event(2, "path", path="kernel"),)), EarlierData(hard_run.project.data)
    )
    document.events[0].path = None
    tensors = run_schema.state_tensors(state, hard_run.compiled)
    with pytest.raises(DamageError, match="what was done at step 2"):
        run_schema.to_state(
            document, tensors, state.history, hard_run.compiled, KnownData(hard_run.project.data)
        )


# What no run comes to


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["parameters", "start", "slots"])
def test_a_state_that_is_not_finite_is_refused(hard_run: Session, name: str, value: float) -> None:
    state = hard_run.state()
    vector = getattr(state, name).copy()
    vector[..., -1] = value
    with pytest.raises(DamageError, match="holds a number that is not finite"):
        written(replace(state, **{name: vector}), hard_run)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["old", "new"])
def test_a_value_set_by_hand_is_finite(hard_run: Session, name: str, value: float) -> None:
    numbers = {"old": 0.5, "new": 0.5} | {name: value}
    address = BiasAddress(hard_run.compiled.node_ids[1][0])
    event = Event(1, "value", address=address, old=numbers["old"], new=numbers["new"])
    state = replace(hard_run.state(), events=(event,))
    with pytest.raises(DamageError, match="set by hand that is not finite"):
        written(state, hard_run)


@pytest.mark.parametrize(
    ("table", "name", "value", "said"),
    [
        ("steps", "low", np.inf, "not finite"),
        ("steps", "last", -np.inf, "not finite"),
        ("nodes", "total", np.nan, "not finite"),
        ("epochs", "high", np.inf, "not finite"),
        ("epochs", "count", -1, "fewer than none"),
        ("steps", "count", 2**40, "more steps than were made"),
        ("epochs", "last", 1.5, "accuracy that is none"),
        ("epochs", "low", -1e308, "accuracy that is none"),
    ],
)
def test_a_past_that_no_run_had_is_refused(
    hard_run: Session, table: str, name: str, value: float, said: str
) -> None:
    state = hard_run.state()
    array = np.array(state.history[f"{table}/{name}"])
    array[-1, -1] = value
    history: dict[str, Any] = {**state.history, f"{table}/{name}": array}
    with pytest.raises(DamageError, match=said):
        written(replace(state, history=history), hard_run)


@pytest.mark.parametrize("name", ["steps/total", "nodes/state", "epochs/first"])
def test_a_past_of_another_shape_is_refused_when_it_is_opened(hard_run: Session, name: str) -> None:
    state = hard_run.state()
    history = {key: array for key, array in state.history.items() if key != name}
    with pytest.raises(DamageError, match="its past is damaged"):
        written(replace(state, history=history), hard_run)


@pytest.mark.parametrize("path", ["reference", "kernel"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "momentum"])
def test_what_a_run_that_diverged_saves_opens_again(path: Path, optimizer: str) -> None:
    project = circle(optimizer=optimizer, learning_rate=1e300)
    run = Session(replace(project, network=linear(project.network)), path=path)
    run.advance(200)
    assert run.stopped is not None
    found = written(run.state(), run)
    for name in ("parameters", "start", "slots"):
        assert np.isfinite(getattr(found, name)).all()
