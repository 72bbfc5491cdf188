"""What PyTorch, Keras, scikit-learn and ONNX themselves write comes in and computes what they compute."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bpviz.errors import FileFormatError, ModelError
from bpviz.files.bringing import bring, outputs

Oracle = Callable[[str], ModuleType]
X = np.random.default_rng(3).normal(size=(20, 3))


def test_a_state_dict_of_torch(tmp_path: Path, oracle: Oracle) -> None:
    torch: Any = oracle("torch")
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 3), torch.nn.Tanh(), torch.nn.Linear(3, 3), torch.nn.Tanh(), torch.nn.Linear(3, 3)
    ).double()
    path = tmp_path / "model.npz"
    np.savez(path, **{name: value.numpy() for name, value in model.state_dict().items()})
    expected = model(torch.tensor(X)).detach().numpy()
    np.testing.assert_allclose(outputs(bring(path, activation="tanh"), X), expected, atol=1e-12)


def test_kernels_of_keras(tmp_path: Path, oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras: Any = oracle("keras")
    layers = [keras.layers.Dense(3, "relu"), keras.layers.Dense(3, "relu"), keras.layers.Dense(3)]
    model = keras.Sequential([keras.Input((3,)), *layers])
    path = tmp_path / "model.npz"
    np.savez(path, **{v.path: v.value.detach().numpy() for v in model.weights})
    expected = model(X.astype(np.float32)).detach().numpy()
    np.testing.assert_allclose(outputs(bring(path), X), expected, atol=1e-5)


def test_coefs_of_sklearn(tmp_path: Path, oracle: Oracle) -> None:
    oracle("sklearn")
    from sklearn.neural_network import MLPRegressor

    model = MLPRegressor(hidden_layer_sizes=(3, 3), max_iter=2000, random_state=1).fit(X, X.sum(axis=1))
    path = tmp_path / "model.npz"
    named = {k + str(i): a for k in ("coefs_", "intercepts_") for i, a in enumerate(getattr(model, k))}
    np.savez(path, **named)
    np.testing.assert_allclose(outputs(bring(path), X)[:, 0], model.predict(X), atol=1e-10)


def _model(onnx: Any, nodes: list[Any], arrays: dict[str, Any]) -> bytes:
    helper, kind = onnx.helper, onnx.TensorProto.DOUBLE
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", kind, [None, 3])],
        [helper.make_tensor_value_info("y", kind, [None, None])],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    content: bytes = model.SerializeToString()
    return content


def _arrays(seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    shapes = {"w1": (4, 3), "b1": (4,), "w2": (4, 2), "b2": (2,), "skip": (3, 2)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


FUNCTIONS = ("Relu", "Tanh", "Sigmoid", "LeakyRelu", "Elu", "Selu", "Gelu", "Softplus", "Softsign", "Sin")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_gemm_matmul_skips_and_every_activation(tmp_path: Path, oracle: Oracle, function: str) -> None:
    onnx: Any = oracle("onnx")
    make = onnx.helper.make_node
    nodes = [
        make("Gemm", ["x", "w1", "b1"], ["z1"], transB=1),
        make(function, ["z1"], ["a1"]),
        make("MatMul", ["a1", "w2"], ["m"]),
        make("MatMul", ["x", "skip"], ["s"]),
        make("Add", ["m", "s"], ["ms"]),
        make("Add", ["b2", "ms"], ["z2"]),
        make("Softmax", ["z2"], ["y"]),
    ]
    path = tmp_path / "net.onnx"
    path.write_bytes(_model(onnx, nodes, _arrays()))
    found = bring(path)
    assert found.sizes == (3, 4, 2)
    assert set(found.weights) == {(1, 0), (2, 0), (2, 1)}
    assert [m.turned for m in found.mapping if m.what == "weights"] == [False, True, True]
    evaluator: Any = importlib.import_module("onnx.reference")
    reference = evaluator.ReferenceEvaluator(str(path)).run(None, {"x": X})[0]
    np.testing.assert_allclose(outputs(found, X), reference, atol=1e-6)


@pytest.mark.parametrize("operator", ["Conv", "LSTM", "Mul"])
def test_another_operator_is_refused_by_name(tmp_path: Path, oracle: Oracle, operator: str) -> None:
    onnx: Any = oracle("onnx")
    path = tmp_path / "net.onnx"
    node = onnx.helper.make_node(operator, ["x", "w1"], ["y"])
    path.write_bytes(_model(onnx, [node], _arrays()))
    with pytest.raises(ModelError, match=operator):
        bring(path)


def test_damaged_onnx_is_a_sentence(tmp_path: Path, oracle: Oracle) -> None:
    oracle("onnx")
    path = tmp_path / "net.onnx"
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(FileFormatError, match="damaged"):
        bring(path)


def test_without_the_library_the_line_that_installs_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    path = tmp_path / "net.onnx"
    path.write_bytes(b"")
    with pytest.raises(FileFormatError, match=r"packaging/run\.py extra onnx"):
        bring(path)
