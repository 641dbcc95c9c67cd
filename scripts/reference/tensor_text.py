#!/usr/bin/env python3
"""How NumPy prints arrays of float32 with its default options: core/src/test/resources/org/gradus/tensor_text.json.

Usage: tensor_text.py > core/src/test/resources/org/gradus/tensor_text.json
Each case has a shape, the bits of the numbers and NumPy's text of them (str, not repr). Bits, so that NaN and -0 survive JSON.
"""
import json

import numpy as np

rng = np.random.RandomState(0)
inf, nan = np.inf, np.nan
f = np.float32


def smooth(*shape):
    """Numbers that need few digits, so that the file stays small."""
    return (np.arange(int(np.prod(shape))) % 17 - 8).reshape(shape) / 4


cases = [
    # single numbers
    0.0, -0.0, 1.0, -2.5, 0.1, 1 / 3, 123456789.0, 1e-5, 1.5e-7, 1e15, 1e16, 3.4e38, 1e-45, nan, inf, -inf, 16777216.0,
    # vectors: widths, signs, whole numbers, zeros
    [1, 2], [0, 0, 0], [-0.0, 0.0], [1.5, -2, 10], [0.1, 0.25, 100], [1e-4, 0.05], [999, 1, 0.999], [1, -1000, 7],
    [1 / 3, 2 / 3, 1], [0.00012345678, 0.1],
    # mixed sizes take exponents
    [1e-5, 1], [1, 1001], [1e8, 1e8], [99999999, 99999992], [1e-45, 3.4028235e38, 0], [-1e-10, 2.5e-3, 0], [123456.789, 0.5],
    # not finite
    [nan], [inf, -inf, nan], [1, nan], [1.25, -inf, 3], [inf, 10000.5], [nan, 1e-7, 5], [-inf, -1.5e20, nan], [nan, 123.0],
    # matrices and cubes
    [[1, 2], [3, 4]], [[1.5], [-22.25], [3]], [[0]], [[1e-7, 1], [2, -3]], smooth(3, 4), smooth(2, 3, 4), smooth(2, 1, 2, 2),
    [[nan, -1], [inf, 2.125]],
    # lines that are full
    np.arange(30), np.arange(100) / 8, np.arange(26) * -1.0, smooth(2, 40), smooth(2, 2, 30), rng.randn(12), rng.rand(3, 9),
    # shortened in the middle above 1000 numbers
    smooth(1000), smooth(1001), np.arange(2000), smooth(30, 40), smooth(7, 200), smooth(6, 200), smooth(200, 6), smooth(300, 2, 2),
    smooth(11, 12, 13), smooth(2, 3, 400), smooth(1, 1001), smooth(1001, 1),
    # what is left out does not count for the form
    np.concatenate([smooth(3), np.full(1000, 1e-9), smooth(3)]), rng.randn(40, 40), rng.randn(784, 3) * 1e-3,
]
# random floats of all sizes, one by one and in small groups
bits = rng.randint(0, 2**32, size=300, dtype=np.uint64).astype(np.uint32)
cases += [value for value in bits[:120].view(f) if np.isfinite(value)]
cases += list(bits[120:].view(f).reshape(-1, 3))
cases += list((rng.randn(60, 2) * 10 ** rng.uniform(-3, 3, (60, 1))))
# at and beside powers of two, where the next float below is nearer than the one above
cases += [f(2.0) ** e for e in range(-149, 128, 3)]
cases += list((f(2.0) ** np.arange(-14, 15)).reshape(-1, 1))

out = []
for case in cases:
    array = np.asarray(case, dtype=f)
    out.append({
        "shape": list(array.shape),
        "bits": array.reshape(-1).view(np.int32).tolist(),
        "text": str(array),
    })
print(json.dumps({"numpy": np.__version__, "cases": out}, separators=(",", ":")).replace('},{"shape"', '},\n{"shape"'))
