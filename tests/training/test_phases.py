from __future__ import annotations

import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.training.phases import phases
from bpviz.training.sentences import cursor_at, sentence
from bpviz.training.session import Session
from tests.training.projects import circle


def test_a_step_goes_forward_meets_the_loss_comes_back_and_updates() -> None:
    plan = Session(circle(3, 2)).compiled.plan
    assert [phase.title for phase in phases(plan)] == [
        "Examples enter",
        *("Forward: Hidden 1", "Forward: Hidden 2", "Forward: Output"),
        "Loss",
        *("Backward: Output", "Backward: Hidden 2", "Backward: Hidden 1"),
        "Update",
    ]


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


def test_a_cursor_knows_its_phase_and_the_end() -> None:
    session = Session(circle(3, 2))
    made = session.peek()
    assert cursor_at(session.rule, made, 4, None).phase.kind == "loss"
    assert not cursor_at(session.rule, made, 7, None).is_last
    assert cursor_at(session.rule, made, 8, None).is_last
