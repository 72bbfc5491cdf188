"""Commands that change what is seen: quantities, the part of the picture, colors, panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from bpviz.palette import ThemeMode
from bpviz.ui.canvas.views import other_views
from bpviz.ui.commands.command import Command, Entry, Toolbar
from bpviz.ui.commands.regions import next_region
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.texts import unmarked


def _view(name: str, label: str, about: str, keys: str, toolbar: Toolbar = "") -> Command:
    return Command(
        f"view_{name}",
        label,
        about,
        lambda shop: shop.desk.show_view(name),
        keys=keys,
        menu="View",
        toolbar=toolbar,
        choice="view",
        checked=lambda shop: shop.desk.view == name,
        alone=f"Show {unmarked(label).lower()}",
    )


def _other_views(shop: Workshop) -> Iterator[Entry]:
    for view in other_views():
        show: Callable[[], object] = partial(shop.desk.show_view, view.name)
        yield Entry(view.label, view.about, show, checked=shop.desk.view == view.name)


def _theme(mode: ThemeMode, label: str, about: str) -> Command:
    def show(shop: Workshop) -> None:
        shop.preferences.theme = mode
        shop.theme.set_mode(mode)

    return Command(
        f"theme_{mode}",
        label,
        about,
        show,
        menu="View",
        group=2,
        choice="theme",
        checked=lambda shop: shop.theme.mode == mode,
        alone=f"Theme: {unmarked(label).lower()}",
    )


def _turn_minimap(shop: Workshop) -> None:
    shop.preferences.minimap = not shop.canvas.minimap.wanted
    shop.canvas.minimap.show_wanted(wanted=shop.preferences.minimap)


def _reset_layout(shop: Workshop) -> None:
    shop.preferences.forget_layout()
    shop.arrangement.reset()


COMMANDS: Final = (
    _view("weights", "&Weights", "Color links by their weight", "W", "views"),
    _view("gradients", "&Gradients", "Color links by their gradient", "G", "views"),
    _view("deltas", "&Deltas", "Color nodes by their delta", "D", "views"),
    _view("activations", "&Activations", "Color nodes by what they put out", "A", "views"),
    _view("outputs", "&Outputs", "Show each node's output over the plane", "O", "views"),
    _view("changes", "&Changes", "Color links by how the coming update changes them", "V"),
    _view(
        "slopes", "&Slopes", "Color nodes by the slope of their activation: near 0 they are saturated", "S"
    ),
    _view(
        "still", "Fro&zen and dead", "What the coming update can't move: frozen links, nodes at slope 0", "Z"
    ),
    Command(
        "more_views", "&More numbers", "Show another quantity of a step", entries=_other_views, menu="View"
    ),
    Command(
        "explain",
        "&Explain",
        "How the number that is looked at comes about: formulas with this network's own numbers",
        lambda shop: shop.arrangement.bring("explanation"),
        keys="E",
        menu="View",
        group=1,
        contexts=("node", "pair"),
    ),
    Command(
        "outline",
        "Ou&tline",
        "The network as a table: every layer, node and connection by name, to be changed by keys",
        lambda shop: shop.arrangement.bring("outline"),
        keys="T",
        icon="table",
        menu="View",
        group=1,
    ),
    Command(
        "history",
        "&History",
        "All edits as a list, to go back to any of them",
        lambda shop: shop.arrangement.bring("history"),
        keys="H",
        menu="View",
        group=1,
    ),
    Command(
        "parts",
        "Pa&rts",
        "Nodes, layers and whole networks to drag into the picture",
        lambda shop: shop.arrangement.bring("parts"),
        keys="Shift+A",
        icon="add-layer",
        menu="View",
        group=1,
    ),
    Command(
        "present",
        "&Present",
        "The whole screen for the network: panels are put away, and a ring follows the pointer",
        lambda shop: shop.presenting.toggle(),
        keys="F5",
        menu="View",
        group=1,
        title=lambda shop: "End the &presentation" if shop.presenting.active else "&Present",
    ),
    Command(
        "fit",
        "&Fit to window",
        "Show the whole network",
        lambda shop: shop.canvas.fit(),
        keys="F",
        icon="fit",
        menu="View",
        group=1,
        contexts=("empty",),
    ),
    Command(
        "zoom_in",
        "Zoom &in",
        "Show the network larger",
        lambda shop: shop.canvas.zoom_in(),
        keys="Ctrl++ Ctrl+=",
        icon="zoom-in",
        menu="View",
        group=1,
    ),
    Command(
        "zoom_out",
        "Zoom o&ut",
        "Show the network smaller",
        lambda shop: shop.canvas.zoom_out(),
        keys="Ctrl+-",
        icon="zoom-out",
        menu="View",
        group=1,
    ),
    Command(
        "minimap",
        "Mi&nimap",
        "The whole network in a corner, while only a part of it is in sight",
        _turn_minimap,
        menu="View",
        group=1,
        checked=lambda shop: shop.canvas.minimap.wanted,
    ),
    _theme("light", "&Light", "Dark on light"),
    _theme("dark", "Dar&k", "Light on dark"),
    _theme("system", "As the s&ystem", "Light or dark as the system shows"),
    Command(
        "next_region",
        "&Next region",
        "Lead the keys from the network to a panel, from panel to panel, and from plot to plot",
        lambda shop: next_region(shop.canvas.window(), 1),
        keys="F6",
        menu="Window",
        group=1,
    ),
    Command(
        "previous_region",
        "&Previous region",
        "Lead the keys back to the region before",
        lambda shop: next_region(shop.canvas.window(), -1),
        keys="Shift+F6",
        menu="Window",
        group=1,
    ),
    Command(
        "reset_layout",
        "&Reset layout",
        "Put all panels back to their places",
        _reset_layout,
        menu="Window",
        group=2,
    ),
)
