"""What result files of side-by-side say, as rows: goals, ratios, and the tables of README and docs/performance.md.

A result file has the circumstances, the figures of the peers, those of Gradus on one JDK with one set of JVM options, and what the loop
of fused multiply-adds reached in between. A peer's key is "PART WHAT NAME THREADS", of which NAME tells library and version.
"""
import math
import re
from pathlib import Path

LIBTORCH, PYTORCH2, PYTORCH1, BLAS = "libtorch", "PyTorch 2", "PyTorch 1", "BLAS"

S2 = "784-392:prelu-96:prelu-3:prelu+normalize-96:prelu-392:prelu-784:sigmoid"
THICK = "784-1568:prelu-392:prelu-96:prelu-3:prelu+normalize-96:prelu-392:prelu-1568:prelu-784:sigmoid"
# net: specification, loss, batch, goals of training (the peer's time over ours), bound of the losses' difference
NETS = {
    "ae32": ("784-32:relu-784:sigmoid", "mse", 64, {LIBTORCH: 2.5, PYTORCH2: 5}, 2e-5),
    "ae2": ("784-2:prelu-784:sigmoid", "bce", 64, {LIBTORCH: 4, PYTORCH2: 6.5}, 2e-5),
    "deep2": ("784-392:prelu-64:prelu-2:prelu-64:prelu-392:prelu-784:sigmoid", "bce", 128, {LIBTORCH: 2, PYTORCH2: 3.6}, 1.5e-3),
    "s2": (S2, "bce", 128, {LIBTORCH: 2, PYTORCH2: 3.6}, 6e-3),
    "s2b32": (S2, "bce", 32, {LIBTORCH: 2.5, PYTORCH2: 3.9}, 6e-3),
    "thick": (THICK, "bce", 128, {LIBTORCH: 1.6, PYTORCH2: 2.8}, 6e-3),
}
EVALUATION = {LIBTORCH: 2, PYTORCH2: 3}
TUTORIALS = {PYTORCH2: 3}
START = {PYTORCH2: 1.5}
STARTS = ("ae32", "ae2", "deep2")
SCALES = ["deep2", "thick"]  # nets large enough that a second thread must pay

IMAGES = 60_000
EMPTY_ROWS = 0.47  # of the rows of pixels of 16 shuffled images all are zero, and need no arithmetic in the first layer
REACHABLE = 0.85  # of what the loop of fused multiply-adds reaches; a goal that would need more counts as met there


def geometric_mean(values):
    return math.exp(sum(math.log(v) for v in values) / len(values))


# ---- result files as rounds of one

def faster_products(old, new):
    """Shape by shape the higher speed."""
    return new if old is None else [a if a["gflops"] >= b["gflops"] else b for a, b in zip(old, new)]


def faster_training(old, new):
    """Epochs of both, from which the best is taken; the losses of the new one."""
    if old is None:
        return new
    together = {key: old.get(key, []) + new.get(key, []) for key in ("train_s", "eval_s", "first_s") if key in old or key in new}
    return {**new, **together, "wall_s": min(old["wall_s"], new["wall_s"])}


def earlier(old, new):
    return new if old is None else min(old, new)


BETTER = {"gemm": faster_products, "train": faster_training, "busy": faster_training, "start": earlier, "tutorials": earlier}


def keep(best, key, new):
    """The better of what is known and what is new; allocation is that of the new one."""
    better = BETTER.get(key.split()[0], lambda _, later: later)
    best[key] = better(best.get(key), new)


def merged(old, new):
    """Result files as if their runs were rounds of one."""
    best = {"circumstances": old["circumstances"], "fma": {}}
    for side in ("peers", "gradus"):
        best[side] = dict(old[side])
        for key, value in new[side].items():
            keep(best[side], key, value)
    for file in (old, new):
        for key, rates in file.get("fma", {}).items():
            best["fma"][key] = best["fma"].get(key, []) + rates
    return best


def modern(file):
    """A file from the time when PyTorch 1.13 and one OpenBLAS were the only peers has their environments in place of their names."""
    torch, blas = (re.search(pattern, file["circumstances"]["versions"]) for pattern in (r"PyTorch ([\d.]+\d)", r"OpenBLAS ([\d.]+\d)"))
    if torch is None or blas is None:
        return file
    major_minor = ".".join(torch.group(1).split(".")[:2])

    def renamed(key):
        part = key.split()[0]
        name = f"OpenBLAS {blas.group(1)}" if part == "gemm" else f"PyTorch {major_minor}, OpenBLAS"
        return re.sub(r"\b(preset|unset)\b", name, key)

    new = {"circumstances": file["circumstances"], "peers": {}, "gradus": dict(file["gradus"]), "fma": file.get("fma", {})}
    for key, value in file["peers"].items():
        if key != "probe":
            if key.startswith("gemm ") and renamed(key) in new["peers"]:  # of two environments the faster as a whole is the peer
                value = max(new["peers"][renamed(key)], value, key=lambda products: geometric_mean(speeds(products)))
                new["peers"][renamed(key)] = value
            else:
                keep(new["peers"], renamed(key), value)
    return new


