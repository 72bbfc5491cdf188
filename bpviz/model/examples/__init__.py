"""Bundled projects that show one thing each; `EXAMPLES` is what menus and the command line list.

To add one, write a function that builds its project in the module it belongs to and add an
`Example` with a title and two or three sentences on what to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bpviz.data.settings import DataSettings
from bpviz.model.examples import by_hand, lessons, playground, tables, worked
from bpviz.model.spec import Project
from bpviz.registry import Registry


@dataclass(frozen=True, slots=True)
class Example:
    """A project to begin with.

    Attributes:
        name: Key on the command line; never renamed.
        label: Its title in menus and in the window.
        about: Two or three sentences: what it is, and what to look at.
        make: Builds the project, without its title.
        tags: Words to find it by, beside those of its name and texts.
    """

    name: str
    label: str
    about: str
    make: Callable[[], Project]
    tags: tuple[str, ...] = ()

    def answers(self, word: str) -> bool:
        """Whether it is meant by a word."""
        texts = (self.name, self.label, self.about, *self.tags)
        return any(word.lower() in text.lower() for text in texts)

    def build(self) -> Project:
        """Return the project, ready to play."""
        return replace(self.make(), title=self.label)


def new_project() -> Project:
    """Return what File > New shows: an empty sheet, with data that anything drawn on it could learn."""
    return Project(data=DataSettings(source="circle"))


EXAMPLES: Final = Registry(
    "example",
    Example(
        "spiral",
        "Spiral",
        "Two arms wound around each other, learned by two hidden layers of eight ReLU nodes and Adam. "
        "Press Play and watch the map: straight cuts first, then the bend of the arms. In the heatmap, the "
        "deltas fade as the examples are learned one after the other.",
        lessons.spiral,
        ("classes", "plane", "2-8-8-1", "relu", "adam"),
    ),
    Example(
        "circle",
        "Circle (Playground)",
        "The TensorFlow Playground's first page, number for number: a disk inside a ring, learned by tanh "
        "nodes. For some ten epochs little happens, then the hidden nodes turn into the sides of a polygon "
        "around the disk.",
        playground.circle,
        ("playground", "classes", "plane", "2-4-2-1", "tanh"),
    ),
    Example(
        "xor",
        "Exclusive or (Playground)",
        "Opposite quarters belong together, so no single straight line can separate them. See which hidden "
        "node takes which border, and how the loss falls in steps as they find their places.",
        playground.xor,
        ("playground", "classes", "plane", "tanh", "xor"),
    ),
    Example(
        "gauss",
        "Gaussian (Playground)",
        "Two clouds that one straight line separates. The loss falls at once and the deltas die out with "
        "it: remove hidden nodes, or a whole layer, and it still works.",
        playground.gauss,
        ("playground", "classes", "plane"),
    ),
    Example(
        "spiral_playground",
        "Spiral (Playground)",
        "The Playground's hardest data with its own small network, which is not enough: the loss stays "
        "high. Add nodes, layers or the features sin(x) and sin(y) until it bends around the arms.",
        playground.spiral,
        ("playground", "classes", "plane", "features"),
    ),
    Example(
        "plane",
        "Plane (Playground)",
        "A number instead of a class: the height of a tilted plane, by a linear output. The tanh nodes "
        "settle in their nearly straight middle parts, where the sum of them is a plane.",
        playground.plane,
        ("playground", "regression", "plane"),
    ),
    Example(
        "multi_gauss",
        "Multi Gaussian (Playground)",
        "Three hills and three hollows whose height is learned. Four hidden nodes can't form all six; see "
        "in the map which ones the network gives up first, and add nodes until it need not.",
        playground.multi_gauss,
        ("playground", "regression", "plane"),
    ),
    Example(
        "mazur",
        "A worked step",
        "The 2-2-2 network of Matt Mazur's well-known worked example, with his start values, and biases "
        "frozen. Step through one phase at a time and compare every number: the error is 0.298371109 at "
        "first and 0.291027774 after one update.",
        worked.mazur,
        ("worked", "2-2-2", "sigmoid", "one case"),
    ),
    Example(
        "textbook_case",
        "A textbook's table",
        "3-2-1 sigmoid nodes and one case, worked through in a textbook as a table of inputs, outputs and "
        "errors. What the book calls the error is minus our delta. The weights from the second input stay "
        "as they are, for that input is 0.",
        by_hand.textbook_case,
        ("worked", "3-2-1", "sigmoid", "one case"),
    ),
    Example(
        "two_by_two",
        "2-2-1 without bias",
        "One case and six weights, as in many lecture notes: the output is 0.690 before the step and "
        "0.682 after it. The deltas of the hidden nodes come from the weights before the update; to take "
        "the updated ones is the commonest slip.",
        by_hand.two_by_two,
        ("worked", "2-2-1", "sigmoid", "one case", "no bias"),
    ),
    Example(
        "four_classes",
        "Four classes, three cases",
        "2-2-4 sigmoid nodes, cross-entropy summed over the outputs, and a penalty of λ = 4. No case "
        "belongs to the first of the four classes, yet its node learns to say no. The gradient is the "
        "mean over the three cases plus λ/m times the weight; biases have no λ.",
        by_hand.four_classes,
        ("worked", "2-2-4", "sigmoid", "cross-entropy", "one-hot", "penalty", "course"),
    ),
    Example(
        "relu_softmax",
        "ReLU and softmax, one case",
        "2-2-3 nodes and one case of the third class. The deltas at the output are activation minus "
        "target. The second hidden node puts out 0, so ReLU cuts the delta that arrives there to 0.",
        by_hand.relu_and_softmax,
        ("worked", "2-2-3", "relu", "softmax", "cross-entropy", "one case"),
    ),
    Example(
        "weight_changes",
        "Changes of weights",
        "3-2-1 sigmoid nodes without bias and one case. The exercise asks for the change of each weight: "
        "minus the rate times the gradient. Walk to the update and read them there.",
        by_hand.changes_of_weights,
        ("worked", "3-2-1", "sigmoid", "one case", "no bias"),
    ),
    Example(
        "xor_one_node",
        "XOR by one hidden node",
        "The inputs lead to the output directly as well, so a single hidden node is enough for exclusive "
        "or. The start is nearly there. Choose the output: three links enter it from two layers.",
        by_hand.xor_by_one_node,
        ("worked", "2-1-1", "sigmoid", "xor", "skip"),
    ),
    Example(
        "cross_entropy_case",
        "Cross-entropy, one case",
        "2-2-1 sigmoid nodes with binary cross-entropy. The delta at the output is activation minus "
        "target. Set the loss to half squared error: it gets one more factor, the slope of the sigmoid.",
        by_hand.cross_entropy_case,
        ("worked", "2-2-1", "sigmoid", "cross-entropy", "one case", "no bias"),
    ),
    Example(
        "four_layers",
        "Four layers, one weight",
        "One example through 4-2-2-1 nodes with a linear output without bias. Choose a weight of the "
        "second hidden layer: its gradient is the delta of the node it enters times the activation of the "
        "node it leaves.",
        worked.four_layers,
        ("on paper", "4-2-2-1", "sigmoid", "one case"),
    ),
    Example(
        "linear_neuron",
        "One linear neuron",
        "Two weights, one case: x = (1, 1), target 0, error (t − y)². Every point with w₁ = −w₂ is a "
        "solution, and the start decides which one is reached: both weights move by the same amount, "
        "always.",
        worked.linear_neuron,
        ("on paper", "single neuron", "2-1", "linear"),
    ),
    Example(
        "xor_solved",
        "XOR, solved",
        "The truth table of exclusive or and two hidden sigmoid nodes, from a start that finds the "
        "solution. The loss creeps at first and falls once the two hidden nodes have taken different "
        "sides; compare with the next example, which differs in its seed alone.",
        worked.xor_solved,
        ("xor", "2-2-1", "sigmoid"),
    ),
    Example(
        "xor_minimum",
        "XOR, stuck",
        "The same network from another start, which comes to rest at a loss of 1/16: two of the four "
        "points keep an output of one half. Gradients are tiny although the loss is not; try other seeds, "
        "or give it a third hidden node.",
        worked.xor_stuck,
        ("xor", "2-2-1", "sigmoid", "failing"),
    ),
    Example(
        "plateau",
        "Vanishing gradients",
        "Five layers of sigmoid nodes on the circle. Every layer passes back at most a quarter of the "
        "delta, so the gradient norms fan out over orders of magnitude and the first layers do not learn. "
        "Choose ReLU with the He initializer and play again.",
        lessons.plateau,
        ("failing", "vanishing", "deep", "sigmoid"),
    ),
    Example(
        "dead_relu",
        "Dying ReLU nodes",
        "A learning rate so high that the first steps push ReLU nodes below 0 for every example. Half of "
        "them die: their rows in the heatmap turn blank and stay so, for without slope there is no delta, "
        "and nothing brings them back. Lower the rate to 0.1, and the same start learns.",
        lessons.dead_relu,
        ("failing", "dead nodes", "relu"),
    ),
    Example(
        "exploding",
        "Exploding gradients",
        "Six layers and initial weights too large: deltas grow from layer to layer on their way back, and "
        "each step makes the weights larger still. The run stops at the first number that is not finite, "
        "says where it stands, and keeps the last good state. Clip the gradient's norm, give the rate a "
        "warm-up or choose the He initializer, and it learns.",
        lessons.exploding,
        ("failing", "diverging", "deep"),
    ),
    Example(
        "skip_link",
        "A skip link rescues",
        "The deep sigmoid network again, with a link from the first hidden layer straight to the output. "
        "Now the first layer's gradient is hundreds of times larger and the circle is learned. Delete the "
        "skipping link while it trains, watch the gradient norms, and undo.",
        lessons.skip_link,
        ("skip", "deep", "vanishing"),
    ),
    Example(
        "normalization",
        "Why to normalize",
        "Three kinds of wine by thirteen measurements as they are, some near 1, one near 1,000: the "
        "largest rules every weighted input and the loss hardly moves. Set the scaling to standardize; "
        "same network, same rate.",
        tables.wine_raw,
        ("failing", "scaling", "table"),
    ),
    Example(
        "iris",
        "Iris",
        "Three species of iris by four measurements, with a softmax output of one node for each species. "
        "The deltas at the output are simply activation minus target; see which species is told apart "
        "first.",
        tables.iris,
        ("classes", "table", "softmax"),
    ),
    Example(
        "penguins",
        "Penguins",
        "Three species of penguin by bill, flipper and weight. A dozen epochs are enough; remove one "
        "measurement after the other to find which ones the network needs.",
        tables.penguins,
        ("classes", "table", "softmax"),
    ),
    Example(
        "digits",
        "Handwritten digits",
        "1,797 digits of 8 by 8 pixels, 32 hidden ReLU nodes, a softmax output of ten. Test accuracy "
        "passes 95 % within a few epochs; then the training loss goes on falling while the test loss does "
        "not: the network starts to learn its examples by heart.",
        tables.digits,
        ("classes", "images", "table", "softmax", "overfitting"),
    ),
    Example(
        "course_digits",
        "Digits as in the course",
        "64, 25 and 10 sigmoid nodes with cross-entropy and an L2 penalty of λ = 1, as in the well-known "
        "course. One step takes the whole training part, so its gradient is the course's D = (1/m)(Δ + "
        "λΘ), in which the bias column has no λ.",
        tables.course_digits,
        ("classes", "images", "course", "64-25-10", "penalty"),
    ),
    Example(
        "breast_cancer",
        "Breast cancer",
        "Benign or malignant by thirty measurements, with one sigmoid output and binary cross-entropy. "
        "Look at how little a hidden layer adds here: remove it and compare.",
        tables.breast_cancer,
        ("classes", "table"),
    ),
    Example(
        "diabetes",
        "Diabetes",
        "A number to predict: the progression of a disease within a year, standardized for training and "
        "shown in its own unit. The test loss turns up early; a penalty or fewer nodes keep it down.",
        tables.diabetes,
        ("regression", "table", "overfitting"),
    ),
    Example(
        "moons",
        "Two moons",
        "Two half circles that reach into each other, with noise. The decision border starts straight and "
        "bends in two places, one hidden node after the other.",
        lessons.moons,
        ("classes", "plane"),
    ),
    Example(
        "sine",
        "A sine from points",
        "One input, one output, ten tanh nodes: each adds one smooth step, and their sum becomes the "
        "curve. Choose the sine activation, and three nodes are more than enough.",
        lessons.sine,
        ("regression", "curve"),
    ),
)

DEFAULT_EXAMPLE: Final = "spiral"
"""What the window opens with."""
