"""The numbers of a figure as a table, for spreadsheets and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.training.figure import Figure
from bpviz.training.marks import Band, Bars, Curve, Heat, Image, Line, Points

Cell: TypeAlias = str | int | float
"""One cell of a figure's table; a float that is missing is NaN."""
Rows: TypeAlias = tuple[tuple[str, ...], list[tuple[Cell, ...]]]
"""The header, and one tuple a row."""


def figure_rows(figure: Figure) -> Rows:
    """List a figure's numbers as a table: those of the first kind of mark of `TABLES` that it has."""
    for kinds, rows in TABLES.items():
        if any(isinstance(mark, kinds) for mark in figure.marks):
            return rows(figure)
    return _curve_rows(figure)


def _curve_rows(figure: Figure) -> Rows:
    header: tuple[str, ...] = ("series", "first step", "last step", "low", "high", "mean")
    curves = (*figure.curves, *figure.behind)
    if not figure.smooth:
        return header, [row for curve in curves for row in _rows_of(curve)]
    drawn = (*figure.as_drawn.curves, *figure.as_drawn.behind)
    both = zip(curves, drawn, strict=True)
    return (*header, "smoothed"), [row for curve, smooth in both for row in _rows_of(curve, smooth.y)]


def _rows_of(curve: Curve, *more: Array) -> Iterator[tuple[Cell, ...]]:
    columns = (curve.first, curve.last, curve.low, curve.high, curve.y, *more)
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield (curve.name, *values)


def _bar_rows(figure: Figure) -> Rows:
    header = ("series", "from", "to", figure.y.label)
    return header, [
        (bars.name, begin, end, value)
        for bars in figure.all(Bars)
        for begin, end, value in zip(*_lists((bars.edges[:-1], bars.edges[1:], bars.y)), strict=True)
    ]


def _lists(columns: Iterable[Any]) -> Iterator[list[float]]:
    return (column.tolist() for column in columns)


def _heat_rows(figure: Figure) -> Rows:
    heat = next(mark for mark in figure.marks if isinstance(mark, Heat))
    if heat.numbers:
        columns = tuple(text for _, text in figure.x.ticks)
        table = zip(heat.rows, heat.values.tolist(), strict=True)
        return (figure.y.label, *columns), [(name, *values) for name, values in table]
    header = ("first step", "last step", *_named_rows(heat))
    starts, ends = heat.edges[:-1].astype(int).tolist(), (heat.edges[1:].astype(int) - 1).tolist()
    table_by_column = zip(starts, ends, heat.values.T.tolist(), strict=True)
    return header, [(start, end, *values) for start, end, values in table_by_column]


def _named_rows(heat: Heat) -> tuple[str, ...]:
    """Row names that are unique: each with its group's heading."""
    names = list(heat.rows)
    for group in heat.groups:
        for row in range(group.start, group.stop):
            if not names[row].startswith(group.label):
                names[row] = f"{group.label} · {names[row]}"
    return tuple(names)


def _image_rows(figure: Figure) -> Rows:
    image = next(mark for mark in figure.marks if isinstance(mark, Image))
    header = (figure.x.label, figure.y.label, image.scale.label)
    if image.is_empty:
        return header, []
    left, right, bottom, top = image.extent
    rows, columns = image.values.shape
    xs, ys = _middles(left, right, columns), _middles(bottom, top, rows)
    grid_x, grid_y = np.meshgrid(xs, ys)
    cells = np.column_stack([grid_x.ravel(), grid_y.ravel(), image.values.ravel()])
    return header, [tuple(row) for row in cells.tolist()]


def _middles(low: float, high: float, cells: int) -> Array:
    """(cells,) where they have their middles, between two ends that may be the largest numbers there are."""
    share = (np.arange(cells) + 0.5) / cells
    return low * (1 - share) + high * share


def _point_rows(figure: Figure) -> Rows:
    header = (figure.x.label, figure.y.label, "value", "part")
    return header, [
        (x, y, value, "test" if test else "training")
        for mark in figure.all(Points)
        for x, y, value, test in zip(
            *_lists((mark.points.x, mark.points.y, mark.points.value, mark.points.test)), strict=True
        )
    ]


TABLES: Final[dict[tuple[type, ...], Callable[[Figure], Rows]]] = {
    (Band, Line): _curve_rows,
    (Bars,): _bar_rows,
    (Heat,): _heat_rows,
    (Image,): _image_rows,
    (Points,): _point_rows,
}
