"""The File menu's commands: nothing lost unasked, every failure a sentence, exports of the run as it is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from bpviz.errors import DataError
from bpviz.files.binding import Binding, stamp_of
from bpviz.files.project import Saved, open_project, save_project
from bpviz.files.runs import saved_run
from bpviz.files.weights import WEIGHT_FORMATS
from bpviz.model.edits import on_network, remove_link, set_training
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Network, Node
from bpviz.training.figures import PLOTS
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline_state import repeated
from bpviz.ui.app import make_window
from bpviz.ui.folders import open_projects_folder
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.table_dialog import TableDialog
from tests.ui.conftest import Answers, train_to

TABLE = "a,b,kind\n1,2,yes\n2,1,no\n3,,yes\n4,2,no\n5,1,yes\n6,3,no\n"


def _save(window: MainWindow, answers: Answers, qtbot: QtBot, path: Path) -> None:
    answers.path = path
    window.files.save_as()
    qtbot.waitUntil(lambda: window.document.path == path and not window.document.modified)


def _edit(window: MainWindow, rate: float = 0.5) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=rate))


def _nodes(window: MainWindow) -> tuple[Node, ...]:
    layer = window.document.project.network.input
    assert layer is not None
    return layer.nodes


def test_saving_writes_the_run_and_the_ids(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    train_to(window, qtbot, 20)
    _save(window, answers, qtbot, tmp_path / "a.bpviz")
    saved = open_project(tmp_path / "a.bpviz")
    assert saved.state is not None
    assert saved.state.step == 20
    assert saved.next_id == window.document.next_id
    assert window.preferences.recent == (tmp_path / "a.bpviz",)
    assert "a.bpviz" in window.status.message.sentence
    assert window.actions_by_name["recent"].isEnabled()
    recent = window.menus.by_name["recent"]
    recent.aboutToShow.emit()
    assert recent.actions()[0].text() == "a.bpviz"


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
    train_to(window, qtbot, 20)
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
    window.exports.weights()
    qtbot.waitUntil(lambda: len(answers.told) == 2)
    assert window.document.path is None
    assert list(tmp_path.glob("**/*.npz")) == []
    assert all(sentence.endswith(".") for sentence in answers.told)


def test_weights_are_exported_in_every_format(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    for entry in WEIGHT_FORMATS.values():
        answers.path = tmp_path / f"weights{entry.suffix}"
        window.exports.weights()
        qtbot.waitUntil(answers.path.exists)
    assert answers.told == []


def test_a_model_is_exported_and_what_it_takes_is_said(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, oracle: Callable[[str], ModuleType]
) -> None:
    oracle("onnx")
    answers.path = tmp_path / "net.onnx"
    with qtbot.waitSignal(window.files.message) as said:
        window.exports.weights()
    takes = "The model takes rows of 2 numbers, in this order: x, y."
    lacks = "Where a value is missing (NaN), the answer is NaN."
    assert said.args == [f"Wrote net.onnx in {tmp_path}. {takes} {lacks}"]
    assert answers.path.exists()


def test_a_formula_is_saved_as_a_picture(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    for suffix in (".png", ".svg"):
        answers.path = tmp_path / f"formula{suffix}"
        window.explanation.drawn.emit({".png": b"pixels", ".svg": b"lines"})
    assert (tmp_path / "formula.png").read_bytes() == b"pixels"
    assert (tmp_path / "formula.svg").read_bytes() == b"lines"
    answers.path = tmp_path / "no such folder" / "formula.png"
    window.explanation.drawn.emit({".png": b"pixels"})
    assert len(answers.told) == 1


def test_every_plot_is_exported_also_while_it_is_hidden(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in PLOTS:
        window.arrangement.docks[name].hide()
    train_to(window, qtbot, 60)
    for name in PLOTS:
        answers.path = tmp_path / f"{name}.csv"
        window.exports.plot(name)
        qtbot.waitUntil(answers.path.exists)
        assert len(list(csv.reader(answers.path.read_text(encoding="utf-8").splitlines()))) > 1


def test_a_plot_is_exported_from_the_menu_as_it_is_shown(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    train_to(window, qtbot, 60)
    written = []
    for log in (False, True):
        if log:
            window.board.panels["loss"].heading.toggle.click()
        answers.path = tmp_path / f"{log}.svg"
        window.exports.plot("loss")
        qtbot.waitUntil(answers.path.exists)
        written.append(answers.path.read_bytes())
    assert written[0] != written[1]


def test_a_plot_with_nothing_in_it_says_so(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "gradients.png"
    window.exports.plot("gradients")
    qtbot.waitUntil(lambda: bool(answers.told))
    assert not answers.path.exists()


def test_the_network_is_drawn_with_its_weights(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "network.svg"
    window.exports.network()
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
        other.exports.weights()
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
    assert (data.source, data.targets, data.drop_missing) == ("table", ("kind",), True)
    assert [node.feature for node in _nodes(window)] == ["a", "b"]
    assert "row 3 (b)" in answers.asked[-1]
    assert window.controller.problem == ""
    window.actions_by_name["undo"].trigger()
    assert window.document.project == before


def test_a_copied_table_is_learned_as_a_file_is(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TableDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
    QGuiApplication.clipboard().setText(TABLE.replace(",", "\t"))
    window.actions_by_name["paste_table"].trigger()
    data = window.document.project.data
    assert (data.source, data.targets) == ("table", ("kind",))
    assert data.table is not None
    assert data.table.name == "copied table"
    before = window.document.project
    QGuiApplication.clipboard().clear()
    window.actions_by_name["paste_table"].trigger()
    assert answers.told[-1].startswith("There is no table to paste")
    assert window.document.project is before


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
        window.files.use_table(["a"], table=None, targets=("nothing",))


def test_new_begins_with_an_empty_sheet(window: MainWindow) -> None:
    window.files.new()
    assert window.document.title == "Untitled"
    assert window.document.project.network == Network()
    assert window.controller.problem.startswith("The sheet is empty.")


def _change_behind_its_back(path: Path, example: str = "circle") -> None:
    save_project(path, Saved(EXAMPLES[example].build(), None, 900))


@pytest.mark.parametrize("choice", [None, "overwrite", "save as", "theirs"])
def test_a_file_changed_by_another_program_is_not_overwritten_unasked(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, choice: str | None
) -> None:
    path, other = tmp_path / "a.bpviz", tmp_path / "b.bpviz"
    _save(window, answers, qtbot, path)
    _edit(window)
    mine, asked = window.document.project, len(answers.asked)
    _change_behind_its_back(path)
    theirs = open_project(path).project
    answers.choice, answers.path = choice, other
    window.files.save()
    assert "changed by another window or program" in answers.asked[asked]
    qtbot.waitUntil(lambda: window.document.modified is (choice is None))
    assert open_project(path).project == (mine if choice == "overwrite" else theirs)
    assert window.document.project == (theirs if choice == "theirs" else mine)
    assert other.exists() == (choice == "save as")
    assert window.document.path == (other if choice == "save as" else path)


def test_asking_once_is_enough(window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.bpviz"
    _save(window, answers, qtbot, path)
    _change_behind_its_back(path)
    answers.choice = "overwrite"
    for rate in (0.3, 0.4):
        _edit(window, rate)
        window.files.save()
        qtbot.waitUntil(lambda: not window.document.modified)
    assert len([question for question in answers.asked if "changed by another" in question]) == 1


def test_a_file_that_was_merely_touched_is_saved_without_a_word(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.bpviz"
    _save(window, answers, qtbot, path)
    _edit(window)
    asked = len(answers.asked)
    path.touch()
    window.files.save()
    qtbot.waitUntil(lambda: not window.document.modified)
    assert len(answers.asked) == asked


def test_a_file_that_was_deleted_is_saved_anew_and_that_is_said(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.bpviz"
    _save(window, answers, qtbot, path)
    _edit(window)
    path.unlink()
    window.files.save()
    qtbot.waitUntil(lambda: not window.document.modified)
    assert path.exists()
    assert "had been moved or deleted" in window.status.message.sentence


def test_theirs_that_can_not_be_loaded_leaves_mine(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.bpviz"
    _save(window, answers, qtbot, path)
    _edit(window)
    path.write_bytes(b"half a file")
    answers.choice = "theirs"
    window.files.save()
    assert len(answers.told) == 1
    assert window.document.modified


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A project that another window has open."""
    path = tmp_path / "shared.bpviz"
    _change_behind_its_back(path)
    other = Binding(open_projects_folder())
    other.bind(path, stamp_of(path))
    yield path
    other.release()


