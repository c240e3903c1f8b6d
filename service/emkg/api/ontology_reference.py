"""The ontology as its reference pages look it up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from emkg.ontology import TermKind, load_ontology, merge_modules, read_alignments
from emkg.rdf import IRI, BlankNode, Literal
from emkg.vocabulary import DCTERMS, EM, OWL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emkg.ontology import Alignment, Ontology, OntologyTerm
    from emkg.rdf import Quad, Subject

_MODULE: Final = EM.rstrip("#") + "/"
_SUFFIX: Final = ".ttl"
_WHOLE: Final = "emkg"


@dataclass(frozen=True)
class Reference:
    """The modules, and the alignments of their terms to other vocabularies."""

    ontology: Ontology
    alignments: tuple[Alignment, ...] = ()

    @classmethod
    def of_content(cls, root: Path) -> Reference:
        """The reference of the ontology in a folder that holds ontology/.

        Raises:
            InputError: A module or a mapping set is wrong; located by file and line.
        """
        folder = root / "ontology"
        sets = read_alignments(folder / "alignments")
        return cls(load_ontology(folder), tuple(each for one in sets for each in one.alignments))

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Labels of every term, by IRI and language."""
        return {iri: term.labels for iri, term in self.ontology.terms.items()}

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules, such as `law`, without the one that brings them together."""
        names = {module.name.removesuffix(_SUFFIX) for module in self.ontology.modules}
        return tuple(sorted(names - {_WHOLE}))

    def holds_version(self, path: str) -> bool:
        """Whether `0.1.0`, or `law/0.1.0`, is the version that the whole, or that module, states as its own."""
        version = IRI(_MODULE + path)
        return any(
            quad.object == version
            for quad in self.ontology.quads
            if quad.predicate.value == OWL + "versionIRI"
        )

    def module_texts(self, name: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Title and description of a module, by language."""
        said = self.statements_of(_MODULE + name)
        title, description = (
            {
                quad.object.language: quad.object.value
                for quad in said
                if quad.predicate.value == DCTERMS + word and isinstance(quad.object, Literal)
            }
            for word in ("title", "description")
        )
        return title, description

    def terms_of(self, module: str, *, with_individuals: bool) -> tuple[OntologyTerm, ...]:
        """A module's own terms: classes, properties, then individuals, each by IRI."""
        order = list(TermKind)
        found = (
            term for term in self.ontology.terms.values() if term.is_ours and term.file == module + _SUFFIX
        )
        kept = (term for term in found if with_individuals or term.kind is not TermKind.INDIVIDUAL)
        return tuple(sorted(kept, key=lambda term: (order.index(term.kind), term.iri)))

    def below(self, iri: str) -> tuple[str, ...]:
        """The terms that state this one as their superclass or superproperty."""
        return tuple(each.iri for each in self.ontology.terms.values() if iri in each.parents)

    def properties_of(self, iri: str) -> tuple[OntologyTerm, ...]:
        """The properties whose domain is this class or one above it."""
        above = self.ontology.ancestors(iri)
        return tuple(term for term in self.ontology.terms.values() if above & set(term.domain))

    def pointing_to(self, iri: str) -> tuple[OntologyTerm, ...]:
        """The properties whose range is this class or one above it."""
        above = self.ontology.ancestors(iri)
        return tuple(term for term in self.ontology.terms.values() if above & set(term.range))

    def individuals_of(self, iri: str) -> tuple[str, ...]:
        """The individuals that the modules state to be of this class."""
        return tuple(each.iri for each in self.ontology.terms.values() if iri in each.types)

    def alignments_of(self, iri: str) -> tuple[Alignment, ...]:
        """What a term is aligned to."""
        return tuple(each for each in self.alignments if each.subject == iri)

    def statements_of(self, iri: str) -> tuple[Quad, ...]:
        """The modules' statements of a term, and of the blank nodes within them."""
        found: list[Quad] = []
        waiting: list[Subject] = [IRI(iri)]
        seen: set[Subject] = set()
        while waiting:
            subject = waiting.pop()
            if subject not in seen:
                seen.add(subject)
                said = self._by_subject.get(subject, ())
                found.extend(said)
                waiting.extend(quad.object for quad in said if isinstance(quad.object, BlankNode))
        return tuple(found)

    def statements_of_module(self, name: str) -> tuple[Quad, ...]:
        """All statements of a module."""
        module = next((each for each in self.ontology.modules if each.name == name + _SUFFIX), None)
        return module.quads if module else ()

    @cached_property
    def merged(self) -> tuple[Quad, ...]:
        """All modules as one ontology."""
        return merge_modules(self.ontology)

    @cached_property
    def _by_subject(self) -> Mapping[Subject, tuple[Quad, ...]]:
        found: dict[Subject, list[Quad]] = {}
        for quad in self.ontology.quads:
            found.setdefault(quad.subject, []).append(quad)
        return {subject: tuple(quads) for subject, quads in found.items()}
