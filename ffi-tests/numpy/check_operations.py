"""Every operation on one and on two arrays that the header has, by its own function and by its number, against NumPy.

Each operation meets each dtype in each layout: C and F order, steps, reversals, broadcasts, unaligned, one element, none, no
axes; and outputs that are the input, that overlap it shifted, reversed or transposed. Result dtypes and refusals are NumPy's.
Values are NumPy's bit for bit where they are determined; transcendental functions may be off by ULPS units in the last
place of their dtype, measured against a wider type.

Differences from NumPy, on purpose: integers to negative powers (NumPy: an error) are rounded towards 0; the reciprocal of
the integer 0 is 0 (NumPy: what the CPU makes of infinity). Functions of complex numbers are held against a wider type."""

import ctypes

import numpy as np

import model
from arrays import ALL, BF16, Memory, layout, picture, random_array, shape_of, values
from check_engine import Outcome, big, flat, output, pick, stretched
from check_queries import castable, overlaps_itself, promoted

OPERATIONS = ["unary", "binary", "unary_result_type", "binary_result_type", "overlapping unary"]

# Largest errors in units in the last place. Functions that are not here have one right answer.
ULPS = {
    name: 4.0
    for name in "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh cbrt power hypot "
    "arctan2".split()
}
# Functions that have no one right answer for complex numbers.
COMPLEX = set(ULPS) | {"sqrt", "sign", "square", "reciprocal"}
# Extremes: either zero may come out, as in NumPy at times.
EITHER_ZERO = {"minimum", "maximum", "fmin", "fmax"}
F16, F32, F64 = np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64)


def names(lib, first, last):
    """The operations of the header with numbers in a range, in NumPy's names."""
    found = {}
    for name, code in lib.header.values.items():
        if first <= code <= last and name[len("STRIDED_") :].lower() in lib.functions:
            found[name[len("STRIDED_") :].lower()] = code
    return found


def unary_names(lib):
    return names(lib, 101, 199)


def binary_names(lib):
    return names(lib, 1, 99)


def float_of(dtype):
    """The smallest float that holds a bool or integer dtype."""
    return dtype if model.kind(dtype) in "fc" else {1: F16, 2: F32}.get(dtype.itemsize, F64)


def meeting(name, dtypes):
    """The dtype that inputs are brought to when bf16 is among them, for which NumPy has no rules of its own."""
    if name in ("copysign", "hypot", "arctan2"):
        dtypes = [float_of(dtype) for dtype in dtypes]
    common = dtypes[0]
    for dtype in dtypes[1:]:
        common = promoted(common, dtype)
    return common


def result_dtype(name, dtypes):
    """NumPy's result dtype, or None where it refuses."""
    if BF16 in dtypes:
        common = meeting(name, dtypes)
        if common == BF16:
            inner = result_dtype(name, [F32] * len(dtypes))
            return BF16 if inner == F32 else inner
        dtypes = [common] * len(dtypes)
    try:
        with np.errstate(all="ignore"):
            return getattr(np, name)(*[np.ones(1, dtype) for dtype in dtypes]).dtype
    except TypeError:
        return None


def computed(name, inputs, result):
    """The values of the result dtype, as NumPy computes them."""
    inputs = [np.atleast_1d(x) for x in inputs]
    if any(x.dtype == BF16 for x in inputs):
        common = meeting(name, [x.dtype for x in inputs])
        inputs = [model.cast(x, common) for x in inputs]
        inputs = [x.astype(np.float32) if common == BF16 else x for x in inputs]
    with np.errstate(all="ignore"):
        if name == "reciprocal" and result.kind in "iu":
            whole = model.cast(inputs[0], result)
            return np.where(np.abs(whole.astype(np.float64)) == 1, whole, result.type(0))
        if name == "power" and result.kind in "iu":
            return integer_power(*[model.cast(x, result) for x in inputs])
        if result == np.complex64 and name in COMPLEX:  # NumPy's loses digits on the way.
            inputs = [model.cast(x, model.C128) for x in inputs]
        return model.cast(getattr(np, name)(*inputs), result)


def integer_power(a, b):
    """Wraps; to a negative power 1 and -1 are exact and all else is 0."""
    negative = b < 0
    power = np.power(a, np.where(negative, b.dtype.type(0), b))
    inverse = np.where(a == 1, 1, np.where(a == -1, np.where(b & 1 == 0, 1, -1), 0)) if a.dtype.kind == "i" else 0
    return np.where(negative, inverse, power).astype(a.dtype)


def wide(x):
    """Real numbers in a type in which a function of them is nearly exact."""
    return x.astype(np.float64) if x.dtype.itemsize < 8 or x.dtype.kind in "b" else x.astype(np.longdouble)


