#!/usr/bin/env python3
"""How far PyTorch's training runs move when nothing but rounding changes.

Repeats runs of tutorial_runs.py in variants that are all correct: other matrix kernels of OpenBLAS, one weight of the
network changed in its last bit before training, or everything computed in float64. Each variant runs in a process of its
own, on one thread.

  rounding_spread.py --mnist DIR --weights t3_reference_seed0.safetensors --out rounding_spread_seed0.json
                     [--seed 0] [--only RUN ...] [--variants NAME ... [--beginning]]

Runs are T3.1, T3.2 and T3.3, which fine-tune the given weights, and T2.B1. Of each those variants are made whose
results are bundled with the tutorials, some to the end, others for the first 100 batches only; --variants names others, made
to the end or with --beginning for the first 100 batches. Takes about an hour; what --out holds already is not run again.

Writes {"seed", "torch", "numpy", "variants": {name: what differs}, "runs": {run: {name: result}}}. A result has the losses of
the first 100 batches and the loss table, to float32 precision; a whole run of fine-tuning also the mean great-circle
distances over the test set: "before" between codes of damaged and of clean images in the network of the given weights,
"after" from codes of damaged images in the fine-tuned network to those of clean ones in the given, "within" between both in
the fine-tuned network.

Debian's OpenBLAS takes its kernels from OPENBLAS_CORETYPE. A variant whose kernels the processor cannot run is refused.
"""
import argparse, json, os, subprocess, sys
import numpy as np
import torch
from torch import nn, optim
from tutorial_runs import chain, idx, kaiming, noisy, occluded, rotated, s2net, seed, train

# name: (kernels of OpenBLAS, whether in float64, (parameter, index, direction) moved by one unit in the last place)
VARIANTS = {
    "skylakex": ("SkylakeX", False, None),
    "haswell": ("Haswell", False, None),
    "sandybridge": ("Sandybridge", False, None),
    "nehalem": ("Nehalem", False, None),
    "skylakex-bias0-up": ("SkylakeX", False, ("0.bias", 0, "up")),
    "skylakex-weight4-up": ("SkylakeX", False, ("4.weight", 0, "up")),
    "haswell-bias0-up": ("Haswell", False, ("0.bias", 0, "up")),
    "haswell-weight4-up": ("Haswell", False, ("4.weight", 0, "up")),
    "float64": ("Haswell", True, None),
}
# run: variants made to the end, variants made for the first 100 batches only
MEASURED = {
    "T3.1": (["skylakex", "haswell", "skylakex-bias0-up"],
             ["sandybridge", "nehalem", "skylakex-weight4-up", "haswell-weight4-up", "float64"]),
    "T3.2": (["skylakex"], ["sandybridge", "nehalem", "skylakex-weight4-up", "haswell-weight4-up", "float64"]),
    "T3.3": (["skylakex"], []),
    "T2.B1": (["skylakex", "haswell", "skylakex-bias0-up", "haswell-bias0-up"], ["sandybridge"]),
}
NEEDS = {"SkylakeX": "avx512f", "Haswell": "avx2", "Sandybridge": "avx", "Nehalem": "sse4_2"}
DIRECTIONS = {"up": np.inf, "down": -np.inf}
FINE_TUNING = {"T3.1": (noisy, 3), "T3.2": (occluded, 3), "T3.3": (rotated, 5)}


def describe(name):
    kernels, double, moved = VARIANTS[name]
    text = "OpenBLAS's kernels for " + kernels
    if double:
        text += ", everything in float64"
    if moved:
        text += ", %s[%d] one unit in the last place %s before training" % moved
    return text


def safetensors(path):
    with open(path, "rb") as f:
        raw = f.read()
    start = 8 + int.from_bytes(raw[:8], "little")
    weights = {}
    for name, entry in json.loads(raw[8:start]).items():
        if name != "__metadata__":
            a, b = entry["data_offsets"]
            weights[name] = torch.from_numpy(np.frombuffer(raw[start + a:start + b], "<f4").reshape(entry["shape"]).copy())
    return weights


def great_circle(a, b):
    return float(torch.acos((a.double() * b.double()).sum(1).clamp(-1, 1)).mean())


