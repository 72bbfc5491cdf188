"""A table that has no room is refused before its cells are made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpviz.data.readers import memory
from bpviz.data.readers.memory import FILE_TIMES, LEAST_BYTES, MOST_BYTES, check_room, free_bytes, most_bytes
from bpviz.data.tables import read_table
from bpviz.errors import DataError


def test_a_table_beyond_the_free_memory_is_refused_with_both_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 1_000_000_000)
    check_room("t.csv", 5_000_000)
    with pytest.raises(
        DataError, match=r"^t\.csv has about 6.000.000 cells, which take 1\.1 GB .* where 1\.0 GB"
    ):
        check_room("t.csv", 6_000_000)


def test_small_tables_are_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 0)
    assert len(read_table("a,b\n" + "1,2\n" * 9).table.rows) == 9


def test_it_is_asked_before_a_text_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 100)
    monkeypatch.setattr(memory, "_WORTH_A_LOOK", 10)
    with pytest.raises(DataError, match=r"pasted\.csv has about 22 cells"):
        read_table("a,b\n" + '"1,2\n' * 10)  # a quotation mark that is never closed would be refused later


def test_free_memory_is_known_here_and_may_be_unknown_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (free_bytes() or 0) > 0
    monkeypatch.setattr(memory, "_MEMORY", tmp_path / "nowhere")
    monkeypatch.delattr(os, "sysconf")
    assert free_bytes() is None


@pytest.mark.parametrize(
    ("free", "most"),
    [
        (None, LEAST_BYTES),
        (0, LEAST_BYTES),
        (FILE_TIMES * (LEAST_BYTES + 5), LEAST_BYTES + 5),
        (10**15, MOST_BYTES),
    ],
)
def test_how_large_a_file_may_be_follows_from_the_free_memory(
    monkeypatch: pytest.MonkeyPatch, free: int | None, most: int
) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: free)
    assert most_bytes() == most
