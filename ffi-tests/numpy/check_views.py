"""Chains of view operations, each held against NumPy's view of the same memory.

`Step.compare` is the judge: same status class (NumPy raises = we return a status), and for a success the same address
of element 0, shape, strides (on axes where they mean something) and dtype. Writeability is compared where the design
agrees with NumPy."""

import ctypes

import numpy as np

from arrays import ALL, BF16, bits, picture, random_array, shape_of
from library import Index, View, address, i32s, i64s

OPERATIONS = [
    "view_init", "view_init_opaque", "view_transpose", "view_swapaxes", "view_moveaxis", "view_index", "view_squeeze",
    "view_expand_dims", "view_flip", "view_rot90", "view_reshape", "view_ravel", "view_broadcast_to",
    "broadcast_shapes", "view_broadcast_many", "view_diagonal", "view_sliding_window", "view_split",
    "view_as_strided", "view_reinterpret", "view_real", "view_imag", "view_field", "view_field_opaque",
    "view_readonly",
]  # fmt: skip


def same_view(lib, v, array, check_flags=True):
    """Why the view is not NumPy's, or None."""
    if v.ndim != array.ndim:
        return f"ndim {v.ndim}, NumPy {array.ndim}"
    if tuple(v.shape[: v.ndim]) != array.shape:
        return f"shape {tuple(v.shape[:v.ndim])}, NumPy {array.shape}"
    if v.itemsize != array.dtype.itemsize or v.dtype != lib.code_of.get(array.dtype, lib.opaque):
        return f"dtype {v.dtype} of {v.itemsize} bytes, NumPy {array.dtype}"
    if check_flags and bool(v.flags & lib.header["READONLY"]) == array.flags.writeable:
        return f"flags {v.flags}, NumPy writeable={array.flags.writeable}"
    if v.flags & ~lib.header["READONLY"]:
        return f"reserved flags {v.flags}"
    if array.size == 0:
        return None
    if v.data != address(array):
        return f"data is {v.data - address(array)} bytes off"
    for axis in range(array.ndim):
        if array.shape[axis] > 1 and v.strides[axis] != array.strides[axis]:
            return f"strides {tuple(v.strides[:v.ndim])}, NumPy {array.strides}"
    return None


def no_copy_reshape(array, shape, order):
    """NumPy's reshape as a view, None when it would need a copy; errors of the shape raise."""
    try:
        return np.reshape(array, shape, order=order, copy=False)
    except TypeError:  # NumPy before 2.1
        result = np.reshape(array, shape, order=order)
        return result if array.size == 0 or np.may_share_memory(result, array) else None
    except ValueError as error:
        if "copy" in str(error):
            return None
        raise


