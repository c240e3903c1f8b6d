"""The one immutable model that RML and YARRRML are parsed into (https://w3id.org/rml/core/spec).

Every node carries the `Location` (file, line, column) of the text it came from, so that a finding or a
quarantined value can name the mapping's line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from emkg.rdf import XSD_STRING, Literal
from emkg.vocabulary import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emkg.errors import Location
    from emkg.rdf import RdfFormat, Term
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
    """A function applied to argument expressions; parameters and the output are named by IRI."""

    function: str
    arguments: tuple[tuple[str, Expression], ...]
    location: Location
    output: str | None = None  # the function's first where the mapping does not say


@dataclass(frozen=True)
class RowKey:
    """A text of its own for each row, for blank nodes that no value names; `scope` sets term maps apart."""

    scope: str


Expression: TypeAlias = Constant | Reference | Template | FunctionCall | RowKey


class CollectionKind(Enum):
    """What a gather map makes (rml:gatherAs)."""

    LIST = RDF + "List"
    BAG = RDF + "Bag"
    SEQ = RDF + "Seq"
    ALT = RDF + "Alt"


@dataclass(frozen=True)
class Gather:
    """What a term map gathers into the collections or containers that its terms are the names of.

    Attributes:
        items: Whose terms are the members, in this order.
        kind: A list, or a kind of container.
        is_product: One collection for each combination of the items' values; else all values in one.
        allows_empty: A collection without members is made too.
        is_fresh: Each row has collections of its own; else rows whose term is the same share one.
        scope: A text of its own for each gather map of a dataset.
        graph: The graph that the collection's statements are in, where it is not the subject's.
    """

    items: tuple[TermMap | RefObjectMap, ...]
    kind: CollectionKind
    is_product: bool
    allows_empty: bool
    is_fresh: bool
    scope: str
    graph: TermMap | None = None

    @property
    def is_apart(self) -> bool:
        """A row can have several collections, each with a name of its own."""
        return self.is_product and self.is_fresh


@dataclass(frozen=True)
class TermMap:
    """How one term of a statement is made; `datatype`, `datatype_map` and `language` are for literals only.

    `datatype` is a fixed one; `datatype_map` makes it of the row, and its value is an IRI like any other.
    With a `condition` there is a term only on the rows where it gives `true`; with `gather` it names a collection.
    Statements with one of its terms go to its `targets`; those without any target go to the run's own output.
    """

    expression: Expression
    term_type: TermType
    location: Location
    datatype: str | None = None
    language: Expression | None = None
    datatype_map: TermMap | None = None
    condition: Expression | None = None
    gather: Gather | None = None
    targets: tuple[Target, ...] = ()

    @property
    def is_constant(self) -> bool:
        """The same term on every row: neither its value nor its language, datatype or condition is made of the row."""
        language = self.language is None or isinstance(self.language, Constant)
        by_row = self.datatype_map or self.condition or self.gather
        return isinstance(self.expression, Constant) and language and not by_row


def conditional(term_map: TermMap, condition: Expression) -> TermMap:
    """The term map with a condition; what a constant literal says of itself is then said by the map."""
    expression = term_map.expression
    if not isinstance(expression, Constant) or not isinstance(expression.term, Literal):
        return replace(term_map, condition=condition)
    tag, datatype = expression.term.language, expression.term.datatype
    language = Constant(Literal(tag)) if tag else term_map.language
    own_type = None if tag or datatype == XSD_STRING else datatype
    return replace(term_map, condition=condition, language=language, datatype=term_map.datatype or own_type)


def expressions_of(term_map: TermMap) -> Iterator[Expression]:
    """Every expression that the term is made of: its own, then its language's, its datatype's and its condition's."""
    yield term_map.expression
    if term_map.language is not None:
        yield term_map.language
    if term_map.datatype_map is not None:
        yield from expressions_of(term_map.datatype_map)
    if term_map.condition is not None:
        yield term_map.condition


@dataclass(frozen=True)
class Target:
    """A file of its own for statements (rml:LogicalTarget); `format` is None for RDF/JSON.

    Attributes:
        path: The file, absolute.
        format: How statements are written.
        encoding: The character encoding, as Python names it.
        compression: `gzip`, `zip`, `targz` or `tarxz`; empty for none.
        location: Where the mapping says so.
    """

    path: Path
    format: RdfFormat | None
    encoding: str
    compression: str
    location: Location

    @property
    def inner_name(self) -> str:
        """What the file within an archive is called: the target's name without the endings of packed files."""
        name = self.path.name
        for ending in (".gz", ".xz", ".zip", ".tar"):
            name = name.removesuffix(ending)
        return name


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


def term_maps_of(triples_map: TriplesMap) -> Iterator[TermMap]:
    """Every term map of a triples map, each after those that it gathers, repeated where it is."""
    yield from _with_items(triples_map.subject)
    yield from triples_map.graphs
    for predicate_object in triples_map.predicate_objects:
        yield from predicate_object.predicates
        for item in predicate_object.objects:
            if isinstance(item, TermMap):
                yield from _with_items(item)
        yield from predicate_object.graphs


def _with_items(term_map: TermMap) -> Iterator[TermMap]:
    for item in term_map.gather.items if term_map.gather else ():
        if isinstance(item, TermMap):
            yield from _with_items(item)
    yield term_map
