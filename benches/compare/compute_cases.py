"""The cases of `cargo xtask compare compute`.

Each is one call of libstrided and the same work in NumPy, into the same output where NumPy takes one, on arrays of three
sizes: DRAM (far beyond the caches), L2 (all operands together about half a megabyte) and tiny (calls). An operation that
the library does not have yet is left out, and said to be.
"""

import ctypes
import operator

import numpy as np

import bench
from bench import Index, Missing, Options, View

ROOM = 400 << 20
RANGE, AT, NONE = 0, 1, -(1 << 63)  # of strided_index
STAGGER = 33 * 64

f32, f64, i8, i16, i32, i64, u8, b1 = (
    np.dtype(t) for t in ("f4", "f8", "i1", "i2", "i4", "i8", "u1", "?")
)  # fmt: skip
c128 = np.dtype("c16")


class Memory:
    """Three rooms: the inputs of a case lie in the first two by turns, its outputs in the third."""

    def __init__(self, contest):
        self.rooms = [contest.room(ROOM) for _ in range(3)]
        self.some = np.random.default_rng(7).uniform(-1, 1, 1 << 20)
        self.clear()

    def clear(self):
        self.used, self.turn = [i * STAGGER for i in range(3)], 0

    def take(self, room, shape, dtype, order):
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        at = self.used[room]
        if at + size > len(self.rooms[room]):
            raise MemoryError("a case is too large")
        self.used[room] = (at + size + 127) // 64 * 64
        return self.rooms[room][at : at + size].view(dtype).reshape(shape, order=order)

    def input(self, shape, dtype=f64, order="C", low=-100, high=100):
        array = self.take(self.turn % 2, shape, dtype, order)
        self.turn += 1
        flat = array.ravel("K")
        # Each input begins with other numbers: two that are equal are never less.
        values = (np.roll(self.some, 7919 * self.turn) + 1) * ((high - low) / 2) + low
        values = (values > (low + high) / 2) if dtype == b1 else values.astype(dtype)
        whole = flat.size // values.size * values.size
        flat[:whole].reshape(-1, values.size)[...] = values
        flat[whole:] = values[: flat.size - whole]
        return array

    def output(self, shape, dtype=f64, order="C"):
        array = self.take(2, shape, dtype, order)
        array[...] = 0
        return array


