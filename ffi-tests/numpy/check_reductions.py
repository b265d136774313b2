"""sum, prod, min and max over any axes, against NumPy for integers and against exact sums for floats."""

import ctypes
import math

import numpy as np

import model
from arrays import ALL, BF16, picture, random_array, shape_of
from check_engine import Outcome, output, pick
from check_queries import castable, promoted
from library import i32s

OPERATIONS = ["reduce", "sum", "prod", "min", "max", "large sum"]


def expected_shape(shape, axes, keepdims):
    if keepdims:
        return tuple(1 if k in axes else n for k, n in enumerate(shape))
    return tuple(n for k, n in enumerate(shape) if k not in axes)


def float_judge(name, rows, dtype, target):
    """A judge for sums and products of floats and complex numbers."""
    p = model.part(dtype)
    narrow = model.part(target)

    def one(value, row):
        if name == "sum":
            exact, bound = model.sum_real(row, p)
            if math.isfinite(exact) and not math.isfinite(value) and model.overflows(float(value), row, p):
                return True
        elif not stays_in_range(row, p):
            return True
        else:
            exact, bound = product(row, p)
        rounding = model.EPS[narrow] if model.EPS[narrow] > model.EPS[p] else 0.0
        bound += rounding * abs(exact) * 1.01 + 2 * model.TINY[narrow] if math.isfinite(exact) else 0
        return model.close(float(value), exact, bound, narrow)

    def judge(ours):
        good = np.ones(ours.size, bool)
        for i in range(ours.size):
            if dtype.kind != "c":
                value = ours[i].real if target.kind == "c" else ours[i]
                good[i] = one(value, rows[i]) and (target.kind != "c" or ours[i].imag == 0)
            elif name == "sum":
                good[i] = one(ours[i].real, rows[i].real) and one(ours[i].imag, rows[i].imag)
            else:
                good[i] = complex_product_good(ours[i], rows[i], narrow)
        return good

    return judge


def stays_in_range(row, dtype):
    """Whether no partial product, in whatever order, overflows or loses bits to underflow."""
    info = np.finfo(np.float32 if dtype.itemsize == 2 else dtype)
    sizes = np.abs(np.array([float(v) for v in row], np.longdouble))
    largest, smallest = np.prod(np.maximum(sizes, 1)), np.prod(np.minimum(np.where(sizes == 0, 1, sizes), 1))
    return bool(largest < float(info.max) / 8 and smallest > float(info.tiny) * 8)


def product(row, dtype):
    wide = np.array([float(v) for v in row], np.longdouble)
    exact = float(np.prod(wide))
    inner = model.EPS[model.F32] if dtype.itemsize == 2 else model.EPS[dtype]
    return exact, (inner * (len(wide) + 2) + model.EPS[dtype]) * abs(exact) * 1.02 + model.TINY[dtype] * 2


def complex_product_good(value, row, narrow):
    exact = np.prod(row.astype(np.clongdouble)) if row.size else np.clongdouble(1)
    if not stays_in_range(np.abs(row), narrow):
        return True  # a partial product may overflow, and then its parts are infinities and NaNs
    bound = model.EPS[narrow] * 4 * (row.size + 2) * np.prod(np.abs(row.astype(np.clongdouble)))
    return bool(np.abs(np.clongdouble(value) - exact) <= bound + 4 * model.TINY[narrow])


def exact_judge(expected, signed_zero_matters=True):
    def judge(ours):
        if signed_zero_matters:
            return model.same_bits(ours, expected)
        with np.errstate(invalid="ignore"):
            return (ours == expected) | ((ours != ours) & (expected != expected))

    return judge


