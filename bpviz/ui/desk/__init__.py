"""The desk: what is worked on, what is selected, which numbers are looked at, and what can be asked for.

Canvas, outline, inspector and commands share one `Desk`; none of them keeps a selection or a view of its
own.  A selection is mended in one place, `bpviz.ui.desk.selecting.present`, when something of it is gone.
This room knows the document, and nothing of how anything is shown.
"""

from bpviz.ui.desk.desk import Desk
from bpviz.ui.desk.editor import Editor

__all__ = ["Desk", "Editor"]
