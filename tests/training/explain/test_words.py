"""Sentences of notes, where something is special."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpviz.engine.update import Rule, State, initial_state, step
from bpviz.training.explain.derivation import explain
from bpviz.training.explain.naming import names_of_plan, read_refs
from bpviz.training.explain.words import sentence
from bpviz.training.passes import Pass
from tests.engine.networks import make_plan
from tests.training.explain import worked
from tests.training.explain.worked import Worked


def said(what: Worked, ref: str) -> str:
    return " ".join(sentence(note, what.names, "{:.4g}".format) for note in what.of(ref).notes)


def small(
    rule: Rule, parameters: list[float], activation: str = "linear", moving: tuple[bool, ...] = (True,) * 4
) -> Worked:
    """One input, one hidden node and one output; weights, then biases."""
    plan = make_plan([1, 1, 1], [activation, "linear"])
    plan = replace(plan, trainable=np.array(moving))
    state = initial_state(plan, rule, np.array(parameters, dtype=float))
    made = step(plan, rule, state, np.array([[1.0]]), np.array([[0.0]]), 0.1)
    return Worked(Pass(rule, made), names_of_plan(plan, 1))


def test_a_cut_delta_is_told_with_what_arrived() -> None:
    assert "ReLU cut the -0.03682 that arrived" in said(worked.w4(), "delta:h2")


def test_cross_entropy_tells_why_the_slope_is_missing() -> None:
    assert "Binary cross-entropy with its matching output, Sigmoid" in said(worked.w7(), "delta:o1")


def test_a_kink_is_told() -> None:
    text = said(small(Rule(), [0, 1, 0, 0], "relu"), "slope:h1")
    assert "At the kink z = 0" in text


def test_saturation_is_told() -> None:
    assert "saturated" in said(small(Rule(), [20, 1, 0, 1], "sigmoid"), "delta:h1")


def test_clipping_is_told_with_norm_and_limit() -> None:
    clipped = small(Rule(clip_norm=0.5), [1, 1, 0, 0])
    assert clipped.value("clip_scale") < 1
    assert "above the limit 0.5" in said(clipped, "clip_scale")
    assert "Clipped" in said(clipped, "change:h1")
    assert "within the limit 50" in said(small(Rule(clip_norm=50), [1, 1, 0, 0]), "clip_scale")


def test_frozen_parameters_say_so_and_stay() -> None:
    frozen = small(Rule(), [1, 1, 0, 0], moving=(True, True, False, True))
    assert frozen.value("change:h1") == 0
    assert frozen.value("gradient:h1") != 0
    assert "Frozen" in said(frozen, "applied:h1")
    assert "Frozen" in said(frozen, "new:h1")


def test_a_penalty_that_moves_by_itself_says_so_and_may_kill() -> None:
    rule = Rule(penalty="playground_l1", penalty_rate=1.0)
    killed = small(rule, [0.05, 1, 0, 0])
    assert killed.value("new:x1->h1") == 0
    assert "carries the weight across 0" in said(killed, "new:x1->h1")
    assert "moves the weight by itself" in said(killed, "change:h1->o1")
    after = killed.made.made.after
    again = step(killed.made.plan, rule, after, killed.made.trace.x, killed.made.trace.y, 0.1)
    dead = Worked(Pass(rule, again), killed.names)
    assert "died" in said(dead, "change:x1->h1")


def test_removed_pairs_contribute_nothing_and_are_named() -> None:
    plan = make_plan([2, 1], ["linear"], {(0, 1): np.array([[True, False]])})
    made = step(plan, Rule(), initial_state(plan, Rule(), np.ones(3)), np.ones((1, 2)), np.zeros((1, 1)), 0.1)
    removed = Worked(Pass(Rule(), made), names_of_plan(plan, 1))
    assert "Removed pairs contribute nothing: x2->o1." in said(removed, "z:o1")
    assert len(removed.terms("z:o1")) == 2
    assert removed.values("gradient:x2->o1", "change:x2->o1") == [0, 0]
    assert "removed" in said(removed, "gradient:x2->o1")


def test_a_run_in_float32_shows_what_it_stores() -> None:
    base = worked.w2()
    state = base.made.made.before
    trace = base.made.trace
    narrow = State(0, state.parameters.astype(np.float32), state.slots.astype(np.float32))
    stored = step(base.made.plan, base.made.rule, narrow, trace.x, trace.y, 1.0).after.parameters
    both = Worked(replace(base.made, stored=stored), base.names)
    (ref,) = read_refs(both.made, both.names, "new:h1->o1")
    facts = {note.key: note.facts for note in explain(both.made, ref).notes}
    value = dict(facts["stored"])["value"]
    assert isinstance(value, float)
    assert value != both.value("new:h1->o1")
    assert abs(value - both.value("new:h1->o1")) < 1e-7
    assert "float32" in said(both, "new:h1->o1")
