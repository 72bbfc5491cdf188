"""Bringing in a network: what becomes of each array of a file, how it looks and what it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import BpvizError, SettingError
from bpviz.files import bringing
from bpviz.files.bringing import OrientationError, Proposal
from bpviz.files.bringing.readers import PATTERNS
from bpviz.files.bringing.words import layer_name, remark_text
from bpviz.model.spec import Project
from bpviz.reading import is_file
from bpviz.typed import number
from bpviz.ui.numbers import short
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Problem, caption
from bpviz.ui.panels.miniature import miniature
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme, scaled

_WANTED_PX: Final = QSize(760, 600)
_PICTURE_PX: Final = QSize(260, 190)
_ROW_PX: Final = 26
_FOUND: Final = ""  # the entry of a list that means: as found
_AS_FOUND: Final = "As found"
_ASKED: Final = "Say which way…"
_NEW: Final = "new"
HERE: Final = "here"
"""The entry of `ImportDialog.place` that gives the values to the network that is drawn."""
_MOST_SHOWN: Final = 24  # inputs up to which the row is written out


class ImportDialog(FittingDialog):
    """Asks how to take a network that another program wrote.

    Attributes:
        project: What comes of it; None while something stands in the way.
        remarks: What was guessed or left out.
    """

    def __init__(self, path: Path, project: Project, theme: Theme, parent: QWidget | None = None) -> None:
        """Read the file.

        Raises:
            BpvizError: If it can't be brought in, whatever is chosen.
        """
        choices = QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        super().__init__(f"Import: {name_text(path.name)}", choices, _WANTED_PX, parent)
        self._path, self._here, self._theme = path, project, theme
        beside = path.with_suffix(PATTERNS)
        self._patterns = beside if path.suffix.lower() == ".net" and is_file(beside) else None
        self.proposal: Proposal | None = None
        self.project: Project | None = None
        self.remarks: tuple[str, ...] = ()
        self.message, self.said, self.answer = caption(), caption(), QLabel()
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem = Problem("warning")
        self.picture = QLabel()
        self.table = QTableWidget(0, 3)
        self.row = QLineEdit()
        self._make_choices()
        self.take_button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        self.take_button.setText("Import")
        self._arrange()
        self._read()

    def _make_choices(self) -> None:
        self.orientation, self.hidden, self.output, self.place = Choice(), Choice(), Choice(), Choice()
        self.orientation.fill(
            [
                (_FOUND, _AS_FOUND, "By the names of its matrices, or by their shapes"),
                ("out-in", "Rows are targets", "As PyTorch writes them"),
                ("in-out", "Rows are sources", "As Keras and scikit-learn write them"),
            ]
        )
        elementwise = [(name, a.label, a.formula) for name, a in ACTIVATIONS.items() if a.elementwise]
        every = [(name, a.label, a.formula) for name, a in ACTIVATIONS.items()]
        for choice, usual, entries in ((self.hidden, "relu", elementwise), (self.output, "linear", every)):
            choice.fill(entries)
            choice.show_value(usual)
        self.place.fill(
            [
                (_NEW, "A project of its own", "Asks about unsaved changes first"),
                (HERE, "The network here", "Its weights and biases start from these values; undoable"),
            ]
        )
        self.orientation.show_value(_FOUND)
        self.place.show_value(_NEW)
        for choice in (self.orientation, self.hidden, self.output):
            choice.chosen.connect(self._read)
        self.place.chosen.connect(self._take)
        self.row.textEdited.connect(self._compute)

    def _arrange(self) -> None:
        self.table.setHorizontalHeaderLabels(["Array", "Shape", "Becomes"])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.setMinimumHeight(scaled(150))
        self.picture.setFixedSize(_PICTURE_PX)
        self.picture.setAccessibleName("The network of the file")
        form = Form()
        self._way = form.add("Matrices", self.orientation, "Which way round the matrices of the file are")
        self._inner = form.add("Hidden nodes", self.hidden, "Their activation, which the file does not say")
        self._outer = form.add("Output", self.output, "Its activation, which the file does not say")
        form.add("Import into", self.place, "Where the network goes")
        form.add("Try a row", self.row, "What the input nodes show, to compare the answer with its program's")
        form.add("It answers", self.answer, "What the output nodes show for that row")
        below = QHBoxLayout()
        below.setSpacing(24)
        below.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.message)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        layout.addWidget(self.said)
        self.add_foot(self.problem)

    @Slot()
    def _read(self) -> None:
        try:
            self.proposal = bringing.bring(
                self._path,
                orientation=self.orientation.value or None,
                activation=self.hidden.value,
                output_activation=self.output.value,
                examples=self._patterns,
            )
        except OrientationError as error:
            self.proposal = None
            self.orientation.setItemText(0, _ASKED)
            self._refuse(f"The matrix {error.arrays[0]} could be either way round: say which under Matrices.")
            self._list(bringing.bring(self._path, orientation="out-in"), asked=True)
            self.message.setText("Which way round its matrices are, the file does not say.")
            return
        self.orientation.setItemText(0, _AS_FOUND)
        if not self.row.text():
            width = self.proposal.sizes[0]
            self.row.setText(" ".join(["1"] * width) if width <= _MOST_SHOWN else "")
        self._show(self.proposal)

    def _show(self, found: Proposal) -> None:
        functions = " ".join(", ".join(dict.fromkeys(column.activations)) for column in found.columns[1:])
        kind = bringing.READERS[found.kind].label if found.kind in bringing.READERS else "Weights of bpviz"
        examples = "" if found.examples is None else f", with the patterns of {found.examples[0].name}"
        self.message.setText(f"{kind}: {'-'.join(map(str, found.sizes))} {functions}{name_text(examples)}")
        self._list(found, asked=False)
        bare = found.kind in ("npz", "safetensors")
        for row, useful in (
            (self._way, bare),
            (self._inner, bare and len(found.sizes) > 2),
            (self._outer, bare),
        ):
            for part in (row.label, row.field):
                if part is not None:
                    part.setVisible(useful)
        self._take()
        self._compute()

    def _list(self, found: Proposal, *, asked: bool) -> None:
        """Show what becomes of each array."""
        self.table.setRowCount(len(found.mapping))
        for at, mapped in enumerate(found.mapping):
            shape = " × ".join(map(str, mapped.shape)) or "1"
            becomes = "?" if asked else _becomes(found, at)
            for column, text in enumerate((mapped.array, shape, becomes)):
                item = QTableWidgetItem(name_text(text))
                item.setToolTip(tip_text(text))
                self.table.setItem(at, column, item)
        self.table.resizeColumnToContents(0)
        self.table.resizeColumnToContents(1)

    @Slot()
    def _take(self) -> None:
        """Make what comes of it, as it is chosen."""
        found = self.proposal
        if found is None:
            return
        try:
            self.picture.setPixmap(miniature(bringing.network_of(found), self._theme, _PICTURE_PX))
            if self.place.value == HERE:
                self.project, remarks = bringing.brought_into(found, self._here)
            else:
                self.project, remarks = bringing.brought_project(found), bringing.remarks_of(found)
        except BpvizError as error:
            self._refuse(str(error))
            return
        self.remarks = tuple(map(remark_text, remarks))
        self.said.setText("\n".join(self.remarks))
        self.problem.say("")
        self.take_button.setEnabled(True)

    @Slot()
    def _compute(self) -> None:
        """Compute the row that is written there."""
        found = self.proposal
        words = self.row.text().split()
        if found is None or not words:
            self.answer.setText("")
            return
        try:
            x = [number(word) for word in words]
            if len(x) != found.sizes[0]:
                raise SettingError(f"The row has {len(x)} values and the network {found.sizes[0]} inputs.")
            answer = bringing.outputs(found, [x])[0]
        except BpvizError as error:
            self.answer.setText(str(error))
            return
        shown = "  ".join(short(float(value), 6) for value in answer[:_MOST_SHOWN])
        self.answer.setText(f"{shown}{' …' if len(answer) > _MOST_SHOWN else ''}")

    def _refuse(self, sentence: str) -> None:
        self.project, self.remarks = None, ()
        self.problem.say(sentence)
        self.said.setText("")
        self.take_button.setEnabled(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Lead the keys to what is asked, else to the row."""
        super().showEvent(event)
        (self.orientation if self.proposal is None else self.row).setFocus()


def _becomes(found: Proposal, at: int) -> str:
    mapped = found.mapping[at]
    if mapped.what == "left out":
        return "left out"
    target = layer_name(found, mapped.target)
    if mapped.what == "bias":
        return f"biases of {target}"
    return f"{layer_name(found, mapped.source)} → {target}{', transposed' if mapped.turned else ''}"
