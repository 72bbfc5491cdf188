"""What commands share: which project is meant, lists by commas, and numbers in their range."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bpviz.errors import FileError

if TYPE_CHECKING:
    from bpviz.model.spec import Project
    from bpviz.training.session import Session

F = TypeVar("F", bound=Callable[..., object])
Checked = Callable[[click.Context, click.Parameter, Any], Any]


def project_options(function: F) -> F:
    """Add what names a project: FILE or ``--example NAME``."""
    named = click.option("--example", metavar="NAME", help="A bundled example instead of a file.")
    return click.argument("file", type=click.Path(path_type=Path), required=False)(named(function))


def chosen_project(file: Path | None, example: str | None) -> Project:
    """Open the project that was named.

    Raises:
        UsageError: If none was named, or two.
        BpvizError: If it can't be opened.
    """
    from bpviz import api

    _require_one(file, example)
    return api.load(_project_file(file)) if file is not None else api.example(example or "")


def chosen_session(file: Path | None, example: str | None) -> Session:
    """Open the project that was named, with its run if it has one.

    Raises:
        UsageError: If none was named, or two.
        BpvizError: If it can't be opened or can't run.
    """
    from bpviz import api

    _require_one(file, example)
    return api.resume(_project_file(file)) if file is not None else api.session(api.example(example or ""))


def split_list(text: str | None, default: str) -> tuple[str, ...]:
    """Split a list by commas; ``none`` is an empty one."""
    chosen = default if text is None else text
    words = [word.strip() for word in chosen.split(",")]
    return () if chosen.strip() in ("", "none") else tuple(dict.fromkeys(filter(None, words)))


def at_least(low: int) -> Checked:
    """Refuse numbers below a limit."""

    def check(context: click.Context, parameter: click.Parameter, value: Any) -> Any:  # noqa: ARG001 - click's
        if value is not None and value < low:
            raise click.UsageError(f"{parameter.opts[0]} can't be {value}; choose {low} or more.")
        return value

    return check


@contextmanager
def progress_bar(label: str, length: int) -> Iterator[Callable[[float], None]]:
    """Show on stderr how far a long task is, if somebody is watching; yields what tells it."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True) as bar:

        def tell(done: float) -> None:
            # Drawing costs more than a short epoch, so the bar moves by whole hundredths.
            if int(done) >= min(bar.pos + max(length // 100, 1), length):
                bar.update(int(done) - bar.pos)

        yield tell


def _require_one(file: Path | None, example: str | None) -> None:
    if (file is None) == (example is None):
        raise click.UsageError("Name one project: a .bpviz file, or an example by --example NAME.")


def _project_file(file: Path) -> Path:
    if file.suffix.lower() in (".csv", ".tsv", ".txt"):
        raise FileError(
            f"{file.name} is a table, not a project; name a project or example and add --data {file.name}.",
            file,
        )
    return file
