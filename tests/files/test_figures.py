"""Plots are written as pictures and as numbers, the same every time."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from bpviz.errors import FileError, UnknownNameError
from bpviz.files.figures import FIGURE_FORMATS, new_picture, write_figure
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.pictures import drawing
from bpviz.model.examples import EXAMPLES
from bpviz.palette import DARK, LIGHT, Palette
from bpviz.training.figure import Axis, Figure, View
from bpviz.training.figures import PLOTS
from bpviz.training.marks import Bars, Heat, Line, Mark, Points, RowGroup, Rule, Scale
from bpviz.training.session import Session
from tests.training.marks import faint, the

STARTS = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF", "csv": b""}


def figure_of(run: Session, name: str) -> Figure:
    return PLOTS[name].figure(run.snapshot(PLOTS[name].wants))


@pytest.fixture(scope="module")
def run() -> Session:
    found = Session(EXAMPLES["spiral"].build())
    found.advance(60)
    return found


def line(name: str, values: list[float], color: str = "train") -> Line:
    steps, y = np.arange(len(values)), np.array(values)
    return Line(name, steps, steps, y, y, y, color)


def lines(*drawn: Mark, log: bool = False) -> Figure:
    return Figure("loss", "Loss", Axis("Step"), Axis("Loss", log=log), drawn, "Nothing yet.")


@pytest.mark.parametrize("kind", FIGURE_FORMATS)
@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_written_in_every_format(tmp_path: Path, run: Session, name: str, kind: str) -> None:
    path = tmp_path / f"plot.{kind}"
    write_figure(figure_of(run, name), path)
    content = path.read_bytes()
    assert content.startswith(STARTS[kind])
    assert len(content) > 50
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", FIGURE_FORMATS)
def test_the_same_figure_gives_the_same_bytes(run: Session, kind: str) -> None:
    entry = FIGURE_FORMATS[kind]
    for name in ("loss", "deltas"):
        figure = figure_of(run, name)
        assert entry.content(figure, PictureSettings()) == entry.content(figure, PictureSettings())


def test_light_and_dark_pictures_have_the_palettes_ground(run: Session) -> None:
    for palette in (LIGHT, DARK):
        text = (
            FIGURE_FORMATS["svg"]
            .content(figure_of(run, "loss"), PictureSettings(theme=palette.name))
            .decode()
        )
        assert palette.surface in text
        assert palette.accent in text


def test_pictures_carry_no_date_and_no_version(run: Session) -> None:
    figure = figure_of(run, "loss")
    assert b"<dc:date>" not in FIGURE_FORMATS["svg"].content(figure, PictureSettings())
    assert b"CreationDate" not in FIGURE_FORMATS["pdf"].content(figure, PictureSettings())
    assert b"Matplotlib" not in FIGURE_FORMATS["png"].content(figure, PictureSettings())


def test_numbers_read_back_as_the_same_bits(tmp_path: Path) -> None:
    values = [0.1 + 0.2, 1e-300, -0.0, float("nan")]
    write_figure(lines(line("train", values)), tmp_path / "loss.csv")
    with (tmp_path / "loss.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["series", "first step", "last step", "low", "high", "mean"]
    assert [float(row[5]) for row in rows[:3]] == values[:3]
    assert rows[3][5] == ""


def test_names_that_look_like_markup_are_only_names() -> None:
    figure = lines(line("_a $x^2$ <b>&", [1.0, 2.0]), line("名前", [2.0, 3.0], "test"))
    text = FIGURE_FORMATS["svg"].content(figure, PictureSettings()).decode()
    assert "_a $x^2$ &lt;b&gt;&amp;" in text
    for kind in ("png", "pdf"):
        assert FIGURE_FORMATS[kind].content(figure, PictureSettings())


@pytest.mark.parametrize("values", [[0.0, 0.0], [-1.0, 1.0], [1e-30, 1e30], [float("nan"), 1.0], [0.5]])
def test_a_log_axis_bears_any_values(values: list[float]) -> None:
    figure = lines(line("train", values), Rule(0.5, "learning rate 0.1"), log=True)
    assert FIGURE_FORMATS["png"].content(figure, PictureSettings())


def test_log_ticks_are_plain_numbers() -> None:
    text = FIGURE_FORMATS["svg"].content(lines(line("a", [0.001, 1.0]), log=True), PictureSettings()).decode()
    assert "mathdefault" not in text
    assert re.search(r">0\.01<", text)


def heatmap(rows: int) -> Figure:
    values = np.linspace(-1, 1, rows * 4).reshape(rows, 4)
    values[0, 0] = np.nan
    names = tuple(f"row {k}" for k in range(rows))
    half = rows // 2
    groups = (RowGroup(0, half, "Hidden 1"), RowGroup(half, rows, "Output"))
    scale = Scale("delta", "diverging", 1.0, 1e-3)
    heat = Heat(np.arange(5.0), values, names, groups, scale)
    return Figure("deltas", "Deltas", Axis("Step"), Axis("Node"), (heat,), "Nothing.")


def test_rows_are_named_where_there_is_room_and_groups_elsewhere() -> None:
    few = FIGURE_FORMATS["svg"].content(heatmap(6), PictureSettings()).decode()
    many = FIGURE_FORMATS["svg"].content(heatmap(200), PictureSettings()).decode()
    assert "row 5" in few
    assert "row 5" not in many
    assert "Hidden 1" in many


def test_a_plot_without_anything_in_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"There is nothing in the plot 'Loss' yet: Nothing yet\."):
        write_figure(lines(), tmp_path / "loss.png")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_by_the_ending_or_the_word(tmp_path: Path, run: Session) -> None:
    figure = figure_of(run, "loss")
    with pytest.raises(UnknownNameError, match="did you mean 'png'"):
        write_figure(figure, tmp_path / "loss.pngg")
    with pytest.raises(UnknownNameError, match="'gif'"):
        write_figure(figure, tmp_path / "loss.png", "gif")


def test_classes_on_a_map_have_their_own_colors() -> None:
    project = EXAMPLES["xor"].build()
    found = Session(project)
    figure = figure_of(found, "map")
    text = FIGURE_FORMATS["svg"].content(figure, PictureSettings()).decode()
    assert LIGHT.negative in text
    assert LIGHT.positive in text


def test_a_size_can_be_chosen(run: Session) -> None:
    content = FIGURE_FORMATS["png"].content(figure_of(run, "loss"), PictureSettings((800.0, 600.0)))
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (800, 600)


def drawn_axes(figure: Figure, palette: Palette = LIGHT) -> tuple[Canvas, Axes]:
    """A figure's picture before it is written, laid out."""
    canvas = new_picture(figure, PictureSettings(theme=palette.name))
    canvas.draw_without_rendering()
    return canvas, canvas.axes[0]


