"""ONNX models answer raw rows as bpviz does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest

import bpviz
from bpviz.data.readers.grid import Choices
from bpviz.data.settings import DataSettings
from bpviz.data.tables import read_chosen
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.backprop import forward
from bpviz.errors import FileError, UnknownNameError
from bpviz.files.onnx_graph import ACTIVATION_NODES
from bpviz.files.onnx_inputs import Taken
from bpviz.files.onnx_model import in_single, onnx_content
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project, Training
from bpviz.training.session import Session
from tests.files.code.projects import COUNT, going

Oracle = Callable[[str], ModuleType]


def cell_array(cells: Sequence[str], *, words: bool) -> Any:
    """A column of a table as a runtime takes it."""
    if words:
        return np.array(cells, dtype=object)[:, np.newaxis]
    return np.array([[float(cell) if cell else np.nan] for cell in cells])


def answers(run: Session, cells: Mapping[str, Sequence[str]], oracle: Oracle) -> dict[str, Any]:
    """What a runtime answers to the raw rows of a table."""
    oracle("onnx")
    runtime = oracle("onnxruntime")
    data, options = run.project.data, runtime.SessionOptions()
    options.intra_op_num_threads = 1
    content = onnx_content(run.compiled, run.parameters, run.prepared, data, run.project.title)
    model = runtime.InferenceSession(content, options)
    taken = Taken.of(data, run.prepared)
    fed = {column.name: cell_array(cells[column.name], words=column.words) for column in taken.columns}
    if not taken.apart:
        fed = {"row": np.hstack(list(fed.values()))}
    return dict(zip([one.name for one in model.get_outputs()], model.run(None, fed), strict=True))


def raw_rows(run: Session) -> dict[str, Sequence[str]]:
    """The cells of a run's data by column, of the rows it has."""
    dataset, table = run.prepared.dataset, run.project.data.table
    if table is None:
        return {name: [repr(value) for value in dataset.inputs[:, at].tolist()]
                for at, name in enumerate(dataset.columns)}  # fmt: skip
    out = set(dataset.left_out)
    rows = [row for number, row in enumerate(table.rows, 1) if number not in out]
    return dict(zip(table.columns, zip(*rows, strict=True), strict=True))


@pytest.mark.parametrize("number", range(COUNT))
def test_a_runtime_answers_as_bpviz_does(number: int, oracle: Oracle) -> None:
    run = going(number)
    found = answers(run, raw_rows(run), oracle)
    a = forward(
        run.compiled.plan, run.parameters, run.prepared.encode_inputs(run.prepared.dataset.inputs)
    ).outputs
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


KINDS: Final = """answer,class,long,plain,kind
1,NA,9007199254740993,0.5,a
2,b,9007199254740992,,b
,?,9007199254740993,1.5,a
1.0,b,9007199254740992,2.5,a
3,NA,,-1.5,b
"""
"""Columns called as outputs are; numbers that are categories, also such that no double tells apart; a value
called NA; missing ones."""
USED: Final = ("answer=1", "answer=2", "class=NA", "long=9007199254740993", "plain", "plain^2")


def kinds_run(*, filled: bool) -> Session:
    """A run that sees columns of all kinds, filled in or left out."""
    read = read_chosen(KINDS, Choices(gaps="?"))
    categories = ("answer", "class", "long")
    fills = (*((name, "frequent") for name in categories), ("plain", "mean"))
    data = DataSettings(
        source="table",
        table=read.table,
        targets=("kind",),
        uses=(*((name, "category") for name in categories), ("plain", "number")),
        fills=fills if filled else (),
        drop_missing=True,
        train_share=1.0,
        scaling="standardize",
    )
    network = layered_network(USED, [3], 1, activation="relu", output_activation="tanh")
    return Session(Project(network, data, Training(loss="mse")))


def test_columns_of_all_kinds_are_encoded_and_filled_inside(oracle: Oracle) -> None:
    run = kinds_run(filled=True)
    found = answers(run, raw_rows(run), oracle)
    np.testing.assert_allclose(found["answer'"], run.outputs(run.prepared.dataset.inputs), rtol=1e-12)
    assert set(found["class'"]) <= {0, 1}


def test_where_nothing_is_filled_a_row_that_lacks_a_value_has_no_answer(oracle: Oracle) -> None:
    run = kinds_run(filled=False)
    table = run.project.data.table
    assert table is not None
    found = answers(run, dict(zip(table.columns, zip(*table.rows, strict=True), strict=True)), oracle)
    assert run.prepared.dataset.left_out == (2, 3, 5)
    np.testing.assert_array_equal(np.isnan(found["answer'"]).ravel(), [False, True, True, False, True])
    np.testing.assert_array_equal(found["class'"] == -1, [False, True, True, False, True])


def test_an_unknown_value_is_none_of_those_there_are(oracle: Oracle) -> None:
    run = kinds_run(filled=True)
    cells = {"answer": ["7"], "class": ["c"], "long": ["1"], "plain": ["0.5"]}
    nothing = np.zeros((1, len(run.prepared.dataset.columns)))
    nothing[0, -1] = 0.5
    found = answers(run, cells, oracle)
    np.testing.assert_allclose(found["answer'"], run.outputs(nothing), rtol=1e-12)


def test_what_a_model_takes_is_said() -> None:
    rows = going(0)
    assert str(Taken.of(rows.project.data, rows.prepared)) == (
        "The model takes rows of 4 numbers, in this order: sepal length, sepal width, petal length, petal "
        "width. Where a value is missing (NaN), the answer is NaN."
    )
    kinds = kinds_run(filled=True)
    assert str(Taken.of(kinds.project.data, kinds.prepared)) == (
        "The model takes each column as an input of its own: as texts class, long; as numbers answer, plain. "
        "What is missing there is filled in."
    )


def test_every_activation_has_its_nodes() -> None:
    assert set(ACTIVATION_NODES) == set(ACTIVATIONS)


def test_nodes_are_called_by_their_layers(oracle: Oracle) -> None:
    onnx, run = oracle("onnx"), going(1)
    content = onnx_content(run.compiled, run.parameters, run.prepared, run.project.data)
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
