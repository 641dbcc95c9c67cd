"""The programs that side-by-side lets take turns: PyTorch in Python and in C++, BLAS libraries, Gradus, and the loop of fused multiply-adds."""
import contextlib
import gzip
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tables import NETS, geometric_mean, speeds

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "benchmarks/target/gradus-benchmarks.jar"
MNIST = ROOT / "mnist/src/main/resources/org/gradus/mnist"
REFERENCE = ROOT / "scripts/reference"
PEERS = ROOT / "benchmarks/peers"
WORK = ROOT / "benchmarks/target/side-by-side"
PRESETS = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]
EVALUATED_AT_A_TIME = 1000


def fail(message):
    print(f"side-by-side: {message}", file=sys.stderr)
    sys.exit(2)


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


class TooSlow(Exception):
    """A program that was ended because it took longer than it may."""


def run(command, env=None, most=None):
    """Standard output and seconds of a program; its failure ends everything. What takes more than `most` seconds is ended and TooSlow."""
    start = time.perf_counter()
    try:  # in a session of its own, so that what a script has started ends with it
        program = subprocess.Popen([str(c) for c in command], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=most is not None)
    except OSError as problem:
        fail(f"{command[0]} cannot be run: {problem.strerror}")
    with program:
        try:
            out, err = program.communicate(timeout=most)
        except subprocess.TimeoutExpired:
            raise TooSlow from None
        finally:
            if program.poll() is None:
                if most is not None:
                    os.killpg(program.pid, signal.SIGKILL)
                else:
                    program.kill()
    seconds = time.perf_counter() - start
    if program.returncode != 0:
        fail(f"{' '.join(map(str, command))} failed: {(err or out).strip()[-400:]}")
    return out, seconds


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def answer(command, env=None):
    """What a program says about itself: its only line of JSON."""
    said = lines(run(command, env)[0])
    if len(said) != 1:
        fail(f"{' '.join(map(str, command))} does not print a line of JSON")
    return said[0]


def command_of(option, text):
    """A command with the variables before it, as in a shell: 'LD_LIBRARY_PATH=/opt/mkl/lib ./train'."""
    try:
        words = shlex.split(text)
    except ValueError as problem:
        fail(f"{option} '{text}': {problem}")
    variables = {}
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, value = words.pop(0).split("=", 1)
        variables[name] = value
    if not words:
        fail(f"{option} '{text}' names no program")
    return variables, words


def counted(variables, threads):
    """The environment with so many threads for every library that asks it."""
    return {**os.environ, **{name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}, **variables}


def release(version):
    return ".".join(version.split(".")[:2])


class Peer:
    """A program in an environment. Where OPENBLAS_CORETYPE or OPENBLAS_L2_SIZE are preset, it runs in what is faster, with them or without."""

    def __init__(self, option, text):
        self.variables, self.command = command_of(option, text)
        found = shutil.which(os.path.expanduser(self.command[0]))
        if not found:
            fail(f"{option}: no program '{self.command[0]}'")
        self.command[0] = os.path.abspath(found)
        self.dropped, self.name, self.said = [], "", {}

    def environment(self, threads):
        return {name: value for name, value in counted(self.variables, threads).items() if name not in self.dropped}

    def settle(self, rate):
        """Takes the environment in which `rate()` gives more; None where nothing is preset."""
        preset = [name for name in PRESETS if name in os.environ and name not in self.variables]  # what was named for the peer stays
        if not preset:
            return None
        say(f"{self.name}: with and without {' and '.join(preset)}")
        with_them = rate()
        self.dropped = preset
        without = rate()
        self.dropped = [] if with_them >= without else preset
        return {"preset": with_them, "unset": without}


class Torch(Peer):
    """A peer that trains."""

    def forms(self):
        """The ways to train in, each a name and further arguments; the fastest counts."""
        return [(self.name, [])]

    def probe(self, net):
        return self.settle(lambda: 1 / self.train(net, [], 1, 1)["train_s"][0])


class PythonTorch(Torch):
    """Any Python with torch. PyTorch 2 gets its best: fused Adam, no denormal numbers, compiled where it can, evaluation in pieces."""

    def __init__(self, text, compiled=True):
        super().__init__("--python", text)
        self.said = answer([*self.command, REFERENCE / "bench_pytorch.py", "--version"], self.environment(1))
        self.name = f"PyTorch {release(self.said['torch'])}, {self.said['blas'].split()[0]}"
        self.modern = tuple(map(int, re.findall(r"\d+", self.said["torch"])[:2])) >= (2, 4)
        self.compiled = compiled and not self.said["compile"]
        how = "" if not self.modern else ", compiled, too" if self.compiled else ", not compiled" if not self.said["compile"] else \
            f", torch.compile does not work ({self.said['compile']})"
        self.detail = f"torch {self.said['torch']}, {self.said['blas']}, NumPy {self.said['numpy']}{how}"

    def forms(self):
        compiled = [(f"{self.name}, compiled", ["--compile"])] if self.compiled else []
        return [(self.name, []), *compiled]

    def train(self, net, further, threads, epochs, most=None):
        best = ["--fused", "--flush-denormal", "--evaluate-at-a-time", EVALUATED_AT_A_TIME] if self.modern else []
        out, wall = run([*self.command, REFERENCE / "bench_pytorch.py", "--mnist", MNIST, "--threads", threads, "--net", net, "--epochs", epochs,
                         *best, *further], self.environment(threads), most)
        return {**lines(out)[0], "wall_s": round(wall, 3)}

    def tutorials(self, folder):
        """Seconds of all tutorials with one thread. One of them rotates images with SciPy."""
        best = ["--fused", "--flush-denormal"] if self.modern else []
        with tempfile.TemporaryDirectory(dir=folder) as place:
            return run([*self.command, REFERENCE / "tutorial_runs.py", "--mnist", MNIST, "--out", f"{place}/runs.json", *best], self.environment(1))[1]


