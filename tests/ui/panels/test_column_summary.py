"""The column where one is in *Examples*, at a glance."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.data.summary import Summary
from bpviz.model.examples import EXAMPLES
from bpviz.ui.document import Document
from bpviz.ui.panels.column_summary import summary_text
from bpviz.ui.panels.examples_dialog import ExamplesDialog
from bpviz.ui.theme import Theme


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        (Summary("x", 3, 0, (-1.0, 0.5, 2.0), (1, 2)), "x: −1 to 2, mean 0.5; 3 values"),
        (Summary("x", 0, 2, None, ()), "x: nothing yet, 2 missing"),
        (Summary("kind", 3, 1, None, (2, 1), ("b", "a")), "kind: b (2), a (1), 1 missing"),
        (Summary("id", 2, 0, None, (1, 1), ("p", "q")), "id: 2 values, all different"),
        (
            Summary("k", 6, 0, None, (2, 1, 1, 1, 1), tuple("abcde")),
            "k: a (2), b (1), c (1), d (1) and 1 more",
        ),
    ],
)
def test_what_a_column_holds_is_said(summary: Summary, text: str) -> None:
    assert summary_text(summary) == text


def test_it_follows_the_cell_where_one_is_and_what_is_typed(theme: Theme, qtbot: QtBot) -> None:
    dialog = ExamplesDialog(Document(EXAMPLES["xor"].build(), 99), theme)
    qtbot.addWidget(dialog)
    dialog.show()
    first = dialog.summary.text.text()
    assert first.startswith(f"{dialog.model.sheet.columns[0].name}: ")
    QTest.keyClick(dialog.grid, Qt.Key.Key_Right)
    assert dialog.summary.text.text().startswith(f"{dialog.model.sheet.columns[1].name}: ")
    dialog.mine_button.click()
    dialog.grid.go_to(0, 0)
    dialog.model.setData(dialog.model.index(0, 0), "7")
    assert " to 7" in dialog.summary.text.text()
