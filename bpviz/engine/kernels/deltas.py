"""The deltas of a wide layer before they are carried on: times the slopes, averaged, or erased."""

from __future__ import annotations

from bpviz.engine.kernels.memory import load, read, store, write
from bpviz.engine.kernels.tiles import LANES, absolute, fill_like, inlined

_TOGETHER = 8
"""Examples whose deltas are summed before the sums are written: reading and writing those costs as much."""


@inlined
def finish_deltas(net, vectors, book, sheet, layer, rows, fresh):
    """Multiply by the slope where that is still to be done, and sum delta and |delta| over the examples."""
    width, room = net.sizes[layer], net.rooms[layer]
    node = net.biases[layer] - net.biases[1]
    hidden = layer < net.layers - 1
    for first in range(0, rows, _TOGETHER):
        end, begins = min(first + _TOGETHER, rows), fresh and first == 0
        for k in range(0, width, LANES):
            left, bias, size = width - k, net.biases[layer] + k, book.node_width + node + k
            sums, sizes = fill_like(sheet.delta, 0.0), fill_like(sheet.delta, 0.0)
            if not begins:
                sums, sizes = read(vectors.gradient, bias, left), read(book.nodes, size, left)
            for at in range(room + first * width + k, room + end * width, width):
                delta = read(sheet.delta, at, left)
                if hidden:
                    delta *= read(sheet.slope, at, left)
                    write(sheet.delta, at, left, delta)
                sums += delta
                sizes += absolute(delta)
            write(vectors.gradient, bias, left, sums)
            write(book.nodes, size, left, sizes)


@inlined
def keep_deltas(net, vectors, book, share):
    """Write the means over the batch of delta, which are the gradients of the biases, and of |delta|."""
    for node in range(0, book.node_count, LANES):
        left = book.node_count - node
        write(book.nodes, node, left, share * read(vectors.gradient, net.biases[1] + node, left))
        place = book.node_width + node
        store(book.nodes, place, share * load(book.nodes, place))


@inlined
def erase(sheet, room, count):
    """Deltas of a layer that leads nowhere."""
    for at in range(room, room + count):
        sheet.delta[at] = 0
