"""Random NumPy arrays over memory with guard bytes: any dtype, shape, order, strides and alignment."""

import numpy as np

from library import BF16, DTYPES

ALL = list(DTYPES.values())
OPAQUE_SIZES = (1, 2, 3, 5, 8, 12, 16, 24)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 65504.0, 65520.0, 1e-8, 6e-8, 3e38, 1e-45, 1e300]
EDGES = [0.5, -0.5, 127.5, 128.0, -128.9, -129.0, 255.9, 256.0, 2.0**31, -(2.0**31), 2.0**32, 2.0**63, -(2.0**63), 2.0**64]


def shape_of(rng, most_axes=5, most=7):
    n = int(rng.integers(0, most_axes + 1))
    weights = np.array([1.0] + [3.0] * most)
    return tuple(int(k) for k in rng.choice(most + 1, size=n, p=weights / weights.sum()))


def dtype_of(rng, opaque=0.0):
    if rng.random() < opaque:
        return np.dtype((np.void, int(rng.choice(OPAQUE_SIZES))))
    return ALL[rng.integers(len(ALL))]


def bits(array):
    """The bytes of the elements, in C order."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def values(rng, dtype, n, kind="any"):
    """`n` values. "any": specials and edges too; "tame": modest numbers; "near1": for products."""
    if dtype.kind == "V" and dtype != BF16:
        return rng.integers(0, 256, n * dtype.itemsize, dtype=np.uint8).view(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, n).astype(bool)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        wide = rng.integers(info.min, info.max, n, dtype=dtype, endpoint=True)
        small = rng.integers(0 if info.min == 0 else -5, 6, n).astype(dtype)
        return np.where(rng.random(n) < 0.5, wide, small) if kind == "any" else small
    if dtype.kind == "c":
        part = np.dtype(np.float32 if dtype.itemsize == 8 else np.float64)
        pair = np.empty((n, 2), part)
        pair[:, 0], pair[:, 1] = values(rng, part, n, kind), values(rng, part, n, kind)
        return pair.view(dtype).reshape(n)
    if kind == "near1":
        x = rng.uniform(0.6, 1.6, n) * rng.choice([-1, 1], n)
    elif kind == "tame":
        x = rng.choice([rng.normal(0, 1, n), rng.uniform(0, 100, n), rng.integers(-9, 10, n).astype(float)])
    else:
        x = np.where(rng.random(n) < 0.5, rng.normal(0, 10, n), rng.normal(0, 1, n) * 10.0 ** rng.integers(-20, 20, n))
        mix = rng.random(n)
        x = np.where(mix < 0.12, rng.choice(SPECIAL, n), np.where(mix > 0.85, rng.choice(EDGES, n), x))
    with np.errstate(all="ignore"):
        return x.astype(np.float32).astype(dtype) if dtype == BF16 else x.astype(dtype)


class Memory:
    """A block of bytes with arrays in it; `unchanged_outside` finds writes that went astray."""

    GUARD = 128

    def __init__(self, rng, nbytes):
        self.bytes = rng.integers(0, 256, nbytes + 2 * self.GUARD, dtype=np.uint8)

    def array(self, dtype, shape, strides, offset):
        return np.ndarray(shape, dtype, self.bytes, self.GUARD + offset, strides)

    def snapshot(self):
        return self.bytes.copy()

    def unchanged_outside(self, before, array):
        """Whether only bytes of the elements of `array` differ from `before`."""
        touched = np.zeros(self.bytes.size, bool)
        if array.size:
            offset = array.__array_interface__["data"][0] - self.bytes.__array_interface__["data"][0]
            shape = array.shape + (array.dtype.itemsize,)
            strides = array.strides + (1,)
            np.ndarray(shape, bool, touched, offset, strides)[...] = True
        return not np.any((before != self.bytes) & ~touched)


def layout(rng, shape, itemsize, overlap=False):
    """Random strides over a block: (strides, offset of element 0, bytes of the block). The axes are nested in a random
    order with random steps and signs; with `overlap`, some strides are 0 or too small."""
    order = list(range(len(shape)))
    style = rng.integers(5)
    if style == 1:
        order.reverse()
    elif style >= 2:
        rng.shuffle(order)
    strides = [0] * len(shape)
    step = itemsize
    low = high = 0
    for axis in reversed(order):
        if style >= 3 and rng.random() < 0.4:
            step = step * int(rng.integers(1, 4)) + (int(rng.integers(0, 9)) if rng.random() < 0.3 else 0)
        stride = step
        if overlap and rng.random() < 0.3:
            stride = int(rng.choice([0, itemsize, max(1, itemsize // 2)]))
        step *= max(1, shape[axis])
        if rng.random() < (0.3 if style >= 2 else 0.05):
            stride = -stride
        strides[axis] = stride
        reach = stride * max(0, shape[axis] - 1)
        low, high = low + min(0, reach), high + max(0, reach)
    return tuple(strides), -low, high - low + itemsize


def random_array(rng, dtype=None, shape=None, overlap=False, kind="any", opaque=0.0, memory_room=0, writeable=True):
    """An array and the memory it lies in. Every fourth one is not aligned."""
    dtype = dtype_of(rng, opaque) if dtype is None else dtype
    shape = shape_of(rng) if shape is None else shape
    strides, offset, nbytes = layout(rng, shape, dtype.itemsize, overlap)
    shift = int(rng.integers(0, 16)) if rng.random() < 0.25 else 0
    memory = Memory(rng, nbytes + 16 + memory_room)
    # the start of the block as aligned as 64 bytes ask for, then shifted
    lead = -(memory.bytes.__array_interface__["data"][0] + Memory.GUARD + offset) % 16
    array = memory.array(dtype, shape, strides, offset + (lead + shift) % 16)
    if array.size:
        array[...] = values(rng, dtype, array.size, kind).reshape(shape)
    if not writeable:
        array.flags.writeable = False
    return array, memory


def picture(array):
    """What is needed to see a layout in a failure."""
    return f"{array.dtype}{list(array.shape)} strides {list(array.strides)}"
