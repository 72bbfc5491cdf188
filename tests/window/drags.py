"""Whatever can be dragged is dragged: nodes, wires, bands, docks by titles and tabs, edges between docks."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from tests.window.commands import use
from tests.window.hand import Point
from tests.window.program import Fault
from tests.window.screen import until
from tests.window.stage import Session, middle

_SEEN_WITHIN_S: Final = 10.0
_ROW: Final = ("loss", "gradients", "deltas", "map")
_SHUT: Final = ("outline", "history", "parts")  # until somebody wants them
_TITLE_PX: Final = 12  # into a dock's title, left of its legend and its buttons


def drag_network(opened: Session) -> None:
    """Move a node aside, draw wires, band nodes and delete them while the band is drawn."""
    before = opened.ask("network")
    x, y = before["columns"][1]["nodes"][0]
    opened.hand.drag((x, y), (x + 25, y + 15), (x + 33, y - 30))
    _changes(opened, before, "dragging a node")
    if not opened.ask("network")["columns"][1]["own"][0]:
        raise Fault("a node dragged aside stands in its column")

    before = opened.ask("network")
    output = before["columns"][-1]["nodes"][0]
    opened.hand.drag(tuple(before["columns"][0]["ports"][0]), (output[0] - 40, output[1]), tuple(output))
    until(lambda: opened.ask("network")["links"] != before["links"], "a wire", _SEEN_WITHIN_S)

    _wire_into_the_empty(opened)
    for keys in ("Esc", "Del", "Space", "Ctrl+Z", "Ctrl+N"):
        _band(opened, keys)
        opened.leave()
    opened.program.check()


def drag_docks(opened: Session) -> None:
    """Drop docks onto the middle and the title of each other, drag them out of tabs and places, and back."""
    in_a_ring = list(zip(_ROW, (*_ROW[1:], _ROW[0]), strict=True))
    shared = [_drop(opened, name, _middle_of(opened, onto)) for name, onto in in_a_ring]
    if not any(shared):
        raise Fault("no panel dropped onto another shares its place")
    _reset_layout(opened)
    for name, onto in in_a_ring:
        _drop(opened, name, _grip(opened, onto))
    _reset_layout(opened)
    for name in ("accuracy", "map", "inspector", "data", "training"):
        _drag_out(opened, name)
        _drop(opened, name, _middle_of(opened, "deltas"))
        if not opened.ask("docks")[name]["floating"]:
            _drag_out(opened, name)
            _drop(opened, name, _grip(opened, "gradients"))
        _reset_layout(opened)


def drag_edges(opened: Session) -> None:
    """Drag each edge between two docks there and back."""
    for name in ("data", "training", "loss", "gradients", "deltas", "inspector"):
        for side in ("right", "below", "left", "above"):
            x, y, wide, high = opened.ask("docks")[name]["rect"]
            grip, (dx, dy) = {
                "right": ((x + wide + 1, y + high // 2), (40, 0)),
                "left": ((x - 2, y + high // 2), (40, 0)),
                "below": ((x + wide // 2, y + high + 1), (0, 40)),
                "above": ((x + wide // 2, y - 2), (0, 40)),
            }[side]
            opened.hand.drag(grip, (grip[0] + dx, grip[1] + dy), (grip[0] - dx, grip[1] - dy), grip)
    opened.program.check()


def drag_all(opened: Session) -> None:
    """All of the above."""
    drag_edges(opened)
    drag_docks(opened)
    drag_network(opened)


def _band(opened: Session, keys: str) -> None:
    columns = opened.ask("network")["columns"]
    (x, y), (to_x, to_y) = columns[0]["nodes"][0], columns[1]["nodes"][-1]
    opened.hand.click((x, y))
    opened.hand.travel((x - 40, y - 40))
    opened.hand.press()
    opened.hand.travel((to_x + 20, to_y - 20))
    opened.hand.key(keys)
    opened.hand.travel((to_x + 30, to_y + 10))
    opened.hand.release()


def _wire_into_the_empty(opened: Session) -> None:
    """Drop a wire below all columns: Esc makes nothing, Enter what the menu offers first, in one entry."""
    before = opened.ask("network")
    nodes = [node for column in before["columns"] for node in column["nodes"]]
    where = (before["columns"][2]["nodes"][0][0] + 12, max(height for _, height in nodes) + 50)
    port = tuple(before["columns"][0]["ports"][0])
    for keys, entries in (("Esc", 0), ("Return", 1)):
        opened.hand.drag(port, (where[0] - 20, where[1] + 9), where)
        opened.hand.key(keys)
        wanted = before["undo"] + entries
        until(partial(_has_entries, opened, wanted), f"{wanted} entries after {keys}", _SEEN_WITHIN_S)
    if sum(len(column["nodes"]) for column in opened.ask("network")["columns"]) <= len(nodes):
        raise Fault("a wire into the empty and Enter made no node")


def _has_entries(opened: Session, count: int) -> bool:
    return bool(opened.ask("network")["undo"] == count)


def _changes(opened: Session, before: Any, what: str) -> None:
    until(lambda: opened.ask("network")["undo"] > before["undo"], f"what {what} changes", _SEEN_WITHIN_S)


def _grip(opened: Session, name: str) -> Point:
    """Where a dock is gripped: by its tab, or by the left end of its title."""
    dock = opened.ask("docks")[name]
    if dock["tab"] is not None and not dock["floating"]:
        return middle(dock["tab"])
    x, y, _, high = dock["title"]
    return x + _TITLE_PX, y + high // 2


def _middle_of(opened: Session, name: str) -> Point:
    return middle(opened.ask("docks")[name]["rect"])


def _drop(opened: Session, name: str, onto: Point) -> bool:
    """Drop a dock somewhere, and tell whether it shares a place now; where there is no room it floats."""
    x, y = onto
    opened.hand.drag(_grip(opened, name), (x + 15, y + 30), (x, y))
    opened.program.check()
    return bool(opened.ask("docks")[name]["with"])


def _drag_out(opened: Session, name: str) -> None:
    """Drag a dock to the middle of the window, where none can be."""
    x, y, wide, high = opened.ask("windows")[0]["inner"]
    opened.hand.drag(_grip(opened, name), (x + wide // 2 + 20, y + high // 3), (x + wide // 2, y + high // 3))
    until(lambda: bool(opened.ask("docks")[name]["floating"]), f"{name} out of its place", _SEEN_WITHIN_S)
    opened.program.check()


def _reset_layout(opened: Session) -> None:
    use(opened, "reset_layout")
    docks = opened.ask("docks")
    away = [name for name, dock in docks.items() if dock["floating"] or dock["open"] == (name in _SHUT)]
    if away:
        raise Fault(f"after the layout was reset, {away} are away")
