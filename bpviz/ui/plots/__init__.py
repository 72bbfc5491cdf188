"""Live plots: they draw the figures of `bpviz.training.figures`, as fast as they come.

A `PlotPanel` shows one entry of the table PLOTS; `PlotBoard` feeds the visible panels from
snapshots, a few a frame.  The views (`line_view`, `heat_view`, `map_view`) hold pyqtgraph objects
and are never subclasses of them; everything that can be decided without a widget (ticks,
ranges, reduction to pixels) is in `scales`, which knows no Qt.

To add a plot, add an entry to PLOTS; a view is only needed for a new kind of figure.
"""
