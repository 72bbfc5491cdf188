"""What a double click asks for: the name of a layer or node, the weight of a connection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from bpviz import typed
from bpviz.errors import BpvizError, SettingError, one_line
from bpviz.model import edits
from bpviz.model.edits import LARGEST_START
from bpviz.model.naming import layer_label
from bpviz.model.spec import Address, WeightAddress
from bpviz.ui import numbers
from bpviz.ui.canvas.in_place import Question
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import Target
from bpviz.ui.canvas.texts import node_title
from bpviz.ui.desk.editor import Editor

SetValue: TypeAlias = Callable[[Address, float, float], None]


def question_about(
    target: Target, scene: NetworkScene, editor: Editor, set_value: SetValue
) -> Question | None:
    """What can be asked about something; None for nothing.

    Args:
        target: What it is.
        scene: Knows the values.
        editor: Gets a name.
        set_value: Gets a weight: address, old and new value.
    """
    network = editor.network
    if target.kind == "caption":
        name = layer_label(network.layer(target.layer))
        return Question(f"Name of {name}", name, "", partial(_rename, editor, "rename layer", target.layer))
    if target.kind in ("node", "row"):
        node = next(at for at in network.layer(target.layer).nodes if at.id == target.node)
        title = node_title(network, target.node)
        return Question(
            f"Name of {title}",
            one_line(node.name),
            "Name",
            partial(_rename, editor, "rename node", target.node),
        )
    if target.pair is None:
        return None
    address = WeightAddress(*target.pair)
    value = scene.value_of(address)
    if value is None:
        return None
    ends = " → ".join(node_title(network, node) for node in target.pair)
    take = partial(_set, set_value, address, value)
    return Question(f"Weight of {ends}", numbers.exact(value), "", take)


def _rename(editor: Editor, text: str, item: str, name: str) -> str:
    edit = partial(edits.rename, item_id=item, name=name)
    refusal = editor.refusal(edit)
    if not refusal:
        editor.draw(text, edit)
    return refusal


def _set(set_value: SetValue, address: Address, old: float, text: str) -> str:
    try:
        new = typed.number(text)
        if abs(new) > LARGEST_START:
            raise SettingError(
                f"A weight can be at most {numbers.exact(LARGEST_START)}; write a smaller one."
            )
        set_value(address, old, new)
    except BpvizError as error:
        return str(error)
    return ""
