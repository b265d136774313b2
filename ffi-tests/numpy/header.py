"""Reads strided.h: the values of its enumerators and macros, and the parameter types of its functions.

Everything that the tests know about numbers and signatures comes from the header, so a value that changes there
changes here, and a function whose signature changes is called by its new one.
"""

import ctypes
import re

SCALARS = {
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "strided_status": ctypes.c_int32,
}
WELL_KNOWN = {"INT64_MIN": -(2**63), "INT64_MAX": 2**63 - 1, "INT32_MAX": 2**31 - 1}


class Header:
    """`values` maps names to integers, `functions` maps names to (result type, parameter types), `parameters` maps the same
    names to the names of the parameters."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        text = re.sub(r"//[^\n]*", " ", text)
        self.values = {}
        for name, value in re.findall(r"^[ \t]*#[ \t]*define[ \t]+(STRIDED_\w+)[ \t]+(\S[^\n]*)$", text, flags=re.M):
            self._define(name, value)
        for body in re.findall(r"\benum\b[^{;]*\{([^}]*)\}", text):
            self._enumerators(body)
        self.functions = {}
        self.parameters = {}
        code = re.sub(r"^[ \t]*#[^\n]*$", " ", text, flags=re.M)
        for statement in code.split(";"):
            self._prototype(statement)

    def __getitem__(self, name):
        return self.values["STRIDED_" + name]

    def _evaluate(self, text):
        text = re.sub(r"\(\s*u?int\d+_t\s*\)", "", text)
        text = re.sub(r"U?INT\d+_C\(([^)]*)\)", r"\1", text)
        text = re.sub(r"\b(\d+|0x[0-9a-fA-F]+)[uUlL]+\b", r"\1", text)
        names = dict(WELL_KNOWN, **self.values)
        if not re.fullmatch(r"[\w\s()+\-*<>|&~]+", text):
            raise ValueError(text)
        return int(eval(text, {"__builtins__": {}}, names))  # only numbers, names and operators get here

    def _define(self, name, value):
        try:
            self.values[name] = self._evaluate(value.strip())
        except Exception:
            pass  # a macro that is no number: a string, a function, an attribute

    def _enumerators(self, body):
        following = 0
        for item in body.split(","):
            item = item.strip()
            if not item:
                continue
            name, _, value = (part.strip() for part in item.partition("="))
            following = self._evaluate(value) if value else following
            self.values[name] = following
            following += 1

    def _prototype(self, statement):
        match = re.search(r"([\w\s*]*?)\b(strided_\w+)\s*\((.*)\)\s*$", statement, flags=re.S)
        if not match or "typedef" in statement or "{" in match.group(3):
            return
        result, name, parameters = match.groups()
        if not result.strip():
            return
        parameters = split_parameters(parameters)
        self.functions[name] = (result_type(result), [c_type(p) for p in parameters])
        self.parameters[name] = [re.findall(r"\w+", p)[-1] for p in parameters]


def split_parameters(text):
    """Cuts at the commas that are not inside parentheses."""
    parts, depth, current = [], 0, ""
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    parts.append(current)
    parts = [p.strip() for p in parts]
    return [] if parts in (["void"], [""]) else parts


def c_type(parameter):
    if "*" in parameter or "(" in parameter or "[" in parameter:
        return ctypes.c_void_p
    words = [w for w in parameter.split() if w not in ("const", "enum", "struct")]
    return SCALARS.get(words[0], ctypes.c_void_p)  # the other types by value are named function pointers


def result_type(text):
    words = [w for w in text.replace("*", " * ").split() if w not in ("const", "extern", "struct", "enum", "C", "STRIDED_API")]
    words = [w for w in words if re.fullmatch(r"\*|[a-z_]\w*", w)]
    if "*" in words:
        return ctypes.c_char_p if "char" in words else ctypes.c_void_p
    return None if words[-1] == "void" else SCALARS[words[-1]]
