"""What a run answers when it is asked."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bpviz.training.report import Report
from bpviz.ui.run.controller import TrainingController


def report_of(controller: TrainingController, qtbot: QtBot) -> Report:
    """Everything about the run as it stands."""
    answers: list[Report | None] = []
    controller.ask(frozenset(), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0] is not None
    return answers[0]
