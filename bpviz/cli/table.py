"""``bpviz table``: how a table is read, before anything is learned from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from bpviz.cli.options import at_least
from bpviz.cli.reading_options import read_with_progress, reading_options, reading_remark
from bpviz.cli.settings import GroupedCommand
from bpviz.errors import elided, one_line

_SHOWN: Final = 10
_WIDEST: Final = 24
_GAP: Final = "  "
_NONE: Final = "–"


@click.command("table", cls=GroupedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@reading_options
@click.option(
    "--rows",
    metavar="N",
    type=int,
    default=_SHOWN,
    callback=at_least(0),
    help=f"How many to show. [{_SHOWN}]",
)
@click.option("--json", "as_json", is_flag=True, help="Print it all as JSON.")
def table_command(file: Path, rows: int, reading: Mapping[str, Any] | None, as_json: bool) -> None:
    """Show the first rows of the table in FILE, and say how it was read.

    FILE is text such as CSV, a workbook, Parquet, Arrow, ARFF, JSON, LIBSVM, an array of NumPy or IDX, also
    packed by gzip.  Where it was read wrong, an option puts it right, here and in bpviz train.
    """
    read = read_with_progress(file, reading)
    click.echo(reading_remark(read), err=True)
    table = read.table
    if as_json:
        found = {name: value for name, value in asdict(read.found).items() if value not in ("", (), 0, False)}
        document = {"name": table.name, "columns": table.columns, "rows": list(table.rows), "read": found}
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    for line in _lines(table.columns, table.rows[:rows]):
        click.echo(line)


def _lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows below their names, in columns; a missing value is a dash."""
    cells = [[elided(one_line(cell), _WIDEST) or _NONE for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield _GAP.join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
