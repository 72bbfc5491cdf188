"""The data panel: sets, noise, split, scaling, features."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import DATASETS, TABLE
from bpviz.data.missing_words import with_missing
from bpviz.data.prepare import OutputCode, prepare
from bpviz.data.settings import Table
from bpviz.model.edits import on_network, set_data, set_features
from bpviz.model.examples import EXAMPLES
from bpviz.model.settings import OF_DATA
from bpviz.ui.document import Document
from bpviz.ui.panels.checklist import Checklist
from bpviz.ui.panels.columns_dialog import ColumnsDialog
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.panels.examples_dialog import ExamplesDialog
from bpviz.ui.panels.thumbnails import Thumbnails
from bpviz.ui.theme import Theme

PLANE = [name for name, entry in DATASETS.items() if entry.plane]


def _features(document: Document) -> list[str | None]:
    layer = document.project.network.input
    assert layer is not None
    return [node.feature for node in layer.nodes]


@pytest.mark.parametrize("name", PLANE)
def test_a_thumbnail_chooses_its_data_set(data_panel: DataPanel, document: Document, name: str) -> None:
    data_panel.thumbnails.button(name).click()
    assert document.project.data.source == name
    assert data_panel.source.value == name
    assert data_panel.thumbnails.button(name).isChecked()


def test_thumbnails_are_not_drawn_before_anybody_sees_them(theme: Theme, qtbot: QtBot) -> None:
    thumbnails = Thumbnails(theme)
    qtbot.addWidget(thumbnails)
    theme.set_mode("dark")
    assert not thumbnails._pictures.busy
    thumbnails.show()
    qtbot.waitUntil(lambda: not thumbnails.button("spiral").icon().isNull())


def test_thumbnails_are_drawn_from_the_data_once_and_again_in_another_theme(
    data_panel: DataPanel, qtbot: QtBot
) -> None:
    button = data_panel.thumbnails.button("spiral")
    qtbot.waitUntil(lambda: not button.icon().isNull())
    key = button.icon().cacheKey()
    data_panel.thumbnails._theme.set_mode("dark")
    qtbot.waitUntil(lambda: button.icon().cacheKey() != key)


@pytest.mark.parametrize("name", list(DATASETS))
def test_every_data_set_can_be_chosen_and_fits_the_network(
    data_panel: DataPanel, document: Document, name: str
) -> None:
    data_panel.source.chosen.emit(name)
    assert document.project.data.source == name
    assert data_panel.noise.isVisibleTo(data_panel) == DATASETS[name].generated
    assert data_panel.target_scaling.isVisibleTo(data_panel) == (DATASETS[name].task == "number")


def test_noise_and_split_are_edits_that_merge(data_panel: DataPanel, document: Document) -> None:
    for _ in range(3):
        QTest.keyClick(data_panel.noise.slider, Qt.Key.Key_Right)
    assert document.project.data.noise == 0.15
    assert document.undo_stack.count() == 1
    QTest.keyClick(data_panel.share.slider, Qt.Key.Key_Left)
    assert document.project.data.train_share == 0.75
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert data_panel.noise.label.text() == "0 %"


def test_the_number_of_examples_and_the_scaling(data_panel: DataPanel, document: Document) -> None:
    data_panel.samples.committed.emit(200.0)
    assert document.project.data.samples == 200
    data_panel.scaling.chosen.emit("min-max")
    assert document.project.data.scaling == "min-max"


def test_features_are_switched_on_and_off(data_panel: DataPanel, document: Document) -> None:
    data_panel.chips.buttons["sin(x)"].click()
    data_panel.chips.buttons["x^2"].click()
    assert _features(document) == ["x", "y", "x^2", "sin(x)"]
    data_panel.chips.buttons["y"].click()
    assert _features(document) == ["x", "x^2", "sin(x)"]
    document.undo_stack.undo()
    assert data_panel.chips.buttons["y"].isChecked()


def test_the_last_feature_can_not_be_switched_off(data_panel: DataPanel, document: Document) -> None:
    data_panel.chips.buttons["y"].click()
    data_panel.chips.buttons["x"].click()
    assert _features(document) == ["x"]
    assert data_panel.chips.buttons["x"].isChecked()


def test_columns_of_a_table_are_chosen_from_a_list(
    data_panel: DataPanel, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_panel.source.chosen.emit("iris")
    assert data_panel.features_button.text() == "4 of 4…"

    def untick_the_first(dialog: Checklist) -> QDialog.DialogCode:
        dialog.entries.item(0).setCheckState(Qt.CheckState.Unchecked)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(Checklist, "exec", untick_the_first)
    data_panel.features_button.click()
    assert len(_features(document)) == 3
    assert data_panel.features_button.text() == "3 of 4…"


def test_a_table_is_asked_for_and_stays_in_the_list(data_panel: DataPanel, document: Document) -> None:
    wanted: list[bool] = []
    data_panel.table_wanted.connect(lambda: wanted.append(True))
    data_panel.source.chosen.emit("open a table")
    assert wanted == [True]
    assert data_panel.source.value == "spiral"
    table = Table("mine.csv", ("a", "b"), (("1", "2"), ("3", "4")))
    document.apply("own", lambda project: replace(project, data=replace(project.data, table=table)))
    assert data_panel.source.findText("mine.csv") >= 0


def test_a_checklist_finds_entries_and_wants_at_least_one(qtbot: QtBot, theme: object) -> None:
    dialog = Checklist("Features", "Choose.", [f"column {at}" for at in range(20)], ["column 3"])
    qtbot.addWidget(dialog)
    dialog.search.setText("3")
    hidden = [dialog.entries.item(at).isHidden() for at in range(20)]
    assert hidden.count(False) == 2
    dialog.entries.item(3).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.ok.isEnabled()
    dialog.entries.item(13).setCheckState(Qt.CheckState.Checked)
    assert dialog.ok.isEnabled()
    assert dialog.chosen == ["column 13"]


def test_examples_are_counted_as_they_are_used(data_panel: DataPanel, document: Document) -> None:
    data_panel.share.slider.setValue(14)  # 80 %, of 500
    assert data_panel.summary.startswith("400 examples to train, 100 to test; 2 classes.")
    rows = tuple((str(at) if at % 10 else "", str(-at), "1.5") for at in range(200))
    table = Table("own", ("a", "b", "c"), rows)
    own = {"table": table, "targets": ("c",), "target_kind": "number", "drop_missing": True}
    document.apply("own", lambda project: set_data(project, document.new_id, source=TABLE, **own))
    assert data_panel.summary.startswith(
        "144 examples to train, 36 to test; a number, c. 20 rows without a value left out."
    )
    prepared = prepare(document.project.data, ["a", "b"], OutputCode(1), 0)
    assert (len(prepared.train_x), len(prepared.test_x)) == (144, 36)


def test_filled_cells_are_counted_in_the_rows_that_are_used(
    data_panel: DataPanel, document: Document
) -> None:
    rows = tuple(
        ("" if at % 4 == 0 else str(at), "" if at % 10 == 0 else "1", "1.5", "2") for at in range(40)
    )
    table = Table("own", ("a", "b", "c", "d"), rows)
    own = {"table": table, "targets": ("d",), "drop_missing": True, "fills": (("a", "median"),)}
    document.apply("own", lambda project: set_data(project, document.new_id, source=TABLE, **own))
    # Of the ten rows that lack a, two lack b as well and are left out.
    assert "4 rows without a value left out. Missing values filled" in data_panel.summary
    assert "as the training part has them: a (8, by the median)." in data_panel.summary
    prepared = prepare(document.project.data, ["a", "b", "c"], OutputCode(1), 0)
    assert len(prepared.train_x) + len(prepared.test_x) == 36
    fewer = on_network(lambda network: set_features(network, ["c"], ["q"]))
    document.apply("fewer", fewer)
    assert "filled" not in data_panel.summary
    assert "left out." not in data_panel.summary


def test_choosing_columns_keeps_the_features_that_were_chosen(
    data_panel: DataPanel, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tuple((str(at), str(at % 3), "NA" if at % 5 else "eu", str(at % 7 / 2)) for at in range(30))
    table = with_missing(Table("own", ("a", "b", "region", "d"), rows), {"region": "NA"})
    own = {"table": table, "targets": ("d",), "drop_missing": True}
    document.apply("own", lambda project: set_data(project, document.new_id, source=TABLE, **own))
    document.apply("fewer", on_network(lambda network: set_features(network, ["b"], [])))

    def accept(dialog: ColumnsDialog) -> QDialog.DialogCode:
        dialog.choices.words_chosen.emit("region", "")
        dialog.choices.choose_use("region", "category")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(ColumnsDialog, "exec", accept)
    QTest.mouseClick(data_panel.columns_button, Qt.MouseButton.LeftButton)
    assert _features(document) == ["b", "region=NA", "region=eu"]
    assert document.project.data.table is not None
    assert document.project.data.table.gaps == ()
    document.undo_stack.undo()
    assert document.project.data.table == table
    assert _features(document) == ["b"]


def test_several_targets_are_named_in_the_summary(data_panel: DataPanel, document: Document) -> None:
    document.replace_all(EXAMPLES["mazur"].build(), 99)
    assert "2 numbers, o1, o2" in data_panel.summary


def test_the_examples_are_shown_by_a_button(data_panel: DataPanel, qtbot: QtBot) -> None:
    QTest.mouseClick(data_panel.examples_button, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ExamplesDialog)
    assert dialog.model.rowCount() == 500
    dialog.reject()


def _shape(document: Document) -> tuple[int, int] | None:
    return document.project.data.image


def _use_pixels(document: Document) -> None:
    cells = tuple((*(str((3 * k + row) % 7) for k in range(48)), "xy"[row % 2]) for row in range(6))
    table = Table("pixels", (*(f"c{k}" for k in range(48)), "kind"), cells)
    document.apply(
        "table",
        lambda project: set_data(project, document.new_id, source=TABLE, table=table, targets=("kind",)),
    )


def _type_image(panel: DataPanel, text: str) -> None:
    panel.image.setFocus()
    panel.image.selectAll()
    QTest.keyClicks(panel.image, text)
    QTest.keyClick(panel.image, Qt.Key.Key_Return)


def test_a_table_of_many_numbers_can_be_said_to_hold_images(
    data_panel: DataPanel, document: Document
) -> None:
    assert not data_panel.image.isVisible()
    _use_pixels(document)
    assert data_panel.image.isVisible()
    _type_image(data_panel, "6x8")
    assert _shape(document) == (6, 8)
    assert data_panel.image.text() == "6 x 8"
    document.undo_stack.undo()
    assert _shape(document) is None
    assert data_panel.image.text() == ""
    document.undo_stack.redo()
    _type_image(data_panel, " ")
    assert _shape(document) is None


@pytest.mark.parametrize("wrong", ["6", "5x8", "6 by 8"])
def test_a_size_that_cannot_be_is_refused_beneath_its_field_and_can_be_mended(
    data_panel: DataPanel, document: Document, wrong: str
) -> None:
    _use_pixels(document)
    before = document.project
    _type_image(data_panel, wrong)
    assert document.project is before
    assert data_panel._image_row.problem.text().endswith(".")
    assert data_panel.image.text() == wrong
    _type_image(data_panel, "8x6")
    assert _shape(document) == (8, 6)
    assert not data_panel._image_row.problem.isVisible()


def test_another_table_forgets_a_size_that_does_not_fit_it(document: Document) -> None:
    _use_pixels(document)
    sized = set_data(document.project, document.new_id, image=(6, 8))
    assert sized.network == document.project.network, "it is about pictures alone"
    other = Table("other", ("a", "b", "kind"), (("1", "2", "x"), ("2", "1", "y")))
    assert set_data(sized, document.new_id, table=other).data.image is None
    same = replace(sized.data.table or other, name="again")
    assert set_data(sized, document.new_id, table=same).data.image == (6, 8)


def test_noise_reaches_as_far_as_a_link_may_ask_for_it(data_panel: DataPanel, document: Document) -> None:
    document.apply("noise", lambda project: set_data(project, document.new_id, noise=0.8))
    assert data_panel.noise.label.text() == "80 %"
    slider = data_panel.noise.slider
    assert slider.value() == slider.maximum() == 16
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert document.project.data.noise == pytest.approx(0.75)


def test_settings_are_called_as_the_command_line_calls_them(data_panel: DataPanel) -> None:
    shown = {field.accessibleName() for field in data_panel.findChildren(QWidget)}
    assert {setting.label for setting in OF_DATA} <= shown


def test_no_field_is_squeezed_by_a_long_sentence_below(
    data_panel: DataPanel, document: Document, qtbot: QtBot
) -> None:
    names = tuple(f"a column of names {at}" for at in range(9))
    table = Table("own", ("a", *names, "d"), tuple((str(at), *("x" * 9), str(at % 3)) for at in range(30)))
    own = {"table": table, "targets": ("d",), "uses": tuple((name, "out") for name in names)}
    document.apply("own", lambda project: set_data(project, document.new_id, source=TABLE, **own))
    data_panel.resize(250, 300)
    label = data_panel._summary
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    fields = (data_panel.source, data_panel.share, data_panel.scaling, data_panel.columns_button)
    assert all(field.height() >= field.minimumSizeHint().height() for field in fields)
