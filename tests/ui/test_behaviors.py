"""The fifteen behaviors of the drawing desk, and which tests hold each of them by real events.

Whoever renames or drops one of these tests is told here which behavior would be held by nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

_UI = Path(__file__).parent
_GESTURES: Final = "canvas/gestures"

BEHAVIORS: Final[dict[str, tuple[str, ...]]] = {
    "1 Esc during any gesture restores drawing and selection, and leaves the undo stack": (
        "canvas/test_lifecycle.py::test_what_gives_a_gesture_up_gives_it_up_whole",
        "canvas/test_gestures.py::test_every_drag_can_be_given_up",
        "test_commands_in_gestures.py::test_escape_brings_back_drawing_and_selection",
    ),
    "2 any key of the table during any gesture leaves all of it or nothing": (
        "test_commands_in_gestures.py::test_the_keys_of_every_command_give_a_gesture_up_first",
        "test_commands_in_gestures.py::test_every_command_of_the_table_gives_a_gesture_up_first",
        "test_commands_in_gestures.py::test_every_other_action_of_the_window_leaves_nothing_half_done",
    ),
    "3 a second button, lost focus, a menu or a snapshot neither ends nor moves it": (
        "canvas/test_lifecycle.py::test_a_second_button_neither_ends_nor_moves_a_gesture",
        "canvas/test_lifecycle.py::test_lost_focus_and_menus_neither_end_nor_move_a_gesture",
        "canvas/test_lifecycle.py::test_a_snapshot_during_a_gesture_changes_nothing_of_it",
    ),
    "4 one gesture is one entry, at its start none; undo restores the selection": (
        "canvas/test_lifecycle.py::test_back_at_its_start_a_gesture_is_no_entry",
        "canvas/test_lifecycle.py::test_dropped_a_gesture_is_at_most_one_entry_and_undo_brings_the_selection_back",
    ),
    "5 a target lights before the drop; a held key suspends snapping and inserting": (
        f"{_GESTURES}/test_wiring.py::test_the_name_is_lit_before_the_drop",
        "canvas/test_gestures.py::test_legal_ends_are_lifted_while_connecting",
        f"{_GESTURES}/test_moving.py::test_ctrl_suspends_snapping_as_soon_as_it_is_held",
        f"{_GESTURES}/test_between.py::test_ctrl_moves_it_across_without_going_in_between",
    ),
    "6 a cutting stroke removes exactly the connections it crosses, in one entry": (
        f"{_GESTURES}/test_cutting.py::test_a_stroke_removes_exactly_what_it_crosses_in_one_entry",
        f"{_GESTURES}/test_cutting.py::test_what_it_will_remove_is_lit_before_and_esc_removes_nothing",
    ),
    "7 removing with the flow kept leaves untouched weights equal": (
        "commands/test_keyboard.py::test_insert_adds_a_node_and_shift_delete_keeps_the_flow",
        "../model/edits/test_flow.py::test_removing_with_the_flow_kept_leaves_all_other_connections_and_ways",
    ),
    "8 a wire dropped into the empty offers what can begin there, in one entry": (
        f"{_GESTURES}/test_wiring.py::test_a_wire_dropped_into_a_column_makes_node_and_link_in_one_entry",
        f"{_GESTURES}/test_wiring.py::test_a_wire_dropped_between_columns_can_make_a_layer",
        f"{_GESTURES}/test_wiring.py::test_esc_in_the_menu_makes_nothing",
    ),
    "9 pan, zoom and scrolling at the edge work while a wire is drawn": (
        f"{_GESTURES}/test_wiring.py::test_the_middle_button_moves_the_sheet_while_a_wire_is_drawn",
        f"{_GESTURES}/test_wiring.py::test_at_the_edge_the_picture_moves_on_while_a_wire_is_drawn",
        "canvas/test_lifecycle.py::test_the_wheel_zooms_during_a_gesture_and_the_gesture_goes_on",
    ),
    "10 a connection is hit within 6 px and a port within 16 px of the screen": (
        "canvas/test_targets.py::test_a_connection_is_hit_within_6_pixels_of_the_screen",
        "canvas/test_targets.py::test_a_port_is_hit_within_16_pixels_of_the_screen",
    ),
    "11 guides within 8 px of the screen; snapping moves no other axis": (
        f"{_GESTURES}/test_moving.py::test_it_snaps_within_8_pixels_of_the_screen_at_any_zoom",
        "canvas/test_snapping.py::test_nothing_moves_farther_than_the_reach_and_each_axis_by_itself",
    ),
    "12 paste and duplicate keep inner links with weights, and don't lie on each other": (
        "commands/test_copying.py::test_what_is_copied_is_text_with_weights_and_pasting_it_twice_lies_on_nothing",
        "commands/test_copying.py::test_a_duplicate_is_connected_as_its_original",
        "../files/test_clip.py::test_copy_and_paste_of_any_selection_keeps_weights",
    ),
    "13 zoom keeps the point under the pointer within 1 px": (
        "canvas/test_targets.py::test_the_zoom_keeps_the_point_under_the_pointer",
        "canvas/test_view.py::test_the_wheel_zooms_at_the_pointer",
    ),
    "14 number fields: drag, fine, coarse, wheel, formulas, Esc": (
        "panels/test_line_edits.py::test_a_drag_pulls_the_number_in_one_edit",
        "panels/test_line_edits.py::test_escape_gives_a_pull_up",
        "panels/test_line_edits.py::test_shift_and_ctrl_make_steps_of_keys_and_wheel_fine_and_coarse",
        "panels/test_line_edits.py::test_the_wheel_steps_only_where_the_user_is_at_work",
        "panels/test_line_edits.py::test_formulas_are_computed_when_they_are_committed",
        "panels/test_line_edits.py::test_escape_brings_the_number_back",
        "../test_typed.py::test_what_people_type_is_understood",
    ),
    "15 feedback within 50 ms, the cursor tells before, refusals say why, hovering moves nothing": (
        "canvas/test_feedback.py::test_a_press_shows_at_once_that_it_was_felt",
        "canvas/test_tools.py::test_the_pointer_tells_before_the_press_what_it_begins",
        "canvas/test_gestures.py::test_an_illegal_connection_is_refused_with_a_sentence_beside_the_pointer",
        f"{_GESTURES}/test_leading.py::test_a_place_that_is_taken_is_refused_beside_the_pointer",
        f"{_GESTURES}/test_copying.py::test_an_input_is_not_copied_and_the_pointer_says_why",
        "test_hovering.py::test_the_pointer_moves_nothing_wherever_it_comes_and_goes",
    ),
}


def test_all_fifteen_are_here() -> None:
    assert [int(name.split()[0]) for name in BEHAVIORS] == list(range(1, 16))


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_each_behavior_is_held_by_tests_that_are_there(behavior: str) -> None:
    for test in BEHAVIORS[behavior]:
        file, name = test.split("::")
        text = (_UI / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), test
