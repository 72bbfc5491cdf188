"""What commands share: which project is meant, lists by commas, and numbers in their range."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bpviz.data.readers.kinds import suffixes
from bpviz.errors import FileError

if TYPE_CHECKING:
    from bpviz.files.project import Saved
    from bpviz.model.spec import Project
    from bpviz.training.run import Run
    from bpviz.training.session import Session

F = TypeVar("F", bound=Callable[..., object])
Checked = Callable[[click.Context, click.Parameter, Any], Any]


def project_options(function: F) -> F:
    """Add what names a project: FILE, which may be a link to the Playground, or ``--example NAME``."""
    return click.argument("file", type=click.Path(path_type=Path), required=False)(example_option(function))


def example_option(function: F) -> F:
    """Add ``--example NAME``."""
    about = "A bundled example instead of a file."
    return click.option("--example", metavar="NAME", help=about)(function)


def chosen_project(file: Path | None, example: str | None) -> Project:
    """Open the project that was named.

    Raises:
        UsageError: If none was named, or two.
        BpvizError: If it can't be opened.
    """
    from bpviz import api

    _require_one(file, example)
    return _opened(file).project if file is not None else api.example(example or "")


def chosen_session(file: Path | None, example: str | None) -> Session:
    """Open the project that was named, with its run if it has one.

    Raises:
        UsageError: If none was named, or two.
        BpvizError: If it can't be opened or can't run.
    """
    from bpviz import api
    from bpviz.files.runs import session_of

    _require_one(file, example)
    return session_of(_opened(file)) if file is not None else api.session(api.example(example or ""))


def keep_what_is_read(out: Path | None, *read: Path | str | None) -> None:
    """Refuse to write over what a command reads: it would be gone, and what is written is something else.

    Raises:
        FileError: If they are one file, by whatever names.
    """
    for path in read:
        if _is_one_file(out, path):
            raise FileError(f"{out} is what is read and would be lost; write to another file.", out)


def keep_the_run(projects: Sequence[Path], file: Path | None) -> None:
    """Refuse to put a new run in the place of the one that is saved in a file.

    Raises:
        FileError: If the file holds one and is to be written.
    """
    for path in projects:
        if _is_one_file(path, file) and _opened(path).state is not None:
            raise FileError(
                f"{path} holds a run, which would be lost; go on with it by --continue, or save elsewhere.",
                path,
            )


def _is_one_file(one: Path | None, other: Path | str | None) -> bool:
    """Whether both are there, and the same by whatever names."""
    if one is None or other is None or not (one.exists() and Path(other).exists()):
        return False
    return one.samefile(other)


def at_option(function: F) -> F:
    """Add ``--at STEP``."""
    about = "As the run was at that step. [as it stands]"
    return click.option("--at", "step", metavar="STEP", type=int, callback=at_least(0), help=about)(function)


def chosen_moment(file: Path | None, example: str | None, step: int) -> Session:
    """Open the project that was named, and stand at a step of its run.

    Raises:
        UsageError: If none was named, or two.
        BpvizError: If it can't be opened or can't run, or has no such step.
    """
    from bpviz import api
    from bpviz.training.timeline_words import repeated_text

    _require_one(file, example)
    if file is None:
        return api.run(api.example(example or "")).at(step)
    run, saved = reopened(_project_file(file))
    if saved.timeline is None and run.timeline.first_step < step < run.timeline.last_step:
        click.echo(repeated_text(step), err=True)
    return run.at(step)


def chosen_run(file: Path | None, example: str | None) -> Run:
    """Open the project that was named, with the way that its run took.

    Raises:
        UsageError: If none was named, or two.
        BpvizError: If it can't be opened or can't run.
    """
    from bpviz import api

    _require_one(file, example)
    return api.run(api.example(example or "")) if file is None else reopened(_project_file(file))[0]


def reopened(file: Path, engine: str | None = None) -> tuple[Run, Saved]:
    """Open a file with its timeline; what of it is lost is said on stderr.

    Raises:
        BpvizError: If it can't be opened or can't run.
    """
    from bpviz.files.runs import reopen

    run, saved = reopen(file, engine)
    _tell(saved)
    return run, saved


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


def _opened(file: Path) -> Saved:
    from bpviz.files.project import open_project

    saved = open_project(_project_file(file))
    _tell(saved)
    return saved


def _tell(saved: Saved) -> None:
    from bpviz.files.runs import remarks

    for remark in remarks(saved):
        click.echo(remark, err=True)


def _project_file(file: Path) -> Path:
    if file.name.lower().endswith(suffixes()):
        raise FileError(
            f"{file.name} is a table, not a project; name a project or example and add --data {file.name}.",
            file,
        )
    return file
