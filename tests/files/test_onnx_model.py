"""ONNX models answer raw rows as bpviz does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import bpviz
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.backprop import forward
from bpviz.errors import FileError, UnknownNameError
from bpviz.files.onnx_model import ACTIVATION_NODES, in_single, onnx_content
from tests.files.code.projects import COUNT, going

Oracle = Callable[[str], ModuleType]


@pytest.mark.parametrize("number", range(COUNT))
def test_a_runtime_answers_as_bpviz_does(number: int, oracle: Oracle) -> None:
    oracle("onnx")
    runtime, run = oracle("onnxruntime"), going(number)
    content = onnx_content(run.compiled, run.parameters, run.prepared, run.project.title)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    model = runtime.InferenceSession(content, options)
    rows = run.prepared.dataset.inputs
    found = dict(zip([one.name for one in model.get_outputs()], model.run(None, {"row": rows}), strict=True))
    a = forward(run.compiled.plan, run.parameters, run.prepared.encode_inputs(rows)).outputs
    np.testing.assert_allclose(
        found["answer"],
        run.prepared.decode_targets(a),
        rtol=1e-6,
        atol=1e-6 if in_single(run.compiled.plan) else 1e-12,
    )
    if run.prepared.dataset.classes is not None:
        apart = (
            ~np.isclose(*np.sort(a, axis=1)[:, -2:].T) if a.shape[1] > 1 else slice(None)
        )  # a tie is either
        np.testing.assert_array_equal(found["class"][apart], run.prepared.predict_classes(a)[apart])


def test_every_activation_has_its_nodes() -> None:
    assert set(ACTIVATION_NODES) == set(ACTIVATIONS)


def test_nodes_are_called_by_their_layers(oracle: Oracle) -> None:
    onnx, run = oracle("onnx"), going(1)
    content = onnx_content(run.compiled, run.parameters, run.prepared)
    names = [node.name for node in onnx.load_from_string(content).graph.node]
    assert any(name.startswith("1 Hidden 1/") for name in names)


def test_a_missing_library_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(FileError, match=r"packaging/run\.py extra onnx"):
        bpviz.export_model(bpviz.example("xor"), tmp_path / "xor.onnx")
    with pytest.raises(UnknownNameError, match="did you mean 'onnx'"):
        bpviz.export_model(bpviz.example("xor"), tmp_path / "xor.onnx", "onxx")
    assert not list(tmp_path.iterdir())
