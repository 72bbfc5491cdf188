"""When a run stops by itself.

Rules look at steps and epochs only, never at a clock or at the slices in which a run is trained.  A rule that
has stopped the run and was overruled by the user stays silent until the stop rules are set anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from bpviz.errors import counted
from bpviz.model.spec import Stop
from bpviz.training.run_state import Figures, StopKind, Watch


def watches_epochs(stop: Stop, watch: Watch) -> bool:
    """Whether some rule needs the figures of every epoch."""
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


def after_epoch(stop: Stop, watch: Watch, epoch: int, figures: Figures | None) -> Watch:
    """Look at the rules at the end of an epoch.

    Args:
        stop: The rules.
        watch: What they remember.
        epoch: Epochs done.
        figures: Measured now; None if no rule needs them.
    """
    if figures is not None:
        watch = _with_loss(watch, _watched_loss(figures))
    for kind, sentence in _met(stop, watch, epoch, figures):
        if kind not in watch.waived:
            return replace(watch, stopped=sentence, by=kind)
    return watch


def after_small_gradient(stop: Stop, watch: Watch) -> Watch:
    """Stop because the norm of the gradient fell below its threshold."""
    sentence = f"Stopped: the norm of the gradient is below {stop.gradient_norm:g}."
    return replace(watch, stopped=sentence, by="gradient_norm")


def anew(watch: Watch) -> Watch:
    """Forget everything but a failure: the rules were set anew, which helps against no failure."""
    return Watch(stopped=watch.stopped, by=watch.by) if watch.by == "diverged" else Watch()


def overruled(watch: Watch) -> Watch:
    """Let a stopped run go on."""
    waived = watch.waived
    if watch.by is not None and watch.by != "diverged" and watch.by not in waived:
        waived = (*waived, watch.by)
    return Watch(best=watch.best, since=0, waived=waived)


def after_failure(watch: Watch, why: str, loss: float, largest: float) -> Watch:
    """Stop because the next step can't be made.

    Args:
        watch: What the rules remember.
        why: What is not finite there, and what helps, as a sentence.
        loss: Of the state that the step would start from; while it is not finite, no setting leads on.
        largest: Size of that state's largest parameter.
    """
    if not isfinite(loss):
        why += (
            f" From weights as large as these (up to {largest:.1e}) no setting leads on: reset the run, too."
        )
    return replace(watch, stopped=why, by="diverged")


def after_edit(watch: Watch, figures: Figures, *, another_task: bool) -> Watch:
    """Forget what an edit made obsolete.

    Args:
        watch: What the rules remember.
        figures: Measured after the edit: a loss that is still not finite is not helped by it.
        another_task: The network or the loss is another one, so losses from before compare no more, and what
            was reached has to be reached again.
    """
    if another_task:
        watch = replace(watch, best=None, since=0)
    helped = isfinite(figures.train_loss) if watch.by == "diverged" else another_task and watch.by != "epochs"
    return replace(watch, stopped=None, by=None) if helped else watch


def _watched_loss(figures: Figures) -> float:
    return figures.train_loss if figures.test_loss is None else figures.test_loss


def _with_loss(watch: Watch, loss: float) -> Watch:
    if watch.best is None or loss < watch.best:
        return replace(watch, best=loss, since=0)
    return replace(watch, since=watch.since + 1)


def _met(stop: Stop, watch: Watch, epoch: int, figures: Figures | None) -> Iterator[tuple[StopKind, str]]:
    """The rules that say stop, the most welcome first."""
    if figures is not None:
        if stop.target_loss is not None and figures.train_loss <= stop.target_loss:
            yield "target_loss", f"Stopped: the training loss reached the target of {stop.target_loss:g}."
        part, accuracy = "test", figures.test_accuracy
        if accuracy is None:
            part, accuracy = "training", figures.train_accuracy
        if stop.target_accuracy is not None and accuracy is not None and accuracy >= stop.target_accuracy:
            yield "target_accuracy", f"Stopped: the {part} accuracy reached {stop.target_accuracy:.1%}."
        if stop.patience is not None and watch.since >= stop.patience:
            which = "training" if figures.test_loss is None else "test"
            yield "patience", f"Stopped: no better {which} loss for {counted(stop.patience, 'epoch')}."
    if stop.epochs is not None and epoch >= stop.epochs:
        yield "epochs", f"Stopped after {counted(stop.epochs, 'epoch')}, as set."
