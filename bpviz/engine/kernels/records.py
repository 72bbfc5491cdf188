"""What is remembered of every step, binned by step count alone; the kernels' side of the run's history.

A bin is gathered in `Book.open_steps` and `Book.open_nodes` and written to the tables when it is full, and at
the end of a call.
"""

from __future__ import annotations

from math import sqrt

from bpviz.engine.kernels.memory import load, store
from bpviz.engine.kernels.tiles import LANES, compiled, in_double, inlined, where


@compiled
def begin_book(book):
    """Go on with bins that an earlier call has begun."""
    counts, width = book.counts, book.series_width
    counts[4], counts[5] = counts[0] % counts[1], counts[2] % counts[3]
    if counts[0] % counts[1]:
        at = counts[0] // counts[1] * book.series
        for column in range(book.series):
            book.open_steps[column] = book.total[at + column]
            book.open_steps[width + column] = book.low[at + column]
            book.open_steps[2 * width + column] = book.high[at + column]
            book.row[column] = book.last[at + column]
    if counts[2] % counts[3]:
        at = counts[2] // counts[3] * 2 * book.node_count
        for node in range(book.node_count):
            book.open_nodes[node] = book.node_total[at + node]
            book.open_nodes[book.node_width + node] = book.node_total[at + book.node_count + node]


@compiled
def end_book(book):
    """Write the bins that are not full yet."""
    if book.counts[0] % book.counts[1]:
        _write_steps(book, book.counts[0] // book.counts[1])
    if book.counts[2] % book.counts[3]:
        _write_nodes(book, book.counts[2] // book.counts[3])


@inlined
def note_layer(book, layers, layer, gradient, moved, before):
    """Put a layer's norm and ratio down, from sums of squares: the gradient's, the change's, the parameters'.

    One layer after the other: in a whole tile, roots of the few there are would take three times as long.
    """
    book.row[2 + layer] = sqrt(gradient)
    book.row[2 + layers + layer] = sqrt(moved / before) if before > 0.0 else 0.0


@inlined
def note(book, loss, cost):
    """Record a step whose layers are put down, and whose nodes stand in `nodes`."""
    book.row[0] = loss
    book.row[1] = cost
    _add_row(book)
    _add_nodes(book)


@inlined
def _add_row(book):
    table, row, width = book.open_steps, book.row, book.series_width
    inside = book.counts[4]
    fresh = inside == 0
    for at in range(0, width, LANES):
        value = load(row, at)
        low, high = load(table, width + at), load(table, 2 * width + at)
        store(table, at, value if fresh else load(table, at) + value)
        store(table, width + at, value if fresh else where(value < low, value, low))
        store(table, 2 * width + at, value if fresh else where(value > high, value, high))
    book.counts[0] += 1
    book.counts[4] = inside + 1
    if inside + 1 == book.counts[1]:
        book.counts[4] = 0
        _write_steps(book, book.counts[0] // book.counts[1] - 1)


@inlined
def _add_nodes(book):
    table, inside = book.open_nodes, book.counts[5]
    fresh = inside == 0
    for at in range(0, 2 * book.node_width, LANES):
        value = in_double(load(book.nodes, at))
        store(table, at, value if fresh else load(table, at) + value)
    book.counts[2] += 1
    book.counts[5] = inside + 1
    if inside + 1 == book.counts[3]:
        book.counts[5] = 0
        _write_nodes(book, book.counts[2] // book.counts[3] - 1)


@compiled
def _write_steps(book, record):
    at, width = record * book.series, book.series_width
    for column in range(book.series):
        book.total[at + column] = book.open_steps[column]
        book.low[at + column] = book.open_steps[width + column]
        book.high[at + column] = book.open_steps[2 * width + column]
        book.last[at + column] = book.row[column]


@compiled
def _write_nodes(book, record):
    count = book.node_count
    at = record * 2 * count
    for node in range(count):
        book.node_total[at + node] = book.open_nodes[node]
        book.node_total[at + count + node] = book.open_nodes[book.node_width + node]
