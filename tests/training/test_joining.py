"""Rows are joined once, where the run trains, and say the same as all of them would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.model.edits import on_network, remove_nodes
from bpviz.training.figure_rows import figure_rows
from bpviz.training.figures import PLOTS
from bpviz.training.joining import RowJoiner, joined_rows, rows_want, wanted_rows
from bpviz.training.marks import Heat
from bpviz.training.observer import Observer
from bpviz.training.series import NodeBins
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.views import Look
from tests.training.projects import circle

WANTS = frozenset({"delta", "delta_size"})


@given(st.integers(1, 40), st.integers(-1, 40))
def test_joined_rows_keep_what_is_farthest_from_zero(rows: int, wanted: int) -> None:
    values = np.random.default_rng(rows).normal(size=(rows, 3))
    values[::3, 1] = np.nan
    joined = joined_rows(values, wanted)
    assert len(joined) == min(rows, max(wanted, 1))
    np.testing.assert_array_equal(
        np.nanmax(np.abs(joined), axis=0, initial=0.0), np.nanmax(np.abs(values), axis=0, initial=0.0)
    )
    assert set(joined[np.isfinite(joined)].tolist()) <= set(values[np.isfinite(values)].tolist())


def test_joined_rows_of_nothing_are_nothing() -> None:
    assert np.isnan(joined_rows(np.full((4, 2), np.nan), 2)).all()


def test_wants_say_how_many_rows_are_drawn_and_the_largest_counts() -> None:
    assert wanted_rows(WANTS) == 0
    assert rows_want(0) == frozenset()
    assert wanted_rows(WANTS | rows_want(120) | rows_want(80)) == 120


def look(observer: Observer, session: Session, rows: int) -> Snapshot:
    """What a window that draws so many rows gets."""
    return observer.look(session, 1, WANTS | rows_want(rows), Look(), playing=True)


def bins(snapshot: Snapshot) -> NodeBins:
    assert snapshot.nodes is not None
    return snapshot.nodes


@settings(max_examples=15, deadline=None)
@given(slices=st.lists(st.integers(0, 400), min_size=1, max_size=5), rows=st.integers(1, 3))
def test_however_often_somebody_looks_rows_are_those_of_all_the_nodes(slices: list[int], rows: int) -> None:
    session, observer = Session(circle(3)), Observer()
    for steps in slices:
        session.advance(steps)
        seen = bins(look(observer, session, rows))
        for name in ("delta", "delta_size"):
            whole, found = seen.of(name), seen.joined[name]
            np.testing.assert_array_equal(found.values, joined_rows(whole, rows))
            assert found.largest == np.nanmax(np.abs(whole), initial=0.0)
            assert not found.values.flags.writeable


def test_a_column_that_is_full_is_joined_once() -> None:
    session, joiner = Session(circle(3)), RowJoiner()
    for _ in range(20):
        session.advance(1)
        joiner.join(bins(session.snapshot(WANTS)), 2)
    # Each step is a bin of its own, and full: one column of each series a look, and none twice.
    assert joiner.columns == 20 * 2
    joiner.join(bins(session.snapshot(WANTS)), 3)
    assert joiner.columns == 2 * 20 * 2, "another number of rows is another picture"


def test_what_was_handed_out_stays_as_it_was() -> None:
    session, observer = Session(circle(3)), Observer()
    session.advance(10)
    early = bins(look(observer, session, 2)).joined["delta"].values
    copy = early.copy()
    session.advance(1200)  # beyond the room for columns, so neighbors merge
    look(observer, session, 2)
    np.testing.assert_array_equal(early, copy)


def test_few_nodes_are_not_joined() -> None:
    session = Session(circle(3))
    session.advance(3)
    count = len(bins(session.snapshot(WANTS)).nodes)
    for rows in (0, count, count + 1):
        assert not bins(look(Observer(), session, rows)).joined


def test_the_heatmap_of_joined_rows_has_the_scale_and_the_numbers_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session(circle(3))
    session.advance(30)
    snapshot = look(Observer(), session, 2)
    whole = PLOTS["deltas"].figure(replace(snapshot, nodes=replace(bins(snapshot), joined={})))
    asked: list[str] = []
    of = NodeBins.of

    def counted_of(self: NodeBins, name: str) -> Array:
        asked.append(name)
        return of(self, name)

    monkeypatch.setattr(NodeBins, "of", counted_of)
    figure = PLOTS["deltas"].figure(snapshot)
    assert figure.alternative is not None
    assert not figure.is_empty
    assert asked == [], "to draw it nobody asks for all nodes"
    (joined,), (plain,) = figure.all(Heat), whole.all(Heat)
    assert joined.joined is not None
    assert joined.joined.shape == (2, plain.columns)
    assert (joined.scale, joined.rows, joined.groups) == (plain.scale, plain.rows, plain.groups)
    assert list(figure_rows(figure)[1]) == list(figure_rows(whole)[1]), "what is exported is all of it"
    assert asked == ["delta"]


def test_a_rewired_run_is_joined_as_it_is_now() -> None:
    project = circle(3)
    session, observer = Session(project), Observer()
    session.advance(5)
    look(observer, session, 1)
    node = project.network.layers[1].nodes[0].id
    session.follow(on_network(lambda network: remove_nodes(network, [node]))(project))
    session.advance(5)
    seen = bins(look(observer, session, 1))
    assert node not in seen.nodes
    np.testing.assert_array_equal(seen.joined["delta"].values, joined_rows(seen.of("delta"), 1))
