"""Every dialog is wholly on the screen, whatever its size, and so is what was left on a larger one."""

from __future__ import annotations

from typing import Final

from bpviz.ui.commands import COMMANDS
from tests.window.commands import click_way
from tests.window.program import Fault
from tests.window.screen import until
from tests.window.stage import Session

_ASKING: Final = (
    "open",
    "save_as",
    "export_weights",
    "export_code",
    "export_network",
    "preferences",
    "about",
)
_COMES_WITHIN_S: Final = 20.0
_ROUNDED: Final = 1  # at a scale the frame may end within a pixel
_TABLE: Final = "table.csv"


def show_dialogs(opened: Session) -> None:
    """Open each dialog and look where it is; the window first."""
    _look(opened, "the window")
    for name in _ASKING:
        _ask(opened, name)
        _look(opened, name)
        opened.leave()
    _show_table(opened)
    opened.program.check()


def _ask(opened: Session, name: str) -> None:
    click_way(opened, COMMANDS[name].menu, name)
    until(lambda: bool(opened.ask("front")["modal"]), f"the dialog of {name}", _COMES_WITHIN_S)
    opened.settle()


def _show_table(opened: Session) -> None:
    """Open a table with many columns, whose dialog is the largest."""
    columns = ",".join(f"column {number}" for number in range(30))
    rows = "\n".join(",".join(str(row + column) for column in range(30)) for row in range(60))
    (opened.home / _TABLE).write_text(f"{columns}\n{rows}\n")
    _ask(opened, "open_data")
    for key in (*_TABLE, "Return"):
        opened.hand.key(key)
    until(lambda: not opened.ask("front")["files"], "the dialog about the table", _COMES_WITHIN_S)
    until(lambda: bool(opened.ask("front")["modal"]), "the dialog about the table", _COMES_WITHIN_S)
    opened.settle()
    _look(opened, "the dialog about a table")
    opened.leave()


def _look(opened: Session, what: str) -> None:
    """See that no window leaves the screen.

    Raises:
        Fault: If one does.
    """
    screen_wide, screen_high = opened.stage.size
    for window in opened.ask("windows"):
        x, y, wide, high = window["inner"]
        if min(x, y) < 0 or x + wide > screen_wide + _ROUNDED or y + high > screen_high + _ROUNDED:
            raise Fault(f"{what} leaves the screen of {screen_wide} by {screen_high}: {window}")
