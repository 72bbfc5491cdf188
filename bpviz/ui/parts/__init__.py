"""Parts to draw with: nodes, layers and whole networks, dragged into the picture or put there by keys.

`table` says what parts there are and what each does where it is dropped, `dropping` lets the canvas take
them, and `panel` is the list.
"""

from bpviz.ui.parts.panel import PartsPanel

__all__ = ["PartsPanel"]
