"""What the File menu opens and saves: projects, examples and tables, without losing anything unasked.

Files are written by `bpviz.files`; here stands only who is asked what, and when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bpviz.data.datasets import TABLE
from bpviz.data.readers.kinds import suffixes
from bpviz.errors import BpvizError
from bpviz.files.autosave import Owner
from bpviz.files.binding import Binding, stamp_of
from bpviz.files.bringing import is_network_file
from bpviz.files.project import SUFFIX, Saved, save_project
from bpviz.model.edits import on_network, set_data, set_features
from bpviz.model.examples import EXAMPLES, new_project
from bpviz.model.naming import first_free_number
from bpviz.model.playground import is_link, project_of, unhad_text
from bpviz.model.spec import Project
from bpviz.training.report import Report
from bpviz.training.timeline import MEGABYTE
from bpviz.training.timeline_words import lost_text
from bpviz.ui.document import Document
from bpviz.ui.folders import open_projects_folder
from bpviz.ui.panels.column_choices import sentence_about
from bpviz.ui.panels.questions import Kinds, Questions
from bpviz.ui.panels.table_dialog import TableDialog
from bpviz.ui.panels.table_source import TableSource, copied_table, first_reading
from bpviz.ui.panels.titles import data_title
from bpviz.ui.panels.work_dialog import WorkDialog
from bpviz.ui.preferences import Preferences
from bpviz.ui.project_file import ProjectFile, is_large_file, read_file
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.saving import file_text, saved_now
from bpviz.ui.texts import name_text

PROJECT_SUFFIX: Final = SUFFIX
_PROJECTS: Final[Kinds] = (("bpviz projects", PROJECT_SUFFIX),)
_TABLES: Final[Kinds] = tuple(("Tables", suffix) for suffix in suffixes())
_MEANWHILE: Final = {"save as": "Save as…", "overwrite": "Overwrite", "theirs": "Load theirs"}
_DROPPED: Final = (PROJECT_SUFFIX, *suffixes())


def dropped_file(data: QMimeData) -> Path | None:
    """The first file of a drop that can be opened."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return next(
        (path for path in paths if path.name.lower().endswith(_DROPPED) or is_network_file(path)), None
    )


