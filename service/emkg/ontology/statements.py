"""The statements of all modules, looked up by subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.rdf import IRI, Literal
from emkg.vocabulary import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from emkg.errors import Location
    from emkg.ontology.module import Module
    from emkg.rdf import Quad, Subject, Term

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"


@dataclass(frozen=True)
class Statements:
    """Statements by subject and predicate, with the modules that hold them."""

    modules: tuple[Module, ...]
    by_subject: Mapping[Subject, Mapping[str, tuple[Term, ...]]]

    @classmethod
    def of(cls, modules: Iterable[Module]) -> Statements:
        """The statements of these modules together."""
        kept = tuple(modules)
        found: dict[Subject, dict[str, tuple[Term, ...]]] = {}
        for module in kept:
            for quad in module.quads:
                about = found.setdefault(quad.subject, {})
                about[quad.predicate.value] = (*about.get(quad.predicate.value, ()), quad.object)
        return cls(kept, found)

    def located(self) -> Iterator[tuple[Module, Quad]]:
        """Every statement with its module, in document order."""
        return ((module, quad) for module in self.modules for quad in module.quads)

    def objects(self, subject: Term, predicate: str) -> tuple[Term, ...]:
        """The objects of a subject's statements with a predicate."""
        return self._about(subject).get(predicate, ())

    def iris(self, subject: Term, predicate: str) -> tuple[str, ...]:
        """The IRIs among `objects`."""
        return tuple(each.value for each in self.objects(subject, predicate) if isinstance(each, IRI))

    def predicates(self, subject: Term) -> tuple[str, ...]:
        """The predicates of a subject's statements."""
        return tuple(self._about(subject))

    def items(self, node: Term) -> tuple[Term, ...]:
        """The members of an RDF list; what follows a broken or circular link is left out."""
        found: list[Term] = []
        seen: set[Term] = set()
        while node not in seen and not (isinstance(node, IRI) and node.value == _NIL):
            seen.add(node)
            found.extend(self.objects(node, _FIRST))
            rest = self.objects(node, _REST)
            if not rest:
                break
            node = rest[0]
        return tuple(found)

    def location(self, subject: Subject, *mentioned: Term) -> Location | None:
        """Where a module speaks of the subject: at the line that mentions the terms, if any does, else at its block."""
        speaking = [each for each in self.modules if subject in each.places]
        exact = [each.location(subject, *mentioned) for each in speaking]
        blocks = [each.location(subject) for each in speaking]
        found = (place for place, block in zip(exact, blocks, strict=True) if place != block)
        return next(found, blocks[0] if blocks else None)

    def _about(self, subject: Term) -> Mapping[str, tuple[Term, ...]]:
        return {} if isinstance(subject, Literal) else self.by_subject.get(subject, {})