class Chain:
    """One array and a chain of operations on it."""

    def __init__(self, lib, report, rng):
        self.lib, self.report, self.rng = lib, report, rng
        overlap = rng.random() < 0.1
        self.array, self.memory = random_array(rng, overlap=overlap, opaque=0.1, writeable=rng.random() < 0.8)
        self.v = lib.view(self.array)
        self.diverged = False

    def axis(self, ndim, bad=0.04):
        if ndim == 0 or self.rng.random() < bad:
            return int(self.rng.integers(-ndim - 2, ndim + 2))
        return int(self.rng.integers(-ndim, ndim))

    def axes(self, ndim):
        if ndim == 0:
            return [] if self.rng.random() < 0.8 else [0]
        n = int(self.rng.integers(0, ndim + 1))
        axes = [int(a) for a in self.rng.permutation(ndim)[:n]]
        axes = [a - ndim if self.rng.random() < 0.4 else a for a in axes]
        if axes and self.rng.random() < 0.06:
            axes[0] = self.axis(ndim, 0.5)
        return axes

    def step(self, name, theirs, *args, flags=True, keep=True, ours_may_fail=False, detail=""):
        """Runs strided_view_<name> and the function `theirs`, and compares. `theirs` returns None for "needs a copy"."""
        try:
            expected, error = theirs(), None
        except (ValueError, IndexError, TypeError, OverflowError, AttributeError) as e:
            expected, error = None, e
        in_place = self.rng.random() < 0.2
        status, out = self.lib.view_op(name, self.v, *args)
        operation = "view_" + name

        def about(why):
            return f"{why}; {picture(self.array)} {name} {detail}; status {self.lib.status_name(status)}"

        if error is not None:
            good = status != 0 and self.lib.message() != ""
            self.report.check(operation, good, lambda: about(f"NumPy raises {error!r}"))
            return
        if expected is None:
            wanted = self.lib.header["E_NEEDS_COPY"]
            self.report.check(operation, status == wanted, lambda: about("NumPy needs a copy"))
            return
        if ours_may_fail and status != 0:
            self.report.skip(operation)
            return
        why = self.lib.message() if status != 0 else same_view(self.lib, out, expected, flags)
        if not self.report.check(operation, why is None, lambda: about(why)):
            self.diverged = True
            return
        if in_place:  # the same with out == in
            again = type(self.v).from_buffer_copy(self.v)
            status = self.lib.call(operation, again, *args, again, out=again)
            why = f"in place: status {status}" if status != 0 else same_view(self.lib, again, expected, flags)
            self.report.check(operation, why is None, lambda: about(f"in place: {why}"))
        if keep:
            self.array, self.v = expected, out
            if bool(out.flags) == expected.flags.writeable:  # where the design differs, go on with ours
                if expected.flags.writeable or out.flags:
                    self.array = expected[...]
                    self.array.flags.writeable = False
                else:
                    self.v.flags = self.lib.header["READONLY"]

    # one method for each operation

    def transpose(self):
        n = self.array.ndim
        if self.rng.random() < 0.2:
            return self.step("transpose", lambda: self.array.transpose(), None)
        axes = [int(a) - (n if self.rng.random() < 0.3 else 0) for a in self.rng.permutation(n)]
        if axes and self.rng.random() < 0.1:
            axes[0] = self.axis(n, 0.5)
        array = self.array
        self.step("transpose", lambda: array.transpose(axes) if n else array.transpose(), i32s(axes), detail=f"{axes}")

    def swapaxes(self):
        a, b = self.axis(self.array.ndim), self.axis(self.array.ndim)
        self.step("swapaxes", lambda: np.swapaxes(self.array, a, b), a, b, detail=f"{a} {b}")

    def moveaxis(self):
        source, target = self.axes(self.array.ndim), self.axes(self.array.ndim)
        n = min(len(source), len(target))
        source, target = source[:n], target[:n]
        theirs = lambda: np.moveaxis(self.array, source, target)  # noqa: E731
        self.step("moveaxis", theirs, n, i32s(source), i32s(target), detail=f"{source} {target}")

    def index(self):
        rng, none = self.rng, self.lib.header["NONE"]
        items, theirs, ellipsis, taken = [], [], False, 0
        kinds = self.lib.header
        for _ in range(int(rng.integers(0, self.array.ndim + 3))):
            kind = rng.choice(["range", "range", "range", "at", "new", "ellipsis"])
            if kind == "ellipsis" and (not ellipsis or rng.random() < 0.1):
                items.append(Index(kinds["INDEX_ELLIPSIS"], 0, 0, 0, 0))
                theirs.append(Ellipsis)
                ellipsis = True
            elif kind == "new":
                items.append(Index(kinds["INDEX_NEWAXIS"], 0, 0, 0, 0))
                theirs.append(None)
            elif taken >= self.array.ndim and rng.random() < 0.95:
                continue
            elif kind == "at":
                n = self.array.shape[taken] if taken < self.array.ndim and not ellipsis else 3
                i = int(rng.integers(-n, n)) if n and rng.random() < 0.97 else int(rng.integers(-9, 9))
                items.append(Index(kinds["INDEX_AT"], 0, i, 0, 0))
                theirs.append(i)
                taken += 1
            else:
                ends = [None if rng.random() < 0.35 else int(rng.integers(-9, 10)) for _ in range(3)]
                if rng.random() < 0.05:
                    ends[rng.integers(3)] = int(rng.choice([2**63 - 1, -(2**63) + 1, 2**40, -(2**40)]))
                if ends[2] == 0 and rng.random() < 0.8:
                    ends[2] = 1
                items.append(Index(kinds["INDEX_RANGE"], 0, *[none if e is None else e for e in ends]))
                theirs.append(slice(*ends))
                taken += 1
        array, key = self.array, tuple(theirs)
        if Ellipsis not in key:
            key += (Ellipsis,)  # a full index gives a scalar in NumPy, with an ellipsis a view
        self.step("index", lambda: array[key], len(items), (Index * max(1, len(items)))(*items), detail=f"{theirs}")

    def squeeze(self):
        array = self.array
        if self.rng.random() < 0.4:
            return self.step("squeeze", lambda: array.squeeze(), 0, None)
        axes = self.axes(array.ndim)
        axes = [a for a in axes if self.rng.random() < 0.1 or not -array.ndim <= a < array.ndim or array.shape[a] == 1]
        self.step("squeeze", lambda: array.squeeze(tuple(axes)), len(axes), i32s(axes), detail=f"{axes}")

    def expand_dims(self):
        n = self.array.ndim + int(self.rng.integers(0, 3))
        axes = [int(a) for a in self.rng.permutation(n)[: n - self.array.ndim]]
        if axes and self.rng.random() < 0.1:
            axes[0] = int(self.rng.integers(-n - 1, n + 1))
        theirs = lambda: np.expand_dims(self.array, tuple(axes))  # noqa: E731
        self.step("expand_dims", theirs, len(axes), i32s(axes), detail=f"{axes}")

    def flip(self):
        array, flip = self.array, np.flip
        if array.ndim == 0:  # NumPy gives a scalar, and no view
            flip = lambda array, axes=(): array[...] if not axes else np.flip(array, axes)  # noqa: E731
        if self.rng.random() < 0.2:
            return self.step("flip", lambda: flip(array), 0, None)
        axes = self.axes(array.ndim)
        self.step("flip", lambda: flip(array, tuple(axes)), len(axes), i32s(axes), detail=f"{axes}")

    def rot90(self):
        k, a, b = int(self.rng.integers(-5, 6)), self.axis(self.array.ndim), self.axis(self.array.ndim)
        self.step("rot90", lambda: np.rot90(self.array, k, (a, b)), k, a, b, detail=f"{k} {a} {b}")

    def new_shape(self, size):
        """A shape with `size` elements, sometimes a wrong one, sometimes with a -1."""
        rng, left, shape = self.rng, size, []
        while left > 1 and len(shape) < 5:
            divisors = [d for d in range(1, left + 1) if left % d == 0]
            d = int(rng.choice(divisors))
            shape.append(d)
            left //= d
        if left != 1:
            shape.append(left)
        while rng.random() < 0.2:
            shape.insert(int(rng.integers(0, len(shape) + 1)), 1)
        if size == 0:
            shape += [int(k) for k in rng.integers(0, 4, rng.integers(0, 3))]
        if shape and rng.random() < 0.2:
            shape[rng.integers(len(shape))] = -1
        if shape and rng.random() < 0.05:
            shape[rng.integers(len(shape))] = int(rng.integers(-1, 9))
        return shape

    def reshape(self):
        if self.array.size > 2000:
            return
        array, order = self.array, str(self.rng.choice(list("CFA")))
        if self.rng.random() < 0.5 and array.ndim:  # keep most axes: more of these are views
            a = int(self.rng.integers(array.ndim))
            shape = list(array.shape[:a]) + self.new_shape(array.shape[a]) + list(array.shape[a + 1 :])
        else:
            shape = self.new_shape(array.size)
        theirs = lambda: no_copy_reshape(array, shape, order)  # noqa: E731
        self.step("reshape", theirs, len(shape), i64s(shape), self.lib.orders[order], detail=f"{shape} {order}")

    def ravel(self):
        array, order = self.array, str(self.rng.choice(list("CFAK")))

        def theirs():
            if order != "K":
                return no_copy_reshape(array, (array.size,), order)
            result = array.ravel("K")
            return result if array.size == 0 or np.may_share_memory(result, array) else None

        if order == "K" and theirs() is None:
            # NumPy copies more often than it must (reversed and broadcast arrays): a view is right as well when it
            # shows the elements of the copy, in an order of its own only where strides tie
            status, out = self.lib.view_op("ravel", self.v, self.lib.orders["K"])
            good = status == self.lib.header["E_NEEDS_COPY"]
            if status == 0 and out.ndim == 1 and out.shape[0] == array.size and out.data == self.v.data:
                ours = np.lib.stride_tricks.as_strided(array, (array.size,), (out.strides[0],))
                good = bits(ours).tobytes() == bits(array.ravel("K")).tobytes()
            about = f"{self.lib.status_name(status)} {out.text()}"
            self.report.check("view_ravel", good, lambda: f"{about}; {picture(array)} ravel K, NumPy copies")
            return

        self.step("ravel", theirs, self.lib.orders[order], detail=order)

    def broadcast_to(self):
        shape = [int(self.rng.integers(0, 5)) if n == 1 else n for n in self.array.shape]
        shape = [int(k) for k in self.rng.integers(0, 5, self.rng.integers(0, 3))] + shape
        if shape and self.rng.random() < 0.1:
            shape[self.rng.integers(len(shape))] = int(self.rng.integers(-1, 5))
        if shape and self.rng.random() < 0.03:
            shape = shape[1:]
        theirs = lambda: np.broadcast_to(self.array, shape)  # noqa: E731
        keep = np.prod(shape) < 5000
        self.step("broadcast_to", theirs, len(shape), i64s(shape), detail=f"{shape}", keep=keep)

    def diagonal(self):
        offset, a, b = int(self.rng.integers(-8, 9)), self.axis(self.array.ndim), self.axis(self.array.ndim)
        theirs = lambda: np.diagonal(self.array, offset, a, b)  # noqa: E731
        # NumPy's diagonal is read-only for historical reasons; ours is as writeable as its source
        self.step("diagonal", theirs, offset, a, b, flags=False, detail=f"{offset} {a} {b}")

    def sliding_window(self):
        array, n = self.array, int(self.rng.integers(1, 3))
        if array.ndim == 0:
            return
        axes = [self.axis(array.ndim) for _ in range(n)]
        window = [int(w) for w in self.rng.integers(0, 4, n)]
        if self.rng.random() < 0.1:
            window[0] = -1
        theirs = lambda: np.lib.stride_tricks.sliding_window_view(array, window, axes)  # noqa: E731
        keep = array.size < 500
        self.step("sliding_window", theirs, n, i32s(axes), i64s(window), keep=keep, detail=f"{axes} {window}")

    def split(self):
        sections, axis = int(self.rng.integers(0, 6)), self.axis(self.array.ndim)
        part = int(self.rng.integers(0, max(1, sections)))

        def theirs():
            np.lib.array_utils.normalize_axis_index(axis, self.array.ndim)
            return np.array_split(self.array, sections, axis)[part]

        self.step("split", theirs, sections, axis, part, detail=f"{sections} {axis} {part}")

    def as_strided(self):
        if self.array.size == 0:  # the address of nothing is not compared, so there is nowhere to start from
            return
        rng, size = self.rng, self.array.dtype.itemsize
        shape = list(shape_of(rng, 4, 4))
        strides = [int(s) for s in rng.integers(-20, 21, len(shape))]
        low = sum(min(0, s * (n - 1)) for s, n in zip(strides, shape) if n > 0)
        high = sum(max(0, s * (n - 1)) for s, n in zip(strides, shape) if n > 0) + size
        inside = address(self.memory.bytes)
        nbytes = self.memory.bytes.size
        offset = address(self.array) - inside
        array = self.array

        def theirs():
            if 0 not in shape and (offset + low < 0 or offset + high > nbytes):
                raise ValueError("leaves the block")
            return np.lib.stride_tricks.as_strided(array, shape, strides)

        args = (len(shape), i64s(shape), i64s(strides), inside, nbytes)
        empty = 0 in shape
        self.step("as_strided", theirs, *args, detail=f"{shape} {strides}", ours_may_fail=empty, keep=False)

    def reinterpret(self):
        array, dtype = self.array, ALL[self.rng.integers(len(ALL))]
        if array.dtype.kind == "V" and array.dtype != BF16:
            return
        code = self.lib.code_of[dtype]
        try:
            array.view(dtype)
        except ValueError:
            # ours works on any unit-stride axis; without one it must fail as NumPy does
            size = array.dtype.itemsize
            if any(n > 1 and s == size for n, s in zip(array.shape, array.strides)) or 1 in array.shape or not array.size:
                self.report.skip("view_reinterpret")
                return
        self.step("reinterpret", lambda: array.view(dtype), code, detail=f"{dtype}")

    def real(self):
        if self.array.dtype.kind == "V":
            return
        self.step("real", lambda: self.array.real, keep=False)

    def imag(self):
        array = self.array
        if array.dtype.kind == "c":
            return self.step("imag", lambda: array.imag, keep=False)
        if array.dtype.kind == "V":
            return
        # of a real array: zeros that can only be read, as in NumPy, but without memory of their own
        status, out = self.lib.view_op("imag", self.v)
        good = status == 0 and out.ndim == array.ndim and tuple(out.shape[: out.ndim]) == array.shape
        good = good and out.dtype == self.v.dtype and out.itemsize == array.dtype.itemsize
        good = good and out.flags == self.lib.header["READONLY"]
        if good and array.size:
            good = not any(out.strides[: out.ndim]) and out.data % out.itemsize == 0
            good = good and not any((ctypes.c_uint8 * out.itemsize).from_address(out.data))
        about = f"{self.lib.status_name(status)} {out.text()}"
        self.report.check("view_imag", good, lambda: f"{about}; imaginary part of {picture(array)}")

    def field(self, opaque=False):
        size = self.array.dtype.itemsize
        offset = int(self.rng.integers(-1, size + 1))
        dtype = np.dtype((np.void, int(self.rng.integers(1, size + 2)))) if opaque else ALL[self.rng.integers(len(ALL))]

        def theirs():
            if offset < 0 or offset + dtype.itemsize > size:
                raise ValueError("not inside the item")
            spec = {"names": ["f"], "formats": [dtype], "offsets": [offset], "itemsize": size}
            return self.array.view(np.dtype(spec))["f"]

        name, last = ("field_opaque", dtype.itemsize) if opaque else ("field", self.lib.code_of.get(dtype))
        self.step(name, theirs, offset, last, keep=False, detail=f"{offset} {dtype}")

    def field_opaque(self):
        self.field(opaque=True)

    def readonly(self):
        def theirs():
            result = self.array.view()
            result.flags.writeable = False
            return result

        self.step("readonly", theirs, keep=self.rng.random() < 0.3)


