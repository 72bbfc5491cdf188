"""What every page of the inspector is, and the page of the whole network, shown when nothing is selected."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bpviz.model.edits import on_network
from bpviz.model.examples import EXAMPLES
from bpviz.model.problems import problems, warnings
from bpviz.model.spec import Network, Project
from bpviz.training.known import Known
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document, Selection
from bpviz.ui.listing import whole_groups
from bpviz.ui.numbers import count
from bpviz.ui.panels.form import Form, Problem, Row, caption
from bpviz.ui.panels.labels import Wrapped
from bpviz.ui.panels.node_numbers import Numbers
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme


class Page(QWidget):
    """One page.

    Signals:
        value_edited: (Address, old, new), the user set a weight or bias by hand.
        values_edited: (list), several such changes at once.
    """

    value_edited = Signal(object, float, float)
    values_edited = Signal(object)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._selection = Selection()
        self.title = Wrapped(look="title")
        self.about = caption()
        self._form = Form()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        for widget in (self.title, self.about, self._form):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)

    def show_selected(self, project: Project, selection: Selection) -> None:
        """Show what the user set about what is selected."""
        if selection != self._selection:
            self._form.give_up()
        self._selection = selection
        self.show_project(project, selection)

    def show_project(self, project: Project, selection: Selection) -> None:
        """Fill the fields; each page does it its own way."""
        raise NotImplementedError

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what the run says about it; pages without such numbers show nothing."""

    def _edit(self, row: Row, text: str, edit: Callable[[Network], Network], key: Hashable = None) -> None:
        if not row.attempt(lambda: self._document.apply(text, on_network(edit), merge_key=key)):
            self.show_project(self._document.project, self._selection)


class SummaryPage(Page):
    """The whole network, when nothing is selected."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self.layers, self.parameters, self.frozen = Wrapped(), QLabel(), QLabel()
        self._form.add("Layers", self.layers)
        self._form.add("Parameters", self.parameters, "Weights and biases")
        self._frozen_row = self._form.add("Frozen", self.frozen, "Training leaves them as they are")
        self.problems, self.warnings = Problem(), Problem("warning")
        self._layout.insertWidget(3, self.problems)
        self._layout.insertWidget(4, self.warnings)
        self._hint = caption("Select a node, a connection or a layer to see and set its numbers.")
        self._layout.insertWidget(5, self._hint)
        self.values = Numbers(theme)
        self._layout.insertWidget(6, self.values)

    def show_project(self, project: Project, selection: Selection) -> None:
        network = project.network
        self.title.setText(name_text(self._document.title))
        self.about.setText(_about(project))
        self.about.setVisible(bool(self.about.text()))
        self.layers.setText(" – ".join(str(layer.size) for layer in network.layers) or "none")
        pairs = sum(
            link.removed.targets * link.removed.sources - link.removed.count for link in network.links
        )
        biases = sum(layer.size for layer in network.layers if layer.role != "input")
        self.parameters.setText(count(pairs + biases))
        frozen = sum(link.frozen.count for link in network.links)
        frozen += sum(node.bias_frozen for layer in network.layers for node in layer.nodes)
        self.frozen.setText(count(frozen))
        self._frozen_row.set_visible(visible=frozen > 0)
        wrong = (problem.sentence for problem in problems(project) if not problem.unfinished)
        self.problems.say("\n\n".join(wrong))
        self.warnings.say("\n\n".join(warnings(project)))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what a step comes to as a whole, to who walks through it: the window then has it anyway."""
        known = Known.of(snapshot) if snapshot.cursor is not None else None
        self.values.show_groups(whole_groups(snapshot, known))


def _about(project: Project) -> str:
    """What to look at, if the project is an example and still learns that example's data."""
    example = next((entry for entry in EXAMPLES.values() if entry.label == project.title), None)
    if example is None:
        return ""
    data = example.build().data
    known = (data.source, data.table) == (project.data.source, project.data.table)
    return example.about if known else ""
