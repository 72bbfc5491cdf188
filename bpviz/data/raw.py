"""The columns of raw rows that a network's inputs are made of, as somebody has them who has no bpviz."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import groupby

from bpviz.arrays import Array
from bpviz.data.classes import class_order
from bpviz.data.column import Column, columns_of
from bpviz.data.dialect import MISSING
from bpviz.data.inputs import Input, inputs_of, levels
from bpviz.data.prepare import Prepared
from bpviz.data.settings import DataSettings


@dataclass(frozen=True, slots=True, eq=False)
class RawColumn:
    """A column of raw rows, and the inputs that its cells become.

    Attributes:
        name: As in the table.
        places: Which inputs it becomes, in order.
        levels: For which value each of them is 1; empty where there is one input, the number itself.
        words: Its cells are texts; otherwise they are numbers, of which NaN is missing.
        missing: Of texts, those that stand for a missing value.
        fill: (places,) what stands for a missing value; None where there is nothing, and so no answer.
    """

    name: str
    places: tuple[int, ...]
    levels: tuple[str, ...] = ()
    words: bool = False
    missing: tuple[str, ...] = ()
    fill: Array | None = None


def raw_columns(settings: DataSettings, prepared: Prepared) -> tuple[RawColumn, ...]:
    """List the columns of raw rows, also those that no feature uses.

    Args:
        settings: Of the data.
        prepared: What was made of them.
    """
    columns = prepared.dataset.columns
    if settings.table is None:
        return tuple(RawColumn(name, (at,)) for at, name in enumerate(columns))
    fills = {fill.places: values for fill, values in prepared.filling}
    table = columns_of(settings.table)
    inputs = enumerate(inputs_of(settings.table, settings.targets, settings.uses))
    found = []
    for name, made in groupby(inputs, key=lambda one: one[1].column):
        places, ones = zip(*made, strict=True)
        said = {gap.word for gap in settings.table.gaps_of(name)}
        found.append(_column(table[name], places, ones, fills.get(places), said))
    return tuple(found)


def _column(
    column: Column, places: tuple[int, ...], ones: tuple[Input, ...], fill: Array | None, said: Set[str]
) -> RawColumn:
    values = tuple(one.level for one in ones if one.level is not None)
    if not values:
        return RawColumn(column.name, places, fill=fill)
    all_values = levels(column)
    words = _are_words(all_values)
    missing = _missing_words(all_values, said) if words else ()
    return RawColumn(column.name, places, values, words, missing, fill)


def _are_words(values: tuple[str, ...]) -> bool:
    """Whether values can't be told apart as numbers: texts, and labels that are too long for a double."""
    orders = [class_order(value)[:2] for value in values]
    return any(is_text for is_text, _ in orders) or len(set(orders)) < len(values)


def _missing_words(values: tuple[str, ...], said: Set[str]) -> tuple[str, ...]:
    """The usual words for a missing value, as people write them, and its own, but those that are values."""
    usual = MISSING - {"-"} if "+" in values else MISSING
    written = {form for word in usual for form in (word, word.upper(), word.capitalize())} | {"NaN"}
    return tuple(sorted((written | said) - set(values)))
