"""Matplotlib is set up for one picture and put back afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from bpviz.files.picture_settings import PictureSettings
from bpviz.files.pictures import drawing, new_figure, picture, points
from bpviz.palette import DARK

ROOT = Path(__file__).resolve().parents[2]


def test_the_settings_of_others_come_back() -> None:
    before = dict(matplotlib.rcParams)
    with drawing(PictureSettings(theme="dark")):
        assert matplotlib.rcParams["text.color"] == DARK.text
    assert dict(matplotlib.rcParams) == before


def test_sizes_are_pixels_and_pictures_of_pixels_are_twice_as_dense() -> None:
    with drawing(PictureSettings(theme="light")):
        content = picture(new_figure((320 / 96, 200 / 96)), "png", 192)
    assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == (640, 400)
    assert points(96) == 72


def test_letters_that_the_font_lacks_are_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    with drawing(PictureSettings(theme="light")):
        figure = new_figure((320 / 96, 200 / 96))
        figure.text(0.5, 0.5, "名前")
        assert picture(figure, "png", 192)
    assert not list(recwarn)


def test_matplotlib_is_loaded_when_something_is_drawn_and_never_pyplot() -> None:
    code = (
        "import sys; from pathlib import Path; import bpviz.files.figures, bpviz.files.diagram as d\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from bpviz.model.builder import layered_network\n"
        "d.network_picture(layered_network(['x'], [2], 1), 'png')\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