class Variant:
    def __init__(self, name, mnist, s):
        torch.set_num_threads(1)
        _, self.double, self.moved = VARIANTS[name]
        self.seed = s
        self.clean = [torch.from_numpy(idx(mnist, f, 16).reshape(-1, 784).astype(np.float32)) / 255
                      for f in ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")]

    def exact(self, tensors):
        return [t.double() if self.double else t for t in tensors]

    def start(self, net):
        """The network as it goes into training."""
        if self.moved:
            name, i, direction = self.moved
            flat = net.state_dict()[name].view(-1)
            flat[i] = torch.nextafter(flat[i], torch.tensor(DIRECTIONS[direction], dtype=flat.dtype))
        seed(self.seed)
        return net.double() if self.double else net

    def train(self, net, train_images, test_images, epochs, batch, whole):
        if whole:
            return train(net, train_images, test_images, "bce", epochs, batch, *self.exact(self.clean))
        # The beginning of the same loop.
        target = self.exact(self.clean)[0]
        fn, opt, losses = nn.BCELoss(), optim.Adam(net.parameters()), []
        order = np.random.permutation(len(target))[:100 * batch]
        for bx, by in zip(torch.split(train_images[order], batch), torch.split(target[order], batch)):
            value = fn(net(bx), by)
            losses.append(float(value))
            opt.zero_grad()
            value.backward()
            opt.step()
        return {"first_batch_losses": losses, "table": []}

    def deep(self, whole):
        seed(self.seed)
        net = chain(784, 1568, 392, 96, 3, 96, 392, 1568, 784, hidden=nn.PReLU, sphere=3)
        kaiming(net, nn.init.kaiming_normal_, 7)
        return self.train(self.start(net), *self.exact(self.clean), 5, 128, whole)

    def fine_tuned(self, run, weights, whole):
        damage, epochs = FINE_TUNING[run]
        seed(self.seed)
        damaged = self.exact([damage(images) for images in self.clean])
        clean = self.exact(self.clean)[1]
        given, net = s2net(), s2net()
        given.load_state_dict(weights)
        net.load_state_dict(weights)
        net = self.start(net)
        result = self.train(net, *damaged, epochs, 32, whole)
        if whole:
            given = given.double() if self.double else given
            with torch.no_grad():
                origin, after = given[:7](clean), net[:7](damaged[1])
                result["great_circle"] = {
                    "before": great_circle(given[:7](damaged[1]), origin),
                    "after": great_circle(after, origin),
                    "within": great_circle(after, net[:7](clean))}
        return result


def float32(value):
    """The shortest decimals that tell a float32 from its neighbours."""
    return float(str(np.float32(value)))


def compact(result):
    kept = {"first_batch_losses": [float32(v) for v in result["first_batch_losses"]],
            "table": [[float32(v) for v in row] for row in result["table"]]}
    if "great_circle" in result:
        kept["great_circle"] = {k: round(v, 4) for k, v in result["great_circle"].items()}
    return kept


def write(out, path):
    """One line per result."""
    def lines(entries, indent):
        return ",\n".join("%s%s: %s" % (" " * indent, json.dumps(k), v) for k, v in entries)

    runs = [(run, "{\n%s\n  }" % lines(((n, json.dumps(r)) for n, r in results.items()), 3))
            for run, results in out["runs"].items()]
    parts = [(k, json.dumps(v)) for k, v in out.items() if k not in ("variants", "runs")]
    parts.append(("variants", "{\n%s\n }" % lines(((k, json.dumps(v)) for k, v in out["variants"].items()), 2)))
    parts.append(("runs", "{\n%s\n }" % lines(runs, 2)))
    with open(path + ".part", "w") as f:
        f.write("{\n%s\n}\n" % lines(parts, 1))
    os.replace(path + ".part", path)


def refuse_missing_kernels(names):
    with open("/proc/cpuinfo") as f:
        flags = {flag for line in f if line.startswith("flags") for flag in line.split(":")[1].split()}
    for name in names:
        need = NEEDS[VARIANTS[name][0]]
        if need not in flags:
            sys.exit("rounding_spread.py: variant %s needs a processor with %s: name the others in --variants" % (name, need))


def wanted(a):
    """(run, variant, how far)"""
    for run in a.only:
        whole, beginning = MEASURED[run]
        if a.variants:
            whole, beginning = ([], a.variants) if a.beginning else (a.variants, [])
        yield from ((run, name, "whole") for name in whole)
        yield from ((run, name, "beginning") for name in beginning)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--mnist", required=True)
    ap.add_argument("--weights", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--only", nargs="+", choices=MEASURED, default=list(MEASURED))
    ap.add_argument("--variants", nargs="+", choices=VARIANTS)
    ap.add_argument("--beginning", action="store_true")
    ap.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    a = ap.parse_args()
    if a.beginning and not a.variants:
        ap.error("--beginning is for --variants: name some")
    if a.child:
        name, run, extent = a.child
        variant, whole = Variant(name, a.mnist, a.seed), extent == "whole"
        result = variant.deep(whole) if run == "T2.B1" else variant.fine_tuned(run, safetensors(a.weights), whole)
        json.dump(result, sys.stdout)
        return
    todo = list(wanted(a))
    refuse_missing_kernels({name for _, name, _ in todo})
    out = {"seed": a.seed, "torch": torch.__version__, "numpy": np.__version__, "variants": {}, "runs": {}}
    if os.path.exists(a.out):
        with open(a.out) as f:
            out = json.load(f)
    for run, name, extent in todo:
        done = out["runs"].setdefault(run, {})
        if name in done:
            continue
        print(run, name, extent, file=sys.stderr, flush=True)
        child = [sys.executable, __file__, "--mnist", a.mnist, "--weights", a.weights, "--out", a.out, "--seed", str(a.seed),
                 "--child", name, run, extent]
        environment = dict(os.environ, OPENBLAS_CORETYPE=VARIANTS[name][0])
        done[name] = compact(json.loads(subprocess.run(child, env=environment, stdout=subprocess.PIPE, check=True).stdout))
        out["variants"][name] = describe(name)
        write(out, a.out)


if __name__ == "__main__":
    main()
