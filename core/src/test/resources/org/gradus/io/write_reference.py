"""Writes reference.safetensors with the format's own implementation: pip install safetensors numpy (made with 0.8.0)."""
import numpy
from safetensors.numpy import save_file


def floats(shape, *values):
    return numpy.array(values, numpy.float32).reshape(shape)


save_file(
    {
        "2.weight": floats([3, 1], 0.5, -0.25, 1e-40),
        "10.weight": floats([1], 0.25),
        "0.weight": floats([1, 3], 1.0, 2.0, 3.0),
        "é\n\"\\/": floats([2], -0.0, float("inf")),
        "\uff10": floats([1], 7.0),
        "\U0001d54f": floats([1], 8.0),
        "0.bias": floats([1], -1.5),
    },
    "reference.safetensors",
    {"network": "3-1:prelu-3 \u0001\t\u007f"},
)
