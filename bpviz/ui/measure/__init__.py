"""Measure the window itself, in a process of its own: ``python -m bpviz.ui.measure PART [OPTIONS]``.

``bpviz bench`` starts it, once for each part, and reads one JSON object from its standard output.  It
measures the real window and the real widgets, on whatever Qt draws on here, with settings of its own in a
temporary folder. This room never judges a figure and is never loaded by the window.
"""