# ---- rows

class Rival:
    """A peer in a row. Ratio, ours over the peer's, and goal; `beyond` tells why a goal that was missed counts as met."""

    def __init__(self, family, name, text, ratio, goal=None, beyond=""):
        self.family, self.name, self.text, self.ratio, self.goal, self.beyond = family, name, text, ratio, goal, beyond

    def verdict(self):
        if self.goal is None:
            return ""
        return "pass" if self.ratio >= self.goal else f"met: {self.beyond}" if self.beyond else "MISS"


class Row:
    """What was measured, ours as text and the rivals, the strongest first. A row without rivals has a figure of its own and its bound."""

    def __init__(self, what, ours, rivals=(), figure=None, bound=None, at_most=True, published=True):
        self.what, self.ours, self.rivals = what, ours, sorted(rivals, key=lambda rival: rival.ratio)
        self.figure, self.bound, self.at_most, self.published = figure, bound, at_most, published

    def verdict(self):
        if self.bound is None:
            return ""
        return "pass" if (self.figure <= self.bound if self.at_most else self.figure >= self.bound) else "MISS"


def speeds(result):
    return [p["gflops"] for p in result]


def family_of(name):
    return next((family for family in (LIBTORCH, PYTORCH2, PYTORCH1) if name.startswith(family)), BLAS)


def named(peers, part, threads=None):
    """{name: [result of each number of threads]} of the peers' results whose key begins with `part`."""
    found = {}
    for key, result in peers.items():
        match = re.fullmatch(re.escape(part) + (r" (.*) (\d+)" if threads else r" (.*)"), key)
        if match and (not threads or int(match.group(2)) <= threads):
            found.setdefault(match.group(1), []).append(result)
    return found


def widths(file):
    return sorted({int(key.split()[0]) for key in file.get("fma", {})})


def loop_rate(file):
    """GFLOP/s of the loop of fused multiply-adds in vectors as wide as the JVM's, the median, with the better number of threads."""
    bits = widths(file)
    if "UseAVX=2" in file["circumstances"].get("jvm_options", ""):
        bits = [b for b in bits if b <= 256]
    rates = [median(file["fma"][key]) for key in file.get("fma", {}) if bits and int(key.split()[0]) == bits[-1]]
    return max(rates, default=None)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def gflop(net):
    """Of an epoch: forward, weight gradients and, but for the first layer, input gradients; the first without rows of zeros."""
    sizes = [int(re.match(r"\d+", part).group()) for part in NETS[net][0].split("-")]
    weights = [a * b for a, b in zip(sizes, sizes[1:])]
    return IMAGES * (4 * weights[0] * (1 - EMPTY_ROWS) + 6 * sum(weights[1:])) / 1e9


def beyond(net, seconds, rate):
    """Why an epoch in so many seconds cannot be asked for, or the empty text."""
    needed = gflop(net) / seconds
    return f"{needed:.0f} GFLOP/s, the loop has {rate:.0f}" if rate and needed > REACHABLE * rate else ""


