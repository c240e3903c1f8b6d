"""The parser's two entry points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.errors import Location, QuerySyntaxError
from emkg.plan.sparql.query import QueryReader
from emkg.plan.sparql.update import UpdateReader
from emkg.plan.sparql_tokens import line_and_column, tokenise, unescape_codepoints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.plan.request import Query, Update

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


def parse_query(text: str, *, base: str = "", prefixes: Mapping[str, str] | None = None) -> Query:
    """The query that a text says (SPARQL 1.1 Query, section 19).

    Args:
        text: The query.
        base: What relative IRIs are resolved against until BASE says otherwise.
        prefixes: Declared beforehand; none by default.

    Raises:
        QuerySyntaxError: It does not parse; located by line and column.
        QueryRefusedError: It has more than `MAX_TOKENS` words and marks.
    """
    plain = _plain(text)
    return QueryReader(plain, tokenise(plain), base, prefixes or {}).read_query()


def parse_update(text: str, *, base: str = "", prefixes: Mapping[str, str] | None = None) -> Update:
    """The update that a text says (SPARQL 1.1 Update, section 3); arguments and errors as `parse_query`."""
    plain = _plain(text)
    return UpdateReader(plain, tokenise(plain), base, prefixes or {}).read_update()


def _plain(text: str) -> str:
    plain = unescape_codepoints(text)
    half = _HALF_PAIR.search(plain)
    if half:
        line, column = line_and_column(plain, half.start())
        raise QuerySyntaxError(
            "half of a surrogate pair is no character",
            message_zh="代理对的一半不是字符",
            location=Location("query", line, column),
        )
    return plain
