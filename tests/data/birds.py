"""A table of birds as people have it: a row number, an id, words, a date, a constant and missing values."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from bpviz.data.datasets import read_bundled

HEADER: Final = (
    "", "bill length", "bill depth", "island", "sex", "tagged", "seen on", "bird_id", "notes",
    "study", "species",
)  # fmt: skip
ISLANDS: Final = ("Biscoe", "Dream", "Torgersen")


def write_birds(path: Path) -> Path:
    """Write the bundled penguins with columns of all kinds beside their measurements."""
    rows = []
    for at, (length, depth, _, mass, species) in enumerate(read_bundled("penguins").rows):
        island = "Dream" if species == "Chinstrap" else ISLANDS[at % 3] if species == "Adelie" else "Biscoe"
        sex = "" if at % 50 == 7 else "male" if float(mass) > 4100 else "female"
        when = f"2009-11-{at % 28 + 1:02}"
        tagged = "yes" if at % 5 else "no"
        rows.append((at, "" if at == 3 else length, depth, island, sex, tagged, when, 7 * at + 100,
                     f"bird {at}", 1, species))  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path
