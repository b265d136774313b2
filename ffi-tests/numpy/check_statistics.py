"""Means, variances, norms, truths, counts, positions of extremes, inner products; all reductions with masks, initial values
and degrees of freedom. Floats against exact sums with the bound of a pairwise sum, everything else bit for bit."""

import ctypes
import math

import numpy as np

import model
from arrays import ALL, BF16, picture, random_array, shape_of, values
from check_engine import Outcome, output, pick, stretched
from check_queries import castable, promoted
from check_reductions import expected_shape
from library import Options, address, i32s

OPERATIONS = [
    "mean", "var", "std", "any", "all", "count_nonzero", "argmin", "argmax", "norm", "reduce_with", "dot", "vdot",
    "reduce_result_type",
]  # fmt: skip
F32, F64, I64 = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.int64)
PLAIN = ["sum", "prod", "min", "max"]
NAMED = OPERATIONS[:9]


def reduced_dtype(name, dtype):
    """NumPy's result dtype; the norm is a float as that of numpy.linalg."""
    if name in PLAIN:
        return model.reduced_dtype(name, dtype)
    if name in ("any", "all"):
        return np.dtype(np.bool_)
    if name in ("count_nonzero", "argmin", "argmax"):
        return I64
    if dtype.kind in "biu":
        return F64
    return dtype if name == "mean" else model.part(dtype)


def plain(row):
    return row.astype(np.float32) if row.dtype == BF16 else row


def exact_result(name, row):
    """Results that have one right answer, of a row that is not empty where it must not be."""
    with np.errstate(all="ignore"):
        if name == "norm":
            raise ValueError(name)
        return getattr(np, name)(plain(row))


def sum_of_squares(values):
    """The exact sum of the squares, or infinity where it leaves the range of a float."""
    try:
        return math.fsum(x * x for x in values)
    except OverflowError:
        return math.inf


def real_statistics(name, row, dtype, ddof):
    """(exact value, bound) of a statistic of real numbers, computed in `dtype` (f16 and bf16 as f32)."""
    n = len(row)
    wide = [float(x) for x in row]
    inner = model.EPS[F32] if dtype.itemsize == 2 else model.EPS[dtype]
    levels = math.log2(max(2, n)) + 10
    if not all(math.isfinite(x) for x in wide):
        with np.errstate(all="ignore"):
            array = np.array(wide)
            if name == "mean":
                return float(np.sum(array) / n), 0.0
            if name == "norm":
                return (math.nan if np.isnan(array).any() else math.inf), 0.0
            return math.nan, 0.0
    accumulator = F32 if dtype.itemsize == 2 else dtype
    # Sums that leave the range of the accumulator on the way are infinite, as NumPy's are; near its end they may be.
    most = 0.99 * float(np.finfo(accumulator).max)
    size = math.fsum(abs(x) / 2 for x in wide) * 2
    if size > most:
        return None, 0.0
    if name == "norm":
        total = sum_of_squares(wide)
        if total > most:
            return None, 0.0
        exact = math.sqrt(total)
        # Each square is rounded to a multiple of the smallest float of the accumulator.
        lost = 2 * n * model.TINY[accumulator]
        underflow = min(math.sqrt(lost), lost / exact) if exact else 0.0
        return exact, inner * levels * exact + underflow + rounding(exact, dtype)
    divisor = n - (ddof if name in ("var", "std") else 0)
    if n == 0 or divisor <= 0 and name == "mean":
        return math.nan, 0.0
    mean = math.fsum(wide) / n
    if name == "mean":
        return mean, inner * levels * size / n + rounding(mean, dtype)
    total = sum_of_squares(x - mean for x in wide)
    if divisor <= 0 or total > most:
        return None, 0.0  # 0/0, or infinite by the rounding of the mean or by overflow
    variance = total / divisor
    off = inner * levels * size / n
    bound = 2 * inner * levels * variance + 2 * (off * off + 2 * off * inner * size / n) * n / divisor
    bound += 1e-14 * variance + 2 * model.TINY[accumulator]
    if name == "var":
        return variance, bound + rounding(variance, dtype)
    root = math.sqrt(variance)
    error = min(math.sqrt(bound), bound / root) if root else math.sqrt(bound)
    return root, error + rounding(root, dtype)


def rounding(exact, dtype):
    return 2 * model.EPS[dtype] * abs(exact) + 2 * model.TINY[dtype]


