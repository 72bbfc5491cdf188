"""Snapshots of runs that never ran: any numbers for any network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.update import Rule, initial_state, step
from bpviz.errors import ModelError
from bpviz.model.compile import Compiled, compile_network
from bpviz.model.spec import Network
from bpviz.training.phases import phases
from bpviz.training.sentences import cursor_at
from bpviz.training.snapshot import PlaneMap, Snapshot

RULE = Rule(examples=4)


def compiled_or_none(network: Network) -> Compiled | None:
    """Compile, if the drawing can run."""
    try:
        return compile_network(network)
    except ModelError:
        return None


def plain_shot(compiled: Compiled, parameters: Array | None) -> Snapshot:
    """A snapshot with these parameters and nothing else."""
    return Snapshot(0, 3, 0.5, "reference", compiled, 0.4, 0.4, parameters=parameters)


def full_shot(network: Network, seed: int = 0, *, phase: int | None = None) -> Snapshot:
    """A snapshot with a trace and maps of all nodes; with ``phase`` the cursor stands there."""
    compiled = compile_network(network)
    rng = np.random.default_rng(seed)
    plan = compiled.plan
    state = replace(initial_state(plan, RULE, rng.normal(size=plan.size)), step=3)
    x, y = rng.normal(size=(4, plan.layers[0].size)), rng.normal(size=(4, plan.layers[-1].size))
    made = step(plan, RULE, state, x, y, 0.1)
    ids = tuple(node for nodes in compiled.node_ids for node in nodes)
    maps = PlaneMap((-6, 6, -6, 6), rng.normal(size=(len(ids), 8, 8)), ids)
    cursor = None if phase is None else cursor_at(RULE, made, phase % len(phases(plan)), None)
    return Snapshot(
        0,
        state.step,
        0.5,
        "reference",
        compiled,
        0.4,
        0.4,
        parameters=state.parameters,
        trace=made,
        node_planes=maps,
        cursor=cursor,
        rule=RULE,
    )