STEPS = [name for name in vars(Chain) if "view_" + name in OPERATIONS]


def views(lib, report, rng):
    """A chain of up to five operations on one array."""
    chain = Chain(lib, report, rng)
    for _ in range(int(rng.integers(1, 6))):
        getattr(chain, str(rng.choice(STEPS)))()
        if chain.diverged or chain.array.ndim > 12:
            break


def init(lib, report, rng):
    """Views made from a shape and an order, as numpy.ndarray(shape, dtype, buffer, order)."""
    shape, order = shape_of(rng), str(rng.choice(["C", "F"]))
    array, _ = random_array(rng, opaque=0.3)
    dtype = array.dtype
    block = np.zeros(max(1, int(np.prod(shape))) * dtype.itemsize, np.uint8)
    expected = np.ndarray(shape, dtype, block, 0, None, order)
    strides = i64s(expected.strides) if rng.random() < 0.5 else None
    out = View()
    opaque = dtype not in lib.code_of
    name = "view_init_opaque" if opaque else "view_init"
    what = dtype.itemsize if opaque else lib.code_of[dtype]
    args = (out, address(block), what, len(shape), i64s(shape), strides, lib.orders[order])
    status = lib.call(name, *args, out=out)
    why = f"status {lib.status_name(status)}" if status else same_view(lib, out, expected)
    report.check(name, why is None, lambda: f"{why}; {dtype} {shape} {order}")


