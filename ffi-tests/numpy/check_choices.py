"""where, clip, fma, masked operations and compress, against NumPy: any dtypes, layouts, broadcasts, and overlaps with the output."""

import ctypes
import math
from fractions import Fraction

import numpy as np

import model
from arrays import ALL, BF16, Memory, layout, random_array, picture, shape_of
from check_engine import Outcome, big, flat, output, pick, stretched
from check_operations import binary_names, judge_of, result_dtype, unary_names
from check_queries import castable, overlaps_itself, promoted

OPERATIONS = ["where", "clip", "fma", "unary_where", "binary_where", "compress"]


def operands(rng, shape, count, out, memory):
    """Inputs of any dtype; some lie in the block of the output."""
    found = []
    for _ in range(count):
        dtype = found[0].dtype if found and rng.random() < 0.5 else pick(rng, ALL)
        if rng.random() < 0.15 and dtype == out.dtype:
            strides, first, nbytes = layout(rng, shape, dtype.itemsize)
            room = memory.bytes.size - 2 * Memory.GUARD - nbytes
            if room >= 0:
                found.append(memory.array(dtype, shape, strides, first + int(rng.integers(0, room + 1))))
                continue
        if rng.random() < 0.15 and dtype == out.dtype:
            found.append(out)
            continue
        found.append(random_array(rng, dtype, stretched(rng, shape), overlap=rng.random() < 0.1)[0])
    return found


def setting(rng, most=5):
    """An output that does not overlap itself."""
    shape = big(rng, shape_of(rng, most))
    while True:
        out, memory = random_array(rng, pick(rng, ALL), shape, memory_room=32)
        if not overlaps_itself(out):
            break
    if out.dtype.kind == "b":
        memory.bytes[...] &= 1
    return shape, out, memory


def call(lib, report, function, args, inputs, out, memory, result, judged, why="dtypes"):
    """Runs and judges; `result` None expects a refusal."""
    about = f"{function} {' '.join(picture(x) for x in inputs if x is not None)} to {picture(out)}"
    outcome = Outcome(lib, report, function, about)
    if result is None or not castable(result, out.dtype, "same_kind"):
        return outcome.fails(function, args, out, memory, why)
    judge, outcome.hint = judged()
    outcome.writes(function, args, out, memory, judge)


def exactly(expected, x):
    return lambda ours: model.same_bits(ours, expected), lambda i: f", expected {expected[i]!r} from {[v[i] for v in x]!r}"


def where(lib, report, rng):
    shape, out, memory = setting(rng)
    mask, a, b = operands(rng, shape, 3, out, memory)
    if rng.random() < 0.7:
        mask = random_array(rng, np.dtype(np.bool_), stretched(rng, shape))[0]
    result = promoted(a.dtype, b.dtype)
    m, x, y = (flat(v, shape) for v in (mask, a, b))
    chosen = model.cast(m, np.dtype(np.bool_)) if m.size else np.empty(0, bool)
    args = [lib.view(v) for v in (mask, a, b, out)]

    def judged():
        if not chosen.size:
            return exactly(np.empty(0, out.dtype), (m, x, y))
        return exactly(model.cast(np.where(chosen, model.cast(x, result), model.cast(y, result)), out.dtype), (m, x, y))

    call(lib, report, "where", args, (mask, a, b), out, memory, result, judged)


def clip(lib, report, rng):
    shape, out, memory = setting(rng)
    v, low, high = operands(rng, shape, 3, out, memory)
    if rng.random() < 0.25:
        low = None
    if rng.random() < 0.25:
        high = None
    result = v.dtype
    for bound in (low, high):
        if bound is not None:
            result = promoted(result, bound.dtype)
    if result.kind == "b" and low is not None and high is not None:
        result = np.dtype(np.int8)
    args = [lib.view(x) if x is not None else None for x in (v, low, high, out)]
    flats = [flat(x, shape) if x is not None else None for x in (v, low, high)]

    def judged():
        if not flats[0].size:
            return exactly(np.empty(0, out.dtype), flats[:1])
        x, lowest, highest = (model.cast(f, result) if f is not None else None for f in flats)
        as_wide = lambda f: f.astype(np.float32) if f is not None and f.dtype == BF16 else f  # noqa: E731
        with np.errstate(all="ignore"):
            clipped = as_wide(x)
            if lowest is not None:
                clipped = np.maximum(clipped, as_wide(lowest))
            if highest is not None:
                clipped = np.minimum(clipped, as_wide(highest))
        expected = model.cast(model.cast(clipped, result), out.dtype)

        def judge(ours):
            with np.errstate(invalid="ignore"):
                either_zero = (ours == expected) | (np.isnan(ours) & np.isnan(expected))
            return model.same_bits(ours, expected) | either_zero

        return judge, lambda i: f", expected {expected[i]!r} from {[f[i] for f in flats if f is not None]!r}"

    call(lib, report, "clip", args, (v, low, high), out, memory, result, judged)


