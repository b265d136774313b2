"""Copies, casts, fills and arithmetic on views, against NumPy and the model; with broadcasting, mixed dtypes, outputs of
other dtypes, unaligned data, and outputs that overlap the inputs."""

import ctypes

import numpy as np

import model
from arrays import ALL, BF16, Memory, layout, picture, random_array, shape_of, values
from check_queries import castable, overlaps_itself, promoted
from library import INNER, address

OPERATIONS = [
    "copy", "copy_cast", "fill", "binary", "add", "subtract", "multiply", "divide", "foreach", "overlapping copy",
    "overlapping binary",
]  # fmt: skip


class Outcome:
    """Runs an operation that writes to `out` and compares the memory of `out` byte by byte."""

    def __init__(self, lib, report, operation, about):
        self.lib, self.report, self.operation, self.about = lib, report, operation, about

    def fails(self, name, args, out, memory, why, data=None):
        before = memory.snapshot()
        status = self.lib.call(name, *args, data=data if data is not None else args[-1])
        good = status != 0 and bool((before == memory.bytes).all()) and self.lib.message() != ""
        self.report.check(
            self.operation,
            good,
            lambda: f"expected an error ({why}), got {self.lib.status_name(status)}; "
            f"{'memory changed; ' if (before != memory.bytes).any() else ''}{self.about}",
        )

    def writes(self, name, args, out, memory, judge, data=None):
        """`judge(ours)` gives a mask of good elements."""
        before = memory.snapshot()
        status = self.lib.call(name, *args, data=data if data is not None else args[-1])
        if status != 0:
            self.report.check(
                self.operation, False, lambda: f"{self.lib.status_name(status)}: {self.lib.message()}; {self.about}"
            )
            return
        if not memory.unchanged_outside(before, out):
            self.report.check(self.operation, False, lambda: f"wrote outside its elements; {self.about}")
            return
        ours = np.ascontiguousarray(out).reshape(-1)
        good = judge(ours)
        self.report.check(self.operation, bool(np.all(good)), lambda: self.difference(ours, good))

    def difference(self, ours, good):
        i = int(np.flatnonzero(~good)[0])
        return f"element {i} is {ours[i]!r}{self.hint(i) if self.hint else ''}; {(~good).sum()} wrong; {self.about}"

    hint = None


def output(rng, dtype, shape, memory=None):
    """An output with random layout, that does not overlap itself."""
    while True:
        out, memory = random_array(rng, dtype, shape)
        if not overlaps_itself(out):
            return out, memory


def stretched(rng, shape):
    """A shape that broadcasts to `shape`."""
    shape = [1 if rng.random() < 0.2 else n for n in shape]
    return tuple(shape[int(rng.integers(0, len(shape) + 1)) if rng.random() < 0.2 else 0 :])


def big(rng, shape):
    """Now and then a larger array, for the loops that only large ones reach."""
    if rng.random() < 0.04:
        return tuple(int(n) for n in rng.integers(30, 150, 2))
    if rng.random() < 0.02:
        return (int(rng.integers(2, 4)), int(rng.integers(2000, 9000)))
    if rng.random() < 0.02:
        return (int(rng.integers(2000, 9000)), int(rng.integers(1, 4)))
    return shape


def pick(rng, items):
    return items[int(rng.integers(len(items)))]


def copy(lib, report, rng):
    """copy under same_kind and copy_cast under every rule."""
    shape = big(rng, shape_of(rng))
    source = np.dtype((np.void, int(rng.choice([1, 3, 4, 7, 12, 16, 24])))) if rng.random() < 0.1 else pick(rng, ALL)
    target = source if rng.random() < 0.3 or source.kind == "V" and source != BF16 else pick(rng, ALL)
    src, _ = random_array(rng, source, stretched(rng, shape), overlap=rng.random() < 0.1, writeable=rng.random() < 0.5)
    dst, memory = output(rng, target, shape)
    rule = str(rng.choice(["no", "equiv", "safe", "same_kind", "unsafe", "unsafe"]))
    name = "copy_cast"
    args = [lib.view(src), lib.view(dst)]
    if rng.random() < 0.4:
        name, rule = "copy", "same_kind"
    else:
        args.append(lib.castings[rule])
    about = f"{picture(src)} to {picture(dst)} {rule}"
    outcome = Outcome(lib, report, name, about)
    wrong = int(rng.integers(60))
    if wrong == 0 and dst.ndim and src.ndim == dst.ndim and src.shape[0] > 1:
        args[1].shape[0] = 1
        return outcome.fails(name, args, dst, memory, "smaller output")
    if wrong == 1:
        args[1].flags = lib.header["READONLY"]
        return outcome.fails(name, args, dst, memory, "read-only output")
    if wrong == 2 and dst.ndim and dst.shape[0] > 1 and dst.size:
        args[1].strides[0] = 0
        return outcome.fails(name, args, dst, memory, "output overlaps itself")
    if not castable(source, target, rule):
        return outcome.fails(name, args, dst, memory, "casting")
    source_values = flat(src, shape)
    expected = model.cast(source_values, target) if source_values.size else np.empty(0, target)
    outcome.hint = lambda i: f", expected {expected[i]!r} from {source_values[i]!r}"
    outcome.writes(name, args, dst, memory, lambda ours: model.same_bits(ours, expected), data=args[1])


