"""Tags stand on the links they speak of."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QGraphicsPathItem
from pytestqt.qtbot import QtBot

import bpviz
from bpviz.training.check_words import error_text
from bpviz.ui.main_window import MainWindow
from bpviz.ui.proof.checked import Checked


def test_each_link_has_its_tag_and_one_that_skips_has_it_on_its_arc(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("skip_link")
    run = bpviz.session(window.document.project, engine="reference")
    checked = Checked(run.compiled, bpviz.check_gradients(run, slice(0, 2)), 2, 1, 0)
    scene = window.canvas.scene
    before = set(scene.items())
    window.proving.tags.show_check(checked)
    tags = [item for item in scene.items() if item not in before and isinstance(item, QGraphicsPathItem)]
    assert sorted(window.proving.tags.texts) == sorted(error_text(link) for link in checked.found.links)
    top = float(np.min(scene.placement.y))
    above = [tag for tag in tags if tag.pos().y() < top]
    assert len(tags) == len(checked.found.links)
    assert len(above) == 1  # the one link that skips
    window.proving.tags.show_check(None)
    assert set(scene.items()) == before
