"""Writes sample.safetensors: the format as its description has it, with Python's standard library alone.

Names in an order of their own, numbers in another, blanks in the JSON, and floats at the edges.
"""
import json
import struct

inf = float("inf")
numbers = {
    "matrix": ([2, 3], [0.0, 1.0, -2.5, 3.0000002384185791, 1e-45, -1e38]),
    "scalar": ([], [0.1]),
    "four.axes": ([1, 2, 1, 2], [inf, -inf, -0.0, 3.4028234663852886e38]),
    "Größe \U0001d54f": ([1], [1.17549435e-38]),
}
places, data = {}, b""
for name in ("scalar", "Größe \U0001d54f", "four.axes", "matrix"):
    shape, values = numbers[name]
    packed = struct.pack("<%df" % len(values), *values)
    places[name] = {"data_offsets": [len(data), len(data) + len(packed)], "shape": shape, "dtype": "F32"}
    data += packed
header = {"matrix": places.pop("matrix")}
header["__metadata__"] = {"made by": "write_sample.py", "text": "a \"quoted\" \\ line\nand a \u00e9, \U0001d54f"}
header.update(places)
text = json.dumps(header, indent=1).encode("ascii")
with open("sample.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
