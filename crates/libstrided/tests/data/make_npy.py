"""Writes the .npy files that tests/npy.rs reads. Run it in this folder, with numpy and ml_dtypes.

Every array is 0, 1, 2, ... in C index order, unless its name says otherwise.
"""
import io
import pathlib
import struct

import ml_dtypes
import numpy as np

HERE = pathlib.Path(__file__).parent / "npy"


def save(name, array):
    np.save(HERE / f"{name}.npy", array)


def counting(dtype, shape=(2, 3)):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


TYPES = {"bool": "?", "i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8", "u8": "u1", "u16": "u2", "u32": "u4",
         "u64": "u8", "f16": "f2", "f32": "f4", "f64": "f8", "c64": "c8", "c128": "c16",
         "bf16": ml_dtypes.bfloat16}
for name, dtype in TYPES.items():
    save(f"{name}_c", counting(dtype))
for name in ["i16", "f64"]:
    save(f"{name}_f", np.asfortranarray(counting(TYPES[name])))
for name in ["i16", "u32", "f16", "f64", "c64", "c128"]:
    save(f"{name}_big", counting(TYPES[name]).astype(np.dtype(TYPES[name]).newbyteorder(">")))

save("scalar", counting("f8", ()))
save("one_axis", counting("f8", (5,)))
save("empty", counting("f4", (0, 3)))
save("both_orders", counting("f8", (1, 4)))
save("wide", counting("u1", (123456, 1)[::-1])[:, :5])
save("axes64", counting("u1", (1,) * 63 + (3,)))
save("bytes", np.array([b"ab", b"c", b"xyz"]))
save("void", np.array([b"\x01\x02", b"\x03\x04"], "V2"))
save("record", np.array([(1.0, 2, 3), (4.0, 5, 6)], np.dtype("f8,i4,i1", align=True)))
save("object_free_str", np.array(["ab", "c"]))
save("date", np.array(["2020-01-01"], "M8[D]"))

for version in [(2, 0), (3, 0)]:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, counting("f8"), version=version)
    (HERE / f"version{version[0]}.npy").write_bytes(buffer.getvalue())

# As NumPy wrote it before 1.14 and under Python 2: padded to 16, extents as long numbers.
text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }"
text += b" " * (-(len(text) + 11) % 16) + b"\n"
data = counting("f8").tobytes()
(HERE / "python2.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data + b"more")
(HERE / "bool_odd.npy").write_bytes((HERE / "bool_c.npy").read_bytes()[:-6] + bytes([0, 1, 2, 128, 255, 0]))
