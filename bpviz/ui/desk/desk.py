"""`Desk`: the document with its selection, its view and its editor, shared by all that shows the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.model.spec import Layer, Network, Project
from bpviz.ui.desk.editor import Editor
from bpviz.ui.desk.selecting import layers_meant, present
from bpviz.ui.document import Document, Selection

FIRST_VIEW: Final = "weights"


class Desk(QObject):
    """Holds what is selected and looked at.

    Signals:
        selection_changed: (`Selection`), by the user, by undo, or because something of it went.
        view_changed: (str), by its name in `bpviz.ui.canvas.views`.
        refused: (str), a sentence on why an edit was refused.

    Attributes:
        document: What is worked on.
        editor: What can be asked of it.
    """

    selection_changed = Signal(object)
    view_changed = Signal(str)
    refused = Signal(str)

    def __init__(self, document: Document) -> None:
        """Make the desk of a document, which it lives as long as."""
        super().__init__(document)
        self.document = document
        self.editor = Editor(document, self.refused.emit)
        self._selection = Selection()
        self._meant: tuple[Network, Selection, list[Layer]] | None = None
        self._begun = Selection()
        self._view = FIRST_VIEW
        # Ids begin anew in every project: a selection kept would be of something else.
        document.opened.connect(self.select_nothing)
        document.changed.connect(self._on_changed)
        document.reselected.connect(self.select)

    @property
    def network(self) -> Network:
        """The drawing that is shown."""
        return self.document.project.network

    @property
    def selection(self) -> Selection:
        """What is selected; all of it is there."""
        return self._selection

    @property
    def layers_meant(self) -> Sequence[Layer]:
        """The layers that are selected, or that selected nodes belong to; looked up once, as many ask."""
        kept = self._meant
        if kept is None or kept[0] is not self.network or kept[1] is not self._selection:
            found = layers_meant(self.network, self._selection)
            kept = self._meant = (self.network, self._selection, found)
        return kept[2]

    @property
    def begun(self) -> Selection:
        """Where a connection by keys begins; nothing once the drawing changed or nothing is selected."""
        return self._begun

    def begin(self) -> None:
        """Let a connection by keys begin at what is selected; its other end is walked to."""
        self._begun = self._selection

    @property
    def view(self) -> str:
        """Which numbers are looked at."""
        return self._view

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Select; what is not there is left out."""
        selection = present(selection, self.network)
        if not selection:
            self._begun = Selection()
        if selection != self._selection:
            self._selection = selection
            self.document.keep_selection(selection)
            self.selection_changed.emit(selection)

    @Slot()
    def select_nothing(self) -> None:
        """Let go of what is selected."""
        self.select(Selection())

    @Slot(str)
    def show_view(self, view: str) -> None:
        """Look at other numbers."""
        if view != self._view:
            self._view = view
            self.view_changed.emit(view)

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        if before.network != after.network:
            self._begun = Selection()
        self.select(self._selection)
