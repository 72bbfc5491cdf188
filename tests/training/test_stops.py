from __future__ import annotations

from bpviz.errors import Fault
from bpviz.model.spec import Stop
from bpviz.training import stops
from bpviz.training.metrics import Metrics
from bpviz.training.run_state import Watch


def metrics(train: float = 1.0, test: float | None = 1.0, accuracy: float | None = None) -> Metrics:
    return Metrics(train, train, test, accuracy, accuracy if test is not None else None)


FAULT = Fault(7, "value", "Output", 1, "Hidden", 2)


def why(stop: Stop, watch: Watch, measured: Metrics | None = None) -> str | None:
    return stops.sentence(stop, watch, measured or metrics())


def test_without_rules_nothing_stops() -> None:
    assert stops.after_epoch(Stop(), Watch(), 10**6, None).by is None
    assert stops.last_epoch(Stop(), Watch()) is None
    assert stops.least_norm(Stop(), Watch()) == 0.0
    assert not stops.watches_epochs(Stop(), Watch())


def test_the_number_of_epochs_is_counted_exactly() -> None:
    stop = Stop(epochs=3)
    assert stops.after_epoch(stop, Watch(), 2, None).by is None
    assert why(stop, stops.after_epoch(stop, Watch(), 3, None)) == "Stopped after 3 epochs, as set."


def test_a_target_loss_is_met_by_the_training_loss() -> None:
    stop = Stop(target_loss=0.5)
    assert stops.after_epoch(stop, Watch(), 1, metrics(train=0.51, test=0.1)).by is None
    watch = stops.after_epoch(stop, Watch(), 1, metrics(train=0.5))
    assert why(stop, watch) == "Stopped: the training loss reached the target of 0.5."


def test_a_target_accuracy_is_met_by_the_test_part_or_without_one_by_the_training_part() -> None:
    stop = Stop(target_accuracy=0.9)
    assert stops.after_epoch(stop, Watch(), 1, metrics(accuracy=0.89)).by is None
    watch = stops.after_epoch(stop, Watch(), 1, metrics(accuracy=0.9))
    assert why(stop, watch, metrics(accuracy=0.9)) == "Stopped: the test accuracy reached 90.0%."
    watch = stops.after_epoch(stop, Watch(), 1, metrics(test=None, accuracy=0.95))
    assert why(stop, watch, metrics(test=None)) == "Stopped: the training accuracy reached 90.0%."


def test_patience_ends_when_the_loss_has_not_become_better_for_so_long() -> None:
    stop, watch = Stop(patience=2), Watch()
    for epoch, loss in enumerate((1.0, 0.5, 0.6, 0.4, 0.4), start=1):
        watch = stops.after_epoch(stop, watch, epoch, metrics(test=loss))
        assert watch.by is None
    watch = stops.after_epoch(stop, watch, 6, metrics(test=0.5))
    assert why(stop, watch) == "Stopped: no better test loss for 2 epochs."
    assert watch.by == "patience"


def test_a_rule_that_was_overruled_stays_silent() -> None:
    stop = Stop(epochs=1, target_loss=0.5)
    watch = stops.after_epoch(stop, Watch(), 1, metrics(train=0.7))
    watch = stops.overruled(watch)
    assert watch.by is None
    assert stops.last_epoch(stop, watch) is None
    watch = stops.after_epoch(stop, watch, 2, metrics(train=0.7))
    assert watch.by is None
    assert stops.after_epoch(stop, watch, 3, metrics(train=0.1)).by == "target_loss"


def test_a_small_gradient_stops_until_it_is_overruled() -> None:
    stop = Stop(gradient_norm=0.01)
    assert stops.least_norm(stop, Watch()) == 0.01
    watch = stops.after_small_gradient(Watch())
    assert why(stop, watch) == "Stopped: the norm of the gradient is below 0.01."
    assert stops.least_norm(stop, stops.overruled(watch)) == 0.0


def test_another_task_forgets_what_was_reached_but_not_how_long_it_took() -> None:
    reached = Watch(best=0.1, since=3, by="target_loss", waived=("patience",))
    assert stops.after_edit(reached, metrics(), another_task=False) == reached
    assert stops.after_edit(reached, metrics(), another_task=True) == Watch(waived=("patience",))
    over = Watch(best=0.1, by="epochs")
    assert stops.after_edit(over, metrics(), another_task=True) == Watch(by="epochs")


def test_an_edit_gives_a_run_that_diverged_another_chance_if_it_stands_on_finite_numbers() -> None:
    watch = Watch(best=0.1, by="diverged", fault=FAULT)
    assert stops.after_edit(watch, metrics(), another_task=False) == Watch(best=0.1)
    assert stops.after_edit(watch, metrics(train=float("inf")), another_task=False) == watch


def test_new_rules_help_against_no_failure() -> None:
    watch = Watch(best=0.1, waived=("epochs",), by="diverged", fault=FAULT)
    assert stops.anew(watch) == Watch(by="diverged", fault=FAULT)
    assert stops.anew(Watch(by="epochs")) == Watch()


def test_a_failure_says_when_no_setting_leads_on() -> None:
    assert why(Stop(), stops.after_failure(Watch(), FAULT, 0.5, 3.0)) == (
        "Training left the finite numbers at step 7: the new value of the weight from node 2 in Hidden to "
        "node 1 in Output is not finite. Lower the learning rate, clip the gradient or start from smaller "
        "weights."
    )
    hopeless = why(Stop(), stops.after_failure(Watch(), FAULT, float("inf"), 1.6e155))
    assert hopeless is not None
    assert "1.6e+155" in hopeless
    assert "reset the run" in hopeless


def test_a_run_that_diverged_may_be_tried_again_and_diverge_again() -> None:
    watch = stops.overruled(Watch(by="diverged", fault=FAULT))
    assert watch == Watch()