def test_zeros_on_a_log_axis_are_marks_at_its_foot_which_says_0() -> None:
    with drawing(PictureSettings(theme="light")):
        _, axes = drawn_axes(lines(line("train", [1.125, 0.0, 0.0]), log=True))
        assert axes.get_yscale() == "log"
        assert 0 < axes.get_ylim()[0] < 1.125 / 3
        assert "0" in [text.get_text() for text in axes.texts]
        at_foot = [one for one in axes.lines if one.get_marker() == 2]
        assert [np.asarray(one.get_xdata()).tolist() for one in at_foot] == [[1.0, 2.0]]
        alone = [np.asarray(one.get_xdata()).tolist() for one in axes.lines if one.get_marker() == "o"]
        assert alone == [[0.0]]


def test_a_log_axis_reaches_down_to_the_smallest_value() -> None:
    with drawing(PictureSettings(theme="light")):
        _, axes = drawn_axes(lines(line("train", [1.0, 1e-31]), log=True))
        low, high = axes.get_ylim()
        assert low <= 1e-31
        assert high >= 1.0
        assert not list(axes.texts)


@pytest.mark.parametrize("count", [2, 3, 6, 12, 26])
@pytest.mark.parametrize("name", ["c", "a name of two dozen letters", "wide WWWWWWWWWWWWWWWWWWWWWWWW"])
def test_names_of_classes_never_lie_over_each_other(count: int, name: str) -> None:
    names = tuple(f"{name} {chr(65 + k)}" for k in range(count))
    ticks = tuple((at + 0.5, text) for at, text in enumerate(names))
    values, scale = np.full((count, count), 100.0), Scale("Examples", "sequential", 100.0)
    x, y = Axis("Predicted class", ticks=ticks), Axis("Actual class")
    heat = Heat(np.arange(count + 1.0), values, names, (), scale, numbers=True)
    figure = Figure("confusion", "Confusion", x, y, (heat,), "")
    with drawing(PictureSettings(theme="light")):
        canvas, axes = drawn_axes(figure)
        numbers = axes.texts[:count]
        for texts in (axes.get_xticklabels(), axes.get_yticklabels(), numbers):
            boxes = [text.get_window_extent() for text in texts]
            assert len(boxes) == count
            assert not any(a.overlaps(b) for a, b in pairwise(boxes))
            assert all(canvas.bbox.containsx(box.x0) and canvas.bbox.containsy(box.y0) for box in boxes)


