"""What a report of a run draws, on whatever page: the network, then every plot that shows something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from bpviz.errors import grouped, one_line
from bpviz.files.diagram import network_picture
from bpviz.files.figures import FIGURE_FORMATS
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.shown_network import shown_run
from bpviz.training.figure import Figure
from bpviz.training.figures import PLOTS
from bpviz.training.session import Session
from bpviz.version import __version__

Tell: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that can be drawn.

    Attributes:
        name: For a file.
        title: What it is of.
        draw: From a kind of picture, ``svg`` or ``png``, and how it is to look, to its bytes.
    """

    name: str
    title: str
    draw: Callable[[str, PictureSettings], bytes]


def title_of(run: Session) -> str:
    """The heading of a page."""
    return one_line(run.project.title) or "Network"


def about(run: Session) -> str:
    """The line below it."""
    return f"A run at step {grouped(run.step)}, written by bpviz {__version__}."


def drawn(run: Session, tell: Tell | None = None) -> Iterator[Drawing]:
    """List the pictures one by one, so that each is drawn before the next is asked for.

    Args:
        run: What they are of.
        tell: Told before each (pictures done, pictures in all).
    """
    shown, network = shown_run(run), run.project.network
    found = [Drawing("network", "Network", lambda kind, look: network_picture(network, kind, shown, look))]
    for plot in PLOTS.values():
        figure = plot.figure(run.snapshot(plot.wants)) if plot.applies(run.project) else None
        if figure is not None and not figure.is_empty:
            found.append(Drawing(plot.name, figure.title, partial(_plot, figure)))
    for number, drawing in enumerate(found):
        if tell is not None:
            tell(number, len(found))
        yield drawing


def _plot(figure: Figure, kind: str, look: PictureSettings) -> bytes:
    return FIGURE_FORMATS[kind].content(figure, look)
