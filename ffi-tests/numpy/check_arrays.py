"""Array handles: making, copying, casting, sharing, saving and loading, printing."""

import ctypes
import os
import tempfile

import numpy as np

import model
from arrays import ALL, BF16, picture, random_array, shape_of
from check_engine import pick
from check_queries import castable
from check_views import same_view
from library import View, address, i64s

OPERATIONS = [
    "array_new", "array_zeros", "array_new_opaque", "array_new_aligned", "array_copy", "array_cast",
    "array_contiguous", "array_from_view", "array_adopt", "array_shares", "npy_save", "npy_load", "format",
]  # fmt: skip

RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Handle:
    """An array of the library, released when the test is done with it."""

    def __init__(self, lib, report):
        self.lib, self.report = lib, report
        self.place = ctypes.c_void_p()

    def make(self, name, *args):
        status = self.lib.call(name, *args, self.place)
        if status == 0:
            pointer = self.lib.functions["array_view"](self.place)
            self.v = View.from_buffer_copy((View).from_address(pointer))
            if self.lib.sabotage is not None and self.lib.sabotage.function == name:
                if self.lib.sabotage.kind == "result":
                    self.lib.sabotage.lie(0, self.v, None)
        return status

    def array(self):
        """The elements as a NumPy array on the library's memory."""
        v, n = self.v, self.v.ndim
        dtype = self.lib.dtype_of.get(v.dtype, np.dtype((np.void, v.itemsize)))
        shape, strides = tuple(v.shape[:n]), tuple(v.strides[:n])
        if 0 in shape:
            return np.empty(shape, dtype)
        buffer = (ctypes.c_uint8 * v.itemsize).from_address(v.data)
        one = np.frombuffer(buffer, np.uint8).view(dtype).reshape(())
        return np.lib.stride_tricks.as_strided(one, shape, strides)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.place.value and not (self.lib.sabotage and self.lib.sabotage.kind == "status" and not self.place.value):
            self.lib.functions["array_release"](self.place)


def new(lib, report, rng):
    shape, order = shape_of(rng), str(rng.choice(["C", "F"]))
    dtype = pick(rng, ALL)
    name = str(rng.choice(["array_new", "array_zeros", "array_new_opaque", "array_new_aligned"]))
    align, front = 64, []
    if name == "array_new_opaque":
        dtype = np.dtype((np.void, int(rng.integers(1, 30))))
        front = [dtype.itemsize]
    elif name == "array_new_aligned":
        align = 64 << int(rng.integers(0, 7))
        front = [align, lib.code_of[dtype]]
    else:
        front = [lib.code_of[dtype]]
    with Handle(lib, report) as handle:
        status = handle.make(name, *front, len(shape), i64s(shape), lib.orders[order])
        expected = np.empty(shape, dtype, order)
        why = f"status {status}" if status else None
        if why is None:
            v = View.from_buffer_copy(handle.v)
            data, v.data = v.data, address(expected)
            why = same_view(lib, v, expected)
            if why is None and expected.size and data % align:
                why = f"address {data:#x} is not a multiple of {align}"
            if why is None and name == "array_zeros" and np.count_nonzero(handle.array()):
                why = "not zero"
            if why is None and expected.size:
                handle.array()[...] = expected
        report.check(name, why is None, lambda: f"{why}; {dtype} {shape} {order}")


def numpy_order(array, order):
    """The strides that NumPy gives a copy; a copy of a view without elements or axes has none to compare."""
    return np.array(array, order=order, copy=True)


def copy(lib, report, rng):
    source, _ = random_array(rng, overlap=rng.random() < 0.2, opaque=0.1)
    order = str(rng.choice(list("CFAK")))
    with Handle(lib, report) as handle:
        status = handle.make("array_copy", lib.view(source), lib.orders[order])
        judge_copy(lib, report, "array_copy", handle, status, source, source.dtype, order)


def cast(lib, report, rng):
    source, _ = random_array(rng, overlap=rng.random() < 0.2)
    order, rule = str(rng.choice(list("CFAK"))), str(rng.choice(list(lib.castings)))
    dtype = pick(rng, ALL)
    with Handle(lib, report) as handle:
        args = (lib.view(source), lib.code_of[dtype], lib.castings[rule], lib.orders[order])
        status = handle.make("array_cast", *args)
        if not castable(source.dtype, dtype, rule):
            good = status == lib.header["E_CASTING"] and not handle.place.value
            report.check("array_cast", good, lambda: f"{status}: {picture(source)} to {dtype} {rule}")
            return
        judge_copy(lib, report, "array_cast", handle, status, source, dtype, order)


