"""Which words stand for a missing value is decided by the whole column."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.data.missing_words import missing_among
from bpviz.data.opening import read_table


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
