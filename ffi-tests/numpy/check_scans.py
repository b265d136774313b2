"""Running sums, products, minima and maxima along an axis, against NumPy: step by step in the dtype of the output."""

import ctypes

import numpy as np

import model
from arrays import ALL, BF16, picture, random_array, shape_of
from check_engine import Outcome, output, pick
from check_queries import castable

OPERATIONS = [
    "accumulate", "cumulative_sum", "cumulative_prod", "cumulative_min", "cumulative_max", "accumulate_result_type",
]  # fmt: skip
STEPS = {"sum": np.add, "prod": np.multiply, "min": np.minimum, "max": np.maximum}


def step(name, before, x):
    if BF16 is not None and x.dtype == BF16:
        return STEPS[name](before.astype(np.float32), x.astype(np.float32)).astype(BF16)
    return STEPS[name](before, x)


def running(name, array, axis, target):
    """One element after the other: what was made so far, and the next element as one of the output."""
    wide = model.cast(np.ascontiguousarray(array).reshape(-1), target).reshape(array.shape)
    lines = np.moveaxis(wide, axis, 0).copy()
    for i in range(1, lines.shape[0]):
        lines[i] = step(name, lines[i - 1], lines[i])
    return np.ascontiguousarray(np.moveaxis(lines, 0, axis)).reshape(-1)


def judge_of(name, expected, target):
    """Zeros of either sign are the same extreme; which of several NaNs comes out is not compared. NumPy's products of complex
    numbers may be rounded once where ours are rounded twice; where that overflows, either part may be infinite or NaN."""

    def judge(ours):
        if BF16 is not None and target == BF16:
            either_zero = (ours.astype(np.float32) == 0) & (expected.astype(np.float32) == 0)
            return model.same_bits(ours, expected) | (either_zero & (name in ("min", "max")))
        with np.errstate(invalid="ignore"):
            good = (ours == expected) | ((ours != ours) & (expected != expected))
            if name == "prod" and target.kind == "c":
                good |= np.abs(ours - expected) <= 2000 * model.EPS[model.part(target)] * np.abs(expected)
                good |= ~np.isfinite(ours) & ~np.isfinite(expected)
        return good if name in ("min", "max") or target.kind == "c" else good & model.same_bits(ours, expected)

    return judge


def scan(lib, report, rng):
    name = str(rng.choice(list(STEPS)))
    operation = "accumulate" if rng.random() < 0.3 else f"cumulative_{name}"
    dtype = pick(rng, ALL)
    shape = shape_of(rng) or (int(rng.integers(1, 9)),)
    if rng.random() < 0.1:
        shape = tuple(int(n) for n in rng.choice([1, 2, 3, 70, 150], 2))
    floating = model.kind(dtype) in "fc"
    kind = "near1" if name == "prod" and floating else "tame"
    array, _ = random_array(rng, dtype, shape, overlap=rng.random() < 0.15, kind=kind)
    axis = int(rng.integers(len(shape)))
    result = model.reduced_dtype(name, dtype)
    target = result if rng.random() < 0.6 else pick(rng, ALL)
    out, memory = output(rng, target, shape)
    given = axis - len(shape) if rng.random() < 0.3 else axis
    args = [lib.view(array), given, lib.view(out)]
    if operation == "accumulate":
        args.insert(0, lib.header[f"CUMULATIVE_{name.upper()}"])
    outcome = Outcome(lib, report, operation, f"{name} {picture(array)} axis {given} to {picture(out)}")
    if not castable(result, target, "same_kind"):
        return outcome.fails(operation, args, out, memory, "casting")
    wrong = int(rng.integers(50))
    if wrong == 0:
        args[-1].flags = lib.header["READONLY"]
        return outcome.fails(operation, args, out, memory, "read-only output")
    if wrong == 1:
        args[-1].shape[0] += 1
        return outcome.fails(operation, args, out, memory, "output shape")
    if wrong == 2:
        args[-2] = len(shape)
        return outcome.fails(operation, args, out, memory, "axis")
    with np.errstate(all="ignore"):
        expected = running(name, array, axis, target)
    outcome.hint = lambda i: f", expected {expected[i]!r}"
    outcome.writes(operation, args, out, memory, judge_of(name, expected, target))


def types(lib, report, rng):
    """Every operation on every dtype."""
    del rng
    for name in STEPS:
        for dtype in ALL:
            out = ctypes.c_int32(-1)
            code = lib.header[f"CUMULATIVE_{name.upper()}"]
            status = lib.call("accumulate_result_type", code, lib.code_of[dtype], out, out=out)
            good = status == 0 and out.value == lib.code_of[model.reduced_dtype(name, dtype)]
            report.check("accumulate_result_type", good, lambda: f"{name} of {dtype}: {status}, {out.value}")  # noqa: B023


PROGRAMS = [scan]
ONCE = [types]
