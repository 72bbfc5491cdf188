"""Start the window, and end it cleanly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import PySide6
from PySide6.QtCore import QBuffer, QIODevice, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from bpviz.engine.kernels.loader import KernelLoader
from bpviz.errors import BpvizError, FileError
from bpviz.files.safe import write_atomically
from bpviz.model.examples import DEFAULT_EXAMPLE, EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.playground import is_link
from bpviz.training.snapshot import Snapshot
from bpviz.ui.autosave import INTERVAL_S, Autosave
from bpviz.ui.document import Document
from bpviz.ui.faults import FaultReporter, crashes_logged, quiet_platform
from bpviz.ui.file_commands import PROJECT_SUFFIX
from bpviz.ui.folders import autosave_folder
from bpviz.ui.housekeeping import Housekeeping
from bpviz.ui.interrupts import ended_by_signals
from bpviz.ui.main_window import MainWindow
from bpviz.ui.opening import make_application
from bpviz.ui.preferences import Preferences
from bpviz.ui.recovery import Recovery
from bpviz.ui.theme import Theme

_SETTLE_MS: Final = 400


def run(
    path: Path | None = None,
    screenshot: Path | None = None,
    after: int = 0,
    *,
    example: str | None = None,
    restore: str | None = None,
    autosave_s: float = INTERVAL_S,
) -> int:
    """Open the window and stay until it is closed.

    Args:
        path: A project, table or link to open; an example otherwise.
        screenshot: Take a picture of the window, write it here as PNG, and leave.
        after: Steps to train before the picture.
        example: Which one; the first without a name.
        restore: Unsaved work to go on with instead, by the name of its seat.
        autosave_s: Unsaved work is kept so often.

    Returns:
        The exit code of the program.

    Raises:
        BpvizError: If this Python and this PySide6 don't go together, the file can't be opened, there is no
            such example, or the picture can't be written.
    """
    check_versions(sys.version_info[:2], tuple(PySide6.__version_info__[:2]))
    with quiet_platform():
        app = QApplication.instance() or make_application()
        assert isinstance(app, QApplication)
        app.setApplicationName("bpviz")
        app.setApplicationDisplayName("bpviz")
        with ended_by_signals(app):
            if screenshot is not None:
                return _draw(app, path, example, screenshot, after)
            with crashes_logged():
                return _live(app, path, example, restore, autosave_s)


def _draw(app: QApplication, path: Path | None, example: str | None, screenshot: Path, after: int) -> int:
    if path is not None and not is_link(str(path)) and path.suffix.lower() != PROJECT_SUFFIX:
        raise FileError(
            f"A picture can be drawn of a project only; make one of {path.name} by bpviz train --data or "
            "bpviz import.",
            path,
        )
    with _window(app, example, quiet=True) as (window, reporter):
        _begin(window, path)
        return _take_picture(app, window, reporter, Camera(window, screenshot, after))


def _live(
    app: QApplication, path: Path | None, example: str | None, restore: str | None, autosave_s: float
) -> int:
    with _window(app, example, quiet=False) as (window, reporter):
        folder = autosave_folder()
        autosave = Autosave(window.document, window.controller, window.files, folder, interval_s=autosave_s)
        autosave.failed.connect(window.status.say)
        recovery = Recovery(window, autosave, folder)
        window.controller.use_kernels(KernelLoader())
        housekeeping = Housekeeping(window.document, window.controller, window)
        if restore is None:
            _begin(window, path)
            QTimer.singleShot(0, recovery, recovery.offer)
        else:
            _begin_restored(window, recovery, restore)
        reporter.tell = lambda sentence: window.files.questions.tell("bpviz", sentence)
        window.show_restored()
        code = app.exec()
        # Whoever closed the window was asked about unsaved work; a signal asks nobody.
        autosave.end(keep=code != 0)
        housekeeping.end()
        window.files.end()
        return code


@contextmanager
def _window(
    app: QApplication, example: str | None, *, quiet: bool
) -> Iterator[tuple[MainWindow, FaultReporter]]:
    """Make the window, and end it whatever happens."""
    window = make_window(app, Preferences(), example, quiet=quiet)
    reporter = FaultReporter()
    try:
        yield window, reporter
    finally:
        # Widgets that live until the interpreter ends would be destroyed after Qt itself.
        window.abandon()
        window.deleteLater()
        reporter.restore()


def make_window(
    app: QApplication, preferences: Preferences, example: str | None = None, *, quiet: bool = False
) -> MainWindow:
    """Build the window on an example; nothing is shown and nothing runs yet.

    Args:
        app: The application to dress.
        preferences: What is remembered.
        example: Its name; None for the first one.
        quiet: Without a welcome page and without motion, as for a picture.

    Raises:
        UnknownNameError: If there is no such example.
    """
    project = EXAMPLES[example or DEFAULT_EXAMPLE].build()
    theme = Theme(preferences.theme, preferences.text_percent)
    theme.apply(app)
    theme.set_reduced_motion(reduced=quiet or preferences.reduced_motion)
    document = Document(project, first_free_number(project.network))
    return MainWindow(document, theme, preferences, welcome=not (quiet or preferences.welcomed))


def check_versions(python: tuple[int, ...], pyside: tuple[int, ...]) -> None:
    """Refuse the one pair that would crash.

    PySide6 6.12 on Python 3.11 loses a reference to None or True with every call, until the interpreter dies.

    Raises:
        BpvizError: With what to install instead.
    """
    if python < (3, 12) and pyside >= (6, 12):
        raise BpvizError(
            "PySide6 6.12 crashes on Python 3.11; install 'PySide6-Essentials<6.12' or a newer Python."
        )


def _begin(window: MainWindow, path: Path | None) -> None:
    if path is None:
        window.start()
    elif is_link(str(path)):
        for remark in window.files.load_link(str(path)):
            sys.stderr.write(f"{remark}\n")
    elif path.suffix.lower() == PROJECT_SUFFIX and not window.files.open_elsewhere(path):
        window.files.load(path)
    else:
        window.start()
        # The dialog about the table, or about the other window, needs this one behind it.
        QTimer.singleShot(0, window, lambda: window.files.open_path(path))


def _begin_restored(window: MainWindow, recovery: Recovery, name: str) -> None:
    try:
        recovery.take_named(name)
    except BpvizError as error:
        sentence = str(error)
        window.start()
        QTimer.singleShot(0, window, lambda: window.files.questions.tell("Unsaved work", sentence))


def _take_picture(app: QApplication, window: MainWindow, reporter: FaultReporter, camera: Camera) -> int:
    reporter.tell = camera.fail
    window.show_as_new()
    code = app.exec()
    if camera.error is not None:
        raise camera.error
    return code


class Camera(QObject):
    """Waits until the run has made its steps and the window has drawn them, takes a picture and closes.

    Attributes:
        error: What went wrong, if anything.
    """

    def __init__(self, window: MainWindow, path: Path, after: int) -> None:
        super().__init__(window)
        self._window, self._path, self._after = window, path, after
        self._asked = self._done = False
        self.error: BpvizError | None = None
        window.controller.snapshot.connect(self._on_snapshot)
        window.controller.failed.connect(self.fail)
        window.controller.problem_changed.connect(self.fail)

    def fail(self, sentence: str) -> None:
        """Give up."""
        if sentence and not self._done:
            self._done = True
            self.error = BpvizError(sentence)
            QTimer.singleShot(0, self._window, self._window.abandon)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._done:
            return
        if not self._asked:
            self._asked = True
            if snapshot.step < self._after:
                self._window.controller.run_to(self._after)
                return
        if snapshot.step >= self._after or snapshot.stopped is not None:
            self._done = True
            # Views that became visible with the window have asked for more; the answer is drawn by then.
            QTimer.singleShot(_SETTLE_MS, self._shoot)

    @Slot()
    def _shoot(self) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, "PNG")
        try:
            write_atomically(self._path, bytes(buffer.data().data()))
        except BpvizError as error:
            self.error = error
        self._window.abandon()
