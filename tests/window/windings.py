"""A run is wound by hand: the slider while it plays, a branch, switching, undo, an earlier run, saving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.window.hand import Point
from tests.window.screen import until
from tests.window.stage import Session

_WITHIN_S: Final = 40.0
_STEPS: Final = 400


def wind(opened: Session) -> None:
    """Do it all, one after the other."""
    _play_until(opened, lambda seen: seen["last"] > _STEPS)
    _drag_head(opened, 0.4)
    past = _wait(
        opened, lambda seen: not seen["at_end"] and seen["exact"] and not seen["playing"], "the past"
    )
    first = past["last"]

    _play_until(opened, lambda seen: seen["line"] == 2 and seen["step"] > past["step"] + 50)
    opened.hand.key("Space")
    branch = _wait(opened, lambda seen: not seen["playing"], "a pause")
    assert len(branch["lines"]) == 2, branch

    opened.hand.key("Ctrl+Z")
    _wait(opened, lambda seen: seen["line"] == 1 and seen["step"] == first, "the line before, whole")
    opened.hand.click(_place(branch["branches"]))
    _wait(opened, lambda _: bool(opened.front["popup"]), "the tree of branches")
    opened.hand.key("Down")
    opened.hand.key("Return")
    opened.leave()
    switched = _wait(opened, lambda seen: seen["line"] == 2, "the other line")
    assert switched["step"] == branch["step"], (switched, branch)

    for key, step in (("Ctrl+Home", 0), ("Ctrl+End", branch["step"]), ("Shift+B", branch["step"] - 1)):
        opened.hand.key(key)
        _wait(opened, _stands_at(step), key)
    for key in ("B", "B", "N", "N", "N"):
        opened.hand.key(key)
    _wait(opened, lambda seen: seen["phase"] is not None, "a walk in the past")
    _walk_examples(opened)

    opened.hand.key("Ctrl+R")
    _wait(opened, lambda seen: seen["last"] == 0 and seen["ghosts"] == ["run"], "an earlier run behind")
    _save_and_open(opened)
    opened.program.check()


def _walk_examples(opened: Session) -> None:
    """One example is walked, another one typed; phases are played and paused; all of it in the past."""
    lines = opened.ask("timeline")["lines"]
    opened.hand.key("I")
    for _ in range(3):
        opened.hand.key(".")
    opened.hand.key(",")
    opened.hand.key("N")
    seen = _wait(opened, lambda seen: (seen["phase"], seen["example"]) == (1, 1), "the second example")
    assert seen["row"] is not None
    if seen["chooser"]:  # a narrow strip has none
        opened.hand.click(_place(seen["chooser"]))
        for key in ("Ctrl+A", "7", "Return", "Right"):
            opened.hand.key(key)
        _wait(opened, lambda seen: (seen["phase"], seen["example"]) == (2, 6), "the example that was typed")
    before = opened.ask("timeline")
    opened.hand.key("Esc")
    opened.hand.key("P")
    _wait(opened, lambda seen: seen["playing"], "phases that are played")
    _wait(opened, lambda seen: seen["phase"] != before["phase"], "another phase")
    opened.hand.key("P")
    after = _wait(opened, lambda seen: not seen["playing"], "a pause")
    assert (after["example"], after["lines"]) == (before["example"], lines), (before, after)
    opened.hand.key("K")  # where no breakpoint is set, that is said
    _wait(opened, lambda seen: not seen["playing"] and seen["phase"] == after["phase"], "the same place")


def _save_and_open(opened: Session) -> None:
    """What was wound can be wound again after saving and opening."""
    _play_until(opened, lambda seen: seen["last"] > _STEPS)
    _drag_head(opened, 0.5)
    before = _wait(opened, lambda seen: not seen["at_end"] and seen["exact"], "the past")
    _type_file(opened, "Ctrl+Shift+S")
    until(lambda: (opened.program.home / "wound.bpviz").is_file(), "a file", _WITHIN_S)
    opened.hand.key("Ctrl+N")
    _wait(opened, lambda seen: seen["last"] == 0, "an empty sheet")
    _type_file(opened, "Ctrl+O")
    after = _wait(opened, lambda seen: seen["last"] == before["last"], "the run from the file")
    assert after["first"] == 0, after
    _drag_head(opened, 0.3)
    _wait(opened, lambda seen: not seen["at_end"] and seen["exact"], "its past")


def _type_file(opened: Session, keys: str) -> None:
    opened.hand.key(keys)
    _wait(opened, lambda _: bool(opened.front["files"]), "a dialog for files")
    opened.hand.key("Ctrl+A")
    for letter in "wound.bpviz":  # in the user's own folder, where the dialog begins
        opened.hand.key(letter)
    opened.hand.key("Return")
    _wait(opened, lambda _: not opened.front["files"], "no dialog")


def _play_until(opened: Session, enough: Callable[[dict[str, Any]], bool]) -> None:
    opened.hand.key("Esc")
    opened.hand.key("Space")
    _wait(opened, enough, "training")


def _drag_head(opened: Session, to: float) -> None:
    """Drag the head of the strip somewhere on its line, as a part of the whole, while it may still grow."""
    seen = opened.ask("timeline")
    left, top, wide, high = seen["run"]
    x, y = seen["head"]
    middle = top + high // 2
    opened.hand.drag((x, y), (left + wide // 2, middle), (left + int(wide * to), middle))


def _stands_at(step: int) -> Callable[[dict[str, Any]], bool]:
    return lambda seen: bool(seen["step"] == step and seen["exact"])


def _place(rect: list[int]) -> Point:
    left, top, wide, high = rect
    return left + wide // 2, top + high // 2


def _wait(opened: Session, seen: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []

    def look() -> bool:
        opened.settle()
        answers.append(opened.ask("timeline"))
        return seen(answers[-1])

    until(look, what, _WITHIN_S)
    return answers[-1]
