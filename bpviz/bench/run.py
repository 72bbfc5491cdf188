"""The whole benchmark: which lines and columns, one after the other, into one `Report`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

from bpviz.bench import machine, scaling, winding, window
from bpviz.bench.nets import NETS, OPTIMIZERS, PRECISIONS, Net, Precision
from bpviz.bench.peers import PEERS
from bpviz.bench.report import Line, Measured, Report
from bpviz.bench.task import EngineContender, Task
from bpviz.bench.timing import Contender, measure
from bpviz.errors import BpvizError, SettingError, UnknownNameError
from bpviz.training.paths import RUNNERS

Say: TypeAlias = Callable[[str, int, int], None]
"""Is told what comes now, how many parts are done, and how many there are."""

PARTS: Final = (*NETS, scaling.PART, winding.PART, *window.PARTS)
"""Everything that can be measured, by name."""

_ALWAYS: Final = "reference"
_SCALED: Final = "torch"  # the one peer that networks are scaled beside
_PEAK_S: Final = 1.0
_PEAK_COLUMNS: Final = 10  # a short benchmark gets a short look at the peak


@dataclass(frozen=True, slots=True)
class Wish:
    """What to measure.

    Attributes:
        parts: Names of `PARTS`.
        peers: Names of `PEERS`; None takes those that are here.
        seconds: For each column of a line.
        play_s: How long to watch the window play.
        widths: Nodes of the two hidden layers of the networks that scale.
        batches: Examples a step of these.
        command: The words that ask for it.

    Raises:
        UnknownNameError: If there is no such part or peer.
        SettingError: If a peer is not here, or a time or a size can't be.
    """

    parts: tuple[str, ...] = PARTS
    peers: tuple[str, ...] | None = None
    seconds: float = 0.5
    play_s: int = 20
    widths: tuple[int, ...] = scaling.WIDTHS
    batches: tuple[int, ...] = scaling.BATCHES
    command: str = "bpviz bench"

    def __post_init__(self) -> None:
        for name in self.parts:
            if name not in PARTS:
                raise UnknownNameError("part of the benchmark", name, PARTS)
        for name in self.peers or ():
            if not PEERS[name].here():
                raise SettingError(
                    f"{PEERS[name].label} is not here to compare with; get it by: {PEERS[name].remedy}"
                )
        if not 0 < self.seconds < float("inf"):
            raise SettingError(f"A column can't be measured for {self.seconds:g} s; choose more than 0.")
        if self.play_s < 1:
            raise SettingError(f"The window can't play for {self.play_s} s; choose 1 or more.")
        scaling.require(self.widths, self.batches)

    @property
    def nets(self) -> tuple[Net, ...]:
        """The networks to train."""
        return tuple(net for net in NETS.values() if net.name in self.parts)

    @property
    def scaled(self) -> tuple[scaling.Case, ...]:
        """What to train from narrow to wide."""
        return scaling.cases(self.widths, self.batches) if scaling.PART in self.parts else ()

    @property
    def chosen_peers(self) -> tuple[str, ...]:
        """The peers to compare with."""
        return tuple(PEERS) if self.peers is None else self.peers


def run(wish: Wish, say: Say) -> Report:
    """Measure everything that was wished for; takes minutes."""
    cases = [(net, name, kind) for net in wish.nets for name in OPTIMIZERS for kind in PRECISIONS]
    others = [part for part in (winding.PART, *window.PARTS) if part in wish.parts]
    parts = _counted(say, 1 + len(cases) + len(wish.scaled) + len(others))
    parts("matrix multiplication")
    where = machine.look(min(_PEAK_S, _PEAK_COLUMNS * wish.seconds))
    columns, notes = _columns(wish)
    lines, scaled = [], []
    for net, optimizer, precision in cases:
        parts(f"{net.name}, {optimizer}, {precision}")
        lines.append(measure_line(net, optimizer, precision, columns, wish.seconds))
    for case in wish.scaled:
        parts(case.name)
        scaled.append(_measure_scaled(case, columns, wish.seconds))
    figures: list[Measured] = []
    screen = ""
    for part in others:
        parts(part if part == winding.PART else f"window: {part}")
        try:
            found, shown = _measure_part(part, wish)
        except BpvizError as error:
            notes.append(str(error))
        else:
            figures += found
            screen = shown or screen
    parts("done")
    return Report(
        wish.command, wish.seconds, where, tuple(lines), tuple(figures), screen, tuple(notes), tuple(scaled)
    )


def _counted(say: Say, total: int) -> Callable[[str], None]:
    """Say how many parts are done with each that begins."""
    done = count()
    return lambda what: say(what, next(done), total)


def _measure_scaled(case: scaling.Case, columns: Sequence[str], seconds: float) -> Line:
    """Time one network of those that scale, by bpviz's fastest path and PyTorch alone."""
    own = "kernel" if "kernel" in columns else _ALWAYS
    task = Task.of(case.net, case.optimizer, case.precision)
    wanted = [name for name in (own, _SCALED) if name in columns]
    return scaling.measure_case(task, _contenders(task, wanted), seconds)


def measure_line(
    net: Net, optimizer: str, precision: Precision, columns: Sequence[str], seconds: float
) -> Line:
    """Time one network, optimizer and precision in all columns that can train it."""
    task = Task.of(net, optimizer, precision)
    return Line.of(task, measure(list(_contenders(task, columns)), seconds))


def _contenders(task: Task, columns: Sequence[str]) -> Iterator[Contender]:
    for path in RUNNERS:
        if path in columns:
            yield EngineContender(task, path)
    for peer in PEERS.values():
        if peer.name in columns and peer.expresses(task):
            yield peer.contender(task)


def _columns(wish: Wish) -> tuple[tuple[str, ...], list[str]]:
    """Which columns there can be, tried on the smallest network, and a sentence on each that there can't."""
    if not wish.nets and not wish.scaled:
        return (), []
    task = Task.of(next(iter(NETS.values())), "sgd", "float64")
    columns, notes = [_ALWAYS], []
    peers = [name for name in wish.chosen_peers if wish.nets or name == _SCALED]
    for name in ("kernel", *peers):
        reason = _absence(name, task)
        if reason:
            notes.append(reason)
        else:
            columns.append(name)
    return tuple(columns), notes


def _absence(name: str, task: Task) -> str:
    """Why a column can't be measured here, as a sentence; empty if it can."""
    if name in PEERS and not PEERS[name].here():
        return f"{PEERS[name].label} is not here to compare with; get it by: {PEERS[name].remedy}."
    try:
        _ = PEERS[name].contender(task) if name in PEERS else EngineContender(task, "kernel")
    except BpvizError as error:
        return f"{error} The column is left out."
    return ""


def _measure_part(part: str, wish: Wish) -> tuple[list[Measured], str]:
    """Figures, and what the window was drawn on, if it was."""
    if part == winding.PART:
        return winding.measure_winding(wish.seconds), ""
    if part == "start":
        return window.measure_start()
    if part == "play":
        return window.measure_play(wish.play_s)
    if part == "wide":
        return window.measure_wide()
    return window.measure_drawing(wish.seconds)
