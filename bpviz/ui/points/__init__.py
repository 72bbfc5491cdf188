"""Drawing examples by hand on the map, while it trains."""

from bpviz.ui.points.drawing import PointDrawing

__all__ = ["PointDrawing"]
