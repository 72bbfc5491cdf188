"""Small networks that many tests of the model begin with."""

from __future__ import annotations

import pytest

from bpviz.model.builder import layered_network
from bpviz.model.spec import Network


@pytest.fixture
def chain() -> Network:
    """2-3-2-1, ids l1 (n2 n3), l4 (n5 n6 n7), l8 (n9 n10), l11 (n12)."""
    return layered_network(("x", "y"), (3, 2), 1)