def statistic_good(name, row, ours, dtype, ddof):
    """Whether one mean, variance, deviation or norm is right."""
    p = model.part(dtype) if dtype.kind in "c" else dtype
    if row.dtype.kind == "c":
        parts = [row.real, row.imag]
        if name == "mean":
            got = [ours.real, ours.imag]
            return all(statistic_good(name, part, g, p, ddof) for part, g in zip(parts, got))
        pairs = [real_statistics("var" if name == "std" else name, part, p, ddof) for part in parts]
        if any(exact is None or not math.isfinite(exact) for exact, _ in pairs):
            return True
        if name == "norm":
            exact = math.hypot(pairs[0][0], pairs[1][0])
            return abs(float(ours) - exact) <= 2 * (pairs[0][1] + pairs[1][1])
        exact, bound = pairs[0][0] + pairs[1][0], pairs[0][1] + pairs[1][1]
        if name == "std":
            root = math.sqrt(exact)
            bound = min(math.sqrt(2 * bound), 2 * bound / root) if root else math.sqrt(2 * bound)
            exact = root
        return abs(float(ours) - exact) <= 2 * bound + rounding(exact, p)
    exact, bound = real_statistics(name, row, p, ddof)
    if exact is None:
        return True
    return model.close(float(ours), exact, bound, p)


def small(array):
    """Keeps squares and sums inside the range of the dtype."""
    if model.kind(array.dtype) not in "fc":
        return
    with np.errstate(all="ignore"):
        limit = 100.0 if array.dtype.itemsize == 2 else 1e6
        size = np.abs(array.astype(np.clongdouble))
        array[...] = np.where((size > limit) & np.isfinite(size), array.dtype.type(1), array)


def case(rng, name):
    """An input, the axes, and how the call says them."""
    dtype = pick(rng, ALL)
    shape = shape_of(rng)
    if rng.random() < 0.06:
        shape = tuple(int(n) for n in rng.choice([1, 2, 3, 9, 150, 400], 2))
    array, _ = random_array(rng, dtype, shape, overlap=rng.random() < 0.1, kind="any" if rng.random() < 0.3 else "tame")
    if name in ("mean", "var", "std", "norm", "sum", "dot", "vdot"):
        small(array)
    axes = sorted(int(k) for k in rng.permutation(len(shape))[: int(rng.integers(0, len(shape) + 1))])
    if name in ("argmin", "argmax"):
        axes = axes[:1] if axes and rng.random() < 0.6 else list(range(len(shape)))
    everything = len(axes) == len(shape) and rng.random() < 0.5 or name in ("argmin", "argmax") and len(axes) != 1
    if everything:
        axes = list(range(len(shape)))
    return array, axes, everything, bool(rng.integers(2))


def axis_arguments(rng, axes, everything, ndim):
    given = [a - ndim if rng.random() < 0.3 else a for a in axes]
    rng.shuffle(given)
    return [0, None] if everything else [len(given), i32s(given)]


def needs_elements(name):
    return name in ("min", "max", "argmin", "argmax")


def judge_rows(name, rows, result, target, ddof, initial=None):
    """A judge of one result per row."""

    def one(row, ours):
        if name in ("mean", "var", "std", "norm"):
            kept = row if row.dtype.kind not in "biu" else row.astype(np.float64)
            return target != result or statistic_good(name, kept, ours, result, ddof)
        return one_plain(name, row, ours, result, target, initial)

    return lambda ours: np.array([one(row, value) for row, value in zip(rows, ours)], bool)


