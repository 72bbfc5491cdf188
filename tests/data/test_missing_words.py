"""Which words stand for a missing value is decided by the whole column."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.missing_words import gaps_without, kept_gaps, missing_among, texts_of, with_missing, words_in
from bpviz.data.opening import read_table
from bpviz.data.readers.grid import Choices
from bpviz.data.settings import DataSettings, Gap, Table
from bpviz.data.sheet import sheet_of_table
from bpviz.data.tables import read_chosen
from bpviz.errors import DataError


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        ("1 NA ? - NULL nan n/a", {"NA", "?", "-", "NULL", "nan", "n/a"}),
        ("1 2.5 . None #N/A --", {".", "None", "#N/A", "--"}),
        ("$5 None $7", {"None"}),
        ("red None . #N/A", set()),
        ("None .", set()),
        ("+ -", set()),
        ("eu NA us", {"NA"}),
    ],
)
def test_words_among_numbers_and_among_text(texts: str, missing: set[str]) -> None:
    assert missing_among(texts.split(), ".") == missing


def test_an_empty_cell_is_missing_everywhere() -> None:
    assert missing_among(["", "x"], ".") == {""}


def test_the_user_may_say_which_words_count() -> None:
    assert missing_among(["", "NA", "?", "99"], ".", "") == {""}
    assert missing_among(["", "NA", "?", "99"], ".", "na, 99") == {"", "NA", "99"}


def test_a_region_called_na_is_a_value_if_the_user_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("region,y\nNA,1\neu,2\n,3\n")
    assert [row[0] for row in read_table(path).table.rows] == ["", "eu", ""]
    assert "taken for missing: NA (1 in region)" in read_table(path).message
    own = read_table(path, gaps="none")
    assert [row[0] for row in own.table.rows] == ["NA", "eu", ""]
    assert "taken for" not in own.message


WORDS = ["NA", "?", "-", "1", "2.5", "eu", ""]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)
said = st.lists(st.sampled_from(WORDS[:-1]), unique=True).map(",".join)


def plain(cells: list[str]) -> Table:
    return Table("t", ("a", "b"), tuple((cell, "1") for cell in cells))


@given(texts, said, said)
def test_what_stood_in_a_cell_is_never_lost(cells: list[str], first: str, second: str) -> None:
    table = with_missing(plain(cells), {"a": first})
    assert texts_of(table, "a") == cells
    assert [row[0] for row in table.rows] == ["" if cell in first.split(",") else cell for cell in cells]
    again = with_missing(table, {"a": second})
    assert again == with_missing(plain(cells), {"a": second})
    assert with_missing(again, {"a": ""}) == plain(cells)


@given(texts, said)
def test_reading_a_file_and_changing_an_open_table_count_the_same(cells: list[str], words: str) -> None:
    text = "a,b\n" + "".join(f"{cell},1\n" for cell in cells)
    from_file = read_chosen(text, Choices(delimiter=",", header=1, gaps_by=(("a", words),)), "t").table
    opened = read_chosen(text, Choices(delimiter=",", header=1), "t").table
    assert with_missing(opened, {"a": words}) == from_file


def test_a_word_counts_by_column(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("region,age,size\nNA,NA,NA\neu,99,2\n?,7,?\n")
    read = read_table(path, gaps={"region": "none", "age": ["NA", "99"]})
    assert read.table.rows == (("NA", "", ""), ("eu", "", "2"), ("?", "7", ""))
    assert read.found.gaps == (("age", "99", 1), ("age", "NA", 1), ("size", "?", 1), ("size", "NA", 1))
    others = read_table(path, gaps={"age": "NA", "": "none"})
    assert others.table.rows == (("NA", "", "NA"), ("eu", "99", "2"), ("?", "7", "?"))
    with pytest.raises(DataError, match="no column 'regon'; did you mean 'region'"):
        read_table(path, gaps={"regon": "none"})
    with pytest.raises(DataError, match="no column 'regon'; did you mean 'region'"):
        with_missing(read.table, {"regon": ""})


@given(texts, st.sets(st.integers(0, 11)))
def test_words_move_up_with_their_rows(cells: list[str], gone: set[int]) -> None:
    table = with_missing(plain(cells), {"a": "NA,?"})
    rows = tuple(row for at, row in enumerate(table.rows) if at not in gone)
    after = replace(table, rows=rows, gaps=gaps_without(table.gaps, gone))
    assert texts_of(after, "a") == [cell for at, cell in enumerate(cells) if at not in gone]


def test_no_list_of_rows_is_kept_where_one_word_stands_for_all() -> None:
    table = with_missing(plain(["NA", "1", "NA"]), {"a": "na"})
    assert table.gaps == (Gap("a", "NA"),)
    assert with_missing(plain(["NA", "", "NA"]), {"a": "na"}).gaps == (Gap("a", "NA", (0, 2)),)


def test_candidates_are_listed_with_those_that_count_first() -> None:
    table = with_missing(plain(["7", "low", "?", "7", "NA", "low", "8", "a,b"]), {"a": "NA"})
    assert words_in(table, "a", 4) == [("NA", 1, True), ("?", 1, False), ("low", 2, False), ("7", 2, False)]


def test_editing_by_hand_keeps_the_words_of_columns_where_the_same_cells_are_missing() -> None:
    table = with_missing(
        Table("t", ("a", "b", "y"), (("?", "NA", "1"), ("2", "3", "2"))), {"a": "?", "b": "NA"}
    )
    settings = DataSettings("table", table, targets=("y",), drop_missing=True)
    sheet = sheet_of_table(settings)
    sheet.rename(0, "first")
    sheet.write(0, 1, "7")
    sheet.insert_rows(2)
    sheet.write(2, 2, "5")
    edited = sheet.settings(settings).table
    assert edited is not None
    assert edited.gaps == (Gap("first", "?", (0,)),)
    assert texts_of(edited, "first") == ["?", "2", ""]
    sheet.remove_rows([0])
    removed = sheet.settings(settings).table
    assert removed is not None
    assert removed.gaps == ()
    assert kept_gaps(table, replace(table, gaps=()), {"a": "a", "b": "b"}) == table.gaps
