"""The way back over the weights: deltas, gradient, norms, penalty and optimizer, link by link.

Where batches are small beside layers, a step is as slow as its weights travel.  So while a block of a link's
weights is near the processor, the deltas behind it are gathered with the weights as they were, its gradient
is made, and its weights take their step; the gradient is never written as a whole.  Where the step asks for
something of the whole gradient first, weights take it in a pass of their own: then a block's gradient is made
once more, or kept, whichever is faster.

With more examples the products count, and BLAS makes them of whole matrices; the rest is done link by link.
"""

from __future__ import annotations

from bpviz.engine.kernels.calls import apart, number, separate
from bpviz.engine.kernels.deltas import erase, finish_deltas
from bpviz.engine.kernels.memory import copy_matrix, pointer_to
from bpviz.engine.kernels.products import multiply, multiply_by_blas
from bpviz.engine.kernels.registers import ROWS, columns_of_a_panel
from bpviz.engine.kernels.settle import RAW, settle
from bpviz.engine.kernels.tiles import inlined


@separate
def pass_over(net, method, vectors, book, sheet, rows, fresh, back, kept, what, scales):
    """Go over the weights of all links, the last layer's first.

    Args:
        net: The network.
        method: How it learns.
        vectors: Parameters, gradient and optimizer memory.
        book: Its sums of squares are added to.
        sheet: With the values of the way forward, and the deltas of the outputs.
        rows: Examples on the desk.
        fresh: 1 if they are the first ones of their batch.
        back: 1 on the way back, with all that it computes; 0 for what comes after it.
        kept: 1 if the gradient is written as a whole.
        what: What to do with the weights, as `settle` says it; 0 for nothing yet.
        scales: Likewise.

    Returns:
        As `settle`.
    """
    apart()
    applied, penalty = 0.0, 0.0
    for layer in range(net.layers - 1, 0, -1):
        if back:
            if layer < net.layers - 1 and net.outgoing[layer] == net.outgoing[layer + 1]:
                erase(sheet, net.rooms[layer], rows * net.sizes[layer])
            finish_deltas(net, vectors, book, sheet, layer, rows, fresh)
        for link in range(net.incoming[layer], net.incoming[layer + 1]):
            if net.once[link]:
                entered, pulled = _sweep(
                    net, method, vectors, book, sheet, layer, link, rows, fresh, back, kept, what, scales
                )
            else:
                entered, pulled = _as_a_whole(
                    net, method, vectors, book, sheet, layer, link, rows, fresh, back, what, scales
                )
            applied += entered
            penalty += pulled
    return applied, penalty


@inlined
def _adds(net, link):
    """Whether deltas carried over a link add to others: the last link out of a layer comes first."""
    return int(link != net.ahead[net.outgoing[net.sources[link] + 1] - 1])


@inlined
def _as_a_whole(net, method, vectors, book, sheet, layer, link, rows, fresh, back, what, scales):
    """As `_sweep`, with products of whole matrices."""
    width, source, weights = net.sizes[layer], net.sources[link], net.weights[link]
    wide, a = net.sizes[source], pointer_to(sheet.a, net.rooms[source])
    d, g = pointer_to(sheet.delta, net.rooms[layer]), pointer_to(vectors.gradient, weights)
    if back:
        w, carried, more = pointer_to(vectors.values, weights), pointer_to(sheet.delta, net.rooms[source]), 0
        if source > 0:
            more = _adds(net, link)
            if net.own[link]:
                multiply(rows, wide, width, d, width, number(1), w, wide, more, carried, wide)
            else:
                multiply_by_blas("", wide, rows, width, w, wide, d, width, more, carried, wide)
        more = int(not fresh)
        if net.own[link]:
            multiply(width, wide, rows, d, number(1), width, a, wide, more, g, wide)
        else:
            multiply_by_blas("b", wide, width, rows, a, wide, d, width, more, g, wide)
    if what:
        return settle(
            method,
            vectors,
            pointer_to(book.squares, layer - 1),
            book.layer_width,
            g,
            number(0),
            weights,
            number(0),
            number(1),
            width * wide,
            what,
            scales,
        )
    return 0.0, 0.0


