"""How the network learns: optimizer, rate, loss, penalty, stop rules, seed.

Each change is one undoable edit and takes effect at once; what starts the run again says so in its tooltip.
"""

from __future__ import annotations

import random
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from bpviz.engine.options import HasOptions
from bpviz.engine.penalties import PENALTIES
from bpviz.model.edits import set_training
from bpviz.model.problems import training_warnings
from bpviz.model.settings import MORE, MOST_USED, OPTIONS_OF, Setting
from bpviz.model.spec import Options, Project
from bpviz.ui.document import Document
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Problem, Row, panel_layout, tab_by_place
from bpviz.ui.panels.line_edits import Bounds, NumberEdit, OptionalNumber
from bpviz.ui.panels.settings import fields_of, make_field, shown, tip
from bpviz.ui.theme import Theme

LARGEST_SEED: Final = 2**32 - 1
_DICE_SEEDS: Final = 99_999  # five digits can be read out in a classroom


class TrainingPanel(QWidget):
    """The form of everything in `Training`."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rows: dict[str, tuple[Setting, Row]] = {}
        self._options: dict[str, OptionRows] = {}
        layout = panel_layout(self)
        self._form = Form()
        layout.addWidget(self._form)
        self._warning = Problem("warning")
        for setting in MOST_USED:
            self._add(setting)
        self._seed = SeedField(theme)
        self._seed_row = self._form.add(
            "Seed", self._seed, "Data, split, start and order come from it; another one starts the run again"
        )
        self._seed.chosen.connect(self._on_seed)
        for setting in MOST_USED:  # what is seldom changed stands below what often is
            if setting.has_options:
                self._form.add_wide(self._options[setting.field])
        for title, settings in MORE:
            self._form.add_section(title)
            for setting in settings:
                self._add(setting)
        document.changed.connect(self._on_changed)
        self._show(document.project)

    def field(self, name: str) -> QWidget:
        """The field of a setting, by the setting's name."""
        return self._seed if name == "seed" else self._rows[name][1].field

    def option_field(self, table: str, name: str) -> QWidget:
        """The field of an option of the entry in force, such as ``("optimizer", "beta1")``."""
        return self._options[table].rows[name].field

    @property
    def warning(self) -> str:
        """The sentence beneath the optimizer; empty if nothing is to be said."""
        return self._warning.text()

    def problem(self, name: str) -> str:
        """The sentence beneath a field; empty if nothing is wrong."""
        row = self._seed_row if name == "seed" else self._rows[name][1]
        return row.problem.text()

    def _add(self, setting: Setting) -> None:
        field = make_field(setting)
        row = self._form.add(setting.label, field, tip(setting))
        if setting.field == "optimizer":
            self._form.add_wide(self._warning)
        self._rows[setting.field] = (setting, row)
        commit = partial(self._commit, setting, row)
        if isinstance(field, Choice):
            field.chosen.connect(commit)
        elif isinstance(field, NumberEdit | OptionalNumber):
            field.committed.connect(commit)
        if setting.has_options:
            often = setting in MOST_USED
            rows = OptionRows(self._document, setting.field, titled=often)
            self._options[setting.field] = rows
            if not often:
                self._form.add_wide(rows)

    def _commit(self, setting: Setting, row: Row, value: Any) -> None:
        fields = fields_of(setting, self._document.project.training, value)
        self._apply(setting.label, setting.field, row, fields)

    def _apply(self, label: str, key: str, row: Row, fields: dict[str, Any]) -> None:
        text = f"change {label[0].lower()}{label[1:]}"
        made = row.attempt(
            lambda: self._document.apply(
                text, lambda project: set_training(project, **fields), merge_key=("training", key)
            )
        )
        if not made:
            self._show(self._document.project)

    @Slot(object)
    def _on_seed(self, seed: int) -> None:
        self._apply("Seed", "seed", self._seed_row, {"seed": int(seed)})

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        if before.training != after.training:
            self._form.forget()
            self._show(after)

    def _show(self, project: Project) -> None:
        training = project.training
        for setting, row in self._rows.values():
            field, value = row.field, shown(setting, training)
            if isinstance(field, Choice | NumberEdit | OptionalNumber):
                field.show_value(value)
        self._seed.edit.show_value(training.seed)
        penalized = training.penalty != next(iter(PENALTIES))
        self._rows["penalty_rate"][1].field.setEnabled(penalized)
        for name, rows in self._options.items():
            rows.show_options(getattr(training, name), getattr(training, f"{name}_options"))
        self._warning.say(" ".join(training_warnings(training)))
        tab_by_place(self._form)


