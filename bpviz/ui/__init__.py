"""The window: PySide6 and pyqtgraph, and nothing but.

It shows a `Document` and a run and changes neither by itself: edits go through
`Document.apply`, commands through `run.TrainingController`.  It computes no number; what it
shows comes from the rooms below.  Its parts (canvas, plots, panels, run) don't know each
other; `main_window` introduces them.  Nothing outside this package imports Qt.
"""

from bpviz.ui.overrides import survive_faults

survive_faults()  # before any class here is defined
