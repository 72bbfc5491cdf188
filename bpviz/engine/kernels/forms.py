"""What kernels are given: arrays and numbers by name.

All arrays are flat and contiguous; those of floating-point numbers have the run's precision unless said
otherwise.  This module, like `layout`, `machine` and `codes`, can be imported without numba.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from bpviz.arrays import Array, IntArray

Fixed: TypeAlias = Array
"""An array that a kernel only reads, and that may be read-only."""

Double: TypeAlias = Array
"""An array of float64, whatever the run's precision."""


class Vectors(NamedTuple):
    """The parameters and what belongs to them, in the kernel's own order.

    Attributes:
        values: The parameters.
        gradient: Of the batch; at first the sum over its examples.
        memory: What the optimizer remembers, one stretch after the other; then 1 for the dead, if any die.
        weights: 1 for weights, 0 for biases.
        present: 1 for what is there, 0 for removed pairs.
        moving: 1 for what learns, 0 for what is frozen, removed or dead.
        dead: Where in `memory` the dead are marked.
        length: How many numbers each of the others has; `memory` a multiple of it.
        stretches: (layers, 2) where each layer's weights begin and end; in a list of links, all of it.
        layers: How many layers compute.
    """

    values: Array
    gradient: Array
    memory: Array
    weights: Array
    present: Array
    moving: Array
    dead: int
    length: int
    stretches: IntArray
    layers: int


class Method(NamedTuple):
    """How the network learns, as numbers.

    Attributes:
        loss: Code of the loss.
        optimizer: Code of the optimizer.
        penalty: Code of the penalty.
        penalty_scale: What value and slope of the penalty are multiplied by.
        clip: Largest norm of the gradient; infinite for no clipping.
        first: First option of the optimizer in the order of its table; 0 without one.
        second: The second one; and so on.
        third: The third one.
        fourth: The fourth one.
        stays: 1 if some parameters don't move.
        gaps: 1 if gradients of removed pairs have to be erased.
        limit: Largest sum of squares that is safe to go on with.
    """

    loss: int
    optimizer: int
    penalty: int
    penalty_scale: float
    clip: float
    first: float
    second: float
    third: float
    fourth: float
    stays: int
    gaps: int
    limit: float


class Flow(NamedTuple):
    """The examples, and how they are cut into batches.

    Attributes:
        x: (examples, inputs).
        y: (examples, outputs).
        indices: Order of the examples of the epoch under way: those that waited, then the epoch's own.
        place: Epoch, batches of it done, examples that waited; kept up to date.
        examples: How many.
        inputs: Of each.
        outputs: Of each.
        size: Examples a batch.
        shuffled: 1 if each epoch has an order of its own.
        carries_over: 1 if a short last batch waits for the next epoch.
        seed: Of the order.
        drawn: Room for some random numbers.
    """

    x: Fixed
    y: Fixed
    indices: IntArray
    place: IntArray
    examples: int
    inputs: int
    outputs: int
    size: int
    shuffled: int
    carries_over: int
    seed: int
    drawn: IntArray


class Pace(NamedTuple):
    """The learning rate over time.

    Attributes:
        schedule: Code of the schedule.
        base: The rate that was set.
        warmup: In epochs.
        first: First option of the schedule in the order of its table; 0 without one.
        second: The second one.
    """

    schedule: int
    base: float
    warmup: float
    first: float
    second: float


class Decay(NamedTuple):
    """Powers of Adam's two decay rates, in float64.

    Attributes:
        steps: How many the optimizer has made; kept up to date.
        low: (2, 64) powers from 0 to 63.
        high: Powers of the largest multiple of 64 up to the count; kept up to date.
    """

    steps: IntArray
    low: Double
    high: Double


class Book(NamedTuple):
    """Records and their bins, in float64 but for `nodes`; every row has room for whole tiles.

    Attributes:
        counts: Records made and records a bin, of steps; then of nodes; then what the open bins of both hold;
            kept up to date.
        row: One step: loss, cost, norms and ratios of the layers.
        squares: (4, layers width) of each layer: gradient, change, parameters before and after.
        nodes: (2, nodes width) of one step: means of delta and of |delta|.
        open_steps: (3, series width) of the open bin: sum, smallest and largest record.
        open_nodes: (2, nodes width) sums of the open bin.
        total: (bins, series) to be written; likewise the next three.
        low: Smallest.
        high: Largest.
        last: Last.
        node_total: (bins, 2 nodes) to be written.
        series: How many there are for each step.
        series_width: The same in whole tiles.
        node_count: Nodes that compute.
        node_width: The same in whole tiles.
        layer_width: Layers that compute, in whole tiles.
    """

    counts: IntArray
    row: Double
    squares: Double
    nodes: Array
    open_steps: Double
    open_nodes: Double
    total: Double
    low: Double
    high: Double
    last: Double
    node_total: Double
    series: int
    series_width: int
    node_count: int
    node_width: int
    layer_width: int


