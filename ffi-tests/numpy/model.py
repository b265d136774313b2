"""What the engine must compute: casts, arithmetic and reductions, from NumPy with the deliberate differences put in.

Differences from NumPy: float to integer saturates and NaN becomes 0; bf16 behaves as a float computed in f32. Where
results depend on the order of operations (float sums and products, complex products and quotients) the model gives an
exact or high-precision value and a bound instead of bits."""

import math

import numpy as np

from library import BF16, DTYPES

F32, F64, C128 = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.complex128)
EPS = {np.dtype(np.float16): 2.0**-11, F32: 2.0**-24, F64: 2.0**-53}
TINY = {np.dtype(np.float16): 2.0**-25, F32: 2.0**-150, F64: 5e-324}
if BF16 is not None:
    EPS[BF16], TINY[BF16] = 2.0**-8, 2.0**-134


def kind(dtype):
    return "f" if dtype == BF16 else dtype.kind


def part(dtype):
    """The dtype of the parts of a complex dtype, the dtype itself otherwise."""
    return np.dtype(f"f{dtype.itemsize // 2}") if dtype.kind == "c" else dtype


def odd_f32(x):
    """f64 to f32 rounded to odd, so that a second rounding to fewer bits is the right one."""
    near = x.astype(np.float32)
    bits = near.view(np.int32).copy()
    with np.errstate(invalid="ignore"):
        inexact = near.astype(np.float64) != x
        above = np.abs(near.astype(np.float64)) > np.abs(x)
    inexact &= ~np.isnan(x)
    even = (bits & 1) == 0
    bits[inexact & even & above] -= 1
    bits[inexact & even & ~above] += 1
    return bits.view(np.float32)


def odd_f64(x):
    """64-bit integers to f64, rounded to odd beyond 2^53."""
    large = np.abs(x.astype(np.float64)) >= 2.0**53
    sticky = np.where((x & x.dtype.type(0x7FF)) != 0, x.dtype.type(0x800), x.dtype.type(0))
    rounded = (x & ~x.dtype.type(0x7FF)) | sticky
    return np.where(large, rounded, x).astype(np.float64)


def to_bf16(x):
    if kind(x.dtype) == "b" or x.dtype == F32:
        return x.astype(np.float32).astype(BF16)
    if x.dtype.kind in "iu" and x.dtype.itemsize == 8:
        x = odd_f64(x)
    return odd_f32(x.astype(np.float64)).astype(BF16)


def saturated(x, dtype):
    """float to integer: truncated, kept inside the range, NaN to 0."""
    info = np.iinfo(dtype)
    wide = np.trunc(x.astype(np.float64))
    inside = (wide >= float(info.min)) & (wide < float(info.max) + (1.0 if dtype.itemsize < 8 else 0.0))
    result = np.where(inside, wide, 0.0).astype(dtype)
    result[wide >= (float(info.max) if dtype.itemsize == 8 else float(info.max) + 1)] = info.max
    result[wide < float(info.min)] = info.min
    result[np.isnan(wide)] = 0
    return result


def cast(x, dtype):
    """`x` as an array of `dtype`, under any casting rule."""
    x = np.atleast_1d(x)
    if x.dtype == dtype:
        return x
    with np.errstate(all="ignore"):
        if x.dtype.kind == "c" and dtype.kind == "b":
            return (x.real != 0) | (x.imag != 0)
        if x.dtype.kind == "c" and dtype.kind != "c":
            return cast(np.ascontiguousarray(x.real), dtype)
        if dtype.kind == "c":
            if x.dtype.kind == "c":
                return x.astype(dtype)
            result = np.zeros(x.shape, dtype)
            result.real = cast(x, part(dtype))
            return result
        if x.dtype == BF16:
            x = x.astype(np.float32)
        if dtype == BF16:
            return to_bf16(x)
        if dtype.kind == "b":
            return x != 0
        if kind(x.dtype) == "f" and dtype.kind in "iu":
            return saturated(x, dtype)
        return x.astype(dtype)


def same_bits(ours, theirs):
    """Element by element the same bits; one NaN is as good as another, also in the parts of complex numbers."""
    ours, theirs = np.ascontiguousarray(ours).reshape(-1), np.ascontiguousarray(theirs).reshape(-1)
    dtype = ours.dtype
    if ours.size == 0:
        return np.ones(0, bool)
    if kind(dtype) in "fc":
        p = part(dtype)
        o, t = ours.view(p), theirs.view(p)
        raw = np.dtype(f"u{p.itemsize}")
        equal = (o.view(raw) == t.view(raw)) | (np.isnan(o) & np.isnan(t))
        return equal.reshape(ours.size, -1).all(axis=1)
    return (ours.view(np.uint8) == theirs.view(np.uint8)).reshape(ours.size, -1).all(axis=1)


