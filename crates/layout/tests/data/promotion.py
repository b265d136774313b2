"""Writes promotion.txt: what NumPy 2 and ml_dtypes say about promotion and casting of every pair of dtypes.

    python3 promotion.py > promotion.txt

One line per ordered pair: from, to, the promoted dtype ("-" where there is none), and one digit per casting rule
(no, equiv, safe, same_kind, unsafe).
"""

import ml_dtypes
import numpy as np

DTYPES = {
    "bool": np.bool_,
    **{f"i{n}": f"int{n}" for n in (8, 16, 32, 64)},
    **{f"u{n}": f"uint{n}" for n in (8, 16, 32, 64)},
    "f16": "float16",
    "bf16": ml_dtypes.bfloat16,
    "f32": "float32",
    "f64": "float64",
    "c64": "complex64",
    "c128": "complex128",
}
DTYPES = {name: np.dtype(t) for name, t in DTYPES.items()}
NAMES = {t: name for name, t in DTYPES.items()}
RULES = ("no", "equiv", "safe", "same_kind", "unsafe")


def promoted(a, b):
    try:
        return NAMES[np.promote_types(a, b)]
    except np.exceptions.DTypePromotionError:
        return "-"


print(f"# Made by promotion.py with numpy {np.__version__}, ml_dtypes {ml_dtypes.__version__}.")
for from_name, a in DTYPES.items():
    for to_name, b in DTYPES.items():
        casts = "".join("01"[np.can_cast(a, b, rule)] for rule in RULES)
        print(from_name, to_name, promoted(a, b), casts)
