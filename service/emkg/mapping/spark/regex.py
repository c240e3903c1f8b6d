"""Regular expressions of plans, which are RE2's, as Java's: they differ in a few places, all of them silent."""

from __future__ import annotations

from typing import Final

# RE2 -> Java. `\s` and `\b` mean less in RE2; `(?i)` folds all letters there and only those of ASCII in Java.
_OUTSIDE: Final = {
    r"\s": r"[\t\n\f\r ]",
    r"\S": r"[^\t\n\f\r ]",
    r"\b": r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))",
}
_WITHIN: Final = {r"\s": r"\t\n\f\r ", r"\S": r"&&[^\t\n\f\r ]"}
_CLASS_CHARACTERS: Final = {
    "[": r"\[",
    "&": r"\&",
}  # plain characters in RE2, nesting and intersection in Java
_GROUPS: Final = {"(?i": "(?iu", "(?P<": "(?<"}
# For `.` and `^` only a line feed ends a line.
_PREFIX: Final = "(?d)"


def java_regex(pattern: str) -> str:
    """The pattern that matches in Java what `pattern` matches in RE2."""
    written, at = [_PREFIX], 0
    while at < len(pattern):
        if pattern[at] == "[":
            text, at = _character_class(pattern, at)
        else:
            text, at = _outside(pattern, at)
        written.append(text)
    return "".join(written)


def _outside(pattern: str, at: int) -> tuple[str, int]:
    """What stands at a place outside of classes, in Java, and the place after it."""
    if pattern[at] == "\\":
        pair = pattern[at : at + 2]
        return _OUTSIDE.get(pair, pair), at + 2
    for start, java in _GROUPS.items():
        if pattern.startswith(start, at):
            return java, at + len(start)
    # Java's `$` is also before a line feed at the end
    return (r"\z" if pattern[at] == "$" else pattern[at]), at + 1


def _character_class(pattern: str, at: int) -> tuple[str, int]:
    """The class that begins at a place, in Java, and the place after it."""
    written, at = "[", at + 1
    for first in ("^", "]"):  # a bracket that comes first is one of the characters
        if pattern.startswith(first, at):
            written, at = written + ("^" if first == "^" else r"\]"), at + 1
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at] == "\\":
            pair = pattern[at : at + 2]
            written, at = written + _WITHIN.get(pair, pair), at + 2
        elif pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
            written, at = written + _posix(pattern[at + 2 : end]), end + 2
        else:
            written, at = written + _CLASS_CHARACTERS.get(pattern[at], pattern[at]), at + 1
    return written + "]", at + 1


def _posix(name: str) -> str:
    """A class such as `[:alpha:]`, without its brackets."""
    negation, bare = ("P", name[1:]) if name.startswith("^") else ("p", name)
    names = {"alnum": "Alnum", "xdigit": "XDigit", "ascii": "ASCII"}
    if bare == "word":
        return r"\w" if negation == "p" else r"\W"
    return rf"\{negation}{{{names.get(bare, bare.capitalize())}}}"
