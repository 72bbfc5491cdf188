"""No number of a step is seen before its phase: every view is asked at every phase, over the whole table.

Each quantity is made to read a number that nothing else has, another one for each layer.  So whatever shows a
quantity is recognized, whichever way it came there, and a quantity that is added later is looked for as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from bpviz.arrays import Array
from bpviz.engine.plan import Plan
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project
from bpviz.training.passes import Pass
from bpviz.training.places import NodeSpots, ParameterSpots, Spots
from bpviz.training.quantities import QUANTITIES, layer_known_from
from bpviz.training.readings import Reading
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline import Timeline
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.card import Card
from bpviz.ui.canvas.targets import Target
from bpviz.ui.canvas.views import views
from bpviz.ui.desk import Desk
from bpviz.ui.document import Document, Selection
from bpviz.ui.explanation.panel import ExplanationPanel
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme
from tests.training.projects import circle
from tests.ui.explanation.conftest import Reader

WANTS = frozenset({"parameters", "trace"})
PROJECTS: dict[str, Callable[[], Project]] = {
    "mazur": EXAMPLES["mazur"].build,
    "a skip net": EXAMPLES["xor_one_node"].build,
    "a batch of ten": partial(circle, 2, 2),
}
_NUMBER = re.compile(r"\d[\d\u202f]*(?:\.\d+)?")
_FIRST, _LAYERS = 1000, 10


def _mark(key: str, layer: int | None) -> int:
    """The number that a quantity reads in a layer."""
    return _FIRST + _LAYERS * list(QUANTITIES).index(key) + (layer or 0)


def _marked(key: str) -> Reading:
    def read(made: Pass, spots: Spots, _example: int | None) -> Array:
        if isinstance(spots, NodeSpots):
            size = made.plan.layers[spots.layer].size
            return np.full(size, float(_mark(key, spots.layer)))[spots.nodes]
        if isinstance(spots, ParameterSpots):
            return _by_layer(key, made.plan)[spots.at]
        return np.array([float(_mark(key, None))])

    return read


def _by_layer(key: str, plan: Plan) -> Array:
    marks = np.zeros(plan.size)
    for layer in range(1, len(plan.layers)):
        for part in plan.layer_slices(layer):
            marks[part] = _mark(key, layer)
    return marks


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every quantity read its mark."""
    for key, entry in list(QUANTITIES.items()):
        monkeypatch.setitem(QUANTITIES._entries, key, replace(entry, values=_marked(key)))


@dataclass
class Looker:
    """Looks at everything that shows numbers of a step."""

    canvas: NetworkCanvas
    inspector: Inspector
    reader: Reader
    card: Card
    snapshot: Snapshot = field(init=False)

    def look(self, run: Run) -> None:
        self.snapshot = run.session.snapshot(WANTS, look=run.look)

    def seen(self) -> Iterator[tuple[str, set[int]]]:
        """Every view, with the marks that are seen there."""
        assert self.snapshot.cursor is not None
        yield "the sentence", _marks([self.snapshot.cursor.text])
        self.canvas.show_snapshot(self.snapshot)
        for view in views():
            self.canvas.desk.show_view(view)
            yield f"the canvas's {view}", self._in_picture()
        for selection, target in self._things():
            yield f"the card of {target}", self._in_card(target)
            self.inspector.show_selection(selection)
            self.inspector.show_snapshot(self.snapshot)
            yield f"the inspector of {target}", _marks(_labels(self.inspector.page))
            yield f"the explanation of {target}", self._in_explanation(selection)

    def _in_picture(self) -> set[int]:
        scene = self.canvas.scene
        reading = scene.reading
        arrays = [*(reading.pairs, reading.biases, reading.nodes)]
        numbers = np.concatenate([values[np.isfinite(values)] for values in arrays])
        texts = [text for item in scene.parts.nodes.values() for text in item.look.numbers]
        texts += scene.parts.texts.texts
        return {round(number) for number in numbers.tolist()} | _marks(texts) | _marks(_labels(self.canvas))

    def _in_card(self, target: Target) -> set[int]:
        self.card.fill(["A thing"], self.canvas.scene.groups(target))
        return _marks([f"{label} {number}" for label, number in self.card.rows])

    def _in_explanation(self, selection: Selection) -> set[int]:
        panel = self.reader.panel
        panel.show_selection(selection)
        panel.show_snapshot(self.snapshot)
        found = _marks(_labels(panel))
        for letter in [button.text() for button in panel.sheet.choices]:
            (button,) = [one for one in panel.sheet.choices if one.text() == letter]
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            lines = self.reader.lines if panel.sheet.view.isVisible() else []
            found |= _marks([*lines, *_labels(panel)])
        return found

    def _things(self) -> Iterator[tuple[Selection, Target]]:
        network = self.canvas.editor.network
        yield Selection(), Target("empty")
        for layer in network.layers:
            node = layer.nodes[0].id
            yield Selection(nodes=frozenset({node})), Target("node", node=node)
            yield Selection(layers=frozenset({layer.id})), Target("caption", layer=layer.id)
        for link in network.links:
            pair = (network.layer(link.source).nodes[0].id, network.layer(link.target).nodes[0].id)
            yield Selection(pairs=frozenset({pair})), Target("pair", pair=pair)


