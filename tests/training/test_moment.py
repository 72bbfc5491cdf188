from __future__ import annotations

from bpviz.training.session import Session
from tests.training.hands import differences
from tests.training.projects import circle


def test_a_moment_of_a_drawn_network_is_a_few_kilobytes_and_its_start_is_shared() -> None:
    session = Session(circle(8, 8, optimizer="adam"))
    first = session.moment()
    session.advance(1)
    second = session.moment()
    assert 3 * 113 * 8 < first.nbytes < 5_000
    assert second.state.start is first.state.start


def test_what_the_run_does_next_changes_no_moment() -> None:
    session = Session(circle(optimizer="adam"))
    session.advance(3)
    moment, again = session.moment(), session.moment()
    session.advance(2)
    assert differences(moment, again) == []
    assert (moment.place, moment.step) == ((3, 0), 3)
    assert "state.parameters" in differences(moment, session.moment())


def test_standing_at_a_moment_a_run_goes_on_bit_for_bit() -> None:
    session = Session(circle(optimizer="momentum", last_batch="carry over"))
    session.advance(7)
    moment, story = session.moment(), session.story
    session.advance(20)
    after = session.moment()
    session.stand(moment, story)
    assert differences(session.moment(), moment) == []
    session.advance(20)
    assert differences(session.moment(), after) == []
