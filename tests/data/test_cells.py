"""Columns hold texts letter by letter, and read them as numbers, whichever kind holds them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.cells import Cells, Coded, Counted, Lettered, cells_of, joined
from bpviz.data.numbers import number_of
from bpviz.data.sheet_column import written

NUMBERS = st.one_of(
    st.floats(allow_infinity=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["1", "1.0", "1.50", "-0", "+2", "1e5", ".5", "5.", "0012", "1_0", "nan", "inf", ""]),
)
TEXTS = st.lists(
    st.one_of(NUMBERS, st.text(alphabet="ab\0é 1.\n", max_size=4), st.text("0123456789", max_size=40)),
    max_size=40,
)


def kinds(texts: list[str]) -> list[Cells]:
    """The same texts in every kind that can hold them."""
    held: list[Cells] = [Coded.of(texts), cells_of(texts)]
    if texts and "".join(texts).isascii() and "\0" not in "".join(texts):
        held.append(Lettered(np.array(texts, dtype=np.bytes_)))
    return held


@given(TEXTS)
def test_every_kind_gives_the_texts_back(texts: list[str]) -> None:
    for cells in kinds(texts):
        assert list(cells) == texts
        assert [cells[at] for at in range(-len(texts), len(texts))] == texts + texts
        assert list(cells[1::2]) == texts[1::2]
        assert cells == texts
        assert cells == Coded.of(texts)


@given(TEXTS)
def test_words_are_the_different_texts_in_the_order_in_which_they_come(texts: list[str]) -> None:
    different = list(dict.fromkeys(texts))
    for cells in kinds(texts):
        words = cells.words()
        assert list(words) == different
        assert [words[code] for code in cells.codes().tolist()] == texts
        assert cells.word_count() == len(set(texts) - {""})
        assert list(cells.first_words(3)) == [text for text in different if text][:3]


@given(TEXTS)
def test_every_kind_reads_the_same_numbers(texts: list[str]) -> None:
    expected, strays = Coded.of(texts).values()
    for cells in kinds(texts):
        numbers, others = cells.values()
        assert numbers.tobytes() == expected.tobytes()
        assert others.tolist() == strays.tolist()
    for text, number in zip(texts, expected.tolist(), strict=True):
        assert number == number_of(text) or np.isnan(number)


@given(st.lists(st.floats(allow_infinity=False)))
def test_numbers_are_written_when_asked_for(numbers: list[float]) -> None:
    cells = Counted(np.array(numbers), written)
    texts = [written(number) for number in numbers]
    assert list(cells) == texts
    assert cells == Coded.of(texts)
    assert cells == Counted(np.array(numbers), written)
    assert cells.word_count() == len(set(texts) - {""})
    values, strays = cells.values()
    assert not strays.size
    assert np.array_equal(values, Coded.of(texts).values()[0], equal_nan=True)


@given(st.lists(TEXTS, max_size=4))
def test_columns_come_one_below_the_other(parts: list[list[str]]) -> None:
    whole = [text for part in parts for text in part]
    assert list(joined([cells_of(part) for part in parts])) == whole
    assert list(joined([Coded.of(part) for part in parts])) == whole


def test_long_texts_are_told_apart_where_their_first_letters_are_the_same() -> None:
    texts = [f"{'7' * 20}{number:06}" for number in range(5000)]
    held = Lettered(np.array([*texts, *texts, ""], dtype=np.bytes_))
    assert held.word_count() == len(texts)


def test_texts_that_are_mixed_to_one_number_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpviz.data.cells._mixed", lambda letters: np.zeros(letters.size, dtype=np.uint64))
    assert Lettered(np.array(["1", "2", "1", "", "3"], dtype=np.bytes_)).word_count() == 3


@given(TEXTS, st.data())
def test_some_texts_are_replaced(texts: list[str], data: st.DataObject) -> None:
    rows = st.integers(0, len(texts) - 1) if texts else st.nothing()
    changes = data.draw(st.dictionaries(rows, st.sampled_from(["", "5", "é", "1.50"]))) if texts else {}
    for cells in kinds(texts):
        assert list(cells.replaced(changes)) == [changes.get(row, text) for row, text in enumerate(texts)]
