"""When a run stops by itself.

Rules look at steps and epochs only, never at a clock or at the slices in which a run is trained.  A rule that
has stopped the run and was overruled by the user stays silent until the stop rules are set anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Final

from bpviz.errors import Fault, counted
from bpviz.model.spec import Stop
from bpviz.training.metrics import Metrics
from bpviz.training.run_state import StopKind, Watch

_RULES: Final[dict[StopKind, str]] = {
    "epochs": "the epochs that were set are over",
    "target_loss": "target loss reached",
    "target_accuracy": "target accuracy reached",
    "gradient_norm": "the gradient has become small",
    "patience": "no better loss for as long as was set",
    "diverged": "the next step would leave the finite numbers",
}


def stop_text(rule: StopKind | None) -> str:
    """Say in a few words why a run stopped."""
    return "stopped" if rule is None else f"stopped: {_RULES[rule]}"


def watches_epochs(stop: Stop, watch: Watch) -> bool:
    """Whether some rule needs the metrics of every epoch."""
    rules: tuple[tuple[StopKind, object], ...] = (
        ("target_loss", stop.target_loss),
        ("target_accuracy", stop.target_accuracy),
        ("patience", stop.patience),
    )
    return any(value is not None and kind not in watch.waived for kind, value in rules)


def last_epoch(stop: Stop, watch: Watch) -> int | None:
    """After how many epochs the run ends; None if no rule says so."""
    return None if "epochs" in watch.waived else stop.epochs


def least_norm(stop: Stop, watch: Watch) -> float:
    """Below which norm of the gradient the run ends; 0 if no rule says so."""
    if stop.gradient_norm is None or "gradient_norm" in watch.waived:
        return 0.0
    return stop.gradient_norm


def after_epoch(stop: Stop, watch: Watch, epoch: int, metrics: Metrics | None) -> Watch:
    """Look at the rules at the end of an epoch.

    Args:
        stop: The rules.
        watch: What they remember.
        epoch: Epochs done.
        metrics: Measured now; None if no rule needs them.
    """
    if metrics is not None:
        watch = _with_loss(watch, _watched_loss(metrics))
    for kind in _met(stop, watch, epoch, metrics):
        if kind not in watch.waived:
            return replace(watch, by=kind)
    return watch


def after_small_gradient(watch: Watch) -> Watch:
    """Stop because the norm of the gradient fell below its threshold."""
    return replace(watch, by="gradient_norm")


def anew(watch: Watch) -> Watch:
    """Forget everything but a failure: the rules were set anew, which helps against no failure."""
    if watch.by != "diverged":
        return Watch()
    return Watch(by=watch.by, fault=watch.fault, largest=watch.largest)


def overruled(watch: Watch) -> Watch:
    """Let a stopped run go on."""
    waived = watch.waived
    if watch.by is not None and watch.by != "diverged" and watch.by not in waived:
        waived = (*waived, watch.by)
    return Watch(best=watch.best, since=0, waived=waived)


def after_failure(watch: Watch, fault: Fault, loss: float, largest: float) -> Watch:
    """Stop because the next step can't be made.

    Args:
        watch: What the rules remember.
        fault: What is not finite there.
        loss: Of the state that the step would start from.
        largest: Size of that state's largest parameter.
    """
    return replace(watch, by="diverged", fault=fault, largest=None if isfinite(loss) else largest)


def sentence(stop: Stop, watch: Watch, metrics: Metrics) -> str | None:
    """Say why a run stopped by itself; None while it may go on.

    Args:
        stop: The rules.
        watch: What they remember.
        metrics: As measured when it stopped.
    """
    match watch.by:
        case None:
            return None
        case "diverged":
            return _failure(watch)
        case "target_loss":
            return f"Stopped: the training loss reached the target of {stop.target_loss:g}."
        case "target_accuracy":
            part = "training" if metrics.test_accuracy is None else "test"
            return f"Stopped: the {part} accuracy reached {stop.target_accuracy:.1%}."
        case "patience":
            which = "training" if metrics.test_loss is None else "test"
            return f"Stopped: no better {which} loss for {counted(stop.patience or 0, 'epoch')}."
        case "gradient_norm":
            return f"Stopped: the norm of the gradient is below {stop.gradient_norm:g}."
        case "epochs":
            return f"Stopped after {counted(stop.epochs or 0, 'epoch')}, as set."


def _failure(watch: Watch) -> str:
    why = "The next step would leave the finite numbers. Lower the learning rate."
    if watch.fault is not None:
        why = watch.fault.sentences
    if watch.largest is not None:
        why += (
            f" From weights as large as these (up to {watch.largest:.1e}) no setting leads on:"
            " go back, or reset the run, too."
        )
    return why


def after_edit(watch: Watch, metrics: Metrics, *, another_task: bool) -> Watch:
    """Forget what an edit made obsolete.

    Args:
        watch: What the rules remember.
        metrics: Measured after the edit: a loss that is still not finite is not helped by it.
        another_task: The network or the loss is another one, so losses from before compare no more, and what
            was reached has to be reached again.
    """
    if another_task:
        watch = replace(watch, best=None, since=0)
    helped = isfinite(metrics.train_loss) if watch.by == "diverged" else another_task and watch.by != "epochs"
    return replace(watch, by=None, fault=None, largest=None) if helped else watch


def _watched_loss(metrics: Metrics) -> float:
    return metrics.train_loss if metrics.test_loss is None else metrics.test_loss


def _with_loss(watch: Watch, loss: float) -> Watch:
    if watch.best is None or loss < watch.best:
        return replace(watch, best=loss, since=0)
    return replace(watch, since=watch.since + 1)


def _met(stop: Stop, watch: Watch, epoch: int, metrics: Metrics | None) -> Iterator[StopKind]:
    """The rules that say stop, the most welcome first."""
    if metrics is not None:
        if stop.target_loss is not None and metrics.train_loss <= stop.target_loss:
            yield "target_loss"
        accuracy = metrics.train_accuracy if metrics.test_accuracy is None else metrics.test_accuracy
        if stop.target_accuracy is not None and accuracy is not None and accuracy >= stop.target_accuracy:
            yield "target_accuracy"
        if stop.patience is not None and watch.since >= stop.patience:
            yield "patience"
    if stop.epochs is not None and epoch >= stop.epochs:
        yield "epochs"
