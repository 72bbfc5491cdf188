"""Whatever is edited, undone and done again: nothing is lost, nothing is left behind."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.edits.histories import Histories

EXAMPLES = 100
STEPS = 50


def test_any_history_can_be_undone_and_done_again() -> None:
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    )
