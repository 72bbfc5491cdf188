"""Commands that reshape: place, split and merge layers, link them by patterns, prune, begin by a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from bpviz.model import edits
from bpviz.model.spec import Network
from bpviz.model.templates import TEMPLATES, from_template
from bpviz.registry import Named
from bpviz.ui.commands.command import Command, Entry
from bpviz.ui.commands.network import ends_meant
from bpviz.ui.commands.reasons import not_removable
from bpviz.ui.commands.workshop import Workshop

_SHARES: Final = (0.1, 0.25, 0.5, 0.75)


def _placings(
    table: Mapping[str, Named], text: str, edit: Callable[..., Network]
) -> Callable[[Workshop], Iterator[Entry]]:
    """Offer an edit of places for each entry of its table."""

    def offered(shop: Workshop) -> Iterator[Entry]:
        chosen, editor = shop.desk.selection, shop.desk.editor
        for entry in table.values():

            def place(network: Network, name: str = entry.name) -> Network:
                return edit(network, chosen.nodes, chosen.layers, name)

            about = f"{text.capitalize()}: {entry.label.lower()}"
            yield Entry(entry.label, about, partial(editor.draw, text, place))

    return offered


def _fewer_than(least: int, sentence: str) -> Callable[[Workshop], str]:
    def why_not(shop: Workshop) -> str:
        chosen = shop.desk.selection
        return "" if len(chosen.nodes) + len(chosen.layers) >= least else sentence

    return why_not


def _split(shop: Workshop) -> None:
    nodes, layer_id = shop.desk.selection.nodes, shop.document.new_id("l")
    shop.desk.editor.draw("split layer", partial(edits.split_layer, node_ids=nodes, layer_id=layer_id))


def _not_split(shop: Workshop) -> str:
    return "" if shop.desk.selection.nodes else "Select the nodes that are to have a layer of their own."


def _merge(shop: Workshop) -> None:
    layers = shop.desk.selection.layers
    shop.desk.editor.draw("merge layers", partial(edits.merge_layers, layer_ids=layers))


def _not_merge(shop: Workshop) -> str:
    return "" if len(shop.desk.selection.layers) > 1 else "Select two or more layers by their captions."


def _patterns(shop: Workshop) -> Iterator[Entry]:
    """Offer to link two layers by each pattern; a random one is another whenever it is asked for."""
    ends, editor = ends_meant(shop.desk.network, shop.desk.selection), shop.desk.editor
    if ends is None or not shop.desk.selection.layers:
        return
    for pattern in edits.PATTERNS.values():
        names = {option.name for option in pattern.options}
        options = {"seed": float(shop.document.undo_stack.index())} if "seed" in names else {}
        between = partial(edits.link_layers, source=ends[0], target=ends[1])
        link = partial(between, pattern=pattern.name, options=options)
        yield Entry(pattern.label, pattern.about, partial(editor.draw, "link layers", link))


def _not_patterns(shop: Workshop) -> str:
    if ends_meant(shop.desk.network, shop.desk.selection) is None or not shop.desk.selection.layers:
        return "Select two layers by their captions to link them by a pattern."
    return ""


def _prunings(shop: Workshop) -> Iterator[Entry]:
    """Offer shares of the weakest connections, of those that are selected or else of all."""
    for share in _SHARES:
        about = f"Remove the connections with the smallest weights: {share:.0%} of those that are meant"
        yield Entry(f"The weakest {share:.0%}", about, partial(_prune, shop, share))


def _prune(shop: Workshop, share: float) -> None:
    pairs, values = shop.desk.selection.pairs or None, shop.canvas.scene.value_of
    prune = partial(edits.prune, value_of=values, share=share, among=pairs)
    if not shop.desk.editor.draw("prune", prune):
        shop.desk.refused.emit(
            "Nothing was pruned: frozen connections stay, and of each link the strongest; "
            "choose a larger share."
        )


def _no_links(shop: Workshop) -> str:
    return "" if shop.desk.network.links else "There are no connections to prune."


def _templates(shop: Workshop) -> Iterator[Entry]:
    for template in TEMPLATES.values():
        draw = partial(from_template, name=template.name, new_id=shop.document.new_id)
        run = partial(shop.desk.editor.apply, f"draw {template.label.lower()}", draw)
        yield Entry(template.label, template.about, run)


def _remove_with_flow(shop: Workshop) -> None:
    chosen = shop.desk.selection
    edit = partial(edits.remove_with_flow, nodes=chosen.nodes, layers=chosen.layers)
    shop.desk.editor.draw("remove and keep the flow", edit)


def _not_with_flow(shop: Workshop) -> str:
    chosen = shop.desk.selection
    if chosen and not (chosen.nodes or chosen.layers):
        return "Only nodes and layers let signals pass; connections are removed by Delete."
    return not_removable(shop)


COMMANDS: Final = (
    Command(
        "delete_keeping",
        "Delete and &keep the flow",
        "Remove nodes and layers, and connect what they connected; all other weights stay as they are",
        _remove_with_flow,
        keys="Shift+Del",
        menu="Edit",
        group=2,
        contexts=("node", "layer"),
        why_not=_not_with_flow,
    ),
    Command(
        "link_by",
        "Link by &pattern",
        "Connect two selected layers in another way; what stays connected keeps its weight",
        entries=_patterns,
        menu="Network",
        group=1,
        contexts=("layer",),
        why_not=_not_patterns,
    ),
    Command(
        "prune",
        "Prune the &weakest",
        "Remove connections with small weights, of those selected or of all",
        entries=_prunings,
        menu="Network",
        group=1,
        why_not=_no_links,
    ),
    Command(
        "split",
        "&Split layer",
        "Give the selected nodes a layer of their own; the network computes what it did",
        _split,
        menu="Network",
        group=2,
        contexts=("node",),
        why_not=_not_split,
    ),
    Command(
        "merge",
        "&Merge layers",
        "Make one of the selected layers; the network computes what it did",
        _merge,
        menu="Network",
        group=2,
        contexts=("layer",),
        why_not=_not_merge,
    ),
    Command(
        "align",
        "Ali&gn",
        "Put the selected nodes and layers on one line",
        entries=_placings(edits.ALIGNMENTS, "align", edits.align),
        menu="Network",
        group=3,
        contexts=("node", "layer"),
        why_not=_fewer_than(2, "Select at least two nodes or layers to align them."),
    ),
    Command(
        "distribute",
        "Distrib&ute",
        "Give the selected nodes and layers equal gaps",
        entries=_placings(edits.DISTRIBUTIONS, "distribute", edits.distribute),
        menu="Network",
        group=3,
        contexts=("node", "layer"),
        why_not=_fewer_than(3, "Select at least three nodes or layers to distribute them."),
    ),
    Command(
        "templates",
        "Begin by a t&emplate",
        "Draw another network for the data at hand in place of this one",
        entries=_templates,
        menu="Network",
        group=4,
        contexts=("empty",),
    ),
)
