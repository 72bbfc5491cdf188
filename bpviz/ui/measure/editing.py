"""How long the window's own thread is busy with an edit of a wide network, and with taking it back.

To add an edit, add an entry to `EDITS`, and its name to the table of `bpviz.bench.window`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

Edit: TypeAlias = Callable[[Project, Callable[[str], str]], Project]
"""From a project and a supply of ids to another one."""


def _of_network(edit: Callable[[Network, Callable[[str], str]], Network]) -> Edit:
    return lambda project, new_id: on_network(lambda network: edit(network, new_id))(project)


def _remove_pair(network: Network) -> Network:
    pair = (network.layers[1].nodes[3].id, network.layers[2].nodes[7].id)
    return edits.remove_pairs(network, [pair])


EDITS: Final[Mapping[str, Edit]] = {
    "remove_node": _of_network(lambda net, _new: edits.remove_nodes(net, {net.layers[1].nodes[5].id})),
    "add_node": _of_network(lambda net, new: edits.add_node(net, net.layers[1].id, new("n"))),
    "remove_layer": _of_network(lambda net, _new: edits.remove_layer(net, net.layers[1].id)),
    "insert_layer": _of_network(
        lambda net, new: edits.insert_layer(net, new("l"), [new("n")], *(net.layers[at].id for at in (1, 2)))
    ),
    "remove_pair": _of_network(lambda net, _new: _remove_pair(net)),
    "freeze_layer": _of_network(
        lambda net, _new: edits.set_layers_frozen(net, {net.layers[1].id}, frozen=True)
    ),
    "activation": _of_network(lambda net, _new: edits.set_activation(net, net.layers[1].id, "tanh")),
    "move_layer": _of_network(
        lambda net, _new: edits.move_layer(net, net.layers[1].id, net.layers[1].x + 8.0, 8.0)
    ),
    "rename": _of_network(lambda net, _new: edits.rename(net, net.layers[1].id, f"name {next(_names)}")),
    "retune": lambda project, _new: edits.set_training(project, learning_rate=0.001 * next(_names)),
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
            change = _with_ids(edit, document.new_id)
            found["edits_ms"][name].append(_took_ms(partial(document.apply, "edit", change)))
            yield _SETTLE_MS
            found["undos_ms"][name].append(_took_ms(document.undo_stack.undo))
            yield _SETTLE_MS
    everything = Selection(layers=frozenset(layer.id for layer in document.project.network.layers))
    for _ in range(rounds):
        found["selecting_ms"].append(_took_ms(partial(window.desk.select, everything)))
        yield _SETTLE_MS
        window.desk.select(Selection())
        yield _SETTLE_MS


def _with_ids(edit: Edit, new_id: Callable[[str], str]) -> Callable[[Project], Project]:
    return lambda project: edit(project, new_id)


def _took_ms(do: Callable[[], object]) -> float:
    begin = perf_counter()
    do()
    return 1000 * (perf_counter() - begin)
