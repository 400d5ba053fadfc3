"""A matrix product whose every number is the same on any computer and in any pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK_VALUES = 1 << 15  # of the product, so that they stay in the processor's cache
_DROPPED, _HALF = (1 << 29) - 1, 1 << 28  # bits of a float64 that float32 has no place for; just between two of those


def fused_product(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """The product with every sum in order, each term added with one rounding (fused): float32 (rows, columns).

    So does the BLAS that PyTorch has on x86, whatever the shapes. NumPy's depends on them: the same row would come out
    differently as one of another number of rows.
    """
    out = np.zeros((len(left), right.shape[1]), dtype=np.float32)
    exact_left, exact_right = left.astype(np.float64), right.astype(np.float64)  # their products are exact in float64
    step = max(1, _BLOCK_VALUES // max(1, right.shape[1]))
    for start in range(0, len(left), step):
        _add_products(out[start : start + step], exact_left[start : start + step], exact_right)
    return out


def _add_products(total: NDArray[np.float32], left: NDArray[np.float64], right: NDArray[np.float64]) -> None:
    sums = np.empty(total.shape, dtype=np.float64)
    for k in range(left.shape[1]):
        np.multiply(left[:, k, None], right[k], out=sums)
        sums += total
        between = (sums.view(np.int64) & _DROPPED) == _HALF
        if between.any():  # float64's own rounding may have made it so
            rows, columns = np.nonzero(between)
            sums[between] = _apart(left[rows, k] * right[k, columns], total[between].astype(np.float64))
        total[...] = sums


def _apart(product: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums that float64 rounded to the middle of two float32, moved back to their side of it."""
    rounded = product + total
    back = rounded - product
    error = (product - (rounded - back)) + (total - back)  # exact (Knuth's two-sum)
    return np.where(error == 0, rounded, np.nextafter(rounded, np.copysign(np.inf, error)))
