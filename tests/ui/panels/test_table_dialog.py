"""Opening a table: preview, target, features, how it is read, rows that lack values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

import bpviz
from bpviz.data.accounts import accounts
from bpviz.data.opening import choices_of
from bpviz.errors import BpvizError, DataError
from bpviz.ui.panels.column_choices import sentence_about
from bpviz.ui.panels.table_dialog import PREVIEW_ROWS, TableDialog
from bpviz.ui.panels.table_source import TableSource, first_reading
from bpviz.ui.texts import name_text
from tests.data.readers.corpus.all import CORPUS
from tests.data.readers.corpus.cases import Case

T = TypeVar("T")
GERMAN = "Länge;Breite;Art\n5,1;3,5;a\n4,9;;b\n6,0;3,1;a\n5,5;3,0;b\n"


@pytest.fixture
def dialog(tmp_path: Path, qtbot: QtBot, theme: object) -> TableDialog:
    path = tmp_path / "blumen.csv"
    path.write_text(GERMAN, encoding="utf-8")
    dialog = TableDialog(path)
    qtbot.addWidget(dialog)
    return dialog


def choose(dialog: TableDialog, name: str, value: str) -> None:
    field = dialog.reading_choices.fields[name]
    field.show_value(value)
    field.chosen.emit(value)


def choose_all(dialog: TableDialog, said: Mapping[str, Any]) -> bool:
    """Choose in the dialog what a script says of a file; False where its lists do not offer that."""
    wanted = choices_of(**said)
    for name, field in dialog.reading_choices.fields.items():
        value = getattr(wanted, name)
        word = str(value) or "none"
        if name == "sheet" and word.isdigit():  # the list has them by name
            word = field.itemData(int(word))
        elif name == "sheet":
            word = field.itemData(field.findText(word, Qt.MatchFlag.MatchFixedString)) or word
        if value is not None and field.findData(word) < 0:
            return False
        if value is not None:
            choose(dialog, name, word)
    return True


def shown(dialog: TableDialog) -> list[list[object]]:
    """The names and rows of the preview."""
    model = dialog.preview.model()
    across = range(model.columnCount())
    cells = [[model.data(model.index(row, at)) for at in across] for row in range(model.rowCount())]
    return [
        [model.headerData(at, Qt.Orientation.Horizontal) for at in across],
        *([cell if cell != "–" else "" for cell in row] for row in cells),
    ]


def attempt(do: Callable[[], T]) -> tuple[str, T | None]:
    """Do something; returns why it was refused, or what came of it."""
    try:
        return "", do()
    except BpvizError as error:
        return str(error), None


def opened(source: TableSource) -> TableDialog:
    """Open a table as the window does."""
    reading = first_reading(source, None)
    assert reading is not None
    return TableDialog(source, None, reading)


def test_delimiter_and_decimal_comma_are_found(dialog: TableDialog) -> None:
    assert dialog.table.columns == ("Länge", "Breite", "Art")
    assert dialog.table.rows[0] == ("5.1", "3.5", "a")
    model = dialog.preview.model()
    assert (model.rowCount(), model.columnCount()) == (4, 3)
    assert model.data(model.index(1, 1)) == "–"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Länge"


def test_the_last_column_is_the_target_until_another_is_chosen(dialog: TableDialog) -> None:
    assert dialog.choices.settings.targets == ("Art",)
    assert dialog.choices.features == ["Länge", "Breite"]
    dialog.choices.target.show_value("Länge")
    dialog.choices.target.chosen.emit("Länge")
    assert dialog.choices.settings.targets == ("Länge",)
    assert dialog.choices.features == ["Breite", "Art=a", "Art=b"]


def test_rows_that_lack_a_chosen_value_are_named_and_counted(dialog: TableDialog) -> None:
    assert dialog.choices.problem.text() == "1 of 4 rows lacks a value: row 2 (Breite)."
    dialog.choices.choose_use("Breite", "out")
    assert dialog.choices.problem.text() == ""


def test_without_a_feature_it_can_not_be_opened(dialog: TableDialog) -> None:
    for name in ("Länge", "Breite"):
        assert dialog.open_button.isEnabled()
        dialog.choices.choose_use(name, "out")
    assert not dialog.open_button.isEnabled()
    assert dialog.choices.problem.text().endswith(".")


def test_another_way_to_read_it_is_tried_at_once_and_may_fail(dialog: TableDialog) -> None:
    choose(dialog, "header", "0")
    assert len(dialog.table.rows) == 5
    choose(dialog, "header", "1")
    choose(dialog, "decimal", ".")
    assert dialog.table.rows[0][0] == "5,1"
    choose(dialog, "decimal", "as found")
    choose(dialog, "delimiter", ",")
    assert "(separated by commas)" in dialog.choices.problem.text()
    assert not dialog.open_button.isEnabled()
    choose(dialog, "delimiter", "as found")
    assert dialog.open_button.isEnabled()


def test_a_target_that_can_not_be_learned_so_says_why(dialog: TableDialog) -> None:
    dialog.choices.kind.show_value("number")
    dialog.choices.kind.chosen.emit("number")
    assert not dialog.open_button.isEnabled()
    assert "Art" in dialog.choices.problem.text()


def test_what_is_no_table_is_refused_before_anything_is_shown(tmp_path: Path, theme: object) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("")
    with pytest.raises(DataError):
        TableDialog(path)


def test_accepting_keeps_the_choice(dialog: TableDialog) -> None:
    dialog.open_button.click()
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_many_lacking_rows_are_counted_and_the_first_named() -> None:
    lacking = dict.fromkeys(range(1, 9), ("a",))
    assert sentence_about(lacking, 1000) == (
        "8 of 1\u202f000 rows lack a value: rows 1 (a), 2 (a), 3 (a), 4 (a), 5 (a) and 3 more."
    )
    assert sentence_about({}, 5) == ""


def test_a_text_that_can_not_be_divided_is_shown_by_its_lines_to_be_mended(
    tmp_path: Path, qtbot: QtBot, theme: object
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a;b\n1,5;x\n2,5;y\n3;x, or y, or z\n".replace(";", "~"), encoding="utf-8")
    source = TableSource(path)
    reading = first_reading(source, None)
    assert reading is not None
    dialog = TableDialog(source, None, reading)
    qtbot.addWidget(dialog)
    assert dialog.table.rows[1] == ("1,5~x",)
    assert dialog.choices.problem.text() == reading.fault
    assert dialog.message.text() == "The lines of the file as they stand."
    assert dialog.choices.isHidden()  # there is nothing to choose among lines
    assert "instead of" in dialog.choices.problem.text()
    assert not dialog.open_button.isEnabled()
    choose(dialog, "delimiter", "|")
    assert dialog.table.columns == ("a~b",)
    assert not dialog.choices.isHidden()
    assert dialog.choices.problem.text() != reading.fault


each_case = pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.kind)


@each_case
def test_the_dialog_shows_and_says_what_a_script_reads(
    case: Case, tmp_path: Path, qtbot: QtBot, theme: object
) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.content)
    for name, content in case.beside.items():
        (tmp_path / name).write_bytes(content)
    refusal, dialog = attempt(lambda: opened(TableSource(path)))
    if dialog is not None:
        qtbot.addWidget(dialog)
        refusal, offered = attempt(lambda: choose_all(dialog, case.choices))
        if not offered:
            assert case.refused  # what the lists do not offer is nothing that could be read
            return
        refusal = refusal or dialog.choices.problem.text()
        assert not (case.refused and dialog.open_button.isEnabled())
    if case.refused:
        assert case.refused in refusal
        return
    assert dialog is not None, refusal
    read = bpviz.read_table(path, **case.choices)
    assert dialog.table == read.table
    assert dialog.message.text() == read.message
    assert shown(dialog) == [list(map(name_text, row)) for row in (case.columns, *case.rows[:PREVIEW_ROWS])]
    refused, settings = attempt(lambda: bpviz.table(read, read.table.columns[-1], missing="drop"))
    if settings is None:
        assert (dialog.choices.problem.text(), dialog.open_button.isEnabled()) == (refused, False)
    else:
        assert accounts(dialog.choices.settings) == accounts(settings)


def test_long_texts_get_the_room_that_others_leave(tmp_path: Path, qtbot: QtBot, theme: object) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n,text,kind\n" + "".join(f"{at},{'word ' * 40},a\n" for at in range(5)))
    dialog = TableDialog(path)
    qtbot.addWidget(dialog)
    dialog.resize(700, 600)
    dialog.open()
    qtbot.waitExposed(dialog)
    header, viewport = dialog.preview.horizontalHeader(), dialog.preview.viewport()
    assert header.length() == viewport.width()
    assert header.sectionSize(1) > 240
    dialog.resize(1000, 600)
    assert header.length() == viewport.width()
    assert header.sectionSize(0) < 100
