"""The one immutable model that RML and YARRRML are parsed into (https://w3id.org/rml/core/spec).

Every node carries the `Location` (file, line, column) of the text it came from, so that a finding or a
quarantined value can name the mapping's line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from emkg.errors import Location
    from emkg.rdf import Term
    from emkg.sources.description import SourceDescription


class TermType(Enum):
    """What kind of term a term map makes (rml:termType)."""

    IRI = "IRI"  # relative ones are resolved against the base; template values are IRI-safe encoded
    URI = "URI"  # as IRI, and every character outside US-ASCII is percent-encoded as well
    UNSAFE_IRI = "UnsafeIRI"  # template values are not encoded
    BLANK_NODE = "BlankNode"
    LITERAL = "Literal"


@dataclass(frozen=True)
class Constant:
    """A fixed term."""

    term: Term


@dataclass(frozen=True)
class Reference:
    """A column name, JSONPath or XPath relative to the iterator's item."""

    text: str


@dataclass(frozen=True)
class Template:
    """Literal text and references in turn; no value where a reference has none."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True)
class FunctionCall:
    """A function applied to argument expressions; parameters are named by IRI."""

    function: str
    arguments: tuple[tuple[str, Expression], ...]
    location: Location


@dataclass(frozen=True)
class RowKey:
    """A text of its own for each row, for blank nodes that no value names; `scope` sets term maps apart."""

    scope: str


Expression: TypeAlias = Constant | Reference | Template | FunctionCall | RowKey


@dataclass(frozen=True)
class TermMap:
    """How one term of a statement is made; `datatype`, `datatype_map` and `language` are for literals only.

    `datatype` is a fixed one; `datatype_map` makes it of the row, and its value is an IRI like any other.
    """

    expression: Expression
    term_type: TermType
    location: Location
    datatype: str | None = None
    language: Expression | None = None
    datatype_map: TermMap | None = None

    @property
    def is_constant(self) -> bool:
        """The same term on every row: neither its value nor its language or datatype is made of the row."""
        language = self.language is None or isinstance(self.language, Constant)
        return isinstance(self.expression, Constant) and language and self.datatype_map is None


@dataclass(frozen=True)
class JoinCondition:
    """Child and parent expressions that must be equal."""

    child: Expression
    parent: Expression


@dataclass(frozen=True)
class RefObjectMap:
    """The object is the subject of another triples map, joined by conditions or, without any, by row."""

    parent_triples_map: str
    joins: tuple[JoinCondition, ...]
    location: Location


@dataclass(frozen=True)
class PredicateObjectMap:
    """Every predicate with every object, in every graph (or the subject's graphs)."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | RefObjectMap, ...]
    graphs: tuple[TermMap, ...]
    location: Location


@dataclass(frozen=True)
class TriplesMap:
    """One logical source, one subject map, its predicate-object maps."""

    iri: str
    source: SourceDescription
    subject: TermMap
    classes: tuple[str, ...]
    graphs: tuple[TermMap, ...]
    predicate_objects: tuple[PredicateObjectMap, ...]
    location: Location
    base: str | None = None


@dataclass(frozen=True)
class Mapping:
    """All triples maps of one mapping file, in file order."""

    path: str
    triples_maps: tuple[TriplesMap, ...]
