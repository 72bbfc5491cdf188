from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array, IntArray
from bpviz.model.compile import compile_network
from bpviz.model.edits import add_node, insert_layer, remove_nodes
from bpviz.training.bins import BinTable
from bpviz.training.history import History
from bpviz.training.series import recorded
from tests.training.projects import circle


def records(count: int, columns: int = 3, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=(count, columns)) * 10.0 ** np.arange(columns)


def filled(rows: Array, cuts: list[int], bins: int = 8, *, extremes: bool = True) -> BinTable:
    """A table that got its records in slices that end at the cuts."""
    table = BinTable([f"s{k}" for k in range(rows.shape[1])], bins, extremes=extremes)
    steps = np.arange(len(rows))
    for start, stop in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        table.add(rows[start:stop], steps[start:stop])
    return table


def same(first: BinTable, second: BinTable) -> bool:
    mine, other = first.arrays(), second.arrays()
    return all(np.array_equal(mine[name], other[name], equal_nan=True) for name in mine)


@given(st.integers(0, 200), st.lists(st.integers(0, 200), max_size=6))
def test_slices_do_not_change_a_bit(count: int, cuts: list[int]) -> None:
    rows = records(count)
    rows[::7, 1] = np.nan
    whole = filled(rows, [])
    sliced = filled(rows, sorted(min(cut, count) for cut in cuts))
    one_by_one = filled(rows, list(range(1, count)))
    assert same(whole, sliced)
    assert same(whole, one_by_one)


@given(st.integers(1, 300))
def test_bins_say_what_the_records_in_them_were(count: int) -> None:
    rows = records(count)
    table = filled(rows, [])
    assert table.used <= 8
    bins = table.series(["s1"])["s1"]
    assert bins.first.tolist() == list(range(0, count, table.stride))
    for k, (first, last) in enumerate(zip(bins.first, bins.last_step, strict=True)):
        inside = rows[first : last + 1, 1]
        assert (bins.low[k], bins.high[k], bins.last[k]) == (inside.min(), inside.max(), inside[-1])
        assert bins.mean[k] == pytest.approx(inside.mean(), abs=1e-12)
    assert bins.last_step[-1] == count - 1


def test_no_extreme_is_ever_lost() -> None:
    rows = np.zeros((10_000, 1))
    rows[7_777], rows[1_234] = 5.0, -6.0
    bins = filled(rows, [], bins=16).series(["s0"])["s0"]
    assert (bins.high.max(), bins.low.min()) == (5.0, -6.0)
    assert len(bins.mean) <= 16


def test_what_is_no_number_counts_for_nothing() -> None:
    rows = np.array([[1.0], [np.nan], [3.0], [np.inf]])
    table = BinTable(["a"], 2)
    table.add(rows, np.arange(4))
    bins = table.series(["a"])["a"]
    assert bins.mean.tolist() == [2.0]
    assert (bins.low[0], bins.high[0], bins.last[0]) == (1.0, 3.0, 3.0)


def test_a_bin_without_a_value_is_left_out_of_the_series_and_missing_in_the_means() -> None:
    table = BinTable(["a", "b"], 4)
    table.add(np.array([[1.0, np.nan], [2.0, 7.0]]), np.arange(2))
    assert table.series(["b"])["b"].first.tolist() == [1]
    assert np.isnan(table.means()[0][0, 1])


def test_arrays_that_somebody_else_filled_are_accounted_for() -> None:
    rows = records(40)
    expected, table = filled(rows, [], bins=16), BinTable(["s0", "s1", "s2"], 16)
    at = 0
    while at < len(rows):
        part = slice(at, at + min(7, table.room, len(rows) - at))
        for r in range(part.start, part.stop):  # as a kernel does: one record after the other
            b = r // table.stride
            fresh = r % table.stride == 0
            table.total[b] += rows[r]
            table.low[b] = rows[r] if fresh else np.minimum(table.low[b], rows[r])
            table.high[b] = rows[r] if fresh else np.maximum(table.high[b], rows[r])
            table.last[b] = rows[r]
        table.note(part.start, part.stop - part.start)
        at = part.stop
    assert same(table, expected)


def test_records_that_were_left_out_still_count_for_the_stride() -> None:
    table = BinTable(["a"], 4)
    for epoch in (0, 1, 2, 3, 4, 6, 8):
        table.skip(epoch - table.records)
        table.add(np.array([[float(epoch)]]), np.array([10 * epoch]))
    assert table.stride == 4
    assert table.series(["a"])["a"].mean.tolist() == [1.5, 5.0, 8.0]
    assert table.series(["a"])["a"].first.tolist() == [0, 40, 80]


