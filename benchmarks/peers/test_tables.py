#!/usr/bin/env python3
"""Tests of the tables of side-by-side, of how it takes peers, and of its messages: python3 benchmarks/peers/test_tables.py"""
import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import programs  # noqa: E402
import tables  # noqa: E402

SCRIPT = programs.ROOT / "benchmarks/side-by-side"


def trained(seconds, evaluated=0.5, loss=(0.1, 0.2), first=None):
    return {"train_s": list(seconds), "eval_s": [evaluated], "loss": list(loss), "wall_s": 9, **({"first_s": [first]} if first else {})}


def products(*speeds):
    return [{"op": "NN", "m": 2 if i == 0 else 64, "n": 64, "k": 64, "gflops": speed} for i, speed in enumerate(speeds)]


def file(jdk="17.0.1", options="", peers=None, gradus=None, fma=None, **further):
    c = {"date": "2026-12-01", "cpu": "A CPU", "processors": 2, "system": "Linux 6", "jdk": jdk, "jvm_options": options, "versions": "all of them",
         "command": "benchmarks/side-by-side --out here"}
    c.update(further)
    return {"circumstances": c, "peers": peers or {}, "gradus": gradus or {}, "fma": fma or {}}


def row(of, what):
    return next(r for r in tables.rows(of) if r.what.startswith(what))


