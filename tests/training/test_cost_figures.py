"""How costs grow, as figures that can be drawn and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.engine.forward_mode import METHODS, Shape, multiplications
from bpviz.files.figures import write_figure
from bpviz.training.cost_figures import Along, cost_figure
from bpviz.training.marks import Line

SHAPE = Shape.chain([2, 8, 8, 1], fused=False)


def test_curves_go_through_the_drawn_network_where_it_is_a_chain() -> None:
    for along, here in (("depth", 2), ("width", 8)):
        figure = cost_figure(SHAPE, along)  # type: ignore[arg-type]
        assert [rule.x for rule in figure.rules] == [here]
        for line, method in zip(figure.all(Line), METHODS, strict=True):
            assert line.y[line.nearest(here)] == multiplications(SHAPE, method)
            assert (line.y[1:] > line.y[:-1]).all()


def test_a_large_network_is_inside_and_has_no_more_points_than_are_seen() -> None:
    figure = cost_figure(Shape.chain([784, 1000, 10], fused=True), "width")
    assert len(figure.all(Line)[0].y) == 64
    assert figure.all(Line)[0].first[[0, -1]].tolist() == [1, 2000]


def test_without_hidden_layers_growth_begins_with_one() -> None:
    figure = cost_figure(Shape.chain([3, 1], fused=False), "width")
    assert figure.x.label == "Nodes in each of 1 hidden layer"
    assert cost_figure(Shape.chain([3, 1], fused=False), "depth").all(Line)[0].first[0] == 1


@pytest.mark.parametrize("along", ["depth", "width"])
def test_they_are_written_as_pictures_and_numbers(along: Along, tmp_path: Path) -> None:
    for suffix in ("png", "csv"):
        path = tmp_path / f"cost.{suffix}"
        write_figure(cost_figure(SHAPE, along), path)
        assert path.stat().st_size > 100
