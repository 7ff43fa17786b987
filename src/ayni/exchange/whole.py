"""Decimal data as whole numbers, so that a transport problem can be solved and proven without a tolerance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ayni.exchange.solver import Floats

DECIMALS_MAX = 12


def whole_numbers(
    numbers: Floats, size: float, bits: int, rounding: Callable[[Floats], Floats]
) -> tuple[Floats, float]:
    """``numbers`` ≥ 0 times a scale, as whole numbers, and that scale; ``size`` times the scale stays below 2^``bits``.

    The scale is a power of ten where that loses nothing, else the power of two that uses all bits; ``rounding``
    (``numpy.floor`` or ``numpy.rint``) then drops what is below 2^(1−``bits``)·size.
    """
    for decimals in range(DECIMALS_MAX + 1):
        scale = 10.0**decimals
        if size * scale >= 2.0**bits:
            break
        whole = np.rint(numbers * scale)
        # Both operands are exact, so the quotient is the very float that the decimal numeral stands for.
        if np.array_equal(whole / scale, numbers):
            return whole, scale
    _, exponent = np.frexp(size)
    scale = float(np.ldexp(1.0, bits - int(exponent)))
    return rounding(numbers * scale), scale
