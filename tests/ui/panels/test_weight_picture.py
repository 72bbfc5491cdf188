"""Weights from pixels into a node, as an image in the inspector."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import WeightAddress
from bpviz.training.session import Session
from bpviz.ui.document import Document, Selection
from bpviz.ui.numbers import short
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.shades import Shades
from bpviz.ui.theme import Theme


def test_the_weights_from_pixels_are_an_image_that_follows_the_run(theme: Theme, qtbot: QtBot) -> None:
    project = EXAMPLES["digits"].build()
    inspector = Inspector(Document(project, first_free_number(project.network)), theme)
    qtbot.addWidget(inspector)
    inspector.show()
    session = Session(project)
    inputs, hidden = project.network.layers[:2]
    inspector.show_selection(Selection(nodes=frozenset({hidden.nodes[2].id})))
    weights = inspector.node.weights
    images = []
    for _ in range(2):
        snapshot = session.snapshot(inspector.wants)
        inspector.show_snapshot(snapshot)
        assert snapshot.parameters is not None
        values = np.array(
            [
                snapshot.parameters[snapshot.compiled.index(WeightAddress(node.id, hidden.nodes[2].id))]
                for node in inputs.nodes
            ]
        ).reshape(8, 8)
        scale = np.abs(values).max()
        assert weights.picture.image == Shades(theme).image(values, scale)
        assert weights.words.text() == f"Weights from the pixels, ±{short(scale, 2)}"
        images.append(weights.picture.image)
        session.advance(5)
    assert images[0] != images[1]
    assert weights.isVisible()
    theme.set_mode("dark")
    assert weights.picture.image != images[1]


def test_other_nodes_have_no_image(theme: Theme, inspector: Inspector, document: Document) -> None:
    snapshot = Session(document.project).snapshot(frozenset({"parameters", "trace"}))
    node = document.project.network.layers[1].nodes[0].id
    inspector.show_selection(Selection(nodes=frozenset({node})))
    inspector.show_snapshot(snapshot)
    assert not inspector.node.weights.isVisible()
