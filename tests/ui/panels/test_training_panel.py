"""The training panel: every setting of a run is there, is an undoable edit, and refuses in a sentence."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from bpviz.engine.initializers import INITIALIZERS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.errors import SettingError
from bpviz.model.settings import of_training
from bpviz.model.spec import Stop, Training
from bpviz.ui.document import Document
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.line_edits import NumberEdit, OptionalNumber
from bpviz.ui.panels.training_panel import SeedField, TrainingPanel

SHOWN = {setting.field for setting in of_training()}


def _type(edit: NumberEdit, text: str) -> None:
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def _number(panel: TrainingPanel, name: str) -> NumberEdit:
    field = panel.field(name)
    assert isinstance(field, NumberEdit)
    return field


def _choose(panel: TrainingPanel, name: str, entry: str) -> None:
    field = panel.field(name)
    assert isinstance(field, Choice)
    index = field.findData(entry)
    field.setCurrentIndex(index)
    field.activated.emit(index)


def test_every_setting_has_a_row() -> None:
    settings = {field.name for field in fields(Training)} - {"stop", "seed"}
    settings -= {name for name in settings if name.endswith("_options")}
    assert settings | {f"stop.{field.name}" for field in fields(Stop)} == SHOWN


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("optimizer", OPTIMIZERS),
        ("loss", LOSSES),
        ("schedule", SCHEDULES),
        ("penalty", PENALTIES),
        ("initializer", INITIALIZERS),
    ],
)
def test_choices_come_from_the_tables(
    training_panel: TrainingPanel, name: str, table: dict[str, object]
) -> None:
    field = training_panel.field(name)
    assert isinstance(field, Choice)
    assert [field.itemData(at) for at in range(field.count())] == list(table)


def test_the_rate_is_an_undoable_edit(training_panel: TrainingPanel, document: Document) -> None:
    before = document.project.training.learning_rate
    _type(_number(training_panel, "learning_rate"), "0.1")
    assert document.project.training.learning_rate == 0.1
    document.undo_stack.undo()
    assert _number(training_panel, "learning_rate").value == before


@pytest.mark.parametrize("text", ["nan", "0", "-1", "fast", "1e9"])
def test_an_impossible_rate_is_refused_at_its_field(
    training_panel: TrainingPanel, document: Document, text: str
) -> None:
    before = document.project
    _type(_number(training_panel, "learning_rate"), text)
    assert document.project is before
    assert training_panel.problem("learning_rate").endswith(".")
    _type(_number(training_panel, "learning_rate"), "0.5")
    assert training_panel.problem("learning_rate") == ""


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_an_optimizer_brings_its_own_options(
    training_panel: TrainingPanel, document: Document, name: str
) -> None:
    _choose(training_panel, "optimizer", name)
    assert document.project.training.optimizer == name
    for option in OPTIMIZERS[name].options:
        field = training_panel.option_field("optimizer", option.name)
        assert isinstance(field, NumberEdit)
        assert field.value == option.default


def test_an_option_is_stored_only_where_it_differs(training_panel: TrainingPanel, document: Document) -> None:
    _choose(training_panel, "optimizer", "adam")
    field = training_panel.option_field("optimizer", "beta1")
    assert isinstance(field, NumberEdit)
    _type(field, "0.8")
    assert document.project.training.optimizer_options == (("beta1", 0.8),)
    _type(field, "0.9")
    assert not document.project.training.optimizer_options


def test_an_impossible_option_is_refused(training_panel: TrainingPanel, document: Document) -> None:
    _choose(training_panel, "optimizer", "adam")
    before = document.project
    field = training_panel.option_field("optimizer", "beta1")
    assert isinstance(field, NumberEdit)
    _type(field, "1.5")
    assert document.project is before


def test_the_whole_training_part_is_a_batch_size(training_panel: TrainingPanel, document: Document) -> None:
    field = training_panel.field("batch_size")
    assert isinstance(field, OptionalNumber)
    field.switch.click()
    assert document.project.training.batch_size is None
    field.switch.click()
    _type(field.edit, "25")
    assert repr(document.project.training.batch_size) == "25"


def test_an_accuracy_is_shown_in_percent_and_stored_as_a_share(
    training_panel: TrainingPanel, document: Document
) -> None:
    field = training_panel.field("stop.target_accuracy")
    assert isinstance(field, OptionalNumber)
    field.switch.click()
    _type(field.edit, "97.5")
    assert document.project.training.stop.target_accuracy == 0.975
    assert field.edit.text() == "97.5"


def test_the_dice_draws_another_seed_and_a_seed_can_be_typed(
    training_panel: TrainingPanel, document: Document
) -> None:
    field = training_panel.field("seed")
    assert isinstance(field, SeedField)
    field.dice.click()
    assert document.project.training.seed != 0
    _type(field.edit, "4294967295")
    assert document.project.training.seed == 4294967295
    _type(field.edit, "4294967296")
    assert training_panel.problem("seed").endswith(".")


def test_a_held_arrow_key_is_one_entry_of_the_history(
    training_panel: TrainingPanel, document: Document
) -> None:
    for _ in range(4):
        QTest.keyClick(_number(training_panel, "learning_rate"), Qt.Key.Key_Up)
    assert document.undo_stack.count() == 1


def test_a_penalty_rate_can_be_set_once_there_is_a_penalty(training_panel: TrainingPanel) -> None:
    assert not training_panel.field("penalty_rate").isEnabled()
    _choose(training_panel, "penalty", "l2")
    assert training_panel.field("penalty_rate").isEnabled()


def test_every_field_explains_itself(training_panel: TrainingPanel) -> None:
    for name in SHOWN | {"seed"}:
        field = training_panel.field(name)
        assert field.toolTip()
        assert field.accessibleName()


def test_rprop_with_mini_batches_is_a_warning_with_its_remedy(training_panel: TrainingPanel) -> None:
    assert training_panel.warning == ""
    _choose(training_panel, "optimizer", "rprop")
    assert training_panel.warning.endswith("use full batches.")
    batch_size = training_panel.field("batch_size")
    assert isinstance(batch_size, OptionalNumber)
    batch_size.switch.click()
    assert training_panel.warning == ""


def test_tab_goes_through_the_panel_as_one_reads_it(training_panel: TrainingPanel, qtbot: QtBot) -> None:
    training_panel.resize(300, 1200)
    _choose(training_panel, "optimizer", "adam")  # its constants are made anew, last of all fields
    learning_rate = _number(training_panel, "learning_rate")
    learning_rate.setFocus()
    qtbot.waitUntil(learning_rate.hasFocus)
    met = [_place(learning_rate, training_panel)]
    for _ in range(100):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus is learning_rate:
            break
        met.append(_place(focus, training_panel))
    assert met == sorted(met)
    assert len(met) > len(SHOWN)


def _place(widget: QWidget, panel: TrainingPanel) -> tuple[int, int]:
    """Row and column: fields of one line differ by a few pixels in height."""
    place = widget.mapTo(panel, widget.rect().center())
    return round(place.y() / 10), place.x()


def test_every_part_that_takes_the_focus_has_a_name(training_panel: TrainingPanel) -> None:
    kinds = (QCheckBox, NumberEdit, Choice, QAbstractButton)
    parts = [part for kind in kinds for part in training_panel.findChildren(kind)]
    assert len(parts) > len(SHOWN)
    assert all(part.accessibleName() for part in parts)


@pytest.mark.parametrize("name", ["learning_rate", "batch_size", "seed", "stop.target_loss"])
def test_a_refused_number_stays_with_its_sentence_whatever_else_is_edited(
    training_panel: TrainingPanel, document: Document, name: str
) -> None:
    field = training_panel.field(name)
    if isinstance(field, OptionalNumber) and not field.switch.isChecked():
        field.switch.click()
    edit = field if isinstance(field, NumberEdit) else field.findChild(NumberEdit)
    assert isinstance(edit, NumberEdit)
    before = document.project
    _type(edit, "1.234,5")
    assert document.project == before
    _choose(training_panel, "penalty", "l2")
    assert (edit.text(), edit.wrong) == ("1.234,5", True)
    assert "decimal sign" in training_panel.problem(name)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not edit.wrong
    assert training_panel.problem(name) == ""


def test_what_the_project_refuses_stays_to_be_mended_too(
    training_panel: TrainingPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(project: object, **fields: object) -> None:
        raise SettingError("Not this one; choose another.")

    monkeypatch.setattr("bpviz.ui.panels.training_panel.set_training", refuse)
    edit = _number(training_panel, "learning_rate")
    in_force = edit.value
    _type(edit, "7")
    assert (edit.text(), edit.wrong, edit.value) == ("7", True, in_force)
    assert training_panel.problem("learning_rate") == "Not this one; choose another."
