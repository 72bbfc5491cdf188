"""The panel: what is explained, the way down and back, phases, examples, the picture, copying."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.edits import on_network, rename
from bpviz.model.examples import EXAMPLES
from bpviz.training.places import NodePlace, PairPlace
from bpviz.ui.document import Selection
from bpviz.ui.preferences import Preferences
from tests.ui.explanation.conftest import WANTS, MakeReader, Reader


def test_nothing_selected_explains_the_loss(mazur: Reader) -> None:
    sheet = mazur.panel.sheet
    assert sheet.heading.text() == "Loss of an example ≈ 0.298371"
    assert sheet.moment.text() == "Of the coming step."
    assert mazur.lines == ["ℓ=ℓ1+ℓ2", "=0.274811+0.0235600", "≈0.298371"]
    assert "Half squared error" in sheet.notes.text()
    assert not sheet.example.isVisible()  # one example leaves no choice


def test_a_hidden_node_shows_its_delta_path_by_path(mazur: Reader) -> None:
    mazur.select((1, 0))
    # Mazur's article: .138498562 and -.0380982 come back through .4 and .5; the slope of h1 is .241300709.
    assert mazur.lines == [  # numbers beside their symbols: narrow, they don't fit below
        "δ11=f′(z11)·(=0.241301·(",
        "W21,1·δ210.4·0.138499",
        "+W22,1·δ22)+0.5·(−0.0380982))",
        "≈0.00877135",
    ]
    mazur.panel.resize(620, 600)
    QApplication.processEvents()
    assert mazur.lines == [
        "δ11=f′(z11)·(W21,1·δ21+W22,1·δ22)",
        "=0.241301·(0.4·0.138499+0.5·(−0.0380982))",
        "≈0.00877135",
    ]


def test_every_factor_leads_down_to_inputs_and_weights_and_the_trail_back_up(mazur: Reader) -> None:
    panel = mazur.panel
    mazur.select((0, 0), (1, 0))
    assert panel.sheet.heading.text() == "Gradient of the loss of i1 → h1 ≈ 0.000438568"
    mazur.click("0.00877135")
    mazur.click("0.138499")
    mazur.click("0.186816")  # the slope of o1
    mazur.click("0.751365")
    mazur.click("1.10591")
    mazur.click("0.593270")
    mazur.click("0.3775")
    mazur.click("0.05")
    assert panel.sheet.heading.text() == "Input of i1 = 0.05"
    assert panel.sheet.notes.text() == "Given, not computed."
    words = ("∂L/∂w i1→h1", "δ h1", "δ o1", "f′(z) o1", "a o1", "z o1", "a h1", "z h1", "x i1")
    assert panel.sheet.trail.words == ("i1 → h1", *words)
    assert "…" in panel.sheet.trail.text()
    panel.sheet.trail.linkActivated.emit("2")
    assert panel.sheet.heading.text() == "Delta of h1 ≈ 0.00877135"
    panel.sheet.trail.linkActivated.emit("0")
    assert len(panel.way.trail) == 1


def test_what_was_passed_already_is_gone_back_to(mazur: Reader) -> None:
    mazur.select((1, 0))
    mazur.choose("a")
    mazur.click("0.3775")
    mazur.panel.sheet.view.back_wanted.emit()
    assert mazur.panel.sheet.heading.text() == "Activation of h1 ≈ 0.593270"
    mazur.panel.sheet.view.back_wanted.emit()  # the first stays
    assert len(mazur.panel.way.trail) == 1


def test_keys_lead_through_the_links_down_and_back(mazur: Reader) -> None:
    view = mazur.panel.sheet.view
    mazur.select((1, 0))
    mazur.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QApplication.processEvents()
    assert view.focused == view.links[0]
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.focused == view.links[2]
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert mazur.panel.sheet.heading.text() == "Slope of the activation of h1 ≈ 0.241301"
    assert view.focused == view.links[0]  # ready to go on
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert len(mazur.panel.way.trail) == 3
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert mazur.panel.sheet.heading.text() == "Delta of h1 ≈ 0.00877135"


def test_each_number_on_offer_is_shown(mazur: Reader) -> None:
    mazur.select((2, 0))
    headings = []
    for button in mazur.panel.sheet.choices:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert button.isChecked()
        headings.append(mazur.panel.sheet.heading.text())
    assert headings == [
        "Weighted input of o1 ≈ 1.10591",
        "Activation of o1 ≈ 0.751365",
        "Target of o1 = 0.01",
        "Share in the loss of o1 ≈ 0.274811",
        "Slope of the activation of o1 ≈ 0.186816",
        "Derivative of the loss by the activation of o1 ≈ 0.741365",
        "Delta of o1 ≈ 0.138499",
        "Gradient of the loss of the bias of o1 ≈ 0.138499",
        "Change of the bias of o1 = 0",  # biases don't learn there
        "Value after the step of the bias of o1 = 0.6",
    ]


def test_no_number_of_the_coming_step_is_seen_before_its_phase(mazur: Reader) -> None:
    mazur.select((1, 0))
    sheet = mazur.panel.sheet
    seen = []
    for _ in range(7):
        mazur.walk()
        seen.append([_asked(mazur, letter) for letter in ("z", "δ", "∂L/∂b", "b′")])
    assert seen == [
        [False, False, False, False],  # examples enter
        [True, False, False, False],
        [True, False, False, False],
        [True, False, False, False],  # loss
        [True, False, False, False],  # backward: output
        [True, True, True, False],
        [True, True, True, True],
    ]
    assert sheet.moment.text() == "Of the step just made."


def _asked(reader: Reader, letter: str) -> bool:
    """Whether a number is shown when it is asked for; where it is not, no digit is."""
    reader.choose(letter)
    sheet = reader.panel.sheet
    if sheet.view.isVisible():
        return True
    assert reader.panel.shown is None
    texts = sheet.heading.text() + sheet.moment.text()
    assert "Not computed yet: comes with " in texts
    assert "0." not in texts
    return False


def test_a_number_that_is_not_known_yet_cannot_be_copied(mazur: Reader) -> None:
    mazur.select((1, 0))
    mazur.walk()
    mazur.panel.sheet.menu.copy_wanted.emit("text", False)
    assert mazur.said == ["There is nothing to copy yet."]


def test_a_step_on_shows_its_own_numbers_of_the_same_thing(mazur: Reader, qtbot: QtBot) -> None:
    mazur.select((1, 0))
    mazur.choose("z")
    before = mazur.lines
    mazur.click("0.15")
    mazur.run.advance(1)
    mazur.look()
    # A run that plays is not followed more often than four times a second.
    heading = "Value before the step of i1 → h1 ≈ 0.149781"
    qtbot.waitUntil(lambda: mazur.panel.sheet.heading.text() == heading)
    mazur.panel.sheet.trail.linkActivated.emit("1")
    assert mazur.lines != before


def test_a_batch_has_means_that_say_so_and_single_examples(make_reader: MakeReader) -> None:
    reader = make_reader("spiral")
    sheet = reader.panel.sheet
    reader.select((1, 2))
    assert sheet.example.text() == "Mean of 10"
    assert sheet.moment.text() == "Of the coming step: mean of 10 examples."
    assert sheet.notes.text() == "The mean of 10 examples."
    assert len(reader.lines) == 12  # 1/m, one term a line, and the result
    sheet.example.setFocus()
    QTest.keyClick(sheet.example, Qt.Key.Key_Up)
    QTest.keyClick(sheet.example, Qt.Key.Key_Up)
    assert sheet.example.text() == "Example 2 of 10"
    assert sheet.moment.text() == "Of the coming step: example 2 of 10."
    assert reader.panel.way.trail[0].example == 1
    QTest.keyClick(sheet.example, Qt.Key.Key_Down)
    QTest.keyClick(sheet.example, Qt.Key.Key_Down)
    assert reader.panel.way.trail[0].example is None


def test_while_a_run_plays_numbers_and_copies_are_said_to_be_of_their_own_step(
    mazur: Reader, qtbot: QtBot
) -> None:
    panel, sheet = mazur.panel, mazur.panel.sheet
    mazur.run.advance(3)
    seen = mazur.run.session.snapshot(WANTS)
    panel.show_snapshot(replace(seen, step=403, playing=True))  # as of a wide network
    qtbot.waitUntil(lambda: sheet.moment.text() == "At step 3.")
    sheet.menu.copy_wanted.emit("markdown", True)
    assert QGuiApplication.clipboard().text().startswith("# A worked step, step 3\n")
    panel.show_snapshot(seen)
    qtbot.waitUntil(lambda: sheet.moment.text() == "Of the coming step.")


def test_the_gradient_of_a_batch_leads_to_each_examples_share(make_reader: MakeReader) -> None:
    reader = make_reader("spiral")
    reader.select((0, 0), (1, 0))
    view = reader.panel.sheet.view
    view.followed.emit(view.links[3])
    assert reader.panel.way.trail[-1].example == 3
    assert reader.panel.sheet.moment.text() == "Of the coming step: example 4 of 10."
    assert reader.panel.sheet.trail.words[-1].endswith("(4)")


def test_who_walks_example_by_example_sees_that_example(make_reader: MakeReader) -> None:
    reader = make_reader("spiral")
    reader.select((1, 2))
    reader.walk("example", 3)
    assert reader.panel.sheet.example.text() == "Example 3 of 10"
    assert reader.panel.way.trail[0].example == 2


def test_a_layer_is_a_table_of_links(mazur: Reader) -> None:
    layer = mazur.run.session.project.network.layers[1]
    mazur.panel.show_selection(Selection(layers=frozenset({layer.id})))
    assert mazur.panel.sheet.heading.text() == "2 nodes"
    assert mazur.lines == ["zaδ", "h10.37750.5932700.00877135", "h20.39250.5968840.00995425"]
    mazur.click("0.596884")
    assert mazur.panel.sheet.heading.text() == "Activation of h2 ≈ 0.596884"
    mazur.panel.sheet.view.back_wanted.emit()
    assert mazur.panel.way.trail == ()
    mazur.walk(times=2)
    assert mazur.lines == ["zaδ", "h10.37750.593270", "h20.39250.596884"]


def test_skips_are_paths_like_others(make_reader: MakeReader) -> None:
    reader = make_reader("skip_link")
    reader.select((1, 0))  # of a layer that leads to the next one, and past four others to the output
    reader.panel.sheet.example.setValue(1)
    assert reader.lines[4].startswith("+W22,1·δ2⟨1⟩2")  # narrow, numbers stand under their symbols
    assert reader.lines[5] == "+0.658490·0.00103633"
    reader.panel.resize(560, 600)
    QApplication.processEvents()
    assert len(reader.lines) == 9  # the slope, six paths through the next layer, one past it, the result
    assert reader.lines[7].startswith("+W6←11,1·δ6⟨1⟩1)")
    view, shown = reader.panel.sheet.view, reader.panel.shown
    assert shown is not None
    skip = next(leaf for leaf in view.links if shown.refs[leaf].place == _pair(1, 6))
    QTest.mouseMove(view, view.rect_of(skip).center().toPoint())
    assert reader.lit[-1].pairs == {(reader.node(1, 0), reader.node(6, 0))}


def _pair(source: int, target: int) -> PairPlace:
    return PairPlace(NodePlace(source, 0), NodePlace(target, 0))


def test_long_sums_are_folded_and_written_out_a_hundred_at_a_time(make_reader: MakeReader) -> None:
    reader = make_reader("digits")
    sheet = reader.panel.sheet
    reader.select((1, 0))
    sheet.example.setValue(1)
    reader.choose("z")
    assert any("more: " in line for line in reader.lines)
    assert sheet.more.isVisible()
    folded = len(reader.lines)
    QTest.mouseClick(sheet.more, Qt.MouseButton.LeftButton)
    assert len(reader.lines) > folded
    assert not any("more: " in line for line in reader.lines)
    assert not sheet.more.isVisible()


def test_a_term_that_is_pointed_at_lights_its_path(mazur: Reader) -> None:
    view = mazur.panel.sheet.view
    mazur.select((1, 0))
    through = [leaf for leaf in view.links if _is_weight(mazur, leaf)]
    QTest.mouseMove(view, view.rect_of(through[1]).center().toPoint())
    pair = (mazur.node(1, 0), mazur.node(2, 1))
    assert mazur.lit[-1] == Selection(frozenset({pair[1]}), frozenset({pair}))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert mazur.lit[-1] == Selection()


def test_what_is_pointed_at_stays_lit_while_the_run_goes_on(mazur: Reader) -> None:
    view = mazur.panel.sheet.view
    mazur.select((1, 0))
    QTest.mouseMove(view, view.rect_of(view.links[1]).center().toPoint())
    lit = mazur.lit[-1]
    before = mazur.panel.sheet.heading.text()
    mazur.run.advance(1)
    mazur.walk(times=6)
    assert mazur.panel.sheet.heading.text() != before
    assert mazur.lit[-1] == lit != Selection()
    mazur.choose("z")  # something else
    assert mazur.lit[-1] == Selection()


def _is_weight(reader: Reader, leaf: int) -> bool:
    assert reader.panel.shown is not None
    return reader.panel.shown.refs[leaf].key == "value"


def test_what_is_pointed_at_in_the_picture_lights_its_term(mazur: Reader) -> None:
    mazur.select((1, 0))
    pair = (mazur.node(1, 0), mazur.node(2, 1))
    for pointed in (Selection(pairs=frozenset({pair})), Selection(frozenset({pair[1]}))):
        mazur.panel.point_at(pointed)
        assert mazur.panel.shown is not None
        lit = [mazur.panel.shown.refs[leaf] for leaf in mazur.panel.sheet.view.lit]
        assert {ref.key for ref in lit} == {"value", "delta"}
        assert {ref.place for ref in lit if ref.key == "delta"} == {NodePlace(2, 1)}
    mazur.panel.point_at(Selection())
    assert not mazur.panel.sheet.view.lit


def test_a_node_that_is_pointed_at_lights_its_row_of_a_table(mazur: Reader) -> None:
    layer = mazur.run.session.project.network.layers[2]
    mazur.panel.show_selection(Selection(layers=frozenset({layer.id})))
    mazur.panel.point_at(Selection(frozenset({layer.nodes[1].id})))
    assert mazur.panel.shown is not None
    refs = {mazur.panel.shown.refs[leaf] for leaf in mazur.panel.sheet.view.lit}
    assert {ref.place for ref in refs} == {NodePlace(2, 1)}
    assert len(refs) == 3


@pytest.mark.parametrize(
    ("kind", "begins"), [("latex", r"\begin{align*}"), ("markdown", "### delta:h1"), ("text", "delta:h1")]
)
def test_one_derivation_is_copied(mazur: Reader, kind: str, begins: str) -> None:
    mazur.select((1, 0))
    mazur.panel.sheet.menu.copy_wanted.emit(kind, False)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(begins)
    assert "0.00877135" in copied
    assert mazur.said == ["Copied."]


def test_a_formula_is_copied_as_a_picture_and_saved_as_one(mazur: Reader) -> None:
    mazur.select((1, 0))
    drawn: list[dict[str, bytes]] = []
    mazur.panel.drawn.connect(drawn.append)
    mazur.panel.sheet.menu.action("As picture").trigger()
    data = QGuiApplication.clipboard().mimeData()
    image = data.imageData()
    assert isinstance(image, QImage)
    assert image.width() > 3 * 300
    assert image.pixelColor(1, 1) == Qt.GlobalColor.white
    assert bytes(data.data("image/svg+xml").data()).startswith(b"<?xml")
    mazur.panel.sheet.menu.action("Save as picture…").trigger()
    (files,) = drawn
    assert QImage.fromData(files[".png"]).size() == image.size()
    assert b"<path" in files[".svg"]
    assert b"<text" not in files[".svg"]  # it looks the same where other fonts are


def test_a_picture_of_what_is_hidden_has_empty_fields(mazur: Reader) -> None:
    mazur.select((1, 0))
    drawn: list[dict[str, bytes]] = []
    mazur.panel.drawn.connect(drawn.append)
    for hidden in (False, True):
        if hidden:
            mazur.panel.sheet.blanks.hide_wanted.emit(None)
        mazur.panel.sheet.menu.action("Save as picture…").trigger()
    shown, empty = (files[".svg"] for files in drawn)
    assert len(empty) < len(shown)  # digits are many lines, a field is few


def test_the_usual_key_copies_text(mazur: Reader) -> None:
    mazur.select((1, 0))
    QTest.keyClick(mazur.panel.sheet.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "δ^1_1 = f'(z^1_1)" in QGuiApplication.clipboard().text()


def test_the_whole_pass_is_copied_as_far_as_it_is_known(mazur: Reader) -> None:
    mazur.panel.sheet.menu.copy_wanted.emit("markdown", True)
    whole = QGuiApplication.clipboard().text()
    assert "## Update" in whole
    mazur.walk(times=2)
    mazur.panel.sheet.menu.copy_wanted.emit("markdown", True)
    part = QGuiApplication.clipboard().text()
    assert whole.startswith(part[:200])
    assert "z:h1" in part
    assert "Backward" not in part
    assert "delta:" not in part


def test_a_pass_with_too_many_numbers_is_refused_in_a_sentence(make_reader: MakeReader) -> None:
    reader = make_reader("digits")
    reader.panel.sheet.menu.copy_wanted.emit("text", True)
    assert "bpviz explain" in reader.said[-1]


def test_notation_digits_and_sign_are_chosen_and_remembered(
    mazur: Reader, make_reader: MakeReader, preferences: Preferences
) -> None:
    mazur.select((1, 0))
    menu = mazur.panel.sheet.menu
    for label in ("Per neuron", "9", "Write minus delta, “the error”"):
        menu.action(label).trigger()
    assert mazur.panel.sheet.heading.text() == "Error (minus delta) of h1 ≈ −0.00877135469"
    assert mazur.lines[0].startswith("Errh1=")
    other = make_reader("mazur")
    other.select((1, 0))
    assert other.panel.sheet.heading.text() == "Error (minus delta) of h1 ≈ −0.00877135469"
    assert (preferences.notation, preferences.digits, preferences.minus_delta) == ("neuron", 9, True)


def test_a_name_is_shown_as_it_is(make_reader: MakeReader, preferences: Preferences) -> None:
    project = EXAMPLES["mazur"].build()
    node = project.network.layers[1].nodes[0].id
    preferences.notation = "neuron"
    reader = make_reader(on_network(partial(rename, item_id=node, name="<b>ö_{^}\\"))(project))
    reader.select((1, 0))
    assert reader.lines[0].startswith("δ<b>ö_{^}\\=φ′(net<b>ö_{^}\\)")
    assert reader.panel.sheet.heading.text().startswith("Delta of <b>ö_{^}\\ ")
    assert "&lt;b&gt;" in reader.panel.sheet.trail.text()


def test_out_of_sight_it_wants_nothing(mazur: Reader) -> None:
    asked: list[frozenset[str]] = []
    mazur.panel.wants_changed.connect(asked.append)
    mazur.panel.hide()
    mazur.panel.show()
    assert asked == [frozenset(), frozenset({"trace", "parameters"})]


def test_another_project_is_not_explained_by_the_numbers_of_the_one_before(mazur: Reader) -> None:
    mazur.select((1, 0))
    mazur.panel.begin_anew()
    assert mazur.panel.shown is None
    assert not mazur.panel.sheet.view.isVisible()
    assert mazur.panel.sheet.heading.text() == "Explanation"


def test_a_run_in_float32_says_what_it_stores(make_reader: MakeReader) -> None:
    project = EXAMPLES["mazur"].build()
    reader = make_reader(replace(project, training=replace(project.training, precision="float32")))
    reader.select((0, 0), (1, 0))
    reader.walk(times=7)
    reader.choose("w′")
    assert "float32" in reader.panel.sheet.notes.text()
