from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpviz.data.settings import DataSettings
from bpviz.errors import SettingError, UnknownNameError
from bpviz.model.edits import add_node, on_network
from bpviz.model.spec import Project
from bpviz.palette import PALETTES
from bpviz.training.figure import LOOKS, Figure, View
from bpviz.training.figure_rows import figure_rows
from bpviz.training.figures import PLOTS, Plot, plot_and_view
from bpviz.training.marks import Band, Heat, Image, Line, Points, Scale
from bpviz.training.session import Session
from bpviz.training.wants import everything
from tests.training.marks import the
from tests.training.projects import circle, iris, retrained, sine

PROJECTS = {"circle": circle(), "iris": iris(), "sine": sine()}


def drawn(name: str, project: Project, steps: int = 40) -> Figure:
    """A plot of a run of so many steps."""
    session = Session(project)
    session.advance(steps)
    return PLOTS[name].figure(session.snapshot(PLOTS[name].wants))


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_says_what_it_shows_and_what_it_waits_for(name: str, project: Project) -> None:
    assert PLOTS[name].wants <= everything()
    assert PLOTS[name].about.endswith(".")
    for steps in (0, 40):
        figure = drawn(name, project, steps)
        assert figure.name == name
        assert figure.title
        assert figure.x.label
        assert figure.y.label
        assert figure.empty.endswith(".") or not figure.is_empty
    assert figure.is_empty != PLOTS[name].applies(project)


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_can_be_written_as_a_table(name: str, project: Project) -> None:
    header, rows = figure_rows(drawn(name, project))
    assert len(set(header)) == len(header)
    assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize("name", ["loss", "accuracy", "gradients", "ratios"])
def test_every_color_is_one_of_the_palette(name: str) -> None:
    for palette in PALETTES.values():
        assert all(palette.color(line.color).startswith("#") for line in drawn(name, circle()).curves)


def test_the_loss_shows_batches_as_a_band_and_the_test_part_dashed() -> None:
    by_name = {line.name: line for line in drawn("loss", circle()).curves}
    assert list(by_name) == ["Batches", "Training", "Test"]
    assert isinstance(by_name["Batches"], Band)
    assert isinstance(by_name["Test"], Line)
    assert by_name["Test"].dashed
    assert drawn("loss", circle()).y.label == "Half squared error"


def test_the_cost_is_shown_beside_the_loss_where_there_is_a_penalty() -> None:
    figure = drawn("loss", circle(penalty="l2", penalty_rate=1.0))
    loss, cost = (
        next(line for line in figure.curves if line.name == name)
        for name in ("Training", "Training with penalty")
    )
    assert (cost.y > loss.y).all()


def test_accuracy_is_in_percent() -> None:
    session = Session(circle())
    figure = drawn("accuracy", circle())
    assert figure.y.unit == "%"
    assert session.metrics.train_accuracy is not None
    assert figure.curves[0].y[0] == pytest.approx(100 * session.metrics.train_accuracy)


def test_each_layer_has_a_curve_and_its_color_tells_its_depth() -> None:
    figure = drawn("gradients", circle(3, 2))
    assert [line.name for line in figure.curves] == ["Hidden 1", "Hidden 2", "Output"]
    assert [line.color for line in figure.curves] == ["layer:0/3", "layer:1/3", "layer:2/3"]
    assert figure.y.log


def test_the_heatmap_has_a_row_for_each_node_grouped_by_layer() -> None:
    figure = drawn("deltas", circle(3, 2))
    heat = the(figure, Heat)
    assert heat.values.shape == (6, 40)
    assert heat.rows[:4] == ("Hidden 1 · 1", "Hidden 1 · 2", "Hidden 1 · 3", "Hidden 2 · 1")
    assert [(group.start, group.stop, group.label) for group in heat.groups] == [
        (0, 3, "Hidden 1"),
        (3, 5, "Hidden 2"),
        (5, 6, "Output"),
    ]
    assert heat.edges.tolist() == list(range(41))
    assert figure.alternative is not None
    sizes = the(figure.alternative, Heat)
    assert (sizes.values >= np.abs(heat.values)).all()
    assert (heat.scale.kind, sizes.scale.kind) == ("diverging", "sequential")


def test_the_heatmaps_scale_stays_finite_however_large_the_deltas() -> None:
    session = Session(circle())
    session.advance(5)
    snapshot = session.snapshot(PLOTS["deltas"].wants)
    assert snapshot.nodes is not None
    values = np.full_like(snapshot.nodes.full, 1.5e308)
    far = replace(snapshot, nodes=replace(snapshot.nodes, full=values))
    heat = the(PLOTS["deltas"].figure(far), Heat)
    assert np.isfinite(heat.scale.limit)
    assert heat.scale.place(heat.values).max() == 1.0