def test_long_names_and_line_breaks_are_cut_to_one_short_line() -> None:
    figure = lines(line("n" * 2_000, [1.0]), line("two\nlines", [1.0]), Rule(0.0, "m" * 2_000))
    text = FIGURE_FORMATS["svg"].content(figure, PictureSettings()).decode()
    assert "n" * 50 not in text
    assert "m" * 70 not in text
    assert "two lines" in text


def test_numbers_in_the_legend_that_differ_read_differently() -> None:
    figure = lines(line("Training", [0.9999]), line("Test", [1.0002], "test"))
    text = FIGURE_FORMATS["svg"].content(figure, PictureSettings()).decode()
    assert "0.9999" in text
    assert "1.0002" in text


def test_a_long_rough_curve_is_joined_to_what_a_picture_can_show_and_keeps_its_extremes() -> None:
    values = np.random.default_rng(0).normal(size=5_000).tolist()
    with drawing(PictureSettings(theme="light")):
        _, axes = drawn_axes(lines(line("train", values)))
        assert np.size(axes.lines[0].get_xdata()) == 300
        band = axes.collections[0].get_datalim(axes.transData)
        assert (band.y0, band.y1) == (pytest.approx(min(values)), pytest.approx(max(values)))


def test_a_run_of_one_step_counts_in_whole_steps() -> None:
    with drawing(PictureSettings(theme="light")):
        _, axes = drawn_axes(lines(line("train", [0.5])))
        assert axes.get_xlim()[1] == 10.0


def texts(canvas: Canvas) -> set[str]:
    """Everything that is written beside curves."""
    return {found.get_text() for found in canvas.axes[0].texts}


@pytest.mark.parametrize("log", [False, True])
def test_curves_behind_are_named_and_share_one_entry_of_the_legend(log: bool) -> None:
    behind = (line("first", [0.5, 0.4], "disabled"), line("_second", [0.9, 0.8], "disabled"))
    figure = lines(line("train", [0.7, 0.1]), *faint(*behind), log=log)
    with drawing(PictureSettings(theme="light")):
        canvas = new_picture(replace(figure, behind_name="Earlier runs"), PictureSettings(theme="light"))
        (axes,) = canvas.axes
        assert texts(canvas) == {"first", " _second"}
        legend = axes.get_legend()
        assert legend is not None
        assert [entry.get_text() for entry in legend.get_texts()] == ["train  0.1", "Earlier runs"]
        assert axes.get_ylim()[1] > 0.9


def test_a_run_behind_that_left_the_finite_numbers_presses_nothing_flat() -> None:
    behind = (line("wild", [0.5, 1e9, np.nan], "disabled"), line("zero", [0.5, 0.0], "disabled"))
    for log in (False, True):
        figure = lines(line("train", [0.7, 0.1]), *faint(*behind), log=log)
        with drawing(PictureSettings(theme="light")):
            canvas = new_picture(figure, PictureSettings(theme="light"))
            assert canvas.axes[0].get_ylim()[1] < 20


