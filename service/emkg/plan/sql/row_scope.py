"""The rows of a relation as the scope of expressions: the terms joined for them, and their intermediate columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.plan.sql.column import (
    ROW,
    column,
    column_name,
    derived,
    equal,
    is_null,
    joined,
    named,
    select,
    table,
    where,
    with_shared,
)
from emkg.plan.sql.lets import Lets
from emkg.plan.sql.relation import Made, Mixed, Stored
from emkg.plan.sql.source import TERMS
from emkg.plan.sql.value import Value, call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from emkg.plan.algebra import Exists
    from emkg.plan.pattern import Variable
    from emkg.plan.sql.context import Context
    from emkg.plan.sql.relation import Relation
    from emkg.plan.sql.value import Computed

_PARTS: Final = frozenset({"kind", "lexical", "datatype", "language"})


class RowScope:
    """Gathers what expressions over one relation need; `select` puts it together.

    Layers, innermost first: the relation with the terms that were asked for; then one SELECT for each depth of
    intermediate columns that read each other.
    """

    def __init__(
        self, relation: Relation, context: Context, exists: Callable[[Exists, RowScope], exp.Expression]
    ) -> None:
        self.relation = relation
        self._context = context
        self._exists = exists
        self._terms: dict[Variable, dict[str, exp.Expression]] = {}
        self._lets = Lets()
        self.made: dict[Variable, Computed] = {}  # what the expressions before the next one made
        self._shared_name = ""

    @property
    def now(self) -> datetime:
        """The instant of NOW()."""
        return self._context.now

    def value(self, variable: Variable) -> Value | None:
        """The term that a variable is bound to."""
        if variable in self.made:
            return self.made[variable]
        binding = self.relation.bindings.get(variable)
        if isinstance(binding, Made):
            return binding.value
        if binding is None:
            return None
        return _Row(self, variable, binding)

    def let(self, expression: exp.Expression) -> exp.Expression:
        """A column that holds the expression; the same expression again is the same column, unless it is another each time."""
        return self._lets.let(expression)

    def exists(self, exists: Exists) -> exp.Expression:
        """Whether a pattern has a solution with this row put into it."""
        return self._exists(exists, self)

    def term_column(self, variable: Variable, part: str) -> exp.Expression:
        """A column of the term whose id the variable's column holds."""
        name = f"{column_name(variable)}:{part}"
        self._terms.setdefault(variable, {})[part] = named(column(part, self._alias(variable)), name)
        return column(name)

    def share(self) -> str:
        """The relation's name as a common table expression, for what reads it too."""
        self._shared_name = self._shared_name or self._context.names.new("rows")
        return self._shared_name

    def select(
        self, columns: Sequence[exp.Expression], conditions: Sequence[exp.Expression] = ()
    ) -> exp.Select:
        """SELECT columns FROM the relation, with all that was asked for."""
        if not all(map(self._is_sure, self._terms)):
            self.share()
        is_bare = not self._terms and self._lets.is_empty
        inner = self._relation_query() if is_bare else self._lets.over(self._joined())
        outer = exp.Select(expressions=list(columns) or [named(exp.Literal.number(1), "_")])
        outer = where(outer.from_(derived(inner), copy=False), conditions)
        if self._shared_name:
            outer = with_shared(outer, self._shared_name, self.relation.query)
        return outer

    def _relation_query(self) -> exp.Select:
        if not self._shared_name:
            return self.relation.query
        return select([exp.Star()], table(self._shared_name))

    def _joined(self) -> exp.Select:
        columns = [item for parts in self._terms.values() for item in parts.values()]
        star = exp.Column(this=exp.Star(), table=exp.to_identifier(ROW))
        query = exp.Select(expressions=[star, *columns]).from_(derived(self._relation_query()), copy=False)
        for variable in self._terms:
            alias = self._alias(variable)
            condition = equal(column("id", alias), column(column_name(variable), ROW))
            if self._is_sure(variable):
                query = joined(query, table(TERMS, alias), kind="INNER", on=condition)
            else:
                query = joined(query, self._own_terms(variable, alias), side="LEFT", on=condition)
        return query

    def _is_sure(self, variable: Variable) -> bool:
        return variable in self.relation.certain and isinstance(self.relation.bindings[variable], Stored)

    def _own_terms(self, variable: Variable, alias: str) -> exp.Expression:
        """The terms of a variable that may be unbound, or bound to one that the ledger does not know.

        DuckDB expects as many rows of a left join as its larger side has: with all terms there, it would take every
        later join for one of so many.
        """
        name = column_name(variable)
        keys = select([named(column(name), "n")], table(self.share())).distinct(copy=False)
        parts = [column("id", "t"), *(column(part, "t") for part in self._terms[variable])]
        found = select(parts, derived(keys, "k"), table(TERMS, "t"))
        return derived(where(found, [equal(column("n", "k"), column("id", "t"))]), alias)

    def _alias(self, variable: Variable) -> str:
        return f"term${sorted(self.relation.bindings).index(variable)}"


class _Row(Value):
    """A variable whose column holds an id: what is asked for beyond the id is joined."""

    def __init__(self, scope: RowScope, variable: Variable, binding: Stored | Mixed) -> None:
        self._scope = scope
        self._variable = variable
        self._binding = binding

    @property
    def is_resource(self) -> bool:
        return isinstance(self._binding, Stored) and self._binding.is_resource

    @property
    def id(self) -> exp.Expression:
        return column(column_name(self._variable))

    @property
    def kind(self) -> exp.Expression:
        return self._part("kind")

    @property
    def lexical(self) -> exp.Expression:
        return self._part("lexical")

    @property
    def datatype(self) -> exp.Expression:
        return self._part("datatype")

    @property
    def language(self) -> exp.Expression:
        return self._part("language")

    @property
    def number(self) -> exp.Expression:
        return self._part("number")

    @property
    def exact(self) -> exp.Expression:
        return self._part("exact")

    @property
    def instant(self) -> exp.Expression:
        return self._part("instant")

    @property
    def has_zone(self) -> exp.Expression:
        return self._part("has_zone")

    @property
    def truth(self) -> exp.Expression:
        return self._part("truth")

    def _part(self, part: str) -> exp.Expression:
        if isinstance(self._binding, Stored):
            return self._scope.term_column(self._variable, part)
        name = column_name(self._variable)
        given = self._given(name, part)
        looked_up = self._scope.term_column(self._variable, part)
        is_stored = is_null(column(f"{name}.kind"))
        return self._scope.let(exp.If(this=is_stored, true=looked_up, false=given))

    @staticmethod
    def _given(name: str, part: str) -> exp.Expression:
        if part in _PARTS:
            return column(f"{name}.{part}")
        return call(f"{part}_of", column(f"{name}.lexical"), column(f"{name}.datatype"))
