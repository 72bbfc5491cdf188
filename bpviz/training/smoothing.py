"""Smooth curves: each point is led by those before it, so that a trend is seen through noise."""

from __future__ import annotations

import numpy as np

from bpviz.arrays import Array


def smoothed(values: Array, share: float) -> Array:
    """Return running means, each of them ``share`` of the one before and the rest of the new value::

        s_t = (v_t + share v_(t-1) + share^2 v_(t-2) + ...) / (1 + share + share^2 + ...)

    The first points are no nearer to 0 for it: what is missing before them weighs nothing, and neither do
    values that are not finite, which stay what they are.

    Args:
        values: (points,)
        share: 0 changes nothing; below 1.
    """
    known = np.isfinite(values)
    sums, weights = _running(np.where(known, values, 0.0), share), _running(known.astype(np.float64), share)
    return np.where(known, sums / np.where(known, weights, 1.0), values)


def _running(values: Array, share: float) -> Array:
    """``r_t = v_t + share r_(t-1)`` in as many passes as the number of points has digits in base two."""
    sums, reach, factor = values.astype(np.float64), 1, share
    while reach < sums.size and factor > 0.0:
        later = sums.copy()
        later[reach:] += factor * sums[:-reach]
        sums, reach, factor = later, 2 * reach, factor * factor
    return sums
