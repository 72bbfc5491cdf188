"""What scripts take away to go on elsewhere: programs and ONNX models.

They stand beside `bpviz.api` as those that draw figures of gradients stand in `bpviz.proof`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bpviz import api
from bpviz.errors import UnknownNameError
from bpviz.files.code.account import MOMENTS, Moment, account_of
from bpviz.files.code.files import write_program
from bpviz.files.onnx_inputs import Taken
from bpviz.files.onnx_model import onnx_content
from bpviz.files.safe import write_atomically
from bpviz.model.spec import Project
from bpviz.training.run import Run
from bpviz.training.session import Session

MODELS: Final = ("onnx",)


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


def export_model(what: Project | Session | Run, path: str | Path, kind: str = "onnx") -> str:
    """Write the trained network as a model that others run: a raw row goes in, the answer comes out.

    Args:
        what: The start values of a project, or a run as it stands.
        path: Where to.
        kind: ``onnx``, the only one there is.

    Returns:
        What the model takes, in a sentence or two.

    Raises:
        UnknownNameError: If there is no such kind.
        FileError: If the library onnx is missing, or the file can't be written.
        BpvizError: If the project can't run as it is drawn.
    """
    if kind not in MODELS:
        raise UnknownNameError("kind of model", kind, MODELS)
    run = api.standing_run(what)
    data = run.project.data
    content = onnx_content(run.compiled, run.parameters, run.prepared, data, run.project.title)
    write_atomically(Path(path), content)
    return str(Taken.of(data, run.prepared))
