"""Terms of the ontology: those that do not exist, and those used on things they are not meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.mapping.model import RefObjectMap, TermMap, TermType
from emkg.ontology.term import TermKind, shorten
from emkg.pipeline.lint_datatype import datatype_findings
from emkg.pipeline.lint_finding import found, hints
from emkg.pipeline.lint_statement import constant_iri, uses
from emkg.vocabulary import EM, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.errors import Location
    from emkg.ontology import Ontology, OntologyTerm
    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding
    from emkg.pipeline.lint_statement import Use

_PROPERTIES: Final = frozenset(kind for kind in TermKind if kind.is_property)
_CLASSES: Final = frozenset({TermKind.CLASS})


def lint_terms(context: LintContext) -> Iterator[LintFinding]:
    """Unknown classes and properties; subjects and objects outside a property's domain and range."""
    for triples_map in context.mapping.triples_maps:
        end = context.end_of(triples_map)
        for iri in triples_map.classes:
            place = context.text.find_iri(triples_map.location, iri, end)
            yield from _unknown(context.inputs.ontology, iri, place, is_class=True)
    for use in uses(context.mapping):
        if use.predicate == RDF_TYPE and isinstance(use.object, TermMap):
            yield from _unknown(
                context.inputs.ontology, constant_iri(use.object), use.object.location, is_class=True
            )
            continue
        place = context.text.find_iri(use.predicate_map.location, use.predicate)
        unknown = list(_unknown(context.inputs.ontology, use.predicate, place, is_class=False))
        yield from unknown
        term = context.inputs.ontology.find(use.predicate)
        if term is not None and not unknown:
            yield from _outside_domain(context, use, term, place)
            yield from _outside_range(context, use, term)


def _unknown(ontology: Ontology, iri: str, place: Location, *, is_class: bool) -> Iterator[LintFinding]:
    if not iri.startswith(EM):
        return
    kinds, code, what, what_zh = (
        (_CLASSES, "unknown-class", "class", "类")
        if is_class
        else (_PROPERTIES, "unknown-property", "property", "属性")
    )
    term = ontology.find(iri)
    if term is not None and term.kind in kinds:
        return
    near = tuple(shorten(known) for known in ontology.did_you_mean(iri, kinds))
    hint, hint_zh = hints(near)
    is_other = f" but one of its kind “{term.kind.value}”" if term else ""
    yield found(
        code,
        place,
        f"{shorten(iri)} is no {what} of the ontology{is_other}{hint}",
        f"{shorten(iri)} 不是本体中的{what_zh}{hint_zh}",
        suggestion=near[0] if near else "",
    )


def _outside_domain(
    context: LintContext, use: Use, term: OntologyTerm, place: Location
) -> Iterator[LintFinding]:
    thing = context.things.subject(use.mapping, use.triples_map)
    for domain in term.domain:
        if thing.classes and not thing.is_open and not fits(context.inputs.ontology, thing.classes, domain):
            have = ", ".join(map(shorten, sorted(thing.classes)))
            yield found(
                "outside-domain",
                place,
                f"{shorten(term.iri)} belongs to {shorten(domain)}, and the subject is {have}",
                f"{shorten(term.iri)} 用于 {shorten(domain)}，而主语是 {have}",
            )


def _outside_range(context: LintContext, use: Use, term: OntologyTerm) -> Iterator[LintFinding]:
    if term.kind is TermKind.DATATYPE_PROPERTY:
        yield from datatype_findings(context, use, term)
        return
    if term.kind is not TermKind.OBJECT_PROPERTY:
        return
    place = use.object.location
    if isinstance(use.object, TermMap) and use.object.term_type is TermType.LITERAL:
        yield found(
            "outside-range",
            place,
            f"{shorten(term.iri)} points at a thing, and a literal stands here; write ~iri behind it",
            f"{shorten(term.iri)} 的宾语应为资源，而此处是字面量；请在其后写 ~iri",
            suggestion="~iri",
        )
        return
    classes = _object_classes(context, use)
    for range_ in term.range:
        if classes and not fits(context.inputs.ontology, classes, range_):
            have = ", ".join(map(shorten, sorted(classes)))
            yield found(
                "outside-range",
                place,
                f"{shorten(term.iri)} points at {shorten(range_)}, and the object is {have}",
                f"{shorten(term.iri)} 的宾语应为 {shorten(range_)}，而此处是 {have}",
            )


def _object_classes(context: LintContext, use: Use) -> frozenset[str]:
    """The classes of an object, from the mappings, or from the ontology for one of its individuals."""
    thing = context.things.object(use)
    if thing is not None:
        return frozenset() if thing.is_open else thing.classes
    if isinstance(use.object, RefObjectMap):
        return frozenset()
    individual = context.inputs.ontology.find(constant_iri(use.object))
    return frozenset(individual.types) if individual else frozenset()


def fits(ontology: Ontology, classes: frozenset[str], wanted: str) -> bool:
    """Whether a thing of these classes is, or may yet turn out to be, of the wanted class."""
    above = ontology.ancestors(wanted)
    return any(wanted in ontology.ancestors(one) or one in above for one in classes)
