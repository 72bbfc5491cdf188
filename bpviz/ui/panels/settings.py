"""How a setting of `bpviz.model.settings` becomes a field of a panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from bpviz.model.settings import Amount, Choices, Setting
from bpviz.model.spec import Training
from bpviz.ui.panels.fields import Choice, Ruler
from bpviz.ui.panels.line_edits import Bounds, NumberEdit, OptionalNumber

_BRIEFLY: Final = {
    "sgd": "Gradient descent",
    "nesterov": "Nesterov",
    "mse": "Mean squared",
    "mae": "Mean absolute",
    "categorical_cross_entropy": "Cross-entropy",
    "xavier_uniform": "Xavier uniform",
    "xavier_normal": "Xavier normal",
}
"""What a narrow panel shows of a long label; the list shows it whole."""


def tip(setting: Setting) -> str:
    """What a setting does, and what a change of it does to the run."""
    return f"{setting.about}; another one starts the run again" if setting.restarts else setting.about


def make_field(setting: Setting) -> QWidget:
    """Make the field for what a setting may be."""
    kind = setting.kind
    if not isinstance(kind, Amount):
        return make_choice(kind)
    return OptionalNumber(_bounds(kind), kind.usual, kind.off) if kind.off else make_number(kind)


def make_choice(kind: Amount | Choices) -> Choice:
    """Make a list of words."""
    assert isinstance(kind, Choices)
    choice = Choice()
    choice.fill(kind.entries, _BRIEFLY)
    return choice


def make_number(kind: Amount | Choices) -> NumberEdit:
    """Make a field for a number that there always is."""
    assert isinstance(kind, Amount)
    return NumberEdit(_bounds(kind))


def _bounds(kind: Amount) -> Bounds:
    return Bounds(low=kind.low, high=kind.high, step=kind.step, whole=kind.whole)


def make_ruler(setting: Setting, written: Callable[[float], str]) -> Ruler:
    """Make a slider for a number, in its own unit."""
    kind = setting.kind
    assert isinstance(kind, Amount)
    assert kind.step is not None
    low, high, step = (end / setting.factor for end in (kind.low, kind.high, kind.step))
    return Ruler(low, high, step, written)


def shown(setting: Setting, settings: object) -> Any:
    """A setting as its field shows it."""
    value = setting.read(settings)
    return value if value is None or isinstance(value, str) else float(f"{value * setting.factor:.12g}")


def fields_of(setting: Setting, training: Training, value: Any) -> dict[str, Any]:
    """What `set_training` takes to set it to what the user chose in its field."""
    if value is not None and isinstance(setting.kind, Amount):
        value = int(value) if setting.kind.whole else float(value) / setting.factor
    return setting.fields(training, value)
