"""What the File menu writes for others to read: weights, plots, and the drawing of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from bpviz.drawing.shown import Shown
from bpviz.errors import FileError
from bpviz.files.diagram import PICTURE_FORMATS, draw_network, network_picture, require_nodes
from bpviz.files.figures import FIGURE_FORMATS, write_figure
from bpviz.files.onnx_inputs import Taken
from bpviz.files.onnx_model import onnx_content
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.safe import write_atomically
from bpviz.files.shown_network import WANTS, shown_network
from bpviz.files.weights import WEIGHT_FORMATS, weight_export
from bpviz.training.figures import PLOTS, Figure
from bpviz.training.report import Report
from bpviz.ui.canvas.views import ValueView
from bpviz.ui.document import Document
from bpviz.ui.file_commands import FileCommands
from bpviz.ui.panels.picture_dialog import Draw, PictureChoice, PictureDialog
from bpviz.ui.panels.questions import Kinds
from bpviz.ui.preferences import Preferences
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.texts import wrote_text
from bpviz.ui.theme import Theme

if TYPE_CHECKING:
    from bpviz.ui.programs import Programs
    from bpviz.ui.records import Records

_MODEL: Final = ".onnx"
_WEIGHTS: Final[Kinds] = (
    *((entry.label, entry.suffix) for entry in WEIGHT_FORMATS.values()),
    ("ONNX model", _MODEL),
)
_FIGURES: Final[Kinds] = tuple((entry.label, entry.suffix) for entry in FIGURE_FORMATS.values())
_PICTURES: Final[Kinds] = tuple((entry.label, f".{entry.name}") for entry in PICTURE_FORMATS.values())


class Exports(QObject):
    """Asks for a file, then for the run, and writes.

    Args:
        files: Knows whom to ask, and that nothing is closed before all is written.
        document: What is drawn.
        controller: Its run.
        theme: In whose colors it is drawn.
        as_shown: How the user chose to see a figure; for plots that are exported from the menu.
        view: What the network shows.
        preferences: What is remembered of pictures.

    What writes programs, reports and animations is loaded when it is first asked: the window does not wait.
    """

    def __init__(
        self,
        files: FileCommands,
        document: Document,
        controller: TrainingController,
        theme: Theme,
        as_shown: Callable[[Figure], Figure],
        view: Callable[[], ValueView],
        preferences: Preferences,
    ) -> None:
        super().__init__(files)
        self._view, self._preferences = view, preferences
        self._as_shown = as_shown
        self._files, self._document, self._controller, self._theme = files, document, controller, theme

    @cached_property
    def records(self) -> Records:
        """Writes reports and animations."""
        from bpviz.ui.records import Records  # see the class

        return Records(self._files, self._document, self._controller, self._theme)

    @cached_property
    def programs(self) -> Programs:
        """Shows runs as programs."""
        from bpviz.ui.programs import Programs  # see the class

        return Programs(self._files, self._document)

    def weights(self) -> None:
        """Ask for a file and write the trained network to it."""
        path = self._files.ask_target("Export weights", "-weights", _WEIGHTS)
        if path is not None:
            self._with_report("Export weights", frozenset(), lambda report: self._write_weights(path, report))

    def code(self) -> None:
        """Show the run as a program, to copy or to save."""
        self._with_report("Export code", frozenset(), lambda report: self.programs.show(report))

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

        def export(report: Report | None) -> None:
            self._files.attempt(title, lambda: self._draw(title, report))

        self._files.ask_run(self._network_wants, export)

    def copy_network(self) -> None:
        """Put the drawing of the network on the clipboard, made as pictures were the last time."""

        def copy(report: Report | None) -> None:
            draw, settings = self._drawer(report), PictureChoice.remembered(self._preferences).of(self._theme)

            def put() -> None:
                require_nodes(self._document.project.network)
                QGuiApplication.clipboard().setImage(QImage.fromData(draw("png", settings)))
                self._files.message.emit("Copied the picture of the network.")

            self._files.attempt("Copy network picture", put)

        self._files.ask_run(self._network_wants, copy)

    @property
    def _network_wants(self) -> frozenset[str]:
        return WANTS | {"trace"} if self._view().is_of_step else WANTS

    def _with_report(self, title: str, wants: frozenset[str], write: Callable[[Report], Path | None]) -> None:
        def answer(report: Report | None) -> None:
            if report is None:
                sentence = f"There is no run to export: {self._controller.problem}"
                self._files.questions.tell(title, sentence)
            else:
                self._files.attempt(title, lambda: self._said(write(report)))

        self._files.ask_run(wants, answer)

    def _write_weights(self, path: Path, report: Report) -> Path | None:
        snapshot = report.snapshot
        assert snapshot.parameters is not None  # a report always asks for them
        if path.suffix.lower() == _MODEL:
            data, title = report.project.data, self._document.title
            made = onnx_content(snapshot.compiled, snapshot.parameters, report.prepared, data, title)
            write_atomically(path, made)
            self._files.message.emit(f"{wrote_text(path)} {Taken.of(data, report.prepared)}")
            return None
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

    def _write_figure(self, figure: Figure) -> Path | None:
        if figure.is_empty:
            raise FileError(f"There is nothing in the plot {figure.title!r} yet: {figure.empty}")
        settings = self._ask_look(
            "Export plot", lambda kind, look: FIGURE_FORMATS[kind].content(figure, look)
        )
        path = None
        if settings is not None:
            path = self._files.ask_target("Export plot", f"-{figure.name}", _FIGURES)
        if path is not None and settings is not None:
            write_figure(figure, path, settings=settings)
        return path

    def _draw(self, title: str, report: Report | None) -> None:
        network, shown = self._document.project.network, self._shown(report)
        require_nodes(network)
        settings = self._ask_look(title, self._drawer(report))
        path = None if settings is None else self._files.ask_target(title, "-network", _PICTURES)
        if path is not None and settings is not None:
            draw_network(network, path, shown=shown, settings=settings)
            self._said(path)

    def _drawer(self, report: Report | None) -> Draw:
        network, shown = self._document.project.network, self._shown(report)
        return lambda kind, look: network_picture(network, kind, shown, look)

    def _shown(self, report: Report | None) -> Shown | None:
        """What the network shows in the window, of the run as it stands."""
        view = self._view()
        if report is None:
            return None
        return shown_network(
            report.snapshot, view.links, view.nodes, maps=view.maps, shares=view.shares, note=view.note
        )

    def _ask_look(self, title: str, draw: Draw) -> PictureSettings | None:
        """Ask how a picture is made; None if the user thinks better of it."""
        parent = self._files.parent()
        window = parent if isinstance(parent, QWidget) else None
        dialog = PictureDialog(title, draw, self._theme, self._preferences, window)
        return dialog.settings if self._files.questions.accepts(dialog) else None

    def _said(self, path: Path | None) -> None:
        if path is not None:
            self._files.message.emit(wrote_text(path))


def _written(path: Path, drawn: Mapping[str, bytes]) -> Path:
    write_atomically(path, drawn[path.suffix.lower()])
    return path
