"""``bpviz cost``: why backpropagation is cheap, in counted multiplications and measured time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bpviz import proof
from bpviz.cli.options import chosen_session, progress_bar, project_options
from bpviz.cli.rows import read_rows
from bpviz.errors import one_line
from bpviz.training.cost_words import HEADER, TITLE, cost_rows, cost_sentences

if TYPE_CHECKING:
    from bpviz.training.cost_figures import Along
    from bpviz.training.costs import GradientCosts

_GAP: Final = "   "


@click.command("cost")
@project_options
@click.option("--rows", metavar="A:B", default="0:1", help="Training examples, as a Python slice. [0:1]")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--depth-plot",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Write how counts grow with depth, as png, svg, pdf or csv.",
)
@click.option("--width-plot", metavar="PATH", type=click.Path(path_type=Path), help="The same for the width.")
@click.option("--dark", is_flag=True, help="Draw plots on a dark ground.")
def cost_command(
    file: Path | None,
    example: str | None,
    rows: str,
    as_json: bool,
    depth_plot: Path | None,
    width_plot: Path | None,
    dark: bool,
) -> None:
    """Say what the same gradient costs by backprop, by multiplying forward and by finite differences.

    It is the gradient of the run as saved in FILE, or of the start; computed in float64.  Multiplications are
    counted, time is measured.
    """
    chosen = read_rows(rows)
    run = chosen_session(file, example)
    with progress_bar("Measuring", int(run.compiled.plan.present.sum())) as progress:
        found = proof.gradient_costs(run, chosen, progress=lambda done, _: progress(done))
    wanted: dict[Along, Path | None] = {"depth": depth_plot, "width": width_plot}
    plots = {along: path for along, path in wanted.items() if path is not None}
    for along, path in plots.items():
        proof.export_figure(proof.cost_figure(run, along), path, dark=dark)
    if as_json:
        click.echo(json.dumps(_document(found), indent=1))
    else:
        click.echo(f"{TITLE}: {one_line(run.project.title) or 'Project'}\n")
        for line in (*_table([HEADER, *cost_rows(found)]), "", *cost_sentences(found)):
            click.echo(line)
    for path in plots.values():
        click.echo(f"wrote {path}", err=as_json)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(
            f"{cell:<{width}}" if at == 0 else f"{cell:>{width}}"
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _document(found: GradientCosts) -> dict[str, Any]:
    return {
        "examples": found.examples,
        "layers": list(found.shape.sizes),
        "connections": found.shape.pairs,
        "parameters": found.shape.parameters,
        "methods": {
            cost.method: {
                "multiplications": cost.multiplications,
                "seconds": cost.seconds,
                "timed": cost.timed,
                "difference": cost.error,
            }
            for cost in found.methods
        },
    }