@given(st.integers(0, 40), st.integers(1, 12), st.sampled_from((1, 2, 3, 4, 8)))
def test_ends_of_epochs_taken_in_together_are_those_taken_in_one_by_one(
    before: int, count: int, every: int
) -> None:
    together, single = (BinTable([series.name for series in recorded("epochs")], 8) for _ in range(2))
    histories = []
    for table in (together, single):
        history = History(compile_network(circle().network))
        history.epochs = table
        for epoch in range(before):
            history.add_epoch(epoch, 10 * epoch, np.array([1.0 + epoch, 2.0, np.nan, np.nan, 0.5]))
        histories.append(history)
    first = -(-before // together.stride) * together.stride
    epochs = np.arange(first, first + count * every, every)
    rows = np.stack([np.sqrt(epochs + 1.0), epochs, np.full(count, np.nan), epochs, -epochs], axis=1)
    histories[0].add_epochs(epochs, 10 * epochs, rows)
    for epoch, row in zip(epochs.tolist(), rows, strict=True):
        histories[1].add_epoch(epoch, 10 * epoch, row)
    assert same(together, single)


def test_tables_of_means_keep_nothing_else() -> None:
    rows = records(20)
    table = filled(rows, [], extremes=False)
    assert table.low.shape == (8, 0)
    np.testing.assert_allclose(table.means()[0][0], rows[: table.stride].mean(axis=0), rtol=1e-12)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_means_that_were_handed_out_never_change_and_new_ones_are_right(slices: list[int]) -> None:
    rows = records(sum(slices))
    table, seen, at = BinTable(["s0", "s1", "s2"], 8, extremes=False), [], 0
    for size in slices:
        table.add(rows[at : at + size], np.arange(at, at + size))
        at += size
        full, part = table.means()
        stride = table.stride
        expected = [rows[k : min(k + stride, at)].mean(axis=0) for k in range(0, at, stride)]
        np.testing.assert_allclose(np.concatenate([full, part]), expected, rtol=1e-12)
        assert len(full) == at // stride
        seen.append((full, full.copy()))
    for full, copy in seen:
        np.testing.assert_array_equal(full, copy)
        assert not full.flags.writeable


def test_bins_merge_in_pairs_so_their_number_is_even() -> None:
    with pytest.raises(ValueError, match="even"):
        BinTable(["a"], 7)


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_saved_table_goes_on_as_if_nothing_had_been(first: int, more: int) -> None:
    rows = records(first + more)
    table = filled(rows[:first], [])
    copy = BinTable(table.names, 8)
    copy.restore(table.arrays())
    steps: IntArray = np.arange(first, first + more)
    table.add(rows[first:], steps)
    copy.add(rows[first:], steps)
    assert same(table, copy)


def test_a_saved_table_of_another_network_is_refused() -> None:
    saved = filled(records(5), []).arrays()
    with pytest.raises(ValueError, match="does not fit"):
        BinTable(["a"], 8).restore(saved)
    with pytest.raises(ValueError, match="more bins"):
        BinTable(["s0", "s1", "s2"], 8).restore({**saved, "state": np.array([1, 100])})


def test_columns_that_stay_keep_their_past_and_new_ones_begin_empty() -> None:
    table = filled(records(10), [])
    changed = table.with_columns(["new", "s2", "s0"], {1: 2, 2: 0})
    assert np.array_equal(changed.series(["s0"])["s0"].mean, table.series(["s0"])["s0"].mean)
    assert changed.series(["new"])["new"].mean.size == 0
    changed.add(np.ones((3, 3)), np.arange(10, 13))
    assert changed.series(["new"])["new"].first[0] >= 8


def test_after_an_edit_layers_and_nodes_that_remain_keep_their_history() -> None:
    before = compile_network(circle(3, 2).network)
    history = History(before)
    history.add(records(5, len(history.steps.names)), records(5, len(history.nodes.names)), first_step=0)
    hidden = before.network.layers[1]
    network = remove_nodes(before.network, [hidden.nodes[0].id])
    network = add_node(network, hidden.id, "n99")
    network = insert_layer(network, "l99", ["n100"], source=before.layer_ids[2], target=before.layer_ids[3])
    after = compile_network(network)
    changed, output = history.rewired(after), before.layer_ids[-1]
    assert np.array_equal(
        changed.series([f"gradient/{output}"])[f"gradient/{output}"].mean,
        history.series([f"gradient/{output}"])[f"gradient/{output}"].mean,
    )
    assert changed.series(["gradient/l99"])["gradient/l99"].mean.size == 0
    old, new = history.node_bins(), changed.node_bins()
    assert new.of("delta").shape == (3 + 2 + 1 + 1, 5)
    at = after.places["n99"]
    assert np.isnan(new.of("delta")[at[1]]).all()
    assert np.array_equal(new.of("delta_size")[-1], old.of("delta_size")[-1])
    assert np.array_equal(new.of("delta")[0], old.of("delta")[1])


def test_figures_of_epochs_stand_at_their_steps() -> None:
    history = History(compile_network(circle().network))
    history.add_epoch(0, 0, np.array([1.0, 1.5, np.nan, 0.5, np.nan]))
    history.add_epoch(1, 24, np.array([0.5, 0.75, np.nan, 0.9, np.nan]))
    bins = history.series(["train_cost"])["train_cost"]
    assert (bins.first.tolist(), bins.mean.tolist()) == ([0, 24], [1.5, 0.75])
    assert history.series(["test_loss"])["test_loss"].mean.size == 0


def test_a_history_comes_back_from_its_arrays() -> None:
    compiled = compile_network(circle().network)
    history = History(compiled)
    history.add(records(5, len(history.steps.names)), records(5, len(history.nodes.names)), first_step=0)
    history.add_epoch(0, 0, np.ones(5))
    copy = History(compiled)
    copy.restore(history.arrays())
    assert same(copy.steps, history.steps)
    assert same(copy.nodes, history.nodes)
    assert same(copy.epochs, history.epochs)


def test_what_was_measured_before_the_first_step_is_replaced_and_not_added() -> None:
    history = History(compile_network(circle().network))
    history.begin_epochs(np.array([0.5, 0.5, 0.6, 0.7, 0.8]))
    history.begin_epochs(np.array([0.1, 0.2, 0.3, 0.4, np.nan]))
    history.add_epoch(1, 3, np.array([0.05, 0.1, 0.2, 0.9, np.nan]))
    series = history.series({"train_loss", "test_accuracy"})
    assert series["train_loss"].mean.tolist() == [0.1, 0.05]
    assert series["train_loss"].last_step.tolist() == [0, 3]
    assert series["test_accuracy"].mean.size == 0
