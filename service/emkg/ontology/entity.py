"""What the modules declare each IRI to be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from emkg.rdf import IRI
from emkg.vocabulary import OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emkg.ontology.statements import Statements

_OBJECT, _DATA, _ANNOTATION = "an object property", "a datatype property", "an annotation property"
_CLASS, _DATATYPE = "a class", "a datatype"
_KINDS: Final = {
    OWL + "ObjectProperty": _OBJECT,
    OWL + "DatatypeProperty": _DATA,
    OWL + "AnnotationProperty": _ANNOTATION,
    OWL + "Class": _CLASS,
    RDFS + "Datatype": _DATATYPE,
    **{
        OWL + name: _OBJECT
        for name in (
            "AsymmetricProperty",
            "InverseFunctionalProperty",
            "IrreflexiveProperty",
            "ReflexiveProperty",
            "SymmetricProperty",
            "TransitiveProperty",
        )
    },
}
_APART: Final = (frozenset({_OBJECT, _DATA, _ANNOTATION}), frozenset({_CLASS, _DATATYPE}))


@dataclass(frozen=True)
class Entities:
    """IRIs by kind; `composite` are the object properties that are transitive or above such, or have a chain."""

    kinds: Mapping[str, tuple[str, ...]]
    composite: frozenset[str]

    @classmethod
    def of(cls, statements: Statements) -> Entities:
        """The entities that the statements declare."""
        kinds: dict[str, tuple[str, ...]] = {}
        for _, quad in statements.located():
            kind = _KINDS.get(quad.object.value) if quad.predicate.value == RDF_TYPE else None
            if kind and isinstance(quad.subject, IRI) and kind not in kinds.get(quad.subject.value, ()):
                kinds[quad.subject.value] = (*kinds.get(quad.subject.value, ()), kind)
        return cls(kinds, _composite(statements))

    @property
    def object_properties(self) -> frozenset[str]:
        """All object properties."""
        return self._of(_OBJECT)

    @property
    def data_properties(self) -> frozenset[str]:
        """All datatype properties."""
        return self._of(_DATA)

    @property
    def properties(self) -> frozenset[str]:
        """All properties."""
        return self._of(_OBJECT) | self._of(_DATA) | self._of(_ANNOTATION)

    @property
    def classes(self) -> frozenset[str]:
        """All named classes."""
        return self._of(_CLASS)

    @property
    def datatypes(self) -> frozenset[str]:
        """All datatypes declared here."""
        return self._of(_DATATYPE)

    def clashing(self) -> Iterator[tuple[str, str, str]]:
        """IRIs that are declared as two things OWL 2 DL keeps apart: the IRI, one kind, the other."""
        for iri, kinds in self.kinds.items():
            for one, other in combinations(kinds, 2):
                if any({one, other} <= group for group in _APART):
                    yield iri, one, other

    def _of(self, kind: str) -> frozenset[str]:
        return frozenset(iri for iri, kinds in self.kinds.items() if kind in kinds)


def _composite(statements: Statements) -> frozenset[str]:
    found: set[str] = set()
    above: dict[str, set[str]] = defaultdict(set)
    for _, quad in statements.located():
        subject, predicate = quad.subject.value, quad.predicate.value
        if predicate == OWL + "propertyChainAxiom" or quad.object.value == OWL + "TransitiveProperty":
            found.add(subject)
        if predicate == RDFS + "subPropertyOf":
            above[subject].add(quad.object.value)
        if predicate == OWL + "inverseOf":
            above[subject].add(quad.object.value)
            above[quad.object.value].add(subject)
    waiting = list(found)
    while waiting:
        for one in above[waiting.pop()] - found:
            found.add(one)
            waiting.append(one)
    return frozenset(found)
