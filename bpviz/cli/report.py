"""``bpviz report``: one page about a saved run."""

from __future__ import annotations

from pathlib import Path

import click

from bpviz.cli.options import at_option, chosen_moment, chosen_session, progress_bar, project_options
from bpviz.reporting import report


@click.command("report")
@project_options
@at_option
@click.option(
    "--out", metavar="PAGE", type=click.Path(path_type=Path), required=True, help="The .html or .md file."
)
def report_command(file: Path | None, example: str | None, step: int | None, out: Path) -> None:
    """Write a page about the run saved in FILE: network, settings, plots, results and weights.

    As .html it is one file that needs nothing beside it, for a browser or a printer; as .md it has its
    pictures in a folder beside it.
    """
    run = chosen_session(file, example) if step is None else chosen_moment(file, example, step)
    with progress_bar("drawing", 100) as tell:
        written = report(run, out, progress=lambda done, of: tell(100 * done / of))
    for path in written:
        click.echo(f"wrote {path}")
