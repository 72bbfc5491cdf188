"""The strip between canvas and plots: the run as a line, the walk through a step, and its branches.

`TimelineStrip` shows what a snapshot says of its timeline and asks for moves by signals; it leads no run.  To
add a kind of mark, add an entry to `bpviz.ui.strip.spots.SIGNS`, and a shape to `bpviz.ui.strip.signs`.
"""
