from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.datasets import DATASETS, facts, load
from bpviz.data.settings import DataSettings, Table
from bpviz.data.sheet import Sheet, sheet_of_dataset, sheet_of_table
from bpviz.data.sheet_column import SheetColumn, written
from bpviz.errors import BpvizError, DataError, SettingError
from bpviz.model.fitting import table
from tests.data.birds import write_birds

CASES = Table("cases", ("x1", "x2", "y"), (("0.35", "0.9", "0.5"), ("1", "0", "1")))
NUMBERS = DataSettings("table", CASES, ("y",), train_share=1.0)
KINDS = DataSettings("table", Table("kinds", ("x", "kind"), (("1", "b"), ("2", "a"))), ("kind",))


def sheet(settings: DataSettings = NUMBERS) -> Sheet:
    return sheet_of_table(settings)


def cells(of: Sheet) -> list[list[str]]:
    return [[column.text(row) for column in of.columns] for row in range(of.rows)]


def test_a_table_is_laid_out_in_columns_of_numbers() -> None:
    found = sheet()

    assert [(c.name, c.role) for c in found.columns] == [("x1", "input"), ("x2", "input"), ("y", "target")]
    assert all(isinstance(column.numbers, np.ndarray) for column in found.columns)
    assert cells(found) == [["0.35", "0.9", "0.5"], ["1", "0", "1"]]
    assert found.first_fault() is None


def test_a_sheet_that_is_not_touched_is_the_same_data() -> None:
    for settings in (NUMBERS, KINDS):
        assert sheet(settings).settings(settings) == settings


@pytest.mark.parametrize("source", DATASETS)
def test_every_data_set_can_be_laid_out_and_made_ones_own(source: str) -> None:
    before = DataSettings(source=source)
    drawn = load(before, 3)

    mine = load(sheet_of_dataset(drawn, "mine").settings(before), 3)

    np.testing.assert_array_equal(mine.inputs, drawn.inputs)
    assert (mine.classes, mine.columns, mine.task) == (drawn.classes, drawn.columns, drawn.task)
    for ours, theirs in ((mine.labels, drawn.labels), (mine.targets, drawn.targets)):
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))


@pytest.mark.parametrize(
    ("typed", "value"),
    [("=cos(1)", math.cos(1)), ("0,5", 0.5), ("=1/2", 0.5), (" -3 ", -3.0), ("", math.nan)],
)
def test_numbers_are_typed_as_anywhere(typed: str, value: float) -> None:
    found = sheet()

    found.write(0, 1, typed)

    numbers = found.columns[1].numbers
    assert numbers is not None
    np.testing.assert_equal(numbers[0], value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_is_written_reads_back_as_the_same(value: float) -> None:
    column = SheetColumn.of("x", "input", [written(value)], numeric=True)

    assert column.numbers is not None
    assert column.numbers[0] == value


def test_what_is_no_number_stays_and_is_named_by_its_place() -> None:
    found = sheet()
    found.write(1, 0, "abc")

    assert found.columns[0].text(1) == "abc"
    fault = found.first_fault()
    assert fault is not None
    assert fault[:2] == (1, 0)
    assert fault[2].startswith("Row 2, x1: “abc” is not a number")
    with pytest.raises(DataError, match="Row 2, x1"):
        found.settings(NUMBERS)
    found.write(1, 0, "4")
    assert found.first_fault() is None


def test_an_empty_cell_is_a_fault_unless_rows_that_lack_one_are_left_out() -> None:
    found = sheet()
    found.insert_rows(2)

    assert found.first_fault() == (2, 0, "Row 3, x1: fill this cell in, or delete the row.")
    assert found.first_fault(drop_missing=True) is None


def test_rows_come_and_go_with_what_stands_in_them() -> None:
    found = sheet()
    found.write(1, 0, "abc")
    found.insert_rows(1, 2)

    assert cells(found) == [["0.35", "0.9", "0.5"], ["", "", ""], ["", "", ""], ["abc", "0", "1"]]
    found.remove_rows([0, 2])
    assert cells(found) == [["", "", ""], ["abc", "0", "1"]]
    found.remove_rows([0, 1])
    assert found.first_fault() == (-1, -1, "There is no example yet; add a row.")
    found.insert_rows(0)
    assert cells(found) == [["", "", ""]]


def test_columns_come_after_their_like_and_the_last_one_stays() -> None:
    found = sheet()

    assert (found.add_column("input"), found.add_column("target")) == (2, 4)
    assert [column.name for column in found.columns] == ["x1", "x2", "x3", "y", "y2"]
    found.remove_column(4)
    with pytest.raises(DataError, match="only target"):
        found.remove_column(3)
    for _ in range(2):
        found.remove_column(0)
    with pytest.raises(DataError, match="only input"):
        found.remove_column(0)


def test_names_are_unique_and_not_empty() -> None:
    found = sheet()

    found.rename(0, " height ")
    assert found.columns[0].name == "height"
    for name in ("", "x2"):
        with pytest.raises(DataError):
            found.rename(0, name)
    assert found.columns[0].name == "height"


def test_several_targets_become_settings() -> None:
    found = sheet()
    found.add_column("target")
    for row in range(2):
        found.write(row, 3, "0")

    assert found.settings(NUMBERS).targets == ("y", "y2")


def test_a_target_becomes_a_class_and_a_number_again() -> None:
    found = sheet()
    found.learn_classes(classes=True)
    found.declared = ("1", "0.5", "7")

    after = found.settings(NUMBERS)

    assert (after.target_kind, after.classes) == ("auto", ("1", "0.5", "7"))
    found.learn_classes(classes=False)
    assert found.settings(NUMBERS) == NUMBERS
    found.add_column("target")
    with pytest.raises(DataError, match="A class is one target"):
        found.learn_classes(classes=True)


def test_classes_that_are_not_declared_are_named_by_their_place() -> None:
    found = sheet(KINDS)
    found.declared = ("a", "c")

    fault = found.first_fault()
    assert fault is not None
    assert fault[:2] == (0, 1)
    assert "“b” is none of the classes 'a', 'c'" in fault[2]
    found.declared = ("a",)
    found.write(0, 1, "a")
    assert "two or more different names" in str(found.first_fault())
    found.declared = ()
    assert "fewer than two" in str(found.first_fault())


def test_a_declared_class_may_be_written_as_another_form_of_its_number() -> None:
    table = Table("t", ("x", "k"), (("1", "4.0"), ("2", "2")))

    assert sheet_of_table(DataSettings("table", table, ("k",), classes=("1", "2", "4"))).first_fault() is None


@pytest.mark.parametrize(
    "text", ["1\t2\n3\t4\n", "1;2\n3;4", "[1 2; 3 4]", "1 2\n3 4", "=0.5*2\t2\n3\t=sqrt(16)"]
)
def test_a_block_is_pasted_and_adds_the_rows_it_needs(text: str) -> None:
    found = sheet()

    assert found.paste(1, 1, text) == (2, 2)
    assert cells(found) == [["0.35", "0.9", "0.5"], ["1", "1", "2"], ["", "3", "4"]]


def test_a_first_row_of_names_goes_into_the_header() -> None:
    found = sheet()

    assert found.paste(0, 0, "a\tb\tc\n1\t2\t3") == (1, 3)
    assert [column.name for column in found.columns] == ["a", "b", "c"]
    assert cells(found)[0] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("row", "column", "text", "fault"),
    [
        (0, 0, "1\t2\n3", "Row 2 of what was pasted"),
        (0, 1, "1\t2\t3", "3 columns wide, but from here on there are 2"),
        (0, 2, "1\t2", "2 columns wide, but from here on there is 1"),
        (1, 0, "1\tx", "Row 1 of what was pasted, for x2: “x” is not a number"),
        (0, 0, "a\tb\n1\tx", "Row 2 of what was pasted, for x2: “x” is not a number"),
        (0, 0, "0,5\n1,0", "may be one number or two"),
        (0, 0, " \n", "nothing to paste"),
    ],
)
def test_a_paste_that_does_not_fit_is_refused_whole(row: int, column: int, text: str, fault: str) -> None:
    found = sheet()
    before = cells(found), [one.name for one in found.columns]

    with pytest.raises(BpvizError, match=fault):
        found.paste(row, column, text)

    assert (cells(found), [one.name for one in found.columns]) == before


