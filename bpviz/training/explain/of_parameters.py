"""Derivations of what weights and biases have: gradient, penalty, clipping, and the optimizer's step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.options import resolve
from bpviz.training.explain.expressions import (
    Case,
    Expression,
    Mean,
    Negative,
    Number,
    Sum,
    constant,
    times,
)
from bpviz.training.explain.making import ALL, Derived, Note, activation, leaf, long_sum
from bpviz.training.explain.of_whole import penalty_scale
from bpviz.training.explain.optimizers import OPTIMIZER_FORMS, OPTION_SYMBOLS, Given
from bpviz.training.explain.penalties import PENALTY_FORMS
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, PairPlace, ParameterPlace
from bpviz.training.quantities import Ref, memory_key, value_of

Deriver = Callable[..., Derived]


def _place(ref: Ref) -> ParameterPlace:
    assert isinstance(ref.place, PairPlace | BiasPlace)
    return ref.place


def _if_present(derive: Deriver) -> Deriver:
    """A removed pair is 0 in everything."""

    def checked(made: Pass, ref: Ref, *most: int) -> Derived:
        if not made.is_present(_place(ref)):
            return Derived(constant(0), (Note("removed"),))
        return derive(made, ref, *most)

    return checked


# ---- the gradient


def _gradient(made: Pass, ref: Ref, most: int = ALL) -> Derived:
    place = _place(ref)
    if ref.example is None and made.examples > 1:
        notes = (Note("batch_mean", (("count", made.examples),)), *_no_input(made, place))
        return Derived(Mean(_shares(made, place, most), made.examples), notes)
    return Derived(_share(made, place, ref.example or 0), _no_input(made, place, ref.example or 0))


def _share(made: Pass, place: ParameterPlace, example: int) -> Expression:
    z = Ref("z", place.target, example)
    delta = leaf(made, "delta", place.target, example, rate=(Ref("loss", example=example), z))
    if isinstance(place, BiasPlace):
        return delta
    return times(delta, activation(made, place.source, example, rate=(z, Ref("value", place))))


def _shares(made: Pass, place: ParameterPlace, most: int) -> tuple[Expression, ...]:
    values = made.trace.delta[place.target.layer][:, place.target.node]
    if isinstance(place, PairPlace):
        values = values * made.trace.a[place.source.layer][:, place.source.node]
    return long_sum(values, lambda at: Number(float(values[at]), Ref("gradient", place, at)), most)


def _no_input(made: Pass, place: ParameterPlace, example: int | None = None) -> tuple[Note, ...]:
    """Say so where nothing comes in through a weight."""
    if isinstance(place, BiasPlace):
        return ()
    incoming = made.trace.a[place.source.layer][:, place.source.node]
    seen = incoming if example is None else incoming[example : example + 1]
    return () if np.any(seen) else (Note("no_input"),)


def _accumulated(made: Pass, ref: Ref, most: int = ALL) -> Derived:
    shares = _shares(made, _place(ref), most)
    return Derived(Sum(shares) if len(shares) > 1 else shares[0])


def _penalty_gradient(made: Pass, ref: Ref) -> Derived:
    if made.rule.penalty == "none":
        return Derived(constant(0), (Note("no_penalty"),))
    if isinstance(ref.place, BiasPlace):
        return Derived(constant(0), (Note("biases_are_free"),))
    weight = leaf(made, "value", ref.place)
    notes = [Note("penalty", (("name", made.rule.penalty),))]
    if weight.value in made.penalty.kinks:
        notes.append(Note("penalty_kink"))
    if made.penalty.after_step:
        notes.append(Note("penalty_moves"))
    return Derived(times(penalty_scale(made), PENALTY_FORMS[made.rule.penalty].slope(weight)), tuple(notes))


def _total(made: Pass, ref: Ref) -> Derived:
    gradient = leaf(made, "gradient", ref.place)
    if made.penalty_joins and isinstance(ref.place, PairPlace):
        return Derived(Sum((gradient, leaf(made, "penalty_gradient", ref.place))))
    key = "no_penalty" if made.rule.penalty == "none" else "penalty_moves"
    return Derived(gradient, (Note("biases_are_free" if made.penalty_joins else key),))


# ---- the step


def _stands_still(made: Pass, place: ParameterPlace) -> tuple[Note, ...]:
    """Why a parameter is not moved; nothing if it is."""
    at = made.index(place)
    if made.moving[at]:
        return ()
    return (Note("dead" if made.plan.trainable[at] else "frozen"),)


def _applied(made: Pass, ref: Ref) -> Derived:
    still = _stands_still(made, _place(ref))
    if still:
        return Derived(constant(0), still)
    total = leaf(made, _joined(made), ref.place)
    if made.made.clip_scale == 1:
        return Derived(total)
    return Derived(times(leaf(made, "clip_scale"), total), (Note("clipped", _clipping(made)),))


def _clipping(made: Pass) -> tuple[tuple[str, float], ...]:
    return (("limit", made.rule.clip_norm or 0.0), ("norm", made.gradient_norm))


def _joined(made: Pass) -> str:
    return "total" if made.penalty_joins else "gradient"


def gradient_key(made: Pass) -> str:
    """Return which quantity the optimizer's formulas name as the gradient: the plainest that is the same."""
    return "applied" if made.made.clip_scale != 1 else _joined(made)


