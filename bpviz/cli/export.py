"""``bpviz export`` and ``bpviz render``: take things away from a saved project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bpviz import api, pictures
from bpviz.cli.options import (
    at_option,
    chosen_moment,
    chosen_project,
    chosen_session,
    keep_what_is_read,
    project_options,
)
from bpviz.cli.picturing import curve_options, part, picture_options, wanted
from bpviz.errors import DataError, ModelError
from bpviz.files.code.account import MOMENTS, Moment
from bpviz.files.onnx_model import IN_SINGLE, in_single
from bpviz.programs import export_code, export_model


@click.command("export")
@project_options
@click.option("--weights", metavar="FORMAT", help="The weights, as npz, safetensors, json or csv.")
@click.option("--plot", metavar="NAME", help="A plot, such as loss; bpviz plots lists them.")
@click.option(
    "--code", metavar="FRAMEWORK", help="A program that trains the same network: numpy, torch or keras."
)
@click.option(
    "--from",
    "since",
    type=click.Choice(MOMENTS),
    help="Of the program: with the weights of the run's start, or those it has now. [now]",
)
@click.option("--model", metavar="KIND", help="A model that answers rows of the table elsewhere: onnx.")
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
    code: str | None,
    since: Moment | None,
    model: str | None,
    kind: str | None,
    look: str | None,
    step: int | None,
    out: Path,
    smooth: float | None,
    x_range: str | None,
    y_range: str | None,
    **picture: Any,
) -> None:
    """Write weights, a plot, a program or a model of the run saved in FILE, as it is or was at a step."""
    if sum(each is not None for each in (weights, plot, code, model)) != 1:
        raise click.UsageError(
            "Name one thing to write: --weights FORMAT, --plot NAME, --code FRAMEWORK or --model KIND."
        )
    of_plot = (kind, look, smooth, x_range, y_range, *picture.values())
    if plot is None and any(given not in (None, False) for given in of_plot):
        raise click.UsageError("How a picture looks goes with --plot alone.")
    if code is None and since is not None:
        raise click.UsageError("--from goes with --code.")
    keep_what_is_read(out, file)
    run = chosen_session(file, example) if step is None else chosen_moment(file, example, step)
    written: tuple[Path, ...] = (out,)
    if weights is not None:
        api.export_weights(run, out, weights)
    elif code is not None:
        written = export_code(run, out, code, since=since or "now")
    elif model is not None:
        click.echo(export_model(run, out, model), err=True)
        if in_single(run.compiled.plan):
            click.echo(IN_SINGLE, err=True)
    else:
        name, seen = ":".join(filter(None, (plot, look))), {"x": part(x_range), "y": part(y_range)}
        pictures.export_plot(run, name, out, kind, smooth=smooth or 0.0, **seen, **wanted(**picture))
    for path in written:
        click.echo(f"wrote {path}")


@click.command("render")
@project_options
@picture_options
@at_option
@click.option(
    "--out",
    metavar="PICTURE",
    type=click.Path(path_type=Path),
    required=True,
    help="PNG, SVG, PDF, TEX or DOT.",
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