def refused(test, action):
    """What is said on standard error by an action that ends the program."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), test.assertRaises(SystemExit) as end:
        action()
    test.assertEqual(2, end.exception.code)
    return said.getvalue()


def alive(process):
    """Whether a process is there and no zombie."""
    try:
        return Path("/proc", process, "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Rows(unittest.TestCase):

    def setUp(self):
        self.file = file(
            peers={"train ae32 libtorch 2.14, MKL 1": trained([0.6]), "train ae32 libtorch 2.14, MKL 2": trained([6.0]),
                   "train ae32 libtorch 2.14, OpenBLAS 1": trained([0.7]), "train ae32 PyTorch 2.14, OpenBLAS 1": trained([1.3]),
                   "train ae32 PyTorch 2.14, OpenBLAS, compiled 1": trained([1.2]), "train ae32 PyTorch 1.13, OpenBLAS 1": trained([1.7])},
            gradus={"train ae32 1": trained([2.0, 0.5], first=2.0), "train ae32 2": trained([1.0, 0.25], first=1.0)})

    def test_the_strongest_peer_stands_first(self):
        rivals = row(self.file, "training epoch, ae32").rivals
        self.assertEqual(["libtorch 2.14, MKL", "libtorch 2.14, OpenBLAS", "PyTorch 2.14, OpenBLAS, compiled", "PyTorch 2.14, OpenBLAS",
                          "PyTorch 1.13, OpenBLAS"], [r.name for r in rivals])

    def test_a_second_thread_that_makes_a_peer_slower_is_not_its_figure(self):
        strongest = row(self.file, "training epoch, ae32").rivals[0]
        self.assertEqual("0.600", strongest.text)
        self.assertAlmostEqual(2.4, strongest.ratio)

    def test_each_family_has_a_goal_of_its_own(self):
        goals = {r.name: (r.goal, r.verdict()) for r in row(self.file, "training epoch, ae32").rivals}
        self.assertEqual((2.5, "MISS"), goals["libtorch 2.14, MKL"])
        self.assertEqual((2.5, "pass"), goals["libtorch 2.14, OpenBLAS"])
        self.assertEqual((5, "MISS"), goals["PyTorch 2.14, OpenBLAS, compiled"])
        self.assertEqual((None, ""), goals["PyTorch 1.13, OpenBLAS"])

    def test_a_goal_beyond_the_processor_counts_as_met(self):
        self.assertAlmostEqual(60_000 * (4 * 784 * 32 * 0.53 + 6 * 784 * 32) / 1e9, tables.gflop("ae32"))
        self.file["peers"] = {"train ae32 libtorch 2.14, MKL 1": trained([0.6])}
        needed = tables.gflop("ae32") / (0.6 / 2.5)
        self.file["fma"] = {"256 1": [1, needed / 0.86, 1000], "256 2": [1, 1, 1]}  # more than 85 % of the median
        self.assertRegex(row(self.file, "training epoch, ae32").rivals[0].verdict(), r"met: \d+ GFLOP/s, the loop has \d+")
        self.file["fma"] = {"256 1": [1, needed / 0.84, 1000]}  # less
        self.assertEqual("MISS", row(self.file, "training epoch, ae32").rivals[0].verdict())

    def test_the_work_of_deep2_is_that_without_rows_of_zeros(self):
        self.assertAlmostEqual(203 - 0.47 * 4 * 784 * 392 * 60_000 / 1e9, tables.gflop("deep2"), delta=0.5)

    def test_the_loop_is_as_wide_as_the_vectors_of_the_jvm(self):
        rates = {"256 1": [50], "256 2": [90], "512 1": [100], "512 2": [180, 170, 10]}
        self.assertEqual(170, tables.loop_rate(file(fma=rates)))
        self.assertEqual(90, tables.loop_rate(file(fma=rates, options="-XX:UseAVX=2")))
        self.assertIsNone(tables.loop_rate(file()))

    def test_products_with_two_threads_meet_the_better_of_one_and_two(self):
        of = file(peers={"gemm OpenBLAS 0.3.34 1": products(100, 100), "gemm OpenBLAS 0.3.34 2": products(10, 10), "gemm MKL 2025.3 2": products(90, 90)},
                  gradus={"gemm VECTOR 1": products(100, 100), "gemm VECTOR 2": products(200, 200)})
        rivals = row(of, "19 matrix products, 2 threads").rivals
        self.assertEqual([("OpenBLAS 0.3.34", "100.0"), ("MKL 2025.3", "90.0")], [(r.name, r.text) for r in rivals])
        self.assertEqual(["OpenBLAS 0.3.34"], [r.name for r in row(of, "19 matrix products, 1 thread").rivals])

    def test_the_first_epoch_is_at_most_twice_a_later_one(self):
        found = row(self.file, "first epoch over the best, ae32")
        self.assertEqual("4.0", found.ours)
        self.assertEqual("MISS", found.verdict())

    def test_losses_of_all_peers_are_compared(self):
        self.file["peers"]["train ae32 libtorch 2.14, MKL 1"]["loss"] = [0.1, 0.3]
        found = row(self.file, "losses apart, ae32")
        self.assertEqual("MISS", found.verdict())
        self.assertAlmostEqual(0.1, found.figure)

    def test_start_and_tutorials_have_goals_against_pytorch_2_alone(self):
        of = file(peers={"start deep2 libtorch 2.14, MKL": 3, "start deep2 PyTorch 2.14, OpenBLAS": 6, "tutorials PyTorch 2.14, OpenBLAS": 90,
                         "tutorials PyTorch 1.13, OpenBLAS": 120}, gradus={"start deep2": 4, "tutorials": 30})
        self.assertEqual([("", 0.75), ("pass", 1.5)], [(r.verdict(), r.ratio) for r in row(of, "launch").rivals])
        self.assertEqual([("pass", 3), ("", 4)], [(r.verdict(), r.ratio) for r in row(of, "all tutorials").rivals])


class Merging(unittest.TestCase):

    def test_files_count_as_rounds_of_one(self):
        a = file(peers={"train ae32 P 1": trained([3, 2])}, gradus={"start info": 0.5, "tutorials": 9}, fma={"256 1": [1]})
        b = file(peers={"train ae32 P 1": trained([1, 4]), "train ae2 P 1": trained([5])}, gradus={"start info": 0.4, "tutorials": 10}, fma={"256 1": [2]})
        both = tables.merged(a, b)
        self.assertEqual([3, 2, 1, 4], both["peers"]["train ae32 P 1"]["train_s"])
        self.assertEqual([5], both["peers"]["train ae2 P 1"]["train_s"])
        self.assertEqual({"start info": 0.4, "tutorials": 9}, both["gradus"])
        self.assertEqual({"256 1": [1, 2]}, both["fma"])

    def test_environments_of_older_files_become_names(self):
        old = file(peers={"probe": {"preset": 1}, "gemm preset 1": products(5, 5), "gemm unset 1": products(9, 4), "train ae32 unset 1": trained([1]),
                          "start ae32 unset": 3}, versions="PyTorch 1.13.0a0, NumPy 1.24.2, OpenBLAS 0.3.21")
        self.assertEqual({"gemm OpenBLAS 0.3.21 1": products(9, 4), "train ae32 PyTorch 1.13, OpenBLAS 1": trained([1]),
                          "start ae32 PyTorch 1.13, OpenBLAS": 3}, tables.modern(old)["peers"])


class Pages(unittest.TestCase):

    def files(self):
        peers = {"train ae32 libtorch 2.14, MKL 1": trained([0.6]), "train ae32 PyTorch 2.14, OpenBLAS 1": trained([1.2]),
                 "train ae32 PyTorch 1.13, OpenBLAS 1": trained([1.8])}
        ours = {"train ae32 1": trained([0.3])}
        fma = {"256 1": [40, 50, 60], "512 2": [90, 110]}
        return [file(jdk="17.0.1", peers=peers, gradus=ours, fma=fma), file(jdk="25.0.3", peers=peers, gradus={"train ae32 1": trained([0.2])}, fma=fma),
                file(jdk="17.0.1", options="-XX:UseAVX=2", peers=peers, gradus={"train ae32 1": trained([0.6])}, fma=fma),
                file(jdk="17.0.1", processor="Another", peers=peers, gradus=ours)]

    def test_a_section_for_each_processor_and_set_of_options(self):
        text = tables.long_table(self.files(), ["results/a.json", "results/b.json", "results/c.json", "results/d.json"])
        self.assertEqual(["### A CPU", "### A CPU, `-XX:UseAVX=2`", "### Another"], [line for line in text.splitlines() if line.startswith("###")])
        self.assertIn("| what | JDK 17 | JDK 25 | strongest peer | ratio | PyTorch 2.14, Python | ratio | PyTorch 1.13, Python | ratio |", text)
        self.assertIn("| training epoch, ae32, batch 64, s | 0.300 | 0.200 | libtorch 2.14, MKL: 0.600 | 2.00 / 3.00 | 1.200 | 4.00 / 6.00 | 1.800 | 6.00 / 9.00 |", text)
        self.assertIn("256 bits, 1 thread: 40 / 50 / 60; 512 bits, 2 threads: 90 / 100 / 110", text)
        self.assertIn("[c](../results/c.json)", text)
        self.assertNotIn("--out", text)

    def test_a_goal_beyond_the_processor_has_a_star(self):
        files = self.files()[:1]
        files[0]["fma"] = {"256 1": [10]}
        text = tables.long_table(files, ["results/a.json"])
        self.assertIn("| 2.00* |", text)
        self.assertIn("\\* The goal would need more than 85%", text)

    def test_readme_has_four_rows_and_no_experiments(self):
        text = tables.short_table(self.files(), ["a", "b", "c", "d"])
        self.assertEqual(["| what | A CPU, JDK 17 / 25 | strongest peer | ratio | PyTorch 2.14, Python, ratio | Another, JDK 17 | strongest peer | ratio |"
                          " PyTorch 2.14, Python, ratio |"], text.splitlines()[:1])
        self.assertIn("| training epoch, ae32, batch 64, s | 0.300 / 0.200 | libtorch 2.14, MKL: 0.600 | 2.00 / 3.00 | 4.00 / 6.00 | 0.300 |", text)
        self.assertEqual(8, len(text.splitlines()))

    def test_versions_and_days_are_those_of_all_files(self):
        files = [file(versions="torch 2; libtorch 2"), file(versions="libtorch 2; MKL 1", date="2026-12-03")]
        self.assertIn("Linux 6, 2026-12-01 to 2026-12-03; torch 2; libtorch 2; MKL 1. The", tables.long_table(files, ["a.json", "b.json"]))

    def test_a_short_run_says_so(self):
        self.assertIn("A short run", tables.long_table([file(quick=True, gradus={"start info": 0.4})], ["a.json"]))

    def test_the_screen_has_every_peer_with_goal_and_verdict(self):
        text = tables.printed({**self.files()[0], "fma": {"256 1": [40, 50, 60]}})
        self.assertRegex(text, r"training epoch, ae32, batch 64, s +0\.300 +libtorch 2\.14, MKL 0\.600 +2\.00 +>= 2\.5 met: \d+ GFLOP/s, the loop has 50\n")
        self.assertRegex(text, r"\n +PyTorch 1\.13, OpenBLAS 1\.800 +6\.00\n")


class Peers(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def program(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path

    def test_a_command_has_variables_before_it(self):
        self.assertEqual(({"A": "1", "B": "two words"}, ["./train", "x=y"]), programs.command_of("--libtorch", "A=1 'B=two words' ./train x=y"))

    def test_messages(self):
        self.assertIn("--libtorch 'A=1' names no program", refused(self, lambda: programs.command_of("--libtorch", "A=1")))
        self.assertIn("--libtorch: no program '/nowhere/train'", refused(self, lambda: programs.LibTorch("/nowhere/train")))
        self.assertIn("tells no torch and blas", refused(self, lambda: programs.LibTorch(str(self.program("odd", "echo '{}'\n")))))
        self.assertIn("does not print a line of JSON", refused(self, lambda: programs.LibTorch(str(self.program("mute", "echo hello\n")))))
        self.assertIn("failed: out of order", refused(self, lambda: programs.LibTorch(str(self.program("broken", "echo out of order >&2; exit 1\n")))))

    def test_a_program_says_its_versions_in_its_environment(self):
        path = self.program("train", """echo '{"torch": "2.14.1", "blas": "'$WHICH' 2025.3"}'\n""")
        self.assertEqual("libtorch 2.14, MKL", programs.LibTorch(f"WHICH=MKL {path}").name)

    def test_what_is_too_slow_ends_with_all_it_has_started(self):
        started = Path(self.folder.name) / "started"
        path = self.program("slow", f"sleep 1000 & echo $! >{started}; wait\n")
        with self.assertRaises(programs.TooSlow):
            programs.run([path], most=1)
        if started.exists() and started.read_text():
            while alive(started.read_text().strip()):  # a signal takes its time
                time.sleep(0.01)

    def test_threads_are_told_to_every_library(self):
        peer = programs.LibTorch(f"""MKL_NUM_THREADS=3 {self.program("t", '''echo '{"torch": "2.9.0", "blas": "MKL 1"}' ''')}""")
        environment = peer.environment(2)
        self.assertEqual(("2", "2", "3"), tuple(environment[n] for n in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")))

    def test_the_faster_environment_is_taken(self):
        old = os.environ.get("OPENBLAS_CORETYPE")
        os.environ["OPENBLAS_CORETYPE"] = "Haswell"
        self.addCleanup(lambda: os.environ.pop("OPENBLAS_CORETYPE") if old is None else os.environ.update(OPENBLAS_CORETYPE=old))
        peer = programs.LibTorch(str(self.program("t", """echo '{"torch": "2.9.0", "blas": "OpenBLAS 1"}'\n""")))
        with contextlib.redirect_stderr(io.StringIO()):
            found = peer.settle(lambda: 5 if "OPENBLAS_CORETYPE" in peer.environment(1) else 7)
        self.assertEqual({"preset": 5, "unset": 7}, found)
        self.assertNotIn("OPENBLAS_CORETYPE", peer.environment(1))
        named = programs.LibTorch(f"OPENBLAS_CORETYPE=Zen {peer.command[0]}")
        self.assertIsNone(named.settle(lambda: self.fail("what was named for the peer is not tried without")))
        self.assertEqual("Zen", named.environment(1)["OPENBLAS_CORETYPE"])

    def test_peers_of_one_name_are_told_apart(self):
        path = self.program("t", """echo '{"torch": "2.9.0", "blas": "MKL 1"}'\n""")
        self.assertEqual(["libtorch 2.9, MKL", "libtorch 2.9, MKL (2)"], [p.name for p in programs.told_apart([programs.LibTorch(str(path)) for _ in range(2)])])

    def test_the_loop_is_compiled_and_measured(self):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            loop = programs.Loop()
        if loop.program is None:
            self.assertIn("no C compiler", said.getvalue())
            return
        loop.measure()
        self.assertTrue(all(rate > 0 for rates in loop.rates.values() for rate in rates))
        self.assertTrue({"1", "2"} <= {key.split()[1] for key in loop.rates})


class CommandLine(unittest.TestCase):

    def setUp(self):
        loader = SourceFileLoader("side_by_side", str(SCRIPT))
        self.script = module_from_spec(spec_from_loader("side_by_side", loader))
        loader.exec_module(self.script)

    def test_options_of_the_jvm_may_begin_with_a_dash(self):
        self.assertEqual(["--quick", "--jvm-options=-XX:UseAVX=2"], self.script.with_values(["--quick", "--jvm-options", "-XX:UseAVX=2"]))

    def test_a_command_shows_no_folders(self):
        self.assertEqual('side-by-side --python python3 --blas "A=b libmkl_rt.so.2" --out x',
                         self.script.path_free('side-by-side --python /a/b/python3 --blas "A=/x/b /c/d/libmkl_rt.so.2" --out /y/x'))

    def test_a_peer_that_collapses_with_two_threads_is_not_waited_for(self):
        class Collapsing:
            def train(self, net, further, threads, epochs, most=None):
                if most:
                    self.most = most
                    raise programs.TooSlow
                return trained([1.0])

        peer, peers = Collapsing(), {}
        run = self.script.Run.__new__(self.script.Run)
        run.peers, run.epochs = peers, {"ae32": 1}
        with contextlib.redirect_stderr(io.StringIO()) as said:
            for threads in (1, 2):
                run.train_peer(peer, "ae32", "P", [], threads)
        self.assertEqual({"train ae32 P 1": trained([1.0]), "collapsed": ["ae32, P, 2 threads"]}, peers)
        self.assertEqual(3 * 9 + 10, peer.most)
        self.assertIn("P: more than 3 times as slow as with one thread", said.getvalue())

    def test_peers_that_are_none_are_refused(self):
        options = argparse.Namespace(python=[], libtorch=[], blas=[], no_compile=False)
        self.script.python_here = lambda: None
        self.assertIn("no PyTorch here; apt-get install", refused(self, lambda: self.script.chosen_peers(options, ["train"])))
        self.script.has_openblas = lambda _: False
        self.assertIn("no OpenBLAS here; apt-get install", refused(self, lambda: self.script.chosen_peers(options, ["gemm"])))
        with tempfile.TemporaryDirectory() as folder:
            python = Path(folder) / "python"
            python.write_text("""#!/bin/sh\necho '{"torch": "1.13.0", "blas": "libblas.so.3.11.0", "numpy": "1", "scipy": "", "compile": "no"}'\n""")
            python.chmod(0o755)
            options.python = [str(python)]
            self.assertIn("python multiplies with libblas.so.3.11.0, which makes it no peer", refused(self, lambda: self.script.chosen_peers(options, ["train"])))

    def test_unknown_words_are_refused(self):
        for words, message in ((["--only", "gem"], "--only: there is no 'gem'; there are gemm, jvm"), (["--nets", "deep3"], "--nets: there is no 'deep3'"),
                               (["--rounds", "0"], "--rounds is 0 but must be 1 or more"), (["--tables", "/nowhere.json"], "is not below")):
            done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True)
            self.assertEqual(2, done.returncode)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
