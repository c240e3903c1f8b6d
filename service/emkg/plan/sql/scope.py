"""Where an expression is compiled: what its variables are, and where its intermediate columns go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from sqlglot import exp

    from emkg.plan.algebra import Exists
    from emkg.plan.pattern import Variable
    from emkg.plan.sql.value import Value


class Columns(Protocol):
    """Where intermediate columns go."""

    def let(self, expression: exp.Expression) -> exp.Expression:
        """A column that holds the expression, which may read columns that earlier calls gave.

        Whatever is read more than once and is not a column or a constant goes through here: it is computed once, and
        the SQL does not grow with every use.
        """
        ...


class Scope(Columns, Protocol):
    """The solutions that an expression is evaluated on, one row each."""

    @property
    def now(self) -> datetime:
        """The instant of NOW(), one for the whole query; with a time zone."""
        ...

    def value(self, variable: Variable) -> Value | None:
        """The term that a variable is bound to; None where no solution binds it."""
        ...

    def exists(self, exists: Exists) -> exp.Expression:
        """BOOLEAN, never NULL: whether the pattern has a solution with this one put into it."""
        ...


class GroupScope(Scope, Protocol):
    """The groups of solutions that set functions are evaluated on: `value` and `let` are of the rows within a group."""

    @property
    def groups(self) -> Columns:
        """Columns over the groups themselves, one row each."""
        ...

    def aggregate(self, expression: exp.Expression) -> exp.Expression:
        """A column, one row for each group, that holds an aggregate SQL expression over the group's rows.

        The `Value` of a set function is made of such columns, constants, and expressions over them.
        """
        ...

    def solution(self) -> exp.Expression:
        """What tells one solution of a group from another: for COUNT(DISTINCT *)."""
        ...
