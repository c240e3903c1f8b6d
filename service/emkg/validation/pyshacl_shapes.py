"""What pySHACL reads differently from the specification, put right in the statements before it sees them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from emkg.rdf import IRI, Literal, Term
from emkg.vocabulary import OWL, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.validation.rdflib_graph import Statement
    from emkg.validation.shapes import ShapesGraph

_FLAGS = frozenset(
    SH + name for name in ("closed", "deactivated", "qualifiedValueShapesDisjoint", "uniqueLang")
)
_TRUE = Literal("true", XSD + "boolean")


def pyshacl_statements(shapes: ShapesGraph) -> Iterator[Statement]:
    """The shapes for pySHACL.

    Only the term `true` switches a flag on (`"1"^^xsd:boolean` does not: W3C case uniqueLang-002), and prefixes
    are also those declared by what `owl:imports` names (SHACL, section 5.2.1).
    """
    for quad in shapes.quads:
        if quad.predicate.value not in _FLAGS or quad.object == _TRUE:
            yield quad.subject, quad.predicate, quad.object
    yield from _imported_prefixes(shapes)


def _imported_prefixes(shapes: ShapesGraph) -> Iterator[Statement]:
    imports: dict[Term, list[Term]] = defaultdict(list)
    declared: dict[Term, list[Term]] = defaultdict(list)
    for quad in shapes.quads:
        if quad.predicate.value == OWL + "imports":
            imports[quad.subject].append(quad.object)
        elif quad.predicate.value == SH + "declare":
            declared[quad.subject].append(quad.object)
    for importer in list(imports):
        for imported in _reached(importer, imports):
            yield from ((importer, IRI(SH + "declare"), declaration) for declaration in declared[imported])


def _reached(start: Term, imports: dict[Term, list[Term]]) -> set[Term]:
    reached: set[Term] = set()
    waiting = [start]
    while waiting:
        fresh = [node for node in imports.get(waiting.pop(), []) if node not in reached]
        reached.update(fresh)
        waiting += fresh
    return reached - {start}
