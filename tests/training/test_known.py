"""What is known of a step where somebody stands in it."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.training.known import Known
from bpviz.training.passes import Pass
from bpviz.training.phases import phases
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace
from bpviz.training.quantities import QUANTITIES, Ref, has, known_from
from bpviz.training.session import Session
from tests.training.explain.passes import places
from tests.training.projects import circle

HIDDEN, OUTPUT = NodePlace(1, 0), NodePlace(2, 0)


@pytest.fixture
def mazur() -> Pass:
    session = Session(EXAMPLES["mazur"].build())
    return Pass(session.rule, session.peek())


@pytest.fixture
def batch() -> Pass:
    session = Session(circle(2))
    return Pass(session.rule, session.peek())


def test_nothing_is_known_before_its_phase_one_by_one_or_many_at_once(mazur: Pass) -> None:
    for until in range(len(phases(mazur.plan))):
        known = Known(mazur, until)
        for key in QUANTITIES:
            nodes, parameters = known.nodes(key), known.parameters(key)
            starts = np.cumsum([0, *(layer.size for layer in mazur.plan.layers)])
            for place in places(mazur.plan):
                ref = known.ref(key, place)
                value = known.value(key, place)
                assert (value is not None) == (ref is not None and known_from(mazur.plan, ref) <= until)
                many = None
                if isinstance(place, NodePlace):
                    many = nodes[starts[place.layer] + place.node]
                elif isinstance(place, PairPlace | BiasPlace):
                    at = mazur.index(place)
                    many = np.nan if at is None else parameters[at]
                if many is not None:
                    np.testing.assert_equal(many, np.nan if value is None else value)


def test_between_steps_all_of_the_coming_one_is_known(mazur: Pass) -> None:
    known = Known(mazur)
    for key in QUANTITIES:
        for place in places(mazur.plan):
            assert (known.value(key, place) is None) == (known.ref(key, place) is None)


def test_numbers_of_a_batch_are_means_until_an_example_is_chosen(batch: Pass) -> None:
    mean, third = Known(batch), Known(batch, example=2)
    z = batch.trace.z[1][:, 0]
    assert mean.value("z", HIDDEN) == pytest.approx(z.mean())
    assert third.value("z", HIDDEN) == z[2]
    assert (mean.whose("z"), third.whose("z")) == ("mean of 10", "example 3 of 10")
    assert third.whose("gradient") == "example 3 of 10"
    assert (third.whose("applied"), third.whose("value"), third.whose("new")) == ("mean of 10", "", "")
    assert (mean.value("loss"), third.value("loss")) == (None, batch.trace.losses[2])


def test_of_a_single_example_there_is_nothing_to_say(mazur: Pass) -> None:
    known = Known(mazur)
    assert {known.whose(key) for key in QUANTITIES} == {""}
    bias = BiasPlace(OUTPUT)
    assert known.value("gradient", bias) == mazur.trace.gradient[mazur.index(bias) or 0]


def test_a_list_follows_the_table_and_sets_new_values_beside_the_old(batch: Pass) -> None:
    known = Known(batch, until=0)
    assert [fact.entry.name for fact in known.listed(OUTPUT)] == [
        key
        for key, entry in QUANTITIES.items()
        if entry.scope in ("node", "output") and has(batch, Ref(key, OUTPUT)) and entry.telling(batch)
    ]
    facts = known.listed(PairPlace(HIDDEN, OUTPUT))
    assert [fact.entry.name for fact in facts][:3] == ["value", "new", "gradient"]
    assert [fact.value is None for fact in facts][:3] == [False, True, True]
    assert "penalty" not in {fact.entry.name for fact in known.listed(WHOLE)}, "there is none"