def within_ulps(name, inputs, result, ours, ulps):
    """Whether real values are within some units in the last place of the exact ones."""
    inputs = [np.atleast_1d(x) for x in inputs]
    common = meeting(name, [float_of(x.dtype) for x in inputs])
    inputs = [wide(model.cast(x, common if result.kind != "c" else x.dtype)) for x in inputs]
    inputs = [x.astype(np.longdouble) if result == F64 else x for x in inputs]
    with np.errstate(all="ignore"):
        exact = getattr(np, name)(*inputs)
        info = np.finfo(np.float32) if result == BF16 else np.finfo(result)
        bits = 7 if result == BF16 else info.nmant
        got = ours.astype(exact.dtype)
        exponent = np.floor(np.log2(np.maximum(np.abs(exact), exact.dtype.type(info.tiny))))
        ulp = np.exp2(exponent - bits)
        error = np.abs(got - exact) / ulp
        largest = float(np.finfo(np.float32).max) if result == BF16 else float(info.max)
        good = error <= ulps
        good |= np.isnan(got) & np.isnan(exact)
        good |= got == exact
        good |= np.isinf(got) & (np.abs(exact) >= largest * (1 - 2.0**-bits)) & ((got > 0) == (exact > 0))
        good &= ~((got == 0) & (exact == 0) & (np.signbit(got) != np.signbit(exact)))
    return good


def complex_error(name, inputs, ours):
    """Complex results: the error against the magnitude, for numbers of modest size. Of powers it grows with the logarithm
    of the result."""
    wides = [np.atleast_1d(x).astype(np.clongdouble) for x in inputs]
    p = model.part(ours.dtype)
    with np.errstate(all="ignore"):
        exact = getattr(np, name)(*wides)
        limit = float(np.finfo(p).max) ** 0.25
        tame = np.isfinite(exact) & (np.abs(exact) < limit)
        for x in wides:
            tame &= (np.abs(x) < limit) & (np.abs(x) > 1 / limit)
        size = np.maximum(np.abs(exact), 1.0 if name not in ("reciprocal", "square", "sqrt", "exp", "exp2") else 0.0)
        if name == "power":
            size = size * (1 + np.abs(wides[1] * np.log(wides[0])))
        if name == "exp2":  # NumPy rounds the angle.
            size = size * (1 + np.abs(wides[0].imag) * 2.0**-10)
        error = np.abs(ours.astype(np.clongdouble) - exact)
        return (error <= 16 * model.EPS[p] * size + 4 * model.TINY[p]) | ~tame


def judge_of(name, inputs, result, target):
    """(judge, hint) of a result in an output of dtype `target`."""
    n = inputs[0].size
    expected = model.cast(computed(name, inputs, result), target) if n else np.empty(0, target)

    def judge(ours):
        good = model.same_bits(ours, expected)
        if good.all():
            return good
        if name == "exp2" and result.kind == "c":  # NumPy rounds the angle.
            good |= np.abs(inputs[0].imag) > 1e5
        if name == "hypot":  # Of infinity and a signalling NaN NumPy makes NaN, we infinity as of any NaN.
            infinite = np.isinf(model.cast(inputs[0], result)) | np.isinf(model.cast(inputs[1], result))
            good |= infinite & np.isnan(expected) & (ours.astype(np.complex128).real == np.inf)
        if name in EITHER_ZERO:
            with np.errstate(invalid="ignore"):
                good |= (ours == expected) | (np.isnan(ours) & np.isnan(expected))
        elif target == result and result.kind == "c" and name in ("multiply", "divide"):
            good |= model.complex_good(name, *[model.cast(x, result) for x in inputs], ours)
        elif target == result and result.kind == "c" and name in COMPLEX:
            good |= complex_error(name, inputs, ours)
        elif name == "absolute" and inputs[0].dtype.kind == "c":
            good |= magnitude_good(inputs[0], ours, result)
        elif target == result and name in ULPS and model.kind(result) == "f":
            good |= within_ulps(name, inputs, result, ours, ULPS[name])
        elif name in ULPS and model.kind(result) == "f" or result.kind == "c":
            good |= rounded_twice(expected, ours, result)
        return good

    return judge, lambda i: f", expected {expected[i]!r} from {[x[i] for x in inputs]!r}"


def magnitude_good(x, ours, result):
    with np.errstate(all="ignore"):
        exact = np.hypot(x.real.astype(np.longdouble), x.imag.astype(np.longdouble))
        error = np.abs(ours.astype(np.longdouble) - exact)
        close = error <= ULPS["hypot"] * 2 * model.EPS[result] * exact + 2 * model.TINY[result]
        return close | (np.isinf(ours) & (exact >= float(np.finfo(result).max) * (1 - 1e-7)))


