"""A cursor over SPARQL tokens that resolves prefixed names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sparql_tokens import Token

_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_ESCAPE: Final = re.compile(r"\\(.)")


class Unclear(Exception):  # noqa: N818  (a signal between readers, caught by `outline`: no failure)
    """The text is not understood well enough to narrow what the query can read."""


class TermReader:
    """Reads tokens in order; every read past the end is `Unclear`."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._prefixes: dict[str, str] = {}

    def peek(self) -> Token | None:
        """The next token, not taken; None at the end."""
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def require(self) -> Token:
        """The next token, not taken."""
        token = self.peek()
        if token is None:
            raise Unclear
        return token

    def peek_mark(self, *marks: str) -> bool:
        """Whether the next token is one of these marks."""
        token = self.peek()
        return token is not None and token.is_mark(*marks)

    def next(self) -> Token:
        """Take the next token."""
        token = self.require()
        self._position += 1
        return token

    def expect(self, mark: str) -> None:
        """Take this mark."""
        if not self.next().is_mark(mark):
            raise Unclear

    def read_prefix(self) -> None:
        """Take a prefix and its IRI, after PREFIX was taken."""
        name, iri = self.next(), self.next()
        if name.kind != "name":
            raise Unclear
        self._prefixes[name.text.removesuffix(":")] = self.resolve(iri)

    def resolve(self, token: Token) -> str:
        """The IRI that a token names; relative IRIs are unclear, as are those a parser might normalise."""
        if token.kind == "iri" and _ABSOLUTE.match(token.text) and "/." not in token.text:
            return token.text[1:-1]
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in self._prefixes:
                return self._prefixes[prefix] + _ESCAPE.sub(r"\1", local)
        raise Unclear
