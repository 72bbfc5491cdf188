"""How a table is read can be put right, and a large one is read beside the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.data.readers.grid import Choices
from bpviz.data.tables import TableReading
from bpviz.ui.panels import table_source
from bpviz.ui.panels.reading_choices import ReadingChoices
from bpviz.ui.panels.table_source import TableSource
from tests.data.readers.making import xlsx

TEXT = "# made by hand\na;b\n1,5;2\n3;4\n"


def choices_for(qtbot: QtBot, source: TableSource) -> ReadingChoices:
    widget = ReadingChoices(source, source.read(Choices()))
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def of_text(tmp_path: Path, qtbot: QtBot, theme: object) -> Iterator[ReadingChoices]:
    path = tmp_path / "t.csv"
    path.write_text(TEXT, encoding="utf-8")
    widget = choices_for(qtbot, TableSource(path))
    yield widget
    widget.reader.close()


def choose(widget: ReadingChoices, name: str, label: str) -> None:
    """Choose by the keys, as a list is used."""
    field = widget.fields[name]
    field.setFocus()
    at = field.findText(label)
    assert at >= 0, [field.itemText(k) for k in range(field.count())]
    for _ in range(abs(at - field.currentIndex())):
        QTest.keyClick(field, Qt.Key.Key_Down if at > field.currentIndex() else Qt.Key.Key_Up)


def shown(widget: ReadingChoices) -> dict[str, str]:
    """What the visible fields say."""
    return {name: field.currentText() for name, field in widget.fields.items() if field.isVisible()}


def test_what_was_found_stands_in_the_fields(of_text: ReadingChoices) -> None:
    assert shown(of_text) == {
        "delimiter": "As found: semicolons",
        "decimal": "As found: commas",
        "encoding": "As found: UTF-8",
        "header": "As found: 1 row",
        "skip": "As found: none",
        "comment": "As found: #",
    }
    assert of_text.choices == Choices()


def test_a_choice_reads_the_table_anew_at_once(of_text: ReadingChoices, qtbot: QtBot) -> None:
    seen: list[TableReading] = []
    of_text.changed.connect(seen.append)
    choose(of_text, "header", "None")
    assert seen[-1].table.columns == ("column 1", "column 2")
    assert of_text.choices == Choices(header=0)
    choose(of_text, "decimal", "Points")
    assert seen[-1].table.rows[1] == ("1,5", "2")
    choose(of_text, "header", "As found")
    assert seen[-1].table.columns == ("a", "b")


def test_a_choice_that_fails_says_why_and_keeps_what_was_read(of_text: ReadingChoices) -> None:
    said: list[str] = []
    of_text.failed.connect(said.append)
    before = of_text.reading
    choose(of_text, "delimiter", "Commas")
    sentence = "Row 1 of t.csv has 2 cells instead of 1 (separated by commas); mend that row"
    assert said[-1].startswith(sentence)
    assert of_text.reading is before


def test_a_workbook_offers_its_sheets_and_no_delimiter(tmp_path: Path, qtbot: QtBot, theme: object) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(xlsx({"A": [["a", "b"], [1, 2]], "B": [["c", "d"], [3, 4]]}))
    widget = choices_for(qtbot, TableSource(path))
    assert set(shown(widget)) == {"sheet", "decimal", "header", "skip"}
    choose(widget, "sheet", "B")
    assert widget.reading.table.columns == ("c", "d")
    assert shown(widget)["sheet"] == "B"


def test_a_copied_text_has_no_encoding_to_choose(qtbot: QtBot, theme: object) -> None:
    widget = choices_for(qtbot, TableSource("a\tb\n1\t2\n"))
    assert "encoding" not in shown(widget)
    assert widget.reading.table.name == "copied table"


def test_a_large_table_is_read_beside_the_window_and_can_be_stopped(
    tmp_path: Path, qtbot: QtBot, theme: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_source, "LARGE_BYTES", 10)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 100_000, encoding="utf-8")
    widget = choices_for(qtbot, TableSource(path))
    busy: list[bool] = []
    widget.busy_changed.connect(busy.append)
    with qtbot.waitSignal(widget.changed):
        choose(widget, "header", "None")
        assert not widget.fields["header"].isEnabled()
    assert busy == [True, False]
    assert len(widget.reading.table.rows) == 100_001
    choose(widget, "header", "1 row")
    widget.stop_button.click()
    assert not widget.busy
    assert widget.choices == Choices(header=0)
    assert len(widget.reading.table.rows) == 100_001
    choose(widget, "header", "1 row")
    widget.reader.close()