class FileCommands(QObject):
    """Opens and saves.

    Signals:
        message: (str), a sentence for the status bar.
        recent_changed: Another list of recent files.
        foreign: (Path), a network of another program, to be brought in.

    Attributes:
        questions: Whom to ask.
    """

    message = Signal(str)
    recent_changed = Signal()
    foreign = Signal(object)

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        preferences: Preferences,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._document, self._controller = document, controller
        self._preferences, self._window = preferences, parent
        self._binding = Binding(open_projects_folder())
        self._writing = 0
        self._waiting: Callable[[], None] | None = None
        self.questions = Questions(parent)

    @property
    def owner(self) -> Owner:
        """Whose work is shown, for what is kept of it by itself."""
        return Owner(self._document.title, self._document.path, self._binding.stamp)

    @property
    def writing(self) -> bool:
        """Whether something the user asked for is still to be written."""
        return self._writing > 0

    def new(self) -> None:
        """Begin with a small project, after asking about unsaved changes."""
        self._when_saved(lambda: self._show(new_project()))

    def open_example(self, name: str) -> None:
        """Show a bundled example, after asking about unsaved changes."""
        self._when_saved(lambda: self._show(EXAMPLES[name].build()))

    def open(self) -> None:
        """Ask for a project file and open it."""
        path = self.questions.file_to_open("Open project", self._preferences.folder, _PROJECTS)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a project, or a table, after asking about unsaved changes."""
        if is_link(str(path)):
            self.open_link(str(path))
        elif is_network_file(path):
            self.foreign.emit(path)
        elif path.suffix.lower() == PROJECT_SUFFIX:
            self._when_saved(lambda: self._open_or_say(path))
        else:
            self.open_table(path)

    def open_link(self, link: str) -> None:
        """Show what a link to the Playground says, and what of it can't be had, after asking as ever."""

        def show() -> None:
            remarks = self.load_link(link)
            if remarks:
                self.questions.tell("Playground link", "\n".join(remarks))

        def try_it() -> None:
            self.attempt("Playground link", show)

        self._when_saved(try_it)

    def load_link(self, link: str) -> tuple[str, ...]:
        """Show what a link to the Playground says; returns sentences on what of it can't be had.

        Raises:
            BpvizError: If it is none, or no network can be drawn as it says; what is shown then stays.
        """
        linked = project_of(link)
        self._show(linked.project)
        return tuple(map(unhad_text, linked.unhad))

    def show_project(self, project: Project) -> None:
        """Show a project that comes from no file of its own, after asking about unsaved changes."""
        self._when_saved(lambda: self._show(project))

    def open_elsewhere(self, path: Path) -> bool:
        """Whether another window has a project open."""
        return self._binding.open_elsewhere(path)

    def load(self, path: Path) -> None:
        """Show a project file as it was saved; the run goes on where it stood.

        Raises:
            FileError: If it can't be opened; what is shown then stays.
        """
        self._show_file(path, read_file(path))

    def end(self) -> None:
        """Let other windows know that the file is not open here any more."""
        self._binding.release()

    def restore(self, saved: Saved, owner: Owner) -> None:
        """Show work that was never saved, of the project it belongs to."""
        self._show_saved(saved, owner.path)
        if owner.path is not None:
            self._binding.bind(owner.path, owner.stamp)
        self._document.mark_unsaved()

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save to the project's file, or ask for one; `then` is called once it is written."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._save_to(self._document.path, then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        """Ask for a file and save to it."""
        suggested = self._suggested(PROJECT_SUFFIX)
        path = self.questions.file_to_save("Save project", suggested, _PROJECTS)
        if path is None:
            return
        question = f"{name_text(path.name)} is open in another window. Replace it all the same?"
        theirs = not self._binding.is_of(path) and self.open_elsewhere(path)
        if not theirs or self.questions.yes("Save project", question, "Replace"):
            self._save_to(path, then)

    def may_close(self, then: Callable[[], None]) -> bool:
        """Return whether nothing would be lost, or the user agrees to lose it.

        Args:
            then: Is called later instead, once what is being written is, or the project is saved if the
                user asks for that.
        """
        if self._writing:  # what is asked of the run now would never be answered
            self._waiting = then
            return False
        if not self._document.modified:
            return True
        answer = self.questions.unsaved(self._document.title)
        if answer == "save":
            self.save(then)
        return answer == "discard"

    def open_data(self) -> None:
        """Ask for a table and learn from it."""
        path = self.questions.file_to_open("Open data", self._preferences.folder, _TABLES)
        if path is not None:
            self.open_table(path)

    def open_table(self, path: Path) -> None:
        """Show a table, ask what to learn, and learn it; undoable."""
        self.attempt("Open data", lambda: self._use_table(TableSource(path)))

    def paste_table(self) -> None:
        """The same with a table that was copied."""
        self.attempt("Table from clipboard", lambda: self._use_table(copied_table()))

    def ask_target(self, title: str, tail: str, kinds: Kinds) -> Path | None:
        """Ask for a file to write, named after the project; None if the user thinks better of it."""
        path = self.questions.file_to_save(title, self._suggested(f"{tail}{kinds[0][1]}"), kinds)
        if path is not None:
            self._preferences.folder = path.parent
        return path

    def ask_run(
        self, wants: frozenset[str], answer: Callable[[Report | None], None], room_bytes: int = 0
    ) -> None:
        """Ask for everything about the run, to write it; nothing is closed or opened before that is done."""

        def answered(report: Report | None) -> None:
            try:
                if report is None and self._controller.latest is not None:
                    self.questions.tell("bpviz", "The run could not be asked; nothing was written.")
                else:
                    answer(report)
            finally:
                self._writing -= 1
                self._go_on()

        self._writing += 1
        self._controller.ask(wants, answered, room_bytes)

    def attempt(self, title: str, task: Callable[[], None]) -> bool:
        """Do something that a user's mistake may make impossible, and say so then."""
        try:
            task()
        except BpvizError as error:
            self.questions.tell(title, str(error))
            return False
        return True

    def _show(self, project: Project) -> None:
        self._binding.release()
        self._document.replace_all(project, first_free_number(project.network))
        self._controller.load(project)

    def _show_saved(self, saved: Saved, path: Path | None) -> None:
        step = 0 if saved.state is None else saved.state.step
        self._binding.release()
        self._document.replace_all(saved.project, saved.next_id, path, step)
        if saved.run_network is None:
            self._controller.load(saved.project, saved.state, saved.timeline)
        else:  # saved while the drawing could not run: the run waits for it to be mended
            ran = replace(saved.project, network=saved.run_network)
            self._controller.load(ran, saved.state, saved.timeline)
            self._controller.follow(ran, saved.project)
        for lost in saved.lost:
            self.message.emit(lost_text(lost))

    def _open_or_say(self, path: Path) -> None:
        sentence = (
            f"{name_text(path.name)} is open in another window.\n\nEach window has its own changes; "
            "whichever saves after the other is asked before anything is overwritten."
        )
        if self.open_elsewhere(path) and not self.questions.yes("Open project", sentence, "Open anyway"):
            return
        self._load_or_say(path)

    def _show_file(self, path: Path, file: ProjectFile) -> None:
        self._show_saved(file.saved, path)
        self._binding.bind(path, file.stamp)
        self._remember(path)

    def _load_or_say(self, path: Path) -> None:
        """Open a project; a large one is read beside the window."""
        if not is_large_file(path):
            self.attempt("Open project", lambda: self.load(path))
            return
        dialog = WorkDialog("Open project", f"Reading {name_text(path.name)}…", self._window)
        dialog.read.connect(partial(self._show_file, path))
        dialog.begin(lambda _tell: read_file(path))

    def _when_saved(self, then: Callable[[], None]) -> None:
        if self.may_close(then):
            then()

    def _save_to(self, path: Path, then: Callable[[], None] | None) -> None:
        state = self._binding.state() if self._binding.is_of(path) else "same"
        if state == "changed" and not self._may_overwrite(path, then):
            return

        def write(report: Report | None) -> None:
            saved = saved_now(self._document, report)
            if not self.attempt("Save project", lambda: save_project(path, saved)):
                return
            self._binding.bind(path, stamp_of(path))
            self._document.mark_saved(path, 0 if report is None else report.state.step)
            self._remember(path)
            anew = " anew; the file had been moved or deleted" if state == "gone" else ""
            self.message.emit(f"Saved {name_text(path.name)}{anew}{file_text(path, saved, report)}")
            if then is not None:
                self._waiting = None
                then()

        self.ask_run(frozenset(), write, self._preferences.file_moments_mb * MEGABYTE)

    def _may_overwrite(self, path: Path, then: Callable[[], None] | None) -> bool:
        """Ask about a file that somebody else has written meanwhile, and do what is wanted instead."""
        sentence = (
            f"{name_text(path.name)} was changed by another window or program since it was opened or saved "
            "here.\n\nOverwriting it loses what they saved; loading theirs loses your changes in this window."
        )
        choice = self.questions.choose("Save project", sentence, _MEANWHILE)
        if choice == "save as":
            self.save_as(then)
        elif choice == "theirs":
            self._load_or_say(path)
        return choice == "overwrite"

    def _go_on(self) -> None:
        """Do what had to wait until everything was written."""
        if self._waiting is not None and not self._writing:
            then, self._waiting = self._waiting, None
            self._when_saved(then)

    def _use_table(self, source: TableSource) -> None:
        reading = first_reading(source, self._window)
        if reading is None:
            return
        dialog = TableDialog(source, self._window, reading)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        choices = dialog.choices
        chosen, lacking = choices.settings, sentence_about(choices.lacking, len(dialog.table.rows))
        if lacking and not self.questions.yes(
            "Missing values", f"{lacking}\n\nLeave these rows out?", "Leave them out"
        ):
            return
        self.use_table(
            choices.features,
            table=chosen.table,
            targets=chosen.targets,
            target_kind=chosen.target_kind,
            classes=(),
            uses=chosen.uses,
            fills=chosen.fills,
            drop_missing=bool(lacking),
        )
        if isinstance(source.what, Path):
            self._preferences.folder = source.what.parent

    def use_table(self, features: list[str], **settings: Any) -> None:
        """Learn from a table: one edit that sets the data and the features.

        Raises:
            BpvizError: If it can't be learned from as it is.
        """

        def edit(project: Project) -> Project:
            changed = set_data(project, self._document.new_id, source=TABLE, **settings)
            changed = replace(changed, title=data_title(changed.data))
            ids = self._document.new_ids("n", len(features))
            return on_network(lambda network: set_features(network, features, ids))(changed)

        self._document.apply("open data", edit)

    def _suggested(self, tail: str) -> Path:
        folder = self._document.path.parent if self._document.path else self._preferences.folder
        name = "".join(
            letter if letter.isalnum() or letter in "-_ ." else "-" for letter in self._document.title
        )
        return folder / f"{name}{tail}"

    def _remember(self, path: Path) -> None:
        self._preferences.folder = path.parent
        self._preferences.add_recent(path)
        self.recent_changed.emit()
