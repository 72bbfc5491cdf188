"""What a drag means: objects with a life, one module for each kind.

A gesture begins, is dragged, and is dropped or given up.  It edits nothing before it is dropped: until then
it shows a picture of what would be.  A drop is one edit of the document, or none.  Which one begins where is
`bpviz.ui.canvas.tools`' to say, and when it ends that of `bpviz.ui.canvas.lifecycle`.

To add one, write a class as `bpviz.ui.canvas.gestures.gesture.Gesture` says, and enter it in the table of
tools.
"""
