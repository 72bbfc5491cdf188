"""Every command is used as a user does: by its entry in a menu, and by each of its shortcuts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bpviz.ui.commands import COMMANDS, MENUS, Command
from tests.window.hand import Point
from tests.window.program import Ended, Fault
from tests.window.screen import until
from tests.window.stage import STAGES, Session, middle

_COMES_WITHIN_S: Final = 20.0
_LOST_S: Final = 6.0
"""A click while the window manager takes a dropped panel over is lost now and then: one clicks again."""


def use_menus(opened: Session) -> None:
    """Click each entry of each menu but the one that ends the program."""
    for title in MENUS:
        for entry in COMMANDS.values():
            if entry.menu == title and entry.entries is None and entry.name not in _LEFT_OUT:
                _enable(opened, entry)
                use(opened, entry.name)
    _use_submenus(opened)
    _show_panels(opened)


def use(opened: Session, name: str) -> None:
    """Use one command by its entry in a menu."""
    expect(opened, name, partial(click_way, opened, COMMANDS[name].menu, name))


def use_shortcuts(opened: Session) -> None:
    """Strike each shortcut of each command but the one that ends the program."""
    for entry in COMMANDS.values():
        for keys in entry.keys.split():
            if entry.name not in _LEFT_OUT:
                _enable(opened, entry)
                _rest_on_canvas(opened)
                expect(opened, entry.name, partial(opened.hand.key, keys))


def quit_by_key(opened: Session) -> None:
    """Leave by the keys of the quit command, from a program without changes, and start again."""

    def ends(strike: Callable[[], object]) -> bool:
        try:
            strike()
        except Ended:  # it may be over before the key was let go
            return True
        return False

    if not ends(partial(opened.hand.key, COMMANDS["quit"].keys)):
        until(lambda: ends(partial(opened.ask, "front")), "the end of the program", _COMES_WITHIN_S)
    opened.program.wait(0)
    opened.start_again()


def use_commands(opened: Session) -> None:
    """All of the above."""
    quit_by_key(opened)
    use_shortcuts(opened)
    use_menus(opened)


def expect(opened: Session, name: str, use: Callable[[], None]) -> None:
    """Use a command and see that it is reached; what it asks is left by Escape.

    Raises:
        Fault: If it is not reached.
    """
    before = opened.ask("fired").get(name, 0)
    use()

    def reached() -> bool:
        opened.leave()  # what it asks is part of the command: it has been reached only after it
        return bool(opened.ask("fired").get(name, 0) > before)

    until(reached, f"the command {name}, though it was used,", _COMES_WITHIN_S)
    opened.leave()
    opened.program.check()
    if name == "lock":  # else all that changes what is selected would be refused from now on
        use()
    if name == "new":  # on an empty sheet most commands have nothing to do
        examples = COMMANDS["examples"]
        click_way(opened, examples.menu, examples.name, _entries_of(opened, examples)[0])
        until(lambda: bool(opened.ask("actions")["play"]["enabled"]), "an example", _COMES_WITHIN_S)


def _enable(opened: Session, entry: Command) -> None:
    """Bring about what a command needs."""
    if not opened.ask("actions")[entry.name]["enabled"]:
        opened.leave()
        _rest_on_canvas(opened)
    if not opened.ask("actions")[entry.name]["enabled"] and entry.name in _NEEDS:
        other = COMMANDS[_NEEDS[entry.name]]
        _enable(opened, other)
        use(opened, other.name)
    until(
        lambda: bool(opened.ask("actions")[entry.name]["enabled"]),
        f"the command {entry.name}",
        _COMES_WITHIN_S,
    )


_TWICE_PX: Final = 12
_LEFT_OUT: Final = ("quit", "connect", "merge", "copy_link")
"""It ends the program, needs two things that are not connected, or a project of the Playground's kind:
`tests.ui.commands` brings these about."""
_NEEDS: Final[Mapping[str, str]] = {"undo": "add_layer", "redo": "undo", "step_back": "step_phase"}


def click_way(opened: Session, title: str, *names: str) -> None:
    """Open a menu, point at entries that open others, and click the last."""
    _open_menu(opened, title)
    for name in names:
        _point_at(opened, name)
    opened.hand.click(opened.hand.place)


def _use_submenus(opened: Session) -> None:
    """Use each entry of menus within menus in the smallest window, the first and last in others."""
    for entry in COMMANDS.values():
        if entry.entries is not None and opened.ask("actions")[entry.name]["enabled"]:
            names = _entries_of(opened, entry)
            for name in names if opened.stage == STAGES[0] else (names[0], names[-1]):
                expect(opened, name, partial(click_way, opened, entry.menu, entry.name, name))


def _entries_of(opened: Session, entry: Command) -> list[str]:
    _open_menu(opened, entry.menu)
    outer = opened.ask("menus")
    _point_at(opened, entry.name)
    until(lambda: len(opened.ask("menus")) > len(outer), f"the menu {entry.name}", _COMES_WITHIN_S)
    inner = [name for name, one in opened.ask("menus").items() if name not in outer and one["enabled"]]
    opened.leave()
    return inner


def _show_panels(opened: Session) -> None:
    """Hide and show each panel by its entry in the Window menu."""
    commands = {entry.name for entry in COMMANDS.values()}
    _open_menu(opened, "Window")
    names = [name for name in opened.ask("menus") if name not in commands]
    opened.leave()
    if len(names) < 2:
        raise Fault("the Window menu names no panels")
    for name in (*names, *names):
        expect(opened, name, partial(click_way, opened, "Window", name))


def _open_menu(opened: Session, title: str) -> None:
    bar = [one for one in opened.ask("controls") if one["name"].replace("&", "") == f"entry {title}"]
    if not bar:  # a dialog that a command brings when its numbers are there
        opened.leave()
        _open_menu(opened, title)
        return
    at = middle(bar[0]["rect"])
    opened.hand.click(at)
    again = time.monotonic() + _LOST_S

    def there() -> bool:
        nonlocal again
        if opened.ask("front")["modal"]:
            opened.leave()
            opened.hand.click(at)
        elif time.monotonic() > again and not opened.ask("menus"):
            again += _LOST_S
            opened.hand.click(at)
        return bool(opened.ask("menus"))

    until(there, f"the menu {title}", _COMES_WITHIN_S)


def _point_at(opened: Session, name: str) -> None:
    """Travel to an entry of a menu, on a way that keeps to menus: others open under the pointer."""
    until(lambda: name in opened.ask("menus"), f"the entry {name}", _COMES_WITHIN_S)
    rect = opened.ask("menus")[name]["rect"]
    (x, y), (at_x, at_y) = middle(rect), opened.hand.place
    from_bar = rect[0] <= at_x
    opened.hand.travel((at_x, y) if from_bar else (x, at_y))
    opened.hand.travel((x, y))


def _rest_on_canvas(opened: Session) -> None:
    """Give the keys to the network, with a node selected, a hidden one if there is any."""
    opened.hand.key("Esc")  # what is being written in place lies over what it is about

    def selected() -> bool:
        opened.hand.click(_node_to_click(opened))
        opened.settle()
        return bool(opened.ask("network")["selected"])

    # A picture that was just put in order may move away from under the hand.
    until(selected, "a selected node", _COMES_WITHIN_S)


def _node_to_click(opened: Session) -> Point:
    """A node, not twice the same place, which would be a double click."""
    columns = opened.ask("network")["columns"]
    nodes = [node for column in columns[1:-1] or columns for node in column["nodes"]]
    at_x, at_y = opened.hand.place
    away = (node for node in nodes if abs(node[0] - at_x) + abs(node[1] - at_y) > _TWICE_PX)
    x, y = next(away, nodes[0])
    return x, y
