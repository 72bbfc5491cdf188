"""Weights come back as they went: in bpviz's four formats, and in the ways of other libraries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bpviz
from bpviz.errors import BpvizError, FileFormatError, ModelError, SettingError, ShapeError
from bpviz.files.bringing import (
    OrientationError,
    bring,
    brought_into,
    brought_project,
    mapping_lines,
    outputs,
    remark_text,
    remarks_of,
)
from bpviz.files.weights import WEIGHT_FORMATS, weight_export
from bpviz.model.edits import connect_layers, remove_pairs, set_node_activation, set_starts
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.training.session import Session

FRESH = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def skipping(seed: int, sizes: tuple[int, ...]) -> Project:
    """A network with a skip, a missing pair and a function of its own, its values random."""
    rng = np.random.default_rng(seed)
    base = EXAMPLES["circle"].build()
    network = bpviz.network(2, *sizes, 1, features=("x", "y"))
    first, last = network.layers[0], network.layers[-1]
    network = connect_layers(network, first.id, last.id)
    network = remove_pairs(network, {(first.nodes[0].id, last.nodes[0].id)})
    network = set_node_activation(network, network.layers[1].nodes[0].id, "sine")
    project = replace(base, network=network)
    compiled = Session(project, path="reference").compiled
    return set_starts(project, {address: float(rng.normal()) for address in compiled.addresses()})


@FRESH
@given(
    kind=st.sampled_from(list(WEIGHT_FORMATS)),
    seed=st.integers(0, 2**31),
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple),
)
def test_what_bpviz_writes_comes_back_to_the_bit(
    tmp_path: Path, kind: str, seed: int, sizes: tuple[int, ...]
) -> None:
    project = skipping(seed, sizes)
    path = tmp_path / f"weights{WEIGHT_FORMATS[kind].suffix}"
    bpviz.export_weights(project, path, kind)
    found = bring(path)
    session = Session(project, path="reference")
    export = weight_export(session.compiled, session.parameters, session.prepared)
    assert found.weights.keys() == export.weights.keys()
    for key, matrix in export.weights.items():
        np.testing.assert_array_equal(found.weights[key], matrix)
        np.testing.assert_array_equal(found.present[key], export.present[key])
    for layer, biases in export.biases.items():
        np.testing.assert_array_equal(found.biases[layer], biases)
    again = Session(brought_project(found), path="reference")
    np.testing.assert_array_equal(again.parameters, session.parameters)
    assert again.compiled.plan.layers == session.compiled.plan.layers
    bare = replace(project, start=type(project.start)())
    into, _ = brought_into(found, bare)
    np.testing.assert_array_equal(Session(into, path="reference").parameters, session.parameters)


SIZES = st.lists(st.integers(1, 12), min_size=2, max_size=5)


def layers_of(sizes: list[int], seed: int) -> list[tuple[Any, Any]]:
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(b, a)), rng.normal(size=b)) for a, b in pairwise(sizes)]


def answer(layers: list[tuple[Any, Any]], x: Any) -> Any:
    a = np.atleast_2d(x)
    for at, (weights, biases) in enumerate(layers):
        a = a @ weights.T + biases
        if at < len(layers) - 1:
            a = np.maximum(a, 0)
    return a


NAMES = {
    "pytorch": lambda k, w, b: {f"net.{2 * k}.weight": w, f"net.{2 * k}.bias": b},
    "keras": lambda k, w, b: {f"dense_{k}/kernel": w.T, f"dense_{k}/bias": b},
    "sklearn": lambda k, w, b: {f"coefs_{k}": w.T, f"intercepts_{k}": b},
}


@FRESH
@given(name=st.sampled_from(list(NAMES)), sizes=SIZES, seed=st.integers(0, 2**31), shuffled=st.booleans())
def test_names_say_which_way_round_a_matrix_is(
    tmp_path: Path, name: str, sizes: list[int], seed: int, shuffled: bool
) -> None:
    layers = layers_of(sizes, seed)
    arrays = {key: value for k, (w, b) in enumerate(layers) for key, value in NAMES[name](k, w, b).items()}
    if shuffled:
        arrays = dict(sorted(arrays.items(), reverse=True))
        if len(set(sizes)) < len(sizes):
            return  # where sizes repeat, the order of the file counts
    path = tmp_path / "weights.npz"
    np.savez(path, **arrays)
    found = bring(path)
    assert found.sizes == tuple(sizes)
    x = np.linspace(-1, 1, sizes[0]).tolist()
    np.testing.assert_allclose(outputs(found, [x]), answer(layers, x), rtol=1e-12, atol=1e-12)
    assert len(list(mapping_lines(found))) == 2 * len(layers)
    assert all(remark_text(remark) for remark in remarks_of(found))


@FRESH
@given(sizes=SIZES, seed=st.integers(0, 2**31), turned=st.booleans())
def test_bare_matrices_are_taken_by_their_shapes_or_asked_about(
    tmp_path: Path, sizes: list[int], seed: int, turned: bool
) -> None:
    layers = layers_of(sizes, seed)
    path = tmp_path / "bare.npz"
    np.savez(path, *(array for w, b in layers for array in (w.T if turned else w, b)))
    way = "in-out" if turned else "out-in"
    x = np.linspace(-1, 1, sizes[0]).tolist()
    try:
        found = bring(path)
    except OrientationError:
        found = bring(path, orientation=way)
        asked = True
    else:
        asked = False
    assert not asked or len(set(sizes)) < len(sizes)  # where all sizes differ there is one way only
    np.testing.assert_allclose(outputs(found, [x]), answer(layers, x), rtol=1e-12, atol=1e-12)


def test_a_square_matrix_without_a_name_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "square.npz"
    np.savez(path, W=np.array([[1.0, 2.0], [3.0, 4.0]]), b=np.zeros(2))
    with pytest.raises(OrientationError, match="W could be either way round"):
        bring(path)
    assert outputs(bring(path, orientation="out-in"), [[1, 0]]).tolist() == [[1, 3]]
    assert outputs(bring(path, orientation="in-out"), [[1, 0]]).tolist() == [[1, 2]]
    with pytest.raises(SettingError, match="out-in or in-out"):
        bring(path, orientation="sideways")


def test_safetensors_of_a_state_dict_come_in_natural_order(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    layers = layers_of([3] + [4] * 11 + [2], 5)
    path = tmp_path / "model.safetensors"
    save_file({k: v for at, (w, b) in enumerate(layers) for k, v in NAMES["pytorch"](at, w, b).items()}, path)
    x = [0.1, -0.2, 0.3]
    np.testing.assert_allclose(outputs(bring(path), [x]), answer(layers, x), rtol=1e-10)


def test_activations_that_a_file_does_not_say_are_the_users(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    np.savez(
        path,
        **NAMES["pytorch"](0, np.ones((3, 2)), np.zeros(3)),
        **NAMES["pytorch"](1, np.ones((2, 3)), np.zeros(2)),
    )
    found = bring(path, activation="tanh", output_activation="softmax")
    assert [column.activations[:1] for column in found.columns] == [(), ("tanh",), ("softmax",)]
    assert {key for key, _ in found.remarks} == {"convention"}
    project = brought_project(found)
    assert bpviz.backprop(project).a[-1].sum() == pytest.approx(1)
    with pytest.raises(BpvizError, match="did you mean"):
        bring(path, activation="tahn")


REFUSED: dict[str, tuple[Mapping[str, Any], str]] = {
    "convolution": ({"c.weight": np.zeros((2, 1, 3, 3))}, "4 dimensions"),
    "batch norm": ({"a.weight": np.zeros((2, 3)), "n.running_mean": np.zeros(2)}, "normalizing"),
    "no chain": ({"a.weight": np.zeros((2, 3)), "b.weight": np.zeros((5, 7))}, "no chain of layers"),
    "nothing": ({"x": np.zeros(3)}, "no matrix of weights"),
    "text": ({"a.weight": np.array([["a"]])}, "no numbers"),
    "not finite": ({"a.weight": np.array([[np.nan, 1.0]])}, "not finite"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_networks_are_refused_by_name(tmp_path: Path, name: str) -> None:
    arrays, words = REFUSED[name]
    path = tmp_path / "w.npz"
    np.savez(path, **arrays)
    with pytest.raises(ModelError, match=words):
        bring(path)


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "m.h5", "m.keras", "m.pkl"])
def test_what_could_run_as_a_program_is_never_opened_and_converts_in_three_lines(name: str) -> None:
    with pytest.raises(FileFormatError, match="could run as a program") as refused:
        bring(Path("nowhere") / name)
    lines = str(refused.value).splitlines()[1:]
    assert len(lines) == 3
    compile("\n".join(line.strip() for line in lines), "lines", "exec")
    assert repr(name) in str(refused.value)


def test_arrays_of_objects_are_never_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    np.savez(path, weight=np.array([{"a": 1}], dtype=object))
    with pytest.raises(FileFormatError):
        bring(path)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".json", ".csv", ".net"])
def test_damaged_files_are_a_sentence(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"w{suffix}"
    for content in (b"", b"{", b"\xff" * 64, b"# description {}\n", b'{"format": "bpviz weights"}'):
        path.write_bytes(content)
        with pytest.raises(BpvizError) as refused:
            bring(path)
        assert str(refused.value).endswith(".")


def test_values_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    bpviz.export_weights(EXAMPLES["circle"].build(), path)
    found = bring(path)
    with pytest.raises(ShapeError, match="2-8-8-1 and the file's 2-4-2-1"):
        brought_into(found, EXAMPLES["spiral"].build())
    with pytest.raises(ShapeError, match="other connections"):
        brought_into(found, replace(EXAMPLES["circle"].build(), network=skipping(1, (4, 2)).network))


def test_a_newer_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    bpviz.export_weights(EXAMPLES["circle"].build(), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "format_version": 99}), encoding="utf-8")
    with pytest.raises(FileFormatError, match="newer bpviz"):
        bring(path)
