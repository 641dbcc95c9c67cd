#!/usr/bin/env python3
"""Reference values for the image transformations, from NumPy and SciPy.

  make_transforms.py > transforms.json            small images turned by fixed angles
  make_transforms.py mnist_fits_seed0.json > mnist_transforms_seed0.json
                                                  excerpt of the reference file on all of MNIST

The reference file comes from PyTorch 1.13, NumPy 1.24 and SciPy with the seed 0 before each of the sets train, test: sums over all
pixels, row 14 of the first image, row 9 of image 777, column 13 of the last one.
"""
import json
import sys

import numpy as np
import scipy
from scipy import ndimage

if len(sys.argv) > 1:
    fits = json.load(open(sys.argv[1]))
    keep = ("seed", "noisy", "occluded", "rotated", "shuffle_image_idx")
    json.dump({name: fits[name] for name in keep}, sys.stdout, indent=1)
    print()
    sys.exit()

random = np.random.RandomState(3)
cases = []
for side in (2, 3, 6, 7, 28):
    image = random.random_sample((side, side)).astype(np.float32)
    for degrees in (0.0, 10.5, -37.25, 45.0, 89.0, -90.0, 90.0, 180.0):
        turned = ndimage.rotate(image, degrees, reshape=False, prefilter=False)
        if side == 28 and degrees not in (10.5, -90.0):
            continue
        cases.append({
            "side": side,
            "degrees": degrees,
            "image": [float(v) for v in image.reshape(-1)],
            "rotated": [float(v) for v in turned.reshape(-1)],
        })
json.dump({"scipy": scipy.__version__, "numpy": np.__version__, "rotations": cases}, sys.stdout, indent=None)
print()
