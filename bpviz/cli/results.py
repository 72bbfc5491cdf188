"""What ``bpviz train`` leaves behind: weights, plots and the project in a folder, or the project alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

from bpviz import api
from bpviz.cli.options import split_list
from bpviz.errors import FileError, SettingError
from bpviz.files.figures import FIGURE_FORMATS, write_figure
from bpviz.files.project import save_project
from bpviz.files.runs import saved_run
from bpviz.files.safe import check_place, check_target, make_folder
from bpviz.files.weights import WEIGHT_FORMATS
from bpviz.model.spec import Project
from bpviz.training.figures import PLOTS, Plot, plot_and_view
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline_words import kept_text


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


@dataclass(frozen=True, slots=True)
class Places:
    """What is to be written, and where.

    Attributes:
        out: A folder for all of it.
        save: A file for the project with its run.
        formats: Entries of `WEIGHT_FORMATS`, for the folder.
        pictures: Plots, for the folder.
        every_plot: Plots that have nothing to show are left out; otherwise they are refused.
        keep: MB for moments of a `Run`; None saves none.
    """

    out: Path | None
    save: Path | None
    formats: tuple[str, ...]
    pictures: tuple[Wish, ...]
    every_plot: bool
    keep: float | None

    @classmethod
    def of(
        cls,
        out: Path | None,
        save: Path | None,
        weights: str | None,
        plots: str | None,
        keep: float | None,
    ) -> Places:
        """Read the options, and find faults before the training.

        Raises:
            UsageError: If there is nowhere to write what is asked for.
            UnknownNameError: If there is no such format or plot.
            FileError: If something can't be written there.
        """
        formats = split_list(weights, "npz")
        pictures = tuple(Wish.of(word) for word in split_list(plots, ",".join(PLOTS)))
        for name in formats:
            _ = WEIGHT_FORMATS[name]  # a wrong name is said now, not after the training
        if out is None and (weights is not None or plots is not None):
            raise click.UsageError("--weights and --plots write files; say where with --out DIR.")
        if out is None and save is None and keep is not None:
            raise click.UsageError("--keep-moments writes files; say where with --out DIR or --save FILE.")
        places = cls(out, save, formats, pictures, plots is None, keep)
        if out is not None:
            _prepare_folder(out)
        for path in places.planned:
            check_target(path)
        if save is not None:
            check_place(save)
        return places

    @property
    def planned(self) -> list[Path]:
        """The files that will be written: weights, plots, then the projects."""
        files = [] if self.out is None else [self.out / name for name in self._in_folder]
        return files if self.save is None else [*files, self.save]

    @property
    def projects(self) -> list[Path]:
        """Those of them that hold the project."""
        places = [None if self.out is None else self.out / self._in_folder[-1], self.save]
        return list(filter(None, places))

    @property
    def _in_folder(self) -> tuple[str, ...]:
        weights = (f"weights{WEIGHT_FORMATS[name].suffix}" for name in self.formats)
        return (*weights, *(wish.file for wish in self.pictures), "project.bpviz")

    def refuse_plots_without_data(self, project: Project) -> None:
        """Say before the training which plots these data can't have.

        Raises:
            SettingError: If one was asked for that they can't.
        """
        for wish in () if self.every_plot else self.pictures:
            if not wish.plot.applies(project):
                fitting = ", ".join(plot.name for plot in PLOTS.values() if plot.applies(project))
                raise SettingError(f"These data have no plot {wish.plot.name!r}; choose among {fitting}.")

    def write(self, run: Session | Run) -> list[Path]:
        """Write all of it, and return what was written.

        Raises:
            FileError: If a file can't be written, or a plot that was asked for has nothing to show.
        """
        files = []
        if self.out is not None:
            weights = [self.out / name for name in self._in_folder[: len(self.formats)]]
            for name, path in zip(self.formats, weights, strict=True):
                api.export_weights(run, path, name)
                files.append(path)
            for wish in self.pictures:
                figure = api.figure(run, wish.name)
                if self.every_plot and figure.is_empty:
                    continue
                write_figure(figure, self.out / wish.file, wish.kind)
                files.append(self.out / wish.file)
        for project in self.projects:
            self._save(run, project)
            files.append(project)
        return files

    def _save(self, run: Session | Run, path: Path) -> None:
        if not isinstance(run, Run) or self.keep is None:
            api.save(path, run)
            return
        saved = saved_run(run, self.keep)
        save_project(path, saved)
        if saved.timeline is not None:
            click.echo(f"kept {kept_text(saved.timeline)}, {saved.timeline.nbytes / 1e6:.2f} MB", err=True)


def session_of(run: Session | Run) -> Session:
    """Return the session that a run leads about."""
    return run.session if isinstance(run, Run) else run


def _prepare_folder(out: Path) -> None:
    """Find out before the training whether its results can be written."""
    make_folder(out)
    if not os.access(out, os.W_OK | os.X_OK):
        raise FileError(f"Can't write into {out}: you may not write there; choose another folder.", out)
