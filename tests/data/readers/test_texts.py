"""Laws of texts: what is written in any dialect is read as it was; what is called by a name is found."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.readers.encodings import ENCODINGS, decode, encoding_named
from bpviz.data.readers.grid import Choices, Limits, Source
from bpviz.data.readers.texts import delimiter_named, read_text
from bpviz.errors import SettingError

WORDS = st.text("abcdefgäöüxyz", min_size=1, max_size=8)
ROWS = st.lists(
    st.tuples(WORDS, st.integers(-999, 999), st.floats(-9, 9).map(lambda x: round(x, 3))), min_size=3
)


def read(content: bytes, delimiter: str | None = None) -> list[list[str]]:
    source = Source("t.txt", content, Limits(10**6, 1000, 100))
    return [[str(cell).strip() for cell in row] for row in read_text(source, Choices(delimiter)).rows]


def cells(rows: list[tuple[str, int, float]]) -> list[list[str]]:
    return [["word", "whole", "decimal"], *([word, str(whole), repr(part)] for word, whole, part in rows)]


@given(rows=ROWS, delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["UTF-8", "UTF-16"]))
def test_a_delimited_text_comes_back_in_every_dialect(
    rows: list[tuple[str, int, float]], delimiter: str, encoding: str
) -> None:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(cells(rows))
    assert read(text.getvalue().encode(ENCODINGS[encoding])) == cells(rows)


@given(rows=ROWS)
def test_a_table_of_fixed_width_comes_back(rows: list[tuple[str, int, float]]) -> None:
    text = "".join(f"{a:<12}{b:>8}  {c:>10}\n" for a, b, c in cells(rows))
    assert read(text.encode()) == cells(rows)
    assert read(text.encode(), delimiter="fixed") == cells(rows)


@given(rows=ROWS)
def test_a_table_of_markdown_comes_back(rows: list[tuple[str, int, float]]) -> None:
    head, *rest = (f"| {' | '.join(row)} |" for row in cells(rows))
    assert read("\n".join([head, "|---|--:|:-:|", *rest]).encode()) == cells(rows)


@pytest.mark.parametrize("label", ENCODINGS)
def test_every_encoding_is_found_by_its_names_and_read(label: str) -> None:
    codec = ENCODINGS[label]
    assert encoding_named(label) == encoding_named(codec) == encoding_named(label.lower()) == label
    assert decode("a,b\n1,2\n".encode(codec), "t.csv", label) == ("a,b\n1,2\n", label)


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        ("tab", "\t"),
        ("Tabs", "\t"),
        ("\\t", "\t"),
        ("\t", "\t"),
        (";", ";"),
        ("space", " "),
        (" ", " "),
        ("fixed", "fixed"),
    ],
)
def test_a_delimiter_is_found_by_its_name(word: str, sign: str) -> None:
    assert delimiter_named(word) == sign


def test_what_is_no_delimiter_or_encoding_is_refused() -> None:
    with pytest.raises(SettingError, match=r"The delimiter can't be 'x'; choose one of"):
        delimiter_named("x")
    with pytest.raises(SettingError, match=r"The encoding can't be 'rot13'; choose one of"):
        encoding_named("rot13")
