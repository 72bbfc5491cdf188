"""The picture of a network as a value: shapes, strokes and words, of which each drawer knows only these.

- `value`: what a drawing is made of.
- `network`: makes the drawing of a network, with or without its weights.
- `words`: anybody's name, as short as its room.

`bpviz.files.canvases` draws it by matplotlib, `bpviz.files.tikz` for LaTeX, and `bpviz.ui.painting` by Qt.
"""
