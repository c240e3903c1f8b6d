"""Reads the verb of a triple pattern: an IRI, a variable or a property path (SPARQL 1.1, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan.sparql_terms import TermReader, Unclear
from emkg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sparql_tokens import Token


class PathReader(TermReader):
    """Collects the predicates of verbs.

    Attributes:
        predicates: IRIs of the predicates met.
        reads_all_predicates: A variable, a negation or an unheld empty path was met.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self.predicates: set[str] = set()
        self.reads_all_predicates = False

    def read_verb(self) -> bool:
        """Take a verb; True when it is a path that may have length zero."""
        if (token := self.peek()) and token.kind == "variable":
            self.next()
            self.reads_all_predicates = True
            return False
        return self._read_alternative()

    def _read_alternative(self) -> bool:
        may_be_empty = self._read_sequence()
        while self.peek_mark("|"):
            self.next()
            may_be_empty = self._read_sequence() or may_be_empty
        return may_be_empty

    def _read_sequence(self) -> bool:
        may_be_empty = self._read_step()
        while self.peek_mark("/"):
            self.next()
            may_be_empty = self._read_step() and may_be_empty
        return may_be_empty

    def _read_step(self) -> bool:
        if self.peek_mark("^"):
            self.next()
        may_be_empty = self._read_primary()
        if self.peek_mark("*", "?", "+"):
            may_be_empty = not self.next().is_mark("+") or may_be_empty
        return may_be_empty

    def _read_primary(self) -> bool:
        token = self.next()
        if token.is_mark("("):
            may_be_empty = self._read_alternative()
            self.expect(")")
            return may_be_empty
        if token.is_mark("!"):
            self._read_negated()
            return False
        if token.kind == "word" and token.text == "a":
            self.predicates.add(RDF_TYPE)
        elif token.kind in {"iri", "name"}:
            self.predicates.add(self.resolve(token))
        else:
            raise Unclear
        return False

    def _read_negated(self) -> None:
        self.reads_all_predicates = True
        if not self.peek_mark("("):
            self._read_step()
            return
        while not self.next().is_mark(")"):
            pass
