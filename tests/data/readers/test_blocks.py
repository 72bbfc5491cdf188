"""The short way through a large text ends where the careful way does, for any text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.data.accounts import accounts, proposed
from bpviz.data.cells import Lettered
from bpviz.data.readers import blocks, texts
from bpviz.data.readers.blocks import divided
from bpviz.data.readers.grid import Choices, tell_nobody
from bpviz.data.settings import DataSettings
from bpviz.data.tables import TableReading, read_chosen
from bpviz.errors import BpvizError, CancelledError

CELLS = st.one_of(
    st.integers(-200, 200).map(str),
    st.floats(-1e6, 1e6).map(lambda number: f"{number:.3f}"),
    st.floats().map(repr),
    st.sampled_from(["", "NA", "-", "?", "1,5", "$3.50", "4 %", "1_0", "+", ".", " 7 ", "red", "é", "\xa08"]),
    st.sampled_from(
        ["1e999", "12345678901234567890", "-0", "0.10", "\x1f2", "a b", "x" * 40, "#", "--", "\t"]
    ),
)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A table, sometimes uneven, of cells of one sort in a column or of all sorts."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 20))
    mixed = draw(st.booleans())
    sorts = [st.integers(0, 3).map(str), st.floats(-9, 9).map(lambda number: f"{number:.2f}"), CELLS]
    columns = [CELLS if mixed else draw(st.sampled_from(sorts)) for _ in range(width)]
    rows = [[draw(column) for column in columns] for _ in range(height)]
    if draw(st.booleans()):
        rows.insert(0, [f"name {at}" for at in range(draw(st.sampled_from([width, width, width - 1])))])
    sign = draw(st.sampled_from([",", ";", "|"]))
    tail = draw(st.sampled_from(["", "", sign, f"{sign} "]))
    end = draw(st.sampled_from(["\n", "\r\n", "\n\n"]))
    text = end.join(sign.join(row) + tail for row in rows)
    return text + draw(st.sampled_from(["", end, end + sign * (width - 1), "\n1", '\n"1"', "\r2"]))


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """Take the short way with small texts, in pieces of a few lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "LARGE", 0)
        # All that is told by rows is told by the first: by so few of them here.
        patch.setattr(texts, "HEAD_ROWS", 6)
        patch.setattr("bpviz.data.dialect._SAMPLE_ROWS", 2)
        patch.setattr("bpviz.data.readers.headers._SAMPLE", 2)
        patch.setattr("bpviz.data.tables._DECIDING_ROWS", 2)
        patch.setattr(blocks, "PIECE", 20)
        yield


def read(text: str, choices: Choices, *, careful: bool) -> TableReading | str:
    """Read by one of both ways; or the sentence that refuses it."""
    with pytest.MonkeyPatch.context() as patch:
        if careful:
            patch.setattr(texts, "LARGE", len(text))
        try:
            return read_chosen(text, choices)
        except BpvizError as error:
            return str(error)


@settings(max_examples=250)
@given(written(), st.sampled_from([None, "", "na,-"]), st.sampled_from([None, None, 0, 1]))
def test_both_ways_give_the_same_table_and_accounts(text: str, gaps: str | None, header: int | None) -> None:
    choices = Choices(gaps=gaps, header=header)
    short, careful = read(text, choices, careful=False), read(text, choices, careful=True)
    if isinstance(short, str) or isinstance(careful, str):
        assert short == careful
        return
    assert short.table == careful.table
    assert asdict(short.found) == asdict(careful.found)
    assert short.missing == careful.missing
    assert short.message == careful.message
    target = short.table.columns[-1]
    said = [
        accounts(DataSettings(source="table", table=one, targets=(target,), uses=proposed(one, (target,))))
        for one in (short.table, careful.table)
    ]
    assert said[0] == said[1]


def test_a_plain_text_takes_the_short_way_and_keeps_its_numbers() -> None:
    text = "a,b\n" + "".join(f"{number}.50,{number % 3}\n" for number in range(40))
    columns = divided(text, 4, ",", tell_nobody)
    assert columns is not None
    first = columns[0]
    assert isinstance(first, Lettered)
    assert first.plain
    assert first[7] == "7.50"
    assert first.values()[0].tolist() == [number + 0.5 for number in range(40)]


@pytest.mark.parametrize("text", ["1,2\n3\n", "1,2\n3,4,5\n", '1,2\n"3",4\n', f"1,2\n{'x' * 200_000},3\n"])
def test_what_is_not_plain_enough_is_left_to_the_careful_way(text: str) -> None:
    assert divided(text, 0, ",", tell_nobody) is None


def test_the_short_way_ends_where_it_is_cancelled() -> None:
    def tell(done: int, of: int) -> None:
        if 2 * done > of:
            raise CancelledError

    with pytest.raises(CancelledError):
        divided("1,2\n" * 100, 0, ",", tell)


def test_a_reading_can_be_ended_at_any_point() -> None:
    text = "a,b,c\n" + "".join(f"{number}.5,{number % 3},red\n" for number in range(60))
    most = 10**6
    left = most

    def tell(_done: int, _of: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise CancelledError

    read_chosen(text, Choices(), tell=tell)
    for count in range(1, most - left + 1):
        left = count
        with pytest.raises(CancelledError):
            read_chosen(text, Choices(), tell=tell)


def test_each_column_is_told_of_until_the_end() -> None:
    done: list[tuple[int, int]] = []
    text = "a,b,c\n" + "".join(f"{number}.5,{number % 3},red\n" for number in range(60))
    read_chosen(text, Choices(), tell=lambda *now: done.append(now))
    assert done[-6:] == [(1, 3), (2, 3), (3, 3)] * 2
