"""The picture of scaling: gigaflop a second over connections, below what product and memory allow.

One panel for each optimizer and precision; both axes are logarithmic.  Colors tell batches, as cividis tells
layers; a solid curve is bpviz, a dashed one PyTorch, and a thin dotted one the memory's roof.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bpviz.bench.machine import Machine
from bpviz.bench.peers import PEERS
from bpviz.bench.report import Line, Report
from bpviz.bench.scaling import MEMORY
from bpviz.bench.tables import number
from bpviz.errors import FileError, grouped
from bpviz.files.formats import FileFormat, format_for
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.pictures import drawing, letters, new_figure, picture, points
from bpviz.palette import Palette
from bpviz.registry import Registry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_PANEL_PX: Final = (440.0, 300.0)
_LEGEND_PX: Final = 70.0
_MARGIN_IN: Final = 0.1
_PLAIN_POWERS: Final = 3
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_OPTIMIZERS: Final = {"sgd": "SGD", "adam": "Adam"}


def write_roofline(report: Report, path: Path, settings: PictureSettings) -> None:
    """Write the picture of a report's scaling part.

    Raises:
        UnknownNameError: If the file's name ends with no format of pictures.
        FileError: If it can't be written.
    """
    format_for(FORMATS, path, None).write(path, report, settings)


def require_writable(path: Path) -> None:
    """Refuse, before minutes of measuring, what could not be written after them.

    Raises:
        UnknownNameError: If the file's name ends with no format of pictures.
        FileError: If its folder does not exist.
    """
    format_for(FORMATS, path, None)
    if not path.absolute().parent.is_dir():
        raise FileError(f"There is no folder {str(path.parent)!r}; make it first, or choose another.", path)


def _picture(kind: str, report: Report, settings: PictureSettings) -> bytes:
    with drawing(settings):
        return picture(_drawn(report, settings), kind, settings.dpi)


def _drawn(report: Report, settings: PictureSettings) -> Canvas:
    lines = report.scaling
    optimizers = list(dict.fromkeys(line.optimizer for line in lines))
    precisions = list(dict.fromkeys(line.precision for line in lines))
    width, height = _PANEL_PX
    canvas = new_figure(settings.inches((width * len(precisions), height * len(optimizers) + _LEGEND_PX)))
    canvas.set_layout_engine("constrained", w_pad=_MARGIN_IN, h_pad=_MARGIN_IN)
    grid = canvas.subplots(len(optimizers), len(precisions), squeeze=False, sharex=True, sharey=True)
    handles: dict[str, Any] = {}
    for row, optimizer in enumerate(optimizers):
        for column, precision in enumerate(precisions):
            shown = [line for line in lines if (line.optimizer, line.precision) == (optimizer, precision)]
            axes = grid[row][column]
            axes.set_title(f"{_OPTIMIZERS[optimizer]}, {precision}", pad=letters(8))
            _draw_panel(axes, shown, report.machine, settings.palette, handles)
    for axes in grid[-1]:
        axes.set_xlabel("Connections of 2-n-n-1")
    for axes in grid[:, 0]:
        axes.set_ylabel("GFLOP/s of one thread")
    canvas.suptitle(report.machine.processor, x=0.01, ha="left", fontsize=letters(12))
    # By columns, so each batch has one.
    canvas.legend(
        handles.values(),
        handles.keys(),
        loc="outside lower left",
        ncols=len({line.net.batch for line in lines}),
    )
    return canvas


def _draw_panel(
    axes: Axes, lines: Sequence[Line], machine: Machine, palette: Palette, handles: dict[str, Any]
) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_power)
        axis.set_minor_formatter(_nothing)
    axes.tick_params(length=points(3), width=points(1), which="major")
    axes.tick_params(length=0, which="minor")
    if not lines:
        return
    peak = machine.peak[lines[0].precision]
    axes.axhline(peak, color=palette.secondary, linewidth=points(1))
    axes.annotate(
        f"Product {number(peak)}",
        (0.0, peak),
        xycoords=("axes fraction", "data"),
        xytext=(points(4), points(3)),
        textcoords="offset points",
        fontsize=letters(11),
        color=palette.secondary,
    )
    batches = sorted({line.net.batch for line in lines})
    for at, batch in enumerate(batches):
        of_batch = sorted((line for line in lines if line.net.batch == batch), key=_connections)
        color = palette.layer(at, len(batches))
        for column in (of_batch[0].own, "torch", MEMORY):
            known = [line for line in of_batch if column in line.columns]
            if known:
                x = [_connections(line) for line in known]
                # Where memory would allow more than the product does, the product is the roof.
                most = peak if column == MEMORY else math.inf
                y = [min(line.gflops(column), most) for line in known]
                look = _LOOKS.get(column, _OWN)
                (drawn,) = axes.plot(x, y, color=color, markersize=points(4), **look)
                handles[f"{_named(column)}, batch {grouped(batch)}"] = drawn


_OWN: Final[dict[str, Any]] = {"linewidth": 1.4, "marker": "o"}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "torch": {"linewidth": 1.0, "linestyle": (0, (4, 2)), "marker": "o", "markerfacecolor": "none"},
    MEMORY: {"linewidth": 1.2, "linestyle": ":"},
}


def _named(column: str) -> str:
    if column in PEERS:
        return PEERS[column].label
    return "Memory's roof" if column == MEMORY else "bpviz"


def _power(value: float, position: float) -> str:  # noqa: ARG001 - as matplotlib calls it
    """Write a power of ten: plainly where that is short."""
    exponent = round(math.log10(value))
    if abs(exponent) <= _PLAIN_POWERS:
        return grouped(value, f".{max(-exponent, 0)}f")
    return "10" + str(exponent).translate(_RAISED)


def _nothing(value: float, position: float) -> str:  # noqa: ARG001 - as matplotlib calls it
    return ""


def _connections(line: Line) -> int:
    return line.connections


FORMATS: Final[Registry[FileFormat[[Report, PictureSettings]]]] = Registry(
    "format of the picture",
    FileFormat("svg", "SVG drawing", ".svg", partial(_picture, "svg")),
    FileFormat("png", "PNG picture", ".png", partial(_picture, "png")),
    FileFormat("pdf", "PDF document", ".pdf", partial(_picture, "pdf")),
)
