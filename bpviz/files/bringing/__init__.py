"""Bring networks and weights in from elsewhere: a proposal first, with what becomes of each array.

`bring` reads, `brought_project` makes a project of it, `brought_into` gives its values to a network that is
drawn already, and `words` says what was guessed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bpviz.data.settings import DataSettings, Table
from bpviz.errors import ModelError, SettingError, counted
from bpviz.files.bringing import snns
from bpviz.files.bringing.projects import brought_into, brought_project, network_of, outputs, remarks_of
from bpviz.files.bringing.proposal import ORIENTATIONS, Orientation, OrientationError, Proposal
from bpviz.files.bringing.readers import LARGEST, PATTERNS, READERS, Wanted, guarded, is_network_file, read
from bpviz.files.bringing.words import mapping_lines, remark_text
from bpviz.reading import read_file

__all__ = [
    "ORIENTATIONS",
    "READERS",
    "Orientation",
    "OrientationError",
    "Proposal",
    "bring",
    "brought_into",
    "brought_project",
    "is_network_file",
    "mapping_lines",
    "network_of",
    "outputs",
    "patterns",
    "remark_text",
    "remarks_of",
]


def bring(
    path: str | Path,
    *,
    orientation: str | None = None,
    activation: str | None = None,
    output_activation: str | None = None,
    examples: str | Path | None = None,
) -> Proposal:
    """Read a network, or weights, that another program or bpviz wrote; see it before it is taken.

    Args:
        path: An ``.npz`` or ``.safetensors`` file of bpviz or of a PyTorch state_dict, an ``.npz`` of Keras
            kernels or scikit-learn's ``coefs_``, ``.json`` and ``.csv`` of bpviz, ``.onnx``, ``.net``.
        orientation: ``out-in`` if the rows of its matrices are the targets, ``in-out`` if the sources; by
            default as its names say, or as its shapes allow.
        activation: Of the hidden layers, where the file does not say.
        output_activation: Of the output, likewise.
        examples: A ``.pat`` file of patterns that go with a ``.net``.

    Raises:
        OrientationError: If a matrix could be either way round.
        FileError: If it can't be read; what could run as a program never is.
        ModelError: If it is no network that bpviz has.
    """
    if orientation is not None and orientation not in ORIENTATIONS:
        raise SettingError(f"The orientation must be {' or '.join(ORIENTATIONS)}, not {orientation!r}.")
    known: Orientation | None = next((way for way in ORIENTATIONS if way == orientation), None)
    found = read(Path(path), Wanted(known, activation, output_activation))
    if examples is None:
        return found
    table, targets = _patterns(Path(examples), found.columns[0].names)
    wide = len(table.columns) - len(targets), len(targets)
    if wide != (found.sizes[0], found.sizes[-1]):
        raise ModelError(
            f"The patterns have {counted(wide[0], 'input')} and {counted(wide[1], 'output')}, the network "
            f"{found.sizes[0]} and {found.sizes[-1]}; bring in those that belong together."
        )
    inputs = table.columns[: wide[0]]
    columns = (replace(found.columns[0], names=inputs), *found.columns[1:])
    return replace(found, examples=(table, targets), columns=columns)


def patterns(path: str | Path) -> DataSettings:
    """Read a ``.pat`` file of SNNS or JavaNNS as data of their own.

    Raises:
        FileError: If it can't be read.
        ModelError: If it is damaged, or of patterns of variable size.
    """
    table, targets = _patterns(Path(path), ())
    return DataSettings("table", table, targets, "number", train_share=1.0)


def _patterns(path: Path, names: tuple[str, ...]) -> tuple[Table, tuple[str, ...]]:
    text = read_file(path, LARGEST).decode("latin-1")
    if path.suffix.lower() != PATTERNS or not text.lstrip().startswith(snns.PATTERNS):
        raise ModelError(f"{path.name} holds no patterns of SNNS; name a {PATTERNS} file.")
    read_in: tuple[Table, tuple[str, ...]] = guarded(path, lambda: snns.patterns_in(text, path.name, names))
    return read_in
