"""The cases of `cargo xtask compare copy`: a table of shapes and strides, one copy each.

    name,group,category,dtype,shape,src_strides,src_offset,src_elems,dst_strides,dst_offset,dst_elems,op,size_class

Shapes are written 4x3, strides in elements with blanks between them. dtype is one name, `f64:f32` for a cast, or `v12` for records of 12 bytes.
"""

import csv
import ctypes

import numpy as np

import bench
from bench import Missing

NAMES = {
    "bool": "BOOL", "i8": "I8", "i16": "I16", "i32": "I32", "i64": "I64", "u8": "U8", "u16": "U16", "u32": "U32",
    "u64": "U64", "f16": "F16", "f32": "F32", "f64": "F64", "c64": "C64", "c128": "C128",
}  # fmt: skip
OMATCOPY = {"f32": ("s", bench.OMATCOPY_S), "f64": ("d", bench.OMATCOPY_D), "c128": ("z", bench.OMATCOPY_Z)}
STAGGER = 33 * 64  # source and destination do not begin at the same place of a page


class Nest(ctypes.Structure):
    _fields_ = [("ndim", ctypes.c_int64)] + [(name, ctypes.c_int64 * 64) for name in ("extent", "src", "dst")]


class Cases:
    def __init__(self, bench_, path, wanted):
        from library import DTYPES

        self.bench, self.dtypes = bench_, {short: DTYPES[name] for short, name in NAMES.items()}
        self.dtypes.update({f"v{n}": np.dtype(f"V{n}") for n in (3, 6, 12, 24, 48)})
        with open(path, encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file)]
        self.rows = [row for row in rows if wanted(row["name"], row["category"])]
        sizes = [self.sizes(row) for row in self.rows]
        largest = [max((s[i] for s in sizes), default=0) for i in (0, 1)]
        room = max(largest) + (4 << 20)
        self.src, self.dst = bench_.room(room), bench_.room(room)
        self.other = np.empty(0, np.uint8)
        self.blas = openblas()

    def sizes(self, row):
        a, b = self.dtype_pair(row)
        return int(row["src_elems"]) * a.itemsize, int(row["dst_elems"]) * b.itemsize

    def dtype_pair(self, row):
        names = row["dtype"].split(":")
        return self.dtypes[names[0]], self.dtypes[names[-1]]

    def views(self, row):
        shape = [int(n) for n in row["shape"].split("x")]
        out = []
        for side, room, dtype, start in zip(("src", "dst"), (self.src, self.dst), self.dtype_pair(row), (0, STAGGER)):
            size = int(row[side + "_elems"]) * dtype.itemsize
            flat = room[start : start + size].view(dtype)
            strides = [int(s) * dtype.itemsize for s in row[side + "_strides"].split()]
            at = flat[int(row[side + "_offset"]) :]
            out.append(np.lib.stride_tricks.as_strided(at, shape, strides))
        return out

    def __iter__(self):
        last = None
        for row in self.rows:
            src, dst = self.views(row)
            if src.dtype != dst.dtype or src.dtype != last:
                self.fill(src, dst)
            last = src.dtype if src.dtype == dst.dtype else None
            yield self.case(row, src, dst)

    def fill(self, src, dst):
        """Casts need numbers that have a value in both types; copies move any bits."""
        if src.dtype.kind == "V":
            return
        low, high = (0, 100) if "u" in (src.dtype.kind, dst.dtype.kind) else (-100, 100)
        some = np.random.default_rng(1).uniform(low, high, 1 << 16).astype(src.dtype)
        whole = self.src[: len(self.src) // some.nbytes * some.nbytes].view(src.dtype).reshape(-1, len(some))
        whole[...] = some

    def case(self, row, src, dst):
        lines_in, bytes_in = bench.touched(src)
        lines_out, bytes_out = bench.touched(dst)
        a, out = bench.address(self.src), bench.address(self.dst) + STAGGER
        # Where the limits that read two streams have the second: memory that the first does not bring near.
        b = a + max(min(bytes_in, bytes_out), (bytes_in + bytes_out) // 3) // 64 * 64
        contenders = {
            "libstrided": lambda: self.bench.strided("copy_cast", src=src, dst=dst, casting=4),
            "NumPy": lambda: self.bench.numpy(np.copyto, dst, src, casting="unsafe"),
            "naive": lambda: self.naive(src, dst),
            "ndarray": lambda: self.bench.peer("copy", src, dst),
            "OpenBLAS": lambda: self.omatcopy(row, src, dst),
            "HPTT": lambda: self.hptt(row, src, dst),
        }
        return {
            "case": row["name"],
            "class": row["category"],
            "size": row["size_class"],
            "dtype": row["dtype"],
            "bytes": bytes_in + bytes_out,
            "lines": lines_in + lines_out,
            "contenders": contenders,
            # Of useful bytes: a case that touches more lines than it uses is not excused.
            "limits": self.bench.limit_jobs(bytes_in, bytes_out, a, b, out),
            "result": lambda: dst,
        }

    def naive(self, src, dst):
        if src.dtype != dst.dtype:
            raise Missing("the naive loops do not cast")
        nest = Nest(ndim=src.ndim)
        order = sorted(range(src.ndim), key=lambda axis: -abs(dst.strides[axis]))
        for i, axis in enumerate(order):
            nest.extent[i], nest.src[i], nest.dst[i] = src.shape[axis], src.strides[axis], dst.strides[axis]
        job = self.bench.call("naive_copy", ctypes.addressof(nest), bench.address(src), bench.address(dst), src.itemsize)
        job.keep = nest
        return job

    def omatcopy(self, row, src, dst):
        if self.blas is None or row["dtype"] not in OMATCOPY:
            raise Missing("no omatcopy for this type")
        if src.ndim != 2 or src.strides[0] != src.itemsize or dst.strides[1] != dst.itemsize:
            raise Missing("no transpose of a matrix")
        letter, kind = OMATCOPY[row["dtype"]]
        function = getattr(self.blas, f"scipy_cblas_{letter}omatcopy64_", None) or getattr(
            self.blas, f"cblas_{letter}omatcopy", None
        )
        if function is None or min(src.strides[1], dst.strides[0]) <= 0:
            raise Missing("no omatcopy")
        n, m = src.shape
        words = [m, n, bench.address(src), src.strides[1] // src.itemsize, bench.address(dst), dst.strides[0] // dst.itemsize]
        return bench.Job(kind, ctypes.cast(function, ctypes.c_void_p).value, words, (src, dst))

    def hptt(self, row, src, dst):
        """A plan by HPTT's estimate, made beforehand."""
        if self.bench.hptt is None or row["dtype"] not in ("f32", "f64", "c128"):
            raise Missing("HPTT is not installed, or does not take this type")
        axes = [axis for axis in range(src.ndim) if src.shape[axis] > 1]
        sides = []
        for array in (src, dst):
            order = sorted(axes, key=lambda axis: array.strides[axis])
            steps = [array.strides[axis] // array.itemsize for axis in order]
            outer = [steps[i + 1] // steps[i] if steps[i] > 0 else 0 for i in range(len(order) - 1)]
            outer.append(array.shape[order[-1]] if order else 0)
            dense = steps[:1] == [1] and all(
                o >= array.shape[axis] and (i + 1 == len(order) or steps[i] * o == steps[i + 1])
                for i, (o, axis) in enumerate(zip(outer, order))
            )
            if not dense:
                raise Missing("not a transposition as HPTT means it")
            sides.append((order, outer))
        (a, outer_a), (b, outer_b) = sides
        ints = lambda values: (ctypes.c_int * len(values))(*values)  # noqa: E731
        make = self.bench.hptt.peer_hptt_plan
        make.restype = ctypes.c_void_p
        plan = make(
            ctypes.c_int(src.itemsize), ctypes.c_int(len(axes)), ints([a.index(axis) for axis in b]),
            ints([src.shape[axis] for axis in a]), ints(outer_a), ctypes.c_void_p(bench.address(src)), ints(outer_b),
            ctypes.c_void_p(bench.address(dst)),
        )  # fmt: skip
        if not plan:
            raise Missing("HPTT made no plan")
        # It forgets the gaps of one side where it joins axes of the other.
        self.bench.hptt.peer_hptt_run(ctypes.c_void_p(plan))
        if not np.array_equal(dst, src):
            raise Missing("HPTT's result is another one")
        return bench.Job(bench.CALL, ctypes.cast(self.bench.hptt.peer_hptt_run, ctypes.c_void_p).value, [plan])


def openblas():
    """The library that NumPy brought with it."""
    import pathlib

    for path in (pathlib.Path(np.__file__).parent.parent / "numpy.libs").glob("libscipy_openblas*"):
        return ctypes.CDLL(str(path))
    try:
        return ctypes.CDLL("libopenblas.so.0")
    except OSError:
        return None
