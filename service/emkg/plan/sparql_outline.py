"""What a SPARQL query is and what it can touch, seen without evaluating it.

The answer may be too large and is never too small: wherever the text is unclear (a variable or a negation
as predicate, a path that may have length zero with nothing to hold its ends, syntax this reader does not
know), the query touches everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from emkg.errors import Location, QueryRefusedError
from emkg.plan.sparql_pattern import PatternReader, Unclear
from emkg.plan.sparql_tokens import Token, line_and_column, tokenise, unescape_codepoints

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True)
class Touched:
    """The predicates and named graphs (IRIs) that a query can read; None means all of them."""

    predicates: frozenset[str] | None
    graphs: frozenset[str] | None

    def covers(self, other: Touched) -> bool:
        """Whether everything the other can read is among what this can read."""
        return _covers(self.predicates, other.predicates) and _covers(self.graphs, other.graphs)

    def __or__(self, other: Touched) -> Touched:
        """What either can read."""
        return Touched(_union(self.predicates, other.predicates), _union(self.graphs, other.graphs))


def _covers(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


def _union(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


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
        kind: The query form; SELECT where the text shows none, so that the parser can say what is wrong.
        touched: What it can read.
        names_graphs: Whether it says FROM or GRAPH, so that graph names matter to its answer.
        dataset: What its FROM and FROM NAMED say; None where it has none, or names them by relative IRIs.
    """

    kind: QueryKind
    touched: Touched
    names_graphs: bool
    dataset: Dataset | None


def outline(text: str) -> QueryOutline:
    """The outline of a query; syntax errors are not found here.

    Raises:
        QueryRefusedError: It is an update, or it says SERVICE (SILENT or not); located by line and column.
    """
    plain = unescape_codepoints(text)
    tokens = tokenise(plain)
    form = _form(tokens)
    _refuse(plain, tokens, form)
    kind = QueryKind(form.text.lower()) if form else QueryKind.SELECT
    names_graphs = any(token.is_word("FROM", "GRAPH") for token in tokens)
    found, dataset = _read(tokens, kind)
    return QueryOutline(kind, found, names_graphs, dataset)


def touched(text: str) -> Touched:
    """What the query can read.

    Raises:
        QueryRefusedError: As `outline` does.
    """
    return outline(text).touched


def _form(tokens: Sequence[Token]) -> Token | None:
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", *_UPDATES)
    return next((token for token in tokens if token.is_word(*forms)), None)


def _refuse(text: str, tokens: Sequence[Token], form: Token | None) -> None:
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


def _read(tokens: Sequence[Token], kind: QueryKind) -> tuple[Touched, Dataset | None]:
    reader = PatternReader(tokens)
    try:
        reader.read_query()
    except (Unclear, RecursionError):
        reader.reads_all_predicates = reader.reads_all_graphs = True
    reads_all = reader.reads_all_predicates or kind is QueryKind.DESCRIBE
    predicates = None if reads_all else frozenset(reader.predicates)
    if reader.has_dataset:
        dataset = Dataset(tuple(reader.default_graphs), tuple(reader.named_graphs))
        return Touched(predicates, dataset.graphs), dataset
    reads_all = reader.reads_all_graphs or kind is QueryKind.DESCRIBE
    return Touched(predicates, None if reads_all else frozenset(reader.graphs)), None
