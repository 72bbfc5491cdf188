"""The frames of an animation: pictures of a run at steps of its timeline, which stay where they are.

Axes, color scales and margins are those of the last frame, so that nothing but the run moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from bpviz.errors import FileError, grouped
from bpviz.files.diagram import network_canvas, sized_drawing
from bpviz.files.figures import new_picture
from bpviz.files.picture_settings import PX_PER_INCH, PictureSettings
from bpviz.files.pictures import drawing, picture, text_px
from bpviz.files.shown_network import shown_run
from bpviz.training.figure import Figure, View
from bpviz.training.figures import Plot, plot_and_view
from bpviz.training.run import Run
from bpviz.training.session import Session

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

NETWORK: Final = "network"
"""What to animate, beside the names of plots."""
Tell = Callable[[int, int], None]


class Camera(Protocol):
    """Takes the pictures of one animation.

    Attributes:
        pixels: (width, height) of each.
    """

    @property
    def pixels(self) -> tuple[int, int]: ...

    def take(self, run: Session) -> bytes | None:
        """Make a PNG picture of a run as it stands; None where there is nothing to show yet."""


def camera_for(run: Run, what: str, settings: PictureSettings, view: View | None = None) -> Camera:
    """Prepare to take pictures of a run.

    Args:
        run: Its last step says how large everything is.
        what: ``network``, or a plot as for `bpviz.figure`.
        settings: How the pictures are made.
        view: How plots are seen.

    Raises:
        UnknownNameError: If there is no such plot.
        FileError: If there is nothing to show even at the end.
    """
    last = run.at(run.timeline.last_step)
    if what == NETWORK:
        return NetworkCamera.of(last, settings)
    plot, look = plot_and_view(what)
    return PlotCamera.of(last, plot, (look, view or View()), settings)


def frames_of(run: Run, camera: Camera, steps: tuple[int, ...], tell: Tell) -> Iterator[bytes]:
    """Take a picture at each step; where there is nothing to show yet, none."""
    for number, step in enumerate(steps):
        tell(number, len(steps))
        content = camera.take(run.at(step))
        if content is not None:
            yield content


@dataclass(frozen=True, slots=True)
class NetworkCamera:
    """Draws the network, each time as `bpviz.draw` does, with the step at its foot."""

    settings: PictureSettings
    pixels: tuple[int, int]

    @classmethod
    def of(cls, last: Session, settings: PictureSettings) -> NetworkCamera:
        """Make all pictures as large as that of the last step."""
        with drawing(settings):
            size = sized_drawing(
                last.project.network, shown_run(last), settings, text_px, _caption(last)
            ).size
        pixels = _pixels(size, settings)
        return cls(replace(settings, size=(float(pixels[0]), float(pixels[1])), unit="px"), pixels)

    def take(self, run: Session) -> bytes:
        with drawing(self.settings):
            canvas = network_canvas(run.project.network, shown_run(run), self.settings, _caption(run))
            return picture(canvas, "png", self.settings.dpi)


@dataclass(frozen=True, slots=True)
class PlotCamera:
    """Draws a plot with the axes, the scale and the margins of its last picture."""

    plot: Plot
    views: tuple[View, ...]
    settings: PictureSettings
    pixels: tuple[int, int]
    places: tuple[object, ...]

    @classmethod
    def of(cls, last: Session, plot: Plot, views: tuple[View, ...], settings: PictureSettings) -> PlotCamera:
        """Look where everything is in the picture of the last step."""
        figure = _seen(plot, views, last)
        if figure.is_empty:
            raise FileError(f"There is nothing in the plot {figure.title!r} yet: {figure.empty}")
        with drawing(settings):
            canvas = new_picture(_entitled(figure, last), settings)
            canvas.draw_without_rendering()
            axes = canvas.axes[0]
            places = tuple(one.get_position(original=False) for one in canvas.axes)
            size = (float(side) for side in canvas.get_size_inches())
            pixels = _pixels(tuple(PX_PER_INCH * side for side in size), settings)
            curves = figure.space == "curves"
            held = View(
                scale=figure.scale,
                x=_range(axes.get_xlim()) if figure.space != "plane" and not figure.x.ticks else None,
                y=_range(axes.get_ylim()) if curves else None,
            )
        fixed = replace(settings, size=(float(pixels[0]), float(pixels[1])), unit="px")
        return cls(plot, (*views, _and(views[-1], held)), fixed, pixels, places)

    def figure(self, run: Session) -> Figure:
        """What is drawn of a run."""
        return _entitled(_seen(self.plot, self.views, run), run)

    def take(self, run: Session) -> bytes | None:
        figure = self.figure(run)
        if figure.is_empty:
            return None
        with drawing(self.settings):
            return picture(self._canvas(figure), "png", self.settings.dpi)

    def _canvas(self, figure: Figure) -> Canvas:
        canvas = new_picture(figure, self.settings)
        canvas.set_layout_engine("none")
        for axes, place in zip(canvas.axes, self.places, strict=False):
            axes.set_position(place)  # type: ignore[arg-type]
        return canvas


def _seen(plot: Plot, views: tuple[View, ...], run: Session) -> Figure:
    figure = plot.figure(run.snapshot(plot.wants))
    for view in views:
        figure = view.of(figure)
    return figure


def _and(view: View, held: View) -> View:
    """What somebody chose, and for the rest what is held."""
    return replace(held, smooth=view.smooth, x=view.x or held.x, y=view.y or held.y)


def _entitled(figure: Figure, run: Session) -> Figure:
    return replace(figure, title=f"{figure.title}, {_caption(run)}")


def _caption(run: Session) -> str:
    return f"step {grouped(run.step)}"


def _range(ends: tuple[float, float]) -> tuple[float, float]:
    return float(ends[0]), float(ends[1])


def _pixels(size_px: tuple[float, ...], settings: PictureSettings) -> tuple[int, int]:
    scale = settings.dpi / PX_PER_INCH
    width, height = (int(side * scale) for side in size_px)
    return width, height