class Links(NamedTuple):
    """A network as a list of links; places are those of a node's tile, 16 times its number.

    Attributes:
        first: (nodes,) first link into each node that computes: its bias; then its weights.
        source: (links + 1,) place of the tile each link reads: `one` for biases and behind the last link.
        target: (links,) place of the tile each link writes.
        one: Place of the tile that is always 1.
        ahead: Links out of the hidden nodes, those of the last node first; -1 behind those of each node.
        ahead_target: Place of the tile each of them writes; likewise.
        runs: (runs, 3) neighboring nodes with one activation: first, end, code.
        run_count: How many runs.
        groups: (groups,) first of each eight links whose gradients are summed together; then -1 less
            the first of each four.
        group_count: How many groups.
        inputs: Nodes of the input layer.
        nodes: Nodes that compute.
        outputs: Nodes of the output layer.
    """

    first: IntArray
    source: IntArray
    target: IntArray
    one: int
    ahead: IntArray
    ahead_target: IntArray
    runs: IntArray
    run_count: int
    groups: IntArray
    group_count: int
    inputs: int
    nodes: int
    outputs: int


class Desk(NamedTuple):
    """Room to compute in; the first four have a tile for every node.

    Attributes:
        z: Weighted inputs.
        a: Activations.
        slope: f'(z).
        delta: d loss / d z of each example.
        packed: Batches laid out in tiles.
        magnitude: Sums of |delta|.
        lanes: 17 tiles; the n-th has 1 in its first n lanes and 0 in the others.
        ahead: How many batches are laid out at a time.
    """

    z: Array
    a: Array
    slope: Array
    delta: Array
    packed: Array
    magnitude: Array
    lanes: Array
    ahead: int


class Exam(NamedTuple):
    """The whole training and test part, measured at ends of epochs.

    Attributes:
        packed: The training part, then the test part.  For a list of links in tiles, as `Desk.packed`; for
            matrices all inputs, example by example, then all targets.
        rows: (room, 7) to be written: training loss and cost, test loss, training and test accuracy; then
            epochs done, and steps made by this call.
        made: How many were written; kept up to date.
        room: Rows there is room for; a call ends when they are full.
        train: Examples of the training part.
        test: Examples of the test part.
        begin: Which example in `packed` it begins with.
        stride: Epochs between two looks; 0 for none.
        middle: An output above this means yes.
    """

    packed: Array
    rows: Double
    made: IntArray
    room: int
    train: int
    test: int
    begin: int
    stride: int
    middle: float


class Blocks(NamedTuple):
    """A network as matrices; layers count from the input, 0.

    Attributes:
        sizes: (layers,) nodes.
        rooms: (layers,) where each layer's values begin on the desk.
        biases: (layers,) where each layer's biases begin in the vectors.
        incoming: (layers + 1,) where each layer's links begin among the links, which are ordered by target.
        sources: (links,) layer each link leaves.
        weights: (links,) where its matrix begins in the vectors.
        outgoing: (layers + 1,) first entry of each layer in the next one.
        ahead: Links out of the layers.
        targets: (links,) layer each link enters.
        runs: (runs, 4) neighboring nodes of a layer with one activation: layer, first, end, code; by layer.
        run_starts: (layers + 1,) first entry of each layer in `runs`.
        layers: How many layers, the input included.
        rows: Examples that the desk has room for.
        near: (layers,) examples that are taken forward at a time.
        own: (links,) 1 where we multiply ourselves, 0 where BLAS does.
        turned: (links,) likewise on the way forward.
        once: (links,) 1 where the way back goes over the weights block by block, 0 for products of whole
            matrices.
        joined: 1 if weights take their step on the way back where it is certain to be safe.
        again: 1 if a gradient that is asked for as a whole is made twice rather than kept.
        panel: Columns of a block of weights on the way back.
        height: Its rows.
    """

    sizes: IntArray
    rooms: IntArray
    biases: IntArray
    incoming: IntArray
    sources: IntArray
    weights: IntArray
    outgoing: IntArray
    ahead: IntArray
    targets: IntArray
    runs: IntArray
    run_starts: IntArray
    layers: int
    rows: int
    near: IntArray
    own: IntArray
    turned: IntArray
    once: IntArray
    joined: int
    again: int
    panel: int
    height: int


class Sheet(NamedTuple):
    """Room to compute with matrices in: (examples, nodes) of each layer, one after the other.

    Attributes:
        z: (examples, outputs), weighted inputs; those of hidden layers stand where their activations go.
        a: Activations.
        slope: f'(z).
        delta: d loss / d z of each example.
        y: (examples, outputs), targets.
        part: Room for the values of a run of nodes.
        turned: Room for a layer's activations, turned, or for its deltas in blocks.
        sums: Room for some columns of a product, turned.
        strip: Room for the activations of a panel of columns.
        carried: Room for its deltas.
        block: Room for the gradient of a block of weights.
        near: Room for some columns of the block.
    """

    z: Array
    a: Array
    slope: Array
    delta: Array
    y: Array
    part: Array
    turned: Array
    sums: Array
    strip: Array
    carried: Array
    block: Array
    near: Array