class Cases:
    def __init__(self, contest, wanted):
        self.contest, self.wanted = contest, wanted
        self.memory = Memory(contest)
        self.list = []
        for size in ("DRAM", "L2"):
            side = 4096 if size == "DRAM" else 144
            self.same_order(size, side)
            self.broadcast(size, side)
            self.mixed_order(size, side)
            self.mixed_dtypes(size, side)
            self.compare_and_select(size, side)
            self.integer_division(size, side)
            self.functions(size, side)
            self.reductions(size, side)
            self.narrow(size, side)
            self.positions_and_scans(size, side)
            self.masks(size, side)
        self.windows()
        self.tiny()
        self.views()

    def __iter__(self):
        for name, klass, size, make in self.list:
            if self.wanted(name, klass):
                self.memory.clear()
                case = make()
                yield {"case": name, "class": klass, "size": size, **case}

    def add(self, name, klass, size, make):
        self.list.append((f"{name} {size}" if size != "tiny" else name, klass, size, make))

    # ---- making a case ----

    def elementwise(self, function, numpy, inputs, out, peer=None, in_place=False, names=("a", "b"), close=1e-6,
                    reads=None, **more):  # fmt: skip
        """`in_place`: the output is an input, and `reset` gives it its values back."""
        given = dict(zip(names, inputs), out=out, **more)
        contenders = {
            "libstrided": lambda: self.contest.strided(function, **given),
            "NumPy": lambda: numpy if isinstance(numpy, bench.Job) else self.contest.numpy(numpy, *inputs, out),
        }
        if peer:
            contenders["ndarray"] = lambda: self.contest.peer(peer, *inputs, out)
        reads = reads or [bench.touched(v) for v in inputs]
        writes = bench.touched(out)
        case = self.case(contenders, reads, writes, out, in_place)
        case["dtype"] = ":".join(dict.fromkeys(v.dtype.name for v in (*inputs, out)))
        case["close"] = close
        if in_place:
            saved = out.copy()
            case["reset"] = lambda: np.copyto(out, saved)
        return case

    def reduction(self, function, numpy, v, axes, out, peer=None, close=1e-6, **more):
        axis = tuple(axes) if axes is not None and len(axes) != 1 else axes[0] if axes else None
        contenders = {
            "libstrided": lambda: self.contest.strided(function, v=v, axes=axes, out=out, **more),
            "NumPy": lambda: numpy if isinstance(numpy, bench.Job) else self.contest.numpy(numpy, v, axis, None, out),
        }
        if peer:
            contenders["ndarray"] = lambda: self.contest.peer(peer, v, out, axis=-1 if axis is None else axis)
        case = self.case(contenders, [bench.touched(v)], bench.touched(out), out, False)
        case["dtype"] = v.dtype.name
        # NumPy adds f32 one by one off the fastest axis: its errors are those of the sum of the magnitudes.
        count = v.size // max(1, out.size)
        case["close"], case["near"] = close, 100 * count * (1e-6 if out.dtype == f32 else 1e-14)
        return case

    def case(self, contenders, reads, writes, out, in_place):
        a, b, c = (bench.address(room) + i * STAGGER for i, room in enumerate(self.memory.rooms))
        lines = sum(lines for lines, _ in reads)
        return {
            "contenders": contenders,
            "bytes": sum(used for _, used in reads) + writes[1],
            "lines": lines + writes[0],
            # Lines, not elements: a reduction with steps has to read the lines between.
            "limits": self.contest.limit_jobs(lines, writes[0], a, b, c, in_place),
            "result": lambda: out,
        }

    # ---- the classes ----

    def same_order(self, size, n):
        m = self.memory
        for name, dtype, ufunc, peer in (
            ("add", f64, np.add, "add"), ("add", f32, np.add, "add"), ("multiply", i32, np.multiply, None),
            ("add", u8, np.add, None), ("subtract", c128, np.subtract, None), ("maximum", f64, np.maximum, None),
            ("minimum", i16, np.minimum, None), ("divide", f64, np.divide, None), ("bitwise_and", i64, np.bitwise_and, None),
        ):  # fmt: skip
            def make(name=name, dtype=dtype, ufunc=ufunc, peer=peer):
                k = n // 2 if dtype == c128 else n
                inputs = [m.input((k, k), dtype, low=1), m.input((k, k), dtype, low=1)]
                return self.elementwise(name, ufunc, inputs, m.output((k, k), dtype), peer)

            self.add(f"{name} {dtype.name}", "same order", size, make)

        def in_place():
            a, b = m.input((n, n)), m.input((n, n))
            return self.elementwise("add", np.add, [a, b], a, in_place=True)

        self.add("a += b float64", "same order", size, in_place)

        def scalar():
            return self.elementwise("add", np.add, [m.input((n, n)), m.input((1, 1))], m.output((n, n)))

        self.add("matrix + scalar float64", "same order", size, scalar)

        def steps():
            a, b = m.input((n, n))[::2, ::2], m.input((n, n))[::2, ::2]
            return self.elementwise("add", np.add, [a, b], m.output(a.shape), "add")

        self.add("a[::2, ::2] + b[::2, ::2] float64", "steps", size, steps)

        def reversed_():
            a, b = m.input((n, n)), m.input((n, n))[:, ::-1]
            return self.elementwise("add", np.add, [a, b], m.output(a.shape))

        self.add("a + b[:, ::-1] float64", "steps", size, reversed_)

    def broadcast(self, size, n):
        m = self.memory
        for dtype in (f64, f32):
            def row(dtype=dtype):
                return self.elementwise("add", np.add, [m.input((n, n), dtype), m.input((n,), dtype)], m.output((n, n), dtype), "add")  # fmt: skip

            def column(dtype=dtype):
                return self.elementwise("add", np.add, [m.input((n, n), dtype), m.input((n, 1), dtype)], m.output((n, n), dtype), "add")  # fmt: skip

            self.add(f"matrix + row {dtype.name}", "broadcast", size, row)
            self.add(f"matrix + column {dtype.name}", "broadcast", size, column)

        def f_row():
            a = m.input((n, n), f64, "F")
            return self.elementwise("add", np.add, [a, m.input((n,))], m.output((n, n), f64, "F"))

        self.add("F matrix + row float64", "broadcast", size, f_row)

        def outer():
            return self.elementwise("multiply", np.multiply, [m.input((n, 1)), m.input((n,))], m.output((n, n)))

        self.add("column * row float64", "broadcast", size, outer)

    def mixed_order(self, size, n):
        m = self.memory
        shapes = [(n, n), (n * 3 // 4, n * 5 // 4)] if size == "DRAM" else [(n, n)]
        for dtype in (f64, f32):
            for shape in shapes:
                for letters in ("CFC", "FFC", "FCF"):
                    def make(dtype=dtype, shape=shape, letters=letters):
                        a, b = m.input(shape, dtype, letters[0]), m.input(shape, dtype, letters[1])
                        return self.elementwise("add", np.add, [a, b], m.output(shape, dtype, letters[2]), "add")

                    text = f"{letters[0]} + {letters[1]} -> {letters[2]} {dtype.name}"
                    self.add(f"{text} {shape[0]}x{shape[1]}", "mixed order", size, make)

        def own_transpose():
            a = m.input((n, n))
            return self.elementwise("add", np.add, [a, a.T], a, in_place=True, reads=[bench.touched(a)])

        self.add("a += a.T float64", "mixed order", size, own_transpose)

        def volume():
            k = 256 if size == "DRAM" else 28
            a, b = m.input((k, k, k)), m.input((k, k, k)).transpose(2, 0, 1)
            return self.elementwise("add", np.add, [a, b], m.output((k, k, k)))

        self.add("a + b.transpose(2, 0, 1) float64", "mixed order", size, volume)

        def bytes_():
            a, b = m.input((n, n), u8), m.input((n, n), u8, "F")
            return self.elementwise("add", np.add, [a, b], m.output((n, n), u8))

        self.add("C + F -> C uint8", "mixed order", size, bytes_)

    def mixed_dtypes(self, size, n):
        m = self.memory
        for a, b, out in ((i32, f64, f64), (u8, f32, f32), (f32, f64, f64), (i8, i16, i16), (i32, i64, i64)):
            def make(a=a, b=b, out=out):
                return self.elementwise("add", np.add, [m.input((n, n), a), m.input((n, n), b)], m.output((n, n), out))

            self.add(f"{a.name} + {b.name}", "mixed dtypes", size, make)

        def transposed():
            return self.elementwise("add", np.add, [m.input((n, n), i32), m.input((n, n), f64, "F")], m.output((n, n)))

        self.add("int32 C + float64 F", "mixed dtypes", size, transposed)

    def compare_and_select(self, size, n):
        m = self.memory
        for name, dtype, ufunc in (("less", f64, np.less), ("less", f32, np.less), ("equal", i32, np.equal), ("greater", u8, np.greater)):  # fmt: skip
            def make(name=name, dtype=dtype, ufunc=ufunc):
                return self.elementwise(name, ufunc, [m.input((n, n), dtype), m.input((n, n), dtype)], m.output((n, n), b1), "less" if name == "less" else None)  # fmt: skip

            self.add(f"{name} {dtype.name}", "comparisons", size, make)
        for dtype, order in ((f64, "C"), (f32, "C"), (u8, "C"), (f64, "F")):
            def where(dtype=dtype, order=order):
                mask, a = m.input((n, n), b1), m.input((n, n), dtype, order)
                b, out = m.input((n, n), dtype), m.output((n, n), dtype)
                numpy = self.contest.numpy(np.where, mask, a, b)  # it has no output to give; a fresh array each time
                case = self.elementwise("where", numpy, [mask, a, b], out, "where" if dtype in (f64, f32) else None, names=("mask", "a", "b"))  # fmt: skip
                expected = np.where(mask, a, b)
                case["expected"] = lambda: expected
                return case

            self.add(f"where {dtype.name}{' with F' if order == 'F' else ''}", "where", size, where)

    def integer_division(self, size, n):
        m = self.memory
        for name, dtype, ufunc in (
            ("floor_divide", i32, np.floor_divide), ("floor_divide", i8, np.floor_divide), ("floor_divide", i64, np.floor_divide),
            ("remainder", i32, np.remainder), ("divide", i32, np.divide), ("floor_divide", f64, np.floor_divide),
        ):  # fmt: skip
            def make(name=name, dtype=dtype, ufunc=ufunc):
                out = f64 if name == "divide" else dtype
                return self.elementwise(name, ufunc, [m.input((n, n), dtype), m.input((n, n), dtype, low=1, high=50)], m.output((n, n), out))  # fmt: skip

            self.add(f"{name} {dtype.name}", "division", size, make)

    def functions(self, size, n):
        m = self.memory
        for name, ufunc, dtypes, (low, high) in (
            ("sqrt", np.sqrt, (f64, f32), (0, 100)), ("negative", np.negative, (f64, i32), (-50, 50)),
            ("absolute", np.absolute, (f32,), (-50, 50)), ("square", np.square, (f64,), (-50, 50)),
            ("isnan", np.isnan, (f64,), (-1, 1)), ("floor", np.floor, (f64,), (-50, 50)),
            ("exp", np.exp, (f64, f32), (-20, 20)), ("log", np.log, (f64, f32), (0.01, 100)),
            ("sin", np.sin, (f64, f32), (-30, 30)), ("tanh", np.tanh, (f64,), (-3, 3)),
        ):  # fmt: skip
            for dtype in dtypes:
                def make(name=name, dtype=dtype, ufunc=ufunc, low=low, high=high):
                    out = m.output((n, n), b1 if name == "isnan" else dtype)
                    return self.elementwise(name, ufunc, [m.input((n, n), dtype, low=low, high=high)], out, names=("v",), close=1e-5 if dtype == f32 else 1e-12)  # fmt: skip

                self.add(f"{name} {dtype.name}", "functions", size, make)

        def power():
            return self.elementwise("power", np.power, [m.input((n, n), low=0.1, high=10), m.input((n, n), low=-3, high=3)], m.output((n, n)), close=1e-12)  # fmt: skip

        self.add("power float64", "functions", size, power)

    def reductions(self, size, n):
        m = self.memory
        layouts = {
            "C": lambda dtype: m.input((n, n), dtype),
            "F": lambda dtype: m.input((n, n), dtype, "F"),
            "[::2, ::2]": lambda dtype: m.input((n, n), dtype)[::2, ::2],
            "[:, ::-1]": lambda dtype: m.input((n, n), dtype)[:, ::-1],
        }

        def add(function, numpy, dtype, layout, axis, out_dtype, klass="sums", **more):
            def make():
                v = layouts[layout](dtype)
                out = m.output(v.shape[:1] if axis == 1 else v.shape[1:] if axis == 0 else (), out_dtype)
                axes = None if axis is None else [axis]
                peer = {"sum": "sum"}.get(function) if dtype in (f64, f32) else None
                return self.reduction(function, numpy, v, axes, out, peer, close=1e-4 if dtype == f32 else 1e-9, **more)

            where = "all" if axis is None else f"axis {axis}"
            self.add(f"{function} {dtype.name} {layout} {where}", klass, size, make)

        for layout in layouts:
            for axis in (0, 1, None):
                add("sum", np.add.reduce, f64, layout, axis, f64)
        for dtype, out in ((f32, f32), (i32, i64), (u8, np.dtype("u8")), (b1, i64)):
            for axis in (0, 1):
                add("sum", np.add.reduce, dtype, "C", axis, out)
        for axis in (0, 1, None):
            add("max", np.maximum.reduce, f64, "C", axis, f64, "min, max")
        add("min", np.minimum.reduce, f32, "F", 0, f32, "min, max")
        add("max", np.maximum.reduce, u8, "C", 0, u8, "min, max")
        add("prod", np.multiply.reduce, f64, "C", 1, f64, "min, max")
        for axis in (0, 1):
            add("mean", np.mean, f64, "C", axis, f64, "statistics")
            add("var", np.var, f64, "C", axis, f64, "statistics", ddof=0)
            add("std", np.std, f64, "C", axis, f64, "statistics", ddof=0)

        def middle():
            k = 256 if size == "DRAM" else 40
            v = m.input((k, k, k))
            return self.reduction("sum", np.add.reduce, v, [1], m.output((k, k)), "sum")

        self.add("sum float64 3-D axis 1", "sums", size, middle)

        def outer_two():
            k = 256 if size == "DRAM" else 40
            v = m.input((k, k, k))
            return self.reduction("sum", np.add.reduce, v, [0, 2], m.output((k,)))

        self.add("sum float64 3-D axes 0, 2", "sums", size, outer_two)

    def narrow(self, size, n):
        m = self.memory
        for k in (2, 3, 4, 8, 16):
            def row(k=k):
                rows = n * n // k
                return self.elementwise("add", np.add, [m.input((rows, k)), m.input((k,))], m.output((rows, k)), "add")

            def total(k=k):
                rows = n * n // k
                return self.reduction("sum", np.add.reduce, m.input((rows, k)), [1], m.output((rows,)), "sum")

            def largest(k=k):
                rows = n * n // k
                return self.reduction("max", np.maximum.reduce, m.input((rows, k)), [1], m.output((rows,)))

            def down(k=k):
                rows = n * n // k
                return self.reduction("sum", np.add.reduce, m.input((rows, k)), [0], m.output((k,)), "sum")

            self.add(f"(n, {k}) + row float64", "narrow", size, row)
            self.add(f"sum (n, {k}) axis 1 float64", "narrow", size, total)
            if k in (2, 3, 8):
                self.add(f"max (n, {k}) axis 1 float64", "narrow", size, largest)
                self.add(f"sum (n, {k}) axis 0 float64", "narrow", size, down)

    def positions_and_scans(self, size, n):
        m = self.memory
        for axis in (0, 1):
            def position(axis=axis):
                v, out = m.input((n, n)), m.output((n,), i64)
                return self.reduction("argmin", self.contest.numpy(np.argmin, v, axis, out), v, [axis], out)

            def scan(axis=axis):
                v, out = m.input((n, n)), m.output((n, n))
                numpy = self.contest.numpy(np.add.accumulate, v, axis, None, out)
                return self.elementwise("cumulative_sum", numpy, [v], out, names=("v",), axis=axis, a=v, close=1e-9)

            self.add(f"argmin float64 axis {axis}", "argmin, cumsum", size, position)
            self.add(f"cumsum float64 axis {axis}", "argmin, cumsum", size, scan)

    def masks(self, size, n):
        m = self.memory

        def sum_where():
            v, mask, out = m.input((n, n)), m.input((n, n), b1), m.output((n,))
            numpy = self.contest.numpy(np.add.reduce, v, 1, None, out, where=mask)
            options = Options()
            options.mask = self.contest.library.view(mask)  # kept as long as the options are
            options.where = ctypes.addressof(options.mask)
            op = self.contest.library.header["SUM"]
            return self.reduction("reduce_with", numpy, v, [1], out, op=op, options=options)

        self.add("sum where float64", "masks", size, sum_where)

        def copy_where():
            a, mask, out = m.input((n, n)), m.input((n, n), b1), m.output((n, n))
            numpy = self.contest.numpy(np.copyto, out, a, where=mask)
            return self.elementwise("where", numpy, [mask, a], out, names=("mask", "a"), b=out)

        self.add("copy where float64", "masks", size, copy_where)

        for dtype in (f64, f32, u8):

            def compress(dtype=dtype):
                v, mask = m.input((n * n,), dtype), m.input((n * n,), b1)
                out = m.output((int(np.count_nonzero(mask)),), dtype)
                numpy = self.contest.numpy(v.compress, mask, 0, out)
                return self.elementwise("compress", numpy, [v, mask], out, names=("v", "mask"), order=0, count=ctypes.c_int64())  # fmt: skip

            self.add(f"compress {dtype.name}", "masks", size, compress)

    def windows(self):
        m = self.memory

        def add(name, function, ufunc, window, dtype=f64):
            def make():
                if len(window) == 2:
                    a = m.input((1024 + window[0] - 1, 1024 + window[1] - 1), dtype)
                else:
                    a = m.input(((4 << 20) + window[0] - 1,), dtype)
                v = np.lib.stride_tricks.sliding_window_view(a, window)
                axes = list(range(a.ndim, v.ndim))
                case = self.reduction(function, ufunc, v, axes, m.output(v.shape[: a.ndim], dtype))
                once, lines = bench.touched(a), bench.touched(case["result"]())
                at = [bench.address(room) + i * STAGGER for i, room in enumerate(m.rooms)]
                case["bytes"], case["lines"] = once[1] + lines[1], once[0] + lines[0]
                case["limits"] = self.contest.limit_jobs(once[0], lines[0], *at)
                return case

            self.add(name, "windows", "L3", make)

        add("7x7 window sum float64", "sum", np.add.reduce, (7, 7))
        add("7x7 window max float64", "max", np.maximum.reduce, (7, 7))
        add("3x3 window sum float32", "sum", np.add.reduce, (3, 3), f32)
        add("7 sample window sum float64", "sum", np.add.reduce, (7,))

    def tiny(self):
        m = self.memory
        for n in (8, 64, 1000):
            def add(n=n):
                return self.elementwise("add", np.add, [m.input((n,)), m.input((n,))], m.output((n,)), "add")

            def less(n=n):
                return self.elementwise("less", np.less, [m.input((n,)), m.input((n,))], m.output((n,), b1), "less")

            def total(n=n):
                return self.reduction("sum", np.add.reduce, m.input((n,)), [0], m.output(()), "sum")

            def mixed(n=n):
                return self.elementwise("multiply", np.multiply, [m.input((n,), i32), m.input((n,))], m.output((n,)))

            def root(n=n):
                return self.elementwise("sqrt", np.sqrt, [m.input((n,), low=0)], m.output((n,)), names=("v",))

            self.add(f"add of {n}", "tiny", "tiny", add)
            self.add(f"less of {n}", "tiny", "tiny", less)
            self.add(f"sum of {n}", "tiny", "tiny", total)
            self.add(f"int32 * float64 of {n}", "tiny", "tiny", mixed)
            self.add(f"sqrt of {n}", "tiny", "tiny", root)

        def row():
            return self.elementwise("add", np.add, [m.input((4, 6)), m.input((6,))], m.output((4, 6)), "add")

        def axis():
            return self.reduction("sum", np.add.reduce, m.input((4, 6)), [0], m.output((6,)), "sum")

        def orders():
            return self.elementwise("add", np.add, [m.input((8, 8)), m.input((8, 8), f64, "F")], m.output((8, 8)), "add")

        self.add("(4, 6) + (6,)", "tiny", "tiny", row)
        self.add("sum (4, 6) axis 0", "tiny", "tiny", axis)
        self.add("8x8 C + F", "tiny", "tiny", orders)

    def views(self):
        """Views of three axes, made; no element is touched. NumPy's are its functions in C, called from C."""
        a = self.memory.input((4, 6, 8))
        v = self.contest.library.view(a)
        items = (Index * 3)(
            Index(RANGE, 0, 1, 4, 2), Index(AT, 0, 3, 0, 0), Index(RANGE, 0, NONE, NONE, -1)
        )  # fmt: skip
        of_a = {"v": v, "order": 0}
        for name, function, given, numpy, words in (
            ("transpose reversed", "view_transpose", {"axes": None}, np.ndarray.transpose, ()),
            ("transpose (2, 0, 1)", "view_transpose", {"axes": [2, 0, 1]}, np.ndarray.transpose, ((2, 0, 1),)),
            ("index [1:4:2, 3, ::-1]", "view_index", {"n": 3, "items": items}, operator.getitem,
             ((slice(1, 4, 2), 3, slice(None, None, -1)),)),
            ("reshape (24, 8)", "view_reshape", {"ndim": 2, "shape": (ctypes.c_int64 * 2)(24, 8)}, np.ndarray.reshape,
             ((24, 8),)),
            ("swap axes", "view_swapaxes", {"a": 0, "b": 2}, np.ndarray.swapaxes, (0, 2)),
            ("broadcast to (2, 4, 6, 8)", "view_broadcast_to", {"ndim": 4, "shape": (ctypes.c_int64 * 4)(2, 4, 6, 8)},
             None, ()),
        ):  # fmt: skip
            def make(function=function, given=given, numpy=numpy, words=words):
                out = View()
                contenders = {"libstrided": lambda: self.contest.strided(function, **of_a, **given, out=out)}
                if numpy:
                    contenders["NumPy"] = lambda: self.contest.numpy(numpy, a, *words)
                theirs = numpy(a, *words) if numpy else np.broadcast_to(a, (2, 4, 6, 8))
                return {
                    "contenders": contenders,
                    "dtype": "float64",
                    "bytes": 0,
                    "lines": 1,
                    "limits": {},
                    "result": lambda: (out.data, *out.shape[: out.ndim], *out.strides[: out.ndim]),
                    "expected": lambda: (bench.address(theirs), *theirs.shape, *theirs.strides),
                }

            self.add(name, "view", "tiny", make)
