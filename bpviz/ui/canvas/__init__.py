"""The network editor: the picture of the drawn network, and the gestures that change it.

The picture follows the document: a gesture only previews, its drop is one pure edit handed to
`bpviz.ui.document.Document`, and what the document then announces is what is drawn.  Values of a run
arrive as immutable snapshots and are looked up by the ids of nodes, so a late snapshot of an older network
does no harm.
This room never changes a project by itself, never touches a run and never reads files.
"""

from bpviz.ui.canvas.view import NetworkCanvas

__all__ = ["NetworkCanvas"]
