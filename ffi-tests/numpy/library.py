"""The library through ctypes, and its views as Python objects."""

import ctypes

import numpy as np

from header import Header

try:
    import ml_dtypes

    BF16 = np.dtype(ml_dtypes.bfloat16)
except ImportError:
    BF16 = None

DTYPES = {
    "BOOL": np.dtype(np.bool_),
    "I8": np.dtype(np.int8),
    "I16": np.dtype(np.int16),
    "I32": np.dtype(np.int32),
    "I64": np.dtype(np.int64),
    "U8": np.dtype(np.uint8),
    "U16": np.dtype(np.uint16),
    "U32": np.dtype(np.uint32),
    "U64": np.dtype(np.uint64),
    "F16": np.dtype(np.float16),
    "F32": np.dtype(np.float32),
    "F64": np.dtype(np.float64),
    "C64": np.dtype(np.complex64),
    "C128": np.dtype(np.complex128),
}
if BF16 is not None:
    DTYPES["BF16"] = BF16


MISSING = -1  # the status of a function that the library does not have


class View(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("itemsize", ctypes.c_int64),
        ("dtype", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("flags", ctypes.c_uint64),
        ("shape", ctypes.c_int64 * 64),
        ("strides", ctypes.c_int64 * 64),
    ]

    def text(self):
        n = max(0, min(64, self.ndim))
        return (
            f"view(data={self.data:#x}, dtype={self.dtype}, itemsize={self.itemsize}, shape={list(self.shape[:n])}, "
            f"strides={list(self.strides[:n])}, flags={self.flags})"
            if self.data
            else "view(NULL)"
        )


class Index(ctypes.Structure):
    _fields_ = [
        ("kind", ctypes.c_int32),
        ("reserved", ctypes.c_int32),
        ("start", ctypes.c_int64),
        ("stop", ctypes.c_int64),
        ("step", ctypes.c_int64),
    ]


class Options(ctypes.Structure):
    _fields_ = [
        ("where", ctypes.c_void_p),
        ("initial", ctypes.c_void_p),
        ("initial_dtype", ctypes.c_int32),
        ("reserved", ctypes.c_int32),
        ("ddof", ctypes.c_double),
    ]


INNER = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_int64, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_int64)
)


def i64s(values):
    return (ctypes.c_int64 * max(1, len(values)))(*values)


def i32s(values):
    return (ctypes.c_int32 * max(1, len(values)))(*values)


class Library:
    """`call` runs a function; `sabotage` makes chosen functions lie, to test the tests."""

    def __init__(self, path, header_path):
        self.header = Header(header_path)
        self.handle = ctypes.CDLL(path)
        self.sabotage = None
        self.functions = {}
        for name, (result, parameters) in self.header.functions.items():
            function = getattr(self.handle, name, None)
            if function is not None:
                function.restype, function.argtypes = result, parameters
                self.functions[name[len("strided_") :]] = function
        self.code_of = {dtype: self.header[name] for name, dtype in DTYPES.items()}
        self.dtype_of = {code: dtype for dtype, code in self.code_of.items()}
        self.opaque = self.header["OPAQUE"]
        self.orders = {letter: self.header["ORDER_" + letter] for letter in "CFAK"}
        self.castings = {
            name: self.header["CAST_" + name.upper()] for name in ("no", "equiv", "safe", "same_kind", "unsafe")
        }
        self.status_names = {v: k[8:] for k, v in self.header.values.items() if k.startswith("STRIDED_E_")}

    def call(self, name, *args, out=None, data=None):
        """Calls strided_<name>. `out` (a ctypes object or several) and `data` (a view whose elements are written) only
        say what the call writes, for the sabotage; they are among `args` as well."""
        c_args = [ctypes.byref(a) if isinstance(a, (ctypes.Structure, ctypes._SimpleCData)) else a for a in args]
        if name not in self.functions:
            return MISSING
        result = self.functions[name](*c_args)
        if self.sabotage is not None and self.sabotage.function == name:
            result = self.sabotage.lie(result, out, data)
        return result

    def status_name(self, status):
        return "OK" if status == 0 else "MISSING" if status == MISSING else self.status_names.get(status, str(status))

    def message(self):
        return (self.functions["last_error"]() or b"").decode("utf-8", "replace")

    def view(self, array):
        """The view of a NumPy array. Structured and void dtypes become opaque."""
        v = View()
        v.data = array.__array_interface__["data"][0]
        v.itemsize = array.dtype.itemsize
        v.dtype = self.code_of.get(array.dtype, self.opaque)
        v.ndim = array.ndim
        v.flags = 0 if array.flags.writeable else self.header["READONLY"]
        for axis in range(array.ndim):
            v.shape[axis] = array.shape[axis]
            v.strides[axis] = array.strides[axis]
        return v

    def view_op(self, name, v, *args):
        """A view operation: returns (status, new view)."""
        out = View()
        return self.call("view_" + name, v, *args, out, out=out), out


def address(array):
    return array.__array_interface__["data"][0]
