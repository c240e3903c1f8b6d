"""Triples and paths of a query's text (grammar rules 52 to 106)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.plan.path import (
    Alternative,
    Inverse,
    Link,
    NegatedSet,
    Path,
    PathPattern,
    Repeated,
    Repetition,
    Sequence,
)
from emkg.plan.pattern import TriplePattern, Variable
from emkg.plan.sparql.term import TermReader
from emkg.rdf import IRI
from emkg.vocabulary import RDF

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.plan.pattern import Slot

_FIRST: Final = IRI(RDF + "first")
_REST: Final = IRI(RDF + "rest")
_NIL: Final = IRI(RDF + "nil")
_REPETITIONS: Final = {"*": Repetition.ZERO_OR_MORE, "+": Repetition.ONE_OR_MORE, "?": Repetition.ZERO_OR_ONE}


class TripleReader(TermReader):
    """Reads triples into `found`; with paths in patterns, without in templates."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]  # those of TermReader
        self.found: list[TriplePattern | PathPattern] = []

    def triples(self) -> list[TriplePattern | PathPattern]:
        """Triples of the same subject, and more after each dot."""
        outer, self.found = self.found, []
        while self._at_subject():
            self._same_subject()
            if not self.accept_mark("."):
                break
        found, self.found = self.found, outer
        return found

    def _at_subject(self) -> bool:
        return self.at("variable", "iri", "name", "blank") or self.at_literal() or self.at_mark("(", "[")

    def _same_subject(self) -> None:
        is_node = self._at_collection() or self._at_properties()
        subject = self._node()
        if not is_node or self._at_verb():
            self._properties(subject)

    def _at_collection(self) -> bool:
        following = self.ahead()
        return self.at_mark("(") and not (following and following.kind == "mark" and following.text == ")")

    def _at_properties(self) -> bool:
        following = self.ahead()
        return self.at_mark("[") and not (following and following.kind == "mark" and following.text == "]")

    def _at_verb(self) -> bool:
        token = self.here
        if self.at("variable", "iri", "name") or (token and token.kind == "word" and token.text == "a"):
            return True
        return not self.makes_terms and self.at_mark("^", "!", "(")

    def _properties(self, subject: Slot) -> None:
        self._verb_and_objects(subject)
        while self.accept_mark(";"):
            if self._at_verb():
                self._verb_and_objects(subject)

    def _verb_and_objects(self, subject: Slot) -> None:
        add = self._verb()
        add(subject, self._node())
        while self.accept_mark(","):
            add(subject, self._node())

    def _verb(self) -> Callable[[Slot, Slot], None]:
        if self.makes_terms or self.at("variable"):
            predicate = self.verb()
            return lambda subject, value: self.found.append(TriplePattern(subject, predicate, value))
        path = self.path()
        return lambda subject, value: self._add_path(subject, path, value)

    def _node(self) -> Slot:
        if self._at_collection():
            return self._collection()
        if not self._at_properties():
            return self.graph_term()
        self.enter()
        self.place += 1
        node = self.blank()
        self._properties(node)
        self.expect_mark("]")
        self.leave()
        return node

    def _collection(self) -> Slot:
        self.enter()
        self.place += 1
        head = node = self.blank()
        while True:
            self.found.append(TriplePattern(node, _FIRST, self._node()))
            if self.accept_mark(")"):
                self.found.append(TriplePattern(node, _REST, _NIL))
                self.leave()
                return head
            following = self.blank()
            self.found.append(TriplePattern(node, _REST, following))
            node = following

    def _add_path(self, subject: Slot, path: Path, value: Slot) -> None:
        """Section 18.2.2.4: what is no path becomes triple patterns."""
        match path:
            case Link(predicate):
                self.found.append(TriplePattern(subject, predicate, value))
            case Inverse(inner):
                self._add_path(value, inner, subject)
            case Sequence(left, right):
                between = self.new_variable()
                self._add_path(subject, left, between)
                self._add_path(between, right, value)
            case _:
                self.found.append(PathPattern(subject, path, value))

    # ------------------------------------------------------------------------------------------------------- paths

    def path(self) -> Path:
        """A path: alternatives of sequences."""
        path = self._path_sequence()
        while self.accept_mark("|"):
            path = Alternative(path, self._path_sequence())
        return path

    def _path_sequence(self) -> Path:
        path = self._path_step()
        while self.accept_mark("/"):
            path = Sequence(path, self._path_step())
        return path

    def _path_step(self) -> Path:
        if self.accept_mark("^"):
            return Inverse(self._path_repeated())
        return self._path_repeated()

    def _path_repeated(self) -> Path:
        path = self._path_primary()
        if self.at_mark(*_REPETITIONS):
            return Repeated(path, _REPETITIONS[self.take().text])
        return path

    def _path_primary(self) -> Path:
        if self.accept_mark("("):
            self.enter()
            path = self.path()
            self.expect_mark(")")
            self.leave()
            return path
        if self.accept_mark("!"):
            return self._negated_set()
        predicate = self.verb()
        if isinstance(predicate, Variable):
            self.place -= 1
            self.fail("an IRI; a path holds no variable")
        return Link(predicate)

    def _negated_set(self) -> Path:
        forward: list[IRI] = []
        inverse: list[IRI] = []
        if self.accept_mark("("):
            while not self.at_mark(")"):
                self._negated_link(forward, inverse)
                if not self.accept_mark("|"):
                    break
            self.expect_mark(")")
        else:
            self._negated_link(forward, inverse)
        # A set that names only inverse links says nothing of forward ones.
        return NegatedSet(
            tuple(forward) if forward or not inverse else None, tuple(inverse) if inverse else None
        )

    def _negated_link(self, forward: list[IRI], inverse: list[IRI]) -> None:
        into = inverse if self.accept_mark("^") else forward
        predicate = self.verb()
        if isinstance(predicate, Variable):
            self.place -= 1
            self.fail("an IRI")
        into.append(predicate)
