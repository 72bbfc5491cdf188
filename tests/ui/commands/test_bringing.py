"""Playground links in the window: opened, copied, refused with what stands in the way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpviz.api import export_weights
from bpviz.model.examples import EXAMPLES
from bpviz.model.playground import link_of
from bpviz.ui.commands.table import COMMANDS
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.import_dialog import HERE, ImportDialog
from tests.files.bringing.nets import XOR_LINKS, XOR_ROWS, net
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


def _accept_dialog() -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    QTest.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)


def test_a_network_of_another_program_is_imported_by_the_dialog(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.path = tmp_path / "xor.net"
    answers.path.write_text(net(XOR_ROWS, XOR_LINKS))
    QTimer.singleShot(0, _accept_dialog)
    _do(window, "import")
    assert [layer.size for layer in window.document.project.network.layers] == [2, 1, 1]
    assert len(window.document.project.network.links) == 3


def test_weights_for_the_network_here_are_one_edit(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    window.files.open_example("circle")
    answers.path = tmp_path / "own.json"
    export_weights(EXAMPLES["circle"].build(), answers.path)

    def into() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ImportDialog)
        dialog.place.show_value(HERE)
        dialog.place.chosen.emit(HERE)
        _accept_dialog()

    QTimer.singleShot(0, into)
    _do(window, "import")
    assert len(window.document.project.start.values) == 25
    window.document.undo_stack.undo()
    assert window.document.project.start.values == ()


def test_a_pickle_is_told_with_the_lines_that_convert_it(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    window.files.open_path(tmp_path / "model.pt")
    assert "torch.load" in answers.told[0]
