"""``bpviz gradients``: every number of one pass forward and backward, and the check of the gradient."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from bpviz import api
from bpviz.cli.options import chosen_session, progress_bar, project_options
from bpviz.cli.rows import read_rows, row_numbers, step_on
from bpviz.engine.backprop import backprop
from bpviz.engine.gradcheck import TOLERANCE
from bpviz.engine.update import StepTrace, penalty_cost
from bpviz.errors import elided, one_line
from bpviz.model.naming import node_labels
from bpviz.model.spec import BiasAddress
from bpviz.training.check_words import check_sentences, error_text, verdict_text

if TYPE_CHECKING:
    from bpviz.arrays import Array
    from bpviz.engine.gradcheck import GradientCheck
    from bpviz.training.session import Session

_LABEL = 40
_PLAIN = (1e-3, 1e6)  # numbers of this size are written without an exponent


@click.command("gradients")
@project_options
@click.option("--rows", metavar="A:B", default="0:1", help="Training examples, as a Python slice. [0:1]")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, all digits.")
@click.option("--check", is_flag=True, help="Compare with finite differences; exit with 1 if they differ.")
def gradients_command(file: Path | None, example: str | None, rows: str, as_json: bool, check: bool) -> int:
    """Show every z, activation, delta and gradient of one pass, and the step it leads to.

    It is the pass of the run as saved in FILE, or of the start; computed in float64.
    """
    chosen = read_rows(rows)
    run = chosen_session(file, example)
    made = step_on(run, chosen)
    found = _checked(run, chosen) if check else None
    if as_json:
        document = _document(run, made, chosen)
        if found is not None:
            document["check"] = _check_document(run, found)
        click.echo(json.dumps(document, indent=1))
    else:
        for line in _lines(run, made, chosen):
            click.echo(line)
        if found is not None:
            for line in _check_lines(run, found):
                click.echo(line)
    return 0 if found is None or found.passed else 1


def _checked(run: Session, rows: slice) -> GradientCheck:
    count = int(run.compiled.plan.present.sum())
    with progress_bar("Checking", count) as progress:
        return api.check_gradients(run, rows, progress=lambda done, _: progress(done))


def _loss_after(run: Session, made: StepTrace) -> float:
    trace = made.trace
    after = backprop(run.compiled.plan, run.rule.loss, made.after.parameters, trace.x, trace.y)
    return after.mean_loss


# ---- as text


def _lines(run: Session, made: StepTrace, rows: slice) -> Iterator[str]:
    trace, plan = made.trace, run.compiled.plan
    numbers = row_numbers(run, rows)
    title = one_line(run.project.title) or "Project"
    yield f"{title}, step {run.step}, loss {run.rule.loss}, learning rate {made.rate:g}"
    yield f"examples      {len(numbers)} of {len(run.prepared.train_x)} in the training part"
    yield f"mean loss     {_text(trace.mean_loss)}"
    penalty = penalty_cost(plan, run.rule, made.before.parameters)
    if run.rule.penalty != "none":
        yield f"penalty       {_text(penalty)}"
        yield f"cost          {_text(trace.mean_loss + penalty)}"
    yield f"after a step  {_text(_loss_after(run, made))}"
    for at, number in enumerate(numbers):
        yield f"\nExample {number}, loss {_text(float(trace.losses[at]))}"
        yield _row("node", "z", "activation", "delta", "target")
        for layer, labels in enumerate(_labels(run)):
            for node, label in enumerate(labels):
                output = layer == len(plan.layers) - 1
                yield _row(
                    label,
                    _text(float(trace.z[layer][at, node])) if layer else "",
                    _text(float(trace.a[layer][at, node])),
                    _text(float(trace.delta[layer][at, node])) if layer else "",
                    _text(float(trace.y[at, node])) if output else "",
                )
    yield f"\n{_row('weight or bias', 'value', 'gradient', 'applied', 'after')}"
    for name, values in _parameters(run, made):
        yield _row(name, *(_text(value) for value in values))


def _row(name: str, *cells: str) -> str:
    return f"{name:<44}{''.join(f'{cell:>18}' for cell in cells)}".rstrip()


def _text(value: float) -> str:
    """Write a number with nine decimals, or nine digits and an exponent where that would hide it."""
    low, high = _PLAIN
    return f"{value:.9f}" if value == 0 or low <= abs(value) < high else f"{value:.9e}"


def _parameters(run: Session, made: StepTrace) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Name each weight and bias, with its value, gradient of the loss, applied gradient, and value after."""
    present = run.compiled.plan.present
    columns = (made.before.parameters, made.trace.gradient, made.applied, made.after.parameters)
    rows = np.column_stack([column[present] for column in columns]).tolist()
    for name, row in zip(_names(run), rows, strict=True):
        yield name, tuple(row)


