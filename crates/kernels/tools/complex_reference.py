"""Writes src/math/complex/tests/reference.txt: arguments and exact values of the elementary functions of complex numbers.

One line each: the function, the bits of the parts of its arguments, and for each part of the value the bits of the nearest
f64 and of what that lacks. Arguments: of modest size, of every size, on and near the unit circle, near 1, -1, i and -i, near
the axes, and where numbers begin to be computed one by one.

    python3 complex_reference.py > ../src/math/complex/tests/reference.txt        (pip install mpmath)
"""
import math
import random
import struct

from mpmath import mp, mpc, mpf

mp.prec = 2400
random.seed(2)


def bits(x):
    return f"{struct.unpack('<Q', struct.pack('<d', x))[0]:016x}"


def line(name, function, *arguments):
    value = function(*(mpc(*z) for z in arguments))
    words = [bits(x) for z in arguments for x in z]
    for part in (value.real, value.imag):
        near = float(part)
        if math.isinf(near):
            return
        words += [bits(near), bits(float(part - mpf(near)))]
    print(name, *words)


def sign():
    return random.choice((-1, 1))


def sized(low, high):
    return sign() * math.exp(random.uniform(math.log(low), math.log(high)))


def plain(count, size=4):
    return [(random.uniform(-size, size), random.uniform(-size, size)) for _ in range(count)]


def spread(count, low, high):
    return [(sized(low, high), sized(low, high)) for _ in range(count)]


def circle(count):
    for _ in range(count):
        r, t = 1 + sized(1e-16, 0.1), random.uniform(-math.pi, math.pi)
        yield (r * math.cos(t), r * math.sin(t))


def poles(count):
    for k in range(count):
        z = (sign() * (1 + sized(1e-16, 0.5)), sized(1e-17, 1))
        yield z if k % 2 else z[::-1]


everywhere = [*plain(14), *spread(6, 1e-9, 1e9), *circle(6), *poles(8)]
ends = [*spread(6, 1e-300, 1e300), (1e-310, 3e-320), (1.5e308, 1.2e308), (1.0, 1e-170), (1e-170, 1.0), (-1.0, 1e-300), (1e160, 1e-160)]
turns = [*plain(14), *plain(6, 300), *spread(5, 1e-12, 30), (1e-300, 2.0), (2.0, 1e-300), (1.0, 1e6), (1e-3, 1e9), (22.5, 3.0)]
large = [(705.0, 1.0), (-720.0, 2.0), (709.9, 1.5), (-744.0, 0.1), (360.0, 1.0)]


def turned(arguments):
    return [(y, x) for x, y in arguments]


def atan(z):
    """mp.atan loses digits near the poles."""
    z = z * mpc(0, 1)
    return (mp.log(1 + z) - mp.log(1 - z)) / 2 * mpc(0, -1)


lines = {
    "sqrt": (mp.sqrt, everywhere + ends),
    "sign": (lambda z: z / abs(z), everywhere + ends),
    "exp": (mp.exp, turns + large),
    "exp2": (lambda z: mp.exp(z * mp.log(2)), turns + large),
    "expm1": (lambda z: mp.exp(z) - 1, turns + large + [(1e-9, 1e-9), (1e-18, -1e-200)]),
    "log": (mp.log, everywhere + ends),
    "log2": (lambda z: mp.log(z) / mp.log(2), everywhere + ends),
    "log10": (lambda z: mp.log(z) / mp.log(10), everywhere + ends),
    "log1p": (lambda z: mp.log(1 + z), everywhere + ends + [(1e-9, 2e-9), (-1e-18, 1e-9), (-1 + 1e-9, 1e-9)]),
    "sin": (mp.sin, turned(turns + large)),
    "cos": (mp.cos, turned(turns + large)),
    "tan": (mp.tan, turned(turns)),
    "sinh": (mp.sinh, turns + large),
    "cosh": (mp.cosh, turns + large),
    "tanh": (mp.tanh, turns),
    "arcsin": (mp.asin, everywhere + ends),
    "arccos": (mp.acos, everywhere + ends),
    "arctan": (atan, everywhere + ends + [(1e-200, 1.0), (-1e-200, -1.0)]),
}
for name, (function, arguments) in lines.items():
    for z in arguments:
        line(name, function, z)
powers = [*zip(plain(30), plain(30)), *zip(spread(12, 1e-6, 1e6), plain(12)), *zip(plain(12, 2), plain(12, 50)),
          ((2.0, 1.0), (0.5, 0.0)), ((-8.0, 1e-30), (1 / 3, 0.0)), ((1e200, 1e200), (1.5, 0.25)), ((1e-200, 1e200), (-0.5, 1.0))]
for a, b in powers:
    line("power", lambda a, b: mp.exp(b * mp.log(a)), a, b)
