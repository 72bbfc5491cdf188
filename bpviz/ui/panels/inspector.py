"""The inspector: everything about what is selected, in numbers, and editable where a person may edit.

Nothing selected shows the whole network.  One page for each kind of thing; see `inspector_pages`.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from bpviz.model.spec import Project
from bpviz.training.snapshot import Snapshot
from bpviz.ui.desk.selecting import present
from bpviz.ui.document import Document, Selection
from bpviz.ui.panels.form import panel_layout
from bpviz.ui.panels.inspector_layers import LayerPage, ManyPage
from bpviz.ui.panels.inspector_nodes import NodePage, PairPage
from bpviz.ui.panels.inspector_pages import Page, SummaryPage
from bpviz.ui.theme import Theme

_NUMBERS: Final = frozenset({"parameters", "trace"})


class Inspector(QWidget):
    """Shows the selection.

    Signals:
        value_edited: (Address, old, new), the user set a weight or bias by hand.
        values_edited: (list), several such changes at once.
        wants_changed: (frozenset), what it needs from snapshots.
    """

    value_edited = Signal(object, float, float)
    values_edited = Signal(object)
    wants_changed = Signal(object)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._selection = Selection()
        self._snapshot: Snapshot | None = None
        self._shown: tuple[Project, Selection, Snapshot | None] | None = None
        self._wants: frozenset[str] = frozenset()
        self._in_sight = True
        self.summary = SummaryPage(document, theme)
        self.node = NodePage(document, theme)
        self.pair = PairPage(document, theme)
        self.layer = LayerPage(document, theme)
        self.many = ManyPage(document, theme)
        self._pages = QStackedWidget()
        panel_layout(self).addWidget(self._pages)
        for page in (self.summary, self.node, self.pair, self.layer, self.many):
            self._pages.addWidget(page)
            page.value_edited.connect(self.value_edited)
            page.values_edited.connect(self.values_edited)
        document.changed.connect(self._on_changed)
        self._show_page()

    @property
    def wants(self) -> frozenset[str]:
        """What it needs from snapshots: nothing while hidden or while nothing with numbers is selected."""
        return self._wants

    @property
    def page(self) -> Page:
        """The page in sight."""
        page = self._pages.currentWidget()
        assert isinstance(page, Page)
        return page

    @Slot(bool)
    def set_in_sight(self, in_sight: bool) -> None:
        """Be seen, or not: behind another tab, where Qt calls it visible, it is not filled."""
        self.setEnabled(in_sight)  # keys would else be led behind the tab
        self._in_sight = in_sight
        self._show_page()
        self._tell_wants()

    @Slot(object)
    def show_selection(self, selection: Selection) -> None:
        """Show what is selected."""
        self._selection = selection
        self._show_page()

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the numbers of a moment of the run."""
        self._snapshot = snapshot
        self._shown = None
        if self.isVisible() and self._in_sight:
            self.page.show_snapshot(snapshot)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes: the numbers are those of the one before."""
        self._snapshot = self._shown = None

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for numbers again."""
        super().showEvent(event)
        self._tell_wants()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing while hidden."""
        super().hideEvent(event)
        self._tell_wants()

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        self._selection = present(self._selection, after.network)
        self._show_page()

    def _show_page(self) -> None:
        project, selection = self._document.project, self._selection
        shown = self._shown
        if shown and shown[0] is project and shown[1] == selection and shown[2] is self._snapshot:
            return  # an edit is told of twice where it changes what is selected
        counts = (len(selection.nodes), len(selection.pairs), len(selection.layers))
        by_counts = {
            (0, 0, 0): self.summary,
            (1, 0, 0): self.node,
            (0, 1, 0): self.pair,
            (0, 0, 1): self.layer,
        }
        page: Page = by_counts.get(counts, self.many)
        self._pages.setCurrentWidget(page)
        if self._in_sight:
            page.show_selected(project, selection)
            if self._snapshot is not None:
                page.show_snapshot(self._snapshot)
            self._shown = (project, selection, self._snapshot)
        self._tell_wants()

    def _tell_wants(self) -> None:
        pages = {self.node: _NUMBERS, self.pair: _NUMBERS, self.layer: _NUMBERS - {"trace"}}
        seen = self.isVisible() and self._in_sight
        wants = pages.get(self.page, frozenset()) if seen else frozenset[str]()
        if wants != self._wants:
            self._wants = wants
            self.wants_changed.emit(wants)
