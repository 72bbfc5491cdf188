"""A project to begin with: small, and ready to play."""

from __future__ import annotations

from bpviz.data.settings import DataSettings
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project, Training


def circle_project() -> Project:
    """Two inputs (n2, n3), four hidden nodes (n5 to n8) and one output (n10) on the circle."""
    network = layered_network(("x", "y"), (4,), 1)
    return Project(network=network, data=DataSettings(source="circle"), training=Training())
