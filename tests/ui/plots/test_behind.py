"""Faint curves behind, and the line at a place in the past, as the window draws them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.training.figures import PLOTS
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_view import Ghost, TimelineView
from bpviz.ui.plots.curve_layer import CurveLayer
from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.plots.rule_layer import RuleLayer
from bpviz.ui.theme import Theme
from tests.training.marks import faint
from tests.ui.plots.figures import curves, layer, line, read, shown

(FAINT,) = faint(replace(line("an earlier run", [0.5, 0.45, 0.4, 0.35]), color="disabled"))
TRAINING = line("Training", [0.6, 0.1])


def names(view: FigureView) -> list[str]:
    return [label.item.text() for label in view.frame._ends._labels if label.item.isVisible()]


def test_faint_curves_are_named_at_their_ends_where_there_is_room(theme: Theme, qtbot: QtBot) -> None:
    figure = curves(TRAINING, FAINT)
    view = shown(figure, theme, qtbot, size=(600, 260))
    assert names(view) == ["0.1", "an earlier run"]
    assert names(shown(figure, theme, qtbot, size=(320, 260))) == ["0.1"]
    assert len(names(shown(curves(TRAINING, *(FAINT,) * 10), theme, qtbot, size=(600, 130)))) < 8


def test_ranges_take_them_in(theme: Theme, qtbot: QtBot) -> None:
    long = faint(line("long", [2.0] + [1.0] * 499))
    view = shown(curves(TRAINING, *long), theme, qtbot)
    assert view.frame.x_range[1] >= 499
    assert view.frame.y_range[1] >= 2.0
    alone = shown(curves(*long), theme, qtbot)
    assert alone.frame.y_range[1] >= 2.0


def test_the_same_curves_are_not_drawn_twice_and_others_are(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(TRAINING, FAINT), theme, qtbot)
    behind = layer(view, CurveLayer)._behind
    before = behind._drawn
    view.show_figure(curves(TRAINING, replace(FAINT, name="renamed")))
    assert behind._drawn is before
    view.show_figure(curves(TRAINING, *faint(line("other", [0.3, 0.2]))))
    assert behind._drawn is not before
    view.show_figure(curves(TRAINING))
    assert behind._strokes[0].path.isEmpty()


def test_a_faint_curve_is_told_under_the_pointer_only(theme: Theme, qtbot: QtBot) -> None:
    figure = curves(line("Training", [0.6, 0.1, 0.1, 0.1]), FAINT)
    view = shown(figure, theme, qtbot)
    assert read(view, 2.0, 0.4)[-1] == ("disabled", "an earlier run", "0.4")
    assert [row[1] for row in read(view, 2.0, 0.1)][-1] == "Training"
    alone = shown(curves(FAINT), theme, qtbot)
    assert read(alone, 2.0, 0.4)[-1][1] == "an earlier run"


def test_on_a_log_axis_they_stand_where_their_logarithms_are(theme: Theme, qtbot: QtBot) -> None:
    figure = curves(line("Training", [1.0, 0.1]), *faint(line("x", [1.0, 0.0, 0.01])), log=True)
    view = shown(figure, theme, qtbot)
    path = layer(view, CurveLayer)._behind._strokes[0].path
    assert {path.elementAt(k).y for k in range(path.elementCount())} >= {0.0, -2.0}


def past(snapshot: Snapshot, step: int) -> Snapshot:
    return replace(snapshot, step=step, timeline=TimelineView(0, snapshot.step, False, True, 1, (), ()))


def test_a_step_in_the_past_has_a_line_and_a_flag(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    for name in ("loss", "deltas"):
        view = FigureView(theme, PLOTS[name].figure(spiral).space)
        qtbot.addWidget(view.frame.widget)
        view.frame.widget.resize(500, 260)
        view.frame.widget.show()
        view.show_figure(PLOTS[name].figure(past(spiral, 42)))
        here = layer(view, RuleLayer).here
        assert here._label.item.text() == "42"
        assert here._flag.isVisible()
        assert np.isclose(here._stroke.path.elementAt(0).x, 42)
        x = here._flag.pos().x()
        view.frame.view.setRange(xRange=(0, 60), padding=0)
        assert here._flag.pos().x() > x, "it goes along where somebody zooms"
        view.frame.view.setRange(xRange=(50, 60), padding=0)
        assert not here._flag.isVisible()
        view.show_figure(PLOTS[name].figure(spiral))
        assert here.step is None
        assert here._stroke.path.isEmpty()


def test_the_legend_has_one_entry_for_all_of_them(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    project = EXAMPLES["spiral"].build()
    ghosts = tuple(Ghost("run", k, "", None, project, 100, series=spiral.series) for k in range(1, 6))
    panel = PlotPanel("loss", theme)
    qtbot.addWidget(panel)
    panel.resize(700, 260)
    panel.show()
    panel.show_snapshot(replace(spiral, ghosts=ghosts))
    qtbot.waitUntil(lambda: "Earlier runs" in panel.heading.legend.names)
    assert panel.heading.legend.names.count("Earlier runs") == 1
    assert not any("run 1" in name for name in panel.heading.legend.names)
