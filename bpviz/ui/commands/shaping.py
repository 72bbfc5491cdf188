"""Commands that reshape: place, split and merge, link by patterns, prune, randomize, begin by a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from bpviz.errors import BpvizError, grouped
from bpviz.model import edits
from bpviz.model.edits.links import pairs_among
from bpviz.model.spec import Address, BiasAddress, Network, WeightAddress
from bpviz.model.templates import TEMPLATES, from_line, from_template, parsed_line
from bpviz.registry import Named
from bpviz.ui.commands.command import NETWORK, Command, Entry
from bpviz.ui.commands.network import ends_meant
from bpviz.ui.commands.reasons import cannot_run, not_removable, nothing_selected
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.document import Selection

_SHARES: Final = (0.1, 0.25, 0.5, 0.75)
_MOST_IN_RUN: Final = 2000  # each is an event of the run, which is gone through again whenever it is wound


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


def values_meant(network: Network, chosen: Selection) -> list[Address]:
    """The weights and biases of connections, nodes and whole layers: of a node all that leads into it."""
    nodes = [
        node.id
        for layer in network.layers
        if layer.role != "input"
        for node in layer.nodes
        if layer.id in chosen.layers or node.id in chosen.nodes
    ]
    everyone = {node.id for layer in network.layers for node in layer.nodes}
    pairs = dict.fromkeys((*pairs_among(network, everyone, set(nodes)), *sorted(chosen.pairs)))
    return [*(WeightAddress(*pair) for pair in pairs), *(BiasAddress(node) for node in nodes)]


def _randomize(shop: Workshop) -> None:
    """Draw other values for what is meant, as one entry of the history; those of a run are the run's."""
    meant = values_meant(shop.desk.network, shop.desk.selection)
    seed = int(shop.document.new_id(""))  # never used before, not even by a draw that was taken back
    latest = shop.controller.latest
    if latest is not None and latest.step and len(meant) > _MOST_IN_RUN:
        most, many = grouped(_MOST_IN_RUN), grouped(len(meant))
        shop.desk.refused.emit(
            f"A run under way takes at most {most} values at once, and here are {many}; select less, "
            "or begin again by Reset first."
        )
        return
    try:
        drawn = edits.redrawn(shop.document.project, meant, seed)
        old = {address: shop.canvas.scene.value_of(address) for address in drawn}
        shop.values.set_values([(at, _or(old[at], value), value) for at, value in drawn.items()])
    except BpvizError as error:
        shop.desk.refused.emit(str(error))
        return
    if not drawn:
        shop.desk.refused.emit("All that is selected is frozen and keeps its values; release it first.")


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


def _not_randomize(shop: Workshop) -> str:
    network, chosen = shop.desk.network, shop.desk.selection
    learning = (layer for layer in network.layers if layer.role != "input")
    if nothing_selected(shop) or cannot_run(shop):
        return nothing_selected(shop) or cannot_run(shop)
    if chosen.pairs or any(
        layer.id in chosen.layers or any(node.id in chosen.nodes for node in layer.nodes)
        for layer in learning
    ):
        return ""
    return "Inputs have neither weights nor a bias to draw anew."


def _templates(shop: Workshop) -> Iterator[Entry]:
    for template in TEMPLATES.values():
        draw = partial(from_template, name=template.name, new_id=shop.document.new_id)
        run = partial(shop.desk.editor.apply, f"draw {template.label.lower()}", draw)
        yield Entry(template.label, template.about, run)


def _draw_line(shop: Workshop) -> None:
    """Ask for a line such as ``2-8-8-1 tanh`` until it can be drawn, or until nobody wants it."""
    layers = sorted(shop.desk.network.layers, key=lambda layer: layer.x)
    hidden = next((f" {layer.activation}" for layer in layers if layer.role == "hidden"), "")
    text = "-".join(str(layer.size) for layer in layers) + hidden or "2-8-8-1 tanh"
    sentence = "Sizes from the inputs to the outputs, and an activation, such as 2-8-8-1 tanh:"
    while (answer := shop.files.questions.write("Draw by a line", sentence, text, "Draw")) is not None:
        text = answer
        try:
            edit = partial(from_line, line=parsed_line(text), new_id=shop.document.new_id)
            shop.document.apply("draw by a line", edit)
        except BpvizError as error:
            sentence = str(error)  # what was written is not lost
        else:
            return


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
        changes=True,
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
        changes=True,
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
        "randomize",
        "Rand&omize",
        "Give the selected weights and biases, and those into selected nodes and layers, other random values",
        _randomize,
        keys="Shift+R",
        menu="Network",
        group=2,
        contexts=NETWORK,
        why_not=_not_randomize,
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
        changes=True,
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
        changes=True,
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
        changes=True,
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
        changes=True,
    ),
    Command(
        "draw_line",
        "Draw b&y a line…",
        "Draw another network in place of this one, by a line such as 2-8-8-1 tanh",
        _draw_line,
        menu="Network",
        group=4,
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
