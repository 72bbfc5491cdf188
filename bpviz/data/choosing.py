"""What a caller asks for columns of a table, by their names, made into settings of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bpviz.data.accounts import chosen_uses, proposed
from bpviz.data.column import columns_of
from bpviz.data.filling import FILLS
from bpviz.data.inputs import plain_use
from bpviz.data.missing_words import check_named
from bpviz.data.settings import Choices, DataSettings, Table
from bpviz.errors import DataError, SettingError, listed

Names: TypeAlias = str | Sequence[object]
"""Names of columns, as a list or as one text with commas."""

MISSING: Final = ("refuse", "drop", *FILLS)
"""What is done about missing values."""

Remedies: TypeAlias = str | Mapping[str, str]
"""One of `MISSING` for all columns, or by column; "" for all that are not named."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What is asked for.

    Attributes:
        features: The only columns that the network is to see; none leaves that to what they hold.
        categorical: Columns to be taken as categories, one input each value.
        ignore: Columns to be left out.
        missing: What is done about missing values.
    """

    features: Names = ()
    categorical: Names = ()
    ignore: Names = ()
    missing: Remedies = "refuse"


def names_of(given: Names, known: Sequence[str] = ()) -> tuple[str, ...]:
    """Take names as a list, or as a text with commas unless that is a known name itself."""
    if isinstance(given, str):
        given = [given] if given in known else [word.strip() for word in given.split(",") if word.strip()]
    return tuple(dict.fromkeys(map(str, given)))


def with_choice(settings: DataSettings, wanted: ColumnChoice) -> DataSettings:
    """Decide what the columns of a table that is opened are taken for, as asked and else by rule.

    Raises:
        DataError: If there is no such column, or it is asked to be two things.
        SettingError: If it is not known what to do about missing values.
    """
    table = settings.table
    assert table is not None, "columns are a table's"
    everywhere, remedies = remedies_of(wanted.missing)
    _known(table, settings.targets, list(remedies))
    rule = proposed(table, settings.targets, pixels=settings.image is not None)
    uses = chosen_uses(rule, table, _changes(settings, table, dict(rule), wanted))
    fills = fills_of(table, settings.targets, uses, everywhere, remedies)
    drops = "drop" in (everywhere, *remedies.values())
    return replace(settings, uses=uses, fills=fills, drop_missing=settings.drop_missing or drops)


def remedies_of(missing: Remedies) -> tuple[str, dict[str, str]]:
    """Part what is done about missing values everywhere from what is done in some columns instead.

    Raises:
        SettingError: If that is not known, or can't be.
    """
    by_column = {"": missing} if isinstance(missing, str) else dict(missing)
    for how in by_column.values():
        if how not in MISSING:
            raise SettingError(f"Missing values can't be {how!r}; choose one of {listed(MISSING)}.")
    everywhere = by_column.pop("", "refuse")
    if {"refuse", "drop"} <= {everywhere, *by_column.values()}:
        raise SettingError(
            "Rows that lack a value are refused or dropped, whichever column lacks it; choose one of these, "
            "and columns to fill in."
        )
    return everywhere, by_column


def fills_of(
    table: Table,
    targets: Sequence[str],
    uses: Choices,
    how: str,
    remedies: Mapping[str, str] | None = None,
) -> Choices:
    """Fill every column that is used and lacks values.

    Args:
        table: The table.
        targets: Its targets, which are never filled.
        uses: What its columns are taken for.
        how: An entry of `FILLS`; another word for none.
        remedies: By column, what is done in that one instead.
    """
    chosen, own = dict(uses), remedies or {}
    return tuple(
        (column.name, own.get(column.name, how))
        for column in columns_of(table).values()
        if column.name not in targets
        and chosen.get(column.name, plain_use(column)) != "out"
        and not column.present.all()
        and own.get(column.name, how) in FILLS
    )


def _changes(
    settings: DataSettings, table: Table, rule: dict[str, str], wanted: ColumnChoice
) -> list[tuple[str, str]]:
    features, categorical, ignored = (
        _known(table, settings.targets, names)
        for names in (wanted.features, wanted.categorical, wanted.ignore)
    )
    for name in (*features, *categorical):
        if name in ignored:
            raise DataError(f"The column {name!r} is to be used and to be ignored; name it once.")
    columns = columns_of(table)
    changes = [(name, "out") for name in ignored]
    if features:
        seen = {*features, *categorical}
        changes += [(name, "out") for name in table.columns if name not in seen | {*settings.targets}]
        for name in features:
            if rule.get(name, plain_use(columns[name])) == "out":
                changes.append((name, "number" if columns[name].is_numeric else "category"))
    return [*changes, *((name, "category") for name in categorical)]


def _known(table: Table, targets: Sequence[str], given: Names) -> tuple[str, ...]:
    names = names_of(given, table.columns)
    check_named(names, table.name, table.columns)
    for name in names:
        if name in targets:
            raise DataError(f"The column {name!r} is the target; choose other columns.")
    return names