def one_plain(name, row, ours, result, target, initial):
    """One result of the other reductions, with an initial value as one more element."""
    if name in ("count_nonzero", "argmin", "argmax"):
        return bool(model.same_bits(np.array([ours]), model.cast(np.array([exact_result(name, row)]), target))[0])
    if name in ("any", "all"):
        truth = model.cast(row, np.dtype(np.bool_)) if row.size else np.empty(0, bool)
        if initial is not None:
            truth = np.append(truth, initial != 0)
        return bool(ours) == bool(getattr(np, name)(truth))
    wider = name in ("sum", "prod") and model.kind(target) in "fc" and promoted(result, target)
    if wider and model.kind(result) not in "fc" and model.part(wider) == model.part(target):
        # An output that holds more than the result is what the sum is made in, as with NumPy's dtype=.
        result = target
    row = model.cast(row, result) if row.size else np.empty(0, result)
    if initial is not None:
        row = np.append(row, model.cast(np.array([initial]), result))
    if model.kind(result) in "fc":
        if target != result:
            return True
        if name in ("min", "max"):
            expected = exact_result(name, row)
            with np.errstate(invalid="ignore"):
                return bool(ours == expected or (np.isnan(ours) and np.isnan(expected)))
        if name == "prod":
            return True
        parts = [(row.real, ours.real), (row.imag, ours.imag)] if result.kind == "c" else [(row, ours)]
        p = model.part(result)
        return all(model.close(float(value), *model.sum_real(part, p), p) for part, value in parts)
    with np.errstate(all="ignore"):
        if name in ("sum", "prod"):
            expected = getattr(np, name)(row, dtype=result)
        else:
            expected = exact_result(name, row)
    return bool(model.same_bits(np.array([ours]), model.cast(np.array([expected], result), target))[0])


def statistics(lib, report, rng):
    """The reductions that check_reductions leaves out, each by its own function."""
    name = pick(rng, NAMED)
    array, axes, everything, keepdims = case(rng, name)
    result = reduced_dtype(name, array.dtype)
    target = result if rng.random() < 0.8 else pick(rng, ALL)
    out, memory = output(rng, target, expected_shape(array.shape, axes, keepdims))
    args = [lib.view(array), *axis_arguments(rng, axes, everything, array.ndim), int(keepdims), lib.view(out)]
    about = f"{name} {picture(array)} axes {axes} keepdims {keepdims} to {picture(out)}"
    outcome = Outcome(lib, report, name, about)
    rows, _ = model.group(array, axes)
    if needs_elements(name) and rows.shape[1] == 0 and rows.shape[0] != 0:
        return outcome.fails(name, args, out, memory, "nothing to reduce")
    if not castable(result, target, "same_kind"):
        return outcome.fails(name, args, out, memory, "casting")
    outcome.hint = lambda i: f" from {rows[i][:8]!r}..."
    outcome.writes(name, args, out, memory, judge_rows(name, rows, result, target, 0.0))


def with_options(lib, report, rng):
    """Any reduction with a mask, an initial value, degrees of freedom."""
    name = pick(rng, PLAIN + NAMED)
    array, axes, everything, keepdims = case(rng, name)
    if name == "prod" and model.kind(array.dtype) in "fc":
        array[...] = 1
    result = reduced_dtype(name, array.dtype)
    target = result if rng.random() < 0.9 else pick(rng, ALL)
    out, memory = output(rng, target, expected_shape(array.shape, axes, keepdims))
    options = Options()
    mask = initial = None
    if rng.random() < 0.6:
        mask = random_array(rng, np.dtype(np.bool_), stretched(rng, array.shape))[0]
        mask_view = lib.view(mask)
        options.where = ctypes.addressof(mask_view)
    if rng.random() < 0.4:
        initial = values(rng, array.dtype, 1, "tame")
        small(initial)
        options.initial = address(initial)
        options.initial_dtype = lib.code_of[initial.dtype]
    if rng.random() < 0.3:
        options.ddof = float(rng.choice([0.5, 1, 2]))
    args = [lib.view(array), *axis_arguments(rng, axes, everything, array.ndim), int(keepdims)]
    args = [lib.header[name.upper()], *args, options, lib.view(out)]
    about = (
        f"{name} {picture(array)} axes {axes} keepdims {keepdims} mask {mask is not None and picture(mask)} "
        f"initial {initial} ddof {options.ddof} to {picture(out)}"
    )
    outcome = Outcome(lib, report, "reduce_with", about)
    rows, _ = model.group(array, axes)
    if mask is not None:
        kept, _ = model.group(np.broadcast_to(mask, array.shape), axes)
        rows = [row[k] for row, k in zip(rows, kept)]
    refusals = [
        (mask is not None and name in ("argmin", "argmax"), "no mask"),
        (mask is not None and name in ("min", "max") and initial is None, "a mask needs an initial value"),
        (initial is not None and name not in PLAIN + ["any", "all"], "no initial value"),
        (options.ddof != 0 and name not in ("var", "std"), "no degrees of freedom"),
        (not castable(result, target, "same_kind"), "casting"),
    ]
    for wrong, why in refusals:
        if wrong:
            return outcome.fails("reduce_with", args, out, memory, why)
    if needs_elements(name) and initial is None and array.size == 0 and out.size:
        return outcome.fails("reduce_with", args, out, memory, "nothing to reduce")
    value = None if initial is None else initial[0]
    outcome.hint = lambda i: f" from {rows[i][:8]!r}..."
    outcome.writes("reduce_with", args, out, memory, judge_rows(name, rows, result, target, options.ddof, value))


