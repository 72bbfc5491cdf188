"""Every column of a table is accounted for, by rule or as chosen, in words that are the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bpviz.data.account_words import (
    account_sentences,
    account_text,
    missing_text,
    remedy_text,
    told_sentences,
)
from bpviz.data.accounts import accounts, chosen_uses, proposed
from bpviz.data.settings import DataSettings, Table
from bpviz.data.tables import read_table
from tests.data.birds import write_birds


def _table(**columns: str) -> Table:
    rows = zip(*(cells.split() for cells in columns.values()), strict=True)
    return Table("t", tuple(columns), tuple(tuple("" if c == "_" else c for c in row) for row in rows))


def _kinds(table: Table, *targets: str) -> dict[str, str]:
    return {one.name: one.kind for one in accounts(DataSettings("table", table, targets=targets))}


@pytest.fixture
def birds(tmp_path: Path) -> DataSettings:
    table = read_table(write_birds(tmp_path / "birds.csv")).table
    settings = DataSettings("table", table, targets=("species",))
    return replace(settings, uses=proposed(table, settings.targets))


def test_every_column_has_a_kind_and_a_use(birds: DataSettings) -> None:
    found = [(one.name, one.kind, one.use, one.inputs, one.missing) for one in accounts(birds)]
    assert found == [
        ("column 1", "row number", "out", 0, 0),
        ("bill length", "number", "number", 1, 1),
        ("bill depth", "number", "number", 1, 0),
        ("island", "category", "category", 3, 0),
        ("sex", "category", "category", 2, 7),
        ("tagged", "switch", "switch", 1, 0),
        ("seen on", "date", "out", 0, 0),
        ("bird_id", "id", "out", 0, 0),
        ("notes", "text", "out", 0, 0),
        ("study", "constant", "out", 0, 0),
        ("species", "category", "target", 0, 0),
    ]
    assert not any(one.chosen for one in accounts(birds))


def test_what_is_left_out_is_said_with_the_reason(birds: DataSettings) -> None:
    assert account_sentences(accounts(birds)) == [
        "Taken as numbers: bill length, bill depth.",
        "Encoded as one input for each value: island (3), sex (2).",
        "Taken as yes or no: tagged.",
        "Left out because it numbers the rows: column 1.",
        "Left out because it holds dates or times: seen on.",
        "Left out because it is an id, another one in each row: bird_id.",
        "Left out because it holds text: notes.",
        "Left out because it never changes: study.",
    ]


def test_a_choice_is_said_as_one(birds: DataSettings) -> None:
    assert birds.table is not None
    uses = chosen_uses(birds.uses, birds.table, [("island", "out"), ("study", "number")])
    chosen = replace(birds, uses=uses, fills={"sex": "mean"})  # type: ignore[arg-type]
    by_name = {one.name: one for one in accounts(chosen)}
    assert "study" not in dict(uses)  # numbers are taken as such where nothing is said
    assert (by_name["island"].chosen, by_name["study"].chosen, by_name["sex"].chosen) == (True, True, False)
    assert account_text(by_name["island"]) == "Left out"
    assert account_text(by_name["notes"]) == "Left out: text"
    assert account_text(by_name["sex"]) == "Category, 2 inputs"
    assert missing_text(by_name["sex"]) == "7 empty"
    assert remedy_text(by_name["sex"]) == "Most frequent value"
    assert remedy_text(by_name["notes"]) == remedy_text(by_name["island"]) == ""
    assert missing_text(by_name["bill length"]) == "1 empty"
    sentences = account_sentences(accounts(chosen))
    assert "Left out, as chosen: island." in sentences
    assert (
        "Missing values filled, as the training part has them: sex (7, by the most frequent value)."
        in sentences
    )


def test_text_of_several_columns_is_left_out_in_one_sentence() -> None:
    table = _table(region="Ab Cd Ef", x="1 2 4", city="Rome Oslo Bern", y="3 5 9")
    told = told_sentences(accounts(DataSettings("table", table, targets=("y",))))
    assert told == ["Taken as a number: x.", "Left out because they hold text: region, city."]
    alone = DataSettings("table", _table(x="1 2 4", y="3 5 9"), targets=("y",))
    assert told_sentences(accounts(alone)) == []


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        (_table(**{"column 1": "1 2 3", "a": "4 5 7"}), ["row number", "number"]),
        (_table(**{"column 1": "0 1 2", "column 2": "4 5 7"}), ["number", "number"]),
        (_table(**{"Unnamed: 0": "0 1 2", "a": "4 5 7"}), ["row number", "number"]),
        (_table(**{"column 1": "1 2 4", "a": "4 5 7"}), ["number", "number"]),
        (_table(time="1 2 3", width="3 4 9"), ["number", "number"]),
        (_table(customerID="17 4 99", grid="17 4 99"), ["id", "number"]),
        (_table(id="17 4 4", order_id="17 4 5"), ["number", "id"]),
        (_table(a="12:30 08:15 23:59", b="1.2.2020 13.4.2021 1.5.2022"), ["date", "date"]),
        (_table(a="2020-01-31T12:30:00Z 2021-02-01T00:00:00Z _"), ["date"]),
        (_table(a="3-Jan-2020 4-Feb-2021 9-Mar-2021", b="1-2 3-4 5-6"), ["date", "text"]),
        (_table(a="yes no yes", b="TRUE FALSE TRUE"), ["switch", "switch"]),
        (_table(c="_ _ _", d="5 5 _"), ["empty", "constant"]),
        (_table(a="red red blue blue", b="red blue green black"), ["category", "text"]),
    ],
)  # fmt: skip
def test_kinds_are_told_by_values_and_names(table: Table, kinds: list[str]) -> None:
    assert list(_kinds(table).values()) == kinds


def test_a_table_of_numbers_is_taken_as_before() -> None:
    assert proposed(_table(a="1 2 4", b="0 0 1", word="x y z", y="1 2 3"), ("y",)) == ()
    assert proposed(_table(a="5 5 5", y="1 2 3"), ("y",)) == ()  # better than no input at all
    assert proposed(_table(a="5", b="3", y="1"), ("y",)) == ()


def test_pixels_that_never_change_stay_a_part_of_the_image() -> None:
    columns = {f"p{k}": "0 0 0" if k % 3 else "0 255 17" for k in range(16)}
    assert proposed(_table(**columns, y="1 2 3"), ("y",)) == ()
    few = {f"p{k}": "0 0 0" if k % 3 else "0 255 17" for k in range(4)}
    assert proposed(_table(**few, y="1 2 3"), ("y",)) == (("p1", "out"), ("p2", "out"))
    assert proposed(_table(**few, y="1 2 3"), ("y",), pixels=True) == ()


def test_data_that_are_no_table_have_no_columns_to_account_for() -> None:
    assert accounts(DataSettings("iris")) == ()