def exact_fma(a, b, c, dtype):
    """a * b + c with one rounding: in a wider type, rounded to odd by its remainder where that type rounds too."""
    if dtype == np.float64 or dtype == np.float32:
        return np.array([one_fma(float(x), float(y), float(z), dtype) for x, y, z in zip(a, b, c)], dtype)
    product = a.astype(np.float64) * b.astype(np.float64)  # exact for 16-bit floats
    total = product + c.astype(np.float64)
    carry = total - product
    lost = (product - (total - carry)) + (c.astype(np.float64) - carry)
    bits = total.view(np.int64).copy()
    inexact = np.isfinite(total) & (lost != 0) & ((bits & 1) == 0)
    away = (lost > 0) == (total > 0)
    bits[inexact & away] += 1
    bits[inexact & ~away] -= 1
    return model.cast(bits.view(np.float64), dtype)


def one_fma(x, y, z, dtype):
    """By integers of any length."""
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        with np.errstate(all="ignore"):
            product = np.float64(x) * np.float64(y)
            # a product of finite numbers is finite here, however large
            finite = math.isfinite(x) and math.isfinite(y)
            return np.float64(z) if finite else product + np.float64(z)
    exact = Fraction(x) * Fraction(y) + Fraction(z)
    if exact == 0:
        # exact cancellation gives +0; a zero product keeps its sign beside a zero of the same sign
        negative = x * y == 0 and z == 0 and math.copysign(1, x) * math.copysign(1, y) < 0 and math.copysign(1, z) < 0
        return -0.0 if negative and (x == 0 or y == 0) else 0.0
    return rounded(exact, dtype)


def rounded(exact, dtype):
    """A fraction to the nearest number of the dtype, ties to even."""
    digits, least = (53, -1074) if dtype == np.float64 else (24, -149)
    size = abs(exact)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if size < 2 ** exponent if exponent >= 0 else size * 2**-exponent < 1:
        exponent -= 1
    unit = max(exponent - digits + 1, least)
    scaled = size / (2**unit) if unit >= 0 else size * 2**-unit
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    if twice > scaled.denominator or twice == scaled.denominator and whole & 1:
        whole += 1
    try:
        value = math.ldexp(whole, unit)
    except OverflowError:
        value = math.inf
    if dtype == np.float32 and value > float(np.finfo(np.float32).max):
        value = math.inf
    return value if exact > 0 else -value


def fma(lib, report, rng):
    shape, out, memory = setting(rng, 3)
    a, b, c = operands(rng, shape, 3, out, memory)
    result = promoted(promoted(a.dtype, b.dtype), c.dtype)
    if result.kind in "bc":
        result = None
    args = [lib.view(v) for v in (a, b, c, out)]
    flats = [flat(v, shape) for v in (a, b, c)]
    if result is not None and flats[0].size > 2000 and model.kind(result) == "f":
        return

    def judged():
        if not flats[0].size:
            return exactly(np.empty(0, out.dtype), flats)
        x, y, z = (model.cast(f, result) for f in flats)
        with np.errstate(all="ignore"):
            exact = x * y + z if result.kind in "iu" else exact_fma(x, y, z, result)
        return exactly(model.cast(np.asarray(exact, dtype=result), out.dtype), flats)

    call(lib, report, "fma", args, (a, b, c), out, memory, result, judged)