@pytest.mark.parametrize("agrees", [False, True])
def test_a_project_open_in_another_window_can_be_opened_after_a_word(
    window: MainWindow, answers: Answers, elsewhere: Path, agrees: bool
) -> None:
    answers.agrees = agrees
    window.files.open_path(elsewhere)
    assert "open in another window" in answers.asked[-1]
    assert (window.document.path == elsewhere) is agrees
    window.files.end()


@pytest.mark.parametrize("agrees", [False, True])
def test_a_project_open_in_another_window_is_not_replaced_unasked(
    window: MainWindow, answers: Answers, qtbot: QtBot, elsewhere: Path, agrees: bool
) -> None:
    before = elsewhere.read_bytes()
    answers.agrees, answers.path = agrees, elsewhere
    window.files.save_as()
    assert "open in another window" in answers.asked[-1]
    qtbot.waitUntil(lambda: not window.files.writing)
    assert (elsewhere.read_bytes() != before) is agrees
    window.files.end()


def test_opening_the_own_file_again_asks_nothing(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    _save(window, answers, qtbot, tmp_path / "a.bpviz")
    asked = len(answers.asked)
    window.files.open_path(tmp_path / "a.bpviz")
    assert len(answers.asked) == asked


def test_quitting_twice_while_it_is_saved_writes_once_and_with_the_run(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.bpviz"
    _save(window, answers, qtbot, path)
    train_to(window, qtbot, 20)
    answers.unsaved_answer = "save"
    asked = len(answers.asked)
    for _ in range(3):
        window.actions_by_name["quit"].trigger()
    qtbot.waitUntil(window.isHidden)
    assert answers.asked[asked:] == ["unsaved a"]
    state = open_project(path).state
    assert state is not None
    assert state.step == 20


def test_quitting_while_it_plays_and_is_saved_writes_the_run(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.bpviz"
    _save(window, answers, qtbot, path)
    window.controller.play()
    qtbot.waitUntil(lambda: window.document.modified)
    answers.unsaved_answer = "save"
    window.close()
    qtbot.waitUntil(window.isHidden)
    state = open_project(path).state
    assert state is not None
    assert state.step > 0


def test_quitting_waits_for_an_export(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "weights.npz"
    window.exports.weights()
    window.close()
    assert window.isVisible()
    qtbot.waitUntil(window.isHidden)
    assert answers.path.exists()


@pytest.mark.parametrize("open_next", ["new", "open_example", "open_path"])
def test_another_project_waits_until_this_one_is_saved(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, open_next: str
) -> None:
    path, other = tmp_path / "a.bpviz", tmp_path / "b.bpviz"
    _change_behind_its_back(other)
    train_to(window, qtbot, 20)
    mine = window.document.project
    answers.path = path
    window.files.save_as()
    arguments = {"new": (), "open_example": ("xor",), "open_path": (other,)}[open_next]
    getattr(window.files, open_next)(*arguments)
    assert window.document.project is mine
    qtbot.waitUntil(lambda: window.document.project is not mine)
    saved = open_project(path)
    assert saved.project == mine
    assert saved.state is not None
    assert saved.state.step == 20


def test_a_save_that_fails_keeps_the_window(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    _edit(window)
    answers.unsaved_answer, answers.path = "save", tmp_path / "no such folder" / "a.bpviz"
    window.close()
    qtbot.waitUntil(lambda: bool(answers.told))
    assert window.isVisible()
    assert window.document.modified


def test_a_run_that_can_not_be_asked_is_not_saved_as_none(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bpviz"
    train_to(window, qtbot, 20)
    _save(window, answers, qtbot, path)
    before = path.read_bytes()
    _edit(window)
    with monkeypatch.context() as patch:
        patch.setattr(window.controller, "ask", lambda _wants, then, _room_bytes: then(None))
        window.files.save()
    assert path.read_bytes() == before
    assert window.document.modified
    assert "nothing was written" in answers.told[-1]


def test_a_project_that_can_not_run_is_saved_without_the_run_of_the_one_before(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    train_to(window, qtbot, 20)
    source, target = window.document.project.network.links[-1].key
    broken = on_network(partial(remove_link, source=source, target=target))(window.document.project)
    save_project(tmp_path / "broken.bpviz", Saved(broken, None, 900))
    window.files.open_path(tmp_path / "broken.bpviz")
    _save(window, answers, qtbot, tmp_path / "again.bpviz")
    assert open_project(tmp_path / "again.bpviz").state is None


def test_a_damaged_timeline_is_said_and_the_run_opens(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    run = Session(window.document.project)
    run.advance(3)
    whole = tmp_path / "whole.bpviz"
    save_project(whole, saved_run(Run(repeated(run))))
    broken = tmp_path / "broken.bpviz"
    with ZipFile(whole) as source, ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"{}" if name == "timeline.json" else source.read(name))
    said: list[str] = []
    window.files.message.connect(said.append)
    window.files.open_path(broken)
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 3)
    assert [sentence for sentence in said if "left out; the run itself is whole" in sentence]
