"""Runs that follow edits, undo and redo in any order; `tests.long.edits` does the same 5,000 times."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.training.rewire import Attic
from tests.long.edits import walk


@pytest.mark.parametrize("number", range(30))
def test_whatever_is_edited_undone_and_trained_everything_fits(number: int, tmp_path: Path) -> None:
    assert walk(number, moves=30, folder=tmp_path)["edits"]


def test_a_walk_sees_what_undo_loses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Attic, "_brought_back", lambda attic, *_: list(attic.boxes))
    with pytest.raises(AssertionError, match=r"walk\(\d+, moves=\d+\) .* did not bring the weights back"):
        walks(30, tmp_path)


def walks(count: int, folder: Path) -> None:
    for number in range(count):
        walk(number, moves=60, folder=folder)