def _labels(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def _marks(texts: list[str]) -> set[int]:
    """The numbers in texts that could be marks."""
    numbers = (float(found.replace("\u202f", "")) for text in texts for found in _NUMBER.findall(text))
    return {round(number) for number in numbers if number >= _FIRST}


MakeLooker = Callable[[Project, Run], Looker]


@pytest.fixture
def make_looker(qtbot: QtBot, preferences: Preferences, qapp: object) -> MakeLooker:
    def make(project: Project, run: Run) -> Looker:
        theme = Theme("light")
        document = Document(project, first_free_number(project.network))
        canvas, inspector = NetworkCanvas(Desk(document), theme), Inspector(document, theme)
        panel = ExplanationPanel(document, theme, preferences)
        for widget in (canvas, inspector, panel):
            qtbot.addWidget(widget)
            widget.resize(500, 700)
            widget.show()
            qtbot.waitExposed(widget)
        document.setParent(canvas)
        return Looker(canvas, inspector, Reader(panel, run), Card(theme, canvas))

    return make


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("example", [None, 0])
def test_no_number_is_seen_before_its_phase(name: str, example: int | None, make_looker: MakeLooker) -> None:
    project = PROJECTS[name]()
    run = Run(Timeline(Session(project)))
    looker = make_looker(project, run)
    plan = run.session.compiled.plan
    # By number, what it stands for, and the phase from which it may be seen.
    known = {
        _mark(key, layer): (f"{key} of {layer}", layer_known_from(plan, key, layer))
        for key, entry in QUANTITIES.items()
        for layer in (range(len(plan.layers)) if entry.scope != "whole" else [None])
        if _there(key, layer, len(plan.layers))
    }
    ever: set[str] = set()
    run.walk.move("phase")
    while True:
        cursor = run.walk.cursor
        assert cursor is not None
        if example is not None and not cursor.is_last:
            run.walk._stand(cursor.index, example)
        looker.look(run)
        for where, marks in looker.seen():
            early = [known[mark][0] for mark in marks & known.keys() if known[mark][1] > cursor.index]
            assert not early, f"in phase {cursor.phase.title}, {where} shows {early}"
            ever |= {known[mark][0].partition(" ")[0] for mark in marks & known.keys()}
        if cursor.is_last:
            break
        run.walk.move("phase")
    told = {
        key for key, entry in QUANTITIES.items() if entry.telling(Pass(run.session.rule, run.session.peek()))
    }
    absent = {"loss"} if example is None and name == "a batch of ten" else set[str]()
    assert {key for key in told if "memory" not in key and key not in absent} <= ever, "at last, all are seen"


def _there(key: str, layer: int | None, layers: int) -> bool:
    """Whether a quantity has values in a layer."""
    scope = QUANTITIES[key].scope
    inside = {"input": layer == 0, "output": layer == layers - 1, "whole": layer is None}
    return inside.get(scope, bool(layer))
