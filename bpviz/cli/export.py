"""``bpviz export`` and ``bpviz render``: take things away from a saved project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bpviz import api, pictures
from bpviz.cli.options import at_option, chosen_moment, chosen_project, chosen_session, project_options
from bpviz.cli.picturing import curve_options, part, picture_options, wanted
from bpviz.errors import DataError, ModelError


@click.command("export")
@project_options
@click.option("--weights", metavar="FORMAT", help="The weights, as npz, safetensors, json or csv.")
@click.option("--plot", metavar="NAME", help="A plot, such as loss; bpviz plots lists them.")
@click.option(
    "--as", "kind", metavar="FORMAT", help="Of the plot: png, svg, pdf or csv. [by the name of --out]"
)
@picture_options
@curve_options
@click.option("--log", "look", flag_value="log", help="Of curves: a logarithmic axis. [what suits the plot]")
@click.option("--linear", "look", flag_value="linear", help="Of curves: a linear axis.")
@click.option(
    "--sizes", "look", flag_value="sizes", help="Of deltas: how large they are, whatever their sign."
)
@at_option
@click.option(
    "--out", metavar="PATH", type=click.Path(path_type=Path), required=True, help="The file to write."
)
def export_command(
    file: Path | None,
    example: str | None,
    weights: str | None,
    plot: str | None,
    kind: str | None,
    look: str | None,
    step: int | None,
    out: Path,
    smooth: float | None,
    x_range: str | None,
    y_range: str | None,
    **picture: Any,
) -> None:
    """Write the weights or a plot of the run saved in FILE, as it stands or as it was at a step."""
    if (weights is None) == (plot is None):
        raise click.UsageError("Name one thing to write: --weights FORMAT or --plot NAME.")
    of_plot = (kind, look, smooth, x_range, y_range, *picture.values())
    if weights is not None and any(given not in (None, False) for given in of_plot):
        raise click.UsageError("How a picture looks goes with --plot, not with --weights.")
    run = chosen_session(file, example) if step is None else chosen_moment(file, example, step)
    if weights is not None:
        api.export_weights(run, out, weights)
    else:
        name, seen = ":".join(filter(None, (plot, look))), {"x": part(x_range), "y": part(y_range)}
        pictures.export_plot(run, name, out, kind, smooth=smooth or 0.0, **seen, **wanted(**picture))
    click.echo(f"wrote {out}")


@click.command("render")
@project_options
@picture_options
@at_option
@click.option(
    "--out", metavar="PICTURE", type=click.Path(path_type=Path), required=True, help="PNG, SVG, PDF or TEX."
)
def render_command(
    file: Path | None, example: str | None, step: int | None, out: Path, **picture: Any
) -> None:
    """Draw the network of FILE, its weights as colors and widths, without a window."""
    settings = wanted(**picture)
    if step is not None:
        pictures.draw(chosen_moment(file, example, step), out, **settings)
    else:
        try:
            pictures.draw(chosen_session(file, example), out, **settings)
        except (ModelError, DataError):  # a drawing that can't run yet can still be drawn
            pictures.draw(chosen_project(file, example), out, **settings)
    click.echo(f"wrote {out}")
