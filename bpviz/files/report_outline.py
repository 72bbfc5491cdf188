"""What a report says, and in which order; how it looks is up to who writes it, as HTML or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bpviz.files.report_tables import (
    Table,
    events_table,
    network_table,
    results_table,
    settings_tables,
    weights_tables,
)
from bpviz.training.session import Session


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes:
        heading: Empty for a part without one.
        parts: Tables, and pictures as whoever writes the report has them.
        level: 2, or 3 below another section.
        narrow: Such sections have room side by side.
    """

    heading: str
    parts: tuple[str | Table, ...] = ()
    level: int = 2
    narrow: bool = False


def outline(run: Session, pictures: Sequence[str]) -> Iterator[Section]:
    """Say what stands in a report below its title.

    Args:
        run: What it is about.
        pictures: The network's and those of all plots, see `bpviz.files.report_drawings.drawn`.
    """
    network, *plots = pictures
    results = results_table(run)
    yield Section(results.title, (results,))
    yield Section("Network", (network, network_table(run.project)))
    yield Section("Curves and figures", tuple(plots))
    yield Section("Settings")
    for table in settings_tables(run.project):
        yield Section(table.title, (table,), level=3, narrow=True)
    events = events_table(run.story.told)
    if events is not None:
        yield Section(events.title, (events,))
    yield Section("Weights and biases")
    for table in weights_tables(run):
        yield Section(table.title if table.rows else "", (table,), level=3)
