"""A step is worked out by hand: the published mistake is refused and named, one's own rounding counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bpviz.files.project import Saved, save_project
from bpviz.model.examples import EXAMPLES
from tests.window.screen import until
from tests.window.stage import Session, middle

_WITHIN_S: Final = 40.0
_FILE: Final = "sums.bpviz"


def work_out(opened: Session) -> None:
    """Open the example, explain its first hidden node, hide numbers and type others."""
    save_project(opened.program.home / _FILE, Saved(EXAMPLES["two_by_two"].build()))
    opened.hand.key("Ctrl+O")
    opened.settle()
    until(lambda: _asked(opened), "a dialog for files", _WITHIN_S)
    _type(opened, _FILE)
    opened.hand.key("Return")
    until(lambda: _nodes(opened) == [2, 2, 1], "the example", _WITHIN_S)

    opened.hand.click(tuple(opened.ask("network")["columns"][1]["nodes"][0]))
    opened.hand.key("E")
    _wait(opened, lambda seen: seen["heading"] == "Delta of h1 ≈ 0.00265449", "the delta of a hidden node")

    opened.hand.click(_at(opened, "delta:y"))
    _wait(opened, lambda seen: seen["heading"] == "Delta of y ≈ 0.0406811", "the delta of the output")
    opened.hand.click(_at(opened, "delta:y"))
    _wait(opened, lambda seen: seen["heading"] == "Delta of y" and seen["types"], "an empty field")
    assert _answer(opened, "0.041") == "✓ Right.", "rounded to two digits"

    opened.hand.key("Backspace")
    _wait(opened, lambda seen: seen["heading"] == "Delta of h1 ≈ 0.00265449", "the way back")
    opened.hand.click(_at(opened, "delta:h1"))
    _wait(opened, lambda seen: seen["heading"] == "Delta of h1" and seen["types"], "an empty field")
    assert _answer(opened, ".0024096").startswith("The weights were already updated")
    opened.hand.key("Ctrl+A")
    assert _answer(opened, ".002675") == "✓ Right from your delta:y."
    assert not _seen(opened)["types"]
    opened.program.check()


def _answer(opened: Session, text: str) -> str:
    """Type a number where the keys go, and wait for what is said of it."""
    said = _seen(opened)["said"]
    _type(opened, text)
    opened.hand.key("Return")
    seen = _wait(opened, lambda seen: seen["said"] not in (said, "") and not seen["judging"], "a verdict")
    return str(seen["said"])


def _at(opened: Session, ref: str) -> tuple[int, int]:
    """Where a number stands last on the page."""
    x, y = middle(_seen(opened)["numbers"][ref])
    return x, y


def _type(opened: Session, text: str) -> None:
    for letter in text:
        opened.hand.key(letter)


def _asked(opened: Session) -> bool:
    opened.settle()
    return bool(opened.front["files"])


def _nodes(opened: Session) -> list[int]:
    opened.settle()
    return [len(column["nodes"]) for column in opened.ask("network")["columns"]]


def _seen(opened: Session) -> dict[str, Any]:
    opened.settle()
    answer: dict[str, Any] = opened.ask("explanation")
    return answer


def _wait(opened: Session, enough: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []

    def look() -> bool:
        answers.append(_seen(opened))
        return enough(answers[-1])

    until(look, what, _WITHIN_S)
    return answers[-1]
