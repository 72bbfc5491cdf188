"""Check a learner's number: right, right from their own earlier numbers, or which slip gives it.

A number is right within half a percent, or within half a unit of the last typed digit if two significant
digits or more are typed; 0 only where it is 0.  New values are not asked for: a change that is wrong by a
tenth can disappear in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from bpviz import typed
from bpviz.errors import SettingError
from bpviz.training.explain.derivation import explain
from bpviz.training.explain.making import Note
from bpviz.training.explain.recomputing import Formulas, Recomputed, canonical
from bpviz.training.explain.slips import SLIPS
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref, value_of

TOLERANCE: Final = 0.005
"""So far from the right number, relative to it, is right."""
SAME: Final = 1e-9
"""Slips that come so close to each other, relatively, give the same number."""
_ROUNDING: Final = 1e-14
"""Of the sizes of its terms: a sum that comes to less than so much of them is 0."""
_SLACK: Final = 1 + 1e-9  # a number at the very edge counts as inside, however it is rounded
_SIGNS: Final = str.maketrans({"−": "-", "–": "-", ",": "."})

Kind: TypeAlias = Literal["right", "from_yours", "slip", "wrong", "not_asked", "no_number"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A number as typed.

    Attributes:
        value: What it is.
        half_unit: Half a unit of its last digit; 0 if it has less than two significant ones, or is computed.
    """

    value: float
    half_unit: float = 0.0

    def meets(self, number: float) -> bool:
        """Whether it is near enough to a number to mean it."""
        if self.value == 0 or number == 0 or not math.isfinite(number):
            return self.value == number
        return abs(self.value - number) <= _SLACK * max(TOLERANCE * abs(number), self.half_unit)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of an answer; `bpviz.training.explain.verdicts` makes a sentence of it.

    Attributes:
        kind: How it came out.
        ref: Which number was asked for.
        text: What was typed.
        slips: Which slips give that number, the likeliest first, by a key of SLIPS.
        earlier: Which of the learner's own numbers it follows from, slips and all; none where it follows from
            the pass itself.
        turned: Whether minus the number was asked for: minus delta, "the error".
        value: The number that was typed, in the sense of the pass; None if there is none.
    """

    kind: Kind
    ref: Ref
    text: str
    slips: tuple[Note, ...] = ()
    earlier: tuple[Ref, ...] = ()
    turned: bool = False
    value: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether one may go on with it."""
        return self.kind in ("right", "from_yours")


def read_answer(text: str) -> Answer:
    """Read a number, or a fraction such as ``1/2``.

    Raises:
        SettingError: If it is neither.
    """
    written = text.strip()
    if written.startswith("="):
        return Answer(typed.number(written))
    if "/" in written:
        return Answer(typed.number(f"={written}"))
    value = typed.number(written)
    # What is left out here is what groups digits.
    plain = "".join(one for one in written.translate(_SIGNS) if one in "0123456789.+-eE")
    _sign, digits, exponent = Decimal(plain).as_tuple()
    assert isinstance(exponent, int)
    half_unit = float(Decimal((0, (5,), exponent - 1)))
    return Answer(value, half_unit if len(digits) > 1 and value else 0.0)


def check(
    made: Pass,
    ref: Ref,
    text: str,
    earlier: Mapping[Ref, float] | None = None,
    *,
    turned: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Judge what a learner typed for a number.

    Args:
        made: The step.
        ref: Which number.
        text: As typed.
        earlier: What the learner typed for other numbers, right or wrong.
        turned: Whether minus the number is asked for: minus delta, which some books call the error.
        stop: Says that nobody waits any more: looking for slips takes long in a wide network.

    Raises:
        ModelError: If the step has no such number.
        CancelledError: If nobody waits any more.
    """
    exact = value_of(made, ref)
    if ref.key == "new":
        return Verdict("not_asked", ref, text)
    try:
        answer = read_answer(text)
    except SettingError:
        return Verdict("no_number", ref, text)
    if turned:
        answer = replace(answer, value=-answer.value)
    formulas = Formulas(made, stop)
    mine = {canonical(made, other): value for other, value in (earlier or {}).items()}
    kind, slips, used = _judged(formulas, ref, answer, exact, mine)
    return Verdict(kind, ref, text, slips, used, turned, answer.value)


def _judged(
    formulas: Formulas, ref: Ref, answer: Answer, exact: float, mine: Mapping[Ref, float]
) -> tuple[Kind, tuple[Note, ...], tuple[Ref, ...]]:
    if _is_right(formulas.made, ref, answer, exact):
        return "right", (), ()
    choices = _choices(formulas, ref, mine)
    for some in choices:
        following = Recomputed(formulas, ref, some)
        if answer.meets(following.value):
            return "from_yours", (), tuple(dict.fromkeys(following.used))
    for some in ({}, *choices):
        slips = likeliest(answer, wrong_numbers(formulas, ref, some))
        if slips:
            return "slip", slips, tuple(some)
    return "wrong", (), ()


def _is_right(made: Pass, ref: Ref, answer: Answer, exact: float) -> bool:
    if answer.meets(exact):
        return True
    found = explain(made, ref)
    if abs(exact) <= _ROUNDING * found.size and answer.value == 0:
        return True
    # Of a change the engine has only what is left of it between the old and the new weight.
    return answer.meets(found.computed)


def _choices(formulas: Formulas, ref: Ref, mine: Mapping[Ref, float]) -> list[dict[Ref, float]]:
    """Which of the learner's numbers they may have gone on with: all that lead here, or one of them."""
    used = list(dict.fromkeys(Recomputed(formulas, ref, mine).used))
    alone = [{other: mine[other]} for other in used] if len(used) > 1 else []
    return [{other: mine[other] for other in used}, *alone] if used else []


def slip_values(
    formulas: Formulas, ref: Ref, mine: Mapping[Ref, float] | None = None
) -> Iterator[tuple[Note, float]]:
    """Compute the number that each slip gives, the likelier ones first; what it can't touch is left out."""
    asked = canonical(formulas.made, ref)
    for slip in SLIPS.values():
        for variant in slip.variants(formulas.made, asked):
            found = Recomputed(formulas, asked, mine or {}, variant)
            if found.twisted and math.isfinite(found.value):
                yield Note(slip.name, variant.facts), found.value


def wrong_numbers(
    formulas: Formulas, ref: Ref, mine: Mapping[Ref, float] | None = None
) -> Iterator[tuple[Note, float]]:
    """Likewise, without what can't be told from the right number."""
    exact = value_of(formulas.made, ref)
    right = Answer(exact)
    for note, value in slip_values(formulas, ref, mine):
        if not (right.meets(value) or Answer(value).meets(exact)):
            yield note, value


def likeliest(answer: Answer, slips: Iterable[tuple[Note, float]]) -> tuple[Note, ...]:
    """Name the slips that give an answer: the likeliest within its digits, else the nearest.

    Args:
        answer: What was typed.
        slips: With the number that each gives, the likelier ones first.

    Returns:
        That slip, and after it others that give the very same number.
    """
    met = [(note, value) for note, value in slips if answer.meets(value)]
    if not met:
        return ()
    distance = min(abs(answer.value - value) for _, value in met)
    reach = max(distance, answer.half_unit) + SAME * abs(answer.value)
    first = next(value for _, value in met if abs(answer.value - value) <= reach)
    same: dict[str, Note] = {}
    for note, value in met:
        if abs(value - first) <= SAME * abs(first):
            same.setdefault(note.key, note)
    return tuple(same.values())
