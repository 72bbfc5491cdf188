"""The options that say how a table is to be read, and reading it so: what was found is said on stderr."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from bpviz.cli.options import at_least, progress_bar
from bpviz.data.opening import choices_of
from bpviz.data.readers.encodings import ENCODINGS
from bpviz.data.readers.headers import MOST_HEADERS
from bpviz.data.tables import TableReading, read_chosen

F = TypeVar("F", bound=Callable[..., object])

_NAMES: Final = ("delimiter", "decimal", "encoding", "header", "skip", "sheet", "comment")
_PERCENT: Final = 100


def reading_options(function: F) -> F:
    """Add the options; what was given of them comes as ``reading``, None if nothing was."""

    @wraps(function)
    def gather(*args: Any, **given: Any) -> object:
        own = {name: given.pop(name) for name in _NAMES}
        kept = {name: value for name, value in own.items() if value is not None}
        return function(*args, reading=kept or None, **given)

    named = gather
    for option in reversed(
        (
            click.option(
                "--delimiter", metavar="SIGN", help="Between its cells: , ; | tab, space or fixed. [found]"
            ),
            click.option("--decimal", metavar="SIGN", help="Before its decimals: . or , [found]"),
            click.option(
                "--encoding",
                metavar="NAME",
                help=f"Of its text: {', '.join(list(ENCODINGS)[:2])}, cp1252, ... [found]",
            ),
            click.option(
                "--header", metavar="N", help=f"Rows of names it has, 0 to {MOST_HEADERS}, or none. [found]"
            ),
            click.option(
                "--skip", metavar="N", type=int, callback=at_least(0), help="Lines above it. [found]"
            ),
            click.option(
                "--sheet", metavar="NAME", help="Of a workbook, by name or number. [the first with rows]"
            ),
            click.option(
                "--comment", metavar="SIGN", help="What lines that are no rows begin with, or none. [found]"
            ),
        )
    ):
        named = option(named)
    return named  # type: ignore[return-value]  # it takes what the function takes, and the options


def read_with_progress(path: Path, reading: Mapping[str, Any] | None) -> TableReading:
    """Read a table under a progress bar.

    Raises:
        BpvizError: If it can't be read, or is no table.
    """
    choices = choices_of(**(reading or {}))
    with progress_bar("Reading", _PERCENT) as progress:
        return read_chosen(path, choices, tell=lambda done, of: progress(_PERCENT * done / max(of, 1)))


def tell_reading(read: TableReading) -> None:
    """Say on stderr how a table was read."""
    click.echo(f"{read.table.name}: {read.message}", err=True)
