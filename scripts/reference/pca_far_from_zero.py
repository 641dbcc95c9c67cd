#!/usr/bin/env python3
"""Principal components, in double, of float data far from 0, as one JSON object.

  pca_far_from_zero.py --out pca_far_from_zero.json

The data is numpy.random.seed(0); randn(1000,20), plus 1e4, 1e5, 1e6 and 1e7, rounded to float. What float holds is taken as
exact. A component's entry of largest magnitude is positive. Kept are the codes of the first 20 samples along the first 5
components, the means and the variances.
"""
import argparse, json
import numpy as np

SAMPLES, FEATURES, KEPT, COMPONENTS = 1000, 20, 20, 5


def fit(x):
    mean = np.array([np.sum(c.astype(np.longdouble)) / len(c) for c in x.T]).astype(np.float64)
    centred = x - mean
    _, s, vt = np.linalg.svd(centred, full_matrices=False)
    for v in vt:
        v *= np.sign(v[np.argmax(np.abs(v))])
    codes = centred @ vt.T
    return {"mean": mean.tolist(),
            "variances": (s[:COMPONENTS] ** 2 / (len(x) - 1)).tolist(),
            "codes": codes[:KEPT, :COMPONENTS].reshape(-1).tolist()}


ap = argparse.ArgumentParser()
ap.add_argument("--out", required=True)
out = ap.parse_args().out
np.random.seed(0)
z = np.random.randn(SAMPLES, FEATURES)
fits = {"1e%d" % e: fit((z + 10.0 ** e).astype(np.float32).astype(np.float64)) for e in (4, 5, 6, 7)}
with open(out, "w") as f:
    json.dump({"numpy": np.__version__, "fits": fits}, f, indent=1)
    f.write("\n")
