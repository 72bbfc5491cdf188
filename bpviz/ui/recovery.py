"""Offers back what windows had kept by themselves before they ended without a word."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Slot

from bpviz.errors import FileError
from bpviz.files.autosave import Leftover, Seat, find, look
from bpviz.files.project import open_project
from bpviz.ui.autosave import Autosave
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.recovery_page import RecoveryPage, when
from bpviz.ui.texts import name_text


class Recovery(QObject):
    """Shows a page about work left over, while there is any.

    Args:
        window: Where it is shown, and where the first piece of work is restored.
        autosave: Keeps on keeping what is restored.
        folder: Where the work was kept.
    """

    def __init__(self, window: MainWindow, autosave: Autosave, folder: Path) -> None:
        super().__init__(window)
        self._window, self._autosave, self._folder = window, autosave, folder
        self.page: RecoveryPage | None = None

    @Slot()
    def offer(self) -> None:
        """Look for work left over, and show it."""
        now = datetime.now().astimezone()
        found = look(self._folder, time.time())
        if found.expired:
            titles = ", ".join(f"“{name_text(leftover.owner.title)}”" for leftover in found.expired)
            self._window.status.say(f"Unsaved work that nobody took for a month was cleared away: {titles}.")
        if not found.leftovers:
            return
        self.page = RecoveryPage()
        self.page.offer(found.leftovers, now)
        self.page.restore_wanted.connect(self.restore)
        self.page.discard_wanted.connect(self.discard)
        self._window.pages.show_page(self.page, "Unsaved work")

    @Slot(object)
    def restore(self, leftover: Leftover) -> None:
        """Go on with it: here if there is nothing to lose here, else in a window of its own."""
        if self._window.document.modified or self._window.files.writing:
            words = ["-m", "bpviz", "open", "--restore", leftover.seat]
            started, _ = QProcess.startDetached(sys.executable, words)
            if started:
                self._remove(leftover)
            else:
                self._tell("Another window can't be started; save this project first, then try again.")
            return
        try:
            if not self.take(leftover):
                self._tell(f"“{name_text(leftover.owner.title)}” is restored in another window already.")
        except FileError as error:
            self._tell(str(error))
        else:
            self._window.pages.show_first()
            self._remove(leftover)

    def take(self, leftover: Leftover) -> bool:
        """Show it in this window, which goes on in its seat; False if another window has taken it.

        Raises:
            FileError: If it can't be read; it is still there then.
        """
        owner, files = leftover.owner, self._window.files
        seat = Seat.take(leftover)
        if seat is None:
            return False
        try:
            saved = open_project(leftover.file, leftover.table)
        except FileError as error:
            seat.leave()
            raise FileError(
                f"What was kept of “{name_text(owner.title)}” can't be read. {error}", leftover.file
            ) from error
        elsewhere = owner.path is not None and files.open_elsewhere(owner.path)
        files.restore(saved, owner)
        self._autosave.adopt(seat)
        moment = datetime.fromtimestamp(leftover.at).astimezone()
        there = "; another window has its file open, too" if elsewhere else "; save it to keep it"
        self._window.status.say(
            f"“{name_text(owner.title)}” is as it was {when(moment, datetime.now().astimezone())}{there}."
        )
        return True

    def take_named(self, name: str) -> None:
        """Show what was left over under a name, as another window asked for it.

        Raises:
            FileError: If there is no such work, or it can't be taken.
        """
        leftover = find(self._folder, name)
        if leftover is None or not self.take(leftover):
            raise FileError(f"No unsaved work is left as {name!r}; start bpviz to see what is.", self._folder)

    @Slot(object)
    def discard(self, leftover: Leftover) -> None:
        """Throw it away, if that is really meant."""
        question = f"Discard what was kept of “{name_text(leftover.owner.title)}”? It can't be brought back."
        if not self._window.files.questions.yes("Unsaved work", question, "Discard"):
            return
        seat = Seat.take(leftover)
        if seat is not None:
            seat.clear()
        self._remove(leftover)

    def _remove(self, leftover: Leftover) -> None:
        """Take its card away, and the page with the last one."""
        page = self.page
        if page is None:
            return
        if not page.remove(leftover):
            self.page = None
            self._window.pages.hide_page(page)
            self._window.pages.show_first()
            page.deleteLater()

    def _tell(self, sentence: str) -> None:
        self._window.files.questions.tell("Unsaved work", sentence)
