"""The options that say how a table is to be read, and reading it so: what was found is said on stderr."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from bpviz.cli.options import at_least, progress_bar
from bpviz.data.opening import choices_of, read_named
from bpviz.data.readers.encodings import ENCODINGS
from bpviz.data.readers.headers import MOST_HEADERS
from bpviz.data.tables import TableReading

F = TypeVar("F", bound=Callable[..., object])

_OPTIONS: Final = {
    "delimiter": ("SIGN", "Between the cells of a row: , ; | tab, space or fixed."),
    "decimal": ("SIGN", "Before the decimals: . or ,"),
    "encoding": ("NAME", f"Of a text: {', '.join(list(ENCODINGS)[:2])}, cp1252, ..."),
    "header": ("N", f"How many rows of names there are, 0 to {MOST_HEADERS}, or none."),
    "skip": ("N", "How many lines stand above the table."),
    "sheet": ("NAME", "Of a workbook, by its name or number."),
    "comment": ("SIGN", "What lines that are no rows begin with, or none."),
    "gaps": (
        "[COLUMN=]WORDS",
        "What counts as missing beside empty cells, by commas, or none; again for another column.",
    ),
}
"""For each option its value and what the help says of it."""
_CHECKS: Final[Mapping[str, dict[str, Any]]] = {
    "skip": {"type": int, "callback": at_least(0)},
    "gaps": {"multiple": True},
}
_PERCENT: Final = 100


class _ReadingOption(click.Option):
    """An option below the heading that `bpviz.cli.settings.GroupedCommand` writes for its group."""

    group = "Reading a table"


def reading_options(function: F) -> F:
    """Add the options; what was given of them comes as ``reading``, None if nothing was."""

    @wraps(function)
    def gather(*args: Any, **given: Any) -> object:
        own = {name: given.pop(name) for name in _OPTIONS}
        own["gaps"] = by_column(own["gaps"]) or None
        kept = {name: value for name, value in own.items() if value is not None}
        return function(*args, reading=kept or None, **given)

    named = gather
    for name, (metavar, about) in reversed(_OPTIONS.items()):
        checks = _CHECKS.get(name, {})
        option = click.option(
            f"--{name}", cls=_ReadingOption, metavar=metavar, help=f"{about} [found]", **checks
        )
        named = option(named)
    return named  # type: ignore[return-value]  # it takes what the function takes, and the options


def by_column(given: Sequence[str]) -> dict[str, str]:
    """Part what was said of columns, ``age=median``, from what was said of all, under ""."""
    said = {}
    for text in given:
        name, _, choice = text.rpartition("=")
        said[name] = choice
    return said


def read_with_progress(path: Path, reading: Mapping[str, Any] | None) -> TableReading:
    """Read a table under a progress bar.

    Raises:
        BpvizError: If it can't be read, or is no table.
    """
    choices = choices_of(**(reading or {}))
    with progress_bar("Reading", _PERCENT) as progress:
        return read_named(path, choices, tell=lambda done, of: progress(_PERCENT * done / max(of, 1)))


def reading_remark(read: TableReading) -> str:
    """What stderr says of how a table was read."""
    return f"{read.table.name}: {read.message}"