def reduction(lib, report, rng):
    name = str(rng.choice(["sum", "prod", "min", "max"]))
    operation = "reduce" if rng.random() < 0.3 else name
    dtype = pick(rng, ALL)
    shape = shape_of(rng)
    if rng.random() < 0.05 and name != "prod":
        shape = tuple(int(n) for n in rng.choice([1, 2, 3, 9, 150, 400], 2))
    floating = model.kind(dtype) in "fc"
    kind = "near1" if name == "prod" and floating else str(rng.choice(["any", "tame"]))
    if name == "sum" and floating and kind == "any" and rng.random() < 0.8:
        kind = "tame"
    array, _ = random_array(rng, dtype, shape, overlap=rng.random() < 0.15, kind=kind)
    if kind == "any" and floating and name == "sum":
        with np.errstate(all="ignore"):
            array[...] = np.where(np.abs(array).astype(np.float64) > 1e30, array.dtype.type(1), array)
        if dtype.kind == "c":
            return
    axes = sorted(int(k) for k in rng.permutation(len(shape))[: int(rng.integers(0, len(shape) + 1))])
    keepdims = bool(rng.integers(2))
    everything = rng.random() < 0.2
    if everything:
        axes = list(range(len(shape)))
    result = model.reduced_dtype(name, dtype)
    target = result if rng.random() < 0.6 else pick(rng, ALL)
    out, memory = output(rng, target, expected_shape(shape, axes, keepdims))
    given = [a - len(shape) if rng.random() < 0.3 else a for a in axes]
    rng.shuffle(given)
    args = [lib.view(array), len(given), i32s(given), int(keepdims), lib.view(out)]
    if everything:
        args[1], args[2] = 0, None
    if operation == "reduce":
        args.insert(0, lib.header[name.upper()])
    about = f"{name} {picture(array)} axes {given} keepdims {keepdims} to {picture(out)}"
    outcome = Outcome(lib, report, operation, about)
    rows, _ = model.group(array, axes)
    if name in ("min", "max") and rows.shape[1] == 0 and rows.shape[0] != 0:
        return outcome.fails(operation, args, out, memory, "no identity")
    if not castable(result, target, "same_kind"):
        return outcome.fails(operation, args, out, memory, "casting")
    wrong = int(rng.integers(50))
    if wrong == 0:
        args[-1].flags = lib.header["READONLY"]
        return outcome.fails(operation, args, out, memory, "read-only output")
    if wrong == 1 and out.ndim:
        args[-1].shape[0] += 1
        return outcome.fails(operation, args, out, memory, "output shape")
    if name in ("min", "max") and dtype.kind == "c":
        return complex_order(outcome, operation, args, out, memory, name, rows)
    if name in ("sum", "prod") and promoted(result, target) == target:
        result = target  # into a wider output the sum is made in the output's dtype, as NumPy does
    if rows.size == 0 or model.kind(result) not in "fc" or name in ("min", "max"):
        judge, expected = bits_judge(name, rows, result, target)
    else:
        wide = model.cast(rows.reshape(-1), result).reshape(rows.shape)
        judge, expected = float_judge(name, wide, result, target), None
    outcome.hint = lambda i: f", expected {expected[i]!r}" if expected is not None else f" from {rows[i][:8]!r}..."
    outcome.writes(operation, args, out, memory, judge)


def bits_judge(name, rows, result, target):
    """Integers, and min and max of everything: one right answer."""
    wide = rows.astype(np.float32) if rows.dtype == BF16 else rows
    with np.errstate(all="ignore"):
        if name in ("sum", "prod"):
            function = np.sum if name == "sum" else np.prod
            kept = wide.astype(result) if result != BF16 else wide
            exact = function(kept, axis=1, dtype=None if result == BF16 else result)
        elif rows.shape[0] == 0:
            exact = np.empty(0, result)
        else:
            exact = (np.min if name == "min" else np.max)(wide, axis=1)
    exact = model.cast(exact, result) if exact.size else np.empty(0, result)
    expected = model.cast(exact, target) if exact.size else np.empty(0, target)
    return exact_judge(expected, signed_zero_matters=name in ("sum", "prod")), expected


def complex_order(outcome, operation, args, out, memory, name, rows):
    """min and max of complex numbers: NumPy compares the real parts, then the imaginary parts; a NaN in either part
    wins, and which of several NaNs comes out is not compared."""
    with np.errstate(all="ignore"):
        if rows.shape[0] == 0:
            expected = np.empty(0, rows.dtype)
        else:
            expected = (np.min if name == "min" else np.max)(rows, axis=1)
    cast = model.cast(expected, out.dtype) if expected.size else np.empty(0, out.dtype)

    def judge(ours):
        with np.errstate(invalid="ignore"):
            return (ours == cast) | (np.isnan(ours) & np.isnan(cast))

    outcome.hint = lambda i: f", expected {cast[i]!r} from {rows[i][:8]!r}"
    outcome.writes(operation, args, out, memory, judge)


def large_sums(lib, report, rng):
    """Sums where adding one by one loses all accuracy: the bound of a pairwise sum must hold on every axis."""
    n, m = 1 << 20, 2
    cases = []
    for dtype in [np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.float16)] + ([BF16] if BF16 else []):
        value = 0.1 if dtype.itemsize > 2 else 2.0**-10
        cases.append((np.full((n, m), value).astype(dtype), [0]))
        cases.append((np.full((m, n), value).astype(dtype), [1]))
        cases.append((np.asfortranarray(np.full((m, n), value).astype(dtype)), [1]))
        cases.append((np.full((n, m), value).astype(dtype), [0, 1]))
        cases.append((np.full((n, 2 * m), value).astype(dtype)[:, ::2], [0]))
        cases.append((np.full((64, 128, 128), value).astype(dtype), [0, 2]))
        noise = rng.random((n // 4, 3)).astype(np.float32).astype(dtype)
        cases.append((noise, [0]))
        cases.append((noise[::-1], [0]))
    for array, axes in cases:
        rows, shape = model.group(array, axes)
        out, memory = output(rng, array.dtype, shape)
        outcome = Outcome(lib, report, "large sum", f"{picture(array)} axes {axes}")
        judge = float_judge("sum", rows, array.dtype, array.dtype)
        exact = lambda i: f", exact {math.fsum(rows[i].astype(np.float64))!r}"  # noqa: E731, B023
        outcome.hint = exact
        args = [lib.view(array), len(axes), i32s(axes), 0, lib.view(out)]
        outcome.writes("sum", args, out, memory, judge)


PROGRAMS = [reduction, reduction, reduction]
ONCE = [large_sums]
