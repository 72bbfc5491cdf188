"""Lines and runs are called by their name, else by what differs, else by where they come from."""

from __future__ import annotations

from dataclasses import replace

from bpviz.training.naming_lines import ghost_words, line_words
from bpviz.training.timeline_view import Ghost, LineView
from tests.training.projects import circle, iris, retrained

BEFORE = circle()
AFTER = retrained(BEFORE, learning_rate=0.5)


def test_a_name_comes_first() -> None:
    assert line_words(LineView(2, 1, 500, "mine", BEFORE, AFTER, 900, 0.1)) == "mine"
    assert ghost_words(Ghost("run", 3, "old", BEFORE, AFTER, 900)) == "old"


def test_the_first_line_is_main() -> None:
    assert line_words(LineView(1, None, 0, "", BEFORE, AFTER, 900, 0.1)) == "main"


def test_a_line_is_named_by_what_differs_from_where_it_left() -> None:
    rate = BEFORE.training.learning_rate
    words = line_words(LineView(2, 1, 500, "", BEFORE, AFTER, 900, 0.1))
    assert words == f"learning rate {rate:g} → 0.5"


def test_where_nothing_differs_or_tells_it_is_the_step() -> None:
    for before in (BEFORE, None):
        words = line_words(LineView(2, 1, 12_300, "", before, BEFORE, 20_000, 0.1))
        assert words == "from step 12\u202f300"


def test_a_line_is_called_the_same_behind_the_present_one() -> None:
    view = LineView(2, 1, 500, "", None, AFTER, 900, 0.1)
    ghost = Ghost("line", 2, "", None, AFTER, 900)
    assert ghost_words(ghost, (view,), BEFORE) == line_words(view) == "from step 500"
    assert ghost_words(ghost) == "branch 2"


def test_an_earlier_run_is_compared_with_the_present_project() -> None:
    assert "→ 0.5" in ghost_words(Ghost("run", 3, "", None, AFTER, 900), (), BEFORE)
    assert ghost_words(Ghost("run", 3, "", None, BEFORE, 900), (), BEFORE) == "run 3"
    assert ghost_words(Ghost("run", 3, "", None, BEFORE, 900)) == "run 3"


def test_other_data_are_a_difference() -> None:
    other = replace(BEFORE, data=iris().data)
    assert "other data" in ghost_words(Ghost("run", 3, "", BEFORE, other, 900))
