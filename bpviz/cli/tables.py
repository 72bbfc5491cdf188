"""``bpviz examples``, ``bpviz datasets`` and ``bpviz plots``: what bpviz brings along."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from typing import Protocol

import click

from bpviz.data.datasets import DATASETS, facts
from bpviz.data.settings import DataSettings
from bpviz.model.examples import EXAMPLES
from bpviz.training.figures import PLOTS

_WIDTH = 100


class _Entry(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def about(self) -> str: ...


@click.command("examples")
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def examples_command(words: tuple[str, ...], as_json: bool) -> None:
    """List the bundled examples, or those that all WORDS are about, such as ``worked``.

    Open one in the window, or name it by --example.
    """
    found = [entry for entry in EXAMPLES.values() if all(map(entry.answers, words))]
    if as_json:
        entries = [{"name": e.name, "label": e.label, "about": e.about, "tags": e.tags} for e in found]
        click.echo(json.dumps(entries, indent=1, ensure_ascii=False))
    elif found:
        _list(found)
    else:
        click.echo("No example is about that; bpviz examples lists them all.")


@click.command("datasets")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def datasets_command(as_json: bool) -> None:
    """List the bundled data sets."""
    if not as_json:
        _list(DATASETS.values())
        return
    entries = []
    for entry in DATASETS.values():
        known = facts(DataSettings(source=entry.name))
        entries.append(
            {
                "name": entry.name,
                "label": entry.label,
                "about": entry.about,
                "rows": known.rows,
                "columns": known.columns,
                "classes": known.classes,
                "targets": known.target_names,
            }
        )
    click.echo(json.dumps(entries, indent=1, ensure_ascii=False))


@click.command("plots")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def plots_command(as_json: bool) -> None:
    """List the plots, and the ways to see each, such as ``loss:log``."""
    if as_json:
        entries = [
            {"name": e.name, "label": e.label, "about": e.about, "looks": e.looks} for e in PLOTS.values()
        ]
        click.echo(json.dumps(entries, indent=1, ensure_ascii=False))
    else:
        _list(PLOTS.values())


def _list(entries: Iterable[_Entry]) -> None:
    listed = list(entries)
    column = max(len(entry.name) for entry in listed) + 2
    for entry in listed:
        lines = textwrap.wrap(entry.about, _WIDTH - column)
        click.echo(f"{entry.name:<{column}}{entry.label}")
        for line in lines:
            click.echo(" " * column + line)
