"""What both comparisons share: memory, jobs, and taking turns.

A job is one contender of a case: a function and its arguments, which measure.c calls in a loop of its own. The contenders
of a case work on the same memory and take turns, so that whatever else the machine does falls on all of them alike; the
figure of each is the median over its turns.
"""

import ctypes
import os
import pathlib
import statistics
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "ffi-tests" / "numpy"))
from library import Index, Library, Options, View  # noqa: E402  (the tests' own description of the C ABI)

__all__ = ["Bench", "Index", "Library", "Options", "View", "Job"]

CALL, PYTHON, OMATCOPY_S, OMATCOPY_D, OMATCOPY_Z = range(5)

BATCH = 40_000.0  # nanoseconds that one turn takes at least
FEWEST, MOST = 5, 101  # turns
FITS = 1e6  # nanoseconds: a case whose fastest contender takes less may be at work inside the caches
PATIENT = 8e6  # nanoseconds of a contender that is run once for nothing, at most


class CJob(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int64), ("function", ctypes.c_void_p), ("word", ctypes.c_uint64 * 8)]


class Job:
    """`keep` holds whatever the words point to."""

    def __init__(self, kind, function, words, keep=()):
        self.c = CJob(kind, function, (ctypes.c_uint64 * 8)(*[int(w) & (2**64 - 1) for w in words]))
        self.keep = keep


class Missing(Exception):
    """A contender that can not take part; the text says why."""


