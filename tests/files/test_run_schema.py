"""The state of a run survives being written, bit for bit."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import msgspec
import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.files import run_schema
from bpviz.files.archive import DamageError
from bpviz.model.spec import BiasAddress, WeightAddress
from bpviz.training.run_state import Event, Figures, Place, RunState, Watch
from bpviz.training.session import Session


def written(state: RunState, run: Session) -> RunState:
    text = msgspec.json.encode(run_schema.to_document(state))
    document = msgspec.json.decode(text, type=run_schema.RunDocument)
    tensors = run_schema.state_tensors(state, run.compiled)
    return run_schema.to_state(document, tensors, state.history, run.compiled)


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
        "figures",
        "events",
    ):
        assert getattr(found, name) == getattr(state, name)


@pytest.mark.parametrize(
    ("value", "document"),
    [
        (Figures, run_schema.FiguresDocument),
        (Watch, run_schema.WatchDocument),
        (Place, run_schema.PlaceDocument),
    ],
)
def test_no_field_of_a_run_is_forgotten(value: type, document: type[msgspec.Struct]) -> None:
    assert tuple(field.name for field in fields(value)) == document.__struct_fields__


def test_numbers_that_are_not_finite_survive(hard_run: Session) -> None:
    node = hard_run.compiled.node_ids[1][0]
    events = (
        Event(1, "value", "set", BiasAddress(node), float("-inf"), 0.1),
        Event(2, "value", "set", WeightAddress("n1", node), 0.1 + 0.2, float("inf")),
        Event(3, "continued", "went on"),
    )
    state = replace(
        hard_run.state(),
        batch_loss=float("nan"),
        figures=Figures(float("inf"), float("nan"), 1.0),
        watch=Watch(float("inf"), 3, ("patience",), "It diverged.", "diverged"),
        events=events,
    )
    found = written(state, hard_run)
    assert np.isnan(found.batch_loss)
    assert np.isnan(found.figures.train_cost)
    assert found.figures.train_loss == float("inf")
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
    document = run_schema.to_document(state)
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
            run_schema.to_state(document, damaged, state.history, compiled)