@inlined
def _sweep(net, method, vectors, book, sheet, layer, link, rows, fresh, back, kept, what, scales):
    """Go over the weights of a link block by block; as `pass_over`."""
    width, source, panel, height = net.sizes[layer], net.sources[link], net.panel, net.height
    wide, weights, squares = net.sizes[source], net.weights[link], pointer_to(book.squares, layer - 1)
    makes, carries = back or what & RAW, back and source > 0
    group = columns_of_a_panel(sheet.a) if rows > ROWS else panel  # a few rows are read only once
    # Only what is added to, or was made before, is where it goes; else `settle` puts it there.
    adds, there = _adds(net, link), kept and not (fresh and what & RAW)
    applied, penalty = 0.0, 0.0
    if makes:
        _pack(sheet.delta, net.rooms[layer], rows, width, height, sheet.turned)
    for column in range(0, wide, panel):
        columns, here = min(panel, wide - column), net.rooms[source] + column
        if makes:
            _copy_groups(sheet.a, here, wide, sheet.strip, group, rows, columns, number(0))
        if carries and adds:
            _copy_groups(sheet.delta, here, wide, sheet.carried, group, rows, columns, number(0))
        for row in range(0, width, height):
            few, d = min(height, width - row), pointer_to(sheet.turned, row * rows)
            at, g, stride = weights + row * wide + column, sheet.block, panel
            if there:
                g, stride = pointer_to(vectors.gradient, at), wide
            if carries:
                w, more = pointer_to(vectors.values, at), int(adds or row > 0)
                _carry(w, wide, few, columns, d, rows, more, sheet, group)
            if makes:
                _gather(d, few, rows, columns, int(there and not fresh), sheet.strip, group, g, stride)
            if what:
                entered, pulled = settle(
                    method,
                    vectors,
                    squares,
                    book.layer_width,
                    g,
                    stride,
                    at,
                    wide,
                    few,
                    columns,
                    what,
                    scales,
                )
                applied += entered
                penalty += pulled
        if carries:
            _copy_groups(sheet.delta, here, wide, sheet.carried, group, rows, columns, number(1))
    return applied, penalty


@inlined
def _pack(delta, room, rows, width, height, packed):
    """Put the deltas of each block of rows of the weights side by side: for each block, (examples, rows)."""
    for row in range(0, width, height):
        few = min(height, width - row)
        copy_matrix(delta, room + row, width, packed, row * rows, few, rows, few)


@separate
def _copy_groups(matrix, at, wide, groups, group, rows, columns, out):
    """Copy columns of a matrix in groups, one after the other, so that the rows of each follow each other.

    Args:
        matrix: The matrix.
        at: Where its part begins.
        wide: How far apart its rows are.
        groups: Room for the groups.
        group: Columns of each.
        rows: Of the part.
        columns: Of the part.
        out: 1 to copy from the groups to the matrix.
    """
    apart()
    for k in range(0, columns, group):
        some = min(group, columns - k)
        if out:
            copy_matrix(groups, k * rows, group, matrix, at + k, wide, rows, some)
        else:
            copy_matrix(matrix, at + k, wide, groups, k * rows, group, rows, some)


@inlined
def _carry(w, wide, few, columns, d, rows, adds, sheet, group):
    """Carry deltas of the examples over a block of weights to the layer behind."""
    for k in range(0, columns, group):
        some, block, stride = min(group, columns - k), pointer_to(w, k), wide
        if rows > ROWS:
            copy_matrix(block, number(0), wide, sheet.near, number(0), group, few, some)
            block, stride = sheet.near, group
        carried = pointer_to(sheet.carried, k * rows)
        multiply(rows, some, few, d, few, number(1), block, stride, adds, carried, group)


@inlined
def _gather(d, few, rows, columns, adds, strip, group, g, stride):
    """Make the gradient of a block of weights."""
    for k in range(0, columns, group):
        some, a = min(group, columns - k), pointer_to(strip, k * rows)
        multiply(few, some, rows, d, number(1), few, a, group, adds, pointer_to(g, k), stride)
