"""Bringing in a network by the dialog: mapping, the way round, a row as a check, where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.api import export_weights
from bpviz.errors import FileFormatError
from bpviz.model.examples import EXAMPLES
from bpviz.ui.panels.import_dialog import HERE, ImportDialog
from bpviz.ui.theme import Theme
from tests.files.bringing.nets import XOR_LINKS, XOR_PATTERNS, XOR_ROWS, net, pat

CIRCLE = EXAMPLES["circle"].build()


def shown(dialog: ImportDialog) -> list[list[str]]:
    table = dialog.table
    rows = [[table.item(row, column) for column in range(3)] for row in range(table.rowCount())]
    return [[item.text() if item else "" for item in row] for row in rows]


def choose(choice: Any, value: str) -> None:
    choice.show_value(value)
    choice.chosen.emit(value)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "net.npz"
    arrays: dict[str, Any] = {
        "0.weight": np.full((3, 2), 0.5),
        "0.bias": np.zeros(3),
        "2.weight": np.ones((1, 3)),
    }
    np.savez(path, **arrays)
    return path


def test_each_array_says_what_it_becomes_and_a_row_is_computed(
    state: Path, theme: Theme, qtbot: QtBot
) -> None:
    dialog = ImportDialog(state, CIRCLE, theme)
    qtbot.addWidget(dialog)
    assert shown(dialog) == [
        ["0.weight", "3 × 2", "Input → Hidden 1"],
        ["0.bias", "3", "biases of Hidden 1"],
        ["2.weight", "1 × 3", "Hidden 1 → Output"],
    ]
    assert dialog.answer.text() == "3"
    dialog.row.clear()
    QTest.keyClicks(dialog.row, "1 2")
    assert dialog.answer.text() == "4.5"
    QTest.keyClicks(dialog.row, " 7")
    assert "3 values" in dialog.answer.text()
    assert "2.weight has no biases" in dialog.said.text()
    assert dialog.project is not None


def test_the_activation_that_the_file_does_not_say_is_chosen(state: Path, theme: Theme, qtbot: QtBot) -> None:
    dialog = ImportDialog(state, CIRCLE, theme)
    qtbot.addWidget(dialog)
    choose(dialog.hidden, "tanh")
    assert dialog.project is not None
    assert dialog.project.network.layers[1].activation == "tanh"


def test_a_square_matrix_is_asked_about(tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    path = tmp_path / "square.npz"
    np.savez(path, W=np.array([[1.0, 2.0], [3.0, 4.0]]))
    dialog = ImportDialog(path, CIRCLE, theme)
    qtbot.addWidget(dialog)
    assert not dialog.take_button.isEnabled()
    assert "either way round" in dialog.problem.text()
    assert shown(dialog) == [["W", "2 × 2", "?"]]
    choose(dialog.orientation, "in-out")
    assert dialog.take_button.isEnabled()
    assert dialog.answer.text() == "4  6"
    assert shown(dialog) == [["W", "2 × 2", "Input → Output, transposed"]]


def test_into_the_network_here_only_what_fits(
    state: Path, tmp_path: Path, theme: Theme, qtbot: QtBot
) -> None:
    dialog = ImportDialog(state, CIRCLE, theme)
    qtbot.addWidget(dialog)
    choose(dialog.place, HERE)
    assert not dialog.take_button.isEnabled()
    assert "2-4-2-1" in dialog.problem.text()
    own = tmp_path / "own.json"
    export_weights(CIRCLE, own)
    fitting = ImportDialog(own, CIRCLE, theme)
    qtbot.addWidget(fitting)
    choose(fitting.place, HERE)
    assert fitting.take_button.isEnabled()
    assert fitting.project is not None
    assert fitting.project.network == CIRCLE.network
    assert len(fitting.project.start.values) == 25


def test_patterns_beside_a_network_come_along(tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    (tmp_path / "xor.net").write_text(net(XOR_ROWS, XOR_LINKS))
    (tmp_path / "xor.pat").write_text(pat(2, 1, XOR_PATTERNS))
    dialog = ImportDialog(tmp_path / "xor.net", CIRCLE, theme)
    qtbot.addWidget(dialog)
    assert dialog.project is not None
    assert dialog.project.data.table is not None
    assert dialog.project.data.table.name == "xor.pat"


def test_what_could_run_as_a_program_opens_no_dialog(tmp_path: Path, theme: Theme) -> None:
    with pytest.raises(FileFormatError, match="could run as a program"):
        ImportDialog(tmp_path / "model.pt", CIRCLE, theme)
