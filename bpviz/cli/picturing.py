"""Options that say how a picture is made, shared by the commands that write one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from bpviz.files.picture_settings import range_of
from bpviz.pictures import Wanted
from bpviz.training.figure import Range

F = TypeVar("F", bound=Callable[..., object])

OPTIONS = (
    click.option("--size", metavar="WxH", help="Such as 120x80mm or 1200x800px. [what suits the picture]"),
    click.option("--dpi", metavar="N", type=int, help="Pixels an inch. [192]"),
    click.option("--font-size", metavar="PT", type=float, help="Of its letters, in points. [what suits it]"),
    click.option("--theme", metavar="NAME", help="light or dark. [light]"),
    click.option("--dark", is_flag=True, help="The same as --theme dark."),
)


def picture_options(function: F) -> F:
    """Add the options of a picture."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


def curve_options(function: F) -> F:
    """Add what shows a plot smoother, or a part of it."""
    smooth = click.option(
        "--smooth", metavar="X", type=float, help="Of curves: from 0 up to 0.999, how smooth they are. [0]"
    )
    shown = click.option(
        "--range", "x_range", metavar="A:B", help="The part of the x axis in sight, such as 0:500."
    )
    values = click.option(
        "--value-range", "y_range", metavar="A:B", help="Of curves: that of the value axis."
    )
    return smooth(shown(values(function)))


def wanted(
    size: str | None, dpi: int | None, font_size: float | None, theme: str | None, dark: bool
) -> Wanted:
    """Put the options of a picture together.

    Raises:
        UsageError: If they contradict each other.
    """
    if dark and theme not in (None, "dark"):
        raise click.UsageError(f"--dark and --theme {theme} go not together; leave out one of them.")
    return Wanted(size=size, dpi=dpi, font_size=font_size, theme=theme, dark=dark)


def part(text: str | None) -> Range | None:
    """Read a part of an axis."""
    return None if text is None else range_of(text)
