from __future__ import annotations

from bpviz.training.phases import phases
from bpviz.training.sentences import cursor_at
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


def test_a_cursor_knows_its_phase_and_the_end() -> None:
    session = Session(circle(3, 2))
    made = session.peek()
    assert cursor_at(session.rule, made, 4, None).phase.kind == "loss"
    assert not cursor_at(session.rule, made, 7, None).is_last
    assert cursor_at(session.rule, made, 8, None).is_last
