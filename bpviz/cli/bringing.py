"""``bpviz import``: networks and weights of other programs, and bpviz's own back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bpviz.cli.options import keep_what_is_read
from bpviz.errors import SettingError, named
from bpviz.typed import number

if TYPE_CHECKING:
    from bpviz.files.bringing import Proposal


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--patterns", metavar="PAT", type=click.Path(path_type=Path), help="Of a .net: its .pat file.")
@click.option(
    "--orientation", metavar="WAY", help="Rows of matrices: out-in (PyTorch) or in-out (Keras). [found out]"
)
@click.option("--activation", metavar="NAME", help="Of the hidden layers, where FILE does not say. [relu]")
@click.option("--output-activation", metavar="NAME", help="Of the output, likewise. [linear]")
@click.option("--row", metavar="LIST", help="Inputs to compute as a check, by commas. [ones]")
@click.option("--into", metavar="PROJECT", type=click.Path(path_type=Path), help="Start that project so.")
@click.option("--save", metavar="FILE", type=click.Path(path_type=Path), help="Save a project there.")
def import_command(
    file: Path,
    patterns: Path | None,
    orientation: str | None,
    activation: str | None,
    output_activation: str | None,
    row: str | None,
    into: Path | None,
    save: Path | None,
) -> None:
    """Say what becomes of the arrays in FILE, compute one row, and save it as a project.

    FILE is .npz or .safetensors of bpviz, PyTorch, Keras or scikit-learn, .json or .csv of bpviz, .onnx, or
    .net of SNNS or JavaNNS.
    """
    from bpviz import api
    from bpviz.files import bringing

    keep_what_is_read(save, file, patterns)
    found = bringing.bring(
        file,
        orientation=orientation,
        activation=activation,
        output_activation=output_activation,
        examples=patterns,
    )
    click.echo("-".join(map(str, found.sizes)) + " " + " ".join(_functions(found)))
    for line in bringing.mapping_lines(found):
        click.echo(line)
    x = [1.0] * found.sizes[0] if row is None else [number(word) for word in row.split(",")]
    if len(x) != found.sizes[0]:
        raise SettingError(f"The row has {len(x)} values and the network {found.sizes[0]} inputs.")
    answer = bringing.outputs(found, [x])[0]
    shown = named([f"{value:g}" for value in x])  # nobody reads 784 pixels
    click.echo(f"({shown}) gives ({', '.join(f'{v:.10g}' for v in answer)})")
    if into is not None:
        project, remarks = bringing.brought_into(found, api.load(into))
    else:
        project, remarks = bringing.brought_project(found), bringing.remarks_of(found)
    for remark in remarks:
        click.echo(bringing.remark_text(remark), err=True)
    if save is not None:
        api.save(save, project)
        click.echo(f"wrote {save}")


def _functions(found: Proposal) -> list[str]:
    return [", ".join(dict.fromkeys(column.activations)) for column in found.columns[1:]]
