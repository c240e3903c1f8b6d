"""SPARQL text as tokens (SPARQL 1.1, section 19.8), in time linear in its length.

Evaluation is not decided here: the tokens only serve to see what a query may read and to fill in VALUES
blocks. Text that is no SPARQL gives tokens too; the evaluator's parser is the one that judges syntax.
What is scanned once is taken (a string that is not closed, a dotted word that is no name): scanning it again
from each of its characters would take time quadratic in a hostile text's length.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from emkg.errors import QueryRefusedError

TokenKind: TypeAlias = Literal[
    "iri", "name", "blank", "variable", "string", "language", "number", "word", "mark"
]

_TOKEN: Final = re.compile(
    r"""
    (?P<skip>\s+|\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*+\"{0,3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{0,3}
      |"(?:[^"\\\n\r]|\\.)*+"?|'(?:[^'\\\n\r]|\\.)*+'?)
  | (?P<variable>[?$]\w+)
  | (?P<blank>_:[\w](?:[\w.\-]*[\w\-])?)
  | (?P<number>[+-]?(?:(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+))
  | (?P<word>[^\W\d_](?:[\w\-]|\.(?=[\w.\-]))*+(?!:)|_\w*)
  | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
      (?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<mark>\^\^|<<|>>|&&|\|\||[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)
MAX_TOKENS: Final = 100_000
_CODEPOINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LAST_CODEPOINT: Final = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `start` and `end` are offsets into the text that was tokenised."""

    kind: TokenKind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of the keywords (given in upper case), whatever its case in the text."""
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, *marks: str) -> bool:
        """Whether this is one of the punctuation marks."""
        return self.kind == "mark" and self.text in marks


def unescape_codepoints(text: str) -> str:
    r"""Replace `\uXXXX` and `\UXXXXXXXX`, which SPARQL allows anywhere (section 19.2), also in keywords."""
    return _CODEPOINT.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= _LAST_CODEPOINT else match[0]


def tokenise(text: str) -> tuple[Token, ...]:
    """All tokens without white space and comments, in order.

    Raises:
        QueryRefusedError: There are more than `MAX_TOKENS`, which this process would have to hold.
    """
    tokens = (
        Token(cast("TokenKind", match.lastgroup), match[0], match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "skip"
    )
    found = tuple(itertools.islice(tokens, MAX_TOKENS + 1))
    if len(found) > MAX_TOKENS:
        raise QueryRefusedError(
            f"the query has more than {MAX_TOKENS} words and marks; ask it in parts",
            message_zh=f"查询语句超过 {MAX_TOKENS} 个词和符号；请分批查询",
        )
    return found


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The 1-based line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
