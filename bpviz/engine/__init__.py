"""How networks compute: forward, backward, update.  Arrays in, arrays out.

Contract of this room:

- A network is a `plan.Plan`, its trainable numbers are one flat vector.  Everything follows the
  precision of that vector: float64 in, float64 out; float32 in, float32 out.
- `backprop.backprop` and `update.step` are the reference: they read like the textbook and return
  every intermediate value.  Whatever is faster has to agree with them.
- The tables (`activations`, `losses`, `penalties`, `initializers`, `optimizers`, `schedules`) hold value
  and derivative side by side.  To add a kind is to add one entry; menus and files follow.
- Functions here are pure: no file, no project, no window, no print, no clock, no random state of
  their own.  What they return is new; what they are given stays as it is.
- Arrays of examples are (examples, nodes), so ``Z = A @ W.T + b``.
"""
