"""What a SPARQL query is and what it can touch, seen without evaluating it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from emkg.errors import Location, QueryRefusedError
from emkg.plan.algebra import GraphPattern
from emkg.plan.algebra_walk import exists_in, expressions_of, parts_of
from emkg.plan.request import AskQuery, ConstructQuery, DescribeQuery, SelectQuery
from emkg.plan.sparql import parse_query
from emkg.plan.sparql_tokens import Token, line_and_column, tokenise, unescape_codepoints
from emkg.plan.touch import Touched, touched_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.algebra import Algebra
    from emkg.plan.request import Query

# What relative IRIs are resolved against until a query says BASE.
BASE: Final = "https://w3id.org/emkg/"
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)


class QueryKind(Enum):
    """The four query forms (SPARQL 1.1, section 16)."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"
    DESCRIBE = "describe"

    @property
    def gives_graph(self) -> bool:
        """Whether the result is a graph; otherwise it is solutions or a boolean."""
        return self in {QueryKind.CONSTRUCT, QueryKind.DESCRIBE}


_KINDS: Final = {
    SelectQuery: QueryKind.SELECT,
    AskQuery: QueryKind.ASK,
    ConstructQuery: QueryKind.CONSTRUCT,
    DescribeQuery: QueryKind.DESCRIBE,
}


@dataclass(frozen=True)
class Dataset:
    """An RDF dataset that is named: the default graph is the merge of some graphs, GRAPH reaches others.

    See SPARQL 1.1 Query, section 13.2, and SPARQL 1.1 Protocol, section 2.1.4.
    """

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]

    @property
    def graphs(self) -> frozenset[str]:
        """All graphs of it."""
        return frozenset((*self.default_graphs, *self.named_graphs))


@dataclass(frozen=True)
class QueryOutline:
    """A query seen from outside.

    Attributes:
        kind: The query form.
        touched: What it can read.
        names_graphs: Whether it says FROM or GRAPH, so that graph names matter to its answer.
        dataset: What its FROM and FROM NAMED say; None where it has none.
    """

    kind: QueryKind
    touched: Touched
    names_graphs: bool
    dataset: Dataset | None


def kind_of(query: Query) -> QueryKind:
    """The form of a query."""
    return _KINDS[type(query)]


def read_query(text: str) -> Query:
    """The query that a text says.

    Raises:
        QuerySyntaxError: It does not parse; located by line and column.
        QueryRefusedError: It is an update, or it says SERVICE (SILENT or not); located by line and column.
    """
    plain = unescape_codepoints(text)
    _refuse(plain, tokenise(plain))
    try:
        return parse_query(text, base=BASE)
    except RecursionError as error:
        raise too_long() from error


def too_long() -> QueryRefusedError:
    """What is raised where one part of a query is chained to the next more often than can be followed."""
    return QueryRefusedError(
        "the query chains too many parts; ask it in several", message_zh="查询语句的部分过多；请分成几个查询"
    )


def outline(text: str) -> QueryOutline:
    """The outline of a query.

    Raises:
        QuerySyntaxError: As `read_query` does.
        QueryRefusedError: As `read_query` does.
    """
    query = read_query(text)
    clause = query.dataset
    dataset = None
    if clause.is_given:
        dataset = Dataset(
            tuple(iri.value for iri in clause.default), tuple(iri.value for iri in clause.named)
        )
    try:
        names_graphs = clause.is_given or _names_graphs(query.pattern)
        return QueryOutline(kind_of(query), touched_by(query), names_graphs, dataset)
    except RecursionError as error:
        raise too_long() from error


def touched(text: str) -> Touched:
    """What the query can read.

    Raises:
        QueryRefusedError: As `outline` does.
    """
    return outline(text).touched


def _names_graphs(pattern: Algebra) -> bool:
    inner = [one for expression in expressions_of(pattern) for one in exists_in(expression)]
    return isinstance(pattern, GraphPattern) or any(map(_names_graphs, (*parts_of(pattern), *inner)))


def _refuse(text: str, tokens: Sequence[Token]) -> None:
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", *_UPDATES)
    form = next((token for token in tokens if token.is_word(*forms)), None)
    if form and form.text.upper() in _UPDATES:
        line, column = line_and_column(text, form.start)
        raise QueryRefusedError(
            f"{form.text.upper()} is an update; only SELECT, ASK, CONSTRUCT and DESCRIBE may run here",
            message_zh=f"{form.text.upper()} 属于更新操作；此处只允许 SELECT、ASK、CONSTRUCT、DESCRIBE 查询",
            location=Location("query", line, column),
        )
    service = next((token for token in tokens if token.is_word("SERVICE")), None)
    if service:
        line, column = line_and_column(text, service.start)
        raise QueryRefusedError(
            "SERVICE would ask another server; federation is switched off here",
            message_zh="SERVICE 会访问其他服务器；此处不允许联邦查询",
            location=Location("query", line, column),
        )
