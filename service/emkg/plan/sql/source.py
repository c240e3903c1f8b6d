"""What a query reads: the statements of the graphs that it may see, as the dataset of its request or text has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from sqlglot import exp

from emkg.ledger import term_id
from emkg.plan.sql.column import column, derived, equal, id_literal, is_in, select, table, where
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

TERMS: Final = "term"
_PLACES: Final = ("s", "p", "o")


@dataclass(frozen=True, slots=True)
class DefaultGraph:
    """The active graph is the default graph."""


@dataclass(frozen=True, slots=True)
class OneGraph:
    """The active graph is the named graph of this id."""

    id: int


@dataclass(frozen=True, slots=True)
class EachGraph:
    """Each named graph is the active one in turn; this column says which."""

    column: str


ActiveGraph: TypeAlias = DefaultGraph | OneGraph | EachGraph
DEFAULT: Final = DefaultGraph()


class Repetition(Protocol):
    """Tells whether a statement may stand in several graphs."""

    def __call__(self, predicate: int | None) -> bool:
        """Whether one of this predicate may; of any predicate for None."""
        ...


class Estimate(Protocol):
    """Tells about how many statements a triple pattern has."""

    def __call__(self, constants: Mapping[str, int]) -> float:
        """The number of statements with these ids at s, p and o."""
        ...


def unknown_size(constants: Mapping[str, int]) -> float:
    """Nothing is known: the more constants, the fewer statements."""
    return float(10 ** (9 - 3 * len(constants)))


def always_repeated(predicate: int | None) -> bool:
    """Nothing is known: any statement may stand in several graphs."""
    del predicate
    return True


def never_absent(predicate: int) -> bool:
    """Nothing is known: there may be statements of any predicate."""
    del predicate
    return False


@dataclass(frozen=True)
class Source:
    """The statements that a query may read.

    Attributes:
        generation: The generation to read; None for the current one.
        visible: The graphs that may be seen at all; None for every one.
        default: The graphs whose merge is the default graph; None for all that may be seen.
        named: The graphs that GRAPH reaches; None for all that may be seen.
        repeated: Which predicates' statements may stand in several graphs; the merge counts such a statement once.
        estimate: About how many statements a triple pattern has.
        absent: Which predicates certainly have no statement, as long as the plan is used.
    """

    generation: int | None = None
    visible: frozenset[int] | None = None
    default: tuple[int, ...] | None = None
    named: tuple[int, ...] | None = None
    repeated: Repetition = always_repeated
    estimate: Estimate = unknown_size
    absent: Callable[[int], bool] = never_absent

    @property
    def is_informed(self) -> bool:
        """Whether the estimates come from what is counted."""
        return self.estimate is not unknown_size

    def scan(
        self, graph: ActiveGraph, constants: Mapping[str, int], alias: str
    ) -> tuple[exp.Expression, list[exp.Expression]]:
        """A table of columns s, p, o (and g where each graph is active), and the conditions on it.

        Args:
            graph: The active graph.
            constants: The ids that s, p and o must have, where they are known.
            alias: The table's alias.
        """
        conditions = self._conditions(graph, alias)
        conditions += [equal(column(place, alias), id_literal(value)) for place, value in constants.items()]
        if not self._merges(graph, constants.get("p")):
            return self._table(alias, constants), conditions
        merged = where(
            select([column(place, alias) for place in _PLACES], self._table(alias, constants)), conditions
        )
        return derived(merged.distinct(copy=False), alias), []

    def graphs(self) -> exp.Select:
        """The named graphs, in a column g."""
        query = where(select([column("g", "q")], self._table("q", {})), self._conditions(EachGraph("g"), "q"))
        return query.distinct(copy=False)

    def _table(self, alias: str, constants: Mapping[str, int]) -> exp.Expression:
        """All statements, in the order that finds those of a known subject, else of a known object, at once."""
        name = "quad_by_subject" if "s" in constants else "quad_by_object" if "o" in constants else "quad"
        if self.generation is None:
            return table(name, alias)
        call = exp.Anonymous(this=f"{name}_as_of", expressions=[exp.Literal.number(self.generation)])
        return exp.Table(this=call, alias=exp.TableAlias(this=exp.to_identifier(alias)))

    def _merges(self, graph: ActiveGraph, predicate: int | None) -> bool:
        if not isinstance(graph, DefaultGraph) or (self.default is not None and len(self.default) < _SEVERAL):
            return False
        return self.repeated(predicate)

    def _conditions(self, graph: ActiveGraph, alias: str) -> list[exp.Expression]:
        g = column("g", alias)
        if isinstance(graph, OneGraph):
            allowed = self._allowed(self.named)
            if allowed is not None and graph.id not in allowed:
                return [exp.false()]
            return [equal(g, id_literal(graph.id))]
        allowed = self._allowed(self.default if isinstance(graph, DefaultGraph) else self.named)
        return [] if allowed is None else [is_in(g, allowed)]

    def _allowed(self, chosen: Sequence[int] | None) -> Sequence[int] | None:
        if chosen is None:
            return None if self.visible is None else sorted(self.visible)
        return [graph for graph in chosen if self.visible is None or graph in self.visible]


_SEVERAL: Final = 2


def graph_ids(iris: Iterable[str]) -> tuple[int, ...]:
    """The ids of graphs."""
    return tuple(term_id(str(IRI(iri))) for iri in iris)
