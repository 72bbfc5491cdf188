from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.training.figure import Axis, Figure, View
from bpviz.training.figure_rows import figure_rows
from bpviz.training.marks import Bars, Heat, Image, Line, Mark, Points, RowGroup, Scale
from bpviz.training.snapshot import PlanePoints

VALUES = st.floats(-1e6, 1e6)
SCALES = (
    Scale("linear", "diverging", 2.0, center=0.5),
    Scale("log", "diverging", 10.0, floor=1e-3),
    Scale("sizes", "sequential", 10.0, floor=1e-3),
)


def line(name: str, *y: float) -> Line:
    steps, values = np.arange(len(y)), np.array(y)
    return Line(name, 2 * steps, 2 * steps + 1, values, values - 0.5, values + 0.5, "train")


def of(*marks: Mark, x: str = "Step", y: str = "Loss") -> Figure:
    return Figure("loss", "Loss", Axis(x), Axis(y), marks, "Losses appear here.")


def heatmap(values: list[list[float]], *, numbers: bool = False) -> Figure:
    array = np.array(values)
    ticks = tuple((at + 0.5, f"c{at}") for at in range(array.shape[1])) if numbers else ()
    edges = np.array([0.0, 2.0, 4.0])[: array.shape[1] + 1]
    groups = (RowGroup(0, 1, "Hidden 1"), RowGroup(1, 2, "Output"))
    scale, rows = Scale("delta", "diverging", 1.0), ("1", "Output · 1")
    heat = Heat(edges, array, rows, () if numbers else groups, scale, numbers=numbers)
    return Figure("deltas", "Deltas", Axis("Step", ticks=ticks), Axis("Node"), (heat,), "Deltas appear here.")


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.label)
@given(a=VALUES, b=VALUES)
def test_a_scale_keeps_order_and_stays_within_its_ends(scale: Scale, a: float, b: float) -> None:
    first, second = scale.place(np.array(sorted((a, b))))
    assert first <= second
    assert first >= (-1 if scale.kind == "diverging" else 0)
    assert second <= 1


@pytest.mark.parametrize("scale", SCALES[:2], ids=lambda scale: scale.label)
@given(place=st.floats(-1, 1))
def test_a_place_on_the_scale_leads_back_to_its_value(scale: Scale, place: float) -> None:
    assert scale.place(np.array([scale.value(place)]))[0] == pytest.approx(place, abs=1e-9)


@pytest.mark.parametrize("scale", SCALES[:2], ids=lambda scale: scale.label)
def test_a_diverging_scale_has_its_middle_and_its_ends(scale: Scale) -> None:
    ends = np.array([scale.center - scale.limit, scale.center, scale.center + scale.limit])
    np.testing.assert_allclose(scale.place(ends), [-1, 0, 1], atol=1e-15)


def test_what_is_missing_is_placed_in_the_middle_and_what_is_infinite_at_the_end() -> None:
    places = SCALES[1].place(np.array([math.nan, math.inf, -math.inf]))
    assert places.tolist() == [0.0, 1.0, -1.0]


def test_an_axis_names_its_unit() -> None:
    assert Axis("Accuracy", "%").title == "Accuracy (%)"
    assert Axis("Step").title == "Step"


def test_a_point_is_drawn_in_the_middle_of_its_steps() -> None:
    assert line("a", 1.0, 2.0).x.tolist() == [0.5, 2.5]


def test_curves_as_a_table_have_a_row_for_each_point() -> None:
    header, rows = figure_rows(of(line("Training", 1.0, 2.0), line("Test", 3.0)))
    assert header == ("series", "first step", "last step", "low", "high", "mean")
    assert rows == [
        ("Training", 0, 1, 0.5, 1.5, 1.0),
        ("Training", 2, 3, 1.5, 2.5, 2.0),
        ("Test", 0, 1, 2.5, 3.5, 3.0),
    ]


def test_a_heatmap_as_a_table_has_a_column_for_each_node() -> None:
    header, rows = figure_rows(heatmap([[0.1, 0.2], [0.3, 0.4]]))
    assert header == ("first step", "last step", "Hidden 1 · 1", "Output · 1")
    assert rows == [(0, 1, 0.1, 0.3), (2, 3, 0.2, 0.4)]


def test_a_table_of_numbers_keeps_its_shape() -> None:
    header, rows = figure_rows(heatmap([[5.0, 1.0], [0.0, 6.0]], numbers=True))
    assert header == ("Node", "c0", "c1")
    assert rows == [("1", 5.0, 1.0), ("Output · 1", 0.0, 6.0)]


def test_a_map_as_a_table_says_where_the_middle_of_each_cell_is() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    scale = Scale("Output", "diverging", 1.0)
    header, rows = figure_rows(of(Image((0.0, 4.0, -1.0, 1.0), values, scale), x="x", y="y"))
    assert header == ("x", "y", "Output")
    assert rows == [(1.0, -0.5, 1.0), (3.0, -0.5, 2.0), (1.0, 0.5, 3.0), (3.0, 0.5, 4.0)]


def test_the_map_of_a_plane_as_large_as_numbers_go_has_middles_too() -> None:
    far = 2.0**1023
    image = Image((-far, far, -far, far), np.zeros((2, 2)), Scale("Output", "diverging", 1.0))
    _, rows = figure_rows(of(image, x="x", y="y"))
    assert [row[:2] for row in rows] == [
        (-far / 2, -far / 2),
        (far / 2, -far / 2),
        (-far / 2, far / 2),
        (far / 2, far / 2),
    ]


def test_figures_without_data_are_empty() -> None:
    assert of().is_empty
    assert of(line("a")).is_empty
    assert not of(line("a", 1.0)).is_empty
    nothing = of(Image((0.0, 1.0, 0.0, 1.0), np.zeros((0, 0)), SCALES[0]), x="x", y="y")
    assert nothing.is_empty
    assert figure_rows(nothing) == (("x", "y", "linear"), [])


def test_bars_as_a_table_have_a_row_for_each() -> None:
    bars = Bars("Weights", np.array([0.0, 0.5, 2.0]), np.array([3.0, 4.0]), "train")
    assert figure_rows(of(bars, y="Count")) == (
        ("series", "from", "to", "Count"),
        [("Weights", 0.0, 0.5, 3.0), ("Weights", 0.5, 2.0, 4.0)],
    )


def test_points_without_an_image_are_a_table_of_examples() -> None:
    test = np.array([False, True])
    at = PlanePoints(("x", "y"), np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.zeros(2), test, ("a",), "t")
    header, rows = figure_rows(of(Points(at, SCALES[0]), x="x", y="y"))
    assert header == ("x", "y", "value", "part")
    assert rows == [(1.0, 3.0, 0.0, "training"), (2.0, 4.0, 0.0, "test")]


def test_a_figure_can_be_seen_logarithmically_or_on_a_locked_scale_where_that_applies() -> None:
    curve, table = of(line("a", 1.0)), heatmap([[0.1, 0.2], [0.3, 0.4]])
    view = View(log=True, scale=SCALES[1])
    assert view.of(curve).y.log
    assert not view.of(table).y.log
    assert (view.of(curve).scale, view.of(table).scale) == (None, SCALES[1])
