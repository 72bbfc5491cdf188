"""From raw rows to what the input layer shows, inside an ONNX model.

Where every column holds numbers, one input ``row`` takes them all.  As soon as one of them holds texts, each
column that is used is an input of its own, (rows, 1), called as in the table: no tensor holds both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bpviz.arrays import Array
from bpviz.data.features import COLUMN
from bpviz.data.prepare import Prepared
from bpviz.data.raw import RawColumn, raw_columns
from bpviz.data.settings import DataSettings
from bpviz.errors import counted, named
from bpviz.files.onnx_graph import Graph

ROW: Final = "row"
"""What the one input is called."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a model takes.

    Attributes:
        columns: Of a raw row, in order.
        apart: Each column is an input of its own.
    """

    columns: tuple[RawColumn, ...]
    apart: bool

    @classmethod
    def of(cls, settings: DataSettings, prepared: Prepared) -> Taken:
        """Say what a model of a run has to take."""
        columns = raw_columns(settings, prepared)
        if not any(column.words for column in columns):
            return cls(columns, apart=False)
        used = {place for feature in prepared.features for place in feature.columns}
        columns = tuple(column for column in columns if used & set(column.places))
        return cls(columns, apart=any(column.words for column in columns))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the inputs."""
        return tuple(column.name for column in self.columns) if self.apart else (ROW,)

    def infos(self, onnx: Any) -> list[Any]:
        """Describe the inputs."""
        make, kinds = onnx.helper.make_tensor_value_info, onnx.TensorProto
        if not self.apart:
            return [make(ROW, kinds.DOUBLE, ["rows", len(self.columns)])]
        return [
            make(column.name, kinds.STRING if column.words else kinds.DOUBLE, ["rows", 1])
            for column in self.columns
        ]

    @property
    def told(self) -> dict[str, object]:
        """What the metadata say of it: names, the values of categories, what is filled in."""
        values = {column.name: column.levels for column in self.columns if column.levels}
        fills = {column.name: _fill_told(column) for column in self.columns if column.fill is not None}
        told = {"columns": [column.name for column in self.columns], "values": values, "filled": fills}
        return {name: value for name, value in told.items() if value}

    def __str__(self) -> str:
        """Say in a sentence or two what the model takes."""
        numbers = named([column.name for column in self.columns if not column.words])
        if not self.apart:
            text = (
                f"The model takes rows of {counted(len(self.columns), 'number')}, in this order: {numbers}."
            )
        else:
            words = named([column.name for column in self.columns if column.words])
            kinds = [f"as texts {words}", *([f"as numbers {numbers}"] if numbers else [])]
            text = f"The model takes each column as an input of its own: {'; '.join(kinds)}."
        return f"{text} {self._missing_told()}"

    def _missing_told(self) -> str:
        filled = [column.name for column in self.columns if column.fill is not None]
        if len(filled) == len(self.columns):
            return "What is missing there is filled in."
        if not filled:
            sign = "NaN, or an empty text" if self.apart else "NaN"
            return f"Where a value is missing ({sign}), the answer is NaN."
        return f"What is missing in {named(filled)} is filled in; elsewhere the answer is then NaN."


def add_inputs(graph: Graph, taken: Taken, prepared: Prepared) -> str:
    """Add columns, features and their scaling; returns the name of what the input layer shows."""
    used = {place for feature in prepared.features for place in feature.columns}
    names: dict[int, str] = {}
    for at, column in enumerate(taken.columns):
        if used & set(column.places):
            names |= _placed(graph, column, _block(graph, column, _cell(graph, taken, at)), used)
    shown = []
    for feature in prepared.features:
        columns = [names[place] for place in feature.columns]
        name = f"feature {feature.text}"
        if feature.form == COLUMN:
            shown += columns
        elif feature.form in ("square", "product"):
            shown += [graph.add("Mul", [columns[0], columns[-1]], name)]
        else:
            shown += [graph.add(feature.form.capitalize(), columns, name)]
    joined = graph.add("Concat", shown, "features", axis=1)
    scaling = prepared.input_scaling
    if (scaling.shift == 0).all() and (scaling.scale == 1).all():
        return joined
    moved = graph.add("Sub", [joined, graph.constant("input shift", scaling.shift)], "shifted")
    return graph.add("Div", [moved, graph.constant("input scale", scaling.scale)], "scaled")


def _cell(graph: Graph, taken: Taken, at: int) -> str:
    """The raw column itself, (rows, 1)."""
    name = taken.columns[at].name
    if taken.apart:
        return name
    place = graph.constant(f"number {at}", np.array([at], dtype=np.int64))
    return graph.add("Gather", [ROW, place], f"column {name}", axis=1)


def _block(graph: Graph, column: RawColumn, cell: str) -> str:
    """The inputs that a column becomes, (rows, places), with what is filled in."""
    name = f"inputs {column.name}"
    missing = np.full(len(column.places), np.nan) if column.fill is None else column.fill
    if column.words:
        return _words(graph, column, cell, missing)
    made = cell
    if column.levels:
        values = graph.constant(f"{name}/values", np.array([[float(level) for level in column.levels]]))
        made = graph.add("Cast", [graph.add("Equal", [cell, values], f"{name}/is")], name, to=11)
    elif column.fill is None:
        return cell
    filling = graph.constant(f"{name}/missing", missing[np.newaxis])
    return graph.add("Where", [graph.add("IsNaN", [cell], f"{name}/lacks"), filling, made], f"{name}, filled")


def _words(graph: Graph, column: RawColumn, cell: str, missing: Array) -> str:
    """Look texts up: one row of a table for each value, one for a missing one, and zeros for any other."""
    name, count = f"inputs {column.name}", len(column.levels)
    rows = graph.constant(f"{name}/rows", np.vstack([np.eye(count), missing, np.zeros(count)]))
    number = graph.add(
        "LabelEncoder",
        [cell],
        f"{name}/number",
        domain="ai.onnx.ml",
        keys_strings=[*column.levels, *column.missing],
        values_int64s=[*range(count), *(count for _ in column.missing)],
        default_int64=count + 1,
    )
    axis = graph.constant("axis 1", np.array([1], dtype=np.int64))
    return graph.add("Gather", [rows, graph.add("Squeeze", [number, axis], f"{name}/line")], name, axis=0)


def _placed(graph: Graph, column: RawColumn, block: str, used: set[int]) -> dict[int, str]:
    """By place, the name of the input that stands there, (rows, 1)."""
    if len(column.places) == 1:
        return {column.places[0]: block}
    found = {}
    for at, place in enumerate(column.places):
        if place in used:
            index = graph.constant(f"number {at}", np.array([at], dtype=np.int64))
            found[place] = graph.add(
                "Gather", [block, index], f"column {column.name}={column.levels[at]}", axis=1
            )
    return found


def _fill_told(column: RawColumn) -> str | float:
    """What is filled in, as it stands in a raw row."""
    assert column.fill is not None
    if not column.levels:
        return float(column.fill[0])
    at = np.flatnonzero(column.fill)
    return column.levels[at[0]] if at.size else f"none of {named(column.levels)}"
