"""Each drawer knows every mark, and they agree on what is where."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from bpviz.arrays import Array
from bpviz.drawing.network import network_drawing
from bpviz.drawing.value import Box, Disc, Drawing, Mark, Strokes, Tile, Words
from bpviz.drawing.words import as_label
from bpviz.files import drawing_figure, tikz
from bpviz.files.diagram import draw_network
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.pictures import drawing, picture
from bpviz.files.tikz import escaped, tikz_text
from bpviz.model.builder import layered_network
from bpviz.palette import LIGHT
from bpviz.ui import painting
from bpviz.ui.painting import paint

EVERYTHING = Drawing(
    0.0,
    0.0,
    120.0,
    80.0,
    "#ffffff",
    (
        Strokes(
            np.array([[[10.0, 70.0], [110.0, 70.0]], [[10.0, 60.0], [110.0, 60.0]]]),
            ("#ff0000", "#0000ff"),
            np.ones(2),
            np.full(2, 4.0),
            np.array([False, True]),
        ),
        Box(60.0, 10.0, 100.0, 40.0, 4.0, "#00ff00", "#000000", 1.0),
        Disc(30.0, 25.0, 12.0, "#ffff00", "#000000", 1.0),
        Tile(10.0, 2.0, 20.0, 8.0, 1.0, np.array([[[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]]), "#000000", 1.0),
        Words("Ω & 50 % of_x", 60.0, 50.0, 9.0, "#000000", ground="#ffffff"),
    ),
)


@pytest.mark.parametrize("table", [drawing_figure._DRAWERS, tikz._WRITERS, painting._PAINTERS])
def test_each_drawer_knows_every_mark(table: dict[type[Mark], object]) -> None:
    assert set(table) == set(get_args(Mark))


def _pixels(image: QImage) -> Array:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    places = [(30, 25), (80, 25), (60, 70), (5, 5), (12, 5), (18, 5)]
    scale = image.width() / 120
    colors = [QColor(image.pixel(round(x * scale), round(y * scale))) for x, y in places]
    return np.array([(color.red(), color.green(), color.blue()) for color in colors])


def test_qt_and_matplotlib_paint_the_same_at_the_same_places(qtbot: QtBot) -> None:
    image = QImage(240, 160, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.scale(2, 2)
    paint(painter, EVERYTHING)
    painter.end()
    with drawing(PictureSettings()):
        other = QImage.fromData(picture(drawing_figure.drawing_figure(EVERYTHING), "png", 192))
    wanted = [(255, 255, 0), (0, 255, 0), (255, 0, 0), (255, 255, 255), (0, 255, 255), (255, 0, 255)]
    assert _pixels(image).tolist() == _pixels(other).tolist() == [list(color) for color in wanted]


def test_latex_gets_every_mark_and_no_letter_that_steers_it() -> None:
    text = tikz_text(EVERYTHING)
    assert text.count("\\path[draw") == 5
    assert text.count("\\fill[") == 2
    assert text.count(",dashed]") == 1
    assert "? \\& 50 \\% of\\_x" in text
    assert escaped("ü²λ\\~") == r"ü$^2$$\lambda$\textbackslash{}\textasciitilde{}"
    assert escaped(as_label("a\nb")) == "a b"


def test_latex_compiles_where_tikz_is_installed(tmp_path: Path) -> None:
    asked = shutil.which("kpsewhich")
    there = asked and subprocess.run([asked, "tikz.sty"], check=False, capture_output=True).stdout
    if not there:
        advice = "TikZ is not here; install it by: apt-get install texlive-latex-base texlive-pictures"
        if os.environ.get("BPVIZ_LATEX") == "required":
            pytest.fail(advice)
        pytest.skip(advice)
    network = layered_network(["x_1", "größe", "50 %"], [3], ["#a", "b&c"])
    draw_network(network, tmp_path / "network.tex")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "network.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, check=False, capture_output=True, env={**os.environ, "HOME": str(tmp_path)}
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "network.pdf").stat().st_size > 1000


def test_a_drawing_says_how_large_it_is() -> None:
    drawn = network_drawing(layered_network(["x"], [2], 1), None, LIGHT)
    assert drawn.size == (drawn.right - drawn.left, drawn.bottom - drawn.top)
