"""The image that a row of the user's own table is: how many pixels it has below and beside each other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bpviz.data.columns import table_features
from bpviz.data.datasets import TABLE
from bpviz.data.images import NO_PLACES, Places
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import SettingError
from bpviz.plain import is_whole

_TYPED: Final = re.compile(r"\s*(\d{1,6})\s*[x×X*]\s*(\d{1,6})\s*", re.ASCII)
_HOW: Final = "write how many rows and columns it has, such as 28 x 28."


def read_shape(text: str) -> tuple[int, int] | None:
    """Read ``28 x 28``, rows first; an empty text is none.

    Raises:
        SettingError: If it is no such text.
    """
    if not text.strip():
        return None
    match = _TYPED.fullmatch(text)
    if match is None:
        raise SettingError(f"{text.strip()[:40]!r} is no size of an image; {_HOW}")
    return int(match[1]), int(match[2])


def shape_text(shape: tuple[int, int] | None) -> str:
    """Write a shape as it is read."""
    return "" if shape is None else f"{shape[0]} x {shape[1]}"


def shape_fault(data: DataSettings) -> str:
    """Say what is wrong with the shape of the images; empty if nothing is, or data are no table."""
    shape: object = data.image  # scripts may hand in anything
    if shape is None:
        return ""
    if not isinstance(shape, tuple) or len(shape) != 2 or not all(is_whole(side, 2, 2048) for side in shape):
        return f"An image has 2 to 2048 rows and columns; {_HOW}"
    rows, columns = shape
    names = _names(data.table, data) if data.source == TABLE and data.table is not None else None
    if names is None or rows * columns == len(names):
        return ""
    return (
        f"An image of {rows} x {columns} has {rows * columns} pixels, but the table has {len(names)} "
        f"columns of numbers to learn from; {_HOW}"
    )


def with_fitting_image(data: DataSettings) -> DataSettings:
    """Forget a shape that does not fit the table any more."""
    return replace(data, image=None) if shape_fault(data) else data


def places_of(data: DataSettings) -> Places:
    """Where the inputs stand in the images of the user's own table; nowhere if it is not said."""
    if data.image is None or data.source != TABLE or data.table is None or shape_fault(data):
        return NO_PLACES
    return Places(_names(data.table, data), data.image[1])


def _names(table: Table, data: DataSettings) -> tuple[str, ...]:
    return table_features(table, data.targets, data.uses)
