"""See backpropagation happen in a neural network that you drew yourself: the Python API.

A script needs a handful of functions::

    import bpviz

    project = bpviz.example("spiral")
    run = bpviz.train(project, epochs=50)
    print(run.metrics.test_loss)
    bpviz.export_weights(run, "spiral.npz")
    bpviz.export_plot(run, "loss", "loss.png")
    bpviz.save("spiral.bpviz", run)

They stand in `bpviz.api` and a few other modules and are loaded when the first one is used, so that
``import bpviz`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bpviz.version import __version__

__all__ = [
    "__version__",
    "animate",
    "backprop",
    "bring",
    "brought_into",
    "brought_project",
    "check_gradients",
    "cost_figure",
    "draw",
    "example",
    "export_code",
    "export_figure",
    "export_model",
    "export_plot",
    "export_weights",
    "figure",
    "fitted_project",
    "gradient_costs",
    "input_figure",
    "input_gradient",
    "load",
    "network",
    "playground_link",
    "project",
    "read_table",
    "report",
    "resume",
    "run",
    "save",
    "session",
    "table",
    "train",
    "with_data",
]

_ELSEWHERE = {
    **dict.fromkeys(
        ("cost_figure", "export_figure", "gradient_costs", "input_figure", "input_gradient"), "bpviz.proof"
    ),
    "export_code": "bpviz.programs",
    "export_model": "bpviz.programs",
    "fitted_project": "bpviz.model.templates",
    **dict.fromkeys(("bring", "brought_into", "brought_project"), "bpviz.files.bringing"),
    "playground_link": "bpviz.model.playground",
    "table": "bpviz.model.fitting",
    "read_table": "bpviz.data.opening",
    "animate": "bpviz.animation",
    "report": "bpviz.reporting",
    **dict.fromkeys(("draw", "export_plot"), "bpviz.pictures"),
}
"""What stands in another module than `bpviz.api`."""

if TYPE_CHECKING:
    from bpviz.animation import animate
    from bpviz.api import (
        backprop,
        check_gradients,
        example,
        export_weights,
        figure,
        load,
        network,
        project,
        resume,
        run,
        save,
        session,
        train,
        with_data,
    )
    from bpviz.data.opening import read_table
    from bpviz.files.bringing import bring, brought_into, brought_project
    from bpviz.model.fitting import table
    from bpviz.model.playground import playground_link
    from bpviz.model.templates import fitted_project
    from bpviz.pictures import draw, export_plot
    from bpviz.programs import export_code, export_model
    from bpviz.proof import cost_figure, export_figure, gradient_costs, input_figure, input_gradient
    from bpviz.reporting import report


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'bpviz' has no attribute {name!r}")
    return getattr(import_module(_ELSEWHERE.get(name, "bpviz.api")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
