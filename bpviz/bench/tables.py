"""The report as tables, for a terminal or in Markdown."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.bench.machine import Machine
from bpviz.bench.peers import PEERS
from bpviz.bench.report import Line, Measured, Report, share_of_peak
from bpviz.bench.scaling import MEMORY

_NONE: Final = "–"
_WIDTH: Final = 110
_LEAST_SHARE: Final = 0.01
_QUIET: Final = 0.5
_LABELS: Final = {"sgd": "SGD", "adam": "Adam", "reference": "Reference", "kernel": "Kernel"}
_PARTS: Final = {
    "winding": "Winding a run",
    "start": "Window: start",
    "play": "Window: while training",
    "wide": "Window: while a wide network trains",
    "drawing": "Window: drawing",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts.

    Attributes:
        title: Above it.
        header: Names of the columns.
        rows: As many cells each; the first `texts` columns are texts, the others numbers.
        texts: How many columns are texts.
        about: A sentence or two below the title.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int
    about: str = ""


def tables(report: Report) -> tuple[Table, ...]:
    """All tables of a report; those that would be empty are left out."""
    found = []
    if report.lines:
        columns = _columns(report.lines)
        found += [_speeds(report.lines, columns), _comparison(report.lines, columns, report.machine)]
    found += _scalings(report.scaling)
    for part, title in _PARTS.items():
        figures = [figure for figure in report.window if figure.part == part]
        if figures:
            found.append(_window(title, figures))
    return tuple(found)


def as_text(report: Report) -> str:
    """The report for a terminal."""
    blocks = ["\n".join(_machine(report))]
    for table in tables(report):
        about = [textwrap.fill(table.about, _WIDTH)] if table.about else []
        blocks.append("\n".join([table.title, *about, *_aligned(table)]))
    if report.notes:
        blocks.append("\n".join(textwrap.fill(note, _WIDTH) for note in report.notes))
    return "\n\n".join(blocks)


def as_markdown(report: Report) -> str:
    """The report in Markdown, with the command that made it."""
    blocks = [f"Made by `{report.command}`.", "\n".join(f"- {line}" for line in _machine(report))]
    for table in tables(report):
        marks = ["---"] * table.texts + ["---:"] * (len(table.header) - table.texts)
        rows = [table.header, tuple(marks), *table.rows]
        grid = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        about = [table.about] if table.about else []
        blocks += [f"**{table.title}**", *about, grid]
    blocks += report.notes
    return "\n\n".join(blocks)


def number(value: float) -> str:
    """Three significant digits, thousands grouped: 0.0123, 4.57, 68.2, 1,230."""
    if value == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(value)))
    text = f"{round(value, places):,.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _machine(report: Report) -> list[str]:
    machine = report.machine
    peaks = ", ".join(f"{number(peak)} GFLOP/s in {precision}" for precision, peak in machine.peak.items())
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    forced = f" (chosen by {', '.join(machine.forced)})" if machine.forced else ""
    lines = [
        f"{machine.processor}, {machine.cores} cores, {machine.system}",
        packages,
        f"{'; '.join(machine.blas)}{forced}; one thread multiplies matrices at {peaks}",
    ]
    if machine.busy is not None and machine.busy > _QUIET:
        lines.append(
            f"{number(machine.busy)} other programs were busy before: ratios hold, window timers may not"
        )
    return [*lines, f"The window was drawn on {report.screen}"] if report.screen else lines


def _columns(lines: Sequence[Line]) -> tuple[str, ...]:
    """The columns that any line has, bpviz's own first."""
    seen = {name for line in lines for name in line.columns}
    return tuple(name for name in ("reference", "kernel", *PEERS) if name in seen)


def _label(column: str) -> str:
    return PEERS[column].label if column in PEERS else _LABELS[column]


def _head(line: Line) -> tuple[str, ...]:
    return (line.net.label, str(line.net.batch), _LABELS[line.optimizer], line.precision)


_HEAD: Final = ("Network", "Batch", "Optimizer", "Precision")