class LibTorch(Torch):
    """The program that benchmarks/peers/build makes, or a script that calls it."""

    def __init__(self, text):
        super().__init__("--libtorch", text)
        self.said = answer([*self.command, "--version"], self.environment(1))
        if not {"torch", "blas"} <= set(self.said):
            fail(f"--libtorch: {self.command[0]} --version tells no torch and blas; it should be the program of benchmarks/peers/build")
        self.name = f"libtorch {release(self.said['torch'])}, {self.said['blas'].split()[0]}"
        self.detail = f"libtorch {self.said['torch']} in C++, {self.said['blas']}"

    def train(self, net, further, threads, epochs, most=None):
        spec, loss, batch = NETS[net][:3]
        out, wall = run([*self.command, "--mnist", unpacked_mnist(), "--net", spec, "--loss", loss, "--batch", batch, "--threads", threads,
                         "--epochs", epochs, *further], self.environment(threads), most)
        return {**lines(out)[0], "net": net, "wall_s": round(wall, 3)}


class Blas(Peer):
    """A library with cblas_sgemm; words before it are the Python that loads it, where it is not that of side-by-side."""

    def __init__(self, text, python):
        variables, words = command_of("--blas", text)
        self.library = words[-1] if "/" not in words[-1] else os.path.abspath(words[-1])
        loader = words[:-1] or python
        super().__init__("--blas", shlex.join([*[f"{name}={value}" for name, value in variables.items()], *loader]))
        self.said = answer([*self.command, REFERENCE / "bench_openblas.py", self.library, "--version"], self.environment(1))
        self.name = self.detail = self.said["blas"]

    def products(self, threads):
        return lines(run([*self.command, REFERENCE / "bench_openblas.py", self.library], self.environment(threads))[0])

    def probe(self):
        return self.settle(lambda: geometric_mean(speeds(self.products(1))))


def told_apart(peers):
    """Gives peers of the same name numbers."""
    seen = {}
    for peer in peers:
        seen[peer.name] = seen.get(peer.name, 0) + 1
        if seen[peer.name] > 1:
            peer.name += f" ({seen[peer.name]})"
    return peers


def unpacked_mnist():
    """A folder with the images uncompressed, for programs that cannot uncompress them."""
    folder = WORK / "mnist"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte"):
        if not (folder / name).exists():
            new = folder / f"{name}.{os.getpid()}"
            new.write_bytes(gzip.decompress((MNIST / f"{name}.gz").read_bytes()))
            new.replace(folder / name)
    return folder


class Gradus:
    """Gradus on a JDK, with further options of the JVM."""

    def __init__(self, home, version, options):
        self.home, self.version = home, version
        self.options = " ".join(filter(None, [os.environ.get("GRADUS_JAVA_OPTS"), options]))
        self.name = f"JDK {version} {self.options}".strip()
        self.env = {**os.environ, "JAVA_HOME": str(home), "GRADUS_JAVA_OPTS": self.options}

    def command(self, *words):
        return run([ROOT / "gradus", *words], self.env)

    def java(self, program, *words, vector=True):
        modules = ["--add-modules", "jdk.incubator.vector"] if vector else []
        return lines(run([self.home / "bin/java", *modules, *self.env["GRADUS_JAVA_OPTS"].split(), "-cp", JAR,
                          f"org.gradus.benchmarks.{program}", *words])[0])

    def products(self, implementation, threads, rounds):
        return self.java("Products", implementation, threads, rounds, vector=implementation != "SCALAR")

    def train(self, net, threads, epochs, compared):
        """Training; the losses are those after the epoch whose number is given, to compare with the peers'."""
        spec, loss, batch = NETS[net][:3]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "run.json"
            _, wall = self.command("train", "--net", spec, "--loss", loss, "--batch", batch, "--epochs", epochs, "--threads", threads, "--json", file)
            record = json.loads(file.read_text())
        seconds = record["epoch_seconds"]
        return {"net": net, "threads": threads, "train_s": [s[0] for s in seconds], "eval_s": [s[1] for s in seconds],
                "first_s": [seconds[0][0]], "loss": record["table"][compared - 1], "wall_s": round(wall, 3)}


@contextlib.contextmanager
def busy_neighbour():
    """A foreign process that wants one core, whichever the system gives it."""
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        neighbour.kill()
        neighbour.wait()


class Loop:
    """The loop of fused multiply-adds in C, compiled here; without a compiler it tells nothing."""

    def __init__(self):
        self.program, self.rates = None, {}
        compiler = shutil.which(os.environ.get("CC") or "cc")
        if compiler is None:
            say("no C compiler: what the processor's multiply-adds reach is not measured")
            return
        WORK.mkdir(parents=True, exist_ok=True)
        self.program = WORK / "fma"
        run([compiler, "-O2", "-ffp-contract=fast", "-pthread", "-o", self.program, PEERS / "fma.c"])

    def measure(self):
        if self.program:
            for rate in lines(run([self.program])[0]):
                self.rates.setdefault(f"{rate['bits']} {rate['threads']}", []).append(rate["gflops"])
