"""Queries and updates as values (SPARQL 1.1 Query, section 16; Update, section 3): what the parser yields.

A query is an algebra expression and a form; an update is a sequence of operations on quads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from emkg.plan.algebra import Algebra
    from emkg.plan.pattern import TriplePattern, Variable
    from emkg.rdf import IRI


@dataclass(frozen=True, slots=True)
class DatasetClause:
    """FROM and FROM NAMED (or USING and USING NAMED), as written; empty when there is neither."""

    default: tuple[IRI, ...] = ()
    named: tuple[IRI, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the query describes its own dataset."""
        return bool(self.default or self.named)


@dataclass(frozen=True, slots=True)
class SelectQuery:
    """SELECT: `variables` are the columns of the answer, in order; the pattern ends in a Project of them."""

    pattern: Algebra
    variables: tuple[Variable, ...]
    dataset: DatasetClause = field(default_factory=DatasetClause)


@dataclass(frozen=True, slots=True)
class AskQuery:
    """ASK."""

    pattern: Algebra
    dataset: DatasetClause = field(default_factory=DatasetClause)


@dataclass(frozen=True, slots=True)
class ConstructQuery:
    """CONSTRUCT: blank nodes of the template are terms (new ones for each solution), its variables slots."""

    template: tuple[TriplePattern, ...]
    pattern: Algebra
    dataset: DatasetClause = field(default_factory=DatasetClause)


@dataclass(frozen=True, slots=True)
class DescribeQuery:
    """DESCRIBE: `subjects` are IRIs and variables of the pattern, all of its variables for `*`."""

    subjects: tuple[Variable | IRI, ...]
    pattern: Algebra
    dataset: DatasetClause = field(default_factory=DatasetClause)


Query: TypeAlias = SelectQuery | AskQuery | ConstructQuery | DescribeQuery

# ----------------------------------------------------------------------------------------------------- updates


@dataclass(frozen=True, slots=True)
class QuadPattern:
    """A triple pattern with the graph it is in; None for the default graph (or WITH's, which the parser fills in)."""

    triple: TriplePattern
    graph: Variable | IRI | None = None


@dataclass(frozen=True, slots=True)
class InsertData:
    """INSERT DATA: no variables."""

    quads: tuple[QuadPattern, ...]


@dataclass(frozen=True, slots=True)
class DeleteData:
    """DELETE DATA: no variables, no blank nodes."""

    quads: tuple[QuadPattern, ...]


@dataclass(frozen=True, slots=True)
class Modify:
    """DELETE/INSERT WHERE; DELETE WHERE has its pattern as its template too. `graph` is WITH's."""

    delete: tuple[QuadPattern, ...]
    insert: tuple[QuadPattern, ...]
    pattern: Algebra
    graph: IRI | None = None
    using: DatasetClause = field(default_factory=DatasetClause)


class GraphSet(Enum):
    """The graphs that CLEAR and DROP can name besides one."""

    DEFAULT = "DEFAULT"
    NAMED = "NAMED"
    ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Load:
    """LOAD: parsed, and refused when it would run; with SILENT nothing happens."""

    source: IRI
    into: IRI | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Clear:
    """CLEAR."""

    target: IRI | GraphSet
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """DROP."""

    target: IRI | GraphSet
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Create:
    """CREATE GRAPH."""

    graph: IRI
    silent: bool = False


class Transfer(Enum):
    """What COPY, MOVE and ADD do."""

    ADD = "ADD"
    MOVE = "MOVE"
    COPY = "COPY"


@dataclass(frozen=True, slots=True)
class TransferGraph:
    """COPY, MOVE or ADD from one graph to another; None is the default graph."""

    kind: Transfer
    source: IRI | None
    target: IRI | None
    silent: bool = False


UpdateOperation: TypeAlias = InsertData | DeleteData | Modify | Load | Clear | Drop | Create | TransferGraph


@dataclass(frozen=True, slots=True)
class Update:
    """The operations of one request, in order."""

    operations: tuple[UpdateOperation, ...]
