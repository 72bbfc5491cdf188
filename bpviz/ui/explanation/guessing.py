"""What a learner works out alone: which numbers of a step are hidden, and what was typed for them.

A number that has two names, such as the delta of a node and the gradient of its bias, is hidden under both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from bpviz.training.explain.checking import Verdict
from bpviz.training.explain.derivation import DERIVERS, explain
from bpviz.training.explain.expressions import Number
from bpviz.training.explain.recomputing import canonical
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref, memory_key

_MAY_BE_ANOTHER: Final = frozenset({"mean_loss", "gradient", "accumulated", "total", "applied", "dloss_da"})
"""Numbers that can be another one by their formula alone; to ask the others would take time for nothing."""


_NOT_ASKED: Final = frozenset({"new", "value", memory_key(0, "before"), memory_key(1, "before")})


@dataclass(frozen=True, slots=True)
class Guess:
    """A number that is hidden.

    Attributes:
        text: What was typed for it last.
        verdict: What came of that; None if nothing was judged.
    """

    text: str = ""
    verdict: Verdict | None = None

    @property
    def accepted(self) -> bool:
        """Whether one may go on with it."""
        return self.verdict is not None and self.verdict.accepted


@dataclass(frozen=True, slots=True)
class Mask:
    """What of a step is hidden; a value, so that a page knows whether it still holds.

    Attributes:
        hidden: By number what was typed for it.
        right: Numbers that were found out, and are shown again.
        own: Numbers as the learner has them.
    """

    hidden: Mapping[Ref, Guess] = field(default_factory=dict)
    right: frozenset[Ref] = frozenset()
    own: Mapping[Ref, float] = field(default_factory=dict)

    def covers(self, made: Pass, ref: Ref) -> bool:
        """Whether a number is not to be seen; a new value would tell the change."""
        if not self.hidden:
            return False
        return root(made, asked_for(ref)) in self.hidden

    def guess(self, made: Pass, ref: Ref) -> Guess | None:
        """Return what was typed for a number that is hidden."""
        return self.hidden.get(root(made, ref)) if self.hidden else None

    def is_right(self, made: Pass, ref: Ref) -> bool:
        """Whether a number was found out."""
        return bool(self.right) and root(made, ref) in self.right


def can_be_guessed(ref: Ref) -> bool:
    """Whether a number is computed in the step; of an update the change is, and the new value says little."""
    return ref.key in DERIVERS and ref.key not in _NOT_ASKED


def asked_for(ref: Ref) -> Ref:
    """Return what is asked in place of a number: of a new value the change."""
    return replace(ref, key="change") if ref.key == "new" else ref


def root(made: Pass, ref: Ref) -> Ref:
    """Return the number that a number is, if its formula is nothing but that one."""
    ref = canonical(made, ref)
    if ref.key == "cost" and made.rule.penalty == "none":
        ref = replace(ref, key="mean_loss")
    while ref.key in _MAY_BE_ANOTHER:
        other = explain(made, ref).expression
        if not isinstance(other, Number) or other.ref is None:
            break
        ref = canonical(made, other.ref)
    return ref


def same_step(one: Pass, other: Pass) -> bool:
    """Whether two passes are of the same step, also if it was computed anew."""
    if one.made is other.made or one is other:
        return one.rule == other.rule
    a, b = one.trace, other.trace
    return (
        one.rule == other.rule
        and a.plan == b.plan
        and all(np.array_equal(x, y) for x, y in ((a.parameters, b.parameters), (a.x, b.x), (a.y, b.y)))
        and all(
            np.array_equal(x, y) for x, y in zip(one.made.before.slots, other.made.before.slots, strict=False)
        )
    )


@dataclass(slots=True)
class Guesses:
    """What is hidden of a step, while it lasts.

    Attributes:
        mask: As it is now.
    """

    mask: Mask = field(default_factory=Mask)

    @property
    def open(self) -> bool:
        """Whether somebody is still working something out."""
        return not all(guess.accepted for guess in self.mask.hidden.values())

    @property
    def typed(self) -> bool:
        """Whether something would be lost."""
        return bool(self.mask.own) or any(guess.text for guess in self.mask.hidden.values())

    def hide(self, made: Pass, refs: Iterable[Ref]) -> None:
        """Hide numbers; what was typed for one stays."""
        found = {root(made, ref): Guess() for ref in map(asked_for, refs) if can_be_guessed(ref)}
        self.mask = replace(
            self.mask, hidden={**found, **self.mask.hidden}, right=self.mask.right.difference(found)
        )

    def reveal(self, made: Pass, refs: Iterable[Ref] | None = None) -> None:
        """Show numbers again, or all; one that was typed wrong is not the learner's any more."""
        mask = self.mask
        gone = set(mask.hidden) if refs is None else {root(made, ref) for ref in refs}
        wrong = {ref for ref in gone if ref in mask.hidden and not mask.hidden[ref].accepted}
        self.mask = replace(
            mask,
            hidden={ref: guess for ref, guess in mask.hidden.items() if ref not in gone},
            own={ref: value for ref, value in mask.own.items() if root(made, ref) not in wrong},
        )

    def draft(self, made: Pass, ref: Ref, text: str) -> bool:
        """Keep what was typed for a number and not judged; whether that is something new."""
        at, mask = root(made, ref), self.mask
        guess = mask.hidden.get(at)
        if guess is None or guess.accepted or guess.text == text:
            return False
        self.mask = replace(mask, hidden={**mask.hidden, at: Guess(text)})
        return True

    def take(self, made: Pass, verdict: Verdict) -> None:
        """Take a verdict: what is right is shown, the rest stays with what was typed."""
        at, mask = root(made, verdict.ref), self.mask
        if at not in mask.hidden:
            return
        hidden = {**mask.hidden, at: Guess(verdict.text, verdict)}
        right = mask.right
        if verdict.kind == "right":
            del hidden[at]
            right = right | {at}
        own = {**mask.own}
        if verdict.value is not None:
            own[verdict.ref] = verdict.value
        self.mask = Mask(hidden, right, own)

    def forget(self) -> None:
        """Another step: nothing of it is hidden."""
        self.mask = Mask()
