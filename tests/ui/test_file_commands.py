"""The File menu's commands: nothing lost unasked, every failure a sentence, exports of the run as it is."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from bpviz.errors import DataError
from bpviz.files.project import Saved, open_project, save_project
from bpviz.files.weights import WEIGHT_FORMATS
from bpviz.model.edits import on_network, remove_link, set_training
from bpviz.model.spec import Network, Node
from bpviz.training.figures import PLOTS
from bpviz.ui.app import make_window
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.table_dialog import TableDialog
from tests.ui.conftest import Answers

TABLE = "a,b,kind\n1,2,yes\n2,1,no\n3,,yes\n4,2,no\n5,1,yes\n6,3,no\n"


def _train(window: MainWindow, qtbot: QtBot, steps: int = 20) -> None:
    window.controller.run_to(steps)
    qtbot.waitUntil(lambda: not window.controller.playing)


def _save(window: MainWindow, answers: Answers, qtbot: QtBot, path: Path) -> None:
    answers.path = path
    window.files.save_as()
    qtbot.waitUntil(lambda: window.document.path == path and not window.document.modified)


def _nodes(window: MainWindow) -> tuple[Node, ...]:
    layer = window.document.project.network.input
    assert layer is not None
    return layer.nodes


def test_saving_writes_the_run_and_the_ids(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    _train(window, qtbot)
    _save(window, answers, qtbot, tmp_path / "a.bpviz")
    saved = open_project(tmp_path / "a.bpviz")
    assert saved.state is not None
    assert saved.state.step == 20
    assert saved.next_id == window.document.next_id
    assert window.preferences.recent == (tmp_path / "a.bpviz",)
    assert "a.bpviz" in window.status.message.sentence
    assert window.menus.by_name["recent"].actions()[0].text() == "a.bpviz"


def test_a_saved_project_is_saved_again_without_asking(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    _save(window, answers, qtbot, tmp_path / "a.bpviz")
    asked = len(answers.asked)
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))
    window.actions_by_name["save"].trigger()
    qtbot.waitUntil(lambda: not window.document.modified)
    assert len(answers.asked) == asked


def test_thinking_better_of_a_file_name_changes_nothing(window: MainWindow, answers: Answers) -> None:
    answers.path = None
    for name in ("save", "open", "open_data", "export_weights", "export_network"):
        window.actions_by_name[name].trigger()
    assert window.document.path is None
    assert answers.told == []


def test_a_drawing_that_cannot_run_is_saved_with_the_run_it_had(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    _train(window, qtbot)
    source, target = window.document.project.network.links[-1].key
    whole = window.document.project.network
    window.document.apply("cut", on_network(partial(remove_link, source=source, target=target)))
    _save(window, answers, qtbot, tmp_path / "a.bpviz")
    saved = open_project(tmp_path / "a.bpviz")
    assert saved.run_network == whole
    window.files.new()
    window.files.open_path(tmp_path / "a.bpviz")
    assert window.controller.problem
    window.document.apply("mend", on_network(lambda _: whole))
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 20)


def test_a_damaged_file_is_refused_and_what_is_shown_stays(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "bad.bpviz"
    path.write_bytes(b"this is no project")
    before = window.document.project
    window.files.open_path(path)
    assert window.document.project is before
    assert len(answers.told) == 1
    assert "bad.bpviz" in answers.told[0]


def test_an_unwritable_place_is_said_and_nothing_is_left_behind(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "no such folder" / "a.bpviz"
    window.files.save()
    qtbot.waitUntil(lambda: bool(answers.told))
    answers.path = tmp_path / "no such folder" / "w.npz"
    window.files.export_weights()
    qtbot.waitUntil(lambda: len(answers.told) == 2)
    assert window.document.path is None
    assert list(tmp_path.glob("**/*.npz")) == []
    assert all(sentence.endswith(".") for sentence in answers.told)


def test_weights_are_exported_in_every_format(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    for entry in WEIGHT_FORMATS.values():
        answers.path = tmp_path / f"weights{entry.suffix}"
        window.files.export_weights()
        qtbot.waitUntil(answers.path.exists)
    assert answers.told == []


def test_every_plot_is_exported_also_while_it_is_hidden(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in PLOTS:
        window.arrangement.docks[name].hide()
    _train(window, qtbot, 60)
    for name in PLOTS:
        answers.path = tmp_path / f"{name}.csv"
        window.files.export_plot(name)
        qtbot.waitUntil(answers.path.exists)
        assert len(list(csv.reader(answers.path.read_text(encoding="utf-8").splitlines()))) > 1


def test_a_plot_with_nothing_in_it_says_so(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "gradients.png"
    window.files.export_plot("gradients")
    qtbot.waitUntil(lambda: bool(answers.told))
    assert not answers.path.exists()


def test_the_network_is_drawn_with_its_weights(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "network.svg"
    window.files.export_network()
    qtbot.waitUntil(answers.path.exists, timeout=20_000)
    assert answers.path.read_text(encoding="utf-8").lstrip().startswith("<?xml")


def test_a_project_without_a_run_is_saved_without_one_and_has_no_weights(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    source, target = window.document.project.network.links[-1].key
    broken = on_network(partial(remove_link, source=source, target=target))(window.document.project)
    save_project(tmp_path / "broken.bpviz", Saved(broken, None, 900))
    window.close()
    other = make_window(QApplication.instance(), window.preferences, quiet=True)  # type: ignore[arg-type]
    other.files.questions = answers
    try:
        other.files.open_path(tmp_path / "broken.bpviz")
        answers.path = tmp_path / "again.bpviz"
        other.files.save_as()
        assert open_project(tmp_path / "again.bpviz").state is None
        other.files.export_weights()
        assert "no run" in answers.told[-1]
    finally:
        other.abandon()
        other.deleteLater()


def test_a_table_becomes_the_data_in_one_undoable_edit(
    window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    monkeypatch.setattr(TableDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
    before = window.document.project
    window.files.open_path(path)
    data = window.document.project.data
    assert (data.source, data.target, data.drop_missing) == ("table", "kind", True)
    assert [node.feature for node in _nodes(window)] == ["a", "b"]
    assert "row 3 (b)" in answers.asked[-1]
    assert window.controller.problem == ""
    window.actions_by_name["undo"].trigger()
    assert window.document.project == before


def test_rows_are_not_left_out_against_the_users_will(
    window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    monkeypatch.setattr(TableDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
    answers.agrees = False
    before = window.document.project
    window.files.open_path(path)
    assert window.document.project is before


def test_what_is_no_table_is_said(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("")
    window.files.open_table(path)
    assert len(answers.told) == 1


def test_a_target_that_is_not_there_is_an_expected_failure(window: MainWindow, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        window.files.use_table(["a"], table=None, target="nothing")


def test_new_begins_with_an_empty_sheet(window: MainWindow) -> None:
    window.files.new()
    assert window.document.title == "Untitled"
    assert window.document.project.network == Network()
    assert window.controller.problem.startswith("The sheet is empty.")
