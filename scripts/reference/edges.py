#!/usr/bin/env python3
"""Values and gradients of PyTorch's functions at NaN, both zeros, both infinities and the ends of float, as one JSON object.

  edges.py --out edges.json

A case is {"op", "shape", "each", "inputs", "upstream", "output", "grads"}. Inputs, results and gradients are lists of
texts, because JSON has neither NaN nor infinity nor a zero with a sign that every reader keeps. With "each" a case
stands for as many calls as its lists have entries of the shape: a loss gives one number, and no entry may hide another.
Where PyTorch raises an error, the result is "error". Gradients are added to zeros, as after zero_grad(set_to_none=False):
a gradient of -0 becomes 0, whether or not it is the first.
"""
import argparse, itertools, json
import numpy as np
import torch
from torch.nn import functional as F

NAN, INF = float("nan"), float("inf")
TINY, HUGE = 2.0 ** -149, float(torch.finfo(torch.float32).max)
VALUES = [NAN, 0.0, -0.0, INF, -INF, TINY, -TINY, HUGE, -HUGE, 1.0, -1.0]
UPSTREAM = [1.0, -1.0, 0.0, NAN, INF, -INF]
ROW_VALUES = [NAN, 0.0, -0.0, INF, -INF, 1e-30, 1e20, 1.0, -1.0]
CASES = []


def texts(t):
    return [str(np.float32(v)) for v in t.detach().reshape(-1)]


def call(fn, inputs, upstream):
    """Output and gradients, or nothing if PyTorch refuses."""
    xs = [x.clone().requires_grad_(True) for x in inputs]
    for x in xs:
        x.grad = torch.zeros_like(x)
    try:
        y = fn(*xs)
    except RuntimeError:
        return None
    y.backward(upstream)
    return texts(y), [texts(x.grad) for x in xs]


def whole(op, fn, *inputs, upstream):
    inputs = [torch.tensor(x) for x in inputs]
    upstream = torch.tensor(upstream)
    output, grads = call(fn, inputs, upstream)
    CASES.append({"op": op, "shape": list(inputs[0].shape), "each": False, "inputs": [texts(x) for x in inputs],
                  "upstream": texts(upstream), "output": output, "grads": grads})


def each(op, fn, shape, *inputs, classes=None):
    """Entry i of every input is a tensor of this shape. Classes are a last input without a gradient."""
    case = {"op": op, "shape": list(shape), "each": True, "inputs": [[] for _ in inputs], "upstream": ["1.0"],
            "output": [], "grads": [[] for _ in inputs]}
    for i, entry in enumerate(zip(*inputs)):
        entry = [torch.tensor(x).reshape(shape) for x in entry]
        f = fn if classes is None else (lambda z: fn(z, torch.tensor([classes[i]])))
        result = call(f, entry, torch.tensor(1.0))
        for k, x in enumerate(entry):
            case["inputs"][k] += texts(x)
            case["grads"][k] += result[1][k] if result else ["error"] * x.numel()
        case["output"] += result[0] if result else ["error"]
    if classes is not None:
        case["inputs"].append([str(c) for c in classes])
    CASES.append(case)


def pairs(first, second):
    return [list(column) for column in zip(*itertools.product(first, second))]


x, g = pairs(VALUES, UPSTREAM)
for name, fn in (("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("exp", torch.exp), ("log", torch.log)):
    whole(name, fn, x, upstream=g)
for slope in (0.25, -0.5, 0.0):
    whole("prelu", F.prelu, [x], [slope] * len(x), upstream=[g])

x, y = pairs(VALUES, VALUES)
for name, fn in (("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div)):
    for upstream in (1.0, INF):
        whole(name, fn, x, y, upstream=[upstream] * len(x))

rows = [[a, b, c] for a in ROW_VALUES for b in ROW_VALUES for c in (0.0, 1.0)]
for upstream in ([1.0, -2.0, 0.7], [0.0, 0.0, 0.0], [INF, 1.0, 1.0], [NAN, 1.0, 1.0]):
    whole("normalize", lambda v: F.normalize(v, dim=1), rows, upstream=[upstream] * len(rows))

each("mse", F.mse_loss, [1], x, y)
p, y = pairs([0.0, -0.0, 1.0, TINY, 1 - 2.0 ** -24, 0.5, NAN, INF, -INF, -TINY, 1 + 2.0 ** -23], [0.0, -0.0, 1.0, 0.5, NAN])
each("bce", F.binary_cross_entropy, [1], p, y)
z, y = pairs(VALUES, [0.0, -0.0, 1.0, 0.5, NAN])
each("bce_with_logits", F.binary_cross_entropy_with_logits, [1], z, y)
z = [[a, b, 0.5] for a in VALUES for b in VALUES]
for c in range(3):
    each("cross_entropy", F.cross_entropy, [1, 3], z, classes=[c] * len(z))

parser = argparse.ArgumentParser()
parser.add_argument("--out", required=True)
with open(parser.parse_args().out, "w") as out:
    out.write('{"torch": "%s", "cases": [\n' % torch.__version__.split("a")[0])
    out.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in CASES))
    out.write("\n]}\n")
