"""Functions by their IRIs: XML Schema's casts, and what validation asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.errors import QueryRefusedError
from emkg.ledger import space_macro
from emkg.plan.sql.constant import Constant
from emkg.plan.sql.made import boolean
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.template import sql
from emkg.plan.sql.term_function import cast
from emkg.rdf import IRI
from emkg.vocabulary import FUNCTION, XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

# Whether a literal is in the lexical space of its datatype; with a datatype as the second argument, whether it is of that
# one and in its space. An error for a term that is no literal.
WELL_FORMED: Final = IRI(FUNCTION + "isWellFormed")
# Whether a condition is true: false where it is false, and where it is an error.
HOLDS: Final = IRI(FUNCTION + "holds")


def extension(function: IRI, values: Sequence[Value], scope: Scope) -> Value:
    """The value of a function that an IRI names.

    Raises:
        QueryRefusedError: There is no such function.
        NotCompiled: It is a cast that has no plan.
    """
    if function == WELL_FORMED and len(values) in {1, 2}:
        return boolean(_well_formed(values, scope), scope)
    if function.value.startswith(XSD) and len(values) == 1:
        return cast(function.value.removeprefix(XSD), values[0], scope)
    raise QueryRefusedError(f"no function is called {function}", message_zh=f"没有名为 {function} 的函数")


def _well_formed(values: Sequence[Value], scope: Scope) -> exp.Expression:
    lexical, datatype = scope.let(values[0].lexical), scope.let(values[0].datatype)
    if len(values) == 1:
        return sql("fn.is_well_formed(:l, :d)", l=lexical, d=datatype)
    wanted = values[1]
    if not isinstance(wanted, Constant):
        raise NotCompiled("the datatype of a test is not constant")
    is_such = sql("(:d = :w)", d=datatype, w=wanted.term.value)
    macro = space_macro(wanted.term.value)
    return is_such if macro is None else sql(f"(:s AND fn.{macro}(:l, :d))", s=is_such, l=lexical, d=datatype)
