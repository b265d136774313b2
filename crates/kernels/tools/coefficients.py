"""Writes src/math/coefficients.rs: the polynomials of the elementary functions.

Each is the interpolation at Chebyshev points, made with mpmath at 60 digits, of what is left of a function when its
first terms are taken away; so it is within a small factor of the best polynomial of its degree. Those that go with
tables are the best ones in a sense that is weighted by what the error means for the result.

    python3 coefficients.py > ../src/math/coefficients.rs        (pip install mpmath)
"""
import struct

from mpmath import lu_solve, matrix, mp, mpf, exp, log, log1p, sqrt, sin, cos, tan, asin, atan, atanh, sinh, cosh, pi, chebyfit

mp.dps = 60


def fit(f, interval, count):
    """The coefficients of 1, x, x^2 ... as f64, and the largest error."""
    coefficients = [mpf(float(c)) for c in reversed(chebyfit(f, interval, count))]
    a, b = interval
    points = [a + (b - a) * (mpf(i) + mpf(1) / 3) / 500 for i in range(500)]
    error = max(abs(f(x) - sum(c * x**i for i, c in enumerate(coefficients))) for x in points)
    return coefficients, error


def write(name, doc, f, interval, double, single):
    for precision, count in ("", double), ("_SINGLE", single):
        if not count:
            continue
        coefficients, error = fit(f, [mpf(x) for x in interval], count)
        print(f"/// {doc}; to 2^{float(mp.log(error, 2)):.1f}.")
        print(f"pub(super) const {name}{precision}: [f64; {count}] = [")
        for c in coefficients:
            print(f"    {number(c)},")
        print("];")


def lawson(f, interval, count, weight, rounds=25):
    """As `fit`, but of the error times a weight that depends on the place (Lawson's reweighted least squares)."""
    a, b = (mpf(x) for x in interval)
    n = 12 * count
    points = [a + (b - a) * (1 - mp.cos(pi * (i + mpf(1) / 2) / n)) / 2 for i in range(n)]
    scale = max(abs(a), abs(b))
    values, weights = [f(x) for x in points], [weight(x) ** 2 for x in points]
    for _ in range(rounds):
        normal, right = matrix(count, count), matrix(count, 1)
        for x, y, w in zip(points, values, weights):
            powers = [(x / scale) ** k for k in range(count)]
            for i in range(count):
                right[i] += w * powers[i] * y
                for j in range(count):
                    normal[i, j] += w * powers[i] * powers[j]
        c = lu_solve(normal, right)
        errors = [abs(y - sum(c[k] * (x / scale) ** k for k in range(count))) * weight(x) for x, y in zip(points, values)]
        weights = [w * e for w, e in zip(weights, errors)]
        total = sum(weights)
        weights = [w / total for w in weights]
    coefficients = [mpf(float(c[k] / scale**k)) for k in range(count)]
    points = [a + (b - a) * (mpf(i) + mpf(1) / 3) / 500 for i in range(500)]
    error = max(abs(f(x) - sum(c * x**i for i, c in enumerate(coefficients))) * weight(x) for x in points)
    return coefficients, error


def put(name, doc, coefficients):
    print(f"/// {doc}.")
    print(f"pub(super) {'static' if len(coefficients) == 16 else 'const'} {name}: [f64; {len(coefficients)}] = [")
    for c in coefficients:
        print(f"    {number(c)},")
    print("];")


def put_single(name, doc, numbers):
    print(f"/// {doc}.")
    print(f"pub(super) static {name}: [f32; {len(numbers)}] = [")
    for c in numbers:
        texts = (f"{single(c):.{digits}g}" for digits in range(1, 10))
        print(f"    {number(next(float(text) for text in texts if single(text) == single(c)))},")
    print("];")


def single(x):
    """The nearest f32."""
    return struct.unpack("<f", struct.pack("<f", float(x)))[0]


