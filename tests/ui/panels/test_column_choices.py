"""What columns are taken for is shown for each, and changed by a click or by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import facts
from bpviz.data.settings import DataSettings
from bpviz.ui.panels.columns_dialog import ColumnsDialog
from bpviz.ui.panels.columns_table import REMEDY_COLUMN, USE_COLUMN, WORDS_COLUMN
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.table_dialog import TableDialog
from bpviz.ui.panels.words_dialog import WordsDialog
from tests.data.birds import write_birds


@pytest.fixture
def dialog(tmp_path: Path, qtbot: QtBot, theme: object) -> TableDialog:
    dialog = TableDialog(write_birds(tmp_path / "birds.csv"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def row_of(dialog: TableDialog, name: str) -> int:
    return [one.name for one in dialog.choices.columns.columns.accounts].index(name)


def shown(dialog: TableDialog, name: str) -> list[str]:
    model = dialog.choices.columns.columns
    return [str(model.data(model.index(row_of(dialog, name), at))) for at in range(model.columnCount())]


def choose(qtbot: QtBot, dialog: TableDialog, name: str, label: str, column: int = USE_COLUMN) -> None:
    """Open what can be chosen for a column by a click, and take one by another."""
    table = dialog.choices.columns
    index = table.columns.index(row_of(dialog, name), column)
    table.scrollTo(index)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    editor = table.editor
    assert isinstance(editor, Choice)
    view = editor.view()
    qtbot.waitUntil(view.isVisible)
    entry = view.model().index(editor.findText(label), 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(entry).center())


def test_every_column_is_a_row_with_what_it_is_taken_for(dialog: TableDialog) -> None:
    assert shown(dialog, "island") == [
        "island", "Category, 3 inputs", "Biscoe, Dream, Torgersen", "none", "",
    ]  # fmt: skip
    assert shown(dialog, "sex")[1:] == ["Category, 2 inputs", "female, male", "7 empty", "Leave rows out"]
    assert shown(dialog, "notes")[1:] == ["Left out: text", "bird 0, bird 1, bird 2, … (333)", "none", ""]
    assert shown(dialog, "column 1")[1] == "Left out: row number"
    assert shown(dialog, "species")[1] == "Target"


def test_one_click_changes_what_a_column_is_taken_for(dialog: TableDialog, qtbot: QtBot) -> None:
    choose(qtbot, dialog, "island", "Left out")
    qtbot.waitUntil(lambda: shown(dialog, "island")[1] == "Left out")
    choose(qtbot, dialog, "sex", "Yes or no")
    qtbot.waitUntil(lambda: shown(dialog, "sex")[1] == "Yes or no")
    assert dialog.choices.features == ["bill length", "bill depth", "sex=male", "tagged"]
    assert facts(dialog.choices.settings).columns == tuple(dialog.choices.features)


def test_a_column_becomes_the_target_by_a_click(dialog: TableDialog, qtbot: QtBot) -> None:
    choose(qtbot, dialog, "island", "Target")
    qtbot.waitUntil(lambda: dialog.choices.target.value == "island")
    assert shown(dialog, "species")[1] == "Category, 3 inputs"


def test_what_a_column_can_not_be_is_refused_and_it_stays(dialog: TableDialog, qtbot: QtBot) -> None:
    choose(qtbot, dialog, "island", "Yes or no")
    assert (
        "'island' has 3 different values, so it can't be taken as yes or no" in dialog.choices.problem.text()
    )
    assert shown(dialog, "island")[1] == "Category, 3 inputs"
    assert dialog.open_button.isEnabled()


def test_missing_values_can_be_filled(dialog: TableDialog) -> None:
    choices = dialog.choices
    assert choices.problem.text().startswith("8 of 333 rows lack a value: rows 4 (bill length), 8 (sex)")
    choices.missing.setFocus()
    QTest.keyClick(choices.missing, Qt.Key.Key_Down)
    assert choices.missing.value == "mean"
    assert choices.problem.text() == ""
    assert choices.settings.fills == (("bill length", "mean"), ("sex", "mean"))
    assert shown(dialog, "sex")[3:] == ["7 empty", "Most frequent value"]


def test_the_keys_open_what_a_column_may_be(dialog: TableDialog, qtbot: QtBot) -> None:
    table = dialog.choices.columns
    table.setFocus()
    table.setCurrentIndex(table.columns.index(row_of(dialog, "study"), USE_COLUMN))
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.editor
    assert isinstance(editor, Choice)
    assert editor.value == "out"
    view = editor.view()
    qtbot.waitUntil(view.isVisible)
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(dialog, "study")[1] == "Number")


def test_settings_of_a_project_are_shown_as_they_were_chosen(dialog: TableDialog) -> None:
    choices = dialog.choices
    choices.choose_use("island", "out")
    chosen = choices.settings
    choices.show_settings(chosen)
    assert choices.settings == chosen
    assert shown(dialog, "island")[1] == "Left out"
    numbers = DataSettings("table", chosen.table, targets=("bill length", "bill depth"))
    choices.show_settings(numbers)
    assert choices.target.currentText() == "bill length, bill depth"
    assert choices.settings.targets == ("bill length", "bill depth")
    assert choices.settings.uses == ()


def test_each_column_has_its_own_way_to_fill_what_is_missing(dialog: TableDialog, qtbot: QtBot) -> None:
    choices = dialog.choices
    choose(qtbot, dialog, "bill length", "Median", REMEDY_COLUMN)
    qtbot.waitUntil(lambda: shown(dialog, "bill length")[4] == "Median")
    assert choices.settings.fills == (("bill length", "median"),)
    assert choices.missing.currentText() == "As chosen for each"
    assert choices.problem.text().startswith("7 of 333 rows lack a value: rows 8 (sex)")
    choices.show_settings(choices.settings)
    assert shown(dialog, "bill length")[4] == "Median"
    assert shown(dialog, "sex")[4] == "Leave rows out"
    choose(qtbot, dialog, "sex", "Leave column out", REMEDY_COLUMN)
    qtbot.waitUntil(lambda: shown(dialog, "sex")[1] == "Left out")
    assert choices.problem.text() == ""
    choices.missing.chosen.emit("drop")
    assert not choices.settings.fills


REGIONS = "region,age,class\nNA,1,+\nEU,?,-\n,3,+\nAS,unknown,-\nNA,5,+\nEU,?,-\nEU,9,-\nAS,4,+\n"


@pytest.fixture
def regions(tmp_path: Path, qtbot: QtBot, theme: object) -> TableDialog:
    path = tmp_path / "regions.csv"
    path.write_text(REGIONS, encoding="utf-8")
    dialog = TableDialog(path)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def test_a_word_in_a_text_is_asked_about_until_it_is_answered(regions: TableDialog) -> None:
    question = regions.choices.question
    assert question.isVisible()
    assert question.text.text() == "In region, NA (2) counts as missing, but may be a value."
    assert shown(regions, "region")[3] == "2 NA, 1 empty"
    assert shown(regions, "age")[3] == "2 ?"
    QTest.mouseClick(question.value_button, Qt.MouseButton.LeftButton)
    assert not question.isVisible()
    assert shown(regions, "region")[1:4] == ["Category, 3 inputs", "NA, EU, AS", "1 empty"]
    assert regions.reading_choices.choices.gaps_by == (("region", ""),)
    assert regions.table.rows[0][0] == "NA"


def test_a_word_that_is_said_to_be_missing_is_not_asked_about_again(regions: TableDialog) -> None:
    question = regions.choices.question
    QTest.mouseClick(question.missing_button, Qt.MouseButton.LeftButton)
    assert not question.isVisible()
    assert shown(regions, "region")[3] == "2 NA, 1 empty"


def test_a_word_that_is_taken_as_a_value_is_asked_about_too(
    tmp_path: Path, qtbot: QtBot, theme: object
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("sex,kind\n.,+\nm,-\nf,+\nNA,-\n.,+\nm,+\nf,-\nm,+\nf,-\n", encoding="utf-8")
    dialog = TableDialog(path)
    qtbot.addWidget(dialog)
    dialog.open()
    question = dialog.choices.question
    assert question.text.text() == (
        "In sex, NA (1) counts as missing, but may be a value; . (2) counts as a value, but may be missing."
    )
    QTest.mouseClick(question.missing_button, Qt.MouseButton.LeftButton)
    assert shown(dialog, "sex")[1:4] == ["Category, 2 inputs", "m, f", "2 ., 1 NA"]
    assert not question.isVisible()  # beside a plus, a minus is a label


def words_dialog() -> WordsDialog:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, WordsDialog)
    return dialog


def tick(dialog: WordsDialog, word: str) -> None:
    """Click into the box before a word."""
    (item,) = dialog.entries.findItems(f"{word}  (", Qt.MatchFlag.MatchStartsWith)
    place = dialog.entries.visualItemRect(item)
    left = QPoint(place.left() + 12, place.center().y())
    QTest.mouseClick(dialog.entries.viewport(), Qt.MouseButton.LeftButton, pos=left)


def test_any_word_of_a_column_can_count_as_missing(regions: TableDialog, qtbot: QtBot) -> None:
    seen: list[str] = []

    def answer() -> None:
        dialog = words_dialog()
        seen.extend(dialog.entries.item(at).text() for at in range(dialog.entries.count()))
        tick(dialog, "unknown")
        dialog.others.setText("9")
        assert dialog.words == "?, unknown, 9"
        dialog.accept()

    assert "stands 'unknown'" not in regions.choices.problem.text()
    table = regions.choices.columns
    QTimer.singleShot(0, answer)
    place = table.visualRect(table.columns.index(row_of(regions, "age"), WORDS_COLUMN)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert seen == ["?  (2)", "unknown  (1)", "1  (1)", "3  (1)", "5  (1)", "9  (1)", "4  (1)"]
    assert shown(regions, "age")[3] == "1 9, 2 ?, 1 unknown"
    assert [row[1] for row in regions.table.rows] == ["1", "", "3", "", "5", "", "", "4"]


def test_the_keys_open_the_words_and_an_open_table_takes_them_without_its_file(
    regions: TableDialog, qtbot: QtBot
) -> None:
    settings = regions.choices.settings
    dialog = ColumnsDialog(settings)
    qtbot.addWidget(dialog)
    dialog.open()
    assert not dialog.choices.question.isVisible()
    table = dialog.choices.columns
    table.setFocus()
    table.setCurrentIndex(table.columns.index(0, WORDS_COLUMN))

    def answer() -> None:
        tick(words_dialog(), "NA")
        words_dialog().accept()

    QTimer.singleShot(0, answer)
    QTest.keyClick(table, Qt.Key.Key_F2)
    changed = dialog.choices.settings.table
    assert changed is not None
    assert [row[0] for row in changed.rows] == ["NA", "EU", "", "AS", "NA", "EU", "EU", "AS"]
    assert dialog.choices.features == ["region=AS", "region=EU", "region=NA", "age"]
