"""Bindings as data: the VALUES blocks of a query are filled in, never its text glued.

A named question declares its parameters as `VALUES ?x { UNDEF }`, valid SPARQL by itself. Filling in
replaces the rows of that block by terms in their N-Triples form. (pyoxigraph's own `substitutions` were
measured and left: `BIND(?x AS ?y)` and `BOUND(?x)` do not see a substituted variable, and a variable that
is not projected is refused.)
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.errors import ParameterError
from emkg.plan.sparql_tokens import Token, tokenise
from emkg.rdf import IRI, BlankNode, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_UNFIT: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_UNDEF: Final = "UNDEF"


@dataclass(frozen=True)
class _Block:
    """A VALUES block: its variables, and the offsets just inside its braces."""

    variables: tuple[str, ...]
    is_row: bool
    start: int
    end: int


def bind_values(text: str, bindings: Mapping[str, Sequence[Term]]) -> str:
    """Fill the VALUES blocks whose variables are all bound; several terms of several variables multiply.

    An empty sequence stands for UNDEF. Blocks of other variables stay as they are.

    Raises:
        ParameterError: A bound variable has no VALUES block, or a term cannot stand in one.
    """
    blocks = [block for block in _blocks(text) if set(block.variables) <= bindings.keys()]
    missing = bindings.keys() - {name for block in blocks for name in block.variables}
    if missing:
        raise ParameterError(f"the query has no VALUES block for {', '.join(sorted(missing))}")
    for block in reversed(blocks):
        text = f"{text[: block.start]}{_rows(block, bindings)}{text[block.end :]}"
    return text


def _rows(block: _Block, bindings: Mapping[str, Sequence[Term]]) -> str:
    columns = [[_written(term) for term in bindings[name]] or [_UNDEF] for name in block.variables]
    rows = (" ".join(row) for row in itertools.product(*columns))
    return " ".join(f"({row})" for row in rows) if block.is_row else " ".join(rows)


def _written(term: Term) -> str:
    if isinstance(term, BlankNode):
        raise ParameterError(
            f"a blank node cannot be bound: {term}", message_zh=f"空节点不能作为参数：{term}"
        )
    iri = term.value if isinstance(term, IRI) else term.datatype
    if _UNFIT.search(iri):
        raise ParameterError(f"not an IRI: {iri!r}", message_zh=f"不是合法的 IRI：{iri!r}")
    return str(term)


def _blocks(text: str) -> Iterator[_Block]:
    tokens = iter(tokenise(text))
    for token in tokens:
        if token.is_word("VALUES"):
            head = list(itertools.takewhile(lambda token: not token.is_mark("{"), tokens))
            body = list(itertools.takewhile(lambda token: not token.is_mark("}"), tokens))
            if body:
                yield _block(head, body)


def _block(head: Sequence[Token], body: Sequence[Token]) -> _Block:
    return _Block(
        variables=tuple(token.text[1:] for token in head if token.kind == "variable"),
        is_row=any(token.is_mark("(") for token in head),
        start=body[0].start,
        end=body[-1].end,
    )