def of_bits(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def number(c):
    """As few digits as give the same f64, in the form that rustfmt leaves alone."""
    return repr(float(c)).replace("e-0", "e-").replace("e+", "e")


def root(z):
    return sqrt(z)


quarter = pi / 4 * mpf("1.0001")
half_ln2 = log(2) / 2 * mpf("1.0001")
largest_s = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2 * mpf("1.0001")
eighth = (sqrt(2) - 1) ** 2 * mpf("1.0001")

print("//! The polynomials of the elementary functions, written by `tools/coefficients.py`.")
print()
write("EXP", "`(exp(r) - 1 - r) / r^2`, |r| <= ln(2) / 2", lambda r: (exp(r) - 1 - r) / r**2,
      [-half_ln2, half_ln2 * mpf("1.0003")], 11, 5)
write("LOG", "`(2 atanh(s) / s - 2) / z`, z = s^2, 1 + f = (1 + s) / (1 - s) from sqrt(1/2) to sqrt(2)",
      lambda z: (2 * atanh(root(z)) / root(z) - 2) / z, [0, largest_s], 7, 0)
write("SIN", "`(sin(r) / r - 1) / z`, z = r^2, |r| <= pi / 4",
      lambda z: (sin(root(z)) / root(z) - 1) / z, [0, quarter**2], 6, 3)
write("COS", "`(cos(r) - 1 + z / 2) / z^2`, z = r^2, |r| <= pi / 4",
      lambda z: (cos(root(z)) - 1 + z / 2) / z**2, [0, quarter**2], 6, 3)
write("TAN", "`(tan(r) / r - 1) / z`, z = r^2, |r| <= pi / 4",
      lambda z: (tan(root(z)) / root(z) - 1) / z, [0, quarter**2], 14, 7)
write("ASIN", "`(asin(x) / x - 1) / z`, z = x^2, |x| <= 1/2",
      lambda z: (asin(root(z)) / root(z) - 1) / z, [0, mpf("0.2501")], 13, 5)
write("ATAN", "`(atan(t) / t - 1) / z`, z = t^2, |t| <= tan(pi / 8)",
      lambda z: (atan(root(z)) / root(z) - 1) / z, [0, eighth], 11, 5)
write("SINH", "`(sinh(r) / r - 1) / z`, z = r^2, |r| <= ln(2) / 2",
      lambda z: (sinh(root(z)) / root(z) - 1) / z, [0, half_ln2**2], 5, 2)
write("COSH", "`(cosh(r) - 1) / z`, z = r^2, |r| <= ln(2) / 2",
      lambda z: (cosh(root(z)) - 1) / z, [0, half_ln2**2], 6, 3)
write("TANH", "`(tanh(x) / x - 1) / z`, z = x^2, |x| <= 0.55",
      lambda z: (mp.tanh(root(z)) / root(z) - 1) / z, [0, mpf("0.3026")], 0, 5)
write("CBRT", "`((1 - e)^(-2/3) - 1) / e`, |e| <= 0.112",
      lambda e: (1 / mp.cbrt(1 - e)**2 - 1) / e, [mpf("-0.1121"), mpf("0.112")], 4, 6)

# The intervals of the logarithm have the same length in the bits of the numbers; 1 is the middle of one of them. The numbers
# have so few bits that `m c - 1` is a float: of `digits` places below 1, twice the unit of the floats there.
FIRST = 0x3FF0000000000000 - (4 << 45) - (9 << 48)
ends = [of_bits(FIRST + (i << 48)) for i in range(17)]


def farthest(c, low, high):
    return max(abs(c * low - 1), abs(c * high - 1))


# A little more than the range of the rest, with other numbers.
WIDER = [mpf("-0.0352"), mpf("0.0352")]


def happy(base, middle, low, high):
    """A number near the middle whose logarithm is close to a multiple of 2^-17 (S. Gal), if the first ten digits of that of 2 are
    taken for it: how close, it, and that of one over it."""
    two = log(2) / log(base)
    power = mp.floor(mp.log(two, 2)) - 9
    two = mp.floor(two / 2**power) * 2**power
    if middle == 1:
        return mpf(0), mpf(1), mpf(0)
    start = int(-log(middle) / log(2) * two * 2**17)
    found = []
    for i in range(start - 600, start + 600):
        y = mpf(i) / 2**17
        c = mpf(single(mpf(2) ** (-y / two)))
        if WIDER[0] < c * low - 1 and c * high - 1 < WIDER[1]:
            found.append((abs(y + log(c) / log(2) * two), c, y))
    return min(found)


inverses = []
for low, high in zip(ends, ends[1:]):
    candidates = [mpf(1)] if low < 1 < high else [
        c for bits in range(3, 9) for c in [mpf(k) / 2**bits for k in range(2**(bits - 1), 2**(bits + 1))]
        if farthest(c, low, high) * 2**bits <= (1 if low < 1 else 2)
    ]
    inverses.append(min(candidates, key=lambda c: farthest(c, low, high)))
least = min(c * low - 1 for c, low in zip(inverses, ends))
most = max(c * high - 1 for c, high in zip(inverses, ends[1:]))
put("INVERSES", "About one over the middles of the intervals of the logarithm", inverses)
for name, base in ("LN", mp.e), ("LOG2", mpf(2)), ("LOG10", mpf(10)):
    logs = [-log(c) / log(base) for c in inverses]
    heads = [mp.nint(y * 2**41) / 2**41 for y in logs]
    kind = f"to base {float(base):.3g}" if base != mp.e else "to base e"
    put(f"{name}_HIGH", f"The logarithms of one over them, {kind}, as multiples of 2^-41", heads)
    put(f"{name}_LOW", "What these lack", [y - h for y, h in zip(logs, heads)])
    if base == 2:
        heads = [mp.nint(y * 2**16) / 2**16 for y in logs]
        put_single(f"{name}_HIGH_SINGLE", f"The logarithms of one over them, {kind}, as multiples of 2^-16", heads)
        put_single(f"{name}_LOW_SINGLE", "What these lack", [y - h for y, h in zip(logs, heads)])
    near = [happy(base, c, low, high) for c, low, high in zip(inverses, ends, ends[1:])]
    put_single(f"{name}_INVERSES_SINGLE", f"About one over the middles, whose logarithms {kind} are close to multiples of 2^-17 where that of 2 has ten digits", [c for _, c, _ in near])
    put_single(f"{name}_OF_INVERSES_SINGLE", f"These multiples, of one over them, to 2^{float(mp.log(max(near)[0], 2)):.1f}", [y for _, _, y in near])
    of_e = mpf(single(1 / log(base)))
    c, e = lawson(lambda r: (log1p(r) / log(base) - r / log(base)) / r**2, WIDER, 4, abs)
    put(f"{name}_SINGLE", f"`(log(1 + r) - r log(e)) / r^2`, {kind}; `r` times it to 2^{float(mp.log(e, 2)):.1f}", c)
    of_e = mpf(float(1 / log(base)))
    c, e = lawson(lambda r: (log1p(r) / log(base) - r * of_e) / r**2, [least, most], 8, abs)
    put(f"{name}_NEAR", f"`(log(1 + r) - r log(e)) / r^2`, {kind}, {float(least):.4f} <= r <= {float(most):.4f}; `r` times it to 2^{float(mp.log(e, 2)):.1f}", c)
c, e = lawson(lambda r: (log1p(r) - r + r**2 / 2) / r**3, [least, most], 9, lambda r: r**2)
put("LN_REST", f"`(log(1 + r) - r + r^2 / 2) / r^3`; `r^2` times it to 2^{float(mp.log(e, 2)):.1f}", c)
c, e = lawson(lambda r: (log1p(r) - r + r**2 / 2) / r**3, [least, most], 4, lambda r: r**2)
put("LN_REST_SINGLE", f"`(log(1 + r) - r + r^2 / 2) / r^3`; `r^2` times it to 2^{float(mp.log(e, 2)):.1f}", c)
sixteenth = log(2) / 32 * mpf("1.0001")
c, e = lawson(lambda r: (exp(r) - 1 - r) / r**2, [-sixteenth, sixteenth], 5, lambda r: r**2)
put("EXP_NEAR", f"`(exp(r) - 1 - r) / r^2`, |r| <= ln(2) / 32; `r^2` times it to 2^{float(mp.log(e, 2)):.1f}", c)
c, e = lawson(lambda r: (exp(r) - 1 - r) / r**2, [-sixteenth, sixteenth], 6, abs)
put("EXPM1_NEAR", f"`(exp(r) - 1 - r) / r^2`, |r| <= ln(2) / 32; `r` times it to 2^{float(mp.log(e, 2)):.1f}", c)
c, e = lawson(lambda r: (mpf(2)**r - 1) / r, [-mpf(1) / 32, mpf(1) / 32], 6, abs)
put("EXP2_NEAR", f"`(2^r - 1) / r`, |r| <= 1/32; `r` times it to 2^{float(mp.log(e, 2)):.1f}", c)
c, e = lawson(lambda r: (mpf(2)**r - 1) / r, [-mpf(1) / 32, mpf(1) / 32], 3, abs)
put("EXP2_NEAR_SINGLE", f"`(2^r - 1) / r`, |r| <= 1/32; `r` times it to 2^{float(mp.log(e, 2)):.1f}", c)
write("SINH_NEAR", "`(sinh(r) / r - 1) / z`, z = r^2, |r| <= ln(2) / 32",
      lambda z: (sinh(root(z)) / root(z) - 1) / z, [0, sixteenth**2], 3, 0)
write("COSH_NEAR", "`(cosh(r) - 1) / z`, z = r^2, |r| <= ln(2) / 32",
      lambda z: (cosh(root(z)) - 1) / z, [0, sixteenth**2], 3, 0)
powers = [mpf(2) ** (mpf(j) / 16) for j in range(16)]
rounded = [mpf(float(p)) for p in powers]
put("POWERS", "`2^(k / 16)`", rounded)
put("POWERS_LOW", "What these lack, over them", [p / q - 1 for p, q in zip(powers, rounded)])
rounded = [mpf(single(p)) for p in powers]
put_single("POWERS_SINGLE", "`2^(k / 16)`", rounded)
put_single("POWERS_LOW_SINGLE", "What these lack, over them", [p / q - 1 for p, q in zip(powers, rounded)])
