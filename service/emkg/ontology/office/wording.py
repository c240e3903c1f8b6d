"""A grammar of the wordings by which statutes name who acts: levels, governments, topics, roles, private classes.

A wording is cut into tokens by a lexicon, longest word first (`tokenise`), the tokens into segments at joint words, and the
segments into designations: each names one government, department, named body, role, private class, or says why it
cannot be read. The tokens' texts put together are the wording. Nothing here knows of bodies: see `office`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOTE: Final = re.compile(r"[（(][^（）()]*[）)]")


class TokenKind(Enum):
    """What a piece of a wording is."""

    LEVEL = "level"
    NEAR = "near"
    PLACE = "place"
    TERRITORY = "territory"
    CENTRAL = "central"
    GOVERNMENT = "government"
    TOPIC = "topic"
    NAME = "name"
    HEAD = "head"
    ORGAN = "organ"
    BODY = "body"
    MEMBER = "member"
    ASSOCIATION = "association"
    ROLE = "role"
    APPOINT = "appoint"
    JOINT = "joint"
    ETC = "etc"
    LINK = "link"
    PRIVATE = "private"
    PREMISES = "premises"
    NOTE = "note"
    OTHER = "other"


@dataclass(frozen=True)
class Token:
    """A piece of a wording; `values` are levels, a topic, a private class or a relation, by its kind."""

    text: str
    kind: TokenKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """The words that the grammar knows, each as the token it becomes."""

    words: Mapping[str, Token]

    @property
    def longest(self) -> int:
        """The length of the longest word, in characters."""
        return max(map(len, self.words), default=1)


class DesignationKind(Enum):
    """What a part of a wording names."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    BODY = "body"
    ROLE = "role"
    PRIVATE = "private"
    UNREAD = "unread"


@dataclass(frozen=True)
class Designation:
    """One of those whom a wording names.

    Attributes:
        kind: What it is.
        text: Its own words.
        subject: The topic, the named body, the private class, or why it settles no body, by kind.
        levels: The levels that the words state; empty where they state none.
        relation: `same`, `above` or `below` where the level is said by relation to another body, else empty.
    """

    kind: DesignationKind
    text: str
    subject: str
    levels: frozenset[str] = frozenset()
    relation: str = ""


@dataclass(frozen=True)
class Segment:
    """The tokens between two joint words; `etc` where 等 stands before them."""

    tokens: tuple[Token, ...]
    etc: bool = False

    @property
    def text(self) -> str:
        """The words of the segment."""
        return "".join(token.text for token in self.tokens)


@dataclass(frozen=True)
class Wording:
    """A wording with its tokens and its segments."""

    text: str
    tokens: tuple[Token, ...]
    segments: tuple[Segment, ...]


def parse_wording(text: str, lexicon: Lexicon) -> Wording:
    """The wording as tokens and segments; every text has them, and the tokens' texts give it back."""
    tokens = tokenise(text, lexicon)
    return Wording(text, tokens, tuple(_segments(tokens)))


def tokenise(text: str, lexicon: Lexicon) -> tuple[Token, ...]:
    """The longest known word at each place; what no word covers becomes `OTHER`, a bracket `NOTE`."""
    pieces = tuple(_pieces(text, lexicon))
    return tuple(
        joined for is_other, run in groupby(pieces, key=_is_unknown) for joined in _join(is_other, tuple(run))
    )


def _pieces(text: str, lexicon: Lexicon) -> Iterator[Token]:
    start = 0
    longest = lexicon.longest
    while start < len(text):
        token = _word_at(text, start, lexicon, longest) or _note_at(text, start)
        token = token or Token(text[start], TokenKind.OTHER)
        yield token
        start += len(token.text)


def _word_at(text: str, start: int, lexicon: Lexicon, longest: int) -> Token | None:
    for end in range(min(start + longest, len(text)), start, -1):
        if token := lexicon.words.get(text[start:end]):
            return token
    return None


def _note_at(text: str, start: int) -> Token | None:
    note = _NOTE.match(text, start)
    return Token(note.group(), TokenKind.NOTE) if note else None


def _is_unknown(token: Token) -> bool:
    return token.kind is TokenKind.OTHER


def _join(is_other: bool, run: tuple[Token, ...]) -> tuple[Token, ...]:
    return (Token("".join(token.text for token in run), TokenKind.OTHER),) if is_other else run


def _segments(tokens: tuple[Token, ...]) -> Iterator[Segment]:
    etc = False
    for is_joint, run in groupby(tokens, key=lambda token: token.kind in {TokenKind.JOINT, TokenKind.ETC}):
        group = tuple(run)
        if is_joint:
            etc = any(token.kind is TokenKind.ETC for token in group)
        else:
            yield Segment(tuple(token for token in group if token.kind is not TokenKind.NOTE), etc)
