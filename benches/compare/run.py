"""Measures one comparison and prints a line of CSV for each case, for `cargo xtask compare` to read.

    run.py copy|compute --measure libmeasure.so --library libstrided.so --header strided.h [--ndarray lib] [--hptt lib]
           [--csv cases.csv] [--filter a,b] [--budget seconds]

A line holds: case, class, size, dtype, bytes used, bytes of the lines they lie in, whether the results agree, and
nanoseconds as contender=ns, the limits as limit:way=ns; then notes, for contenders that were expected and did not run.
"""

import argparse
import platform
import sys

import numpy as np

import bench
from bench import Bench, Missing


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("copy", "compute"))
    for name in ("measure", "library", "header"):
        parser.add_argument("--" + name, required=True)
    for name in ("ndarray", "hptt", "csv"):
        parser.add_argument("--" + name)
    parser.add_argument("--filter", default="")
    parser.add_argument("--budget", type=float, default=0.3)
    options = parser.parse_args()
    filters = [f for f in options.filter.split(",") if f]

    def wanted(name, category):
        return not filters or any(f == category or f in name for f in filters)

    contest = Bench(options.measure, options.library, options.header, options.ndarray, options.hptt)
    if options.what == "copy":
        from copy_cases import Cases

        cases = Cases(contest, options.csv, wanted)
    else:
        from compute_cases import Cases

        cases = Cases(contest, wanted)
    about(contest)
    for case in cases:
        measure(contest, case, options.budget)


def about(contest):
    functions = contest.library.functions
    print("# numpy", np.__version__)
    print("# python", platform.python_version())
    print("# libstrided", functions["version"]().decode())
    print("# simd", functions["simd_level"]().decode())
    print("# hptt", "measured" if contest.hptt else "not installed")
    print("# ndarray", "measured" if contest.ndarray else "not built")
    sys.stdout.flush()


def measure(contest, case, budget):
    jobs, notes = {}, []
    for name, make in case["contenders"].items():
        try:
            jobs[name] = make()
        except Missing as why:
            if name == "libstrided":
                notes.append(str(why))
    agree = "-"
    if "libstrided" in jobs:
        agree = check(contest, case, jobs, notes)
    if "libstrided" in jobs:
        limits = {"limit:" + way: job for way, job in case["limits"].items()}
        times = contest.race({**jobs, **limits}, budget)
    else:
        times = {}
    figures = " ".join(f"{name}={time:.2f}" for name, time in times.items())
    fields = [str(case[k]) for k in ("case", "class", "size", "dtype", "bytes", "lines")]
    fields = [f'"{f}"' if "," in f else f for f in fields]
    print(",".join([*fields, agree, figures, "; ".join(notes).replace(",", ";")]))
    sys.stdout.flush()


def check(contest, case, jobs, notes):
    """Runs libstrided and NumPy once each and compares the results."""
    reset = case.get("reset", lambda: None)
    reset()
    if contest.run(jobs["libstrided"]) is None:
        notes.append("libstrided: " + contest.library.message())
        del jobs["libstrided"]
        return "-"
    if "NumPy" not in jobs:
        return "-"
    ours = np.array(case["result"]())
    reset()
    if contest.run(jobs["NumPy"]) is None:
        notes.append("NumPy failed")
        del jobs["NumPy"]
        return "-"
    theirs = case.get("expected", case["result"])()  # `expected`: of functions that make their own output
    if ours.dtype.kind in "fc" and case.get("close"):
        near = case.get("near", case["close"])
        same = np.allclose(ours, theirs, rtol=case["close"], atol=near, equal_nan=True)
    else:
        same = np.array_equal(ours, theirs, equal_nan=ours.dtype.kind in "fc")
    reset()
    return "yes" if same else "NO"


if __name__ == "__main__":
    main()
