"""Numbers and blocks as the text of a program, and the arrays that are better kept beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bpviz.arrays import Array

WIDTH: Final = 100
"""Columns of a line; only a single long name may go beyond."""

MOST_ROWS: Final = 200
"""Rows of a table that stand in the program itself."""

MOST_NUMBERS: Final = 400
"""Weights and biases that stand in the program itself."""

MOST_REMEMBERED: Final = 60
"""Numbers that the optimizer remembers, likewise: nobody reads many."""


@dataclass(slots=True, eq=False)
class Beside:
    """The file of arrays beside a program.

    Attributes:
        name: Of the file.
        arrays: What it holds, by name.
    """

    name: str
    arrays: dict[str, Array] = field(default_factory=dict)

    def put(self, key: str, array: Array) -> str:
        """Keep an array there; returns how the program reads it."""
        self.arrays[key] = array
        return f'beside["{key}"]'


def number(value: float) -> str:
    """Write a number so that it reads back as the same bits."""
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e6 else repr(float(value))


def array_text(array: Array, before: str = "") -> str:
    """Write an array of one or two dimensions as nested lists.

    Args:
        array: Of finite numbers.
        before: What stands before it in its first line, by whose indent the others are indented.
    """
    exact = [[repr(float(value)) for value in row] for row in np.atleast_2d(array)]
    short = [[number(value) for value in row] for row in np.atleast_2d(array)]
    rows = short if np.equal(np.mod(array, 1), 0).all() else exact
    lists = [f"[{', '.join(row)}]" for row in rows]
    whole = lists[0] if array.ndim == 1 else f"[{', '.join(lists)}]"
    if len(before) + len(whole) + 2 < WIDTH:
        return whole
    indent = before[: len(before) - len(before.lstrip())]
    if array.ndim == 1:
        inner = _filled(rows[0], indent + "    ")
        return f"[\n{inner}\n{indent}]"
    inner = "\n".join(_row(row, indent + "    ") for row in rows)
    return f"[\n{inner}\n{indent}]"


def block(lines: Iterable[str], depth: int = 1) -> str:
    """Indent lines and join them."""
    return "\n".join(f"{'    ' * depth}{line}" if line else "" for line in lines)


def comment(text: str) -> str:
    """Write a text as lines of comment."""
    lines = textwrap.wrap(" ".join(text.split()), WIDTH - 2)
    return "\n".join(f"# {line}" for line in lines)


def plain(text: str) -> str:
    """A text that can stand in a comment or a docstring, whatever somebody called something."""
    tame = "".join(letter if letter.isprintable() else " " for letter in text)
    return tame.replace("\\", "/").replace('"', "'").encode("ascii", "replace").decode()


def _row(row: list[str], indent: str) -> str:
    line = f"{indent}[{', '.join(row)}],"
    return line if len(line) < WIDTH else f"{indent}[\n{_filled(row, indent + '    ')}\n{indent}],"


def _filled(row: list[str], indent: str) -> str:
    text = ", ".join(row) + ","
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
