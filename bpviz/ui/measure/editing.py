"""How long the window's own thread is busy with an edit of a wide network, and with taking it back.

To add an edit, add an entry to `EDITS`, and its name to the table of `bpviz.bench.window`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final, TypeAlias

from bpviz.model import edits
from bpviz.model.choosing import Selection
from bpviz.model.edits import on_network
from bpviz.model.examples import DEFAULT_EXAMPLE, EXAMPLES
from bpviz.model.spec import Network, Project
from bpviz.ui.housekeeping import REST_MS, Housekeeping
from bpviz.ui.main_window import MainWindow
from bpviz.ui.measure.play import open_window
from bpviz.ui.measure.stage import Scene, application, perform, screen
from bpviz.ui.preferences import Preferences
from bpviz.ui.project_file import read_file

_SETTLE_MS: Final = 800  # until what the run answers is drawn
_names: Final = count(1)

Do: TypeAlias = Callable[[MainWindow], object]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to the network in the window.

    Attributes:
        do: What is measured.
        prepare: What comes before it and is not, such as to select.
    """

    do: Do
    prepare: Do = lambda _window: None


def _of_project(edit: Callable[[Project], Project]) -> Edit:
    return Edit(lambda window: window.document.apply("edit", edit))


def _of_network(edit: Callable[[Network, Callable[[str], str]], Network]) -> Edit:
    return Edit(
        lambda window: window.document.apply(
            "edit", on_network(lambda network: edit(network, window.document.new_id))
        )
    )


def _of_command(name: str, chosen: Callable[[Network], Selection], before: str = "") -> Edit:
    """What a command does with a selection, perhaps after another one, as it is done by its key."""

    def prepare(window: MainWindow) -> None:
        window.desk.select(chosen(window.desk.network))
        if before:
            window.actions_by_name[before].trigger()

    return Edit(lambda window: window.actions_by_name[name].trigger(), prepare)


def _layer(network: Network) -> Selection:
    return Selection(layers=frozenset({network.layers[1].id}))


def _nodes(count: int) -> Callable[[Network], Selection]:
    return lambda network: Selection(nodes=frozenset(node.id for node in network.layers[1].nodes[:count]))


def _remove_pair(network: Network) -> Network:
    pair = (network.layers[1].nodes[3].id, network.layers[2].nodes[7].id)
    return edits.remove_pairs(network, [pair])


def _another(activation: str) -> str:
    return "relu" if activation == "tanh" else "tanh"


def _move_node(window: MainWindow) -> None:
    layer = window.desk.network.layers[1]
    window.desk.editor.place_nodes({layer.nodes[5].id: (layer.x + 8.0, layer.nodes[5].y + 8.0)})


EDITS: Final[Mapping[str, Edit]] = {
    "remove_node": _of_network(lambda net, _new: edits.remove_nodes(net, {net.layers[1].nodes[5].id})),
    "add_node": Edit(lambda window: window.desk.editor.add_node(window.desk.network.layers[1].id)),
    "duplicate_node": _of_command("duplicate", _nodes(1)),
    "duplicate_nodes": _of_command("duplicate", _nodes(20)),
    "duplicate_layer": _of_command("duplicate", _layer),
    "paste_nodes": _of_command("paste", _nodes(20), "copy"),
    "paste_layer": _of_command("paste", _layer, "copy"),
    "move_node": Edit(_move_node),
    "randomize_node": _of_command("randomize", _nodes(1)),
    "remove_layer": _of_network(lambda net, _new: edits.remove_layer(net, net.layers[1].id)),
    "insert_layer": _of_network(
        lambda net, new: edits.insert_layer(net, new("l"), [new("n")], *(net.layers[at].id for at in (1, 2)))
    ),
    "remove_pair": _of_network(lambda net, _new: _remove_pair(net)),
    "freeze_layer": _of_network(
        lambda net, _new: edits.set_layers_frozen(net, {net.layers[1].id}, frozen=True)
    ),
    "activation": _of_network(
        lambda net, _new: edits.set_activation(net, net.layers[1].id, _another(net.layers[1].activation))
    ),
    "move_layer": _of_network(
        lambda net, _new: edits.move_layer(net, net.layers[1].id, net.layers[1].x + 8.0, 8.0)
    ),
    "rename": _of_network(lambda net, _new: edits.rename(net, net.layers[1].id, f"name {next(_names)}")),
    "retune": _of_project(lambda project: edits.set_training(project, learning_rate=0.001 * next(_names))),
}
"""Of a chain of an input, two hidden layers and an output."""


def measure(options: dict[str, Any]) -> dict[str, Any]:
    """Edit in the window, each edit some rounds.

    Args:
        options: ``project``, the file of what is edited; ``rounds``.

    Returns:
        ``edits_ms`` and ``undos_ms``, by name of the edit a number a round; ``opening_ms``, likewise, of what
        is left to the window once a file is read; ``selecting_ms``, of everything; ``screen``.
    """
    app = application()
    wide = read_file(Path(options["project"])).saved.project
    small = EXAMPLES[DEFAULT_EXAMPLE].build()
    found: dict[str, Any] = {"opening_ms": [], "selecting_ms": []}
    found |= {"edits_ms": {name: [] for name in EDITS}, "undos_ms": {name: [] for name in EDITS}}
    with TemporaryDirectory() as folder:
        window = open_window(app, small, Preferences(Path(folder) / "bpviz.ini"))
        housekeeping = Housekeeping(window.document, window.controller, window)

        def close() -> None:
            housekeeping.end()
            window.abandon()
            window.deleteLater()

        perform(app, _scene(window, (small, wide), found, options["rounds"]), close)
    return {**found, "screen": screen(app)}


def _scene(
    window: MainWindow, projects: tuple[Project, Project], found: dict[str, Any], rounds: int
) -> Scene:
    document, rest_ms = window.document, REST_MS + _SETTLE_MS
    yield rest_ms
    for _ in range(rounds):
        window.files.show_project(projects[0])
        yield rest_ms
        found["opening_ms"].append(_took_ms(partial(window.files.show_project, projects[1])))
        yield rest_ms
    for name, edit in EDITS.items():
        for _ in range(rounds):
            edit.prepare(window)
            yield _SETTLE_MS
            found["edits_ms"][name].append(_took_ms(partial(edit.do, window)))
            if document.undo_stack.isClean():
                raise RuntimeError(f"the edit {name} changed nothing")
            yield _SETTLE_MS
            found["undos_ms"][name].append(_took_ms(window.actions_by_name["undo"].trigger))
            window.desk.select(Selection())
            yield _SETTLE_MS
    everything = Selection(layers=frozenset(layer.id for layer in document.project.network.layers))
    for _ in range(rounds):
        found["selecting_ms"].append(_took_ms(partial(window.desk.select, everything)))
        yield _SETTLE_MS
        window.desk.select(Selection())
        yield _SETTLE_MS


def _took_ms(do: Callable[[], object]) -> float:
    begin = perf_counter()
    do()
    return 1000 * (perf_counter() - begin)
