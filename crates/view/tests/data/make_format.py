"""Writes format.txt, the cases of tests/format.rs: random arrays with what numpy.array2string shows for them.

    python3 make_format.py [seed [count]]  > format.txt

A case is a line "dtype itemsize shape hex" (shape as 2x3, or - for none; the elements in C order), followed by the lines
of the text, each after a bar.
"""
import sys

import numpy as np

rng = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 14
CODES = {"bool": "?", "i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8", "u8": "u1", "u16": "u2", "u32": "u4",
         "u64": "u8", "f16": "f2", "f32": "f4", "f64": "f8", "c64": "c8", "c128": "c16", "opaque": None}
SHAPES = [(), (1,), (2,), (5,), (13,), (2, 3), (4, 1), (1, 1, 1), (2, 3, 4), (3, 2, 2, 2), (30,), (5, 25), (0,), (3, 0)]


def bits(dtype, shape):
    """Any bits at all."""
    return np.frombuffer(rng.bytes(int(np.prod(shape)) * dtype.itemsize), dtype).reshape(shape)


def reals(dtype, shape):
    """Numbers as programs have them, and numbers as they should not."""
    kind = rng.integers(12)
    with np.errstate(all="ignore"):
        if kind == 0:
            a = rng.integers(-9, 10, shape).astype(float)
        elif kind == 1:
            a = rng.normal(size=shape)
        elif kind == 2:
            a = rng.random(shape) * 10.0 ** rng.integers(-6, 11)
        elif kind == 3:
            a = np.round(rng.random(shape) * 100, rng.integers(0, 4))
        elif kind == 4:
            a = rng.random(shape) * 10.0 ** rng.integers(-6, 7, shape)
        elif kind == 5:
            a = 2.0 ** rng.integers(-30, 30, shape)
        elif kind == 6:
            return bits(dtype, shape)
        elif kind == 7:
            a = rng.choice([0.0, -0.0, 1.0, 0.5, 1e-4, 9.9999999e-5, 1e8, 99999999.0, 1e6, 999.5, 1000.0], shape)
        elif kind == 8:
            a = rng.choice([1.0, 2.0 ** -9, 3 * 2.0 ** -9, 5 * 2.0 ** -10, 1 / 3, 1.00000001], shape)
        elif kind == 9:
            a = rng.choice([np.inf, -np.inf, np.nan, 1.5, -2.25, 1e10], shape)
        elif kind == 10:
            a = rng.choice([np.inf, np.nan], shape)
        else:
            a = 1.0 + rng.integers(0, 1001, shape) * (0.001 * 1000 / 1000)
        return np.asarray(a).astype(dtype)


def elements(name, shape):
    if name == "opaque":
        return bits(np.dtype(f"V{rng.integers(1, 9)}"), shape)
    dtype = np.dtype(CODES[name])
    if name == "bool":
        return np.asarray(rng.integers(0, 2, shape)).astype("?")
    if dtype.kind == "c":
        part = np.empty(shape, dtype)
        half = np.dtype(f"f{dtype.itemsize // 2}")
        part.real, part.imag = reals(half, shape), reals(half, shape)
        return part
    if dtype.kind == "f":
        return reals(dtype, shape)
    if rng.integers(2):
        return bits(dtype, shape)
    return np.asarray(rng.integers(0 if dtype.kind == "u" else -20, 100, shape)).astype(dtype)


def show(name, a):
    shape = "x".join(map(str, a.shape)) or "-"
    print(name, a.itemsize, shape, a.tobytes().hex() or "-")
    for line in np.array2string(a).split("\n"):
        print("|" + line)


for name in CODES:
    for i in range(COUNT):
        show(name, elements(name, SHAPES[rng.integers(len(SHAPES))]))
show("u8", np.arange(1001, dtype="u1"))
show("u8", np.arange(1000, dtype="u1").reshape(10, 100))
show("u8", (np.arange(1200) % 251).astype("u1").reshape(3, 400))
show("u8", (np.arange(1200) % 251).astype("u1").reshape(400, 3))
show("i8", (np.arange(2 * 7 * 8 * 10) % 100 - 50).astype("i1").reshape(2, 7, 8, 10))
show("f16", np.where(np.arange(1100) == 500, 60000, np.arange(1100) % 50).astype("f2").reshape(11, 100))
show("i16", np.arange(2).astype("i2").reshape((1,) * 63 + (2,)))
show("f64", np.linspace(0, 1, 7).reshape((1,) * 10 + (7,)))
show("opaque", np.arange(60, dtype="u1").view("V30"))