def test_the_heatmaps_scale_ends_at_a_round_number_beyond_all_values() -> None:
    figure = the(drawn("deltas", circle()), Heat)
    largest = np.abs(figure.values).max()
    assert largest <= figure.scale.limit <= 10**0.5 * largest * (1 + 1e-12)
    assert 2 * np.log10(figure.scale.limit) == pytest.approx(round(2 * np.log10(figure.scale.limit)))


def test_the_past_of_a_new_node_is_missing_and_drawn_as_nothing() -> None:
    session = Session(circle(3, 2))
    session.advance(10)
    layer = session.project.network.layers[1]
    session.follow(on_network(lambda network: add_node(network, layer.id, "n90"))(session.project))
    session.advance(10)
    figure = the(PLOTS["deltas"].figure(session.snapshot(frozenset({"delta", "delta_size"}))), Heat)
    assert np.isnan(figure.values[3, :10]).all()
    assert np.isfinite(figure.scale.place(figure.values)).all()
    assert (figure.scale.place(figure.values)[3, :10] == 0).all()


def test_edits_are_marked_where_they_were_made() -> None:
    session = Session(circle())
    session.advance(5)
    session.follow(retrained(session.project, learning_rate=0.1))
    session.go_on()
    session.advance(5)
    figure = PLOTS["gradients"].figure(session.snapshot(frozenset({"gradient", "ratio"})))
    assert [(rule.x, rule.text) for rule in figure.rules] == [(5.0, "learning rate 0.03 → 0.1")]


def test_the_map_of_two_classes_turns_color_at_their_border() -> None:
    figure = drawn("map", circle())
    assert figure.title == "Decision map"
    points = the(figure, Points)
    assert (points.scale.center, points.scale.limit) == (0.0, 1.0)
    assert (figure.x.label, figure.y.label) == points.points.columns


def test_the_map_of_a_number_is_in_its_unit() -> None:
    project = replace(circle(), data=DataSettings(source="plane", samples=60))
    layers = project.network.layers
    linear = replace(layers[-1], activation="linear")
    figure = drawn("map", replace(project, network=replace(project.network, layers=(*layers[:-1], linear))))
    assert figure.title == "Output map"
    image, points = the(figure, Image), the(figure, Points).points
    largest = max(np.abs(points.value).max(), np.abs(image.values).max())
    assert largest <= image.scale.limit <= 1.34 * largest


def test_the_confusion_counts_every_example_of_the_test_part_once() -> None:
    figure = drawn("confusion", iris(), steps=150)
    assert figure.title == "Confusion of the test part"
    heat = the(figure, Heat)
    assert heat.rows == ("setosa", "versicolor", "virginica")
    assert heat.values.sum() == 45
    assert np.trace(heat.values) > 20


def test_a_project_whose_data_are_wrong_has_no_plots_of_classes_and_planes() -> None:
    project = replace(circle(), data=DataSettings(source="table"))
    assert [name for name, plot in PLOTS.items() if plot.applies(project)] == [
        *("loss", "gradients", "ratios", "deltas")
    ]


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("loss:log", View(log=True)),
        ("gradients:linear", View(log=False)),
        ("deltas:sizes", View(alternative=True)),
    ],
)
def test_a_plot_can_be_named_with_how_to_see_it(name: str, look: View) -> None:
    plot, view = plot_and_view(name)
    assert (plot.name, view) == (name.partition(":")[0], look)
    assert plot_and_view(plot.name) == (plot, View())


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS.keys())
def test_every_plot_changes_by_the_looks_it_offers_and_refuses_the_others(plot: Plot) -> None:
    project = iris() if plot.name == "confusion" else circle()
    figure = drawn(plot.name, project)
    seen = [plot_and_view(f"{plot.name}:{look}")[1].of(figure) for look in plot.looks]
    shapes = [(other.title, other.y.log) for other in seen]
    assert len(set(shapes)) == len(shapes)
    for look in LOOKS.keys() - set(plot.looks):
        with pytest.raises(SettingError, match=f"The plot '{plot.name}' can't be {look}"):
            plot_and_view(f"{plot.name}:{look}")


def test_an_unknown_look_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'log'"):
        plot_and_view("loss:lgo")


def test_a_locked_scale_is_part_of_how_a_heatmap_is_seen() -> None:
    figure, scale = drawn("deltas", circle()), Scale("Mean delta", "diverging", 5.0)
    assert View(scale=scale).of(figure).scale == scale
    sizes = View(alternative=True, scale=scale).of(figure)
    assert (sizes.title, sizes.scale) == ("Size of deltas", scale)
