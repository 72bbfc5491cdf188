"""Commands that train, walk through steps, and wind a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bpviz.training.walk import Move
from bpviz.ui.commands.command import Command, Toolbar
from bpviz.ui.commands.reasons import cannot_run
from bpviz.ui.commands.workshop import Workshop


def _move(move: Move) -> Callable[[Workshop], object]:
    return lambda shop: shop.walks.stepper.move(move)


def _move_of_run(
    name: str,
    label: str,
    about: str,
    run: Callable[[Workshop], object],
    group: int,
    keys: str = "",
    icon: str = "",
    toolbar: Toolbar = "",
) -> Command:
    """Return a command that needs a network that runs."""
    return Command(
        name,
        label,
        about,
        run,
        keys=keys,
        icon=icon,
        menu="Run",
        group=group,
        toolbar=toolbar,
        why_not=cannot_run,
    )


def _playing(shop: Workshop) -> str:
    return "&Pause" if shop.controller.playing else "&Play"


COMMANDS: Final = (
    Command(
        "play",
        "&Play",
        "Train until paused",
        lambda shop: shop.past.toggle(),
        keys="Space",
        icon="play",
        menu="Run",
        why_not=cannot_run,
        title=_playing,
    ),
    Command(
        "reset",
        "&Reset",
        "Stand at the start again; the curves of this run stay as faint lines",
        lambda shop: shop.controller.reset(),
        keys="Ctrl+R",
        icon="reset",
        menu="Run",
        toolbar="run",
    ),
    _move_of_run(
        "step_epoch",
        "Step one &epoch",
        "Train to the end of this epoch; in the past, show it",
        lambda shop: shop.controller.finish_epoch(),
        1,
        "Ctrl+Shift+Right Ctrl+Shift+N",
        toolbar="steps",
    ),
    _move_of_run(
        "step_batch",
        "Step one &batch",
        "Make one update of the weights; in the past, show it",
        lambda shop: shop.controller.make_step(),
        1,
        "Ctrl+Right Shift+N",
        "step",
        toolbar="steps",
    ),
    _move_of_run(
        "step_example",
        "Step one e&xample",
        "Show the next example of this batch",
        _move("example"),
        1,
        "X",
        toolbar="steps",
    ),
    _move_of_run(
        "step_phase",
        "Step one p&hase",
        "One part of a step: a layer forward, the loss, a layer backward, the update",
        _move("phase"),
        1,
        "N",
        toolbar="steps",
    ),
    _move_of_run(
        "step_back",
        "Phase b&ack",
        "Back to the phase before, as far as you like",
        _move("back"),
        2,
        "B",
        "back",
        toolbar="steps",
    ),
    _move_of_run(
        "batch_back",
        "Ba&tch back",
        "Show the step before",
        lambda shop: shop.past.step_back(),
        2,
        "Ctrl+Left Shift+B",
    ),
    _move_of_run(
        "epoch_back",
        "Epo&ch back",
        "Show where this epoch began, or the one before",
        lambda shop: shop.past.epoch_back(),
        2,
        "Ctrl+Shift+Left Ctrl+Shift+B",
    ),
    _move_of_run(
        "to_start",
        "To the &start",
        "Show the first step of the run",
        lambda shop: shop.past.to_start(),
        2,
        "Ctrl+Home",
    ),
    _move_of_run(
        "to_end", "To the en&d", "Stand where the run goes on", lambda shop: shop.past.to_end(), 2, "Ctrl+End"
    ),
    _move_of_run(
        "play_phases",
        "Pla&y phases",
        "Go on phase by phase, slowly enough to be seen; from the past without leaving it",
        lambda shop: shop.walks.stepper.play(),
        3,
        "P",
        "phase-play",
    ),
    _move_of_run(
        "first_phase", "F&irst phase", "To where the examples of this step enter", _move("first"), 3, "I"
    ),
    _move_of_run(
        "last_phase", "&Update", "To the last phase of this step, which makes it", _move("last"), 3, "U"
    ),
    _move_of_run(
        "previous_example",
        "Pre&vious example",
        "Look at the example before, in the same phase; before the first one at the whole batch",
        lambda shop: shop.walks.stepper.look_beside(-1),
        3,
        ",",
    ),
    _move_of_run(
        "next_example",
        "Next exa&mple",
        "Look at the next example of the batch, in the same phase",
        lambda shop: shop.walks.stepper.look_beside(1),
        3,
        ".",
    ),
    _move_of_run(
        "next_breakpoint",
        "To the &next breakpoint",
        "Walk on until a breakpoint stops the walk",
        lambda shop: shop.walks.go_on_to_breakpoint(),
        4,
        "K",
    ),
    Command(
        "breakpoints",
        "Breakp&oints…",
        "At which numbers a walk stops by itself",
        lambda shop: shop.walks.show_breakpoints(),
        keys="Shift+K",
        menu="Run",
        group=4,
    ),
    Command(
        "check_gradient",
        "Chec&k gradient",
        "Compare backpropagation's gradient with differences of the cost, layer by layer",
        lambda shop: shop.proving.check_gradient(),
        icon="check",
        menu="Run",
        group=5,
    ),
    Command(
        "input_gradient",
        "&Gradient of the inputs",
        "How the loss of an example changes with each input; a picture where inputs are pixels",
        lambda shop: shop.proving.show_inputs(),
        menu="Run",
        group=5,
    ),
    Command(
        "faster",
        "&Faster",
        "Play at the next faster speed",
        lambda shop: shop.speed.change_by(1),
        keys="Ctrl+Up",
        menu="Run",
        group=6,
        alone="Play faster",
    ),
    Command(
        "slower",
        "S&lower",
        "Play at the next slower speed",
        lambda shop: shop.speed.change_by(-1),
        keys="Ctrl+Down",
        menu="Run",
        group=6,
        alone="Play slower",
    ),
)
