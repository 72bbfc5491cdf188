"""Features: what an input node shows of a raw example, written as a text.

A feature is the name of a column, ``x``, or one of the forms of `FORMS`: ``x^2``, ``x*y``, ``sin(x)``,
``cos(x)``, where ``x`` and ``y`` stand for names of columns.  A column whose own name looks like a form is
taken by its name. To add a form, add an entry to `FORMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.errors import DataError, listed, suggestion
from bpviz.registry import Registry

MOST_COLUMNS_WITH_FORMS: Final = 8
"""Up to so many columns, `available` lists the derived features too; beyond, no menu could show them."""


COLUMN: Final = "column"
"""The form of a feature that is a column as it is."""


@dataclass(frozen=True, slots=True)
class Form:
    """A way to derive a feature from one column or two.

    Attributes:
        name: Key.
        label: What menus show.
        text: How it is written, with ``{0}`` and ``{1}`` for the names of the columns.
        title: How it is shown.
        operands: How many columns it takes, 1 or 2.
        value: From the columns, each (examples,), to the feature, (examples,).
    """

    name: str
    label: str
    text: str
    title: str
    operands: int
    value: Callable[..., Array]


FORMS: Final = Registry(
    "form of feature",
    Form("square", "Square", "{0}^2", "{0}²", 1, lambda x: x * x),
    Form("product", "Product", "{0}*{1}", "{0} · {1}", 2, lambda x, y: x * y),
    Form("sin", "Sine", "sin({0})", "sin({0})", 1, np.sin),
    Form("cos", "Cosine", "cos({0})", "cos({0})", 1, np.cos),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a raw example.

    Attributes:
        text: As it stands on the node and in files.
        label: As it is shown, such as ``x²``.
        form: Entry of `FORMS`, or `COLUMN`.
        columns: Indices of the columns it is computed from.
        value: From these columns, each (examples,), to the feature.
    """

    text: str
    label: str
    form: str
    columns: tuple[int, ...]
    value: Callable[..., Array]

    def compute(self, inputs: Array) -> Array:
        """Compute the feature of raw inputs (examples, columns); returns (examples,)."""
        return self.value(*(inputs[:, column] for column in self.columns))


def parse(text: str, columns: Sequence[str]) -> Feature:
    """Read a feature.

    Args:
        text: Such as ``x`` or ``sin(x)``.
        columns: Names of the raw inputs, in order.

    Raises:
        DataError: If it names no column or form; the sentence suggests the nearest feature there is.
    """
    found = find(text, columns)
    if found is not None:
        return found
    known = available(columns)
    close = suggestion(text, known)
    hint = f"did you mean {close!r}?" if close else f"choose one of {listed(known)}."
    raise DataError(f"These data have no feature {text!r}; {hint}")


def find(text: str, columns: Sequence[str]) -> Feature | None:
    """Read a feature as `parse` does; None where there is no such one."""
    if text in columns:
        return Feature(text, text, COLUMN, (columns.index(text),), np.array)
    for form in FORMS.values():
        for names in _operands(text, form, columns):
            if all(name in columns for name in names):
                indices = tuple(columns.index(name) for name in names)
                return Feature(text, form.title.format(*names), form.name, indices, form.value)
    return None


def available(columns: Sequence[str]) -> tuple[str, ...]:
    """List the features that menus offer: the columns, and of a few columns also the derived features."""
    if len(columns) > MOST_COLUMNS_WITH_FORMS:
        return tuple(columns)
    derived = [
        form.text.format(*names) for form in FORMS.values() for names in combinations(columns, form.operands)
    ]
    return tuple(dict.fromkeys((*columns, *derived)))


def _operands(text: str, form: Form, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every way to read a text as a form: the names between the form's fixed parts."""
    before, _, rest = form.text.partition("{0}")
    between, _, after = rest.partition("{1}") if form.operands > 1 else ("", "", rest)
    if not (text.startswith(before) and text.endswith(after)):
        return
    inner = text[len(before) : len(text) - len(after)].strip()
    if form.operands == 1:
        yield (inner,)
        return
    for first in sorted(columns, key=len):  # a name may itself hold the sign
        if inner.startswith(first) and (rest := inner.removeprefix(first).lstrip()).startswith(between):
            yield first, rest.removeprefix(between).strip()
