"""The run as a program: shown in a dialog, to copy or to save."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from bpviz.files.code.account import Moment, account
from bpviz.files.code.files import Program, program, write_program
from bpviz.training.report import Report
from bpviz.ui.document import Document
from bpviz.ui.file_commands import FileCommands
from bpviz.ui.panels.code_dialog import CodeDialog
from bpviz.ui.panels.questions import Kinds
from bpviz.ui.texts import wrote_text

_TITLE: Final = "Export code"
_PROGRAMS: Final[Kinds] = (("Python program", ".py"),)


class Programs(QObject):
    """Shows what a run tells as a program, and writes it.

    Args:
        files: Knows whom to ask.
        document: Whose run it is.
    """

    def __init__(self, files: FileCommands, document: Document) -> None:
        super().__init__(files)
        self._files, self._document = files, document

    def show(self, report: Report) -> None:
        """Show a program in a dialog."""

        def written(framework: str, since: Moment) -> Program:
            return program(account(report.project, report.prepared, report.state, since), framework)

        window = self._files.parent()
        dialog = CodeDialog(written, report.state.step, window if isinstance(window, QWidget) else None)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.save_wanted.connect(partial(self._save, report))
        self._document.opened.connect(dialog.reject)  # the program would be of another project
        # Not exec(): an answer of the run would wait within that of another question for ever.
        dialog.open()

    def _save(self, report: Report, framework: str, since: Moment) -> None:
        path = self._files.ask_target(_TITLE, f"-{framework}", _PROGRAMS)
        if path is not None:
            found = account(report.project, report.prepared, report.state, since)

            def write() -> None:
                self._files.message.emit(wrote_text(write_program(found, framework, path)[0]))

            self._files.attempt(_TITLE, write)
