"""What keeps the modules out of OWL 2 RL (OWL 2 Profiles, section 4.2): what no rule could derive.

Data is reasoned with by rules, so an axiom outside this profile would be read by HermiT and silently not be
applied to data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ontology.finding import OntologyFinding
from emkg.ontology.term import shorten
from emkg.rdf import IRI, BlankNode
from emkg.vocabulary import OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ontology.statements import Statements
    from emkg.rdf import Quad, Term

_SUB: Final = RDFS + "subClassOf"
_EQUIVALENT: Final = OWL + "equivalentClass"
_BELOW: Final = frozenset(
    OWL + name for name in ("someValuesFrom", "hasValue", "unionOf", "intersectionOf", "oneOf")
)
_ABOVE: Final = frozenset(
    OWL + name
    for name in (
        "allValuesFrom",
        "hasValue",
        "intersectionOf",
        "complementOf",
        "maxCardinality",
        "maxQualifiedCardinality",
    )
)
_BOTH: Final = frozenset(OWL + name for name in ("intersectionOf", "hasValue"))
_CONSTRUCTORS: Final = frozenset(
    OWL + name
    for name in (
        "allValuesFrom", "cardinality", "complementOf", "hasSelf", "hasValue", "intersectionOf", "maxCardinality",
        "maxQualifiedCardinality", "minCardinality", "minQualifiedCardinality", "oneOf", "qualifiedCardinality",
        "someValuesFrom", "unionOf",
    )
)  # fmt: skip
_NEVER: Final = {
    OWL + "disjointUnionOf": "owl:disjointUnionOf",
    OWL + "hasSelf": "owl:hasSelf",
    OWL + "datatypeComplementOf": "owl:datatypeComplementOf",
    OWL + "withRestrictions": "a datatype restriction (owl:withRestrictions)",
}
_NEVER_TYPES: Final = {OWL + "ReflexiveProperty": "owl:ReflexiveProperty"}
_NEVER_VALUES: Final = {
    OWL + "real": "owl:real",
    OWL + "rational": "owl:rational",
    OWL + "topObjectProperty": "owl:topObjectProperty",
    OWL + "bottomObjectProperty": "owl:bottomObjectProperty",
    OWL + "topDataProperty": "owl:topDataProperty",
    OWL + "bottomDataProperty": "owl:bottomDataProperty",
}


def find_outside_rl(statements: Statements) -> Iterator[OntologyFinding]:
    """Constructs that the profile has no rule for, each located at the axiom that holds it."""
    for module, quad in statements.located():
        for construct, where, where_zh in (*_forbidden(quad), *_misplaced(statements, quad)):
            name = shorten(quad.subject.value) if isinstance(quad.subject, IRI) else ""
            owner, owner_zh = (f"{name}: ", f"{name}：") if name else ("", "")
            yield OntologyFinding(
                module.locate(quad),
                quad.subject.value if name else "",
                "outside-rl",
                f"{owner}{construct} {where} is outside OWL 2 RL, so no rule applies it to data",
                f"{owner_zh}{construct} {where_zh} 超出 OWL 2 RL，规则无法应用于数据",
            )


def _forbidden(quad: Quad) -> Iterator[tuple[str, str, str]]:
    name = _NEVER.get(quad.predicate.value) or _NEVER_VALUES.get(quad.object.value)
    if quad.predicate.value == RDF_TYPE:
        name = _NEVER_TYPES.get(quad.object.value)
    if name:
        yield name, "anywhere", "在任何位置均"


def _misplaced(statements: Statements, quad: Quad) -> Iterator[tuple[str, str, str]]:
    predicate = quad.predicate.value
    subclass = ("in a subclass", "位于子类一侧")
    superclass = ("in a superclass", "位于父类一侧")
    if predicate in {_SUB, OWL + "disjointWith"}:
        yield from ((each, *subclass) for each in _below(statements, quad.subject))
    if predicate == _SUB or predicate in {RDFS + "domain", RDFS + "range"}:
        yield from ((each, *superclass) for each in _above(statements, quad.object))
    if predicate == OWL + "disjointWith":
        yield from ((each, *subclass) for each in _below(statements, quad.object))
    if predicate == _EQUIVALENT:
        for side in (quad.subject, quad.object):
            yield from ((each, "in an equivalence", "位于等价公理中") for each in _both(statements, side))
    if predicate == RDF_TYPE and isinstance(quad.object, BlankNode):
        yield from ((each, *superclass) for each in _above(statements, quad.object))


def _below(statements: Statements, node: Term) -> Iterator[str]:
    """What a subclass expression may not be made of."""
    if node == IRI(OWL + "Thing"):
        yield "owl:Thing"
    for constructor in _constructors(statements, node):
        if constructor not in _BELOW:
            yield shorten(constructor)
        for part in _parts(statements, node, constructor):
            if constructor != OWL + "someValuesFrom" or part != IRI(OWL + "Thing"):
                yield from _below(statements, part)


def _above(statements: Statements, node: Term) -> Iterator[str]:
    """What a superclass expression may not be made of."""
    for constructor in _constructors(statements, node):
        if constructor not in _ABOVE:
            yield shorten(constructor)
        if "Cardinality" in constructor and _count(statements, node, constructor) not in {"0", "1"}:
            yield f"{shorten(constructor)} over 1"
        negated = constructor == OWL + "complementOf"
        for part in _parts(statements, node, constructor):
            yield from _below(statements, part) if negated else _above(statements, part)


def _both(statements: Statements, node: Term) -> Iterator[str]:
    """What a class expression in an equivalence may not be made of."""
    if node == IRI(OWL + "Thing"):
        yield "owl:Thing"
    for constructor in _constructors(statements, node):
        if constructor not in _BOTH:
            yield shorten(constructor)
        for part in _parts(statements, node, constructor):
            yield from _both(statements, part)


def _constructors(statements: Statements, node: Term) -> tuple[str, ...]:
    if not isinstance(node, BlankNode):
        return ()
    return tuple(each for each in statements.predicates(node) if each in _CONSTRUCTORS)


def _parts(statements: Statements, node: Term, constructor: str) -> tuple[Term, ...]:
    """The class expressions within an expression."""
    objects = statements.objects(node, constructor)
    if constructor in {OWL + "unionOf", OWL + "intersectionOf"}:
        return tuple(each for one in objects for each in statements.items(one))
    nested = {OWL + "someValuesFrom", OWL + "allValuesFrom", OWL + "complementOf"}
    return objects if constructor in nested else ()


def _count(statements: Statements, node: Term, constructor: str) -> str:
    return next((each.value for each in statements.objects(node, constructor)), "")
