#!/usr/bin/env python3
"""Differential test of libstrided against NumPy.

    run.py --library path/to/libstrided.so --header path/to/strided.h [--seconds S] [--seed N]

Random programs run on both; results must agree in every bit where NumPy's are determined, and within stated bounds
elsewhere (model.py). Each program has its own seed: a failure prints `--only module:seed`, which repeats it alone.
`--self-test` lets each function of the library lie in turn and fails when the comparison does not notice.

The last line is `N passed, M failed, K skipped`. An operation that was never checked counts as a failure."""

import argparse
import sys
import time
import warnings

import numpy as np

import check_arrays
import check_choices
import check_engine
import check_operations
import check_queries
import check_reductions
import check_scans
import check_statistics
import check_views
from library import BF16, Library
from report import Report
from sabotage import Sabotage

MODULES = {
    "views": check_views,
    "queries": check_queries,
    "engine": check_engine,
    "operations": check_operations,
    "choices": check_choices,
    "reductions": check_reductions,
    "statistics": check_statistics,
    "scans": check_scans,
    "arrays": check_arrays,
}


def run_program(lib, report, name, number):
    """One program; everything random in it comes from its number."""
    module = MODULES[name]
    rng = np.random.default_rng(number)
    report.case = f"{name}:{number}"
    program = module.PROGRAMS[int(rng.integers(len(module.PROGRAMS)))]
    program(lib, report, rng)


def run_once(lib, report, seed, names):
    for name in names:
        module = MODULES[name]
        for program in getattr(module, "ONCE", []):
            report.case = f"{name}:once"
            program(lib, report, np.random.default_rng(seed))


def run_for(lib, report, seed, seconds, names):
    """Programs of all modules in turn until the time is over."""
    end, number = time.monotonic() + seconds, seed * 1_000_003
    programs = 0
    while time.monotonic() < end:
        for name in names:
            run_program(lib, report, name, number)
        number += 1
        programs += len(names)
    return programs


# What a lie needs to be noticed: (function, kinds of lies, module).
BOTH, RESULT, STATUS = ("status", "result"), ("result",), ("status",)
LIES = [(f"view_{name}", BOTH, "views") for name in check_views.STEPS]
LIES += [(name, BOTH, "views") for name in ("view_init", "view_init_opaque", "broadcast_shapes", "view_broadcast_many")]
LIES += [(name, BOTH, "queries") for name in ("view_extent", "view_overlap", "view_address")]
LIES += [("view_query", RESULT, "queries"), ("view_size", RESULT, "queries"), ("view_check", STATUS, "queries")]
LIES += [(name, BOTH, "engine") for name in ("copy", "copy_cast", "fill", "binary", "foreach")]
LIES += [(name, BOTH, "engine") for name in ("add", "subtract", "multiply", "divide")]
LIES += [(name, BOTH, "operations") for name in ("unary", "binary")]
LIES += [(name, BOTH, "choices") for name in check_choices.OPERATIONS]
LIES += [(name, BOTH, "statistics") for name in check_statistics.OPERATIONS if name != "reduce_result_type"]
LIES += [(name, BOTH, "operation types") for name in ("unary_result_type", "binary_result_type")]
LIES += [(name, BOTH, "reductions") for name in ("reduce", "sum", "prod", "min", "max")]
LIES += [(name, BOTH, "scans") for name in check_scans.OPERATIONS if name != "accumulate_result_type"]
LIES += [(name, BOTH, "arrays") for name in ("npy_save", "format")]
LIES += [(name, RESULT, "arrays") for name in ("array_shares", "array_new", "array_zeros", "array_new_opaque")]
LIES += [(name, RESULT, "arrays") for name in ("array_new_aligned", "array_copy", "array_cast", "array_from_view")]
LIES += [("array_contiguous", RESULT, "arrays"), ("array_adopt", RESULT, "arrays"), ("npy_load", RESULT, "arrays")]
LIES += [(name, BOTH, "once") for name in ("result_type", "can_cast")]
LIES += [("dtype_size", RESULT, "once"), ("dtype_name", RESULT, "once")]


def lie_is_noticed(lib, function, kind, module, seed):
    """How often a function lied, and how many checks failed; stops once it has lied 40 times."""
    lib.sabotage = Sabotage(function, kind, np.random.default_rng(seed))
    quiet = Report(quiet=True)
    number = seed
    end = time.monotonic() + 20
    try:
        while lib.sabotage.lies < 40 and time.monotonic() < end:
            if module == "once":
                check_queries.tables(lib, quiet, None)
            elif module == "operation types":
                check_operations.result_types(lib, quiet, None)
            else:
                run_program(lib, quiet, module, number)
            number += 1
        return lib.sabotage.lies, quiet.total_failed()
    finally:
        lib.sabotage = None


def self_test(lib, seed):
    report = Report()
    print(f"{'function':28}{'lie':8}{'told':>6}{'noticed':>8}")
    for function, kinds, module in LIES:
        if function not in lib.functions:
            report.check(function, False, lambda: f"{function} is not in the library")  # noqa: B023
            continue
        for kind in kinds:
            lies, noticed = lie_is_noticed(lib, function, kind, module, seed)
            print(f"{function:28}{kind:8}{lies:6}{noticed:8}")
            report.case = f"{module}:self-test"
            # a lie may spoil a byte that does not matter, most must be noticed
            good = lies > 0 and noticed >= lies * 0.6
            report.check(function, good, lambda: f"{kind}: {lies} lies, {noticed} noticed")  # noqa: B023
    return report


def main():
    parser = argparse.ArgumentParser(description="Differential test of libstrided against NumPy.")
    parser.add_argument("--library", required=True, help="path of libstrided.so")
    parser.add_argument("--header", required=True, help="path of the strided.h that belongs to it")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--modules", default=",".join(MODULES), help="parts to run, separated by commas")
    parser.add_argument("--only", help="module:number of a failure, to repeat it alone")
    parser.add_argument("--self-test", action="store_true", help="let the library lie and see whether it is noticed")
    options = parser.parse_args()
    seed = int(time.time()) if options.seed is None else options.seed
    warnings.simplefilter("ignore")
    lib = Library(options.library, options.header)
    level = lib.functions["simd_level"]().decode()
    print(f"NumPy {np.__version__}, bf16 {'with' if BF16 else 'without'} ml_dtypes, level {level}, seed {seed}")
    if options.self_test:
        report = self_test(lib, seed)
    else:
        report = Report()
        names = options.modules.split(",")
        if options.only:
            name, number = options.only.split(":")
            if number == "once":
                run_once(lib, report, seed, [name])
            else:
                run_program(lib, report, name, int(number))
        else:
            run_once(lib, report, seed, names)
            programs = run_for(lib, report, seed, options.seconds, names)
            print(f"{programs} programs")
        report.table([] if options.only else [o for name in names for o in MODULES[name].OPERATIONS])
        if BF16 is None:
            report.skip("bf16")
    print(report.totals())
    return 1 if report.total_failed() else 0


if __name__ == "__main__":
    sys.exit(main())
