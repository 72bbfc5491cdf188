"""The explanation: how a number of the step at hand comes about, beside the picture of the network.

- `topics`: what is explained of a selection; `moment`: the step that a snapshot brings, and what of it is
  known yet; `way`: which number of it is looked at, and how one came there.
- `boxes`, `formulas`, `pages`: formulas as boxes that know their place, read from the LaTeX that
  `bpviz.training.explain` writes, broken into lines for a width.
- `content`: a number's derivation, made ready for a page; `marks`, `page_view`, `view`: paint it, its numbers
  are links.
- `guessing`: which numbers are hidden because somebody works them out; `gaps`: those of a page; `blanks`: the
  fields they are typed into; `judging`: judges them beside the window; `learner`: leads all of that.
- `sheet`: where all of it stands; `options`, `copying`, `pictures`: its menu; `panel`: leads it.

Nothing here computes a number: `bpviz.training.explain` does, when a number is shown.
"""
