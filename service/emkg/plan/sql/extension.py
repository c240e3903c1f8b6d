"""Functions by their IRIs: XML Schema's casts, and what validation asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.errors import QueryRefusedError
from emkg.plan.sql.made import boolean
from emkg.plan.sql.template import sql
from emkg.plan.sql.term_function import cast
from emkg.rdf import IRI
from emkg.vocabulary import FUNCTION, XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

# Whether a literal is in the lexical space of its datatype; an error for a term that is no literal.
WELL_FORMED: Final = IRI(FUNCTION + "isWellFormed")


def extension(function: IRI, values: Sequence[Value], scope: Scope) -> Value:
    """The value of a function that an IRI names.

    Raises:
        QueryRefusedError: There is no such function.
        NotCompiled: It is a cast that has no plan.
    """
    if function == WELL_FORMED:
        (value,) = values
        return boolean(
            sql("fn.is_well_formed(:l, :d)", l=scope.let(value.lexical), d=scope.let(value.datatype)), scope
        )
    if function.value.startswith(XSD) and len(values) == 1:
        return cast(function.value.removeprefix(XSD), values[0], scope)
    raise QueryRefusedError(f"no function is called {function}", message_zh=f"没有名为 {function} 的函数")
