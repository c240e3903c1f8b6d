"""What keeps the modules out of OWL 2 DL (OWL 2 Structural Specification, sections 3, 5.8 and 11)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from emkg.ontology.entity import Entities
from emkg.ontology.finding import OntologyFinding
from emkg.ontology.owl_vocabulary import DATATYPES, RESERVED, is_reserved
from emkg.ontology.term import shorten, split_iri
from emkg.rdf import IRI, Literal
from emkg.vocabulary import OWL, RDF_TYPE, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emkg.errors import Location
    from emkg.ontology.module import Module
    from emkg.ontology.statements import Statements
    from emkg.rdf import Quad

_SIMPLE_ONLY: Final = frozenset(
    OWL + name
    for name in (
        "AsymmetricProperty",
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "IrreflexiveProperty",
    )
)
_CARDINALITIES: Final = frozenset(
    OWL + name
    for name in (
        "cardinality",
        "hasSelf",
        "maxCardinality",
        "maxQualifiedCardinality",
        "minCardinality",
        "minQualifiedCardinality",
        "qualifiedCardinality",
    )
)
_Message = tuple[str, str, str, str]


def find_outside_dl(statements: Statements) -> Iterator[OntologyFinding]:
    """Statements that no OWL 2 DL ontology may hold, each located.

    Datatypes of XML Schema outside the datatype map are let pass: `foreign_datatypes` counts them.
    """
    entities = Entities.of(statements)
    for term, first, second in entities.clashing():
        text = f"{shorten(term)} is declared as {first} and as {second}, which OWL 2 DL keeps apart"
        text_zh = f"{shorten(term)} 同时声明为 {first} 和 {second}，OWL 2 DL 不允许"
        yield OntologyFinding(statements.location(IRI(term)), term, "forbidden-punning", text, text_zh)
    for module, quad in statements.located():
        for iri, problem, message, message_zh in (
            *_unknown_names(quad),
            *_undeclared(quad, entities),
            *_wrong_kind(quad, entities),
            *_not_simple(quad, entities, statements),
        ):
            yield OntologyFinding(_place(module, quad, iri), iri, problem, message, message_zh)


def foreign_datatypes(statements: Statements) -> Mapping[str, int]:
    """XML Schema datatypes outside the OWL 2 datatype map that statements use, by how many use them.

    A date is written as xsd:date; HermiT refuses it, and OWL 2 DL does not know it.
    """
    used: Counter[str] = Counter()
    for _, quad in statements.located():
        name = quad.object.datatype if isinstance(quad.object, Literal) else quad.object.value
        if name.startswith(XSD) and name not in DATATYPES:
            used[name] += 1
    return dict(sorted(used.items()))


def _place(module: Module, quad: Quad, iri: str) -> Location:
    return module.location(quad.subject, IRI(iri)) if iri else module.locate(quad)


def _unknown_names(quad: Quad) -> Iterator[_Message]:
    for term in (quad.predicate, quad.object):
        if not isinstance(term, IRI):
            continue
        names = RESERVED.get(split_iri(term.value)[0])
        if names is not None and term.value not in names:
            name = shorten(term.value)
            yield (
                term.value,
                "unknown-name",
                f"{name} is no name of OWL 2 or RDF Schema",
                f"{name} 不是 OWL 2 或 RDF Schema 的名称",
            )


def _undeclared(quad: Quad, entities: Entities) -> Iterator[_Message]:
    predicate = quad.predicate.value
    if not is_reserved(predicate) and predicate not in entities.properties:
        name = shorten(predicate)
        yield (
            predicate,
            "undeclared-property",
            f"{name} is used as a property and not declared as one",
            f"{name} 用作属性但未声明",
        )
    if predicate in {RDF_TYPE, RDFS + "subClassOf"} and isinstance(quad.object, IRI):
        name = quad.object.value
        if not is_reserved(name) and name not in entities.classes:
            yield (
                name,
                "undeclared-class",
                f"{shorten(name)} is used as a class and not declared as one",
                f"{shorten(name)} 用作类但未声明",
            )


def _wrong_kind(quad: Quad, entities: Entities) -> Iterator[_Message]:
    predicate = quad.predicate.value
    name = shorten(predicate)
    if predicate in entities.object_properties and isinstance(quad.object, Literal):
        yield (
            "",
            "literal-of-object-property",
            f"{name} is an object property and has the literal {quad.object}",
            f"{name} 是对象属性，其值却是文字 {quad.object}",
        )
    if predicate in entities.data_properties and not isinstance(quad.object, Literal):
        yield (
            "",
            "resource-of-datatype-property",
            f"{name} is a datatype property and has the resource {quad.object}",
            f"{name} 是数据属性，其值却是资源 {quad.object}",
        )
    if predicate == RDFS + "range" and isinstance(quad.subject, IRI) and isinstance(quad.object, IRI):
        yield from _wrong_range(quad.subject.value, quad.object.value, entities)


def _wrong_range(subject: str, range_: str, entities: Entities) -> Iterator[_Message]:
    is_datatype = range_ in DATATYPES or range_.startswith(XSD) or range_ in entities.datatypes
    if (subject in entities.object_properties and is_datatype) or (
        subject in entities.data_properties and not is_datatype
    ):
        kind = "an object" if subject in entities.object_properties else "a datatype"
        yield (
            range_,
            "wrong-range",
            f"{shorten(subject)} is {kind} property and cannot have the range {shorten(range_)}",
            f"{shorten(subject)} 的值域不能是 {shorten(range_)}",
        )


def _not_simple(quad: Quad, entities: Entities, statements: Statements) -> Iterator[_Message]:
    found = ""
    if quad.predicate.value == RDF_TYPE and quad.object.value in _SIMPLE_ONLY:
        found = quad.subject.value
    if quad.predicate.value in _CARDINALITIES:
        found = next(iter(statements.iris(quad.subject, OWL + "onProperty")), "")
    if found in entities.composite:
        name = shorten(found)
        yield (
            "",
            "not-simple",
            f"{name} is transitive or has a chain, so OWL 2 DL allows no {shorten(quad.predicate.value)} on it here",
            f"{name} 可传递或带属性链，OWL 2 DL 不允许在此对它使用 {shorten(quad.predicate.value)}",
        )
