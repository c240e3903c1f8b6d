"""What the ontology declares, as immutable values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import TYPE_CHECKING

from emkg.vocabulary import CODE, EM, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.ontology.module import Module
    from emkg.rdf import Quad

_CLOSE = 0.6
_SHARES_WORDS = 0.8
_PROPOSALS = 3
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


class TermKind(Enum):
    """What a term is declared to be."""

    CLASS = "class"
    OBJECT_PROPERTY = "object property"
    DATATYPE_PROPERTY = "datatype property"
    ANNOTATION_PROPERTY = "annotation property"
    INDIVIDUAL = "individual"

    @property
    def is_property(self) -> bool:
        """Whether the term can stand in a statement's predicate."""
        return self not in {TermKind.CLASS, TermKind.INDIVIDUAL}


@dataclass(frozen=True)
class OntologyTerm:
    """One declared term.

    Attributes:
        iri: The term.
        kind: What it is declared to be.
        file: The module's file that declares it.
        labels: rdfs:label by language tag.
        definitions: skos:definition by language tag.
        domain: IRIs of rdfs:domain; a subject of the property is in all of them.
        range: IRIs of rdfs:range, classes or datatypes.
        parents: IRIs of the stated superclasses or superproperties, not their closure.
        types: IRIs of all stated types.
        defined_by: IRI of rdfs:isDefinedBy; empty if it is not stated.
    """

    iri: str
    kind: TermKind
    file: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    parents: tuple[str, ...]
    types: tuple[str, ...]
    defined_by: str

    @property
    def is_ours(self) -> bool:
        """Whether the term is in EMKG's own namespaces."""
        return self.iri.startswith((EM, CODE))


@dataclass(frozen=True)
class Ontology:
    """All modules together; `terms` is keyed by IRI, `quads` are in file order."""

    quads: tuple[Quad, ...]
    terms: Mapping[str, OntologyTerm]
    modules: tuple[Module, ...] = ()

    def find(self, iri: str) -> OntologyTerm | None:
        """The term, or None if no module declares it."""
        return self.terms.get(iri)

    def ancestors(self, iri: str) -> frozenset[str]:
        """The term and all its superclasses or superproperties, through any number of steps."""
        seen: set[str] = set()
        waiting = [iri]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            term = self.terms.get(current)
            waiting.extend(term.parents if term else ())
        return frozenset(seen)

    def did_you_mean(self, iri: str, kinds: frozenset[TermKind] | None = None) -> tuple[str, ...]:
        """The declared terms of the same namespace that are spelled most like `iri`, best first, three at most.

        Args:
            iri: A term that is not declared.
            kinds: Only terms of these kinds are proposed; None for all.
        """
        namespace, name = split_iri(iri)
        scored = [
            (-likeness, split_iri(term.iri)[1][:1].isupper() != name[:1].isupper(), term.iri)
            for term in self.terms.values()
            if split_iri(term.iri)[0] == namespace and (kinds is None or term.kind in kinds)
            if (likeness := _likeness(name, split_iri(term.iri)[1])) >= _CLOSE
        ]
        return tuple(known for *_, known in sorted(scored)[:_PROPOSALS])


def split_iri(iri: str) -> tuple[str, str]:
    """The namespace, with its final `#` or `/`, and the local name."""
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]


def shorten(iri: str) -> str:
    """`em:Duty` for an IRI of a namespace that has a prefix, else the IRI itself."""
    matches = [(len(space), prefix, space) for prefix, space in PREFIXES.items() if iri.startswith(space)]
    if not matches:
        return iri
    _, prefix, space = max(matches)
    return f"{prefix}:{iri.removeprefix(space)}"


def _likeness(written: str, known: str) -> float:
    """From 0 to 1; a name made of the other's words (`emergencyPhase`, `phase`) counts as close."""
    ratio = SequenceMatcher(None, written.lower(), known.lower()).ratio()
    words = ({word.lower() for word in _WORD.findall(name)} for name in (written, known))
    first, second = words
    return max(ratio, _SHARES_WORDS) if first and second and (first <= second or second <= first) else ratio