def rounded_twice(expected, ours, result):
    """A value of dtype `result` within ULPS, cast: near the expected one, or both far out."""
    with np.errstate(all="ignore"):
        e, o = expected.astype(np.clongdouble), ours.astype(np.clongdouble)
        dtypes = [model.part(d) for d in (result, expected.dtype) if model.kind(d) in "fc"]
        eps = max((model.EPS[d] for d in dtypes), default=0.0)
        floor = 2.0**-49 if result.kind == "c" else 0.0  # NumPy's log1p is log(1 + z).
        return (np.abs(e - o) <= 16 * (eps + 2.0**-24) * np.abs(e) + floor) | ~np.isfinite(e)


def run(lib, report, name, code, inputs, out, memory, family, by_number):
    """One call; `inputs` as NumPy arrays that may lie in `memory`."""
    dtypes = [x.dtype for x in inputs]
    result = result_dtype(name, dtypes)
    shape = out.shape
    about = f"{name} {' '.join(picture(x) for x in inputs)} to {picture(out)}"
    function = family if by_number else name
    args = [lib.view(x) for x in inputs] + [lib.view(out)]
    if by_number:
        args.insert(0, code)
    outcome = Outcome(lib, report, family if by_number else name, about)
    if result is None:
        return outcome.fails(function, args, out, memory, "NumPy has no such operation on these dtypes")
    if not castable(result, out.dtype, "same_kind"):
        return outcome.fails(function, args, out, memory, "casting")
    flats = [flat(x, shape) for x in inputs]
    judge, outcome.hint = judge_of(name, flats, result, out.dtype)
    outcome.writes(function, args, out, memory, judge)


def result_types(lib, report, rng):
    """All operations on all dtypes: result dtype or refusal."""
    for family, table, count in (("unary", unary_names(lib), 1), ("binary", binary_names(lib), 2)):
        for name, code in table.items():
            for first in ALL:
                for second in ALL if count == 2 else [None]:
                    dtypes = [first, second][:count]
                    expected = result_dtype(name, dtypes)
                    out = ctypes.c_int32(-1)
                    codes = [lib.code_of[dtype] for dtype in dtypes]
                    status = lib.call(f"{family}_result_type", code, *codes, out, out=out)
                    if expected is None:
                        good = status == lib.header["E_DTYPE"] and out.value == -1
                    else:
                        good = status == 0 and out.value == lib.code_of[expected]
                    report.check(
                        f"{family}_result_type", good, lambda: f"{name} {dtypes}: {out.value} {status}, NumPy {expected}"
                    )


def rows_and_columns(rng, dtype, shape, kind):
    """An array of one layout: the axes of a parent with room around each element."""
    if kind == "empty":
        shape = (0,) + shape[1:] if rng.random() < 0.5 else shape[:-1] + (0,)
    if kind == "no axes":
        shape = ()
    if kind == "one":
        shape = (1,) * len(shape)
    item = dtype.itemsize
    stored = list(shape)
    steps = [1] * len(shape)
    if kind == "steps":
        steps = [int(rng.integers(1, 4)) for _ in shape]
        stored = [n * s for n, s in zip(shape, steps)]
    order = "F" if kind == "F" else "C"
    nbytes = int(np.prod([max(1, n) for n in stored])) * item
    memory = Memory(rng, nbytes + 80)
    shift = int(rng.integers(1, 16)) if kind == "unaligned" else 0
    lead = -(memory.bytes.__array_interface__["data"][0] + Memory.GUARD) % 16
    parent = np.ndarray(tuple(stored), dtype, memory.bytes, Memory.GUARD + lead + shift, None, order)
    array = parent[tuple(slice(0, n * s, s) if n else slice(0, 0) for n, s in zip(shape, steps)) + (Ellipsis,)]
    if kind == "reversed":
        array = array[tuple(slice(None, None, -1) for _ in shape) + (Ellipsis,)]
    array[...] = values(rng, dtype, array.size, "any").reshape(array.shape)
    if kind == "broadcast" and array.ndim:
        array = np.broadcast_to(array[:1], shape) if rng.random() < 0.5 else np.broadcast_to(array[..., :1], shape)
    return array, memory


INPUT_LAYOUTS = ["C", "F", "steps", "reversed", "broadcast", "unaligned", "empty", "no axes", "one"]
OUTPUT_LAYOUTS = ["C", "F", "steps", "reversed", "unaligned"]


