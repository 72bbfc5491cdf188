"""One pass as JSON: every quantity of `QUANTITIES`, by its key, with all digits.

Arrays stand as the engine has them: (examples, nodes) by layer, (targets, sources) by link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bpviz.arrays import Array
from bpviz.cli.rows import loss_after, row_numbers
from bpviz.model.naming import node_labels
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE
from bpviz.training.quantities import QUANTITIES, Ref, has, layer_values, parameter_values
from bpviz.training.session import Session

_NAMES: Final = {"loss": "losses", "rate": "learning_rate", "new": "after", "input": "a"}
"""Where a key is called otherwise: ``loss`` is which loss it is, and an input is what its node puts out."""


def pass_document(run: Session, made: Pass, rows: slice) -> dict[str, Any]:
    """Write a pass as JSON takes it."""
    numbers = row_numbers(run, rows)
    found = ((key, parameter_values(made, key)) for key in QUANTITIES)
    vectors = {key: vector for key, vector in found if vector is not None}
    return {
        "title": run.project.title,
        "step": run.step,
        "loss": run.rule.loss,
        "rows": numbers,
        "mean_of": len(numbers),
        "mean_loss_after": loss_after(run, made.made),
        "targets": made.trace.y.tolist(),
        **_of_whole(made),
        "layers": [_layer(run, made, vectors, layer) for layer in range(len(run.compiled.layer_ids))],
        "links": [_link(run, vectors, link) for link in range(len(run.compiled.plan.links))],
    }


def _of_whole(made: Pass) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, entry in QUANTITIES.items():
        if has(made, Ref(key)):
            found[_name(key)] = entry.read(made, Ref(key))
        elif has(made, Ref(key, WHOLE, 0)):
            found[_name(key)] = [entry.read(made, Ref(key, WHOLE, at)) for at in range(made.examples)]
    return found


def _layer(run: Session, made: Pass, vectors: Mapping[str, Array], layer: int) -> dict[str, Any]:
    plan = run.compiled.plan
    document: dict[str, Any] = {
        "name": plan.layers[layer].name,
        "nodes": list(node_labels(run.compiled.network.layer(run.compiled.layer_ids[layer]))),
    }
    if layer:
        document["activations"] = list(plan.layers[layer].activations)
    for key, entry in QUANTITIES.items():
        alone = entry.per == "batch"
        found = [layer_values(made, key, layer, None if alone else at) for at in range(made.examples)]
        told = [values.tolist() for values in found if values is not None]
        if told:
            document[_name(key)] = told[0] if alone else told
    for key, vector in vectors.items() if layer else ():
        document[_parameter_name(key, "bias")] = plan.biases(vector, layer).tolist()
    return document


def _link(run: Session, vectors: Mapping[str, Array], link: int) -> dict[str, Any]:
    plan = run.compiled.plan
    entry = plan.links[link]
    return {
        "source": entry.source,
        "target": entry.target,
        "present": entry.present.tolist(),
        **{
            _parameter_name(key, "weights"): plan.weights(vector, link).tolist()
            for key, vector in vectors.items()
        },
    }


def _name(key: str) -> str:
    return _NAMES.get(key, key)


def _parameter_name(key: str, value: str) -> str:
    """Name the value itself after what has it."""
    return value if key == "value" else _name(key)