def _names(run: Session) -> Iterator[str]:
    """What each weight and bias is called, in the order of the vector."""
    labels = {
        node: label
        for nodes, names in zip(run.compiled.node_ids, _labels(run), strict=True)
        for node, label in zip(nodes, names, strict=True)
    }
    for address in run.compiled.addresses():
        if isinstance(address, BiasAddress):
            yield f"bias of {labels[address.node]}"
        else:
            yield f"{labels[address.source]} → {labels[address.target]}"


def _labels(run: Session) -> list[tuple[str, ...]]:
    """What the nodes of each layer are called, as one line has room for."""
    return [
        tuple(one_line(elided(label, _LABEL)) for label in node_labels(run.compiled.network.layer(layer_id)))
        for layer_id in run.compiled.layer_ids
    ]


def _check_lines(run: Session, found: GradientCheck) -> Iterator[str]:
    yield "\nGradient check against central differences"
    for layer, judged in zip(run.compiled.plan.layers[1:], found.layers, strict=True):
        name = one_line(elided(layer.name, _LABEL))
        yield f"{name:<44}{error_text(judged):>18}  {verdict_text(judged)}"
    yield from found.kinks
    yield from check_sentences(found)
    yield "passed" if found.passed else "failed"


# ---- as JSON


def _document(run: Session, made: StepTrace, rows: slice) -> dict[str, Any]:
    trace = made.trace
    return {
        "title": run.project.title,
        "step": run.step,
        "loss": run.rule.loss,
        "learning_rate": made.rate,
        "rows": row_numbers(run, rows),
        "mean_loss": trace.mean_loss,
        "penalty": penalty_cost(run.compiled.plan, run.rule, made.before.parameters),
        "mean_loss_after": _loss_after(run, made),
        "losses": trace.losses.tolist(),
        "targets": trace.y.tolist(),
        "layers": [_layer_document(run, made, layer) for layer in range(len(run.compiled.layer_ids))],
        "links": [_link_document(run, made, link) for link in range(len(run.compiled.plan.links))],
    }


def _layer_document(run: Session, made: StepTrace, layer: int) -> dict[str, Any]:
    trace, plan = made.trace, run.compiled.plan
    document: dict[str, Any] = {
        "name": plan.layers[layer].name,
        "nodes": list(node_labels(run.compiled.network.layer(run.compiled.layer_ids[layer]))),
        "a": trace.a[layer].tolist(),
    }
    if layer:
        document |= {
            "activations": list(plan.layers[layer].activations),
            "z": trace.z[layer].tolist(),
            "slope": trace.slope[layer].tolist(),
            "delta": trace.delta[layer].tolist(),
            **_vectors(made, lambda vector: plan.biases(vector, layer), "bias"),
        }
    return document


def _link_document(run: Session, made: StepTrace, link: int) -> dict[str, Any]:
    plan = run.compiled.plan
    entry = plan.links[link]
    return {
        "source": entry.source,
        "target": entry.target,
        "present": entry.present.tolist(),
        **_vectors(made, lambda vector: plan.weights(vector, link), "weights"),
    }


def _vectors(made: StepTrace, part: Callable[[Array], Array], name: str) -> dict[str, Any]:
    """One part of each of the step's vectors, as lists."""
    return {
        name: part(made.before.parameters).tolist(),
        "gradient": part(made.trace.gradient).tolist(),
        "applied": part(made.applied).tolist(),
        "after": part(made.after.parameters).tolist(),
    }


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
