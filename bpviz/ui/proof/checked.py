"""A gradient check with the drawing that it is of."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.engine.gradcheck import GradientCheck, Judgement
from bpviz.model.compile import Compiled
from bpviz.model.spec import Address


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What a check found, by the addresses of the drawing.

    Attributes:
        compiled: The network.
        found: The check.
        examples: How many it was made on.
        run_id: Of which run.
        step: At which step of it.
    """

    compiled: Compiled
    found: GradientCheck
    examples: int
    run_id: int
    step: int

    def errors(self) -> dict[Address, float]:
        """The relative error of each weight and bias; NaN at a kink."""
        return self.compiled.values(self.found.relative)

    def links(self) -> dict[tuple[str, str], Judgement]:
        """What is said of each link, by the ids of the layers it leads from and to."""
        ids = self.compiled.layer_ids
        pairs = zip(self.compiled.plan.links, self.found.links, strict=True)
        return {(ids[link.source], ids[link.target]): judged for link, judged in pairs}
