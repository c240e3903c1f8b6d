"""The SPARQL algebra and its expressions as values (SPARQL 1.1 Query, sections 17 and 18.2).

A blank node in a query's pattern is a variable whose name begins with a dot, which no query can write and `*` does not
select. Operators and built-in functions are both `Call`s, told apart by their `Function`; a function of an IRI (a cast,
or an extension) is a call of that IRI. Expressions and patterns hold each other (EXISTS, FILTER): one module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from emkg.plan.pattern import Variable
from emkg.rdf import IRI, Term

if TYPE_CHECKING:
    from emkg.plan.function import AggregateFunction, Function
    from emkg.plan.path import PathPattern
    from emkg.plan.pattern import TriplePattern


@dataclass(frozen=True, slots=True)
class Call:
    """An operator, a built-in function or, by its IRI, a cast or an extension function, applied to arguments.

    `IN` and `NOT IN` have the tested expression first and the list after it. `base` is the query's base IRI, which only
    `IRI()` looks at.
    """

    function: Function | IRI
    arguments: tuple[Expression, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Exists:
    """EXISTS of a group graph pattern, whose variables are replaced by the solution at hand; NOT EXISTS if negated."""

    pattern: Algebra
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A set function over a group; `expression` is None in COUNT(*). Occurs only in `Group.aggregates`."""

    function: AggregateFunction
    expression: Expression | None = None
    distinct: bool = False
    separator: str = " "


Expression: TypeAlias = Variable | Term | Call | Exists | Aggregate


@dataclass(frozen=True, slots=True)
class BasicPattern:
    """A basic graph pattern; the empty one has one solution that binds nothing."""

    triples: tuple[TriplePattern | PathPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Compatible solutions of both."""

    left: Algebra
    right: Algebra


@dataclass(frozen=True, slots=True)
class LeftJoin:
    """OPTIONAL: the left solutions, extended where the right is compatible and the condition passes."""

    left: Algebra
    right: Algebra
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """The solutions whose effective boolean value is true."""

    pattern: Algebra
    condition: Expression


@dataclass(frozen=True, slots=True)
class Union:
    """The solutions of both, as a bag."""

    left: Algebra
    right: Algebra


@dataclass(frozen=True, slots=True)
class Minus:
    """The left solutions that are compatible with no right one that shares a variable with them."""

    left: Algebra
    right: Algebra


@dataclass(frozen=True, slots=True)
class GraphPattern:
    """GRAPH: the pattern in one named graph, or in each, which the variable names."""

    name: Variable | IRI
    pattern: Algebra


@dataclass(frozen=True, slots=True)
class Extend:
    """BIND and `(expression AS ?variable)`; an error leaves the variable unbound."""

    pattern: Algebra
    variable: Variable
    expression: Expression


@dataclass(frozen=True, slots=True)
class Values:
    """VALUES: inline rows, None for UNDEF."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The terms whose ids a temporary relation holds in its column `id`, one solution each.

    No query says it; who evaluates a plan again and again for other nodes does, and sees to the relation.
    """

    variable: Variable
    relation: str


@dataclass(frozen=True, slots=True)
class Service:
    """SERVICE: parsed, and refused when it would run."""

    name: Variable | IRI
    pattern: Algebra
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One solution for each group: keys are variables of the pattern (an expression key was extended before).

    Without keys and with aggregates there is one group, also of no solutions.
    """

    pattern: Algebra
    keys: tuple[Variable, ...]
    aggregates: tuple[tuple[Variable, Aggregate], ...]


@dataclass(frozen=True, slots=True)
class ForEach:
    """The solutions of a pattern with each distinct solution of `outer` put into it (SHACL's pre-binding).

    No query says it; validation does. A solution is the outer one with what the pattern binds.
    """

    outer: Algebra
    pattern: Algebra


@dataclass(frozen=True, slots=True)
class OrderCondition:
    """One ORDER BY condition."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class OrderBy:
    """The solutions in order (section 15.1)."""

    pattern: Algebra
    conditions: tuple[OrderCondition, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """Only these variables, in this order; one that the pattern does not bind stays unbound."""

    pattern: Algebra
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    """Each solution once."""

    pattern: Algebra


@dataclass(frozen=True, slots=True)
class Reduced:
    """Repeats may be left out."""

    pattern: Algebra


@dataclass(frozen=True, slots=True)
class Slice:
    """OFFSET and LIMIT; None for no limit."""

    pattern: Algebra
    offset: int = 0
    limit: int | None = None


Algebra: TypeAlias = (
    BasicPattern
    | Join
    | LeftJoin
    | Filter
    | Union
    | Minus
    | GraphPattern
    | Extend
    | Values
    | Given
    | Service
    | Group
    | ForEach
    | OrderBy
    | Project
    | Distinct
    | Reduced
    | Slice
)
