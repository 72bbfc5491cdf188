"""Passes to explain: random ones with all that can be in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, initial_state, step
from bpviz.errors import DivergedError
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace, Place, nodes_of
from bpviz.training.quantities import QUANTITIES, Ref, has
from tests.engine.networks import cases


@st.composite
def passes(draw: st.DrawFn) -> Pass:
    """Draw a network, a rule and a state some steps into a run; some parameters are frozen."""
    plan, loss, parameters, x, y = draw(cases())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frozen = rng.uniform(size=plan.size) < draw(st.sampled_from([0.0, 0.3]))
    plan = replace(plan, trainable=plan.trainable & ~frozen)
    rule = Rule(
        loss=loss,
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        penalty=draw(st.sampled_from(list(PENALTIES))),
        penalty_rate=draw(st.sampled_from([0.0, 0.1, 2.0])),
        clip_norm=draw(st.sampled_from([None, 0.1, 100.0])),
        examples=7,
    )
    examples = draw(st.sampled_from([1, len(x)]))
    rate = draw(st.sampled_from([0.01, 0.5]))
    state = initial_state(plan, rule, parameters)
    try:
        for _ in range(draw(st.integers(0, 3))):
            state = step(plan, rule, state, x, y, rate).after
        made = step(plan, rule, state, x[:examples], y[:examples], rate)
    except DivergedError:
        assume(False)
    return Pass(rule, made)


def places(plan: Plan) -> Iterator[Place]:
    """Every place of a network, removed pairs too."""
    yield WHOLE
    for layer in range(len(plan.layers)):
        for node in nodes_of(plan, layer):
            yield node
            if layer:
                yield BiasPlace(node)
    for link in plan.links:
        for source in range(plan.layers[link.source].size):
            for target in range(plan.layers[link.target].size):
                yield PairPlace(NodePlace(link.source, source), NodePlace(link.target, target))


def every_ref(made: Pass) -> Iterator[Ref]:
    """Every number that a pass has."""
    for key in QUANTITIES:
        for place in places(made.plan):
            for example in (None, *range(made.examples)):
                ref = Ref(key, place, example)
                if has(made, ref):
                    yield ref
