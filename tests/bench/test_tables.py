"""Tables have as many cells as headings, whatever was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.bench.tables import as_markdown, as_text, number, tables
from tests.bench.reports import line, report


def test_a_column_that_one_line_lacks_is_a_dash_there() -> None:
    first, second = line(reference=(1e-3,), torch=(2e-3,)), line(reference=(1e-3,))
    speeds, compared, _ = tables(report(first, second))
    assert speeds.header[4:] == ("Reference", "PyTorch")
    assert [row[4:] for row in speeds.rows] == [("1,000", "500"), ("1,000", "–")]
    assert [row[-1] for row in compared.rows] == ["2×", "–"]


def test_every_row_is_as_long_as_its_header() -> None:
    found = report(
        line(reference=(1.0,), kernel=(0.1,), torch=(2.0,), sklearn=(3.0,)), line(reference=(1.0,))
    )
    assert len(tables(found)) == 3
    for table in tables(found):
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_a_report_without_training_has_no_empty_tables() -> None:
    assert [table.title for table in tables(report())] == ["Window: while training"]


def test_goals_say_which_way_they_are_meant() -> None:
    (table,) = tables(report())
    assert [row[-1] for row in table.rows] == ["≤ 8 ms", "≥ 90 %"]
    assert table.rows[0][2] == "2 ms"


def test_the_terminal_gets_columns_that_are_aligned() -> None:
    lines = as_text(report(line(reference=(1e-3,), torch=(2e-3,)))).splitlines()
    head = next(at for at, text in enumerate(lines) if text.startswith("Network"))
    assert len(lines[head]) == len(lines[head + 1]) == len(lines[head + 2])
    assert "OPENBLAS_CORETYPE=Zen" in "\n".join(lines)
    assert lines[-1] == "Nothing is | missing."


def test_markdown_names_its_command_and_draws_every_table() -> None:
    text = as_markdown(report(line(reference=(1e-3,))))
    assert text.startswith("Made by `bpviz bench`.")
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert rows[1] == "| --- | --- | --- | --- | ---: |"
    assert len(rows) == 3 + 3 + 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.00002346, "0.0000235"),
        (0.01234, "0.0123"),
        (1.5, "1.5"),
        (12.345, "12.3"),
        (123.4, "123"),
        (999.9, "1,000"),
        (1000.0, "1,000"),
        (1234567.0, "1,230,000"),
        (-4567.0, "-4,570"),
    ],
)
def test_numbers_have_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(1e-3, 1e9))
def test_a_number_is_off_by_half_a_percent_at_most(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=5.1e-3)


def test_a_machine_that_others_use_is_told_of() -> None:
    found = report()
    assert "other programs" not in as_text(found)
    busy = replace(found, machine=replace(found.machine, busy=2.5))
    assert "2.5 other programs were busy" in as_text(busy)
