"""How each kind of mark, and the space it lies in, is drawn into files.

To add a kind of mark, add an entry to `MARKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bpviz.files.axes import Sheet, draw_rule
from bpviz.files.colored import close_colored, draw_heat, draw_image, draw_points, open_plain
from bpviz.files.curves import close_curves, draw_bars, draw_curve, open_curves
from bpviz.training.marks import Band, Bars, Heat, Image, Line, Points, Rule, Space

MARKS: Final[dict[type, Callable[[Sheet, Any], None]]] = {
    Band: draw_curve,
    Line: draw_curve,
    Bars: draw_bars,
    Heat: draw_heat,
    Image: draw_image,
    Points: draw_points,
    Rule: draw_rule,
}

SPACES: Final[dict[Space, tuple[Callable[[Sheet], None], Callable[[Sheet], None]]]] = {
    "curves": (open_curves, close_curves),
    "table": (open_plain, close_colored),
    "plane": (open_plain, close_colored),
}
"""What is done before the marks, and after."""


def draw_marks(sheet: Sheet) -> None:
    """Draw all of a figure."""
    begin, end = SPACES[sheet.figure.space]
    begin(sheet)
    shown = [mark for mark in sheet.figure.marks if not mark.is_empty]
    for mark in shown:
        if not isinstance(mark, Rule):
            MARKS[type(mark)](sheet, mark)
    end(sheet)
    for mark in shown:
        if isinstance(mark, Rule):  # last: how far the axes reach is not theirs to say
            MARKS[type(mark)](sheet, mark)
