"""The demo's work in NumPy, compared with what the demo wrote.

usage: python same_in_numpy.py ELEVATION.npy HEIGHTS.npy SHADE.npy PICTURE.png

Worth reading beside relief.c and trend.cpp: the same views, the same names.
"""

import struct
import sys
import zlib

import numpy as np

STEP_EAST, STEP_SOUTH, EXAGGERATION = 74.5, 92.7, 2.0


def relief(section):
    t = section.T
    slope_east = EXAGGERATION * (t[2:, 1:-1] - t[:-2, 1:-1]).astype(np.float64) / (2 * STEP_EAST)
    slope_south = EXAGGERATION * (t[1:-1, 2:] - t[1:-1, :-2]).astype(np.float64) / (2 * STEP_SOUTH)
    facing = 0.574 + 0.579 * slope_east + 0.579 * slope_south
    shade = np.zeros(section.shape, np.float32, order="F")
    shade.T[1:-1, 1:-1] = np.maximum(facing / np.sqrt(1 + slope_east**2 + slope_south**2), 0)
    return shade


def take_out_trend(section):
    row = section.mean(0, keepdims=True, dtype=np.float64)
    column = section.mean(1, keepdims=True, dtype=np.float64)
    return section - row - column + row.mean()


def pixels(path):
    """Decodes the PNG: every checksum is right, every row unfiltered RGB."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, stream = 8, b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        if kind == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        elif kind == b"IDAT":
            stream += body
        at += 12 + length
    rows = np.frombuffer(zlib.decompress(stream), np.uint8).reshape(height, 1 + 3 * width)
    assert (rows[:, 0] == 0).all()
    return rows[:, 1:].reshape(height, width, 3)


def main(elevation, heights, shade, picture):
    field = np.asfortranarray(np.load(elevation), dtype=np.float32)
    section = field[20:-20, 20:-20]
    got_shade, got_heights = np.load(shade), np.load(heights)
    assert got_shade.flags.f_contiguous, "a packed Fortran array is written in Fortran order"
    assert got_heights.flags.c_contiguous, "a section with gaps is packed in C order, as numpy.save does"
    assert got_heights.dtype == got_shade.dtype == np.float32
    np.testing.assert_allclose(got_shade, relief(section), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(got_heights, take_out_trend(section), rtol=1e-5, atol=2e-3)
    image = pixels(picture)
    assert image.shape == (2 * section.shape[0], 2 * section.shape[1], 3) and image.std() > 20
    print("6 passed, 0 failed, 0 skipped")


if __name__ == "__main__":
    main(*sys.argv[1:])