def fill(lib, report, rng):
    dst, memory = output(rng, None, big(rng, shape_of(rng)))
    dtype = dst.dtype if rng.random() < 0.5 else pick(rng, ALL)
    if dtype.kind in "fc" and dst.dtype.kind in "biu" or dtype == BF16 and dst.dtype.kind in "biu":
        kind = "tame"
    else:
        kind = "any"
    value = values(rng, dtype, 1, kind)
    about = f"{picture(dst)} with {value[0]!r} of {dtype}"
    outcome = Outcome(lib, report, "fill", about)
    args = [lib.view(dst), lib.code_of[dtype], address(value)]
    if not castable(dtype, dst.dtype, "same_kind"):
        before = memory.snapshot()
        status = lib.call("fill", *args, data=args[0])
        if status != 0:  # refusing is one answer, an unsafe cast (as numpy.ndarray.fill) the other
            report.check("fill", bool((before == memory.bytes).all()), lambda: f"memory changed; {about}")
            return
        memory.bytes[...] = before
    expected = np.broadcast_to(model.cast(value, dst.dtype), (dst.size,))
    outcome.hint = lambda i: f", expected {expected[i]!r}"
    outcome.writes("fill", args, dst, memory, lambda ours: model.same_bits(ours, expected), data=args[0])


def judged(name, a, b, common, target):
    """(judge, hint) for the result of an operation on flat operands in an output of dtype `target`."""
    result = model.result_dtype(name, common)
    exact = model.binary(name, a, b, common) if a.size else np.empty(0, result)
    expected = model.cast(exact, target) if a.size else np.empty(0, target)

    def judge(ours):
        good = model.same_bits(ours, expected)
        if result.kind == "c" and name in ("multiply", "divide") and a.size and not good.all():
            narrow = model.part(target) if target.itemsize < result.itemsize else model.part(result)
            wide_a, wide_b = model.cast(a, result), model.cast(b, result)
            if narrow == model.part(result):
                good |= model.complex_good(name, wide_a, wide_b, ours.astype(result))
            else:  # rounded once more to the output
                good |= model.complex_good(name, wide_a, wide_b, ours)
        return good

    return judge, lambda i: f", expected {expected[i]!r} from {a[i]!r} and {b[i]!r}"


def flat(array, shape):
    """A copy of the elements: the array itself may be written to by the operation."""
    return np.broadcast_to(array, shape).flatten()


def binary(lib, report, rng):
    """One of the four operations, by its own function or through strided_binary."""
    name = str(rng.choice(list(model.NAMES)))
    operation = "binary" if rng.random() < 0.3 else name
    shape = big(rng, shape_of(rng))
    first = pick(rng, ALL)
    second = first if rng.random() < 0.5 else pick(rng, ALL)
    a, _ = random_array(rng, first, stretched(rng, shape), overlap=rng.random() < 0.1)
    b, _ = random_array(rng, second, stretched(rng, shape), overlap=rng.random() < 0.1)
    common = promoted(first, second)
    result = model.result_dtype(name, common)
    target = result if result is not None and rng.random() < 0.6 else pick(rng, ALL)
    out, memory = output(rng, target, shape)
    args = [lib.view(a), lib.view(b), lib.view(out)]
    if operation == "binary":
        args.insert(0, lib.header[name.upper()])
    about = f"{name} {picture(a)} {picture(b)} to {picture(out)}"
    outcome = Outcome(lib, report, operation, about)
    if result is None:
        return outcome.fails(operation, args, out, memory, "bool - bool")
    if not castable(result, target, "same_kind"):
        return outcome.fails(operation, args, out, memory, "casting")
    together = np.broadcast_shapes(a.shape, b.shape)
    wrong = int(rng.integers(60))
    if wrong == 0 and together and together[-1] > 1 and len(together) == out.ndim:
        args[-1].shape[out.ndim - 1] = 1
        return outcome.fails(operation, args, out, memory, "output too small")
    if wrong == 1:
        args[-1].flags = lib.header["READONLY"]
        return outcome.fails(operation, args, out, memory, "read-only output")
    if wrong == 2 and out.ndim and out.shape[0] > 1 and out.size:
        args[-1].strides[0] = 0
        return outcome.fails(operation, args, out, memory, "output overlaps itself")
    x, y = flat(a, shape), flat(b, shape)
    judge, outcome.hint = judged(name, x, y, common, target)
    outcome.writes(operation, args, out, memory, judge)


