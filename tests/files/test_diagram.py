"""Networks are drawn into pictures, with and without weights, whatever they look like."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bpviz.drawing.shown import Shown, scale_end
from bpviz.drawing.value import Disc, Words
from bpviz.errors import FileError, ModelError
from bpviz.files.diagram import draw_network, network_picture, sized_drawing
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.shown_network import shown_network, shown_run
from bpviz.model.builder import layered_network
from bpviz.model.edits import place_nodes
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Network, Project
from bpviz.palette import LIGHT
from bpviz.training.session import Session


def svg(network: Network, shown: Shown | None = None) -> str:
    return network_picture(network, "svg", shown).decode()


def weights(run: Session) -> Shown:
    return Shown({address: run.value(address) for address in run.compiled.addresses()})


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_each_kind_of_picture_is_written(tmp_path: Path, hard_run: Session, kind: str, start: bytes) -> None:
    path = tmp_path / f"network.{kind}"
    draw_network(
        hard_run.project.network, path, shown=weights(hard_run), settings=PictureSettings(theme="dark")
    )
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
    assert "Weight" in text


def test_the_same_network_gives_the_same_bytes(hard_run: Session) -> None:
    values = weights(hard_run)
    for kind in ("png", "svg", "pdf"):
        first = network_picture(hard_run.project.network, kind, values)
        assert first == network_picture(hard_run.project.network, kind, values)


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


def test_nodes_keep_their_maps_and_the_legend_its_scale() -> None:
    run = Session(EXAMPLES["circle"].build())
    run.advance(20)
    shown = shown_run(run)
    text = svg(run.project.network, shown)
    assert set(shown.maps) == {node.id for layer in run.project.network.layers for node in layer.nodes}
    assert text.count("<image") == len(shown.maps) + 1  # and the scale of the legend
    for _, low, high in shown.rows:
        assert f">{low}<" in text
        assert f">{high}<" in text
    assert scale_end(shown.strength) == shown.rows[0][2]


def test_other_numbers_than_weights_are_drawn_with_their_words() -> None:
    run = Session(EXAMPLES["circle"].build())
    snapshot = run.snapshot(frozenset({"parameters", "trace"}))
    shown = shown_network(snapshot, "gradient", ("delta",))
    assert shown.links_word == "Gradient"
    assert any(value for value in shown.nodes.values() if value == value)
    assert "Delta" in svg(run.project.network, shown) or shown.nodes_word in svg(run.project.network, shown)


@pytest.mark.parametrize("size", [(60.0, 120.0), (200.0, 50.0)])
@pytest.mark.parametrize("font_size", [None, 5.0, 12.0])
def test_a_drawing_is_as_large_as_asked_for_and_all_of_it_is_inside(
    hard_run: Session, size: tuple[float, float], font_size: float | None
) -> None:
    settings = PictureSettings(size, "mm", font_size=font_size)
    drawn = sized_drawing(hard_run.project.network, shown_run(hard_run), settings)
    assert drawn.size == pytest.approx([side / 25.4 * 96 for side in size], rel=1e-4)
    for mark in drawn.marks:
        if isinstance(mark, Disc):
            assert drawn.left <= mark.x - mark.radius
            assert mark.x + mark.radius <= drawn.right
            assert drawn.top <= mark.y - mark.radius
            assert mark.y + mark.radius <= drawn.bottom
    names = {round(mark.size, 6) for mark in drawn.marks if isinstance(mark, Words) and mark.bold}
    if font_size is not None:
        (largest,) = names
        assert largest <= 1.06 * font_size / 0.75 * 13 / 11
    if font_size == 5.0:  # which has room
        assert largest == pytest.approx(font_size / 0.75 * 13 / 11, rel=0.06)


@pytest.mark.parametrize("far", [1e9, 1e300])
@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "tex"])
def test_nodes_too_far_apart_for_a_picture_are_a_sentence(far: float, kind: str) -> None:
    network = layered_network(("x", "y"), [2], 1)
    network = place_nodes(network, {network.layers[1].nodes[0].id: (0.0, far)})
    for size in (None, (600.0, 400.0)) if far > 1e12 else (None,):
        with pytest.raises(ModelError, match="so far apart"):
            network_picture(network, kind, settings=PictureSettings(size=size))
