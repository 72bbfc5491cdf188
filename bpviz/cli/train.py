"""``bpviz train``: a run without a window, from a project to weights and plots in a folder."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from bpviz import api
from bpviz.cli.options import (
    at_least,
    chosen_project,
    progress_bar,
    project_options,
    reopened,
    split_list,
)
from bpviz.engine.kernels.engine import program_for
from bpviz.engine.kernels.loader import prepare
from bpviz.errors import FileError, SettingError, grouped, one_line
from bpviz.files.figures import FIGURE_FORMATS, write_figure
from bpviz.files.project import save_project
from bpviz.files.runs import KEPT_MB, saved_run
from bpviz.files.safe import check_target, make_folder
from bpviz.files.weights import WEIGHT_FORMATS
from bpviz.model.compile import compile_network
from bpviz.model.edits import end_after, set_training
from bpviz.model.problems import require_runnable, warnings
from bpviz.model.spec import Project
from bpviz.training.figures import PLOTS, Plot, plot_and_view
from bpviz.training.paths import best_engine
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline_words import kept_text

DEFAULT_EPOCHS = 100
"""For projects that have no stop rule for epochs themselves."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A plot that is to be written.

    Attributes:
        name: Plot, and how to see it, as for `bpviz.figure`.
        kind: Entry of `FIGURE_FORMATS`.
    """

    name: str
    kind: str

    @classmethod
    def of(cls, word: str) -> Wish:
        """Read ``loss``, ``loss.svg``, ``loss:log`` or ``loss:log.svg``, and find faults before training."""
        name, _, kind = word.partition(".")
        _ = plot_and_view(name)
        return cls(name, FIGURE_FORMATS[kind or "png"].name)

    @property
    def plot(self) -> Plot:
        """What is asked for."""
        return plot_and_view(self.name)[0]

    @property
    def file(self) -> str:
        """What its file is called."""
        return f"{self.name.replace(':', '-')}{FIGURE_FORMATS[self.kind].suffix}"


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


@click.command("train")
@project_options
@click.option(
    "--data", metavar="CSV", type=click.Path(path_type=Path), help="Learn from a table of your own."
)
@click.option("--target", metavar="COLUMNS", help="The column of that table to learn; several by commas.")
@click.option("--classes", metavar="LIST", help="All classes of that column, by commas. [those in its rows]")
@click.option("--drop-missing", is_flag=True, help="Leave out rows of that table that lack a value.")
@click.option("--image", metavar="RxC", help="Each of those rows is an image, such as 28x28.")
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
@click.option("--weights", metavar="LIST", help="npz, safetensors, json, csv; by commas, or none. [npz]")
@click.option(
    "--plots", metavar="LIST", help="loss, loss:log, deltas:sizes.svg, ...; by commas, or none. [all, as png]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def train_command(
    file: Path | None,
    example: str | None,
    data: Path | None,
    target: str | None,
    classes: str | None,
    drop_missing: bool,
    image: str | None,
    epochs: int | None,
    seed: int | None,
    engine: str | None,
    go_on: bool,
    keep: float | None,
    out: Path | None,
    weights: str | None,
    plots: str | None,
    as_json: bool,
) -> None:
    """Train the project FILE or an example; print its figures, and write results into --out.

    The run begins anew, so that the same project and seed print the same figures every time.
    """
    formats = split_list(weights, "npz")
    pictures = [Wish.of(word) for word in split_list(plots, ",".join(PLOTS))]
    for name in formats:
        _ = WEIGHT_FORMATS[name]  # a wrong name is said now, not after the training
    if out is None and any(wish is not None for wish in (weights, plots, keep)):
        raise click.UsageError("--weights, --plots and --keep-moments write files; say where with --out DIR.")
    if out is not None:
        _prepare_folder(out)
        for path in _planned(out, formats, pictures):
            check_target(path)
    what: Project | Session | Run
    if go_on:
        if file is None or data is not None or seed is not None:
            raise click.UsageError("--continue goes with a saved FILE, and without --data and --seed.")
        what = api.resume(file, engine=engine) if keep is None else reopened(file, engine)[0]
        begun = _session(what)
        project, engine, limit, done = begun.project, begun.path, epochs or DEFAULT_EPOCHS, int(begun.epoch)
    else:
        what = project = _project(
            file, example, data, target, classes, drop_missing=drop_missing, image=image, seed=seed
        )
        limit, done = epochs or project.training.stop.epochs or DEFAULT_EPOCHS, 0
    if plots is not None:
        _refuse_plots_without_data(pictures, project)
    for sentence in warnings(project):
        click.echo(sentence, err=True)
    _prepare(project, engine or best_engine())
    if isinstance(what, Project) and keep is not None:
        what = api.run(end_after(what, limit), engine=engine)
    run, seconds = _train(what, limit, engine, keep, done + limit)
    metrics = summary(_session(run))
    files = [] if out is None else write_results(run, out, formats, pictures, keep, every_plot=plots is None)
    _print(metrics, files, seconds, as_json=as_json)


def _session(run: Session | Run) -> Session:
    return run.session if isinstance(run, Run) else run


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


def write_results(
    run: Session | Run,
    out: Path,
    formats: tuple[str, ...],
    pictures: list[Wish],
    keep: float | None,
    *,
    every_plot: bool,
) -> list[Path]:
    """Write weights, plots and the project into a folder.

    Args:
        run: After training.
        out: The folder.
        formats: Entries of `WEIGHT_FORMATS`.
        pictures: Which plots, and how.
        keep: MB for moments of a `Run`.
        every_plot: Plots that have nothing to show are left out; otherwise they are refused.

    Raises:
        FileError: If a file can't be written, or a plot that was asked for has nothing to show.
    """
    *places, project = _planned(out, formats, pictures)
    files = []
    for name, path in zip(formats, places, strict=False):
        api.export_weights(run, path, name)
        files.append(path)
    for wish, path in zip(pictures, places[len(formats) :], strict=True):
        figure = api.figure(run, wish.name)
        if every_plot and figure.is_empty:
            continue
        write_figure(figure, path, wish.kind)
        files.append(path)
    if isinstance(run, Run) and keep is not None:
        saved = saved_run(run, keep)
        save_project(project, saved)
        if saved.timeline is not None:
            click.echo(f"kept {kept_text(saved.timeline)}, {saved.timeline.nbytes / 1e6:.2f} MB", err=True)
    else:
        api.save(project, run)
    return [*files, project]


def _planned(out: Path, formats: tuple[str, ...], pictures: list[Wish]) -> list[Path]:
    """Name the files that will be written: weights, plots, and the project as the last."""
    weights = [f"weights{WEIGHT_FORMATS[name].suffix}" for name in formats]
    return [out / name for name in (*weights, *(wish.file for wish in pictures), "project.bpviz")]


def _project(
    file: Path | None,
    example: str | None,
    data: Path | None,
    target: str | None,
    classes: str | None,
    *,
    drop_missing: bool,
    image: str | None,
    seed: int | None,
) -> Project:
    if (data is None) != (target is None):
        raise click.UsageError("--data CSV and --target COLUMNS go together.")
    if data is None and (drop_missing or classes is not None or image is not None):
        raise click.UsageError("--classes, --drop-missing and --image go with --data CSV.")
    project = chosen_project(file, example)
    if data is not None and target is not None:
        own = api.table(data, target, classes=classes or (), drop_missing=drop_missing, image=image)
        project = api.with_data(project, own)
    return project if seed is None else set_training(project, seed=seed)


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


def _refuse_plots_without_data(pictures: list[Wish], project: Project) -> None:
    """Say before the training which plots these data can't have."""
    for wish in pictures:
        if not wish.plot.applies(project):
            fitting = ", ".join(plot.name for plot in PLOTS.values() if plot.applies(project))
            raise SettingError(f"These data have no plot {wish.plot.name!r}; choose among {fitting}.")


def _prepare_folder(out: Path) -> None:
    """Find out before the training whether its results can be written."""
    make_folder(out)
    if not os.access(out, os.W_OK | os.X_OK):
        raise FileError(f"Can't write into {out}: you may not write there; choose another folder.", out)


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
    parts = [f"{metrics['epochs']:g} epochs", f"{grouped(metrics['steps'])} steps"]
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
