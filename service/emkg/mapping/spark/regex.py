"""Regular expressions of plans, which are RE2's, as Java's: they differ in a few places, all of them silent."""

from __future__ import annotations

from typing import Final

# RE2 -> Java. `\s` and `\b` mean less in RE2.
_OUTSIDE: Final = {
    r"\s": r"[\t\n\f\r ]",
    r"\S": r"[^\t\n\f\r ]",
    r"\b": r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))",
}
_WITHIN: Final = {r"\s": r"\t\n\f\r ", r"\S": r"\x00-\x08\x0B\x0E-\x1F\x21-\x{10FFFF}"}
# Plain characters in RE2; nesting and intersection in Java.
_CLASS_CHARACTERS: Final = {"[": r"\[", "&": r"\&"}
_NAMED_GROUP: Final = "(?P<"
# For `.` and `^` only a line feed ends a line; where case is ignored, it is that of all letters, not of ASCII's.
_PREFIX: Final = "(?du)"


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
    if pattern.startswith(_NAMED_GROUP, at):
        return "(?<", at + len(_NAMED_GROUP)
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
