"""The pointer goes everywhere: into every control that is seen, and over each edge between two of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests.window.hand import Point
from tests.window.program import Fault
from tests.window.stage import Session, middle

_ROUNDS: Final = 4
"""What appears under the pointer, such as the buttons of a plot, has edges of its own, and so on."""


def visit_controls(opened: Session) -> None:
    """Point at every control."""
    seen: set[str] = set()
    for _ in range(_ROUNDS):
        new = [one for one in opened.ask("controls") if one["name"] not in seen]
        for control in new:
            seen.add(control["name"])
            opened.hand.travel(middle(control["rect"]))
    opened.program.check()
    if len(seen) < 100:
        raise Fault(f"only {len(seen)} controls were found")


def cross_edges(opened: Session) -> None:
    """Go from each control to each of its neighbors, and back."""
    crossed: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        known = len(crossed)
        for crossing in nearest_first(opened.ask("crossings"), opened.hand.place):
            between = (crossing["between"][0], crossing["between"][1])
            if between in crossed:
                continue
            crossed.add(between)
            x, y = crossing["from"]
            to_x, to_y = crossing["to"]
            # From well inside of the one to well inside of the other: edges are met at some speed.
            beyond = (to_x + 4 * (to_x - x), to_y + 4 * (to_y - y))
            for place in ((x, y), (to_x, to_y), beyond, (x, y)):
                opened.hand.travel(place)
        if len(crossed) == known:
            break
    opened.program.check()
    if len(crossed) < 100:
        raise Fault(f"only {len(crossed)} edges were found")


def nearest_first(crossings: Iterable[Any], begin: Point) -> Iterator[Any]:
    """Go through crossings on a short way: from each to the nearest that is left."""
    left, here = list(crossings), begin
    while left:
        at = min(range(len(left)), key=lambda one: math.dist(left[one]["from"], here))
        here = left[at]["from"]
        yield left.pop(at)


def visit_network(opened: Session) -> None:
    """Point at every node and its port, and pass over the wires."""
    for column in opened.ask("network")["columns"]:
        for node, port in zip(column["nodes"], column["ports"], strict=True):
            opened.hand.travel(node)
            opened.hand.travel(port)
            opened.hand.travel((port[0] + 30, port[1] + 7))
    opened.program.check()


def visit_all(opened: Session) -> None:
    """All of the above, at rest and while it trains."""
    visit_controls(opened)
    cross_edges(opened)
    visit_network(opened)
    opened.hand.key("Space")
    cross_edges(opened)
    visit_network(opened)
