"""``bpviz gradients``: every number of one pass forward and backward, and the check of the gradient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bpviz import api
from bpviz.cli.options import chosen_session, progress_bar, project_options
from bpviz.cli.pass_json import pass_document
from bpviz.cli.pass_text import LABEL, pass_lines
from bpviz.cli.rows import read_rows, step_on
from bpviz.engine.gradcheck import TOLERANCE
from bpviz.errors import elided, one_line
from bpviz.training.check_words import check_sentences, error_text, verdict_text
from bpviz.training.passes import Pass

if TYPE_CHECKING:
    from bpviz.engine.gradcheck import GradientCheck
    from bpviz.training.session import Session


@click.command("gradients")
@project_options
@click.option("--rows", metavar="A:B", default="0:1", help="Training examples, as a Python slice. [0:1]")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, all digits.")
@click.option("--check", is_flag=True, help="Compare with finite differences; exit with 1 if they differ.")
def gradients_command(file: Path | None, example: str | None, rows: str, as_json: bool, check: bool) -> int:
    """Show every number of one pass forward and backward, and of the step it leads to.

    It is the pass of the run as saved in FILE, or of the start; computed in float64.
    """
    chosen = read_rows(rows)
    run = chosen_session(file, example)
    made = Pass(run.rule, step_on(run, chosen))
    found = _checked(run, chosen) if check else None
    if as_json:
        document = pass_document(run, made, chosen)
        if found is not None:
            document["check"] = _check_document(run, found)
        click.echo(json.dumps(document, indent=1))
    else:
        for line in pass_lines(run, made, chosen):
            click.echo(line)
        if found is not None:
            for line in _check_lines(run, found):
                click.echo(line)
    return 0 if found is None or found.passed else 1


def _checked(run: Session, rows: slice) -> GradientCheck:
    count = int(run.compiled.plan.present.sum())
    with progress_bar("Checking", count) as progress:
        return api.check_gradients(run, rows, progress=lambda done, _: progress(done))


def _check_lines(run: Session, found: GradientCheck) -> Iterator[str]:
    yield "\nGradient check against central differences"
    for layer, judged in zip(run.compiled.plan.layers[1:], found.layers, strict=True):
        name = one_line(elided(layer.name, LABEL))
        yield f"{name:<44}{error_text(judged):>18}  {verdict_text(judged)}"
    yield from found.kinks
    yield from check_sentences(found)
    yield "passed" if found.passed else "failed"


def _check_document(run: Session, found: GradientCheck) -> dict[str, Any]:
    names = [layer.name for layer in run.compiled.plan.layers[1:]]
    return {
        "passed": found.passed,
        "verdict": found.verdict,
        "tolerance": TOLERANCE,
        "errors": {
            name: layer.error if isfinite(layer.error) else None
            for name, layer in zip(names, found.layers, strict=True)
        },
        "verdicts": {name: layer.verdict for name, layer in zip(names, found.layers, strict=True)},
        "too_small_to_judge": [name for name, hidden in zip(names, found.unresolved, strict=True) if hidden],
        "kinks": list(found.kinks),
    }
