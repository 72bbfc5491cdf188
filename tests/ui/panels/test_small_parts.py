"""Status bar, form, welcome page, preferences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from bpviz.errors import SettingError
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.ui.panels.form import Form
from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.panels.preferences_dialog import PreferencesDialog
from bpviz.ui.panels.status_bar import RunStatus
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme
from tests.ui.layouts import Listener


def test_the_status_bar_shows_where_the_run_stands(spiral: Project, theme: Theme, qtbot: QtBot) -> None:
    status = RunStatus(theme)
    qtbot.addWidget(status)
    snapshot = replace(Session(spiral).snapshot(), step=12480, seconds=14.2, steps_per_s=912.4)
    status.show_snapshot(snapshot)
    texts = {name: label.text() for name, label in status.parts.items()}
    assert (texts["step"], texts["time"], texts["speed"]) == ("step 12\u202f480", "00:14", "912 steps/s")
    assert texts["train"] == f"train {snapshot.train_loss:.5f}"
    status.show_snapshot(replace(snapshot, test_loss=None, test_accuracy=None, train_accuracy=None))
    assert status.parts["test"].text() == "no test"
    assert not status.parts["accuracy"].isVisibleTo(status)


def test_why_it_stopped_stays_and_a_message_goes(spiral: Project, theme: Theme, qtbot: QtBot) -> None:
    status = RunStatus(theme)
    qtbot.addWidget(status)
    snapshot = Session(spiral).snapshot()
    status.show_snapshot(replace(snapshot, stopped="Stopped after 3 epochs, as set."))
    assert status.message.sentence == "Stopped after 3 epochs, as set."
    status.say("Saved a.bpviz.")
    assert status.message.sentence == "Saved a.bpviz."
    status._timer.timeout.emit()
    assert status.message.sentence == "Stopped after 3 epochs, as set."


def test_a_long_message_never_widens_the_window(theme: Theme, qtbot: QtBot) -> None:
    status = RunStatus(theme)
    qtbot.addWidget(status)
    status.show()
    least = status.minimumSizeHint().width()
    status.resize(least + 200, 24)
    sentence = "Training left the finite numbers at step 6. " * 9
    status.say(sentence)
    assert status.minimumSizeHint().width() == least
    assert status.message.text().endswith("…")
    assert status.message.toolTip() == f"<qt>{sentence}</qt>"
    figures = sum(label.width() for label in status.parts.values())
    wide = status.fontMetrics().horizontalAdvance(sentence) + figures + 200
    status.resize(wide, 24)
    assert status.message.text() == sentence


def test_its_numbers_keep_their_places(spiral: Project, theme: Theme, qtbot: QtBot) -> None:
    status = RunStatus(theme)
    qtbot.addWidget(status)
    widths = []
    snapshot = Session(spiral).snapshot()
    for step in (1, 999, 123456):
        status.show_snapshot(replace(snapshot, step=step))
        widths.append(status.parts["step"].minimumWidth() >= status.parts["step"].sizeHint().width())
    assert all(widths)


def test_new_numbers_lay_nothing_out_unless_they_need_more_room(
    spiral: Project, theme: Theme, qtbot: QtBot
) -> None:
    status = RunStatus(theme)
    qtbot.addWidget(status)
    status.show()
    snapshot = replace(Session(spiral).snapshot(), steps_per_s=900.0)
    status.show_snapshot(snapshot)
    qtbot.waitExposed(status)
    listener = Listener(status)
    qtbot.waitUntil(lambda: listener.requests > 0)  # the first laying out
    listener.requests = 0
    status.show_snapshot(replace(snapshot, step=77, steps_per_s=912_345.0, train_loss=0.25))
    QApplication.sendPostedEvents()
    assert listener.requests == 0
    status.show_snapshot(replace(snapshot, step=12_345_678_901))
    QApplication.sendPostedEvents()
    assert listener.requests > 0
    assert status.parts["step"].width() >= status.parts["step"].sizeHint().width()


def test_a_refused_edit_is_said_beneath_its_field(theme: Theme, qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    row = form.add("Rate", NumberEdit(Bounds(low=0)), "about it")

    def refuse() -> None:
        raise SettingError("Too large; choose less.")

    assert not row.attempt(refuse)
    assert row.problem.text() == "Too large; choose less."
    assert row.attempt(lambda: None)
    assert row.problem.text() == ""
    row.set_visible(visible=False)
    assert row.label is not None
    assert row.label.isHidden()
    assert row.field.toolTip() == "about it"


def test_figures_give_way_in_a_narrow_window_but_never_step_and_losses(
    spiral: Project, theme: Theme, qtbot: QtBot
) -> None:
    window, status = QMainWindow(), RunStatus(theme)
    qtbot.addWidget(window)
    window.setStatusBar(status)
    window.show()
    status.show_snapshot(replace(Session(spiral).snapshot(), steps_per_s=900.0))
    shown = []
    for width in (1600, 760, status.minimumSizeHint().width(), 1600):
        window.resize(width, 100)
        shown.append({name for name, label in status.parts.items() if label.isVisible()})
    assert shown[0] == shown[-1] == set(status.parts)
    assert {"step", "train", "test"} == shown[2] < shown[1] < shown[0]


@pytest.mark.parametrize(
    ("train", "test", "texts"),
    [
        (0.9999, 1.0002, ("0.99990", "1.00020")),
        (0.3000011, 0.3000012, ("0.3000011", "0.3000012")),
        (1.23411e-5, 1.23389e-5, ("1.2341e−05", "1.2339e−05")),
        (0.25, 0.25, ("0.25000", "0.25000")),
        (1.0, 1.0 + 1e-15, ("1.000000000", "1.000000000")),
    ],
)
def test_losses_that_stand_beside_each_other_can_be_told_apart(
    spiral: Project, theme: Theme, qtbot: QtBot, train: float, test: float, texts: tuple[str, str]
) -> None:
    status = RunStatus(theme)
    qtbot.addWidget(status)
    status.show_snapshot(replace(Session(spiral).snapshot(), train_loss=train, test_loss=test))
    assert status.parts["train"].text() == f"train {texts[0]}"
    assert status.parts["test"].text() == f"test {texts[1]}"


def test_preferences_take_effect_at_once(preferences: Preferences, theme: Theme, qtbot: QtBot) -> None:
    dialog = PreferencesDialog(preferences, theme)
    qtbot.addWidget(dialog)
    dialog.mode.chosen.emit("dark")
    dialog.reduced.click()
    dialog.show()
    dialog.text_size.selectAll()
    QTest.keyClicks(dialog.text_size, "150")
    QTest.keyClick(dialog.text_size, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert theme.dark
    assert theme.reduced_motion
    assert theme.text_percent == 150
    assert (preferences.theme, preferences.reduced_motion, preferences.text_percent) == ("dark", True, 150)
