"""Tables are read as written or refused by row and column; nothing is filled in."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data import tables
from bpviz.data.column import columns_of
from bpviz.data.tables import read_table
from bpviz.errors import BpvizError, DataError, FileError, SettingError


def test_a_table_is_read_with_its_names_and_cells() -> None:
    reading = read_table("a,b,c\n1,2,x\n3,4,y\n", name="t.csv")
    assert reading.table.columns == ("a", "b", "c")
    assert reading.table.rows == (("1", "2", "x"), ("3", "4", "y"))
    assert (reading.table.name, reading.delimiter, reading.decimal, reading.header) == (
        "t.csv",
        ",",
        ".",
        True,
    )
    assert reading.message == "2 rows of 3 columns, separated by commas."
    assert reading.missing == {}


def test_semicolons_and_decimal_commas_are_found_and_said() -> None:
    reading = read_table("größe;art\n1,5;x\n1.234,25;y\n")
    assert reading.table.rows == (("1.5", "x"), ("1234.25", "y"))
    assert reading.message == (
        "2 rows of 2 columns, separated by semicolons, with decimal commas; amounts are read as plain "
        "numbers, such as 1.234,25 as 1234.25 (größe)."
    )


def test_amounts_and_words_for_missing_values_are_read_and_said() -> None:
    reading = read_table(
        'price,share,age,region,code\n"$1,234.50",45%,3,NA,none\n$2,5%,.,eu,#N/A\n($3.25),9%,4,NA,x\n'
    )
    assert reading.table.rows == (
        ("1234.50", "45", "3", "", "none"),
        ("2", "5", "", "eu", "#N/A"),
        ("-3.25", "9", "4", "", "x"),
    )
    assert reading.message.startswith(
        "3 rows of 5 columns, separated by commas; amounts are read as plain numbers, such as $1,234.50 as "
        "1234.50 (price), 45% as 45 (share); taken for missing: . (1 in age), NA (2 in region)."
    )


def test_large_numbers_in_groups_stay_different_labels() -> None:
    reading = read_table('n,y\n"12,345,678,901,234,567,890",1\n"12,345,678,901,234,567,891",2\n')
    assert [row[0] for row in reading.table.rows] == ["12345678901234567890", "12345678901234567891"]


def test_what_the_user_says_about_delimiter_decimals_and_header_wins() -> None:
    reading = read_table("1,5;2,5\n3,5;4,5\n", ",", ".", header=True)
    assert reading.table.columns == ("1", "5;2", "5")
    assert read_table("a\nb\n", header=False).table.columns == ("column 1",)


def test_a_table_without_a_header_gets_numbered_columns() -> None:
    reading = read_table("1,2\n3,4\n")
    assert reading.table.columns == ("column 1", "column 2")
    assert reading.message.endswith("separated by commas, without a header.")


def test_missing_values_are_empty_and_named_by_row_and_column() -> None:
    reading = read_table("a,b\n1,NA\n2,3\n ?,-\n,nan\nN/A,5\n")
    assert reading.table.rows == (("1", ""), ("2", "3"), ("", ""), ("", ""), ("", "5"))
    assert reading.missing == {1: ("b",), 3: ("a", "b"), 4: ("a", "b"), 5: ("a",)}
    assert reading.message.endswith("4 rows lack a value (row 1: b; row 3: a, b; row 4: a, b; ...).")


def test_quoted_cells_may_hold_delimiters_line_breaks_and_quotation_marks() -> None:
    reading = read_table('name,v\n"Smith, ""Jo""\nJunior",1\nBob,2\n')
    assert reading.table.rows[0] == ('Smith, "Jo"\nJunior', "1")


def test_cells_and_names_are_trimmed() -> None:
    reading = read_table(" a ; b \n 1 ; x \n")
    assert (reading.table.columns, reading.table.rows) == (("a", "b"), (("1", "x"),))


def test_blank_lines_and_the_empty_rows_of_spreadsheets_are_no_rows() -> None:
    assert read_table("a,b\n\n1,2\n\n,\n,\n").table.rows == (("1", "2"),)


def test_a_delimiter_at_the_end_of_every_line_makes_no_column() -> None:
    assert read_table("a,b,\n1,2,\n3,4,\n").table.columns == ("a", "b")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(ending: str) -> None:
    assert read_table(ending.join(["a,b", "1,2", "3,4"])).table.rows == (("1", "2"), ("3", "4"))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("latin-1", "Latin-1")],
)
def test_a_file_is_read_in_its_encoding(tmp_path: Path, encoding: str, named: str) -> None:
    path = tmp_path / "größen.csv"
    path.write_bytes("höhe;b\n1;2\n".encode(encoding))
    reading = read_table(path)
    assert (reading.table.columns, reading.encoding) == (("höhe", "b"), named)
    assert reading.table.name == "größen.csv"
    assert ("read as Latin-1" in reading.message) is (named == "Latin-1")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "t.csv is empty; open one that has rows"),
        ("\n\n \n", "t.csv is empty"),
        ("a,b\n", "t.csv has a header but no rows"),
        ("a,b\n1,2\n3\n", r"Row 2 of t\.csv has 1 cell instead of 2 \(separated by commas\)"),
        ("a,b\n1,2\n3,4,5\n", r"Row 2 of t\.csv has 3 cells instead of 2"),
        ("a,b,a\n1,2,3\n", "Columns 1 and 3 of t.csv are called 'a'; give each its own name"),
        ('a,b\n"1,2\n3,4\n', r"can't be divided into cells at line 3 .*quotation mark that is not"),
        ("a,b\n\0,2\n", "t.csv holds no text"),
        ("NA\nNA\n", "t.csv holds no value at all"),
    ],
)  # fmt: skip
def test_a_damaged_table_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_table(text, name="t.csv")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04rest of a workbook", "is a damaged workbook or zip archive; save or download it again"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", r"is a picture \(PNG\), not a table"),
        (b"a,b\n1,\0\n", "holds no text"),
        (b"\xff\xfea", "holds no text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"t.csv {sentence}"):
        read_table(path)


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"Can't open .*nowhere\.csv: there is no such file; check the name"):
        read_table(tmp_path / "nowhere.csv")
    with pytest.raises(FileError, match="it is a folder; name a file in it") as caught:
        read_table(tmp_path)
    assert caught.value.path == tmp_path


def test_too_large_a_table_is_refused_before_it_is_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    monkeypatch.setattr(tables, "MOST_COLUMNS", 2)
    assert len(read_table("a,b\n" + "1,2\n" * 3).table.rows) == 3
    with pytest.raises(DataError, match="has more than 3 rows; take a part of them"):
        read_table("a,b\n" + "1,2\n" * 4)
    with pytest.raises(DataError, match="has more than 2 columns"):
        read_table("a,b,c\n1,2,3\n")
    monkeypatch.setattr(tables, "most_bytes", lambda: 10)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    for source in (tmp_path / "t.csv", "a,b\n1,2\n3,4\n"):
        with pytest.raises(BpvizError, match=r"is larger than . MB; take a part of its rows"):
            read_table(source)


@pytest.mark.parametrize(
    ("delimiter", "decimal", "sentence"),
    [(":", None, "delimiter can't be ':'"), (None, "'", "decimal sign can't be \"'\"")],
)
def test_an_unknown_sign_is_refused(delimiter: str | None, decimal: str | None, sentence: str) -> None:
    with pytest.raises(SettingError, match=f"The {sentence}; choose one of"):
        read_table("a,b\n1,2\n", delimiter, decimal)


@given(
    numbers=st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2),
        min_size=1,
        max_size=20,
    ),
    delimiter=st.sampled_from(";\t|"),
    decimal=st.sampled_from(".,"),
)
def test_numbers_come_back_bit_for_bit(numbers: list[list[float]], delimiter: str, decimal: str) -> None:
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["left", "right"])
    writer.writerows([repr(value).replace(".", decimal) for value in row] for row in numbers)
    reading = read_table(text.getvalue(), delimiter, decimal)
    columns = columns_of(reading.table)
    assert [[*pair] for pair in zip(columns["left"].values, columns["right"].values, strict=True)] == numbers


@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_refused_but_breaks_nothing(text: str) -> None:
    try:
        table = read_table(text).table
    except DataError:
        return
    assert len(set(table.columns)) == len(table.columns) > 0
    assert all(len(row) == len(table.columns) for row in table.rows)


# Time: what follows takes minutes where a cell or column is looked at again for each of its parts.


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "cell",
    [
        "9" * 130_000 + "x",
        "9" * 65_000 + "." + "9" * 65_000 + "x",
        "9" * 65_000 + "," + "9" * 65_000 + "x",
        "9" * 130_000 + "e",
        "1e" + "9" * 130_000 + "x",
        "1" + ",999" * 32_000 + "x",
        "1" + ".999" * 32_000 + "x",
        "-" + " " * 130_000 + "x",
        "1" + " " * 130_000 + "x",
        "1 " * 65_000,
        "'" * 130_000,
    ],
    ids=lambda cell: cell[:6],
)
def test_a_cell_of_any_length_is_read_at_once(cell: str) -> None:
    for text in (f'a,b\n"{cell}",1\n2,3\n', f'a;b\n"{cell}";1,5\n2;3,5\n', f'"{cell}",b\n1,2\n'):
        assert len(read_table(text).table.columns) == 2


@pytest.mark.timeout(60)
def test_many_columns_without_values_are_listed_at_once() -> None:
    columns = [f"c{number}" for number in range(4_000)]
    reading = read_table(f"{','.join(columns)}\n" + f"1{',' * 3_999}\n" * 300)
    assert list(reading.missing) == list(range(1, 301))
    assert set(reading.missing.values()) == {tuple(columns[1:])}
    assert len(reading.message) < 600


def test_a_message_is_one_line_whatever_columns_are_called() -> None:
    name = "x\n" * 1_000
    message = read_table(f'"{name}",b\n,1\n2,3\n', header=True).message
    assert len(message) < 300
    assert len(message.splitlines()) == 1
    with pytest.raises(DataError, match=r"^Columns 1 and 2, and 3 998 more, of pasted.csv are called 'a'"):
        read_table(",".join("a" * 4_000) + f"\n1{',' * 3_999}\n", header=True)