def _speeds(lines: Sequence[Line], columns: Sequence[str]) -> Table:
    rows = tuple(
        (
            *_head(line),
            *(number(line.steps_per_s(name)) if name in line.columns else _NONE for name in columns),
        )
        for line in lines
    )
    about = (
        "Medians of rounds in turn; one thread each. Reference and kernel record loss, gradient norms, update"
        " ratios and deltas at every step, and so does the C++ loop but for the ratios; PyTorch and "
        "scikit-learn record nothing."
    )
    header = (*_HEAD, *(_label(name) for name in columns))
    return Table("Training: steps a second", header, rows, len(_HEAD), about)


def _comparison(lines: Sequence[Line], columns: Sequence[str], machine: Machine) -> Table:
    own = "kernel" if "kernel" in columns else "reference"
    others = [name for name in columns if name != own]
    rows = tuple(
        (
            *_head(line),
            number(line.examples_per_s(line.own)),
            number(line.gflops(line.own)),
            _percent(share_of_peak(line, line.own, machine)),
            *(f"{number(line.ratios[name])}×" if name in line.ratios else _NONE for name in others),
        )
        for line in lines
    )
    about = (
        "Ratios are medians over neighboring rounds: how many steps it makes while the other makes one. "
        "GFLOP/s count the three matrix products of a step only."
    )
    header = (*_HEAD, "Examples/s", "GFLOP/s", "Of peak", *(f"To {_label(name)}" for name in others))
    return Table(f"Training: the {_label(own).lower()} path compared", header, rows, len(_HEAD), about)


def _scalings(lines: Sequence[Line]) -> list[Table]:
    """From narrow to wide: a row for each network and batch, a column for each optimizer and precision."""
    columns = tuple(dict.fromkeys((line.optimizer, line.precision) for line in lines))
    places: dict[tuple[str, int], dict[tuple[str, str], Line]] = {}
    for line in lines:
        places.setdefault((line.net.name, line.net.batch), {})[line.optimizer, line.precision] = line
    header = (
        *("Network", "Connections", "Batch"),
        *(f"{_LABELS[optimizer]}, {kind}" for optimizer, kind in columns),
    )
    found = []
    for about in _SCALINGS:
        rows = tuple(
            (
                name,
                f"{next(iter(of.values())).connections:,}",
                str(batch),
                *(about.cell(of[c]) for c in columns),
            )
            for (name, batch), of in places.items()
        )
        known = tuple(row for row in rows if any(cell != _NONE for cell in row[3:]))
        if known:
            found.append(Table(about.title, header, known, 1, about.about))
    return found


@dataclass(frozen=True, slots=True)
class _Scaling:
    """A table of the scaling part: what is said of each line."""

    title: str
    about: str
    cell: Callable[[Line], str]


def _to_torch(line: Line) -> str:
    return f"{number(line.ratios['torch'])}×" if "torch" in line.ratios else _NONE


def _of_memory(line: Line) -> str:
    # How many of its steps it makes while the two passes alone would be made once.
    return _percent(line.ratios[MEMORY]) if MEMORY in line.ratios else _NONE


_SCALINGS: Final = (
    _Scaling(
        "Scaling: times as fast as PyTorch",
        "One thread each, in turns; tanh, linear output. bpviz records its statistics at every step.",
        _to_torch,
    ),
    _Scaling(
        "Scaling: GFLOP/s",
        "Of the three matrix products of a step; all else that a step needs counts as nothing.",
        lambda line: number(line.gflops(line.own)),
    ),
    _Scaling(
        "Scaling: share of the memory limit",
        "The limit is the time that as many numbers as there are weights take to be read once, and to be "
        "read and written once together with what the optimizer keeps.",
        _of_memory,
    ),
)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= _LEAST_SHARE else f"< {100 * _LEAST_SHARE:.0f} %"


def _window(title: str, figures: Sequence[Measured]) -> Table:
    rows = tuple(
        (figure.name, figure.note, f"{number(figure.value)} {figure.unit}", _goal(figure))
        for figure in figures
    )
    return Table(title, ("Figure", "", "Median", "Goal"), rows, 2)


def _goal(figure: Measured) -> str:
    if figure.goal is None:
        return _NONE
    return f"{'≥' if figure.more_is_better else '≤'} {number(figure.goal)} {figure.unit}"


def _aligned(table: Table) -> list[str]:
    rows = [table.header, *table.rows]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.header))]
    lines = []
    for row in rows:
        cells = (
            cell.ljust(width) if at < table.texts else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
