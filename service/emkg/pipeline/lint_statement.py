"""What a mapping's statements are about: the form of each subject, and what is known of things of that form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from emkg.mapping.model import Constant, RefObjectMap, Template, TermMap
from emkg.rdf import IRI
from emkg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.mapping.model import Expression, Mapping, TriplesMap

Form: TypeAlias = "tuple[object, ...]"


@dataclass(frozen=True)
class Use:
    """One predicate with one object, as a triples map states them."""

    mapping: Mapping
    triples_map: TriplesMap
    predicate_map: TermMap
    object: TermMap | RefObjectMap

    @property
    def predicate(self) -> str:
        """The constant predicate's IRI; empty where it is made of the row."""
        return constant_iri(self.predicate_map)


def uses(mapping: Mapping) -> Iterator[Use]:
    """Every predicate with every object, in file order."""
    for triples_map in mapping.triples_maps:
        for predicate_object in triples_map.predicate_objects:
            for predicate in predicate_object.predicates:
                for item in predicate_object.objects:
                    yield Use(mapping, triples_map, predicate, item)


def constant_iri(term_map: TermMap) -> str:
    """The IRI of a constant term map; empty for any other."""
    expression = term_map.expression
    if isinstance(expression, Constant) and isinstance(expression.term, IRI):
        return expression.term.value
    return ""


def form_of(expression: Expression) -> Form | None:
    """The fixed texts of a template, whatever its columns are called; None where it has none to go by."""
    match expression:
        case Constant(term):
            return (str(term),)
        case Template(parts):
            return tuple(part if isinstance(part, str) else None for part in parts)
    return None


@dataclass(frozen=True)
class Thing:
    """What the mappings say of things of one form; `is_open`: some class or predicate is made of the row."""

    classes: frozenset[str]
    predicates: frozenset[str]
    is_open: bool


@dataclass(frozen=True)
class Things:
    """The things of all mappings that are linted together."""

    by_form: dict[Form, Thing]
    by_triples_map: dict[tuple[str, str], Thing]

    @classmethod
    def of(cls, mappings: Iterable[Mapping]) -> Things:
        """Gather what each triples map says by the form of its subject."""
        parts: dict[Form, list[Thing]] = defaultdict(list)
        own: dict[tuple[str, str], tuple[Form | None, Thing]] = {}
        for mapping in mappings:
            for triples_map in mapping.triples_maps:
                form, thing = form_of(triples_map.subject.expression), _thing(mapping, triples_map)
                own[mapping.path, triples_map.iri] = (form, thing)
                if form is not None:
                    parts[form].append(thing)
        by_form = {form: _union(things) for form, things in parts.items()}
        by_map = {key: thing if form is None else by_form[form] for key, (form, thing) in own.items()}
        return cls(by_form, by_map)

    def subject(self, mapping: Mapping, triples_map: TriplesMap) -> Thing:
        """What is known of a triples map's subjects."""
        return self.by_triples_map[mapping.path, triples_map.iri]

    def object(self, use: Use) -> Thing | None:
        """What the mappings say of an object; None where no triples map makes such a thing."""
        if isinstance(use.object, RefObjectMap):
            return self.by_triples_map.get((use.mapping.path, use.object.parent_triples_map))
        form = form_of(use.object.expression)
        return None if form is None else self.by_form.get(form)


def _thing(mapping: Mapping, triples_map: TriplesMap) -> Thing:
    own = [use for use in uses(mapping) if use.triples_map is triples_map]
    types = [use for use in own if use.predicate == RDF_TYPE]
    stated = {constant_iri(use.object) for use in types if isinstance(use.object, TermMap)}
    is_open = "" in stated or any(
        not use.predicate or (use in types and isinstance(use.object, RefObjectMap)) for use in own
    )
    return Thing(
        frozenset((*triples_map.classes, *stated)) - {""},
        frozenset(use.predicate for use in own),
        is_open,
    )


def _union(things: list[Thing]) -> Thing:
    return Thing(
        frozenset().union(*(thing.classes for thing in things)),
        frozenset().union(*(thing.predicates for thing in things)),
        any(thing.is_open for thing in things),
    )