def masked(lib, report, rng):
    """unary_where and binary_where: elements under False stay as they are."""
    family, table, count = ("unary", unary_names(lib), 1) if rng.random() < 0.5 else ("binary", binary_names(lib), 2)
    name = pick(rng, sorted(table))
    shape, out, memory = setting(rng)
    inputs = operands(rng, shape, count, out, memory)
    result = result_dtype(name, [x.dtype for x in inputs])
    if result is not None and not castable(result, out.dtype, "same_kind") and rng.random() < 0.9:
        out, memory = output(rng, result, shape)
        inputs = [random_array(rng, x.dtype, stretched(rng, shape))[0] for x in inputs]
    mask = random_array(rng, np.dtype(np.bool_), stretched(rng, shape))[0]
    if mask.size and rng.random() < 0.2:
        mask[...] = rng.random() < 0.5
    args = [table[name]] + [lib.view(v) for v in (*inputs, mask, out)]
    m, before = flat(mask, shape), flat(out, shape)
    flats = [flat(x, shape) for x in inputs]

    def judged():
        judge, hint = judge_of(name, flats, result, out.dtype)
        return lambda ours: np.where(m, judge(ours), model.same_bits(ours, before)), hint

    function = f"{family}_where"
    if rng.random() < 0.03 and mask.size:
        wrong = random_array(rng, np.dtype(np.int8), mask.shape)[0]
        args[-2] = lib.view(wrong)
        result = None
    call(lib, report, function, args, (*inputs, mask), out, memory, result, judged, f"{name}: dtypes or mask")


def item_bytes(array):
    """The bytes of each element."""
    return np.frombuffer(array.tobytes(), np.uint8).reshape(array.size, array.dtype.itemsize)


def packed_into(rng, v, memory, length):
    """An output of this length: mostly in memory of its own, else somewhere in that of `v`, or at its beginning."""
    chance = rng.random()
    room = memory.bytes.size - 2 * Memory.GUARD
    if chance < 0.15 and length * v.itemsize <= room:
        first = int(rng.integers(0, room - length * v.itemsize + 1))
        return memory.array(v.dtype, (length,), (v.itemsize,), first), memory
    if chance < 0.4 and 0 < length <= v.size and (v.flags.c_contiguous or v.flags.f_contiguous) and v.flags.writeable:
        return np.ndarray((length,), v.dtype, v.T if v.flags.f_contiguous else v), memory
    return output(rng, v.dtype, (length,))


def compress(lib, report, rng):
    """v[mask] in C and F order; outputs that are longer keep the rest, and may lie in the memory of `v`."""
    shape = big(rng, shape_of(rng, 5))
    dtype = np.dtype((np.void, int(rng.choice([1, 3, 12, 24])))) if rng.random() < 0.1 else pick(rng, ALL)
    v, memory = random_array(rng, dtype, shape, overlap=rng.random() < 0.1, memory_room=32)
    mask = random_array(rng, np.dtype(np.bool_), stretched(rng, shape))[0]
    if mask.size and rng.random() < 0.3:
        mask[...] = rng.random() < 0.5
    order = str(rng.choice(list("CFA")))
    f_order = order == "F" or order == "A" and v.flags.f_contiguous and not v.flags.c_contiguous
    taken = "F" if f_order else "C"
    expected = v.flatten(taken)[np.broadcast_to(mask, shape).flatten(taken)]
    count, code = ctypes.c_int64(-1), lib.orders[order]
    about = f"compress {picture(v)} {picture(mask)} {order}"
    if rng.random() < 0.2:
        status = lib.call("compress", lib.view(v), lib.view(mask), code, None, count, out=count)
        good = status == 0 and count.value == expected.size
        report.check("compress", good, lambda: f"counted {count.value}, not {expected.size}: {about}")
        return
    short = expected.size > 0 and rng.random() < 0.1
    length = expected.size - 1 if short else expected.size + int(rng.choice([0, 0, 1, 70]))
    out, memory = packed_into(rng, v, memory, length)
    before = item_bytes(out)
    view = lib.view(out)
    args = [lib.view(v), lib.view(mask), code, view, count]
    outcome = Outcome(lib, report, "compress", f"{about} to {picture(out)}")
    if short or not out.flags.writeable:
        return outcome.fails("compress", args, out, memory, "too short or read-only", view)
    wanted = np.concatenate([item_bytes(expected), before[expected.size :]])
    outcome.writes("compress", args, out, memory, lambda ours: (item_bytes(ours) == wanted).all(axis=1), view)
    report.check("compress", count.value in (-1, expected.size), lambda: f"said {count.value} elements: {about}")


PROGRAMS = [where, clip, fma, masked, masked, compress]