def inner_products(lib, report, rng):
    """dot and vdot over any axes of the common shape."""
    name = pick(rng, ["dot", "vdot"])
    shape = shape_of(rng)
    if rng.random() < 0.06:
        shape = tuple(int(n) for n in rng.choice([1, 3, 9, 150, 400], 2))
    first = pick(rng, ALL)
    second = first if rng.random() < 0.6 else pick(rng, ALL)
    a, b = (random_array(rng, dtype, stretched(rng, shape), kind="tame")[0] for dtype in (first, second))
    small(a), small(b)
    together = np.broadcast_shapes(a.shape, b.shape)
    axes = sorted(int(k) for k in rng.permutation(len(together))[: int(rng.integers(0, len(together) + 1))])
    everything = len(axes) == len(together) and rng.random() < 0.5
    keepdims = bool(rng.integers(2))
    common = promoted(first, second)
    target = common if rng.random() < 0.85 else pick(rng, ALL)
    out, memory = output(rng, target, expected_shape(together, axes, keepdims))
    args = [lib.view(a), lib.view(b), *axis_arguments(rng, axes, everything, len(together)), int(keepdims), lib.view(out)]
    about = f"{name} {picture(a)} {picture(b)} axes {axes} keepdims {keepdims} to {picture(out)}"
    outcome = Outcome(lib, report, name, about)
    if not castable(common, target, "same_kind"):
        return outcome.fails(name, args, out, memory, "casting")
    xs, _ = model.group(np.broadcast_to(a, together), axes)
    ys, _ = model.group(np.broadcast_to(b, together), axes)
    outcome.hint = lambda i: f" from {xs[i][:6]!r} and {ys[i][:6]!r}..."

    def judge(ours):
        return np.array([product_good(name, x, y, v, common, target) for x, y, v in zip(xs, ys, ours)], bool)

    outcome.writes(name, args, out, memory, judge)


def product_good(name, x, y, ours, common, target):
    x, y = (model.cast(v, common) if v.size else np.empty(0, common) for v in (x, y))
    with np.errstate(all="ignore"):
        if common.kind in "biu":
            if target.kind not in "biu":
                return True  # made in the wider dtype
            wide = np.dtype(np.uint64 if common.kind == "u" else np.int64)
            total = np.sum(x.astype(wide) * y.astype(wide), dtype=wide)
            return bool(model.same_bits(np.array([ours]), model.cast(np.array([total], wide), target))[0])
        if target != common:
            return True
        p = model.part(common)
        x, y = x.astype(np.clongdouble), y.astype(np.clongdouble)
        products = (np.conj(x) if name == "vdot" else x) * y
        if not np.isfinite(products).all():
            return True
        exact = products.sum()
        inner = model.EPS[F32] if common.itemsize == 2 else model.EPS[p]
        size = float(np.sum(np.abs(x) * np.abs(y)))
        bound = inner * (math.log2(max(2, x.size)) + 12) * size + model.EPS[p] * float(np.abs(exact)) * 1.01
        bound += (x.size + 4) * 2 * model.TINY[F32 if common.itemsize == 2 else p] + 2 * model.TINY[p]
        if float(np.abs(exact)) + bound > (3e38 if common == BF16 else float(np.finfo(p).max)):
            return True
        return bool(abs(np.clongdouble(complex(ours)) - exact) <= bound * (2 if common.kind == "c" else 1))


def result_types(lib, report, rng):
    """The result dtype of all reductions."""
    for name in PLAIN + NAMED:
        for dtype in ALL:
            out = ctypes.c_int32(-1)
            code = lib.code_of[dtype]
            status = lib.call("reduce_result_type", lib.header[name.upper()], code, out, out=out)
            expected = reduced_dtype(name, dtype)
            good = status == 0 and out.value == lib.code_of[expected]
            report.check("reduce_result_type", good, lambda: f"{name} {dtype}: {out.value}, expected {expected}")


PROGRAMS = [statistics, statistics, with_options, inner_products]
ONCE = [result_types]
