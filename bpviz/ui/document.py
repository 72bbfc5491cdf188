"""The one place where the project changes: a `Document` holds a frozen `Project` and its undo history.

Whoever wants an edit hands a pure function to `Document.apply`; whoever shows the
project connects to `Document.changed`.  Undo keeps the old value, so one command
class serves every edit there will ever be; a second one stands for values set by
hand during a run, which are the run's and not the project's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from bpviz.model.choosing import Selection as Selection  # what a selection is needs no window
from bpviz.model.edits import check_locks
from bpviz.model.spec import Address, Project
from bpviz.model.spec import Pair as Pair

_NEVER_MERGED: Final = -1
_EDIT: Final = 1
_VALUE: Final = 2

Change = tuple[Address, float, float]
"""A weight or bias, its old value and its new one."""


class ReplaceProject(QUndoCommand):
    """Show one project, or the one from before, each with what was selected there.

    Commands in a row with the same merge key (a drag, a held spin box) become one entry of the history.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        after: Project,
        merge_key: Hashable = None,
        chosen: Selection | None = None,
    ) -> None:
        super().__init__(text)
        self._document, self._merge_key = document, merge_key
        self._before, self._after = document.project, after
        self._selected_before, self._selected_after = document.selection, chosen

    def redo(self) -> None:
        self._show(self._after, self._selected_after)

    def undo(self) -> None:
        self._selected_after = self._document.selection
        self._show(self._before, self._selected_before)

    def _show(self, project: Project, chosen: Selection | None) -> None:
        # To take back a setting leaves the selection alone.
        drawn_otherwise = self._before.network != self._after.network
        self._document.show_project(project, chosen if drawn_otherwise else None)

    def id(self) -> int:
        return _NEVER_MERGED if self._merge_key is None else _EDIT

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ReplaceProject) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)  # dragged back to where it was
        return True


class SetValues(QUndoCommand):
    """Set weights and biases of the run by hand, or set them back.

    It belongs to one run.  Once another has taken that one's place there is nothing to set back, and the run
    says so; undoing further may bring its own run back, so the command stays.
    """

    def __init__(self, document: Document, changes: Sequence[Change]) -> None:
        super().__init__("set value" if len(changes) == 1 else "set values")
        self._document, self._run = document, document.run
        self._old = {address: old for address, old, _ in changes}
        self._new = {address: new for address, _, new in changes}

    def redo(self) -> None:
        self._tell(self._new)

    def undo(self) -> None:
        self._tell(self._old)

    def _tell(self, values: Mapping[Address, float]) -> None:
        self._document.values_set.emit(self._run, values)

    def id(self) -> int:
        return _VALUE

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, SetValues):
            return False
        if (other._new.keys(), other._run) != (self._new.keys(), self._run):
            return False
        self._new = other._new
        self.setObsolete(self._new == self._old)  # dragged back to where it was
        return True