class Bench:
    def __init__(self, measure, library, header, ndarray=None, hptt=None):
        pin()
        self.c = ctypes.PyDLL(measure)  # keeps the interpreter's lock: jobs call Python
        self.c.room.restype = ctypes.c_void_p
        self.c.room.argtypes = [ctypes.c_size_t]
        self.c.job_run.restype = ctypes.c_double
        self.c.job_run.argtypes = [ctypes.POINTER(CJob), ctypes.c_int64, ctypes.POINTER(ctypes.c_int32)]
        self.library = Library(library, header)
        self.parameters = self.library.header.parameters
        self.ndarray = ctypes.CDLL(ndarray) if ndarray else None
        self.hptt = ctypes.CDLL(hptt) if hptt else None
        self.streams = bool(self.c.limit_streams())
        self.python = ctypes.cast(ctypes.pythonapi.PyObject_Vectorcall, ctypes.c_void_p).value
        self.decref = ctypes.cast(ctypes.pythonapi.Py_DecRef, ctypes.c_void_p).value

    def room(self, size):
        """Touched memory on huge pages, as an array of bytes."""
        address = self.c.room(size)
        if not address:
            raise MemoryError(f"{size} bytes")
        return np.frombuffer((ctypes.c_uint8 * size).from_address(address), np.uint8)

    # ---- contenders ----

    def call(self, name, *words):
        """A function of measure.c."""
        return Job(CALL, ctypes.cast(getattr(self.c, name), ctypes.c_void_p).value, words)

    def numpy(self, callable, *arguments, **named):
        values = arguments + tuple(named.values())
        words = (ctypes.c_uint64 * max(1, len(values)))(*[id(v) for v in values])
        names = tuple(named)
        at = ctypes.addressof(words)
        return Job(
            PYTHON,
            self.python,
            [id(callable), at, len(arguments), id(names) if names else 0, self.decref],
            (callable, values, words, names),
        )

    def strided(self, name, **given):
        """strided_<name>, with what the header says that it takes out of `given`: arrays become views. `axes` brings
        `naxes` with it."""
        parameters = self.parameters.get("strided_" + name)
        if parameters is None or name not in self.library.functions:
            raise Missing(f"strided_{name} is not in the library yet")
        if "axes" in given:
            axes = given["axes"]
            given = dict(given, naxes=0 if axes is None else len(axes), keepdims=given.get("keepdims", 0))
            given["axes"] = 0 if axes is None else (ctypes.c_int32 * max(1, len(axes)))(*axes)
        unknown = [p for p in parameters if p not in given]
        if unknown:
            raise Missing(f"strided_{name} takes {', '.join(unknown)}, of which the comparison knows nothing")
        keep = [self.library.view(v) if isinstance(v, np.ndarray) else v for v in (given[p] for p in parameters)]
        words = [v if isinstance(v, int) else ctypes.addressof(v) for v in keep]
        address = ctypes.cast(getattr(self.library.handle, "strided_" + name), ctypes.c_void_p).value
        return Job(CALL, address, words, (keep, given))

    def peer(self, name, *arrays, axis=-1):
        """A function of benches/compare/ndarray."""
        if self.ndarray is None:
            raise Missing("ndarray was not built")
        views = [self.library.view(a) for a in arrays]
        address = ctypes.cast(getattr(self.ndarray, "peer_" + name), ctypes.c_void_p).value
        return Job(CALL, address, [ctypes.addressof(v) for v in views] + [axis], (views, arrays))

    # ---- measuring ----

    def run(self, job, n=1):
        """Nanoseconds of a call; None when it says that it failed."""
        status = ctypes.c_int32()
        try:
            time = self.c.job_run(ctypes.byref(job.c), n, ctypes.byref(status))
        except Exception as error:  # what NumPy raised
            self.raised = str(error)
            return None
        return None if status.value else time

    def race(self, jobs, budget):
        """Median nanoseconds of each job that works. `budget`: seconds, about."""
        turns = {}
        for name, job in jobs.items():
            if self.run(job) is None:
                continue
            once = max(1.0, min(self.run(job) or 1.0, self.run(job) or 1.0))
            turns[name] = max(1, int(BATCH / once)), once
        if not turns:
            return {}
        batch = {name: n * once for name, (n, once) in turns.items()}
        quick = sorted(batch.values())[(len(batch) - 1) // 2]  # slow contenders get fewer turns, not a longer race
        rounds = int(min(MOST, max(FEWEST, budget * 1e9 / (2 * quick * len(batch)))))
        every = {name: max(1, min(rounds // 3, round(t / (4 * quick)))) for name, t in batch.items()}
        # All of a case alike: a contender just above a bound for each would be measured in other caches than its limit below it.
        fits = min(once for _, once in turns.values()) < FITS
        times = {name: [] for name in turns}
        for i in range(rounds):
            for name, (n, once) in turns.items():
                if i % every[name] == 0:
                    # Once for nothing: the one before may have left other things in the caches. What writes past them, as
                    # some limits do, takes the output out of them, and its neighbour would pay for that.
                    if fits and once < PATIENT:
                        self.run(jobs[name])
                    times[name].append(self.run(jobs[name], n))
        return {name: statistics.median(t) for name, t in times.items()}

    def limit_jobs(self, reads, writes, a, b, out, in_place=False):
        """The jobs that move `reads` bytes in and `writes` bytes out, from addresses `a` and `b` to `out`; the fastest
        is the limit of a case. `in_place`: the bytes that are written are among those that are read."""
        jobs = {}
        both = ("", "_streamed") if self.streams else ("",)

        def line(n):
            return int(n) // 64 * 64

        total = reads + writes
        if in_place:
            jobs["in_place"] = self.call("limit_in_place", out, line(writes))
            if reads > 1.5 * writes:
                jobs["in_place"] = self.call("limit_in_place_two", out, a, line(writes))
            return jobs
        if writes * 64 < reads:
            jobs["read"] = self.call("limit_read", a, line(reads))
            return jobs
        for way in both:
            if reads * 64 < writes:
                jobs["fill" + way] = self.call("limit_fill" + way, out, line(writes))
            elif 0.45 < reads / writes < 1.6:
                jobs["copy" + way] = self.call("limit_copy" + way, out, a, line(total / 2))
            if 1.5 < reads / writes < 4.5:
                jobs["triad" + way] = self.call("limit_two" + way, out, a, b, line(total / 3))
            if reads * 64 >= writes and not 0.99 < reads / writes < 1.01:
                first = min(reads, writes)
                words = (out, int(writes), a, int(first), b, int(reads - first), int(way != ""))
                jobs["mix" + way] = self.call("limit_mix", *words)
        if any(name.startswith("copy") for name in jobs):
            jobs["memcpy"] = self.call("limit_memcpy", out, a, int(total / 2))
            jobs["movsb"] = self.call("limit_movsb", out, a, int(total / 2))
        return jobs


def pin():
    """One core, the same one throughout: the one that the process is on, unless the caller chose."""
    try:
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[-1]})
    except (AttributeError, OSError):
        pass


def address(array):
    return array.__array_interface__["data"][0]


def touched(array, line=64):
    """Bytes of the cache lines that the elements of `array` lie in, about; and those of the elements themselves."""
    axes = [(abs(s), n) for s, n in zip(array.strides, array.shape) if s != 0 and n > 1]
    count = 1
    for _, n in axes:
        count *= n
    item = array.itemsize
    if not axes:
        return item, item
    apart = max(item, min(min(axes)[0], line))
    return count * apart, count * item
