"""Which words stand for a missing value is decided by the whole column."""

from __future__ import annotations

import pytest

from bpviz.data.missing_words import missing_among


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
