"""Bytes on disk, and nowhere else: projects, weights, plots and diagrams are written and read here.

The contract of this room:

* A file is whole or it isn't there: everything goes through `safe.write_atomically`.
* Readers raise only `BpvizError`s, whatever the bytes say, and look at sizes before they unfold anything.
* Nothing that a file says is ever imported, evaluated or unpickled.
* Every version of the project format that was ever released opens for ever.
* No Qt: the command line writes the same files as the window.

To add a format of weights or pictures, add an entry to the table in `weights` or `figures`.
"""
