"""What is learned from a table: its target, what each column is taken for, and what is done about gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bpviz.data.account_words import FILL_WORDS
from bpviz.data.accounts import accounts, chosen_uses, proposed
from bpviz.data.choosing import fills_of
from bpviz.data.columns import missing_rows, table_facts
from bpviz.data.datasets import TABLE
from bpviz.data.inputs import Input, inputs_of
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import BpvizError, named, one_line
from bpviz.ui.numbers import count
from bpviz.ui.panels.columns_table import DROP, OUT, TARGET, ColumnsTable
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Problem
from bpviz.ui.panels.word_question import WordQuestion
from bpviz.ui.panels.words_dialog import WordsDialog

_ROWS_NAMED: Final = 5
_SEVERAL: Final = ""  # the entry of a list that means: several of the others
_KINDS: Final = (
    ("auto", "Decided by its values", "Text and few whole numbers are classes"),
    ("class", "A class", "Which of several it is"),
    ("number", "A number", "How much it is"),
)


class ColumnChoices(QWidget):
    """Asks what the columns of a table are taken for; shows nothing until it is told of a table.

    Signals:
        checked: (bool), whether something can be learned as it is chosen now.
        words_chosen: (str, str), a column and the words that are to count as missing there, by commas;
            whoever has the table changes it and tells by `show_table` or `take_table`.
    """

    checked = Signal(bool)
    words_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = DataSettings()
        self._picked: dict[str, str] = {}
        self._everywhere = DROP
        self._remedies: dict[str, str] = {}
        self._asked_about: set[str] = set()
        self._asks = False
        self.target, self.kind, self.missing = Choice(), Choice(), Choice()
        self.kind.fill(_KINDS)
        self.columns = ColumnsTable()
        self.question = WordQuestion()
        self.problem = Problem("warning")
        self._arrange()
        self.target.chosen.connect(self._on_target)
        self.kind.chosen.connect(self._on_kind)
        self.missing.chosen.connect(self._on_missing)
        self.columns.use_chosen.connect(self.choose_use)
        self.columns.remedy_chosen.connect(self.choose_remedy)
        self.columns.words_wanted.connect(self._on_words)
        self.question.answered.connect(self._on_answered)

    @property
    def settings(self) -> DataSettings:
        """The data as they are chosen now."""
        return self._data

    @property
    def features(self) -> list[str]:
        """The inputs that come of it.

        Raises:
            DataError: If a column can't be what it is to be.
        """
        return [one.name for one in self._inputs]

    @property
    def lacking(self) -> Mapping[int, tuple[str, ...]]:
        """By row number: the columns whose value is missing, and not filled in."""
        filled = dict(self._data.fills)
        used = dict.fromkeys(one.column for one in self._inputs if one.column not in filled)
        return missing_rows(self._table, [*used, *self._data.targets])

    def show_table(self, table: Table) -> None:
        """Ask about a table that is opened; what was chosen for columns that it has, too, stays."""
        targets = tuple(name for name in self._data.targets if name in table.columns) or table.columns[-1:]
        self._picked = {name: use for name, use in self._picked.items() if name in table.columns}
        self._data = DataSettings(
            TABLE, table, targets=targets, target_kind=self._data.target_kind, drop_missing=True
        )
        self._asks = True
        self._show()

    def take_table(self, table: Table) -> None:
        """Go on with the same table, of which other words count as missing."""
        self._data = replace(self._data, table=table)
        self._show()

    def show_settings(self, data: DataSettings) -> None:
        """Ask about a table that is learned from already, which is read as it is."""
        self._data = data
        known = accounts(data)
        self._picked = {one.name: one.use for one in known if one.use != TARGET}
        lacking = [one.name for one in known if one.missing and one.use not in (OUT, TARGET)]
        fills = dict(data.fills)
        hows = {fills.get(name, DROP) for name in lacking}
        self._everywhere = hows.pop() if len(hows) == 1 else DROP
        self._remedies = fills if hows else {}
        self._asks = False
        self._show()

    @Slot(str, str)
    def choose_use(self, name: str, use: str) -> None:
        """Take a column for something else, if it can be that."""
        if use == TARGET:
            self._learn((name,))
            return
        try:
            inputs_of(self._table, (), ((name, use),))
        except BpvizError as error:
            self.problem.say(str(error))
            return
        self._picked[name] = use
        if name in self._data.targets:
            others = tuple(target for target in self._data.targets if target != name)
            self._learn(others or tuple(one for one in self._table.columns if one != name)[-1:])
        else:
            self._show()

    @Slot(str, str)
    def choose_remedy(self, name: str, how: str) -> None:
        """Do something else about the missing values of one column."""
        if how == OUT:
            self.choose_use(name, OUT)
            return
        self._remedies[name] = how
        self._show()

    @property
    def _table(self) -> Table:
        assert self._data.table is not None, "columns are a table's"
        return self._data.table

    @property
    def _inputs(self) -> tuple[Input, ...]:
        return inputs_of(self._table, self._data.targets, self._data.uses)

    def _arrange(self) -> None:
        left, right = Form(), Form()
        left.add("To learn", self.target, "The column that the network is to tell from the others")
        left.add("It is", self.kind, "Whether a class or a number is learned")
        right.add(
            "If missing", self.missing, "What is done about rows that lack a value in a column that is used"
        )
        forms = QHBoxLayout()
        forms.setSpacing(24)
        for form in (left, right):
            forms.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(forms)
        layout.addWidget(self.question)
        layout.addWidget(self.columns, 1)

    def _show_missing(self) -> None:
        """Offer what can be done about missing values in all columns, and show what is."""
        entries = [(how, f"Fill in the {word}", "Of the training part") for how, word in FILL_WORDS.items()]
        several = [(_SEVERAL, "As chosen for each", "See below")] if self._differs else []
        self.missing.fill([*several, (DROP, "Leave such rows out", ""), *entries])
        self.missing.show_value(_SEVERAL if several else self._everywhere)

    @property
    def _differs(self) -> bool:
        """Whether something else is done in a column than everywhere."""
        return any(how != self._everywhere for how in self._remedies.values())

    @Slot(str)
    def _on_missing(self, how: str) -> None:
        if how != _SEVERAL:
            self._everywhere, self._remedies = how, {}
            self._show()

    @Slot(str)
    def _on_words(self, name: str) -> None:
        dialog = WordsDialog(self._table, name, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._asked_about.add(name)
            self.words_chosen.emit(name, dialog.words)
        dialog.deleteLater()

    @Slot(str, bool)
    def _on_answered(self, name: str, are_values: bool) -> None:
        self._asked_about.add(name)
        account = next(one for one in self.columns.columns.accounts if one.name == name)
        words = (*account.words, *account.suspects)
        self.words_chosen.emit(name, "" if are_values else ", ".join(word for word, _ in words))

    @Slot(str)
    def _on_target(self, name: str) -> None:
        if name != _SEVERAL:
            self._learn((name,))

    @Slot(str)
    def _on_kind(self, kind: str) -> None:
        # The list holds these three alone.
        self._data = replace(self._data, target_kind=kind, classes=())  # type: ignore[arg-type]
        self._show()

    def _learn(self, targets: tuple[str, ...]) -> None:
        """Learn other columns."""
        self._data = replace(self._data, targets=targets, classes=())
        self._show()

    @Slot()
    def _show(self) -> None:
        """Decide what was not chosen, and show all of it."""
        table, targets = self._table, self._data.targets
        uses = chosen_uses(proposed(table, targets), table, self._picked.items())
        fills = fills_of(table, targets, uses, self._everywhere, self._remedies)
        self._data = replace(self._data, uses=uses, fills=fills)
        several = [(_SEVERAL, named(targets), "Several numbers")] if len(targets) > 1 else []
        self.target.fill([*several, *((name, name, "") for name in table.columns)])
        self.target.show_value(_SEVERAL if several else targets[0])
        self.kind.show_value(self._data.target_kind)
        self._show_missing()
        known = accounts(self._data)
        self.columns.show_accounts(known)
        doubts = [one for one in known if one.doubtful and one.name not in self._asked_about]
        self.question.ask(doubts[0] if doubts and self._asks else None)
        self.check()

    def check(self) -> None:
        """Say what is wrong with the choice, or which rows it would leave out."""
        data, sentence, fits = self._data, "", True
        try:
            table_facts(self._table, data.targets, data.target_kind, data.classes, data.uses)
            sentence = sentence_about(self.lacking, len(self._table.rows))
            if not self.features:
                sentence, fits = "Take at least one column for something that the network sees.", False
        except BpvizError as error:
            sentence, fits = str(error), False
        self.problem.say(sentence)
        self.checked.emit(fits)


def sentence_about(lacking: Mapping[int, tuple[str, ...]], rows: int) -> str:
    """Name and count the rows with missing values; empty if there are none."""
    if not lacking:
        return ""
    shown = ", ".join(f"{row} ({named(names)})" for row, names in list(lacking.items())[:_ROWS_NAMED])
    more = f" and {count(len(lacking) - _ROWS_NAMED)} more" if len(lacking) > _ROWS_NAMED else ""
    one = len(lacking) == 1
    head = f"{count(len(lacking))} of {count(rows)} rows {'lacks' if one else 'lack'} a value"
    return one_line(f"{head}: row{'' if one else 's'} {shown}{more}.")
