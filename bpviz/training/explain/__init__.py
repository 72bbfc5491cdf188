"""How each number of a step comes about: the chain rule in this network's own numbers, as a value.

- `expressions`: a formula as a tree of frozen values; its leaves are numbers, most of them quantities that
  have a derivation of their own.
- `activations`, `losses`, `penalties`, `optimizers`: the entries of the engine's tables as formulas.
- `derivation`: `explain` makes a `Derivation` of any quantity of `bpviz.training.quantities`, from the
  tables of `of_nodes`, `of_parameters` and `of_whole`.
- `notation`, `naming`: what quantities are called in a dialect, and how people refer to them; `views`: what
  some books write differently.
- `order`: the order in which a pass computes.
- `styles`, `writing`, `words`, `documents`: formulas and notes as plain text, LaTeX, Markdown and JSON.
- `checking`: judges a learner's number, `verdicts` says how; `slips` is the table of what goes wrong (its
  entries are made in `slips_of_nodes` and `slips_of_steps`, of the pieces in `twisting`), and `recomputing`
  computes a number with a slip in its derivation, or with the learner's own numbers.

Nothing here knows a window; a derivation may cross threads.
"""