def in_one_block(rng, memory, dtype, shape):
    """An array somewhere in a block, or None when it does not fit."""
    strides, first, nbytes = layout(rng, shape, dtype.itemsize)
    room = memory.bytes.size - 2 * Memory.GUARD - nbytes
    if room < 0:
        return None
    step = dtype.itemsize if rng.random() < 0.7 else 1
    return memory.array(dtype, shape, strides, first + int(rng.integers(0, room // step + 1)) * step)


def related(rng, out):
    """Another view of the elements of `out`: transposed, reversed, shifted, or the same."""
    kind = int(rng.integers(4))
    if kind == 0 and out.ndim > 1 and len(set(out.shape)) == 1:
        return np.transpose(out, rng.permutation(out.ndim))
    if kind == 1 and out.ndim:
        return np.flip(out, int(rng.integers(out.ndim)))
    if kind == 2 and out.ndim and out.shape[0] > 0:
        return out[int(rng.integers(out.shape[0])), ...]
    return out


def overlapping(lib, report, rng):
    """Inputs and outputs in one block: the result is as if all inputs had been read first."""
    while True:
        if rng.random() < 0.5:
            shape = (int(rng.integers(1, 6)),) * int(rng.integers(1, 4))
        else:
            shape = shape_of(rng, 3, 6)
        if rng.random() < 0.03:
            shape = (int(rng.integers(60, 140)),) * 2
        dtype = pick(rng, ALL)
        out, memory = random_array(rng, dtype, shape, kind="any", memory_room=48)
        if not overlaps_itself(out):
            break
    inputs = []
    for _ in range(2):
        if rng.random() < 0.5:
            inputs.append(related(rng, out))
        else:
            other = dtype if rng.random() < 0.7 else pick(rng, ALL)
            found = in_one_block(rng, memory, other, stretched(rng, shape))
            inputs.append(out if found is None else found)
    a, b = inputs
    if a.ndim > out.ndim or b.ndim > out.ndim:
        return
    if a.dtype.kind == "b" or b.dtype.kind == "b" or dtype.kind == "b":
        # bytes that are no bool (0 or 1) are nobody's input: give bool blocks bool bytes
        memory.bytes[...] &= 1
    x, y = flat(a, shape), flat(b, shape)
    where = f"at {address(a) - address(out)} and {address(b) - address(out)} of {picture(out)}"
    if rng.random() < 0.4:
        outcome = Outcome(lib, report, "overlapping copy", f"{picture(a)} {where}")
        expected = model.cast(x, dtype) if x.size else np.empty(0, dtype)
        outcome.hint = lambda i: f", expected {expected[i]!r}"
        args = [lib.view(a), lib.view(out), lib.castings["unsafe"]]
        outcome.writes("copy_cast", args, out, memory, lambda ours: model.same_bits(ours, expected), data=args[1])
        return
    name = str(rng.choice(list(model.NAMES)))
    common = promoted(a.dtype, b.dtype)
    result = model.result_dtype(name, common)
    if result is None or not castable(result, dtype, "same_kind"):
        return
    outcome = Outcome(lib, report, "overlapping binary", f"{name} {picture(a)} {picture(b)} {where}")
    judge, outcome.hint = judged(name, x, y, common, dtype)
    outcome.writes(name, [lib.view(a), lib.view(b), lib.view(out)], out, memory, judge)


def foreach(lib, report, rng):
    """Every element of the broadcast operands is visited once, the operands together."""
    shape = shape_of(rng, 4, 5)
    n = int(rng.integers(1, 4))
    arrays = [random_array(rng, np.dtype(np.int32), stretched(rng, shape))[0] for _ in range(n)]
    together = np.broadcast_shapes(*[a.shape for a in arrays])
    views = [lib.view(a) for a in arrays]
    pointers = (ctypes.c_void_p * n)(*[ctypes.addressof(v) for v in views])
    seen = []

    def inner(ctx, count, places, strides):
        for i in range(count):
            seen.append(tuple(places[k] + i * strides[k] for k in range(n)))

    callback = INNER(inner)
    status = lib.call("foreach", n, pointers, 0, ctypes.cast(callback, ctypes.c_void_p).value, None)
    stretched_arrays = [np.broadcast_to(a, together) for a in arrays]
    expected = [tuple(address(s[i + (Ellipsis,)]) for s in stretched_arrays) for i in np.ndindex(*together)]
    if lib.sabotage is not None and lib.sabotage.function == "foreach" and lib.sabotage.kind == "result" and seen:
        seen.pop()
        lib.sabotage.lies += 1
    good = status == 0 and sorted(seen) == sorted(expected)
    report.check("foreach", good, lambda: f"{status}, {len(seen)} of {len(expected)}; {[picture(a) for a in arrays]}")


PROGRAMS = [copy, copy, copy, fill, binary, binary, binary, binary, overlapping, overlapping, overlapping, foreach]
