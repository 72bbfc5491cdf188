"""*Examples…*: what the network learns from, one row an example, to look at and to type in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bpviz.data.datasets import DATASETS, TABLE, load
from bpviz.data.settings import DataSettings
from bpviz.data.sheet import Sheet, empty_sheet, sheet_of_dataset, sheet_of_table
from bpviz.data.sheet_column import Role
from bpviz.data.summary import summary_of
from bpviz.errors import BpvizError, counted
from bpviz.model.edits import set_examples
from bpviz.model.spec import Project
from bpviz.ui.document import Document
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.panels.column_summary import ColumnSummary
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.examples_model import ExamplesModel
from bpviz.ui.panels.examples_rows import ExampleRows
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Problem, caption
from bpviz.ui.panels.grid import Grid
from bpviz.ui.panels.titles import data_title
from bpviz.ui.theme import Theme, scaled

_WANTED_PX: Final = QSize(720, 560)
_OWN: Final = "Own examples"
_LEAST_COLUMN_PX: Final = 90
_READ_ONLY: Final = (
    "These examples came with bpviz. Make them yours to change them, or begin with an empty table."
)
_CHANGED: Final = "Nothing is learned from these rows yet; choose “Use these examples” before looking at one."
_LEFT_OUT: Final = "This row lacks a value and is left out of the examples; fill it in to learn from it."


class ExamplesDialog(FittingDialog):
    """The examples of a document; what was typed becomes one edit when it is accepted.

    Signals:
        example_chosen: (int), an example to look at in the run, by its row in the data set.
    """

    example_chosen = Signal(int)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        choices = QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        super().__init__("Examples", choices, _WANTED_PX, parent)
        self._document, self._theme = document, theme
        self._touched = self._asked = False
        self._example: int | None = None
        self._before = document.project.data
        self._rows = ExampleRows.of(document.project)
        self.grid = Grid()
        self.grid.setAccessibleName("Examples")
        # Qt would measure both lines of a name as one; the model shortens them where it must.
        self.grid.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.grid.setMinimumHeight(scaled(160))
        self.about = caption()
        self.summary = ColumnSummary(theme)
        self.problem, self.hint = Problem(), caption()
        self.hint.hide()
        self.use_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.use_button.setText("Use these examples")
        self._make_fields()
        self._arrange()
        self._connect()
        sheet, sentence = _sheet_of(document.project)
        self._show(sheet, read_only=document.project.data.source != TABLE)
        if sentence:
            self.problem.say(sentence)

    @property
    def model(self) -> ExamplesModel:
        """What the grid shows."""
        return self._model

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the cells, at the example that is looked at."""
        super().showEvent(event)
        self.grid.setFocus()
        if event.spontaneous():
            return
        self._fit_columns()  # only now the headers have the padding that their style gives them
        if self._example is not None:
            self.grid.go_to(self._rows.row(self._example), 0)

    def mark_example(self, example: int | None) -> None:
        """Mark the example that is looked at in the run, by its row in the data set."""
        self._example = example
        shown = None if example is None or self._touched else self._rows.row(example)
        self._model.mark_row(shown)

    def hear(self, sentence: str) -> None:
        """Show what the run says to an example that was chosen here."""
        if self._asked:
            self._asked = False
            self._hint(sentence)

    def accept(self) -> None:
        """Learn from what stands here; what can't be used is said, and stays to be mended."""
        if not self._touched:
            super().accept()
            return

        def edit(project: Project) -> Project:
            data = self._model.sheet.settings(self._before)
            changed = set_examples(project, self._document.new_id, data)
            return changed if self._before.source == TABLE else replace(changed, title=data_title(data))

        try:
            self._document.apply("change examples", edit)
        except BpvizError as error:
            self.problem.say(str(error))
            return
        super().accept()

    def _make_fields(self) -> None:
        self.row_button = _button("Add row", "One more example, below the cell where you are")
        self.delete_rows_button = _button("Delete rows", "The rows of the selected cells")
        self.input_button = _button("Add input", "One more column of what the network is given")
        self.target_button = _button("Add target", "One more column of numbers that it is to put out")
        self.delete_column_button = _button("Delete column", "The column of the cell where you are")
        self.mine_button = _button(
            "Make it mine", "Change these examples; the data set itself stays as it is"
        )
        self.empty_button = _button(
            "Begin empty", "A table without examples, with the columns of this network"
        )
        self.kind = Choice()
        self.kind.fill(
            [
                ("number", "Numbers", "How much each output should be"),
                ("class", "A class", "Which of several it is"),
            ]
        )
        self.classes = LineEdit()
        self.classes.setPlaceholderText("those in the rows")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._editing = [
            self.row_button,
            self.delete_rows_button,
            self.input_button,
            self.target_button,
            self.delete_column_button,
        ]
        self._making = [self.mine_button, self.empty_button]
        for button in (*self._editing, *self._making):
            row.addWidget(button)
        row.addStretch(1)
        form = Form()
        form.add("Targets are", self.kind, "Whether numbers or a class are learned")
        self._classes_row = form.add(
            "Classes", self.classes, "All of them in their order, separated by commas; also those no row has"
        )
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.about)
        layout.addLayout(row)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.summary)
        layout.addWidget(form)
        self.add_foot(self.problem)
        self.add_foot(self.hint)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Return belongs to the cells
            button.setDefault(False)
        self.use_button.setProperty("look", "primary")

    def _connect(self) -> None:
        self.row_button.clicked.connect(self._on_row)
        self.delete_rows_button.clicked.connect(self._on_delete_rows)
        self.input_button.clicked.connect(lambda: self._on_column("input"))
        self.target_button.clicked.connect(lambda: self._on_column("target"))
        self.delete_column_button.clicked.connect(self._on_delete_column)
        self.mine_button.clicked.connect(self._on_mine)
        self.empty_button.clicked.connect(self._on_empty)
        self.kind.chosen.connect(self._on_kind)
        self.classes.textEdited.connect(self._on_classes)
        self.grid.pasted.connect(self._on_pasted)
        self.grid.cleared.connect(self._on_cleared)
        self.grid.went_on.connect(self._on_last)
        self.grid.renamed.connect(self._on_renamed)
        self.grid.verticalHeader().sectionClicked.connect(self._on_row_chosen)

    def _show(self, sheet: Sheet, *, read_only: bool) -> None:
        """Show a sheet."""
        self._model = ExamplesModel(sheet, self._theme, read_only=read_only, parent=self)
        self._model.edited.connect(self._on_edited)
        self.mark_example(self._example)
        self.grid.setModel(self._model)
        self.grid.selectionModel().currentColumnChanged.connect(self._show_summary)
        for button in self._editing:
            button.setVisible(not read_only)
        for button in self._making:
            button.setVisible(read_only)
        self.kind.setEnabled(not read_only)
        self.classes.setEnabled(not read_only)
        self.use_button.setVisible(not read_only)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText("Close" if read_only else "Cancel")
        self.grid.go_to(0, 0)
        self._show_rest()
        self._fit_columns()

    def _fit_columns(self) -> None:
        self.grid.resizeColumnsToContents()
        self._widen()

    def _show_rest(self) -> None:
        """Show everything beside the cells."""
        sheet = self._model.sheet
        classes = sheet.has_classes
        self.kind.show_value("class" if classes else "number")
        self._classes_row.set_visible(visible=classes)
        if not self.classes.hasFocus():  # while it is typed, it stays as it is
            self.classes.setText(", ".join(sheet.declared))
        inputs = sum(column.role == "input" for column in sheet.columns)
        what = "a class" if classes else counted(len(sheet.targets), "target")
        read_only = f" {_READ_ONLY}" if self._model.read_only else ""
        self.about.setText(
            f"{counted(sheet.rows, 'example')}: {counted(inputs, 'input')}, {what}.{read_only}"
        )
        self._show_summary()
        self._widen()

    @Slot()
    def _show_summary(self) -> None:
        """Show the column where one is at a glance."""
        at, columns = self.grid.place[1], self._model.sheet.columns
        if 0 <= at < len(columns):
            self.summary.show_summary(summary_of(columns[at]))

    def _widen(self) -> None:
        """Let every name be read; what is typed never makes a column narrower."""
        for at in range(len(self._model.sheet.columns)):
            wanted = max(self.grid.horizontalHeader().sectionSizeHint(at), scaled(_LEAST_COLUMN_PX))
            if self.grid.columnWidth(at) < wanted:
                self.grid.setColumnWidth(at, wanted)

    @Slot(int)
    def _on_row_chosen(self, row: int) -> None:
        """Look at an example in the run, which knows nothing yet of what was typed."""
        example = None if self._touched else self._rows.example(row)
        if example is None:
            self._hint(_CHANGED if self._touched else _LEFT_OUT)
            return
        self._hint("")
        self._asked = True
        self.example_chosen.emit(example)

    @Slot()
    def _on_edited(self) -> None:
        self._touched = True
        self.mark_example(self._example)
        self._show_rest()
        self._check()

    def _check(self) -> None:
        """Say what has to be mended first, if anything has."""
        sheet, before = self._model.sheet, self._before
        fault = sheet.first_fault(drop_missing=before.drop_missing, filled=dict(sheet.followed(before.fills)))
        row, column, sentence = fault or (-1, -1, "")
        # What was not filled in yet is no mistake.
        empty = row >= 0 and not self._model.sheet.columns[column].text(row)
        self.problem.say("" if empty else sentence)
        self._hint(sentence if empty else "")
        self.use_button.setEnabled(fault is None)

    def _hint(self, sentence: str) -> None:
        self.hint.setText(sentence)
        self.hint.setVisible(bool(sentence))

    def _try(self, change: Callable[[], object]) -> bool:
        """Change the sheet; if that is refused, say why.  Returns whether it was changed."""
        row, column = self.grid.place
        try:
            change()
        except BpvizError as error:
            self.problem.say(str(error))
            self.grid.go_to(row, column)
            return False
        sheet = self._model.sheet
        self.grid.go_to(min(row, sheet.rows - 1), min(column, len(sheet.columns) - 1))
        return True

    @Slot()
    def _on_row(self) -> None:
        row, rows = self.grid.place[0], self._model.sheet.rows
        if self._try(lambda: self._model.insert_row(min(row + 1, rows))):
            self.grid.go_to(min(row + 1, rows), 0)
        self.grid.setFocus()

    @Slot()
    def _on_last(self) -> None:
        if not self._model.read_only:
            self._try(lambda: self._model.insert_row(self._model.sheet.rows))

    @Slot()
    def _on_delete_rows(self) -> None:
        rows = {row for row, _ in self.grid.chosen} or {self.grid.place[0]}
        self._try(lambda: self._model.remove_rows(rows))
        self.grid.setFocus()

    def _on_column(self, role: Role) -> None:
        places: list[int] = []
        if self._try(lambda: places.append(self._model.add_column(role))):
            self.grid.go_to(0, places[0])
        self.grid.setFocus()

    @Slot()
    def _on_delete_column(self) -> None:
        self._try(lambda: self._model.remove_column(self.grid.place[1]))
        self.grid.setFocus()

    @Slot()
    def _on_mine(self) -> None:
        self._show(self._model.sheet, read_only=False)
        self._on_edited()
        self.grid.setFocus()

    @Slot()
    def _on_empty(self) -> None:
        inputs, targets = _columns_of(self._document.project)
        self._before = DataSettings(train_share=1.0)  # as they are typed, and all to train on
        self._show(empty_sheet(_OWN, inputs, targets), read_only=False)
        self._on_edited()
        self.grid.setFocus()

    @Slot(str)
    def _on_kind(self, kind: str) -> None:
        if not self._try(lambda: self._model.learn_classes(classes=kind == "class")):
            self.kind.show_value("class" if self._model.sheet.has_classes else "number")

    @Slot()
    def _on_classes(self) -> None:
        names = tuple(name.strip() for name in self.classes.text().split(",") if name.strip())
        if names != self._model.sheet.declared:
            self._model.declare(names)

    @Slot(int, int, str)
    def _on_pasted(self, row: int, column: int, text: str) -> None:
        if not self._model.read_only:
            self._try(lambda: self._model.paste(row, column, text))

    @Slot(object)
    def _on_cleared(self, cells: list[tuple[int, int]]) -> None:
        if not self._model.read_only:
            self._model.clear(cells)

    @Slot(int, str)
    def _on_renamed(self, column: int, name: str) -> None:
        self._try(lambda: self._model.rename(column, name))


def _button(text: str, about: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(about)
    return button


def _sheet_of(project: Project) -> tuple[Sheet, str]:
    """The examples of a project; if they can't be shown, an empty sheet and why."""
    data = project.data
    try:
        if data.source == TABLE:
            return sheet_of_table(data), ""
        return sheet_of_dataset(load(data, project.training.seed), _name(data)), ""
    except BpvizError as error:
        return empty_sheet(_OWN, *_columns_of(project)), str(error)


def _name(data: DataSettings) -> str:
    return DATASETS[data.source].label


def _columns_of(project: Project) -> tuple[list[str], list[str]]:
    """Names for inputs and targets, as many as the network has ends for."""
    start, end = project.network.input, project.network.output
    inputs, outputs = start.size if start else 2, end.size if end else 1
    targets = ["y"] if outputs == 1 else [f"y{number}" for number in range(1, outputs + 1)]
    return [f"x{number}" for number in range(1, inputs + 1)], targets
