"""What scripts take away as programs: the functions of `bpviz` that write code.

They stand beside `bpviz.api` as those that draw figures of gradients stand in `bpviz.proof`.
"""

from __future__ import annotations

from pathlib import Path

from bpviz import api
from bpviz.errors import UnknownNameError
from bpviz.files.code.account import MOMENTS, Moment, account_of
from bpviz.files.code.files import write_program
from bpviz.model.spec import Project
from bpviz.training.run import Run
from bpviz.training.session import Session


def export_code(
    what: Project | Session | Run, path: str | Path, framework: str = "numpy", *, since: Moment = "now"
) -> tuple[Path, ...]:
    """Write a program that trains the same network without bpviz, with the same batches and numbers.

    Args:
        what: The beginning of a project, or a run as it stands.
        path: Of the program; long tables and many weights go into an ``.npz`` beside it.
        framework: ``numpy``, ``torch`` or ``keras``.
        since: ``now``, with the present weights and what the optimizer remembers, or ``start``.

    Returns:
        The files that were written.

    Raises:
        UnknownNameError: If there is no such framework.
        SettingError: If the batches were changed within the present epoch.
        FileError: If it can't be written; everything is then as it was.
        BpvizError: If the project can't run as it is drawn.
    """
    if since not in MOMENTS:
        raise UnknownNameError("beginning of a program", str(since), MOMENTS)
    return write_program(account_of(api.standing_run(what), since), framework, Path(path))
