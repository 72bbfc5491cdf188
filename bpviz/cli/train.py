"""``bpviz train``: a run without a window, from a project to weights and plots in a folder."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from bpviz import api
from bpviz.cli.making import Wanted, wanted_project
from bpviz.cli.options import (
    at_least,
    keep_the_run,
    keep_what_is_read,
    progress_bar,
    project_options,
    reopened,
)
from bpviz.cli.reading_options import reading_options
from bpviz.cli.results import Places, session_of
from bpviz.cli.settings import GroupedCommand, settings_options
from bpviz.engine.kernels.engine import program_for
from bpviz.engine.kernels.loader import prepare
from bpviz.errors import counted, grouped, one_line
from bpviz.files.runs import KEPT_MB, saved_run
from bpviz.model.compile import compile_network
from bpviz.model.edits import end_after
from bpviz.model.problems import require_runnable, warnings
from bpviz.model.spec import Project
from bpviz.training.paths import best_engine
from bpviz.training.run import Run
from bpviz.training.session import Session

DEFAULT_EPOCHS = 100
"""For projects that have no stop rule for epochs themselves."""


def _megabytes(_: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Read how much room moments may take."""
    if value is None:
        return None
    try:
        return float(value)
    except ValueError:
        name, usual = parameter.opts[0], f"{KEPT_MB:g}"
        raise click.UsageError(
            f"{name} can't be {value!r}; write how many MB, as {name} {usual}, or put it last."
        ) from None