def judge_copy(lib, report, name, handle, status, source, dtype, order):
    why = f"status {lib.status_name(status)} {lib.message()}" if status else None
    if why is None:
        layout = np.empty_like(source, order=order) if order == "K" else numpy_order(source, order)
        shaped = np.empty(layout.shape, np.dtype((np.void, dtype.itemsize)))
        shaped = np.lib.stride_tricks.as_strided(shaped, layout.shape, rescaled(layout, dtype.itemsize))
        v = View.from_buffer_copy(handle.v)
        data, v.data, v.dtype = v.data, address(shaped), lib.opaque
        why = same_view(lib, v, shaped)
        if handle.v.dtype != lib.code_of.get(dtype, lib.opaque):
            why = f"dtype {handle.v.dtype}"
        if why is None and source.size:
            ours = np.ascontiguousarray(handle.array()).reshape(-1)
            theirs = model.cast(np.ascontiguousarray(source).reshape(-1), dtype)
            good = model.same_bits(ours, theirs)
            why = None if good.all() else f"elements differ: {ours[~good][0]!r}, expected {theirs[~good][0]!r}"
            if data % 64:
                why = f"address {data:#x} is not aligned"
    report.check(name, why is None, lambda: f"{why}; {picture(source)} to {dtype} {order}")


def rescaled(array, itemsize):
    return tuple(s // array.dtype.itemsize * itemsize for s in array.strides)


def share(lib, report, rng):
    """contiguous, from_view, adopt and shares on one block."""
    source, memory = random_array(rng)
    calls = []
    release = RELEASE(lambda ctx: calls.append(ctx))
    with Handle(lib, report) as base:
        function = ctypes.cast(release, ctypes.c_void_p).value
        status = base.make("array_adopt", lib.view(source), function, 77)
        why = f"status {status}" if status else same_view(lib, base.v, source)
        report.check("array_adopt", why is None, lambda: f"{why}; {picture(source)}")
        if status:
            return
        part = source[tuple(slice(int(rng.integers(0, 2)), None) for _ in source.shape) + (Ellipsis,)]
        with Handle(lib, report) as inner:
            status = inner.make("array_from_view", base.place.value, lib.view(part))
            why = f"status {status}" if status else same_view(lib, inner.v, part)
            report.check("array_from_view", why is None, lambda: f"{why}; {picture(part)} of {picture(source)}")
            count = lib.call("array_shares", base.place.value)
            report.check("array_shares", count == 2, lambda: f"{count} instead of 2")
        count = lib.call("array_shares", base.place.value)
        report.check("array_shares", count == 1, lambda: f"{count} instead of 1")
        contiguous(lib, report, rng, base, source)
    report.check("array_adopt", calls == [77], lambda: f"release was called with {calls}")


def contiguous(lib, report, rng, base, source):
    order = str(rng.choice(list("CFAK")))
    with Handle(lib, report) as handle:
        status = handle.make("array_contiguous", base.place.value, lib.orders[order])
        flags = source.flags
        already = flags.c_contiguous if order == "C" else flags.f_contiguous if order == "F" else flags.forc
        why = f"status {status}" if status else None
        if why is None and source.size and order in "CF":
            if already != (handle.v.data == address(source)):
                why = f"{'copied' if already else 'not copied'} although contiguous is {already}"
        if why is None:
            ours = handle.array()
            good = ours.flags.c_contiguous if order == "C" else ours.flags.f_contiguous if order == "F" else True
            if not good and source.size:
                why = "the result is not contiguous"
            elif ours.shape != source.shape:
                why = f"shape {ours.shape}"
            elif not model.same_bits(ours, source).all():
                why = "elements differ"
        report.check("array_contiguous", why is None, lambda: f"{why}; {picture(source)} {order}")


def files(lib, report, rng):
    dtype = pick(rng, [d for d in ALL if d != BF16])
    array, _ = random_array(rng, dtype)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.npy")
        status = lib.call("npy_save", path.encode(), lib.view(array))
        if lib.sabotage is not None and lib.sabotage.function == "npy_save" and lib.sabotage.kind == "result":
            lib.sabotage.lies += 1
            np.save(path, np.zeros(3))
        why = f"status {status} {lib.message()}" if status else None
        if why is None:
            loaded = np.load(path)
            if loaded.shape != array.shape or loaded.dtype != dtype or not model.same_bits(loaded, array).all():
                why = f"NumPy reads {picture(loaded)}"
        report.check("npy_save", why is None, lambda: f"{why}; {picture(array)}")
        np.save(path, array)
        with Handle(lib, report) as handle:
            status = handle.make("npy_load", path.encode())
            why = f"status {status} {lib.message()}" if status else None
            if why is None:
                ours = handle.array()
                if ours.shape != array.shape or ours.dtype != dtype or not model.same_bits(ours, array).all():
                    why = f"loaded {picture(ours)}"
            report.check("npy_load", why is None, lambda: f"{why}; {picture(array)}")


def text(lib, report, rng):
    """strided_format of small arrays of integers and bools is numpy.array2string."""
    dtype = pick(rng, [d for d in ALL if d.kind in "biu"])
    array, _ = random_array(rng, dtype, shape_of(rng, 3, 5))
    needed = ctypes.c_int64(-1)
    buffer = ctypes.create_string_buffer(1 << 16)
    status = lib.call("format", lib.view(array), buffer, len(buffer), needed, out=needed)
    theirs = np.array2string(array) if array.size else "[]"
    ours = buffer.value.decode()
    good = status == 0 and needed.value == len(ours)
    if array.size:
        good = good and ours == theirs
    report.check("format", good, lambda: f"{status} {needed.value}; {ours!r}, NumPy {theirs!r}")


PROGRAMS = [new, new, copy, cast, cast, share, share, files, text]
