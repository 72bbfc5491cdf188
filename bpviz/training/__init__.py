"""A run, without threads: stepping, what it records, and what plots show of it.

`Session` is the one mutable thing: it stands between two steps, and only the thread that owns it touches it.
What leaves it is immutable: a `Snapshot` for views, a `RunState` for files.  Nothing here knows Qt, opens a
file, looks at a clock or draws from a random generator that the project's seed does not determine; so the
same project gives the same numbers, in whatever slices it is trained.
"""
