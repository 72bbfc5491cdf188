"""The fast path: kernels compiled by numba that make many steps a call and let the window run meanwhile.

Contract of this part:

- A kernel makes the same steps as `bpviz.engine.update.step`, and leaves parameters, optimizer memory and
  records where the reference would go on from.  A step that may leave the finite numbers it refuses.
- There are four programs, a list of links and matrices, each in float64 and float32.  They choose everything
  by number, so no edit ever compiles.  They are kept in the user's cache folder.
- Wide layers are computed one way or another, whichever was measured to be faster when the programs were
  compiled (`choosing`, `choice`).  A process takes the choice once; ways differ in nothing but rounding.
- At ends of epochs a kernel measures all examples itself: a call need not return for that.
- Nothing here imports numba before a program is asked for.  `loader.KernelLoader` lets another process
  compile and a thread load, so that a window stays quick meanwhile.

`engine.Kernel` is what a runner uses.  From there down: `shapes` holds the memory, `programs` the compiled
code; `links` and `blocks` are the two programs, made of `sweeps`, `deltas`, `steps`, `parameters`, `records`,
`looks`, `stream`, `products`, `registers`, `nodes`, `functions` and, at the bottom, `tiles`.
"""