def every_operation(lib, report, rng):
    """Every operation x dtype x layout."""
    for family, table, count in (("unary", unary_names(lib), 1), ("binary", binary_names(lib), 2)):
        for name, code in table.items():
            for dtype in ALL:
                for kind in INPUT_LAYOUTS:
                    shape = (int(rng.integers(1, 5)), int(rng.integers(1, 6)), int(rng.choice([3, 7, 20, 67])))
                    a, _ = rows_and_columns(rng, dtype, shape, kind)
                    inputs = [a]
                    if count == 2:
                        other = dtype if rng.random() < 0.8 else pick(rng, ALL)
                        same = kind in ("empty", "no axes", "one")
                        b, _ = rows_and_columns(rng, other, a.shape, "C" if same else pick(rng, INPUT_LAYOUTS[:6]))
                        inputs.append(b)
                        if rng.random() < 0.5:
                            inputs.reverse()
                    result = result_dtype(name, [x.dtype for x in inputs])
                    out, memory = rows_and_columns(rng, result or dtype, a.shape, pick(rng, OUTPUT_LAYOUTS))
                    run(lib, report, name, code, inputs, out, memory, family, False)


def every_overlap(lib, report, rng):
    """Every operation with an output that is its input, or overlaps it."""
    for family, table, count in (("unary", unary_names(lib), 1), ("binary", binary_names(lib), 2)):
        for name, code in table.items():
            for dtype in ALL:
                result = result_dtype(name, [dtype] * count)
                if result is None:
                    continue
                for kind in ("same", "reversed", "shifted", "transposed", "other dtype"):
                    overlapping(lib, report, rng, name, code, family, count, dtype, result, kind)


def overlapping(lib, report, rng, name, code, family, count, dtype, result, kind):
    n = int(rng.choice([2, 5, 17]))
    item = max(dtype.itemsize, result.itemsize)
    memory = Memory(rng, (n + 1) * n * item)
    if "b" in (dtype.kind, result.kind):
        memory.bytes[...] &= 1
    lead = -(memory.bytes.__array_interface__["data"][0] + Memory.GUARD) % 16
    out = memory.array(result, (n, n), (n * result.itemsize, result.itemsize), lead)
    if kind == "other dtype" or dtype != result:
        a = memory.array(dtype, (n, n), (n * dtype.itemsize, dtype.itemsize), lead)
    elif kind == "shifted":
        a = memory.array(dtype, (n, n), (n * item, item), lead + n * item)
    else:
        a = {"same": out, "reversed": out[::-1, ::-1], "transposed": out.T}[kind]
    a[...] = values(rng, dtype, a.size, "any").reshape(a.shape)
    inputs = [a]
    if count == 2:
        b = out if rng.random() < 0.3 and dtype == result else rows_and_columns(rng, dtype, (n, n), "C")[0]
        inputs.insert(int(rng.integers(2)), b)
    run(lib, report, name, code, inputs, out, memory, family, bool(rng.integers(2)))


def random_operation(lib, report, rng):
    """Any operation on any dtypes in any layouts, by its number."""
    family, table, count = ("unary", unary_names(lib), 1) if rng.random() < 0.4 else ("binary", binary_names(lib), 2)
    name = pick(rng, sorted(table))
    shape = big(rng, shape_of(rng))
    inputs = []
    for _ in range(count):
        dtype = inputs[0].dtype if inputs and rng.random() < 0.5 else pick(rng, ALL)
        inputs.append(random_array(rng, dtype, stretched(rng, shape), overlap=rng.random() < 0.1)[0])
    result = result_dtype(name, [x.dtype for x in inputs])
    target = result if result is not None and rng.random() < 0.7 else pick(rng, ALL)
    out, memory = output(rng, target, shape)
    run(lib, report, name, table[name], inputs, out, memory, family, True)


def random_overlap(lib, report, rng):
    """One array in one block with its output."""
    table = unary_names(lib)
    name = pick(rng, sorted(table))
    dtype = pick(rng, ALL)
    result = result_dtype(name, [dtype])
    if result is None:
        return
    shape = shape_of(rng, 3, 6)
    out, memory = random_array(rng, result, shape, memory_room=64)
    if overlaps_itself(out):
        return
    strides, first, nbytes = layout(rng, shape, dtype.itemsize)
    room = memory.bytes.size - 2 * Memory.GUARD - nbytes
    if room < 0:
        return
    if dtype.kind == "b" or result.kind == "b":
        memory.bytes[...] &= 1
    v = memory.array(dtype, shape, strides, first + int(rng.integers(0, room + 1)))
    code = table[name]
    judge, hint = judge_of(name, [flat(v, shape)], result, result)
    outcome = Outcome(lib, report, "overlapping unary", f"{name} {picture(v)} in {picture(out)}")
    outcome.hint = hint
    outcome.writes("unary", [code, lib.view(v), lib.view(out)], out, memory, judge)


PROGRAMS = [random_operation, random_operation, random_operation, random_overlap]
ONCE = [result_types, every_operation, every_overlap]
