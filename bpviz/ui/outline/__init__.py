"""The network as a table: layers, their nodes, and the connections into each, for exact work and for ears.

What the outline shows is the document's network in the order of the picture, and the numbers of snapshots
through `bpviz.training.known`; what it asks for goes through the desk's `Editor` to the document.  Beside
it stand the field that finds things by name and the list of all edits.  This room changes no project by
itself, never touches a run and never reads files.
"""

from bpviz.ui.outline.panel import Outline

__all__ = ["Outline"]