class Document(QObject):
    """Holds one immutable project at a time.

    Signals:
        changing: The project is about to differ; who shows a preview of another one gives it up.
        opened: Another project is about to be shown; nothing of this one is selected there.
        forking: An edit is about to be made in the past of the run; who can, lets the run go on from there.
        changed: (before, after), two `Project`; after an edit, undo or redo, when another was opened, and
            when the run is looked at where it followed another.
        edited: (before, after), after an edit, undo or redo: what a run has to follow.
        reselected: (`Selection`), what an edit selects, or what was selected where undo or redo has led; some
            of it may be gone.  It comes before `changed`, so that who shows both does so once.
        values_set: (int, values by `Address`), set by hand in the run of that number, or set back.
        title_changed: The name or the modified mark of the title may differ.
    """

    changing = Signal()
    opened = Signal()
    forking = Signal()
    changed = Signal(object, object)
    edited = Signal(object, object)
    reselected = Signal(object)
    values_set = Signal(int, object)
    title_changed = Signal()

    def __init__(self, project: Project, next_id: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._present: Project | None = None
        self._next_id = next_id
        self._path: Path | None = None
        self._run = 0
        self._saved_step = self._step = 0
        self._selection = Selection()
        self._turning = False
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.title_changed)

    @property
    def project(self) -> Project:
        """What is shown: everything the user set, as it is now, or as it was where a run is looked at."""
        return self._project

    @property
    def present(self) -> Project:
        """Everything the user set, as it is now, whatever is shown."""
        return self._project if self._present is None else self._present

    @property
    def in_past(self) -> bool:
        """Whether what is shown belongs to the past of a run."""
        return self._present is not None

    @property
    def turning(self) -> bool:
        """Whether an edit, undo or redo is being told of; `undo_stack` says when it is done."""
        return self._turning

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to; None until then."""
        return self._path

    @property
    def next_id(self) -> int:
        """The number the next new layer or node gets; undo never turns it back."""
        return self._next_id

    @property
    def run(self) -> int:
        """Number of the run; values set by hand belong to one."""
        return self._run

    @property
    def selection(self) -> Selection:
        """What is selected, as the picture told last."""
        return self._selection

    @property
    def title(self) -> str:
        """File name, or the project's own title."""
        return self._path.stem if self._path else self._project.title or "Untitled"

    @property
    def modified(self) -> bool:
        """Whether closing would lose something: an edit, or training beyond what the file holds.

        Training alone does not modify a project without a file: its seed repeats it.
        """
        trained = self._step != self._saved_step and self._path is not None
        return not self.undo_stack.isClean() or trained

    @property
    def differs(self) -> bool:
        """Whether there is any work that no file holds; training of a project without a file counts, too."""
        return self._step != self._saved_step or not self.undo_stack.isClean()

    def new_ids(self, prefix: str, count: int = 1) -> tuple[str, ...]:
        """Hand out ids that were never used, such as ``n7``; prefix ``l`` for layers, ``n`` for nodes."""
        return tuple(self.new_id(prefix) for _ in range(count))

    def new_id(self, prefix: str) -> str:
        """Hand out one id that was never used, as edits ask for them."""
        self._next_id += 1
        return f"{prefix}{self._next_id - 1}"

    def apply(
        self,
        text: str,
        edit: Callable[[Project], Project],
        merge_key: Hashable = None,
        chosen: Callable[[], Selection] | None = None,
    ) -> None:
        """Run one undoable edit.

        Args:
            text: Menu text after "Undo ", such as "add layer".
            edit: A pure function, usually a partial of one in `bpviz.model.edits`.
            merge_key: Equal keys in a row make one entry of the history.
            chosen: Says what the edit selects, such as what is new; it is asked once the edit is made.

        Raises:
            BpvizError: From ``edit``, or as it would change what is locked; the document is then unchanged.
        """
        after = edit(self._project)
        check_locks(self._project.network, after.network)
        if after != self._project:
            if self.in_past:
                self.forking.emit()
            self.changing.emit()  # before the history notes what is selected
            selection = None if chosen is None else chosen()
            self.undo_stack.push(ReplaceProject(self, text, after, merge_key, selection))

    def push_value(self, address: Address, old: float, new: float) -> None:
        """Set a weight or bias of the running run by hand, undoably; `values_set` carries it to the run."""
        self.push_values([(address, old, new)])

    def push_values(self, changes: Sequence[Change]) -> None:
        """Set several of them at once, undoably as one; each is an (address, old value, new value)."""
        differing = [change for change in changes if change[1] != change[2]]
        if differing:
            if self.in_past:
                self.forking.emit()
            self.undo_stack.push(SetValues(self, differing))

    @Slot(int)
    def begin_run(self, number: int) -> None:
        """Another run stands in place of the one before; values set by hand from now on are its own."""
        self._run = number

    @Slot(object)
    def keep_selection(self, selection: Selection) -> None:
        """Remember what is selected, so that undo can select it again."""
        self._selection = selection

    def replace_all(self, project: Project, next_id: int, path: Path | None = None, step: int = 0) -> None:
        """Show another project with an empty history, as after opening a file.

        Args:
            project: What to show.
            next_id: The first id number that it never used.
            path: Its file, if it has one.
            step: Steps done by the run in the file.
        """
        self.changing.emit()
        self.opened.emit()
        before, self._project, self._present = self._project, project, None
        self._next_id, self._path = next_id, path
        self._saved_step = self._step = step
        self.undo_stack.clear()
        self.changed.emit(before, project)
        self.title_changed.emit()

    def mark_saved(self, path: Path, step: int = 0) -> None:
        """What stands in the file is what is shown, and a run that made so many steps."""
        self._path, self._saved_step = path, step
        self.undo_stack.setClean()
        self.title_changed.emit()

    def mark_unsaved(self) -> None:
        """What is shown stands in no file, though nothing was done to it here."""
        self.undo_stack.resetClean()

    def stand_at(self, step: int) -> None:
        """The run has made so many steps; beyond what the file holds, there is something to lose."""
        before = self.modified
        self._step = step
        if self.modified != before:
            self.title_changed.emit()

    def show_project(self, project: Project, selection: Selection | None = None) -> None:
        """Show what an entry of the history holds, and select; for everybody else there is `apply`.

        What is selected stays as it is if there is no word of it.
        """
        before, self._turning = self._project, True
        try:
            self._show(project, None, selection)
            self.edited.emit(before, project)
        finally:
            self._turning = False

    def turn_to(self, project: Project) -> None:
        """Show what the run follows already, or is about to."""
        self._show(project, present=None)

    def look_back(self, project: Project) -> None:
        """Show what the run followed where it is looked at; what the user set stays as it is."""
        self._show(project, present=self.present)

    @Slot()
    def return_to_present(self) -> None:
        """Show everything the user set as it is now."""
        if self._present is not None:
            self._show(self._present, present=None)

    def _show(self, project: Project, present: Project | None, selection: Selection | None = None) -> None:
        before = self._project
        if project is not before:
            self.changing.emit()
        self._project, self._present = project, present
        if selection is not None:
            self.reselected.emit(selection)
        if project is not before:
            self.changed.emit(before, project)
