"""What the File menu writes of a whole run: a report, and animations; beside the window, which goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from bpviz.animation import NOTHING_MOVES, write_animation
from bpviz.errors import counted
from bpviz.files.film_strip import MOVING_FORMATS
from bpviz.files.project import Saved
from bpviz.files.runs import KEPT_MB, room_of, run_of
from bpviz.model.naming import first_free_number
from bpviz.reporting import report as write_report
from bpviz.training.figure import View
from bpviz.training.figures import PLOTS
from bpviz.training.report import Report
from bpviz.training.run import Run
from bpviz.ui.background import Tell
from bpviz.ui.document import Document
from bpviz.ui.file_commands import FileCommands
from bpviz.ui.panels.animation_dialog import AnimationDialog
from bpviz.ui.panels.questions import Kinds
from bpviz.ui.panels.work_dialog import WorkDialog
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.texts import name_text, wrote_text
from bpviz.ui.theme import Theme

_PAGES: Final[Kinds] = (("Page for the browser", ".html"), ("Markdown page", ".md"))
_MOVING: Final[Kinds] = tuple((entry.label, entry.suffix) for entry in MOVING_FORMATS.values())


class Records(QObject):
    """Asks for a file, then for the run, and writes in a thread of its own.

    Signals:
        begun: (WorkDialog), something is being written.
    """

    begun = Signal(object)

    def __init__(
        self, files: FileCommands, document: Document, controller: TrainingController, theme: Theme
    ) -> None:
        super().__init__(files)
        self._files, self._document, self._controller, self._theme = files, document, controller, theme

    def report(self) -> None:
        """Ask for a file and write a page about the run."""
        title = "Report"
        path = self._files.ask_target(title, "-report", _PAGES)
        if path is None:
            return

        def compute(run: Run, tell: Tell) -> str:
            _, *beside = write_report(run, path, progress=tell)
            said = wrote_text(path)
            return f"{said} Its pictures are in {name_text(beside[0].name)}." if beside else said

        self._with_run(title, lambda run: self._work(title, path, lambda tell: compute(run(), tell)))

    def animation(self) -> None:
        """Ask what to animate, and where to, and write it."""
        self._with_run("Animation", self._ask_animation)

    def _ask_animation(self, run: Callable[[], Run]) -> None:
        latest, title = self._controller.latest, "Animation"
        steps = (0, 0) if latest is None else (0, latest.last_step)
        if latest is not None and latest.timeline is not None:
            steps = latest.timeline.first_step, latest.timeline.last_step
        if steps[0] == steps[1]:
            self._files.questions.tell(title, NOTHING_MOVES)
            return
        plots = [plot for plot in PLOTS.values() if plot.applies(self._document.project)]
        dialog = AnimationDialog(plots, steps, self._theme.palette.name, self._window)
        if not self._files.questions.accepts(dialog):
            return
        what, settings, frames, fps = dialog.what.value, dialog.settings, dialog.count, dialog.speed
        path = self._files.ask_target(title, f"-{what}", _MOVING)
        if path is None:
            return

        def compute(tell: Tell) -> str:
            count = write_animation(
                run(), what, path, settings, View(), frames=frames, fps=fps, progress=tell
            )
            return f"{wrote_text(path).removesuffix('.')}, {counted(count, 'frame')}."

        self._work(title, path, compute)

    def _with_run(self, title: str, then: Callable[[Callable[[], Run]], None]) -> None:
        """Ask for the run with its moments; what leads it about is made where it is needed, in the thread."""

        def answer(report: Report | None) -> None:
            if report is None:
                sentence = f"There is no run to show: {self._controller.problem}"
                self._files.questions.tell(title, sentence)
                return
            project = report.project
            saved = Saved(project, report.state, first_free_number(project.network), timeline=report.timeline)
            then(lambda: run_of(saved))

        self._files.ask_run(frozenset(), answer, room_of(KEPT_MB))

    def _work(self, title: str, path: Path, compute: Callable[[Tell], object]) -> None:
        dialog = WorkDialog(title, f"Writing {name_text(path.name)}…", self._window)
        dialog.made.connect(self._files.message)
        self.begun.emit(dialog)
        dialog.begin(compute)

    @property
    def _window(self) -> QWidget | None:
        parent = self._files.parent()
        return parent if isinstance(parent, QWidget) else None
