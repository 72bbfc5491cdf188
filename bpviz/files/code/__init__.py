"""A run as a program: one readable file that trains the same network without bpviz.

`account` says in one value what such a program has to do; a writer for each framework (`numpy_code`,
`torch_code`, ...) makes a text of it, which holds only what this run needs.  How a framework writes an
activation, a loss, an optimizer, ... stands in tables beside the writer; an entry of the engine's tables that
has no such piece fails a test by name.  `files` lists the frameworks and writes the files.
"""
