"""`python -m bench.closure_difference EMKG OWLRL`: what both infer and what one alone does, as one line of JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

_KINDS = 8


def closure_differences(ours: Path, theirs: Path) -> dict[str, int]:
    """Statements by predicate (of rdf:type, by class), the most frequent by name; those of blank nodes are left out.

    So are owlrl's of literals as subjects, which RDF does not have.
    """
    left, right = _statements(ours), _statements(theirs)
    found = {"same": len(left & right)}
    for side, lines in (("only EMKG", left - right), ("only owlrl", right - left)):
        counts = Counter(_kind(line) for line in lines).most_common()
        found |= {f"{side}: {kind}": count for kind, count in counts[:_KINDS]}
        rest = sum(count for _, count in counts[_KINDS:])
        found |= {f"{side}: {len(counts) - _KINDS} other kinds": rest} if rest else {}
    return found


def _statements(path: Path) -> set[str]:
    with path.open(encoding="utf-8") as lines:
        return {line.strip().removesuffix(" .") for line in lines if line.strip() and "_:" not in line}


def _kind(line: str) -> str:
    subject, predicate, value = line.split(" ", 2)
    if subject == value:
        return f"x {_name(predicate)} x"
    return f"type {_name(value)}" if _name(predicate) == "type" else _name(predicate)


def _name(iri: str) -> str:
    return iri.strip("<>").replace("#", "/").rpartition("/")[2]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(closure_differences(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
