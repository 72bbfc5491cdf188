"""``bpviz bench``: how fast bpviz is on this machine, beside its peers."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bpviz.bench import scaling
from bpviz.bench.peers import PEERS
from bpviz.bench.report import as_json
from bpviz.bench.roofline import require_writable, write_roofline
from bpviz.bench.run import PARTS, Say, Wish, run
from bpviz.bench.tables import as_markdown, as_text
from bpviz.cli.options import split_list
from bpviz.files.picture_settings import PictureSettings

_LINE = 78


def _listed(sizes: tuple[int, ...]) -> str:
    return ",".join(map(str, sizes))


@click.command("bench")
@click.option("--json", "as_values", is_flag=True, help="Print every figure as JSON.")
@click.option("--markdown", is_flag=True, help="Print the tables in Markdown.")
@click.option(
    "--against", metavar="LIST", help=f"{', '.join(PEERS)}; by commas, or none. [those that are installed]"
)
@click.option("--only", metavar="NAME,...", help=f"Some parts only: {', '.join(PARTS)}.")
@click.option("--seconds", metavar="S", type=float, default=0.5, help="For each column of a line. [0.5]")
@click.option("--play", metavar="S", type=int, default=20, help="Let the window play so long. [20]")
@click.option(
    "--widths", metavar="N,...", help=f"Networks 2-n-n-1 of the scaling part. [{_listed(scaling.WIDTHS)}]"
)
@click.option("--batches", metavar="N,...", help=f"Batches of the scaling part. [{_listed(scaling.BATCHES)}]")
@click.option(
    "--picture",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Draw the scaling part beside the limits of this machine; svg, png or pdf.",
)
@click.option(
    "--dark-picture", metavar="PATH", type=click.Path(path_type=Path), help="The same on a dark ground."
)
def bench_command(
    as_values: bool,
    markdown: bool,
    against: str | None,
    only: str | None,
    seconds: float,
    play: int,
    widths: str | None,
    batches: str | None,
    picture: Path | None,
    dark_picture: Path | None,
) -> None:
    """Measure training beside PyTorch, scikit-learn and a C++ loop, and the window's own figures.

    Everything runs side by side in one process each, in turns; leave the machine alone meanwhile.
    """
    if as_values and markdown:
        raise click.UsageError("Choose --json or --markdown, not both.")
    words = {"against": against, "only": only, "widths": widths, "batches": batches}
    given = [f"--{name} {value}" for name, value in words.items() if value is not None]
    wish = Wish(
        parts=split_list(only, ",".join(PARTS)),
        peers=None if against is None else split_list(against, ""),
        seconds=seconds,
        play_s=play,
        widths=_sizes(widths, scaling.WIDTHS),
        batches=_sizes(batches, scaling.BATCHES),
        command=" ".join(["bpviz bench", *given, f"--seconds {seconds:g} --play {play}"]),
    )
    wanted = {"light": picture, "dark": dark_picture}
    pictures = {theme: path for theme, path in wanted.items() if path is not None}
    _require_pictures(wish, pictures.values())
    with _progress() as say:
        report = run(wish, say)
    if as_values:
        click.echo(json.dumps(as_json(report), indent=1, ensure_ascii=False))
    else:
        click.echo(as_markdown(report) if markdown else as_text(report))
    for theme, path in pictures.items():
        write_roofline(report, path, PictureSettings(theme=theme))


def _sizes(text: str | None, usual: tuple[int, ...]) -> tuple[int, ...]:
    """Read a list of sizes, in ascending order and each once."""
    parts = split_list(text, _listed(usual))
    wrong = next((part for part in parts if not (part.isascii() and part.isdecimal())), None)
    if wrong is not None:
        raise click.UsageError(f"{wrong!r} is no size; write whole numbers by commas, such as 8,64,512.")
    return tuple(sorted({int(part) for part in parts}))


def _require_pictures(wish: Wish, paths: Collection[Path]) -> None:
    """Refuse pictures that nothing would be measured for, or that could not be written."""
    if paths and not wish.scaled:
        raise click.UsageError(f"Only the part {scaling.PART} is drawn; name it in --only, too.")
    for path in paths:
        require_writable(path)


@contextmanager
def _progress() -> Iterator[Say]:
    """Say on one line of stderr what is measured now, if somebody is watching."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return

    def say(what: str, done: int, total: int) -> None:
        click.echo(f"\r{f'[{done}/{total}] {what}':<{_LINE}.{_LINE}}", err=True, nl=False)

    try:
        yield say
    finally:
        click.echo(f"\r{'':<{_LINE}}\r", err=True, nl=False)