NAMES = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.true_divide}


def result_dtype(name, common):
    """The dtype that an operation gives on operands of the common dtype; None where it is not defined."""
    if name == "subtract" and common.kind == "b":
        return None
    if name == "divide" and common.kind in "biu":
        return F64
    return common


def binary(name, a, b, common):
    """The operation on operands of any dtype, computed in the result dtype of `common`; real results are exact."""
    result = result_dtype(name, common)
    a, b = cast(a, result), cast(b, result)
    with np.errstate(all="ignore"):
        if result == BF16:
            return NAMES[name](a.astype(np.float32), b.astype(np.float32)).astype(BF16)
        return np.asarray(NAMES[name](a, b), dtype=result)


def complex_good(name, a, b, ours):
    """Complex products and quotients: within a few roundings of the high-precision value; where that is not finite or
    the parts are extreme, only NumPy's class of result (finite or not) would be left to compare, and nothing is."""
    p = part(ours.dtype)
    eps, tiny = EPS[p], TINY[p]
    x, y = a.astype(np.clongdouble), b.astype(np.clongdouble)
    with np.errstate(all="ignore"):
        exact = x * y if name == "multiply" else x / y
        size = np.abs(x) * np.abs(y) if name == "multiply" else np.abs(x) / np.abs(y)
        limit = float(np.finfo(p).max) ** 0.5
        parts = np.stack([np.abs(x.real), np.abs(x.imag), np.abs(y.real), np.abs(y.imag)])
        tame = ((parts < limit) & ((parts > 1 / limit) | (parts == 0))).all(axis=0) & (np.abs(y) > 0)
        tame &= np.isfinite(exact) & (np.abs(exact) > 1 / limit)
        error = np.abs(ours.astype(np.clongdouble) - exact)
        return (error <= 6 * eps * size + 4 * tiny) | ~tame


# reductions


def reduced_dtype(name, dtype):
    """Sums and products of small integers are 64 bits wide."""
    if name in ("sum", "prod"):
        if dtype.kind in "bi":
            return np.dtype(np.int64)
        if dtype.kind == "u":
            return np.dtype(np.uint64)
    return dtype


def group(x, axes):
    """The elements to reduce as rows: (outputs, elements), in C order, and the kept shape."""
    kept = [k for k in range(x.ndim) if k not in axes]
    moved = np.transpose(x, kept + sorted(axes))
    shape = tuple(x.shape[k] for k in kept)
    outputs = math.prod(shape)
    return np.ascontiguousarray(moved).reshape(outputs, math.prod(x.shape[k] for k in axes)), shape


def sum_real(row, dtype):
    """(exact sum, bound of the error) of real numbers of one dtype; the bound is that of a pairwise sum with a final
    rounding. Not finite sums have no bound."""
    wide = row.astype(np.float64)
    if not np.isfinite(wide).all():
        with np.errstate(all="ignore"):
            return float(np.sum(wide)), 0.0
    exact = math.fsum(wide)
    half = EPS[dtype]
    inner = EPS[F32] if dtype.itemsize == 2 else half
    levels = math.log2(max(2, len(row))) + 8
    total = math.fsum(np.abs(wide))
    bound = inner * levels * total * 1.01 + half * abs(exact) * 1.01 + TINY[dtype] * 2
    return exact, bound


def overflows(value, row, dtype):
    """Whether a sum that is not finite can come of sums of some of the elements, which may be the first ones to be added: of the
    positive ones infinity, of the negative ones minus infinity, and NaN of both."""
    wide = row.astype(np.float64)
    largest = float(np.finfo(np.float32 if dtype.itemsize == 2 else dtype).max) * (1 - 1e-5)
    with np.errstate(all="ignore"):
        up, down = np.sum(wide[wide > 0]) >= largest, -np.sum(wide[wide < 0]) >= largest
    return bool(up and down if math.isnan(value) else up if value > 0 else down)


def close(ours, exact, bound, dtype):
    """`ours` is a Python float of the given dtype."""
    if math.isnan(exact):
        return math.isnan(ours)
    if math.isinf(exact):
        return ours == exact
    largest = float(np.finfo(np.float32).max) if dtype == BF16 else float(np.finfo(dtype).max)
    if math.isinf(ours):
        return abs(exact) + bound >= largest * (1 - 2 * EPS[dtype]) and (ours > 0) == (exact > 0)
    return abs(ours - exact) <= bound
