"""What the network learns from: data set, noise, split, scaling, and the features that it sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from bpviz.data.account_words import filled_text, left_out_text
from bpviz.data.accounts import accounts
from bpviz.data.columns import filled_counts, lacking_count
from bpviz.data.datasets import DATASETS, TABLE, facts
from bpviz.data.features import available, parse
from bpviz.data.shapes import read_shape, shape_text
from bpviz.data.split import train_count
from bpviz.errors import BpvizError, counted, named
from bpviz.model.edits import on_network, set_data, set_features
from bpviz.model.settings import OF_DATA
from bpviz.model.spec import Project
from bpviz.ui.document import Document
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.numbers import count
from bpviz.ui.panels.checklist import Checklist
from bpviz.ui.panels.columns_dialog import ColumnsDialog
from bpviz.ui.panels.examples_dialog import ExamplesDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Row, caption, panel_layout
from bpviz.ui.panels.settings import make_choice, make_number, make_ruler, tip
from bpviz.ui.panels.thumbnails import Thumbnails
from bpviz.ui.panels.titles import data_title
from bpviz.ui.theme import Theme

_CHIPS: Final = ("x", "y", "x^2", "y^2", "x*y", "sin(x)", "sin(y)")
_CHIPS_A_ROW: Final = 4
_LEAST_PIXELS: Final = 16
_OPEN: Final = "open a table"
_BRIEFLY: Final = {"linear_case": "Linear neuron", "four_layers": "Four layers"}
_RESTARTS: Final = (
    "Other data, features, split or scaling start the run again; examples that you edit or draw join it."
)


class DataPanel(QWidget):
    """The form of everything in `DataSettings`, and of the features on the input layer.

    Signals:
        table_wanted: The user asks to open a table of their own.
        example_chosen: (int), an example to look at in the run, by its row in the data set.
    """

    table_wanted = Signal()
    example_chosen = Signal(int)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._examples: ExamplesDialog | None = None
        self._example: int | None = None
        layout = panel_layout(self)
        self.thumbnails = Thumbnails(theme)
        layout.addWidget(self.thumbnails)
        self._form = Form()
        layout.addWidget(self._form)
        self._make_fields()
        self.chips = FeatureChips()
        self._chips_row = self._form.add_wide(self.chips)
        self.features_button = QPushButton()
        self._features_row = self._form.add(
            "Features", self.features_button, "Which columns the network sees"
        )
        self.columns_button = QPushButton("Columns…")
        self.columns_button.setToolTip("See what each column of your table is taken for, and change it")
        layout.addWidget(self.columns_button)
        self.examples_button = QPushButton("Examples…")
        self.examples_button.setToolTip("See every example as a row of a table, and type in your own")
        layout.addWidget(self.examples_button)
        self._summary = caption()
        layout.addWidget(self._summary)
        self._connect()
        document.changed.connect(self._on_changed)
        self._show(document.project)

    @property
    def summary(self) -> str:
        """What it says of the examples."""
        return self._summary.text()

    def _make_fields(self) -> None:
        add = self._form.add
        self.source = Choice()
        self._source_row = add("Data set", self.source, "What is learned; another one starts the run again")
        of = {setting.field: setting for setting in OF_DATA}
        self.noise, self.share = (make_ruler(of[name], _percent) for name in ("noise", "train_share"))
        self.samples = make_number(of["samples"].kind)
        self.scaling, self.target_scaling = (
            make_choice(of[name].kind) for name in ("scaling", "target_scaling")
        )

        def row(name: str, field: QWidget) -> Row:
            return add(of[name].label, field, tip(of[name]))

        self._noise_row, self._samples_row = row("noise", self.noise), row("samples", self.samples)
        self._share_row, self._scaling_row = row("train_share", self.share), row("scaling", self.scaling)
        self.image = LineEdit()
        self._image_row = add(
            "Image", self.image, "Rows and columns, if each row of the table is an image, pixel by pixel"
        )
        self._target_row = row("target_scaling", self.target_scaling)

    def _connect(self) -> None:
        self.thumbnails.chosen.connect(self._on_source)
        self.source.chosen.connect(self._on_source)
        self.noise.moved.connect(lambda value: self._set(self._noise_row, "change noise", noise=value))
        self.samples.committed.connect(
            lambda value: self._set(self._samples_row, "change number of examples", samples=int(value))
        )
        self.share.moved.connect(lambda value: self._set(self._share_row, "change split", train_share=value))
        self.scaling.chosen.connect(lambda name: self._set(self._scaling_row, "change scaling", scaling=name))
        self.target_scaling.chosen.connect(
            lambda name: self._set(self._target_row, "change target scaling", target_scaling=name)
        )
        self.image.editingFinished.connect(self._on_image)
        self.chips.toggled.connect(self._on_chip)
        self.features_button.clicked.connect(self._on_features)
        self.columns_button.clicked.connect(self._on_columns)
        self.examples_button.clicked.connect(self.show_examples)

    @Slot(str)
    def _on_source(self, name: str) -> None:
        if name == _OPEN:
            self._show(self._document.project)
            self.table_wanted.emit()
        else:
            self._set(self._source_row, "choose data set", source=name)

    @Slot()
    def _on_image(self) -> None:
        if not self.image.isModified():
            return
        self.image.setModified(False)
        try:
            shape = read_shape(self.image.text())
        except BpvizError as error:
            self._image_row.show_problem(str(error))
            return
        self._set(self._image_row, "change image size", image=shape)

    def _set(self, row: Row, text: str, **fields: Any) -> None:
        def edit(project: Project) -> Project:
            changed = set_data(project, self._document.new_id, **fields)
            if changed.data.source == project.data.source:
                return changed
            return replace(changed, title=data_title(changed.data))

        row.attempt(lambda: self._document.apply(text, edit, merge_key=("data", *fields)))
        self._show(self._document.project)

    @Slot(str, bool)
    def _on_chip(self, feature: str, on: bool) -> None:
        now = _features(self._document.project)
        kept = [*now, feature] if on else [one for one in now if one != feature]
        self._set_features(self._chips_row, sorted(kept, key=_place))

    @Slot()
    def show_examples(self) -> None:
        """Show every example as a row of a table, to be changed or replaced by one's own."""
        dialog = ExamplesDialog(self._document, self._theme, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document.opened.connect(dialog.reject)  # they would be another project's
        dialog.example_chosen.connect(self.example_chosen)
        dialog.finished.connect(self._on_examples_closed)
        dialog.mark_example(self._example)
        self._examples = dialog
        dialog.open()

    def mark_example(self, example: int | None) -> None:
        """Mark the example that is looked at in the run, by its row in the data set."""
        self._example = example
        if self._examples is not None:
            self._examples.mark_example(example)

    @Slot(str)
    def hear(self, sentence: str) -> None:
        """Show where one looks what the run says."""
        if self._examples is not None:
            self._examples.hear(sentence)

    @Slot()
    def _on_examples_closed(self) -> None:
        self._examples = None

    @Slot()
    def _on_columns(self) -> None:
        dialog = ColumnsDialog(self._document.project.data, self)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        chosen = dialog.choices.settings
        fields = ("table", "targets", "target_kind", "classes", "uses", "fills")
        changes = {name: getattr(chosen, name) for name in fields}
        drop = chosen.drop_missing or bool(dialog.choices.lacking)
        self._set(self._features_row, "choose columns", drop_missing=drop, **changes)

    @Slot()
    def _on_features(self) -> None:
        project = self._document.project
        offered = available(facts(project.data).columns)
        dialog = Checklist("Features", "The network sees these columns.", offered, _features(project), self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._set_features(self._features_row, dialog.chosen)

    def _set_features(self, row: Row, chosen: list[str]) -> None:
        def edit(project: Project) -> Project:
            ids = self._document.new_ids("n", len(chosen))
            return on_network(lambda network: set_features(network, chosen, ids))(project)

        row.attempt(lambda: self._document.apply("choose features", edit))
        self._show(self._document.project)

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        if before.data != after.data or _features(before) != _features(after):
            self._form.forget()
            self._show(after)

    def _show(self, project: Project) -> None:
        data = project.data
        own = [(TABLE, data.table.name, "Your own table")] if data.table else []
        self.source.fill(
            [
                *((entry.name, entry.label, entry.about) for entry in DATASETS.values()),
                *own,
                (_OPEN, "Open a table…", "A CSV file of your own"),
            ],
            _BRIEFLY,
        )
        self.source.show_value(data.source)
        self.thumbnails.show_value(data.source)
        generated = data.source != TABLE and DATASETS[data.source].generated
        self._noise_row.set_visible(visible=generated)
        self._samples_row.set_visible(visible=generated)
        self.noise.show_value(data.noise)
        if generated:
            self.samples.show_value(data.samples or DATASETS[data.source].samples)
        self.share.show_value(data.train_share)
        self.scaling.show_value(data.scaling)
        self.target_scaling.show_value(data.target_scaling)
        self.columns_button.setVisible(data.source == TABLE and data.table is not None)
        self._show_features(project)

    def _show_features(self, project: Project) -> None:
        try:
            known = facts(project.data)
            summary = _summary(project)
        except BpvizError as error:
            self._summary.setText(str(error))
            return
        now = _features(project)
        chips = known.columns == _CHIPS[:2]
        self._chips_row.set_visible(visible=chips)
        self._features_row.set_visible(visible=not chips)
        self._target_row.set_visible(visible=known.task == "number")
        is_table = project.data.source == TABLE and len(known.columns) >= _LEAST_PIXELS
        self._image_row.set_visible(visible=is_table)
        if not self._image_row.problem.text():
            self.image.setText(shape_text(project.data.image))
        if chips:
            self.chips.show_value(now, known.columns)
        self.features_button.setText(f"{len(now)} of {len(known.columns)}…")
        columns = _columns_text(project) if project.data.source == TABLE else ""
        self._summary.setText(" ".join(filter(None, (summary, columns, _RESTARTS))))


class FeatureChips(QWidget):
    """Seven small switches, for data in a plane.

    Signals:
        toggled: (str, bool), a feature and whether the network is to see it.
    """

    toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(4)
        self.buttons: dict[str, QToolButton] = {}
        for at, feature in enumerate(_CHIPS):
            button = QToolButton()
            button.setProperty("look", "chip")
            button.setCheckable(True)
            button.setText(parse(feature, _CHIPS[:2]).label)
            button.setToolTip(f"Let the network see {button.text()}; starts the run again")
            button.setObjectName(feature)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button)
            self.buttons[feature] = button
            layout.addWidget(button, at // _CHIPS_A_ROW, at % _CHIPS_A_ROW)
        for at in range(_CHIPS_A_ROW):
            layout.setColumnStretch(at, 1)
        self._group.buttonClicked.connect(self._on_clicked)

    def show_value(self, features: list[str], columns: tuple[str, ...]) -> None:
        """Mark the features in use; says nothing."""
        for feature, button in self.buttons.items():
            button.setChecked(feature in features)

    @Slot(object)
    def _on_clicked(self, button: QToolButton) -> None:
        self.toggled.emit(button.objectName(), button.isChecked())


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _features(project: Project) -> list[str]:
    layer = project.network.input
    return [] if layer is None else [node.feature for node in layer.nodes if node.feature]


def _place(feature: str) -> int:
    return _CHIPS.index(feature) if feature in _CHIPS else len(_CHIPS)


def _summary(project: Project) -> str:
    """Say how many examples there are to train and to test, what is learned, and what is left out."""
    data, known, lacking = project.data, facts(project.data), 0
    if data.source == TABLE and data.table is not None and data.drop_missing:
        lacking = lacking_count(data.table, data, _features(project))
    used = known.rows - lacking
    train = train_count(used, data.train_share)
    parts = f"{counted(train, 'example')} to train, {count(used - train)} to test"
    what = f"{len(known.classes)} classes" if known.classes else _numbers(known.target_names)
    left_out = f" {counted(lacking, 'row')} without a value left out." if lacking else ""
    return f"{parts}; {what}.{left_out}"


def _columns_text(project: Project) -> str:
    """Say what is filled in of the rows that are learned from, and which columns are left out."""
    data, known = project.data, accounts(project.data)
    assert data.table is not None, "its facts were known"
    filled = filled_text(known, filled_counts(data.table, data, _features(project))) if data.fills else ""
    return " ".join(filter(None, (filled, left_out_text(known))))


def _numbers(names: tuple[str, ...]) -> str:
    return f"a number, {names[0]}" if len(names) == 1 else f"{len(names)} numbers, {named(names)}"