def product_rows(file):
    ours, peers = file["gradus"], file["peers"]
    for threads in (1, 2):
        mine, rivals = ours.get(f"gemm VECTOR {threads}"), named(peers, "gemm", threads)
        if mine and rivals:
            s = "" if threads == 1 else "s"
            fastest = {name: max((speeds(r) for r in results), key=geometric_mean) for name, results in rivals.items()}
            ratios = {name: [a / b for a, b in zip(speeds(mine), theirs)] for name, theirs in fastest.items()}
            found = [Rival(BLAS, name, f"{geometric_mean(fastest[name]):.1f}", geometric_mean(ratios[name]), 1) for name in fastest]
            yield Row(f"19 matrix products, {threads} thread{s}, geometric mean, GFLOP/s", f"{geometric_mean(speeds(mine)):.1f}", found)
            name = min(ratios, key=lambda n: geometric_mean(ratios[n]))
            thin = [min(p["m"], p["n"]) == 2 for p in mine]
            for kind, chosen, goal in (("worst of them", [not t for t in thin], 0.6), ("worst thin one", thin, 0.4)):
                at = min((i for i in range(len(mine)) if chosen[i]), key=lambda i: ratios[name][i])
                p = mine[at]
                yield Row(f"{kind}: {p['op']} {p['m']}x{p['n']}x{p['k']}, {threads} thread{s}", f"{p['gflops']}",
                          [Rival(BLAS, name, f"{fastest[name][at]}", ratios[name][at], goal)], published=False)
    for rival, implementation, name, goal in (("NETLIB", "VECTOR", "netlib VectorBLAS", 2), ("EJML", "VECTOR", "EJML", 12), ("EJML", "SCALAR", "EJML", 4)):
        mine, other = ours.get(f"gemm {implementation} 1"), ours.get(f"gemm {rival} 1")
        if mine and other:
            ratio = geometric_mean([a / b for a, b in zip(speeds(mine), speeds(other))])
            kind = "without the Vector API, " if implementation == "SCALAR" else ""
            yield Row(f"the same {kind}1 thread, against {name}", f"{geometric_mean(speeds(mine)):.1f}",
                      [Rival("JVM", name, f"{geometric_mean(speeds(other)):.1f}", ratio, goal)])


def training_rows(file):
    ours, peers, rate = file["gradus"], file["peers"], loop_rate(file)
    for net, (_, _, batch, goals, bound) in NETS.items():
        rivals = named(peers, f"train {net}", 2)
        mine = [ours[key] for key in ours if key.startswith(f"train {net} ")]
        if not rivals or not mine:
            continue
        for what, key, wanted in ((f"training epoch, {net}, batch {batch}, s", "train_s", goals), (f"evaluation of 70,000 images, {net}, s", "eval_s", EVALUATION)):
            a, found = min(min(m[key]) for m in mine), []
            for name, results in rivals.items():
                b, goal = min(min(r[key]) for r in results), wanted.get(family_of(name))
                reason = beyond(net, b / goal, rate) if goal and key == "train_s" else ""
                found.append(Rival(family_of(name), name, f"{b:.3f}", b / a, goal, reason))
            yield Row(what, f"{a:.3f}", found)
        firsts = [first for m in mine for first in m.get("first_s", [])]
        if firsts and any(len(m["train_s"]) > len(m["first_s"]) for m in mine):
            a, later = min(firsts), min(min(m["train_s"]) for m in mine)
            yield Row(f"first epoch over the best, {net}", f"{a / later:.1f}", figure=a / later, bound=2, published=net in STARTS)
        apart = max(abs(x - y) for m in mine for results in rivals.values() for r in results for x, y in zip(m["loss"], r["loss"]))
        yield Row(f"losses apart, {net}", f"{apart:.1e}", figure=apart, bound=bound, published=False)


def other_rows(file):
    ours, peers = file["gradus"], file["peers"]
    for part, text in (("train", ""), ("busy", ", one core busy")):
        for net in NETS:
            one, two = ours.get(f"{part} {net} 1"), ours.get(f"{part} {net} 2")
            if one and two:
                times = min(one["train_s"]) / min(two["train_s"])
                yield Row(f"2 threads over 1{text}, {net}", f"{times:.2f}", figure=times, at_most=False, published=False,
                          bound=1.8 if part == "train" and net in SCALES else 1 / 1.05)
    for net in ours.get("allocation", []):
        yield Row(f"bytes allocated per training step, {net['net']}", f"{net['bytes_per_step']}", figure=net["bytes_per_step"], bound=0, published=False)
    if "start info" in ours:
        yield Row("gradus info, s", f"{ours['start info']:.2f}", figure=ours["start info"], bound=0.5)
    for net in STARTS:
        mine, rivals = ours.get(f"start {net}"), named(peers, f"start {net}")
        if mine and rivals:
            found = [Rival(family_of(name), name, f"{min(r):.2f}", min(r) / mine, START.get(family_of(name))) for name, r in rivals.items()]
            yield Row(f"launch to the end of the first epoch, evaluation excluded, {net}, s", f"{mine:.2f}", found)
    mine, rivals = ours.get("tutorials"), named(peers, "tutorials")
    if mine and rivals:
        found = [Rival(family_of(name), name, f"{min(r):.0f}", min(r) / mine, TUTORIALS.get(family_of(name))) for name, r in rivals.items()]
        yield Row("all tutorials, 1 thread, s", f"{mine:.0f}", found)