class OptionRows(Form):
    """The options of the chosen optimizer, schedule or initializer, made from its table's entry."""

    def __init__(
        self, document: Document, table: str, parent: QWidget | None = None, *, titled: bool = False
    ) -> None:
        """Make the rows; they stand empty until `show_options`.

        Args:
            document: What to edit.
            table: The name of the setting that chooses the entry.
            parent: Qt's.
            titled: Say above the rows whose options they are, as the choice is not the line before.
        """
        super().__init__(parent)
        self._document, self._table = document, table
        self._title = self.add_section("") if titled else None
        self._entry = ""
        self.rows: dict[str, Row] = {}

    def show_options(self, name: str, chosen: Options) -> None:
        """Show the options of an entry: as chosen, otherwise their defaults."""
        entry = OPTIONS_OF[self._table][name]
        if name != self._entry:
            self._entry = name
            self._rebuild(entry)
        values = dict(chosen)
        for option in entry.options:
            field = self.rows[option.name].field
            assert isinstance(field, NumberEdit)
            field.show_value(values.get(option.name, option.default))
        self.setVisible(bool(entry.options))

    def _rebuild(self, entry: HasOptions) -> None:
        for row in self.rows.values():
            self.remove(row)
        self.rows = {}
        if self._title is not None:
            self._title.setText(f"{entry.label} constants")
        for option in entry.options:
            field = NumberEdit(Bounds(low=option.low, high=option.high))
            row = self.add(option.label, field, option.about)
            field.committed.connect(partial(self._commit, option.name, row))
            self.rows[option.name] = row

    def _commit(self, name: str, row: Row, value: float) -> None:
        training = self._document.project.training
        entry = OPTIONS_OF[self._table][self._entry]
        values = {**dict(getattr(training, f"{self._table}_options")), name: value}
        defaults = {option.name: option.default for option in entry.options}
        kept = tuple(sorted(pair for pair in values.items() if pair[1] != defaults[pair[0]]))
        row.attempt(
            lambda: self._document.apply(
                f"change {self._table}",
                lambda project: set_training(project, **{f"{self._table}_options": kept}),
                merge_key=("training", self._table, name),
            )
        )


class SeedField(QWidget):
    """A whole number with a dice beside it.

    Signals:
        chosen: (object), the seed as an int; a signal's own int would be too narrow.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.edit = NumberEdit(Bounds(low=0, high=LARGEST_SEED, step=1, whole=True))
        self.dice = QToolButton()
        self.dice.setProperty("look", "quiet")
        theme.size(self.dice, icon=16)
        self.dice.setToolTip("Draw another seed")
        self.dice.setAccessibleName("Draw another seed")
        self.edit.committed.connect(self._on_committed)
        self.dice.clicked.connect(self._on_dice)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.dice)
        self.setFocusProxy(self.edit)

    @Slot()
    def _paint_icon(self) -> None:
        self.dice.setIcon(self._theme.icon("dice", "secondary"))

    @Slot(float)
    def _on_committed(self, value: float) -> None:
        self.chosen.emit(int(value))

    @Slot()
    def _on_dice(self) -> None:
        self.chosen.emit(random.randrange(1, _DICE_SEEDS))
