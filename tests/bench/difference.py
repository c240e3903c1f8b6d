"""`python -m bench.difference FIRST SECOND`: how two N-Triples files differ, by class, as one line of JSON.

What is the same statement spelled otherwise is told from what only one of them has.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NUMBER = re.compile(
    r'"([+-]?)0*(\d*)(?:\.(\d*?)0*)?"(\^\^<http://www\.w3\.org/2001/XMLSchema#(?:decimal|integer)>)'
)
_IRI = re.compile(r"<[^<>\"\s]*>")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tnrbf]))")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def differences(left: Path, right: Path) -> dict[str, int]:
    """Distinct statements by class; each statement is in one, the first that explains it.

    `same` are byte for byte the same. The remaining classes hold pairs that become the same when their IRIs are
    percent-decoded, their escapes resolved, their numbers brought to one form, or all of that.
    """
    ours, theirs = _statements(left), _statements(right)
    found = {"same": len(ours & theirs)}
    ours, theirs = ours - theirs, theirs - ours
    for name, normalise in _CLASSES.items():
        paired, ours, theirs = _paired(ours, theirs, normalise)
        found[name] = paired
    found["only in the first"], found["only in the second"] = len(ours), len(theirs)
    return {name: count for name, count in found.items() if count or name == "same"}


def _statements(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        return {line.rstrip(" .\n") for line in lines if line.strip()}


def _paired(
    ours: set[str], theirs: set[str], normalise: Callable[[str], str]
) -> tuple[int, set[str], set[str]]:
    available = Counter(normalise(line) for line in theirs)
    matched = available & Counter(normalise(line) for line in ours)
    return matched.total(), _rest(ours, matched, normalise), _rest(theirs, matched, normalise)


def _rest(lines: set[str], matched: Mapping[str, int], normalise: Callable[[str], str]) -> set[str]:
    left = Counter(matched)
    rest = set()
    for line in lines:
        key = normalise(line)
        if left[key]:
            left[key] -= 1
        else:
            rest.add(line)
    return rest


def _decode(line: str) -> str:
    return _IRI.sub(lambda match: unquote(match[0]), line)


def _number(line: str) -> str:
    return _NUMBER.sub(lambda match: f'"{match[1]}{match[2] or 0}.{match[3] or 0}"{match[4]}', line)


def _unescape(line: str) -> str:
    return _ESCAPE.sub(
        lambda match: _SHORT[match[3]] if match[3] else chr(int(match[1] or match[2], 16)), line
    )


_CLASSES: Mapping[str, Callable[[str], str]] = {
    "percent-encoding of IRIs": _decode,
    "escapes of literals": _unescape,
    "form of numbers": _number,
    "several of these": lambda line: _decode(_number(_unescape(line))),
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(differences(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
