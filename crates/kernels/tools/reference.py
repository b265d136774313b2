"""Writes src/math/tests/reference.txt: arguments and exact values of the elementary functions.

One line each: the function, the bits of its arguments, and the value as the bits of the nearest f64 and of what that
lacks. Arguments: where polynomials, reductions and special cases meet, those nearest to multiples of pi/2, and random
ones.

    python3 reference.py > ../src/math/tests/reference.txt        (pip install mpmath)
"""
import math
import random
import struct

from mpmath import mp, mpf

mp.prec = 2400
random.seed(1)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def line(name, function, *arguments):
    y = function(*(mpf(x) for x in arguments))
    near = float(y)
    if math.isinf(near):
        return
    lacks = float(y - mpf(near))
    print(name, *(f"{bits(x):016x}" for x in (*arguments, near, lacks)))


def around(*points):
    for x in points:
        yield from (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))


def spread(low, high, count, signs=True):
    """Evenly over the exponents."""
    for _ in range(count):
        x = math.exp(random.uniform(math.log(low), math.log(high)))
        yield -x if signs and random.random() < 0.5 else x


def uniform(low, high, count):
    return (random.uniform(low, high) for _ in range(count))


ln2 = math.log(2)
small = [1e-320, 3e-310, 2.5e-308, 1e-100, 1e-17]
exps = [*around(ln2 / 2, -ln2 / 2, 1.0, -1.0), *small, *uniform(-1, 1, 12), *uniform(-700, 700, 12)]
logs = [*around(math.sqrt(0.5), math.sqrt(2), 2.0, 0.5), *uniform(0.6, 1.6, 16), *spread(1e-310, 1e308, 12, False),
        1 - 2**-53, 1 + 2**-52, 5e-324, 1.7976931348623157e308]
turns = [*around(math.pi / 4, math.pi / 2, math.pi, 3 * math.pi / 4, 823549.0), *small, *uniform(-7, 7, 12),
         *uniform(-1e5, 1e5, 8), *spread(1e6, 1e308, 8),
         # The f64 that is nearest to a multiple of pi/2, and other hard ones.
         6381956970095103.0 * 2.0**797, 5.319372648326541e255, 1e22, 2.0**1023, 1.7976931348623157e308,
         22.0, 355.0, 103993.0, 411557987.0, 500000 * (math.pi / 2)]
units = [*around(0.5, -0.5, math.sqrt(0.5)), 1.0, -1.0, 1 - 2**-53, 2**-53 - 1, *small, *uniform(-1, 1, 20)]
lines = {
    "exp": (mp.exp, [*exps, *uniform(-745, -708, 6), 709.7, 709.78]),
    "exp2": (lambda x: mp.power(2, x), [*exps, *uniform(-1074, -1022, 6), 1023.9, 0.5, -0.5]),
    "expm1": (mp.expm1, [*exps, 709.7, 709.78, -37.5, -40.0, 37.5]),
    "log": (mp.log, logs),
    "log2": (lambda x: mp.log(x, 2), logs),
    "log10": (mp.log10, logs),
    "log1p": (mp.log1p, [*around(math.sqrt(2) - 1, math.sqrt(0.5) - 1, 1.0), *small, *uniform(-0.9, 3, 16),
                         *spread(1e-18, 1e300, 8, False), 2**-53 - 1]),
    "sin": (mp.sin, turns),
    "cos": (mp.cos, turns),
    "tan": (mp.tan, turns),
    "arcsin": (mp.asin, units),
    "arccos": (mp.acos, units),
    "arctan": (mp.atan, [*around(math.sqrt(2) - 1, 1.0, math.sqrt(2) + 1), *small, *uniform(-4, 4, 16), *spread(1e-9, 1e300, 6)]),
    "sinh": (mp.sinh, [*around(1.0), *small, *uniform(-2, 2, 12), *uniform(-700, 700, 6), 710.3]),
    "cosh": (mp.cosh, [*around(1.0), *small, *uniform(-2, 2, 12), *uniform(-700, 700, 6), 710.3]),
    "tanh": (mp.tanh, [*around(ln2 / 4, 0.5), *small, *uniform(-2, 2, 16), *uniform(-25, 25, 6)]),
    "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), [*around(1.0, 2.0, 4.0, 8.0), *small, *uniform(-9, 9, 12), *spread(1e-310, 1e308, 6)]),
}
for name, (function, arguments) in lines.items():
    for x in arguments:
        line(name, function, x)
pairs = [*zip(uniform(-9, 9, 24), uniform(-9, 9, 24)), *zip(spread(1e-310, 1e308, 12), spread(1e-310, 1e308, 12)),
         (1e308, 1e308), (3e-310, 4e-310), (1.0, 1.0), (1.0, -1.0), (0.41421356237309503, 1.0), (2.414213562373095, -1.0)]
for a, b in pairs:
    line("hypot", mp.hypot, a, b)
    line("arctan2", mp.atan2, a, b)
powers = [*zip(spread(1e-3, 1e3, 24, False), uniform(-90, 90, 24)), *zip(uniform(0.99, 1.01, 16), uniform(-6e4, 6e4, 16)),
          *zip(spread(1e-310, 1e308, 24, False), uniform(-1, 1, 24)), *zip(uniform(-9, 0, 8), [-3.0, 2.0, 5.0, -8.0, 21.0, 1.0, -1.0, 7.0]),
          *zip(around(math.sqrt(0.5), math.sqrt(2), 1.0), uniform(900, 1000, 9)), (1 + 2**-52, 3e18), (1 - 2**-53, 6e18),
          (2.0, 1023.9), (2.0, -1073.7), (10.0, -310.0), (10.0, 308.0), (5e-324, 0.3), (-1.5, 9007199254740991.0)]
for a, b in powers:
    line("power", mp.power, a, b)