def test_curves_behind_are_drawn_before_there_are_others(tmp_path: Path) -> None:
    figure = lines(*faint(line("first", [0.5, 0.4], "disabled")))
    for log in (False, True):
        shown = replace(figure, y=replace(figure.y, log=log))
        write_figure(shown, tmp_path / "loss.svg")
        assert (tmp_path / "loss.svg").stat().st_size > 1000


@pytest.mark.parametrize("name", ["loss", "gradients", "deltas"])
def test_the_step_that_is_looked_at_is_marked(run: Session, name: str) -> None:
    figure = figure_of(run, name)
    there = replace(figure, marks=(*figure.marks, Rule(1234.0, here=True)))
    with drawing(PictureSettings(theme="dark")):
        assert "1\u202f234" in texts(new_picture(there, PictureSettings(theme="dark")))
        assert "1\u202f234" not in texts(new_picture(figure, PictureSettings(theme="dark")))


@pytest.mark.parametrize("log", [False, True])
def test_bars_stand_where_they_begin_and_end_and_have_an_entry_of_the_legend(log: bool) -> None:
    bars = Bars("Weights", np.array([0.0, 0.5, 2.0]), np.array([3.0, 0.5]), "train")
    with drawing(PictureSettings(theme="light")):
        _, axes = drawn_axes(lines(bars, log=log))
        boxes = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
        assert [(box.x0, box.x1) for box in boxes] == [pytest.approx((0.0, 0.5)), pytest.approx((0.5, 2.0))]
        assert [box.y1 for box in boxes] == [pytest.approx(3.0), pytest.approx(0.5)]
        assert axes.get_ylim()[0] <= (0.5 if log else 0.0)
        legend = axes.get_legend()
        assert legend is not None
        assert [entry.get_text() for entry in legend.get_texts()] == ["Weights"]


def test_points_can_stand_without_an_image() -> None:
    whole = figure_of(Session(EXAMPLES["xor"].build()), "map")
    points = the(whole, Points)
    with drawing(PictureSettings(theme="light")):
        canvas, axes = drawn_axes(replace(whole, marks=(points,)))
        assert len(canvas.axes) == 1, "no scale, for there is no value all over the plane"
        assert sum(len(np.asarray(dots.get_offsets())) for dots in axes.collections) == points.points.x.size


@pytest.mark.parametrize("log", [False, True])
def test_parts_of_the_axes_that_were_chosen_are_what_is_drawn(log: bool) -> None:
    rules = Rule(1.0, "before"), Rule(3.0, "inside")
    drawn = lines(line("a", [5.0, 4.0, 3.0, 2.0, 0.0, 0.5, 7.0]), *rules, log=log)
    figure = View(x=(2.0, 4.5), y=(0.25, 3.0)).of(drawn)
    with drawing(PictureSettings()):
        canvas = new_picture(figure, PictureSettings())
        (axes,) = canvas.axes
        assert axes.get_xlim() == (2.0, 4.5)
        assert axes.get_ylim() == (0.25, 3.0)
        assert "inside" in texts(canvas)
        assert "before" not in texts(canvas)


def test_a_smooth_line_is_drawn_before_what_it_goes_through() -> None:
    figure = View(smooth=0.5).of(lines(line("a", [4.0, 0.0, 4.0])))
    with drawing(PictureSettings()):
        drawn = [one.get_ydata() for one in new_picture(figure, PictureSettings()).axes[0].lines]
    assert any(np.array_equal(y, [4.0, 0.0, 4.0]) for y in drawn)
    assert any(np.allclose(y, [4.0, 4 / 3, 20 / 7]) for y in drawn if np.size(y) == 3)


def test_names_stand_below_where_there_is_no_room_beside() -> None:
    figure = lines(line("a", [1.0, 2.0]))
    with drawing(PictureSettings()):
        narrow = new_picture(figure, PictureSettings((60.0, 50.0), "mm"))
        wide = new_picture(figure, PictureSettings((200.0, 100.0), "mm"))
        assert narrow.axes[0].get_legend() is None
        assert len(narrow.legends) == 1
        assert wide.axes[0].get_legend() is not None