def rows(file):
    return [*product_rows(file), *training_rows(file), *other_rows(file)]


# ---- on the screen

def machine(c):
    return c.get("processor") or c["cpu"]


def loop_lines(fma):
    """The loop's rates: least, median and most."""
    return [f"{key.split()[0]} bits, {key.split()[1]} thread{'' if key.split()[1] == '1' else 's'}: {min(r):.0f} / {median(r):.0f} / {max(r):.0f}"
            for key, r in sorted(fma.items(), key=lambda item: [int(n) for n in item[0].split()])]


def printed(file):
    c = file["circumstances"]
    out = [f"\nGradus on JDK {' '.join([c['jdk'], c.get('jvm_options', '')]).strip()}, {machine(c)}, {c['processors']} processors, {c['date']}"]
    for row in rows(file):
        sign = "<=" if row.at_most else ">="
        goal = "" if row.bound is None else f"{sign} {row.bound:.3g}"
        if not row.rivals:
            out.append(f"{row.what:68} {row.ours:>9} {'':37} {'':>7} {goal:>8} {row.verdict()}")
        for i, rival in enumerate(row.rivals):
            goal = "" if rival.goal is None else f">= {rival.goal:.3g}"
            what, ours = (row.what, row.ours) if i == 0 else ("", "")
            out.append(f"{what:68} {ours:>9} {rival.name + ' ' + rival.text:>37} {rival.ratio:>7.2f} {goal:>8} {rival.verdict()}".rstrip())
    loop = loop_lines(file.get("fma", {}))
    if loop:
        out.append("fused multiply-adds in C between the runs, least / median / most, GFLOP/s: " + "; ".join(loop))
    return "\n".join(out)


# ---- on the pages

class Section:
    """All files of one processor and one set of JVM options: the peers are the best of all of them, Gradus stands by JDK."""

    def __init__(self, files, names):
        self.circumstances, self.options = files[0]["circumstances"], files[0]["circumstances"].get("jvm_options", "")
        self.title = machine(self.circumstances) + (f", `{self.options}`" if self.options else "")
        self.files, self.names = files, names
        of_jdk, together = {}, files[0]
        for file in files:
            jdk = file["circumstances"]["jdk"].split(".")[0]
            of_jdk[jdk] = merged(of_jdk[jdk], file) if jdk in of_jdk else file
            together = merged(together, file)
        of_jdk, peers = {jdk: modern(file) for jdk, file in of_jdk.items()}, modern(together)["peers"]
        self.fma, loops = {}, []
        for loop in [file.get("fma", {}) for file in files]:
            if loop not in loops:  # the files of one run share what was measured between its parts
                loops.append(loop)
                for key, rates in loop.items():
                    self.fma[key] = self.fma.get(key, []) + rates
        self.jdks = sorted(of_jdk, key=int)
        self.rows = {jdk: {row.what: row for row in rows({**of_jdk[jdk], "peers": peers, "fma": self.fma})} for jdk in self.jdks}
        self.whats = list(dict.fromkeys(what for jdk in self.jdks for what in self.rows[jdk]))

    def of(self, what):
        return [self.rows[jdk].get(what) for jdk in self.jdks]

    def ours(self, what):
        return [row.ours if row else "" for row in self.of(what)]

    def families(self):
        """PyTorch in Python, 2 before 1, where it is not the only rival; each with the names found."""
        found = {}
        for jdk in self.jdks:
            for row in self.rows[jdk].values():
                for rival in row.rivals:
                    found.setdefault(rival.family, set()).add(rival.name)
        torch = [f for f in (LIBTORCH, PYTORCH2, PYTORCH1) if f in found]
        return {f: found[f] for f in torch if f != LIBTORCH} if len(torch) > 1 else {}

    def strongest(self, what):
        """Name and figure of the strongest rival, and our ratio, for each JDK."""
        return self.cells(what, lambda row: row.rivals, lambda rival: f"{rival.name}: {rival.text}")

    def family(self, what, family):
        """The strongest of a family: its figure and our ratio."""
        return self.cells(what, lambda row: [r for r in row.rivals if r.family == family], lambda rival: rival.text)

    def cells(self, what, chosen, text):
        rivals = [(chosen(row) or [None])[0] if row else None for row in self.of(what)]
        texts = list(dict.fromkeys(text(r) for r in rivals if r))
        if len(texts) > 1 and len({r.name for r in rivals if r}) == 1:  # a library of the JVM, measured on each JDK: its name once
            texts = [texts[0], *[r.text for r in rivals[1:] if r]]
        ratios = [f"{r.ratio:.2f}" + ("*" if r.verdict().startswith("met") else "") if r else "–" for r in rivals]
        return " / ".join(texts), " / ".join(ratios) if any(rivals) else ""


