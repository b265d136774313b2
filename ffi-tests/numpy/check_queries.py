"""Questions about views: contiguity, size, extent, overlap, element address, bounds; and the tables of dtypes."""

import ctypes

import numpy as np

from arrays import layout, picture, random_array, shape_of
from library import BF16, address, i64s

OPERATIONS = [
    "view_query", "view_size", "view_extent", "view_overlap", "view_address", "view_check", "result_type", "can_cast",
    "dtype_size", "dtype_name",
]  # fmt: skip


def byte_bounds(array):
    return np.lib.array_utils.byte_bounds(array)


def overlaps_itself(array):
    """Counts how often each byte belongs to an element."""
    if array.size < 2:
        return False
    low, high = byte_bounds(array)
    count = np.zeros(high - low, np.uint8)
    positions = np.zeros(array.shape, np.int64)
    for axis, (n, stride) in enumerate(zip(array.shape, array.strides)):
        steps = np.arange(n, dtype=np.int64) * stride
        positions = positions + steps.reshape([-1 if k == axis else 1 for k in range(array.ndim)])
    first = positions.reshape(-1) + (address(array) - low)
    for byte in range(array.dtype.itemsize):
        np.add.at(count, first + byte, 1)
    return bool((count > 1).any())


def queries(lib, report, rng):
    array, memory = random_array(rng, overlap=rng.random() < 0.5, opaque=0.1, writeable=rng.random() < 0.7)
    v = lib.view(array)
    about = picture(array)
    bits = lib.header
    answer = lib.call("view_query", v)
    expected = (
        bits["IS_C_CONTIGUOUS"] * array.flags.c_contiguous
        | bits["IS_F_CONTIGUOUS"] * array.flags.f_contiguous
        | bits["IS_ALIGNED"] * array.flags.aligned
        | bits["IS_WRITEABLE"] * array.flags.writeable
        | bits["IS_SELF_OVERLAP"] * overlaps_itself(array)
    )
    report.check("view_query", answer == expected, lambda: f"{answer:#x}, expected {expected:#x}; {about}")
    size = lib.call("view_size", v)
    report.check("view_size", size == array.size, lambda: f"{size}; {about}")

    low, high = ctypes.c_int64(99), ctypes.c_int64(99)
    status = lib.call("view_extent", v, low, high, out=(low, high))
    bounds = (0, 0)
    if array.size:
        bounds = tuple(b - address(array) for b in byte_bounds(array))
    good = status == 0 and (low.value, high.value) == bounds
    report.check("view_extent", good, lambda: f"{status} {low.value} {high.value}, NumPy {bounds}; {about}")

    index = [int(rng.integers(-n, n)) if n and rng.random() < 0.95 else 9 for n in array.shape]
    place = ctypes.c_void_p(1)
    status = lib.call("view_address", v, len(index), i64s(index), place, out=place)
    try:
        expected = address(array[tuple(index) + (Ellipsis,)])
    except IndexError:
        expected = None
    good = place.value == expected if status == 0 else expected is None
    report.check("view_address", good, lambda: f"{status} {place.value} {expected}; {about} {index}")

    # a block that may be too short at either end
    start = address(memory.bytes)
    begin = int(rng.integers(0, memory.bytes.size // 2)) if rng.random() < 0.5 else 0
    end = int(rng.integers(memory.bytes.size // 2, memory.bytes.size)) if rng.random() < 0.5 else memory.bytes.size
    status = lib.call("view_check", v, start + begin, end - begin)
    inside = array.size == 0 or (start + begin <= address(array) + low_of(bounds) and address(array) + bounds[1] <= start + end)
    if array.size == 0:
        report.skip("view_check")
    else:
        wanted = 0 if inside else lib.header["E_BOUNDS"]
        report.check("view_check", status == wanted, lambda: f"{lib.status_name(status)}; {about} block {begin} {end}")


def low_of(bounds):
    return bounds[0]


def overlap(lib, report, rng):
    """Two views into one block, against NumPy's exact and bounds-only answers."""
    a, memory = random_array(rng, shape=shape_of(rng, 4, 5), overlap=rng.random() < 0.2, memory_room=64, opaque=0.1)
    dtype = a.dtype if rng.random() < 0.5 else random_array(rng, opaque=0.1)[0].dtype
    for _ in range(8):
        shape = shape_of(rng, 4, 5)
        strides, first, nbytes = layout(rng, shape, dtype.itemsize)
        room = memory.bytes.size - 2 * memory.GUARD - nbytes
        if room >= 0:
            break
    else:
        return
    b = memory.array(dtype, shape, strides, first + int(rng.integers(0, room + 1)))
    for exact, theirs in ((0, np.may_share_memory(a, b)), (1, np.shares_memory(a, b))):
        answer = ctypes.c_int32(-7)
        status = lib.call("view_overlap", lib.view(a), lib.view(b), exact, answer, out=answer)
        if exact and status == lib.header["E_UNDECIDED"]:
            report.skip("view_overlap")
            continue
        good = status == 0 and answer.value == int(theirs)
        about = f"{answer.value}, NumPy {theirs}; exact {exact}; {picture(a)} and {picture(b)} at {address(b) - address(a)}"
        report.check("view_overlap", good, lambda: f"{lib.status_name(status)} {about}")


def promoted(a, b):
    """NumPy's promotion; for bf16 the rules of ml_dtypes, completed where it has none: integers of 2 bytes and f16 make
    f32 of it, larger integers f64."""
    if BF16 is None or BF16 not in (a, b) or a == b:
        return np.promote_types(a, b)
    other = b if a == BF16 else a
    if other.kind == "b" or other.kind in "iu" and other.itemsize == 1:
        return BF16
    if other.kind in "iu":
        return np.dtype(np.float32 if other.itemsize == 2 else np.float64)
    return np.promote_types(np.float32, other)


KINDS = "buifc"


def castable(a, b, rule):
    """NumPy's casting rules; bf16 is a float like the others."""
    if a == b:
        return True
    if BF16 is None or BF16 not in (a, b):
        return np.can_cast(a, b, rule)
    kind = lambda d: KINDS.index("f" if d == BF16 else d.kind)  # noqa: E731
    if rule == "safe":
        return promoted(a, b) == b
    if rule == "same_kind":
        return kind(a) <= kind(b)
    return rule == "unsafe"


def tables(lib, report, rng):
    """All pairs of dtypes, once per run."""
    names = {"b": "bool", "i": "i", "u": "u", "f": "f", "c": "c"}
    for a, code in lib.code_of.items():
        size = lib.call("dtype_size", code)
        report.check("dtype_size", size == a.itemsize, lambda: f"{a}: {size}")
        name = lib.call("dtype_name", code).decode()
        if lib.sabotage is not None and lib.sabotage.function == "dtype_name":
            lib.sabotage.lies += 1
            name = "x"
        if a == BF16:
            expected = "bf16"
        else:
            expected = "bool" if a.kind == "b" else f"{names[a.kind]}{a.itemsize * 8}"
        report.check("dtype_name", name == expected, lambda: f"{a}: {name}")
        for b, other in lib.code_of.items():
            out = ctypes.c_int32(-1)
            status = lib.call("result_type", code, other, out, out=out)
            expected = lib.code_of[promoted(a, b)]
            good = status == 0 and out.value == expected
            report.check("result_type", good, lambda: f"{a} {b}: {out.value}, expected {expected}")
            for rule, number in lib.castings.items():
                out = ctypes.c_int32(-1)
                status = lib.call("can_cast", code, other, number, out, out=out)
                expected = castable(a, b, rule)
                good = status == 0 and out.value == int(expected)
                report.check("can_cast", good, lambda: f"{a} {b} {rule}: {out.value}, expected {expected}")


PROGRAMS = [queries, overlap]
ONCE = [tables]
