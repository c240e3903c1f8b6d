"""A place in the tokens of a text, and what is wrong there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, NoReturn

from emkg.errors import Location, QuerySyntaxError
from emkg.plan.sparql_tokens import Token, line_and_column

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DEPTH: Final = 100
_KEYWORDS: Final = [
    "SELECT",
    "CONSTRUCT",
    "DESCRIBE",
    "ASK",
    "WHERE",
    "FROM",
    "NAMED",
    "PREFIX",
    "BASE",
    "OPTIONAL",
    "FILTER",
    "GRAPH",
    "UNION",
    "MINUS",
    "BIND",
    "VALUES",
    "DISTINCT",
    "REDUCED",
    "ORDER",
    "GROUP",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "SERVICE",
    "SILENT",
    "EXISTS",
    "INSERT",
    "DELETE",
    "DATA",
]


class Cursor:
    """Reads tokens one after the other."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    @property
    def here(self) -> Token | None:
        """The token that comes next; None at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def ahead(self, distance: int = 1) -> Token | None:
        """A token further on."""
        place = self.place + distance
        return self.tokens[place] if place < len(self.tokens) else None

    def take(self) -> Token:
        """The next token, which is there."""
        token = self.here
        if token is None:
            self.fail("more")
        self.place += 1
        return token

    def at_word(self, *words: str) -> bool:
        """Whether one of these keywords comes next."""
        token = self.here
        return token is not None and token.kind == "word" and token.text.upper() in words

    def at_mark(self, *marks: str) -> bool:
        """Whether one of these marks comes next."""
        token = self.here
        return token is not None and token.kind == "mark" and token.text in marks

    def at(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds comes next."""
        token = self.here
        return token is not None and token.kind in kinds

    def accept_word(self, *words: str) -> bool:
        """Take one of these keywords if it comes next."""
        found = self.at_word(*words)
        self.place += found
        return found

    def accept_mark(self, *marks: str) -> bool:
        """Take one of these marks if it comes next."""
        found = self.at_mark(*marks)
        self.place += found
        return found

    def expect_word(self, word: str) -> None:
        """Take a keyword that must come next."""
        if not self.accept_word(word):
            self.fail(word)

    def expect_mark(self, mark: str) -> None:
        """Take a mark that must come next."""
        if not self.accept_mark(mark):
            self.fail(f"'{mark}'")

    def adjoins(self) -> bool:
        """Whether the next token begins where the last one ended."""
        token = self.here
        return token is not None and self.place > 0 and self.tokens[self.place - 1].end == token.start

    def enter(self) -> None:
        """One level deeper.

        Raises:
            QuerySyntaxError: Too deep.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.wrong(f"the query nests deeper than {MAX_DEPTH} levels", f"查询嵌套超过 {MAX_DEPTH} 层")

    def leave(self) -> None:
        """One level up."""
        self.depth -= 1

    def fail(self, expected: str) -> NoReturn:
        """Raise what was found where something else was expected."""
        token = self.here
        found = "the end of the text" if token is None else repr(token.text)
        found_zh = "文本结尾" if token is None else repr(token.text)
        hint = ""
        if token is not None and token.kind == "word":
            near = difflib.get_close_matches(token.text.upper(), _KEYWORDS, n=1, cutoff=0.75)
            hint = f"; did you mean {near[0]}?" if near and near[0] != token.text.upper() else ""
        self.wrong(f"expected {expected}, found {found}{hint}", f"此处应为 {expected}，实为 {found_zh}")

    def wrong(self, message: str, message_zh: str, token: Token | None = None) -> NoReturn:
        """Raise a syntax error at a token, the next one by default."""
        at = token or self.here
        offset = len(self.text) if at is None else at.start
        line, column = line_and_column(self.text, offset)
        raise QuerySyntaxError(message, message_zh=message_zh, location=Location("query", line, column))