def family_title(family, names):
    versions = {re.match(r"PyTorch [\d.]*\d", name).group() for name in names}
    return f"{versions.pop() if len(versions) == 1 else family}, Python"


def sections(files, names):
    grouped = {}
    for file, name in zip(files, names):
        c = file["circumstances"]
        grouped.setdefault((machine(c), c.get("jvm_options", "")), []).append((file, name))
    return [Section([f for f, _ in group], [n for _, n in group]) for group in grouped.values()]


def circumstances(section):
    """Processor, system and the days of all files, and every peer that takes part in one of them."""
    all_of = [file["circumstances"] for file in section.files]
    c, dates = all_of[0], sorted({c["date"] for c in all_of})
    versions = dict.fromkeys(version for c in all_of for version in c["versions"].split("; "))
    return f"{machine(c)}, {c['processors']} processors, {c['system']}, {' to '.join(dict.fromkeys([dates[0], dates[-1]]))}; {'; '.join(versions)}"


def section_table(section):
    families = section.families()
    heads = [*[f"JDK {jdk}" for jdk in section.jdks], "strongest peer", "ratio"]
    for family, names in families.items():
        heads += [family_title(family, names), "ratio"]
    out = [f"| what | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    starred = False
    for what in section.whats:
        if not next(row for row in section.of(what) if row).published:
            continue
        cells = [*section.ours(what), *section.strongest(what)]
        for family in families:
            cells += section.family(what, family)
        starred = starred or any("*" in cell for cell in cells)
        out.append(f"| {what} | {' | '.join(cells)} |")
    commands = list(dict.fromkeys(re.sub(r" --out \S+", "", f["circumstances"]["command"]) for f in section.files))
    links = ", ".join(f"[{Path(n).stem}](../{n})" for n in section.names)
    out += ["", f"{circumstances(section)}. The fastest product, epoch and start",
            "count on every side, of 1 and 2 threads where none is named; a peer whom a second thread makes slower counts with one. Gradus trains one",
            "epoch more than its peers, because its first holds the warm-up of the JIT compiler; the rows from the launch on include it."]
    loop = loop_lines(section.fma)
    if loop:
        out.append(f"Fused multiply-adds in C, between the runs, least / median / most GFLOP/s: {'; '.join(loop)}.")
    if starred:
        out.append(f"\\* The goal would need more than {REACHABLE:.0%} of that, and counts as met.")
    if any(f["circumstances"].get("quick") for f in section.files):
        out.append("A short run, which shows that the measuring works, and no more.")
    out.append(f"Repeat with {' and '.join(f'`{c}`' for c in commands)}; the files are {links}.")
    return "\n".join(out)


def long_table(files, names):
    """The tables of docs/performance.md: one for each processor and set of JVM options, with all rows but those that only the files have."""
    return "\n\n".join(f"### {section.title}\n\n{section_table(section)}" for section in sections(files, names))


SHORT = ("19 matrix products, 1 thread, geometric mean, GFLOP/s", "training epoch, ae32, batch 64, s", "training epoch, deep2, batch 128, s",
         "all tutorials, 1 thread, s")


def short_table(files, names):
    """README's four rows, side by side for each processor; JVM options are an experiment of the long page."""
    found = sections(files, names)
    shown = [s for s in found if not s.options] or found
    heads, out = [], []
    for s in shown:
        heads += [f"{s.title}, JDK {' / '.join(s.jdks)}", "strongest peer", "ratio"]
        heads += [f"{family_title(PYTORCH2, s.families()[PYTORCH2])}, ratio"] if PYTORCH2 in s.families() else []
    for what in SHORT:
        cells = []
        for s in shown:
            ours = [text or "–" for text in s.ours(what)]
            cells += [" / ".join(ours) if what in s.whats else "", *s.strongest(what)]
            cells += [s.family(what, PYTORCH2)[1]] if PYTORCH2 in s.families() else []
        out.append(f"| {what} | {' | '.join(cells)} |")
    notes = "; ".join(dict.fromkeys(f"{machine(s.circumstances)}: {s.circumstances['processors']} processors, {s.circumstances['date']}" for s in shown))
    starred = f" \\* The goal is beyond {REACHABLE:.0%} of the processor's multiply-adds." if any("*" in line for line in out) else ""
    return "\n".join([f"| what | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|", *out, "", f"{notes}.{starred}"])
