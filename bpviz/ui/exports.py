"""What the File menu writes for others to read: weights, plots, and the drawing of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bpviz.files.code.account import Moment, account
from bpviz.files.code.files import Program, program, write_program
from bpviz.files.diagram import PICTURE_FORMATS, draw_network
from bpviz.files.figures import FIGURE_FORMATS, write_figure
from bpviz.files.onnx_model import onnx_content
from bpviz.files.safe import write_atomically
from bpviz.files.weights import WEIGHT_FORMATS, weight_export
from bpviz.training.figures import PLOTS, Figure
from bpviz.training.report import Report
from bpviz.ui.document import Document
from bpviz.ui.file_commands import FileCommands
from bpviz.ui.panels.code_dialog import CodeDialog
from bpviz.ui.panels.questions import Kinds
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

_MODEL: Final = ".onnx"
_WEIGHTS: Final[Kinds] = (
    *((entry.label, entry.suffix) for entry in WEIGHT_FORMATS.values()),
    ("ONNX model", _MODEL),
)
_FIGURES: Final[Kinds] = tuple((entry.label, entry.suffix) for entry in FIGURE_FORMATS.values())
_PROGRAMS: Final[Kinds] = (("Python program", ".py"),)
_PICTURES: Final[Kinds] = tuple((entry.label, f".{entry.name}") for entry in PICTURE_FORMATS.values())


class Exports(QObject):
    """Asks for a file, then for the run, and writes.

    Args:
        files: Knows whom to ask, and that nothing is closed before all is written.
        document: What is drawn.
        controller: Its run.
        theme: In whose colors it is drawn.
        as_shown: How the user chose to see a figure; for plots that are exported from the menu.
    """

    def __init__(
        self,
        files: FileCommands,
        document: Document,
        controller: TrainingController,
        theme: Theme,
        as_shown: Callable[[Figure], Figure],
    ) -> None:
        super().__init__(files)
        self._as_shown = as_shown
        self._files, self._document, self._controller, self._theme = files, document, controller, theme

    def weights(self) -> None:
        """Ask for a file and write the trained network to it."""
        path = self._files.ask_target("Export weights", "-weights", _WEIGHTS)
        if path is not None:
            self._with_report("Export weights", frozenset(), lambda report: self._write_weights(path, report))

    def code(self) -> None:
        """Show the run as a program, to copy or to save."""
        self._with_report("Export code", frozenset(), self._show_code)

    def plot(self, name: str) -> None:
        """Ask for a file and write a plot of the run as it stands."""
        plot = PLOTS[name]

        def write(report: Report) -> Path | None:
            return self._write_figure(self._as_shown(plot.figure(report.snapshot)))

        self._with_report("Export plot", plot.wants, write)

    def figure(self, figure: Figure) -> None:
        """Ask for a file and write a plot as it is shown."""
        self._files.attempt("Export plot", lambda: self._said(self._write_figure(figure)))

    def formula(self, drawn: Mapping[str, bytes]) -> None:
        """Ask for a file and write a picture of a formula to it.

        Args:
            drawn: By suffix of the file what belongs into it.
        """
        title = "Save formula"
        kinds = tuple((f"{suffix[1:].upper()} picture", suffix) for suffix in drawn)
        path = self._files.ask_target(title, "-formula", kinds)
        if path is not None:
            self._files.attempt(title, lambda: self._said(_written(path, drawn)))

    def network(self) -> None:
        """Ask for a file and draw the network into it, with the weights of the run."""
        title = "Export network picture"
        path = self._files.ask_target(title, "-network", _PICTURES)
        if path is None:
            return

        def draw(report: Report | None) -> None:
            self._files.attempt(title, lambda: self._draw(path, report))

        self._files.ask_run(frozenset(), draw)

    def _with_report(self, title: str, wants: frozenset[str], write: Callable[[Report], Path | None]) -> None:
        def answer(report: Report | None) -> None:
            if report is None:
                sentence = f"There is no run to export: {self._controller.problem}"
                self._files.questions.tell(title, sentence)
            else:
                self._files.attempt(title, lambda: self._said(write(report)))

        self._files.ask_run(wants, answer)

    def _write_weights(self, path: Path, report: Report) -> Path:
        snapshot = report.snapshot
        assert snapshot.parameters is not None  # a report always asks for them
        if path.suffix.lower() == _MODEL:
            made = onnx_content(snapshot.compiled, snapshot.parameters, report.prepared, self._document.title)
            write_atomically(path, made)
            return path
        export = weight_export(
            snapshot.compiled,
            snapshot.parameters,
            report.prepared,
            title=self._document.title,
            step=snapshot.step,
        )
        kind = next(entry for entry in WEIGHT_FORMATS.values() if entry.suffix == path.suffix.lower())
        kind.write(path, export)
        return path

    def _show_code(self, report: Report) -> None:
        def written(framework: str, since: Moment) -> Program:
            return program(account(report.project, report.prepared, report.state, since), framework)

        window = self._files.parent()
        dialog = CodeDialog(written, report.state.step, window if isinstance(window, QWidget) else None)
        dialog.save_wanted.connect(partial(self._save_code, report))
        dialog.exec()
        dialog.deleteLater()

    def _save_code(self, report: Report, framework: str, since: Moment) -> None:
        path = self._files.ask_target("Export code", f"-{framework}", _PROGRAMS)
        if path is not None:
            found = account(report.project, report.prepared, report.state, since)
            self._files.attempt("Export code", lambda: self._said(write_program(found, framework, path)[0]))

    def _write_figure(self, figure: Figure) -> Path | None:
        path = self._files.ask_target("Export plot", f"-{figure.name}", _FIGURES)
        if path is not None:
            write_figure(figure, path, palette=self._theme.palette)
        return path

    def _draw(self, path: Path, report: Report | None) -> None:
        values = None
        if report is not None and report.snapshot.parameters is not None:
            compiled = report.snapshot.compiled
            values = {
                address: float(report.snapshot.parameters[compiled.index(address)])
                for address in compiled.addresses()
            }
        draw_network(self._document.project.network, path, values=values, palette=self._theme.palette)
        self._said(path)

    def _said(self, path: Path | None) -> None:
        if path is not None:
            self._files.message.emit(f"Wrote {name_text(path.name)} in {path.parent}.")


def _written(path: Path, drawn: Mapping[str, bytes]) -> Path:
    write_atomically(path, drawn[path.suffix.lower()])
    return path
