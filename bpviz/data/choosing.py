"""What a caller asks for columns of a table, by their names, made into settings of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bpviz.data.accounts import chosen_uses, proposed
from bpviz.data.column import columns_of
from bpviz.data.filling import FILLS
from bpviz.data.inputs import plain_use
from bpviz.data.settings import Choices, DataSettings, Table
from bpviz.errors import DataError, SettingError, listed, suggestion

Names: TypeAlias = str | Sequence[object]
"""Names of columns, as a list or as one text with commas."""

MISSING: Final = ("refuse", "drop", *FILLS)
"""What is done about missing values."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What is asked for.

    Attributes:
        features: The only columns that the network is to see; none leaves that to what they hold.
        categorical: Columns to be taken as categories, one input each value.
        ignore: Columns to be left out.
        missing: One of `MISSING`, for rows that lack a value.
    """

    features: Names = ()
    categorical: Names = ()
    ignore: Names = ()
    missing: str = "refuse"


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
    if wanted.missing not in MISSING:
        raise SettingError(f"Missing values can't be {wanted.missing!r}; choose one of {listed(MISSING)}.")
    rule = proposed(table, settings.targets, pixels=settings.image is not None)
    uses = chosen_uses(rule, table, _changes(settings, table, dict(rule), wanted))
    fills: Choices = ()
    if wanted.missing in FILLS:
        fills = fills_of(table, settings.targets, uses, wanted.missing)
    return replace(settings, uses=uses, fills=fills)


def fills_of(table: Table, targets: Sequence[str], uses: Choices, how: str) -> Choices:
    """Fill every column that is used and lacks values."""
    chosen = dict(uses)
    return tuple(
        (column.name, how)
        for column in columns_of(table).values()
        if column.name not in targets
        and chosen.get(column.name, plain_use(column)) != "out"
        and not column.present.all()
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
    for name in names:
        if name not in table.columns:
            close = suggestion(name, table.columns)
            hint = f"did you mean {close!r}?" if close else f"choose among {listed(table.columns)}."
            raise DataError(f"The table {table.name} has no column {name!r}; {hint}")
        if name in targets:
            raise DataError(f"The column {name!r} is the target; choose other columns.")
    return names
