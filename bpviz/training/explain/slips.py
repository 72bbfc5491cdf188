"""The slips that learners make, as a table: each recomputes the whole number that it gives.

To add one, add an entry to `SLIPS`, before those that are less likely, and a sentence to `SENTENCES` of
`bpviz.training.explain.verdicts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bpviz.registry import Registry
from bpviz.training.explain import slips_of_nodes as nodes
from bpviz.training.explain import slips_of_steps as steps
from bpviz.training.explain.twisting import Variants


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip.

    Attributes:
        name: Key.
        label: In words.
        variants: The ways of making it on the way to a number.
    """

    name: str
    label: str
    variants: Variants


SLIPS: Final = Registry(
    "slip",
    Slip("sign", "Sign turned", steps.sign),
    Slip("weights_updated", "Weights already updated", nodes.weights_updated),
    Slip("slope_left_out", "Slope left out", nodes.slope_left_out),
    Slip("activation_for_slope", "Activation for slope", nodes.activation_for_slope),
    Slip("slope_from_z", "Slope from z", nodes.slope_from_z),
    Slip("slope_not_cancelled", "Slope that has cancelled", nodes.slope_not_cancelled),
    Slip("rate_forgotten", "Learning rate forgotten", steps.rate_forgotten),
    Slip("new_for_change", "New value for the change", steps.new_for_change),
    Slip("gradient_for_change", "Gradient for the change", steps.gradient_for_change),
    Slip("change_for_gradient", "Change for the gradient", steps.change_for_gradient),
    Slip("rate_on_gradient", "Learning rate in the gradient", steps.rate_on_gradient),
    Slip("half_forgotten", "Half forgotten", nodes.of_loss(("half_squared",), 2)),
    Slip("half_added", "Half added", nodes.of_loss(("squared", "mse"), 0.5)),
    Slip("mean_forgotten", "Mean forgotten", steps.mean_forgotten),
    Slip("mean_twice", "Mean taken twice", steps.mean_twice),
    Slip("mean_for_sum", "Mean for the sum", steps.mean_for_sum),
    Slip("neighbors_weight", "Neighbor's weight", nodes.neighbors_weight),
    Slip("transposed", "Matrix transposed", nodes.transposed),
    Slip("bias_forgotten", "Bias forgotten", nodes.bias_forgotten),
    Slip("term_forgotten", "Term forgotten", nodes.term_forgotten),
    Slip("activation_left_out", "z for the activation", nodes.activation_left_out),
    Slip("input_left_out", "Input left out", steps.input_left_out),
    Slip("targets_activation", "Activation of the wrong end", steps.targets_activation),
    Slip("neighbors_delta", "Neighbor's delta", steps.neighbors_delta),
    Slip("neighbors_input", "Neighbor's input", steps.neighbors_input),
    Slip("single_example", "One example for the batch", steps.single_example),
    Slip("example_forgotten", "Example forgotten", steps.example_forgotten),
    Slip("penalty_forgotten", "Penalty forgotten", steps.penalty_forgotten),
    Slip("penalty_on_bias", "Penalty on the bias", steps.penalty_on_bias),
    Slip("penalty_undivided", "Penalty not divided", steps.penalty_undivided),
    Slip("memory_forgotten", "Optimizer's memory forgotten", steps.memory_forgotten),
    Slip("clipping_forgotten", "Clipping forgotten", steps.clipping_forgotten),
)
"""The likelier first: where two give the same number, it is the first that is named."""
