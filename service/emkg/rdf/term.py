"""RDF 1.1 terms, triples and quads as the rest of EMKG sees them.

Lexical forms are kept as written: `"007"^^xsd:integer` stays `007`. Two literals are equal when their
lexical form, datatype and language tag are (RDF 1.1 Concepts, section 3.3), not when their values are.
The N-Triples form of a term (`str(term)`) is its identity everywhere: in the ledger, in files, in tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


@dataclass(frozen=True, slots=True, order=True)
class IRI:
    """An absolute IRI, without its angle brackets in `value`."""

    value: str

    def __str__(self) -> str:
        """The N-Triples form."""
        return f"<{self.value}>"


@dataclass(frozen=True, slots=True, order=True)
class BlankNode:
    """A blank node; `value` is its label without `_:`, meaningful within one document or one graph's run."""

    value: str

    def __str__(self) -> str:
        """The N-Triples form."""
        return f"_:{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal: lexical form as written, datatype IRI, and a language tag for rdf:langString only."""

    value: str
    datatype: str = XSD_STRING
    language: str = ""

    def __str__(self) -> str:
        """The N-Triples form; xsd:string and rdf:langString are left out as the canonical form has it."""
        text = f'"{_ESCAPED.sub(_escape, self.value)}"'
        if self.language:
            return f"{text}@{self.language}"
        return text if self.datatype == XSD_STRING else f"{text}^^<{self.datatype}>"


Subject: TypeAlias = IRI | BlankNode
Term: TypeAlias = IRI | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Triple:
    """Subject, predicate, object."""

    subject: Subject
    predicate: IRI
    object: Term

    def __str__(self) -> str:
        """One N-Triples line, without its end."""
        return f"{self.subject} {self.predicate} {self.object} ."


@dataclass(frozen=True, slots=True)
class Quad:
    """A triple in a named graph; `graph` is None in the default graph."""

    subject: Subject
    predicate: IRI
    object: Term
    graph: Subject | None = None

    def __str__(self) -> str:
        """One N-Quads line, without its end."""
        graph = f" {self.graph}" if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object}{graph} ."

    @property
    def triple(self) -> Triple:
        """The quad without its graph."""
        return Triple(self.subject, self.predicate, self.object)