def _given(made: Pass, place: ParameterPlace) -> Given:
    optimizer = OPTIMIZERS[made.rule.optimizer]
    options = resolve(optimizer, made.rule.optimizer_options)
    before = made.made.before
    return Given(
        g=leaf(made, gradient_key(made), place),
        w=leaf(made, "value", place),
        rate=leaf(made, "rate"),
        before=tuple(leaf(made, memory_key(slot, "before"), place) for slot in range(optimizer.slots)),
        after=tuple(leaf(made, memory_key(slot, "after"), place) for slot in range(optimizer.slots)),
        count=constant(before.step - before.cleared_at + 1, "t"),
        options={name: constant(value, OPTION_SYMBOLS[name]) for name, value in options.items()},
    )


def _moves(made: Pass, place: ParameterPlace) -> tuple[Expression, ...]:
    """What adds up to the change: the optimizer's part, and a penalty's own."""
    terms = OPTIMIZER_FORMS[made.rule.optimizer].change(_given(made, place))
    if not (made.penalty.after_step and isinstance(place, PairPlace)):
        return terms
    return (*terms, Negative(times(leaf(made, "rate"), leaf(made, "penalty_gradient", place))))


def _is_killed(made: Pass, place: ParameterPlace) -> bool:
    """Whether the penalty's own step carried the weight across 0, where it dies."""
    at = made.index(place)
    return made.penalty.kills and made.made.before.slots[-1, at] == 0 and made.made.after.slots[-1, at] != 0


def _step_notes(made: Pass, place: ParameterPlace) -> tuple[Note, ...]:
    notes = [Note("optimizer", (("name", made.rule.optimizer),))]
    if made.penalty.after_step and isinstance(place, PairPlace):
        notes.append(Note("penalty_moves"))
    if made.made.clip_scale != 1:
        notes.append(Note("clipped", _clipping(made)))
    if value_of(made, Ref("change", place)) == 0 and value_of(made, Ref("gradient", place)) == 0:
        notes.extend(Note("no_input_no_move") for _ in _no_input(made, place))
    return tuple(notes)


def _change(made: Pass, ref: Ref) -> Derived:
    place = _place(ref)
    still = _stands_still(made, place)
    if still:
        return Derived(constant(0), still)
    weight = leaf(made, "value", place)
    rounding = abs(weight.value) + abs(value_of(made, Ref("new", place)))
    if _is_killed(made, place):
        return Derived(Negative(weight), (*_step_notes(made, place), Note("killed")), rounding)
    terms = _moves(made, place)
    return Derived(Sum(terms) if len(terms) > 1 else terms[0], _step_notes(made, place), rounding)


def _new(made: Pass, ref: Ref) -> Derived:
    place = _place(ref)
    weight, stored = leaf(made, "value", place), _stored(made, place)
    still = _stands_still(made, place)
    if still:
        return Derived(weight, (*still, *stored))
    moved = Sum((weight, *_moves(made, place)))
    notes = (*_step_notes(made, place)[1:], *stored)  # which optimizer it is, the change says
    if _is_killed(made, place):
        crossed = Case(times(weight, moved), "<", constant(0), constant(0), moved)
        return Derived(crossed, (*notes, Note("killed")))
    return Derived(moved, notes)


def _stored(made: Pass, place: ParameterPlace) -> tuple[Note, ...]:
    if made.stored is None:
        return ()
    return (Note("stored", (("value", float(made.stored[made.index(place)])),)),)


def _remembered(slot: int) -> Deriver:
    def derive(made: Pass, ref: Ref) -> Derived:
        place = _place(ref)
        still = _stands_still(made, place)
        if still:
            return Derived(leaf(made, memory_key(slot, "before"), place), still)
        form = OPTIMIZER_FORMS[made.rule.optimizer]
        return Derived(
            form.remember[slot](_given(made, place)), (Note("optimizer", (("name", made.rule.optimizer),)),)
        )

    return derive


def _before(_made: Pass, _ref: Ref) -> Derived:
    return Derived(None, (Note("before"),))


_SLOTS: Final = max(entry.slots for entry in OPTIMIZERS.values())

_OF_PRESENT: Final[Mapping[str, Deriver]] = {
    "value": _before,
    **{memory_key(slot, "before"): _before for slot in range(_SLOTS)},
    "gradient": _gradient,
    "accumulated": _accumulated,
    "penalty_gradient": _penalty_gradient,
    "total": _total,
    "applied": _applied,
    **{memory_key(slot, "after"): _remembered(slot) for slot in range(_SLOTS)},
    "change": _change,
    "new": _new,
}
DERIVERS: Final[Mapping[str, Deriver]] = {name: _if_present(of) for name, of in _OF_PRESENT.items()}
LONG: Final[Mapping[str, Deriver]] = {name: DERIVERS[name] for name in ("gradient", "accumulated")}
"""Those that may be a sum over many examples, which can be made of so many terms."""
