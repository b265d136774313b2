"""Writes views.txt: what NumPy 2 makes of random views: reshape (view or copy), slices, other item sizes, K-order copies.

    python3 views.py > views.txt

One line per question, words separated by blanks, lists by commas ("()" when empty):

    reshape  ITEMSIZE SHAPE STRIDES ORDER NEWSHAPE -> STRIDES | copy | error
    slice    ITEMSIZE SHAPE STRIDES START:STOP:STEP,... -> OFFSET SHAPE STRIDES
    view     ITEMSIZE SHAPE STRIDES NEWITEMSIZE -> SHAPE STRIDES | error
    order_k  ITEMSIZE SHAPE STRIDES -> STRIDES
    diagonal ITEMSIZE SHAPE STRIDES OFFSET AXIS1 AXIS2 -> OFFSET SHAPE STRIDES
"""

import random

import numpy as np
from numpy.lib.stride_tricks import as_strided

random.seed(20)
BLOCK = np.zeros(1 << 16, "u1")
MIDDLE = len(BLOCK) // 2


def text(numbers):
    return ",".join(map(str, numbers)) or "()"


def described(a):
    return f"{a.itemsize} {text(a.shape)} {text(a.strides)}"


def offset(view, of):
    """By how many bytes the first element moved; 0 where there is none."""
    address = lambda a: a.__array_interface__["data"][0]
    return address(view) - address(of) if view.size else 0


def source():
    """A packed array that was sliced, padded, reversed, broadcast and transposed at random."""
    itemsize = random.choice([1, 2, 4, 8, 16])
    ndim = random.randint(0, 4)
    shape = [random.choice([1, 1, 2, 2, 3, 4, 4, 6]) for _ in range(ndim)]
    if ndim and random.random() < 0.08:
        shape[random.randrange(ndim)] = 0
    strides, packed = [], itemsize
    for n in reversed(shape):
        step = random.choice([1, 1, 1, 1, 1, 2, -1, 0]) if random.random() < 0.6 else 1
        strides.insert(0, packed * step)
        packed *= max(n, 1) * max(abs(step), 1)
        if random.random() < 0.1:
            packed += itemsize
    if random.random() < 0.5:
        axes = random.sample(range(ndim), ndim)
        shape, strides = [shape[a] for a in axes], [strides[a] for a in axes]
    base = np.ndarray((1,), f"V{itemsize}", BLOCK, MIDDLE)
    return as_strided(base, shape, strides)


def new_shape(size):
    ndim = random.randint(1, 5)
    shape, rest, factor = [1] * ndim, size, 2
    if size == 0:
        shape[0], rest = 0, 1
    while rest > 1:
        if rest % factor == 0:
            shape[random.randrange(ndim)] *= factor
            rest //= factor
        else:
            factor += 1
    if random.random() < 0.2:
        shape[random.randrange(ndim)] = -1
    if random.random() < 0.05:
        shape[random.randrange(ndim)] += 1
    return shape


def reshape(a):
    shape, order = new_shape(a.size), random.choice("CFA")
    question = f"reshape {described(a)} {order} {text(shape)}"
    try:
        a.reshape(shape, order=order)
    except ValueError:
        return f"{question} error"
    try:
        return f"{question} {text(a.reshape(shape, order=order, copy=False).strides)}"
    except ValueError:
        return f"{question} copy"


def index(a):
    end = lambda: random.choice([None, None, *range(-8, 9)])
    step = lambda: random.choice([None, None, 1, 2, 3, -1, -2, -3])
    items = [slice(end(), end(), step()) for _ in range(a.ndim)]
    show = lambda s: ":".join("" if n is None else str(n) for n in (s.start, s.stop, s.step))
    view = a[(*items, ...)]
    return f"slice {described(a)} {text(map(show, items))} {offset(view, a)} {text(view.shape)} {text(view.strides)}"


def reinterpreted(a):
    size = random.choice([1, 2, 4, 8, 16])
    question = f"view {described(a)} {size}"
    try:
        view = a.view(f"V{size}")
    except (ValueError, TypeError):
        return f"{question} error"
    return f"{question} {text(view.shape)} {text(view.strides)}"


def copied(a):
    return f"order_k {described(a)} {text(a.copy(order='K').strides)}"


def diagonal(a):
    if a.ndim < 2:
        return None
    axes, k = random.sample(range(a.ndim), 2), random.randint(-5, 5)
    view = a.diagonal(k, *axes)
    return f"diagonal {described(a)} {k} {text(axes)} {offset(view, a)} {text(view.shape)} {text(view.strides)}"


print(f"# Made by views.py with numpy {np.__version__}.")
for question, count in ((reshape, 1500), (index, 600), (reinterpreted, 600), (copied, 300), (diagonal, 300)):
    lines = set()
    while len(lines) < count:
        lines.add(question(source()))
        lines.discard(None)
    print("\n".join(sorted(lines)))
