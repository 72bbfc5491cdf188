"""Networks drawn from an empty sheet by keys alone, trained, cut while they train, and mended.

The same networks as in `tests.window.drawing`, which draws them by the pointer alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from bpviz.model.edits import set_training
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project, Stop
from tests.window.drawing import CODES, codes, open_sheet, see, seen, trains
from tests.window.screen import until
from tests.window.stage import Session

_WITHIN_S: Final = 40.0
_REGIONS: Final = 24
_TYPED: Final[Mapping[str, str]] = {" ": "Space"}
_LOSS: Final = 0.0056445704  # of W6 of the worked examples, whose numbers are these
_BIASES: Final = ("-3.08885", "-2,54932")
_INTO_HIDDEN: Final = ("4.92521", "-4.83963")
_INTO_OUTPUT: Final = ("-4.67122", "=4.5+.03903", "11.11523")


def draw_all_by_keys(opened: Session) -> None:
    """Exclusive or by two hidden nodes, by one beside links past it, and an autoencoder."""
    draw_xor(opened)
    draw_past_the_hidden_node(opened)
    draw_autoencoder(opened)


def draw_xor(opened: Session) -> None:
    """Draw 2-2-1, play it, remove a hidden node meanwhile, and bring it back."""
    _begin(opened, EXAMPLES["xor_solved"].build(), 2, 1)
    _strike(opened, "Esc", "Right", ">", "Del")
    see(opened, [2, 1], 1)
    _strike(opened, "Esc", "Right", "Shift+Right", "C")  # two selected are connected
    see(opened, [2, 1], 2)
    _find(opened, "add layer")
    see(opened, [2, 4, 1], 12)
    _strike(opened, "Esc", "Right", "Right", "Shift+Down", "Del")
    see(opened, [2, 2, 1], 6)
    _strike(opened, "Esc", "Right", "Right", "Up", "Ins")
    see(opened, [2, 3, 1], 9)
    _strike(opened, "Ctrl+Z")
    see(opened, [2, 2, 1], 6)

    _strike(opened, "Space")
    trains(opened)
    _strike(opened, "Esc", "Right", "Right", "Del")
    see(opened, [2, 1, 1], 3)
    trains(opened)
    _strike(opened, "Ctrl+Z")
    see(opened, [2, 2, 1], 6)
    trains(opened)
    _strike(opened, "Space")
    opened.program.check()


def draw_past_the_hidden_node(opened: Session) -> None:
    """Draw 2-1-1 with links past the hidden node, type all numbers, and see the loss that they have."""
    _begin(opened, EXAMPLES["xor_one_node"].build(), 2, 1)
    _find(opened, "add layer")
    see(opened, [2, 4, 1], 12)
    _strike(opened, "Esc", "Right", "Right", "Shift+Down", "Shift+Down", "Del")
    see(opened, [2, 1, 1], 3)
    for down in (0, 1):  # a connection begins here, and ends where one has walked to
        _strike(opened, "Esc", "Right", *["Down"] * down, "C", "Right", "Right", "C")
        see(opened, [2, 1, 1], 4 + down)
    for right in (1, 2):
        _strike(opened, "Esc", "Right", *["Right"] * right, "Up")
        _find(opened, "activation sigmoid")
    for right, bias in enumerate(_BIASES, 1):
        _strike(opened, "Esc", "Right", *["Right"] * right)
        _type(opened, bias)
    for right, weights in enumerate((_INTO_HIDDEN, _INTO_OUTPUT), 1):
        for at, weight in enumerate(weights, 1):
            _strike(opened, "Esc", "Right", *["Right"] * right, *["<"] * at)
            _type(opened, weight)
    until(lambda: abs(_loss(opened) - _LOSS) < 1e-8, f"the loss {_LOSS}", _WITHIN_S)
    _strike(opened, "Space")
    trains(opened)
    _strike(opened, "Esc", "Right", "Right", "Del")
    see(opened, [2, 1], 2)
    trains(opened)
    _strike(opened, "Ctrl+Z")
    see(opened, [2, 1, 1], 5)
    _strike(opened, "Space")
    opened.program.check()


def draw_autoencoder(opened: Session) -> None:
    """Draw 8-3-8: from layer to layer all pairs are connected."""
    _begin(opened, Project(data=codes(opened)), CODES, CODES)
    _find(opened, "add layer")
    see(opened, [CODES, 4, CODES], 8 * CODES)
    _strike(opened, "Esc", "Right", "Up", "Right", "Down", "Del")
    see(opened, [CODES, 3, CODES], 6 * CODES)
    _strike(opened, "Esc", "Right", "Up")
    _find(opened, "disconnect from hidden")
    see(opened, [CODES, 3, CODES], 3 * CODES)
    _strike(opened, "Esc", "Right", "Up", "C", "Right", "C")
    see(opened, [CODES, 3, CODES], 6 * CODES)
    _strike(opened, "Space")
    trains(opened)
    _strike(opened, "Esc", "Right", "Up", "Right", "Down", "Del")
    see(opened, [CODES, 2, CODES], 4 * CODES)
    trains(opened)
    _strike(opened, "Ctrl+Z")
    see(opened, [CODES, 3, CODES], 6 * CODES)
    _strike(opened, "Space")
    opened.program.check()


def _begin(opened: Session, project: Project, inputs: int, outputs: int) -> None:
    """Open an empty sheet, lead the keys to it, and draw both ends of a network."""
    # A run that came to an end by itself makes no more steps, however slow this machine is.
    open_sheet(opened, set_training(project, stop=Stop()))
    for _ in range(_REGIONS):
        if seen(opened)["keys"]:
            break
        _strike(opened, "F6")
    assert seen(opened)["keys"], "F6 does not lead to the network"
    _find(opened, "add inputs")
    see(opened, [inputs])
    _find(opened, "add outputs")
    see(opened, [inputs, outputs], inputs * outputs)


def _loss(opened: Session) -> float:
    found = opened.ask("timeline").get("loss")
    return math.nan if found is None else float(found)


def _strike(opened: Session, *keys: str) -> None:
    for key in keys:
        opened.hand.key(key)
    opened.settle()


def _type(opened: Session, text: str) -> None:
    """Type a number for what is selected; Return takes it."""
    _strike(opened, *(_TYPED.get(letter, letter) for letter in text), "Return")
    until(lambda: bool(seen(opened)["keys"]), "the keys, after a number was typed,", _WITHIN_S)


def _find(opened: Session, words: str) -> None:
    """Do what has no key by the list of all commands."""
    _strike(opened, "Ctrl+Shift+P")
    until(lambda: _asked(opened) == "Palette", "the list of commands", _WITHIN_S)
    _strike(opened, *(_TYPED.get(letter, letter) for letter in words), "Return")
    until(lambda: not _asked(opened), f"the end of the list of commands after {words}", _WITHIN_S)
    until(lambda: bool(seen(opened)["keys"]), "the keys, after a command was found,", _WITHIN_S)


def _asked(opened: Session) -> str:
    opened.settle()
    return str(opened.front["modal"])
