"""Makes one function of the library lie, so that the tests can show that they notice."""

import ctypes

from library import View


# Functions whose results are no struct and no answer: the tests spoil what they wrote or called, and count that themselves.
SPOILT_BY_THE_TEST = ("npy_save", "foreach", "dtype_name")


class Sabotage:
    """Kinds: "status" turns success into failure and failure into success; "result" spoils what was written."""

    def __init__(self, function, kind, rng):
        self.function, self.kind, self.rng = function, kind, rng
        self.lies = 0

    def lie(self, result, out, data):
        if self.kind == "status":
            if not isinstance(result, int):
                return result
            self.lies += 1
            return 4 if result == 0 else 0
        if self.function in SPOILT_BY_THE_TEST:
            return result
        if data is not None:
            if result == 0 and self._spoil_data(data):
                self.lies += 1
            return result
        if out is None:
            if isinstance(result, int):  # size, query: the result is the answer
                self.lies += 1
                return result ^ 1
            return result
        if result == 0:
            for one in out if isinstance(out, (tuple, list)) else (out,):
                self._spoil(one)
            self.lies += 1
        return result

    def _spoil_data(self, view):
        n = 1
        for axis in range(view.ndim):
            n *= view.shape[axis]
        if n == 0:
            return False
        size = view.itemsize
        memory = (ctypes.c_uint8 * size).from_address(view.data)
        memory[size - 1] ^= 0x55 if view.dtype != 1 else 1
        return True

    def _spoil(self, one):
        if isinstance(one, View):
            # Without elements neither the address nor the strides mean anything.
            empty = any(one.shape[axis] == 0 for axis in range(one.ndim))
            kind = 0 if empty else self.rng.integers(3)
            if kind == 0 and one.ndim > 0:
                one.shape[0] += 1
            elif kind == 1 and one.ndim > 0 and one.shape[one.ndim - 1] > 1:
                one.strides[one.ndim - 1] += 1
            else:
                one.data = (one.data or 0) + 1
        elif isinstance(one, ctypes.Array):
            one[0] = one[0] ^ 1
        elif isinstance(one, ctypes.c_void_p):
            one.value = (one.value or 0) + 1
        else:
            one.value ^= 1
