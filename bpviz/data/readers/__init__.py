"""From a file's bytes to cells: one module for each kind of file, one entry of `kinds.READERS` for each.

A reader gets a `grid.Source` and the user's `grid.Choices`, and returns a `grid.Grid`: rows of cells, the
names of the columns where the format has them, and `grid.Found`, what was decided on the way.  Nothing is
filled in, skipped or guessed without a field of `Found` that says so; `words` makes sentences of them.

To add a kind of file: write its reader, and add its entry to `kinds.READERS`.  What is no table gets an entry
of `strangers.STRANGERS`, with the sentence that says what it is and what to do.
"""
