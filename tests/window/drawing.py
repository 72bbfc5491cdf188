"""Networks drawn from an empty sheet by the pointer alone, trained, cut while they train, and mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from bpviz.data.settings import DataSettings
from bpviz.data.tables import read_table
from bpviz.files.project import Saved, save_project
from bpviz.model.spec import Network, Project, Start
from tests.window.commands import use
from tests.window.hand import RIGHT, Point
from tests.window.screen import until
from tests.window.stage import Session, middle

_WITHIN_S: Final = 40.0
CODES: Final = 8
_ONE_NODE: Final = "New layer of 1 node"


def draw_all(opened: Session) -> None:
    """Exclusive or by two hidden nodes, by one beside links past it, and an autoencoder."""
    draw_xor(opened)
    draw_past_the_hidden_node(opened)
    draw_autoencoder(opened)


def draw_xor(opened: Session) -> None:
    """Draw 2-2-1, play it, remove a hidden node meanwhile, and bring it back."""
    _begin(opened, DataSettings(source="xor_points"))
    for left in (1, 0):  # both ends of a sheet are connected when they come
        opened.hand.click(_at(opened, lambda shown: shown["wires"][0]), RIGHT)
        _choose(opened, "delete")
        see(opened, [2, 1], left)
    _drop(opened, _port(opened, 0, 0), _between(opened, 0, 1, down=0), _ONE_NODE)
    see(opened, [2, 1, 1], 1)
    _drop(opened, _port(opened, 0, 1), _below(opened, 1), "Node in Hidden 1")
    see(opened, [2, 2, 1], 2)
    wires = [((0, 0), (1, 1)), ((0, 1), (1, 0)), ((1, 0), (2, 0)), ((1, 1), (2, 0))]
    for count, (begin, end) in enumerate(wires, 3):
        opened.hand.drag(_port(opened, *begin), _node(opened, *end))
        see(opened, [2, 2, 1], count)

    use(opened, "play")
    trains(opened)
    opened.hand.click(_node(opened, 1, 1), RIGHT)
    _choose(opened, "delete")
    see(opened, [2, 1, 1], 3)
    trains(opened)
    use(opened, "undo")
    see(opened, [2, 2, 1], 6)
    trains(opened)
    use(opened, "play")
    opened.program.check()


def draw_past_the_hidden_node(opened: Session) -> None:
    """Draw 2-1-1 with links from the inputs to the output, too."""
    _begin(opened, DataSettings(source="xor_points"))
    see(opened, [2, 1], 2)
    _drop(opened, _port(opened, 0, 0), _between(opened, 0, 1, down=-60), _ONE_NODE)
    see(opened, [2, 1, 1], 3)
    opened.hand.drag(_port(opened, 0, 1), _node(opened, 1, 0))
    opened.hand.drag(_port(opened, 1, 0), _node(opened, 2, 0))
    see(opened, [2, 1, 1], 5)
    use(opened, "play")
    trains(opened)
    use(opened, "play")
    opened.program.check()


def draw_autoencoder(opened: Session) -> None:
    """Draw 8-3-8: wires from a whole selection to the caption of a layer are all pairs."""
    _begin(opened, codes(opened))
    opened.hand.click(_caption(opened, 0), RIGHT)
    _choose(opened, "disconnect_from")
    _choose(opened, "Output")
    see(opened, [CODES, CODES], 0)
    _drop(opened, _port(opened, 0, 0), _between(opened, 0, 1, down=0), _ONE_NODE)
    for size in (2, 3):
        opened.hand.click(_caption(opened, 1), RIGHT)
        _choose(opened, "add_node")
        see(opened, [CODES, size, CODES])
    for column in (0, 1):
        _frame(opened, column)
        opened.hand.drag(_port(opened, column, 0), _caption(opened, column + 1))
        see(opened, [CODES, 3, CODES], 3 * CODES * (column + 1))
    use(opened, "play")
    trains(opened)
    use(opened, "play")
    opened.program.check()


def codes(opened: Session) -> DataSettings:
    """A table of eight examples, which an autoencoder is to write with fewer numbers."""
    names = [f"{end}{k}" for end in "ao" for k in range(CODES)]
    rows = [[str(int(k % CODES == row)) for k in range(2 * CODES)] for row in range(CODES)]
    table = opened.program.home / "codes.csv"
    table.write_text("\n".join(",".join(cells) for cells in [names, *rows]) + "\n")
    targets = tuple(names[CODES:])
    whole = read_table(table).table
    return DataSettings(source="table", table=whole, targets=targets, target_kind="number", train_share=1.0)


def open_sheet(opened: Session, project: Project) -> None:
    """Open a sheet with these data and settings and nothing drawn, by keys alone."""
    if seen(opened)["undo"]:
        opened.hand.key("Ctrl+S")  # what was drawn before has a file
    name = f"sheet{len(opened.hand.done)}.bpviz"
    save_project(opened.program.home / name, Saved(replace(project, network=Network(), start=Start())))
    opened.hand.key("Ctrl+O")
    opened.settle()
    until(lambda: _asked(opened), "a dialog for files", _WITHIN_S)
    for letter in name:
        opened.hand.key(letter)
    opened.hand.key("Return")
    until(lambda: not seen(opened)["columns"], "an empty sheet", _WITHIN_S)


def _begin(opened: Session, data: DataSettings) -> None:
    """Open a sheet with these data, and draw both ends where the data ask for them."""
    open_sheet(opened, Project(data=data))
    left, top, wide, high = seen(opened)["pane"]
    for ends, share in enumerate((0.25, 0.7)):
        opened.hand.click((left + round(share * wide), top + high // 3), RIGHT)
        _choose(opened, "add_layer")
        until(partial(_has_columns, opened, ends + 1), "an end of the network", _WITHIN_S)
    use(opened, "fit")


def _has_columns(opened: Session, count: int) -> bool:
    return len(seen(opened)["columns"]) == count


def _drop(opened: Session, begin: Point, end: Point, entry: str) -> None:
    """Draw a wire into the empty, and choose what begins there."""
    opened.hand.drag(begin, end)
    _choose(opened, entry)


def _choose(opened: Session, entry: str) -> None:
    """Click an entry of the menu that is open."""
    until(lambda: entry in opened.ask("menus"), f"the entry {entry}", _WITHIN_S)
    opened.hand.click(middle(opened.ask("menus")[entry]["rect"]))
    opened.settle()


def _frame(opened: Session, column: int) -> None:
    """Select a column's nodes by a frame around them."""
    nodes = seen(opened)["columns"][column]["nodes"]
    (x, top), (_, low) = nodes[0], nodes[-1]
    room = 24
    opened.hand.drag((x - room, low + room), (x + room, top - room // 2))


def seen(opened: Session) -> dict[str, Any]:
    """What is drawn, and where."""
    opened.settle()
    answer: dict[str, Any] = opened.ask("network")
    return answer


def see(opened: Session, sizes: list[int], pairs: int | None = None) -> None:
    """Wait until layers of these sizes are drawn, with so many connections."""

    def there() -> bool:
        shown = seen(opened)
        drawn = [len(column["nodes"]) for column in shown["columns"]]
        return drawn == sizes and pairs in (None, shown["pairs"])

    until(there, f"{sizes} with {pairs} connections instead of {seen(opened)}", _WITHIN_S)


def trains(opened: Session) -> None:
    """Wait until steps have been made."""
    before = opened.ask("timeline")["last"]
    until(lambda: bool(opened.ask("timeline")["last"] > before + 20), "steps", _WITHIN_S)


def _asked(opened: Session) -> bool:
    opened.settle()
    return bool(opened.front["files"])


def _node(opened: Session, column: int, at: int) -> Point:
    return _at(opened, lambda shown: shown["columns"][column]["nodes"][at])


def _port(opened: Session, column: int, at: int) -> Point:
    return _at(opened, lambda shown: shown["columns"][column]["ports"][at])


def _caption(opened: Session, column: int) -> Point:
    return _at(opened, lambda shown: shown["columns"][column]["caption"])


def _between(opened: Session, left: int, right: int, *, down: int) -> Point:
    """Between two columns, so many pixels below the first node of the left one."""
    (x, y), (to_x, _) = _node(opened, left, 0), _node(opened, right, 0)
    return (x + to_x) // 2, y + down


def _below(opened: Session, column: int) -> Point:
    x, y = _at(opened, lambda shown: shown["columns"][column]["nodes"][-1])
    return x, y + 90


def _at(opened: Session, where: Callable[[dict[str, Any]], list[int]]) -> Point:
    """A place of the picture, once it stands still."""
    places: list[list[int]] = []

    def rests() -> bool:
        places.append(where(seen(opened)))
        return len(places) > 1 and places[-1] == places[-2]

    until(rests, "a picture that stands still", _WITHIN_S)
    x, y = places[-1]
    return x, y
