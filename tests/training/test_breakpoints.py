"""Breakpoints find the first number of a phase that they are about, and say which one it is."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.model.edits import on_network, remove_pairs, set_activation
from bpviz.model.spec import Project
from bpviz.training.breakpoints import (
    CONDITIONS,
    LOSS,
    Breakpoint,
    Hit,
    first_hit,
    misclassified,
    read,
    sentence,
    words,
    written,
)
from bpviz.training.explain.naming import names_of
from bpviz.training.passes import Pass
from bpviz.training.phases import phases
from bpviz.training.places import BiasPlace, NodePlace
from bpviz.training.quantities import QUANTITIES, Ref, has, known_from, value_of
from bpviz.training.session import Session
from tests.training.projects import circle, iris, sine

ENTER, FIRST, SECOND, OUTPUT, LOSSES, BACK_OUTPUT, BACK_SECOND, BACK_FIRST, UPDATE = range(9)


def relu(project: Project) -> Project:
    for layer in project.network.layers[1:-1]:
        project = on_network(partial(set_activation, layer_id=layer.id, activation="relu"))(project)
    return project


def step_of(project: Project, after: int = 0) -> tuple[Session, Pass]:
    session = Session(project)
    session.advance(after)
    return session, Pass(session.rule, session.peek())


def hits(made: Pass, point: Breakpoint, wrong: np.ndarray | None = None) -> dict[int, Hit]:
    """The first hit of each phase that has one."""
    every = [None, *range(made.examples)]
    found = {at: first_hit([point], made, at, wrong, every) for at in range(len(phases(made.plan)))}
    return {at: hit for at, hit in found.items() if hit is not None}


def test_a_relu_that_puts_out_nothing_is_found_in_the_phase_of_its_layer() -> None:
    _, made = step_of(relu(circle()))
    found = hits(made, Breakpoint("a", "zero"))
    assert set(found) <= {FIRST, SECOND}
    hit = found[FIRST]
    example = hit.ref.example
    assert isinstance(hit.ref.place, NodePlace)
    assert example is not None
    assert made.trace.a[1][example, hit.ref.place.node] == 0
    assert not np.any(made.trace.a[1][:example] == 0), "the first example"
    assert not np.any(made.trace.a[1][example, : hit.ref.place.node] == 0), "and its first node"


def test_only_the_examples_asked_for_count_in_their_order() -> None:
    _, made = step_of(relu(circle()))
    dead = np.flatnonzero((made.trace.a[1] == 0).any(axis=1)).tolist()
    point = Breakpoint("a", "zero")
    for order in (dead[::-1], dead[1:], [k for k in range(10) if k not in dead]):
        hit = first_hit([point], made, FIRST, None, order)
        assert (None if hit is None else hit.ref.example) == (
            order[0] if order and order[0] in dead else None
        )


def test_gradients_are_the_batchs_and_those_of_removed_pairs_are_no_zeros() -> None:
    project = circle()
    layers = project.network.layers
    pair = (layers[0].nodes[0].id, layers[1].nodes[0].id)
    _, made = step_of(on_network(lambda network: remove_pairs(network, [pair]))(project))
    assert hits(made, Breakpoint("gradient", "zero")) == {}
    largest = float(np.abs(made.trace.gradient).max())
    (hit,) = hits(made, Breakpoint("gradient", "exceeds", largest * 0.999)).values()
    assert hit.ref.example is None
    assert abs(hit.value) == largest
    assert hits(made, Breakpoint("gradient", "exceeds", largest)) == {}


def test_who_is_misclassified_is_found_at_the_loss() -> None:
    session, made = step_of(circle())
    wrong = misclassified(session.prepared, made)
    assert wrong is not None
    a, y = made.trace.a[-1][:, 0], made.trace.y[:, 0]
    assert wrong.tolist() == ((a > 0) != (y > 0)).tolist()
    (phase,) = hits(made, Breakpoint(LOSS, "misclassified"), wrong)
    assert phase == LOSSES
    hit = hits(made, Breakpoint(LOSS, "misclassified"), wrong)[LOSSES]
    assert hit.ref.example == np.flatnonzero(wrong)[0]


def test_where_there_are_no_classes_nobody_is_misclassified() -> None:
    session, made = step_of(sine())
    assert misclassified(session.prepared, made) is None
    assert hits(made, Breakpoint(LOSS, "misclassified"), None) == {}


def test_of_three_classes_the_largest_output_tells() -> None:
    session, made = step_of(iris(), after=3)
    wrong = misclassified(session.prepared, made)
    assert wrong is not None
    assert wrong.tolist() == (made.trace.a[-1].argmax(axis=1) != made.trace.y.argmax(axis=1)).tolist()


def test_what_is_off_stops_nothing() -> None:
    _, made = step_of(circle())
    assert hits(made, Breakpoint("mean_loss", "exceeds", 0.0))
    assert hits(made, Breakpoint("mean_loss", "exceeds", 0.0, on=False)) == {}


def test_what_is_not_finite_is_neither_zero_nor_large() -> None:
    values = np.array([0.0, math.nan, math.inf, -math.inf, -3.0])
    told = {name: entry.holds(values, 2.0).tolist() for name, entry in CONDITIONS.items()}
    assert told["zero"] == [True, False, False, False, False]
    assert told["not_finite"] == [False, True, True, True, False]
    assert told["exceeds"] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("hit", "text"),
    [
        (
            Hit(Breakpoint("delta", "exceeds", 0.5), Ref("delta", NodePlace(1, 2), 3), -0.73214),
            "Breakpoint: delta of h1.3 is larger in size than 0.5: it is −0.7321 in example 4.",
        ),
        (
            Hit(Breakpoint("gradient", "zero"), Ref("gradient", BiasPlace(NodePlace(3, 0))), 0.0),
            "Breakpoint: gradient of the loss of the bias of o1 is 0.",
        ),
        (
            Hit(Breakpoint(LOSS, "misclassified"), Ref(LOSS, example=0), 1.0),
            "Breakpoint: example 1 is misclassified.",
        ),
    ],
)
def test_a_sentence_names_the_number(hit: Hit, text: str) -> None:
    names = names_of(Session(circle()).compiled, [str(k + 1) for k in range(10)])
    assert sentence(hit, names) == text


def test_a_breakpoint_says_when_it_stops() -> None:
    assert words(Breakpoint("z", "exceeds", 2.5)) == "Weighted input is larger in size than 2.5"
    assert words(Breakpoint(LOSS, "misclassified")) == "Example is misclassified"


@given(
    key=st.sampled_from(sorted(QUANTITIES)),
    condition=st.sampled_from(["zero", "exceeds", "not_finite"]),
    share=st.sampled_from([0.0, 0.5, 2.0]),
    optimizer=st.sampled_from(["sgd", "adam"]),
)
@settings(max_examples=60)
def test_every_quantity_is_met_just_in_the_phase_that_computes_it(
    key: str, condition: str, share: float, optimizer: str
) -> None:
    _, made = step_of(relu(circle(optimizer=optimizer)), after=1)
    found = hits(made, Breakpoint(key, condition, share))
    for phase, hit in found.items():
        assert has(made, hit.ref)
        assert known_from(made.plan, hit.ref) == phase
        value = value_of(made, hit.ref)
        assert value == hit.value
        assert CONDITIONS[condition].holds(np.array([value]), share)[0]


@given(
    st.builds(
        Breakpoint,
        st.sampled_from(sorted(QUANTITIES)),
        st.sampled_from(sorted(CONDITIONS)),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
    )
)
def test_a_breakpoint_is_read_as_it_was_written(point: Breakpoint) -> None:
    assert read(written(point)) == point
    assert ";" not in written(point)


@pytest.mark.parametrize(
    "text", ["", "a zero", "a zero x on", "a zero nan on", "b zero 0 on", "a least 0 on", "a zero 0 on on"]
)
def test_what_is_no_breakpoint_is_none(text: str) -> None:
    assert read(text) is None
