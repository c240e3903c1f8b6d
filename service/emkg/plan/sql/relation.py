"""What a graph pattern is compiled to: a SELECT of its solutions, and how each variable stands in its columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlglot import exp

from emkg.plan.sql.column import cast, column, column_name, named, no_id
from emkg.plan.sql.value import Computed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emkg.plan.pattern import Variable
    from emkg.plan.sql.value import Value

PARTS: Final = ("kind", "lexical", "datatype", "language")
_PART_TYPES: Final = {
    "id": "UBIGINT",
    "kind": "UTINYINT",
    "lexical": "VARCHAR",
    "datatype": "VARCHAR",
    "language": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """The variable's column holds the id of a term that the ledger knows; `is_resource` if that is no literal for certain."""

    is_resource: bool = False


@dataclass(frozen=True, slots=True)
class Mixed:
    """Its column holds an id; the parts of a term that the query made stand beside it, NULL for one the ledger knows."""


@dataclass(frozen=True, slots=True)
class Made:
    """The query made the term: its parts are columns of the relation, or constants; there is no column of ids."""

    value: Computed


Binding: TypeAlias = Stored | Mixed | Made
STORED: Final = Stored()
STORED_RESOURCE: Final = Stored(is_resource=True)
MIXED: Final = Mixed()


@dataclass(frozen=True)
class OrderKey:
    """A column that solutions are ordered by."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Relation:
    """The solutions of a pattern, one row each.

    Attributes:
        query: The SELECT.
        bindings: How each variable that a solution may bind stands in the columns.
        certain: The variables that every solution binds.
        hidden: Columns that no variable has and that every relation within one context carries: the active graph, and
            what a solution outside was when the pattern is evaluated for each of them.
        order: What the solutions are ordered by, outermost first.
        size: About how many solutions there are; None where nothing is known of it.
    """

    query: exp.Select
    bindings: Mapping[Variable, Binding] = field(default_factory=dict)
    certain: frozenset[Variable] = frozenset()
    hidden: tuple[str, ...] = ()
    order: tuple[OrderKey, ...] = ()
    size: float | None = None

    @property
    def variables(self) -> frozenset[Variable]:
        """The variables that some solution may bind."""
        return frozenset(self.bindings)

    def columns_of(self, variables: Iterable[Variable], table: str = "") -> list[exp.Expression]:
        """The columns of these variables, of their order, and the hidden ones, as they are."""
        names = [
            name for variable in sorted(variables) for name in names_of(variable, self.bindings[variable])
        ]
        names += [*self.hidden, *(key.name for key in self.order)]
        return [column(name, table) for name in dict.fromkeys(names)]


def names_of(variable: Variable, binding: Binding) -> list[str]:
    """The names of the columns that a variable has in a relation."""
    name = column_name(variable)
    if isinstance(binding, Stored):
        return [name]
    if isinstance(binding, Mixed):
        return [name, *(f"{name}.{part}" for part in PARTS)]
    columns = (expression for _, expression in binding.value.columns())
    return [expression.name for expression in columns if isinstance(expression, exp.Column)]


def made_columns(variable: Variable, value: Computed) -> tuple[Made, list[exp.Expression]]:
    """A binding whose parts are columns of the next SELECT, and what that SELECT computes for them."""
    name, given, columns = column_name(variable), {}, []
    for part, expression in value.columns():
        if is_constant(expression):
            given[part] = expression
        else:
            label = f"{name}.{part.removesuffix('_sql')}"
            given[part] = column(label)
            columns.append(named(expression.copy(), label))
    return Made(Computed(**given)), columns


def as_computed(value: Value) -> Computed:
    """The value as its parts."""
    if isinstance(value, Computed):
        return value
    return Computed(value.kind, value.lexical, value.datatype, value.language, id_sql=value.id)


def is_constant(expression: exp.Expression) -> bool:
    """Whether an expression is worth no column."""
    inner = expression.this if isinstance(expression, exp.Cast) else expression
    return isinstance(inner, exp.Literal | exp.Null | exp.Boolean)


def stored_as_mixed(variable: Variable, binding: Binding, table: str = "") -> list[exp.Expression]:
    """The columns of a variable, whatever its binding, as those of a `Mixed` one."""
    name = column_name(variable)
    if isinstance(binding, Stored):
        return [named(column(name, table), name), *_no_parts(name)]
    if isinstance(binding, Mixed):
        return [named(column(label, table), label) for label in names_of(variable, binding)]
    value = qualified(binding.value, table)
    parts = zip(PARTS, (value.kind, value.lexical, value.datatype, value.language), strict=True)
    return [
        named(value.id.copy(), name),
        *(named(typed(part, expression.copy()), f"{name}.{part}") for part, expression in parts),
    ]


def unbound_columns(variable: Variable, binding: Binding) -> list[exp.Expression]:
    """The columns of a variable that no solution binds, in the form that another relation has it."""
    name = column_name(variable)
    return [named(no_id(), name), *(_no_parts(name) if isinstance(binding, Mixed) else [])]


def qualified(value: Computed, table: str) -> Computed:
    """The value with its columns read from a table."""
    if not table:
        return value
    fields = {
        part: expression.transform(
            lambda node: column(node.name, table) if isinstance(node, exp.Column) else node
        )
        for part, expression in value.columns()
    }
    return replace(value, **fields)


def typed(part: str, expression: exp.Expression) -> exp.Expression:
    """A part with its type where the constant NULL has none."""
    if not isinstance(expression, exp.Null | exp.Literal):
        return expression
    return cast(expression, _PART_TYPES[part])


def _no_parts(name: str) -> list[exp.Expression]:
    return [named(typed(part, exp.Null()), f"{name}.{part}") for part in PARTS]
