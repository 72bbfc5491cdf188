"""The way through explanations, without a window: down, back, other examples, other steps."""

from __future__ import annotations

import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.training.places import NodePlace
from bpviz.training.quantities import Ref
from bpviz.training.session import Session
from bpviz.ui.document import Selection
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.way import Way

H1 = NodePlace(1, 0)


@pytest.fixture
def session() -> Session:
    return Session(EXAMPLES["spiral"].build())


def _moment(session: Session, before: Moment | None = None) -> Moment:
    found = Moment.of(session.snapshot({"trace"}), before)
    assert found is not None
    return found


@pytest.fixture
def way(session: Session) -> Way:
    """At the mean delta of the first hidden node."""
    way = Way()
    way.come_to(_moment(session))
    way.select(Selection(frozenset({session.compiled.node_ids[1][0]})))
    return way


def test_it_begins_with_what_the_selection_is_about(way: Way) -> None:
    assert way.trail == (Ref("delta", H1),)


def test_it_leads_down_and_what_was_passed_is_gone_back_to(way: Way) -> None:
    way.follow(Ref("delta", H1, 3))
    way.follow(Ref("slope", H1, 3))
    way.follow(Ref("delta", H1, 3))
    assert [*way.trail] == [Ref("delta", H1), Ref("delta", H1, 3)]
    way.go_back_to(0)
    assert [*way.trail] == [Ref("delta", H1)]  # there is no table beneath


def test_another_example_is_looked_at_from_the_same_place(way: Way) -> None:
    way.look_at(2)
    way.follow(Ref("slope", H1, 2))
    way.look_at(5)
    assert [*way.trail] == [Ref("delta", H1, 5), Ref("slope", H1, 5)]
    way.look_at(None)
    assert [*way.trail] == [Ref("delta", H1), Ref("slope", H1)]


def test_another_step_is_looked_at_from_the_same_place(way: Way, session: Session) -> None:
    way.follow(Ref("slope", H1, 2))
    before = way.trail
    session.advance(1)
    assert not way.come_to(_moment(session, way.moment))
    assert way.trail == before


def test_a_batch_without_the_example_is_looked_at_as_a_whole(way: Way) -> None:
    way.look_at(9)
    smaller = EXAMPLES["mazur"].build()
    assert way.come_to(_moment(Session(smaller)))  # another network: from the beginning
    assert way.example is None


def test_names_are_made_once_for_a_network(session: Session) -> None:
    first = _moment(session)
    session.advance(1)
    assert _moment(session, first).names is first.names