def test_a_column_of_decimal_commas_fits_where_one_column_is_left() -> None:
    found = sheet()
    found.paste(0, 2, "0,5\n1,25")
    assert [row[2] for row in cells(found)] == ["0.5", "1.25"]


def test_notes_stay_and_are_not_learned_from(tmp_path: Path) -> None:
    table = Table("t", ("who", "x", "y"), (("Ann", "1", "0.5"), ("", "2", "0.25")))
    settings = DataSettings("table", table, ("y",))

    found = sheet_of_table(settings)

    assert found.columns[0].role == "note"
    assert found.first_fault() is None
    assert found.settings(settings) == settings


def test_without_a_table_there_is_no_sheet() -> None:
    with pytest.raises(DataError, match="no table"):
        sheet_of_table(DataSettings("table"))
    with pytest.raises(SettingError):
        sheet().paste(0, 0, "")


def test_what_was_chosen_for_columns_follows_their_names_and_stays() -> None:
    table = Table(
        "t", ("c", "n", "m", "y"), (("a", "1", "", "1"), ("b", "2", "5", "2"), ("a", "x", "6", "3"))
    )
    before = DataSettings(
        "table", table, targets=("y",), uses=(("c", "category"), ("n", "out")), fills=(("m", "mean"),)
    )
    found = sheet_of_table(before)
    assert [column.role for column in found.columns] == ["input", "note", "input", "target"]
    assert found.settings(before) == before
    found.rename(0, "color")
    found.rename(2, "mass")
    found.rename(0, "hue")
    after = found.settings(before)
    assert after.uses == (("hue", "category"), ("n", "out"))
    assert after.fills == (("mass", "mean"),)
    assert facts(after).columns == ("hue=a", "hue=b", "mass")
    found.remove_column(0)
    assert found.settings(before).uses == (("n", "out"),)


def test_a_category_is_an_input_and_stays_one_when_the_sheet_is_used(tmp_path: Path) -> None:
    data = table(write_birds(tmp_path / "birds.csv"), "species", ignore="tagged", missing="median")
    sheet = sheet_of_table(data)
    roles = {column.name: column.role for column in sheet.columns}
    assert (roles["island"], roles["sex"], roles["notes"], roles["species"]) == (
        "input",
        "input",
        "note",
        "target",
    )
    used = sheet.settings(data)
    assert (used.uses, facts(used).columns) == (data.uses, facts(data).columns)


def test_what_nobody_edited_stays_written_as_it_was() -> None:
    table = Table("t", ("a", "b", "kind"), (("1.50", "2.0", "x"), ("2.50", "1e3", "y"), ("3.50", "", "x")))
    sheet = sheet_of_table(DataSettings("table", table, ("kind",), drop_missing=True))
    assert sheet.table() == table
    sheet.write(1, 0, "7.0")
    assert sheet.table().rows == (("1.50", "2.0", "x"), ("7", "1e3", "y"), ("3.50", "", "x"))
    sheet.insert_rows(1)
    sheet.remove_rows([3])
    assert sheet.table().rows == (("1.50", "2.0", "x"), ("", "", ""), ("7", "1e3", "y"))