def broadcast(lib, report, rng):
    """The shape of several views together, and the views stretched to it."""
    n = int(rng.integers(0, 5))
    full = shape_of(rng)
    arrays = []
    for _ in range(n):
        shape = [1 if rng.random() < 0.3 else k for k in full][int(rng.integers(0, len(full) + 1)) :]
        if shape and rng.random() < 0.07:
            shape[rng.integers(len(shape))] = int(rng.integers(0, 5))
        arrays.append(random_array(rng, shape=tuple(shape), opaque=0.1)[0])
    try:
        shape = np.broadcast_shapes(*[a.shape for a in arrays])
    except ValueError:
        shape = None
    views = [lib.view(a) for a in arrays]
    pointers = (ctypes.c_void_p * max(1, n))(*[ctypes.addressof(v) for v in views])
    ndim, extents = ctypes.c_int32(-1), i64s([7] * 64)
    status = lib.call("broadcast_shapes", n, pointers, ndim, extents, out=ndim)
    ours = None if status else tuple(extents[: max(0, ndim.value)])
    report.check("broadcast_shapes", ours == shape, lambda: f"{[a.shape for a in arrays]}: {ours}, NumPy {shape}")
    outs = [View() for _ in arrays]
    places = (ctypes.c_void_p * max(1, n))(*[ctypes.addressof(v) for v in outs])
    status = lib.call("view_broadcast_many", n, pointers, places, out=outs)
    if shape is None:
        report.check("view_broadcast_many", status != 0, lambda: f"{[a.shape for a in arrays]}: OK, NumPy raises")
        return
    for a, out in zip(arrays, outs):
        expected = np.broadcast_to(a, shape)
        why = f"status {lib.status_name(status)}" if status else same_view(lib, out, expected, False)
        report.check("view_broadcast_many", why is None, lambda: f"{why}; {[a.shape for a in arrays]}")


PROGRAMS = [views, views, views, views, init, broadcast]
