"""Sentences tell what happens in a phase, with numbers that are known there."""

from __future__ import annotations

import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.training.phases import phases
from bpviz.training.sentences import cursor_at, sentence
from bpviz.training.session import Session
from tests.training.projects import circle

# Mazur's worked step, whose numbers are known.
MAZUR = {
    0: "Example 1 of 1 enters the network: (0.05, 0.1).",
    1: "a = (0.5933, 0.5969).",
    2: "a = (0.7514, 0.7729).",
    3: "(0.7514, 0.7729) is compared with the target (0.01, 0.99): the half squared error is 0.298371109.",
    4: "Here delta = (0.1385, −0.0381)",
    5: "Here delta = (0.008771, 0.009954)",
    6: "with a learning rate of 0.5",
}


@pytest.mark.parametrize("index", MAZUR)
def test_each_phase_has_a_sentence_with_its_numbers(index: int) -> None:
    session = Session(EXAMPLES["mazur"].build())
    made = session.peek()
    text = sentence(session.rule, made, phases(made.trace.plan)[index], 0)
    assert MAZUR[index] in text
    assert text.endswith(".")
    assert "-" not in text


def test_without_an_example_sentences_speak_of_the_batch() -> None:
    session = Session(circle(penalty="l2", penalty_rate=1.0, clip_norm=1e-3))
    made = session.peek()
    texts = [cursor_at(session.rule, made, index, None).text for index in range(9)]
    assert texts[0] == "10 examples of 2 inputs each enter the network together."
    assert "As the mean of 10, z = (" in texts[1]
    assert "the mean half squared error of 10 examples is" in texts[4]
    assert "the deltas of Hidden 2 come back through the weights" in texts[7]
    assert "with the penalty, scaled by" in texts[8]


def test_a_single_example_of_a_batch_says_which() -> None:
    session = Session(circle())
    made = session.peek()
    texts = [cursor_at(session.rule, made, index, 2).text for index in (0, 1, 5)]
    assert texts[0].startswith("Example 3 of 10 enters the network: (")
    assert "For example 3 of 10, z = (" in texts[1]
    assert "For example 3 of 10, delta = " in texts[2]
