"""When a quantity says something of a step that no other says; see `bpviz.training.quantities`."""

from __future__ import annotations

from bpviz.training.passes import Pass


def always(_made: Pass) -> bool:
    """It says something in every step."""
    return True


def never(_made: Pass) -> bool:
    """Lists leave it out: another one says the same."""
    return False


def has_dead(made: Pass) -> bool:
    """Whether some node has the slope 0 for all examples, and so learns nothing from them."""
    return any(bool(layer.all(axis=0).any()) for layer in made.flat[1:])


def is_penalized(made: Pass) -> bool:
    """There is a penalty."""
    return made.rule.penalty != "none"


def is_clipped(made: Pass) -> bool:
    """Gradients are clipped."""
    return made.rule.clip_norm is not None


def is_applied_otherwise(made: Pass) -> bool:
    """Whether the optimizer may get another gradient than that of loss and penalty."""
    return is_clipped(made) or made.plan.freezes
