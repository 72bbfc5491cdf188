"""Live plots: they draw the figures of `bpviz.training.figures`, as fast as they come.

A `PlotPanel` shows one entry of the table PLOTS; `PlotBoard` feeds the visible panels from
snapshots, a few a frame.  A `FigureView` draws one figure, its marks in layers (`curve_layer`,
`heat_layer`, ...), each into a `Frame`, which holds pyqtgraph objects and is no subclass of them: its
axes, zoom and pan.  What changes with every frame is drawn by stock items of Qt (`items`), which paint
without Python.  Everything that can be decided without a widget (ticks, ranges, joining points to
pixels) is in `scales`, which knows no Qt.

To add a plot, add an entry to PLOTS; a layer is only needed for a new kind of mark.
"""
