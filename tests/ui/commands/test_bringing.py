"""Playground links in the window: opened, copied, refused with what stands in the way."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from bpviz.model.examples import EXAMPLES
from bpviz.model.playground import link_of
from bpviz.ui.commands.table import COMMANDS
from bpviz.ui.main_window import MainWindow
from tests.ui.conftest import Answers

LINK = "https://playground.tensorflow.org/#activation=relu&networkShape=3&seed=0.12345"


def _do(window: MainWindow, name: str) -> None:
    window.commands.actions[name].trigger()


def test_a_link_that_is_typed_is_shown_and_what_it_lacks_is_told(
    window: MainWindow, answers: Answers
) -> None:
    answers.lines = [f"{LINK}&discretize=true"]
    _do(window, "open_link")
    project = window.document.project
    assert [layer.size for layer in project.network.layers] == [2, 3, 1]
    assert project.training.seed == 12345
    assert len(answers.told) == 1
    assert "discretize" in answers.told[0]


def test_a_link_that_is_none_is_told_and_nothing_changes(window: MainWindow, answers: Answers) -> None:
    before = window.document.project
    answers.lines = ["https://example.org/"]
    _do(window, "open_link")
    assert window.document.project == before
    assert "no link to the TensorFlow Playground" in answers.told[0]


def test_the_link_of_a_project_of_the_pages_kind_is_copied(window: MainWindow, answers: Answers) -> None:
    window.files.open_example("circle")
    _do(window, "copy_link")
    assert QGuiApplication.clipboard().text() == link_of(EXAMPLES["circle"].build())


def test_another_project_says_why_it_has_no_link(window: MainWindow) -> None:
    shop = window.commands._shop
    why_not = COMMANDS["copy_link"].why_not
    assert why_not is not None
    assert "the optimizer is not plain SGD" in why_not(shop)
