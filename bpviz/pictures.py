"""Pictures that scripts write: plots and the network of a run, as the window shows them.

Each takes the same words for how a picture is made: `Wanted`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

from bpviz.api import figure, standing_run
from bpviz.errors import UnknownNameError
from bpviz.files.diagram import draw_network
from bpviz.files.figures import write_figure
from bpviz.files.picture_settings import PictureSettings, picture_settings
from bpviz.files.shown_network import shown_run
from bpviz.model.spec import Network, Project
from bpviz.plain import as_float
from bpviz.training.figure import Figure, Range, View
from bpviz.training.run import Run
from bpviz.training.session import Session


class Wanted(TypedDict, total=False):
    """How a picture is made.

    Attributes:
        size: Such as ``"120x80mm"`` or ``"1200x800px"``; a pair counts as pixels.  By default what suits it.
        dpi: Pixels an inch.
        font_size: Of the numbers at the axes, in points, and of all other letters in proportion.
        theme: ``light`` or ``dark``.
        dark: The same as the theme ``dark``.
    """

    size: str | tuple[float, float] | None
    dpi: int | None
    font_size: float | None
    theme: str | None
    dark: bool


def settings_of(wanted: Wanted) -> PictureSettings:
    """Read how a picture is to be made.

    Raises:
        SettingError: If it is none that can be made.
        UnknownNameError: If there is no such setting.
    """
    for name in wanted:
        if name not in Wanted.__annotations__:
            raise UnknownNameError("setting of a picture", name, Wanted.__annotations__)
    theme = "dark" if wanted.get("dark") else wanted.get("theme")
    return picture_settings(wanted.get("size"), wanted.get("dpi"), wanted.get("font_size"), theme)


def seen(figure: Figure, smooth: float = 0.0, x: Range | None = None, y: Range | None = None) -> Figure:
    """See a figure with smoother lines, or parts of its axes; what does not apply to it is left out.

    Raises:
        SettingError: If it can't be seen so.
    """
    x, y = (None if part is None else (as_float(part[0]), as_float(part[1])) for part in (x, y))
    return View(smooth=as_float(smooth), x=x, y=y).of(figure)


def export_plot(
    what: Project | Session | Run,
    name: str,
    path: str | Path,
    kind: str | None = None,
    *,
    smooth: float = 0.0,
    x: Range | None = None,
    y: Range | None = None,
    **wanted: Unpack[Wanted],
) -> None:
    """Write a plot as a picture, or its numbers as a table.

    Args:
        what: The beginning of a project, or a run as it stands.
        name: As for `bpviz.figure`.
        path: Where to.
        kind: ``png``, ``svg``, ``pdf`` or ``csv``; by default what the file's name ends with.
        smooth: From 0 up to 0.999: each point of a curve is led that much by those before it.
        x: The part of the x axis in sight, such as ``(0, 500)``.
        y: The part of the value axis in sight, of curves.
        **wanted: See `Wanted`.

    Raises:
        UnknownNameError: If there is no such plot or format.
        SettingError: If no picture can be made or seen so.
        FileError: If there is nothing to show, or it can't be written.
    """
    write_figure(seen(figure(what, name), smooth, x, y), Path(path), kind, settings_of(wanted))


def draw(what: Network | Project | Session | Run, path: str | Path, **wanted: Unpack[Wanted]) -> None:
    """Draw a network as PNG, SVG, PDF or LaTeX; of a run, with its weights as colors and widths.

    Nodes show their output over the plane of two inputs, where there is one.

    Args:
        what: A drawing, or a run as it stands.
        path: Where to.
        **wanted: See `Wanted`.

    Raises:
        SettingError: If no picture can be made so.
        FileError: If it can't be written.
    """
    settings = settings_of(wanted)
    if isinstance(what, Session | Run):
        run = standing_run(what)
        draw_network(run.project.network, Path(path), shown=shown_run(run), settings=settings)
    else:
        draw_network(what if isinstance(what, Network) else what.network, Path(path), settings=settings)