@click.command("train", cls=GroupedCommand)
@project_options
@click.option("--data", metavar="CSV", help="Learn from a table of your own, or a data set by its name.")
@click.option("--target", metavar="COLUMNS", help="The column of that table to learn; several by commas.")
@click.option("--classes", metavar="LIST", help="All classes of that column, by commas. [those in its rows]")
@click.option("--features", metavar="COLUMNS", help="The only columns to learn from. [those that suit]")
@click.option("--categorical", metavar="COLUMNS", help="Columns that get an input for each value.")
@click.option("--ignore", metavar="COLUMNS", help="Columns to leave out.")
@click.option(
    "--missing",
    metavar="[COLUMN=]HOW",
    multiple=True,
    help="refuse or drop rows that lack a value, or fill in the mean, median or frequent; again for another "
    "column. [refuse]",
)
@click.option("--drop-missing", is_flag=True, help="Leave out rows of that table that lack a value.")
@click.option("--image", metavar="RxC", help="Each of those rows is an image, such as 28x28.")
@click.option("--network", metavar="SIZES", help="Other hidden layers, such as 8-8, or none.")
@click.option("--activation", metavar="NAME", help="Of the hidden layers.")
@click.option("--epochs", metavar="N", type=int, callback=at_least(1), help="How often to see all examples.")
@click.option("--seed", metavar="S", type=int, callback=at_least(0), help="Another seed than the project's.")
@click.option("--engine", metavar="NAME", help="reference or kernel; the fastest by default.")
@click.option("--continue", "go_on", is_flag=True, help="Go on with the run saved in FILE.")
@click.option(
    "--keep-moments",
    "keep",
    metavar="[MB]",
    is_flag=False,
    flag_value=f"{KEPT_MB:g}",
    callback=_megabytes,
    help=f"Save moments of the run in that room, so that any step can be had. [{KEPT_MB:g}]",
)
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Where to write the results.")
@click.option("--save", metavar="FILE", type=click.Path(path_type=Path), help="Save project and run there.")
@click.option("--weights", metavar="LIST", help="npz, safetensors, json, csv; by commas, or none. [npz]")
@click.option(
    "--plots", metavar="LIST", help="loss, loss:log, deltas:sizes.svg, ...; by commas, or none. [all, as png]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@reading_options
@settings_options
def train_command(
    file: Path | None,
    example: str | None,
    epochs: int | None,
    engine: str | None,
    go_on: bool,
    keep: float | None,
    out: Path | None,
    save: Path | None,
    weights: str | None,
    plots: str | None,
    as_json: bool,
    **making: Any,
) -> None:
    """Train the project FILE, an example, or a network made for --data; print its figures.

    The run begins anew, so that the same project and seed print the same figures every time.
    """
    places = Places.of(out, save, weights, plots, keep)
    wanted = Wanted.of(file, example, making)
    for path in places.planned:
        keep_what_is_read(path, wanted.data, None if path in places.projects else file)
    if not go_on:
        keep_the_run(places.projects, file)
    what: Project | Session | Run
    if go_on:
        if file is None or wanted.changes:
            raise click.UsageError(
                "--continue goes with a saved FILE, and without --data, --seed and other settings."
            )
        run, saved = reopened(file, engine)
        if keep is None and saved.timeline is not None and places.projects:
            keep, places = KEPT_MB, replace(places, keep=KEPT_MB)
        begun = run.session
        what = begun if keep is None else run
        project, engine, limit, done = begun.project, begun.path, epochs or DEFAULT_EPOCHS, int(begun.epoch)
    else:
        what = project = wanted_project(wanted)
        limit, done = epochs or project.training.stop.epochs or DEFAULT_EPOCHS, 0
    places.refuse_plots_without_data(project)
    for sentence in warnings(project):
        click.echo(sentence, err=True)
    _prepare(project, engine or best_engine())
    if isinstance(what, Project) and keep is not None:
        what = api.run(end_after(what, limit), engine=engine)
    trained, seconds = _train(what, limit, engine, keep, done + limit)
    metrics = summary(session_of(trained))
    _print(metrics, places.write(trained), seconds, as_json=as_json)


def summary(run: Session) -> dict[str, Any]:
    """Say what came of a run, in values that JSON can hold; the same for the same project and seed."""
    metrics = run.metrics
    return {
        "title": run.project.title,
        "seed": run.project.training.seed,
        "engine": run.path,
        "epochs": run.epoch,
        "steps": run.step,
        "train_loss": metrics.train_loss,
        "test_loss": metrics.test_loss,
        "train_accuracy": metrics.train_accuracy,
        "test_accuracy": metrics.test_accuracy,
        "stopped": run.stopped,
    }


def _prepare(project: Project, engine: str) -> None:
    """Have the engine ready before the training, whose speed is told."""
    require_runnable(project)
    if engine == "kernel":
        plan = compile_network(project.network).plan
        prepare(program_for(plan, project.training.precision), lambda remark: click.echo(remark, err=True))


def _train(
    what: Project | Session | Run, epochs: int, engine: str | None, keep: float | None, goal: int
) -> tuple[Session | Run, float]:
    """Train under a progress bar; returns the run and how many seconds it took."""
    if isinstance(what, Run) and keep is not None:
        saved_run(what, keep)  # says now, not after the training, if there is too little room for moments
    began = perf_counter()
    run: Session | Run
    with progress_bar("Training", goal) as progress:
        if isinstance(what, Run):
            run = api.train(what, epochs, progress=progress)
        else:
            run = api.train(what, epochs, engine=engine, progress=progress)
    return run, perf_counter() - began


def _print(metrics: dict[str, Any], files: list[Path], seconds: float, *, as_json: bool) -> None:
    if as_json:
        # JSON has no word for the loss of a run that left the finite numbers.
        known = {key: value for key, value in metrics.items() if not _is_lost(value)}
        document = {**dict.fromkeys(metrics), **known, "files": [str(path) for path in files]}
        click.echo(json.dumps(document, indent=1, allow_nan=False))
        return
    click.echo(_line(metrics))
    for path in files:
        click.echo(f"wrote {path}")
    speed = metrics["steps"] / seconds if seconds else 0.0
    click.echo(f"{seconds:.1f} s, {grouped(speed, '.0f')} steps/s", err=True)


def _is_lost(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _line(metrics: dict[str, Any]) -> str:
    """Write the metrics of a run as one line."""
    parts = [
        f"{metrics['epochs']:g} epoch{'' if metrics['epochs'] == 1 else 's'}",
        counted(metrics["steps"], "step"),
    ]
    parts += [
        f"{part} loss {metrics[f'{part}_loss']:.6g}"
        for part in ("train", "test")
        if metrics[f"{part}_loss"] is not None
    ]
    parts += [
        f"{part} accuracy {100 * metrics[f'{part}_accuracy']:.2f} %"
        for part in ("train", "test")
        if metrics[f"{part}_accuracy"] is not None
    ]
    line = f"{one_line(metrics['title']) or 'Project'}: {', '.join(parts)}"
    return f"{line}. {metrics['stopped']}" if metrics["stopped"] else line
