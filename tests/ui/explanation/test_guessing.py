"""What is hidden of a step, under all of its names, and what stays of what was typed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from bpviz.engine.update import step
from bpviz.training.explain.checking import check
from bpviz.training.explain.documents import FORMATS, Setting
from bpviz.training.explain.naming import read_refs
from bpviz.training.explain.notation import DIALECTS, Notation
from bpviz.training.explain.order import sections
from bpviz.training.explain.styles import STYLES
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref, value_of
from bpviz.ui.explanation.guessing import Guesses, can_be_guessed, root, same_step
from tests.training.explain import worked
from tests.training.explain.worked import Worked


@pytest.fixture
def w8() -> Worked:
    """Mazur's step."""
    return worked.w8()


def _ref(example: Worked, text: str) -> Ref:
    (found,) = read_refs(example.made, example.names, text)
    return found


@pytest.mark.parametrize(
    ("text", "asked"),
    [("z:h1", True), ("delta:o1", True), ("loss", True), ("change:x1->h1", True), ("new:x1->h1", False)]
    + [(given, False) for given in ("value:x1->h1", "target:o1", "input:x1", "rate")],
)
def test_what_is_computed_is_asked_and_of_an_update_the_change(w8: Worked, text: str, asked: bool) -> None:
    assert can_be_guessed(_ref(w8, text)) == asked


@pytest.mark.parametrize(
    ("hidden", "also"),
    [
        ("change:x1->h1", "new:x1->h1"),
        ("delta:o1", "gradient:o1"),
        ("gradient:o1", "delta:o1"),
        ("gradient:x1->h1", "applied:x1->h1"),
        ("total:x1->h1", "gradient:x1->h1"),
        ("loss", "cost"),
        ("loss", "mean_loss"),
    ],
)
def test_a_number_is_hidden_under_all_its_names(w8: Worked, hidden: str, also: str) -> None:
    guesses = Guesses()
    guesses.hide(w8.made, [_ref(w8, hidden)])
    assert guesses.mask.covers(w8.made, _ref(w8, hidden))
    assert guesses.mask.covers(w8.made, _ref(w8, also))
    assert not guesses.mask.covers(w8.made, _ref(w8, "delta:h1"))
    guesses.reveal(w8.made)
    assert not guesses.mask.covers(w8.made, _ref(w8, also))


@pytest.mark.parametrize("name", ["w2", "w4", "w8"])
def test_a_number_that_is_hidden_stands_nowhere_in_the_whole_pass(name: str) -> None:
    example: Worked = getattr(worked, name)()
    made, parts = example.made, list(sections(example.made, accumulated=False))
    refs = [ref for part in parts for ref in part.refs]
    digits = partial(STYLES["text"].digits, digits=10)
    texts = {ref: digits(abs(value_of(made, ref))) for ref in refs}
    for ref in filter(can_be_guessed, refs):
        # Where the rate is 1, or an input, other numbers have the same digits by chance.
        by_chance = any(
            text == texts[ref] and root(made, other) != root(made, ref) for other, text in texts.items()
        )
        if len(texts[ref]) < 8 or by_chance:
            continue
        guesses = Guesses()
        guesses.hide(made, [ref])
        notation = Notation(DIALECTS["matrix"], example.names, made.rule.optimizer)
        hidden = Setting(made, notation, 10, 50, partial(guesses.mask.covers, made))
        for part in parts:
            for line in FORMATS["text"].lines("", hidden, [part]):
                assert texts[ref] not in line, (ref, line)


def test_what_is_right_is_shown_and_what_is_wrong_stays_hidden(w8: Worked) -> None:
    made, guesses = w8.made, Guesses()
    right, wrong = _ref(w8, "delta:o1"), _ref(w8, "delta:o2")
    guesses.hide(made, [right, wrong])
    guesses.take(made, check(made, right, "0.14"))
    guesses.take(made, check(made, wrong, "7"))
    assert not guesses.mask.covers(made, right)
    assert guesses.mask.is_right(made, right)
    guess = guesses.mask.guess(made, wrong)
    assert guess is not None
    assert (guess.text, guess.accepted) == ("7", False)
    assert guesses.mask.own == {right: 0.14, wrong: 7.0}
    guesses.reveal(made, [wrong])  # it is not the learner's any more
    assert guesses.mask.own == {right: 0.14}
    guesses.hide(made, [right])  # once more
    assert guesses.mask.covers(made, right)
    assert not guesses.mask.is_right(made, right)


def test_a_verdict_of_what_was_shown_meanwhile_changes_nothing(w8: Worked) -> None:
    made, guesses, ref = w8.made, Guesses(), _ref(w8, "delta:o1")
    guesses.hide(made, [ref])
    guesses.reveal(made, [ref])
    guesses.take(made, check(made, ref, "7"))
    assert not guesses.mask.hidden
    assert not guesses.typed


def test_a_step_is_the_same_when_it_is_computed_anew_and_another_one_after_it(w8: Worked) -> None:
    made = w8.made
    again = step(made.plan, made.rule, made.made.before, made.trace.x, made.trace.y, made.made.rate)
    after = step(made.plan, made.rule, made.made.after, made.trace.x, made.trace.y, made.made.rate)
    assert same_step(made, Pass(made.rule, again))
    assert not same_step(made, Pass(made.rule, after))
    assert not same_step(made, Pass(replace(made.rule, loss="squared"), again))
    moved = step(made.plan, made.rule, made.made.before, np.flip(made.trace.x), made.trace.y, 0.5)
    assert not same_step(made, Pass(made.rule, moved))
