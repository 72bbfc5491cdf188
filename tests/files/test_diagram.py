"""Networks are drawn into pictures, with and without weights, whatever they look like."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bpviz.errors import FileError
from bpviz.files.diagram import draw_network, network_picture
from bpviz.model.builder import layered_network
from bpviz.model.edits import place_nodes
from bpviz.model.spec import Address, Network, Project
from bpviz.palette import DARK, LIGHT
from bpviz.training.session import Session


def svg(network: Network, values: dict[Address, float] | None = None) -> str:
    return network_picture(network, "svg", values, LIGHT).decode()


def weights(run: Session) -> dict[Address, float]:
    return {address: run.value(address) for address in run.compiled.addresses()}


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_each_kind_of_picture_is_written(tmp_path: Path, hard_run: Session, kind: str, start: bytes) -> None:
    path = tmp_path / f"network.{kind}"
    draw_network(hard_run.project.network, path, values=weights(hard_run), palette=DARK)
    assert path.read_bytes().startswith(start)


def test_captions_features_and_classes_are_written() -> None:
    text = svg(layered_network(["x", "sin(y)"], [3], ["cat", "$dog$"], activation="relu"))
    for words in ("Hidden 1", "3 nodes · ReLU", "sin(y)", "cat", "$dog$", "2 nodes"):
        assert words in text


def test_every_connection_that_exists_is_drawn_once() -> None:
    network = layered_network(["x", "y"], [3], 1)
    plain = svg(network)
    assert len(re.findall(r"stroke-opacity: 0\.55", plain)) == 9


def test_signs_have_their_colors_and_frozen_weights_are_dashed(hard_project: Project) -> None:
    run = Session(hard_project)
    text = svg(hard_project.network, weights(run))
    assert LIGHT.negative in text
    assert LIGHT.positive in text
    assert "stroke-dasharray" in text
    assert "negative" in text


def test_the_same_network_gives_the_same_bytes(hard_run: Session) -> None:
    values = weights(hard_run)
    for kind in ("png", "svg", "pdf"):
        first = network_picture(hard_run.project.network, kind, values, LIGHT)
        assert first == network_picture(hard_run.project.network, kind, values, LIGHT)


def test_wide_layers_become_strips_and_huge_networks_stay_small_files() -> None:
    network = layered_network([f"p{k}" for k in range(784)], [100], 10)
    text = svg(network)
    assert "784 nodes" in text
    assert "p783" not in text
    assert len(text) < 2_000_000


def test_a_drawing_that_cannot_run_is_drawn_all_the_same() -> None:
    network = layered_network(["x"], [2], 1)
    loose = Network(network.layers[:2], network.links[:1])
    assert "Hidden 1" in svg(loose)
    empty_hidden = replace(network.layers[1], nodes=())
    assert svg(Network((network.layers[0], empty_hidden)))


def test_nothing_to_draw_and_an_unknown_kind_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no nodes to draw"):
        draw_network(Network(), tmp_path / "a.png")
    with pytest.raises(FileError, match=r"end its name in \.png, \.svg, \.pdf, \.tex or \.dot"):
        draw_network(layered_network(["x"], [], 1), tmp_path / "a.gif")
    with pytest.raises(FileError, match=r"end its name in \.png"):
        draw_network(layered_network(["x"], [], 1), tmp_path / "picture")
    assert list(tmp_path.iterdir()) == []


def test_a_node_beside_its_column_is_drawn_where_it_stands() -> None:
    network = layered_network(["x", "y"], [3], 1)
    node = network.layers[1].nodes[0]
    aside = place_nodes(network, {node.id: (network.layers[1].x + 60.0, node.y)})
    there = place_nodes(network, {node.id: (network.layers[2].x + 60.0, node.y)})
    width = re.compile(r'width="([\d.]+)pt"')

    assert svg(aside) != svg(network)
    assert width.findall(svg(aside)) == width.findall(svg(network))  # within the same columns
    assert width.findall(svg(there)) > width.findall(svg(network))
