from __future__ import annotations

import numpy as np
import pytest

from bpviz.model.spec import BiasAddress
from bpviz.training.paths import RUNNERS
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from tests.training.hands import differences
from tests.training.projects import circle


def test_a_moment_of_a_drawn_network_is_a_few_kilobytes_and_its_start_is_shared() -> None:
    session = Session(circle(8, 8, optimizer="adam"))
    first = session.moment()
    session.advance(1)
    second = session.moment()
    assert 3 * 113 * 8 < first.nbytes < 5_000
    assert second.state.start is first.state.start


@pytest.mark.parametrize("path", RUNNERS)
@pytest.mark.parametrize("hidden", [(3, 2), (24, 24)], ids=["a list of links", "matrices"])
def test_what_the_run_does_next_changes_no_moment(hidden: tuple[int, ...], path: Path) -> None:
    session = Session(circle(*hidden, optimizer="adam"), path=path)
    session.advance(3)
    moment = session.moment()
    kept = moment.state.parameters.copy(), moment.state.slots.copy()
    session.advance(2)
    session.set_value(BiasAddress(session.project.network.layers[-1].nodes[0].id), 0.25)
    session.advance(1)
    assert np.array_equal(moment.state.parameters, kept[0])
    assert np.array_equal(moment.state.slots, kept[1])
    for numbers in (moment.state.parameters, moment.state.slots):
        with pytest.raises(ValueError, match="read-only"):
            numbers[0] = 0.0
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
