"""Which project a command is about, when it may be made on the spot from a table or a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from bpviz import api
from bpviz.cli.options import chosen_project
from bpviz.cli.reading_options import by_column, read_with_progress, reading_remark
from bpviz.cli.settings import any_given, with_settings
from bpviz.data.account_words import doubt_sentences, told_sentences
from bpviz.data.accounts import ColumnAccount, accounts
from bpviz.data.datasets import DATASETS, load
from bpviz.data.settings import DataSettings
from bpviz.errors import UnknownNameError
from bpviz.model.edits import set_training
from bpviz.model.fitting import suited, table
from bpviz.model.spec import Project
from bpviz.model.templates import fitted_project, with_hidden
from bpviz.reading import is_there

_MAKING: Final = (
    "data",
    "target",
    "classes",
    "drop_missing",
    "image",
    "features",
    "categorical",
    "ignore",
    "missing",
    "reading",
    "network",
    "activation",
    "seed",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line said of a project.

    Attributes:
        file: A saved project.
        example: Name of a bundled one.
        data: A table of the user's own, or the name of a bundled data set.
        target: Of the table.
        classes: Likewise.
        drop_missing: Likewise.
        image: Likewise.
        features: Likewise.
        categorical: Likewise.
        ignore: Likewise.
        missing: Likewise.
        reading: How the table is to be read, as `bpviz.cli.reading_options` gives it.
        network: Sizes of the hidden layers.
        activation: Of the hidden layers.
        seed: Another seed than the project's.
        settings: Values of `bpviz.cli.settings.settings_options`.
    """

    file: Path | None
    example: str | None
    data: str | None
    target: str | None
    classes: str | None
    drop_missing: bool
    image: str | None
    features: str | None
    categorical: str | None
    ignore: str | None
    missing: tuple[str, ...]
    reading: Mapping[str, Any] | None
    network: str | None
    activation: str | None
    seed: int | None
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, file: Path | None, example: str | None, given: Mapping[str, Any]) -> Wanted:
        """Sort what a command was given into what has a name here, and settings."""
        own = {name: given[name] for name in _MAKING}
        return cls(file, example, **own, settings={k: v for k, v in given.items() if k not in own})

    @property
    def changes(self) -> bool:
        """Whether anything but the file was said."""
        return any_given(self.settings) or any(
            getattr(self, name) not in (None, False, ()) for name in (*_MAKING, "example")
        )


def wanted_project(wanted: Wanted) -> Project:
    """Open the project that is wanted, or make one for the data; what was made is said on stderr.

    Raises:
        UsageError: If the options don't go together.
        BpvizError: If it can't be opened, or what was asked for can't be.
    """
    remarks: list[str] = []
    data = _data(wanted, remarks)
    alone = data is not None and wanted.file is None and wanted.example is None
    if alone and data is not None:
        project = fitted_project(data, wanted.network, wanted.activation)
    else:
        project = chosen_project(wanted.file, wanted.example)
        if data is not None:
            project = api.with_data(project, data)
        if wanted.network is not None or wanted.activation is not None:
            project = with_hidden(project, wanted.network, wanted.activation)
    project = with_settings(project, wanted.settings)
    layer = project.network.input
    if remarks and layer is not None:  # nothing is said of rows that can't be used, but why not
        load(project.data, project.training.seed, [node.feature or "" for node in layer.nodes])
    for remark in remarks:
        click.echo(remark, err=True)
    if alone and wanted.network is None:
        _say(project)
    return project if wanted.seed is None else set_training(project, seed=wanted.seed)


def _data(wanted: Wanted, remarks: list[str]) -> DataSettings | None:
    """The data that are wanted, if any; adds what is to be said of them."""
    of_table = ("target", "classes", "image", "features", "categorical", "ignore", "missing")
    asked = wanted.drop_missing or any(getattr(wanted, name) not in (None, ()) for name in of_table)
    if wanted.data is None:
        if wanted.reading is not None:
            raise click.UsageError("How to read a table, such as --delimiter, goes with --data CSV.")
        if asked:
            raise click.UsageError(
                "--target, --classes, --features, --categorical, --ignore, --missing, --drop-missing and "
                "--image go with --data CSV."
            )
        return None
    if wanted.data in DATASETS and not is_there(Path(wanted.data)):
        if asked:
            raise click.UsageError(f"--data {wanted.data} is a bundled data set, whose target is known.")
        return suited(DataSettings(source=wanted.data))
    if not is_there(Path(wanted.data)) and not Path(wanted.data).suffix:
        raise UnknownNameError("data set or file", wanted.data, tuple(DATASETS))
    if wanted.target is None:
        raise click.UsageError("--data CSV and --target COLUMNS go together.")
    read = read_with_progress(Path(wanted.data), wanted.reading)
    settings = table(
        read,
        wanted.target,
        classes=wanted.classes or (),
        drop_missing=wanted.drop_missing,
        image=wanted.image,
        features=wanted.features or (),
        categorical=wanted.categorical or (),
        ignore=wanted.ignore or (),
        missing=by_column(wanted.missing),
    )
    known = accounts(settings)
    remarks += [reading_remark(read), *told_sentences(known), *_doubts(known, wanted.reading)]
    return settings


def _doubts(known: Sequence[ColumnAccount], reading: Mapping[str, Any] | None) -> list[str]:
    """Ask about words that count as missing, and may be values, unless it was said that they do."""
    said = (reading or {}).get("gaps", {})
    open_ones = [] if "" in said else [one for one in known if one.name not in said]
    sentences = doubt_sentences(open_ones)
    return [*sentences, "--gaps COLUMN=WORDS says which words are missing, or none."] if sentences else []


def _say(project: Project) -> None:
    """Say which network was made, as nobody drew it."""
    _, *hidden, last = project.network.layers
    sizes = "-".join(str(layer.size) for layer in project.network.layers)
    functions = " ".join(dict.fromkeys(layer.activation for layer in (*hidden, last)))
    click.echo(
        f"made the network {sizes} {functions} for these data, to learn by {project.training.loss}; "
        "--network and --activation choose others",
        err=True,
    )
