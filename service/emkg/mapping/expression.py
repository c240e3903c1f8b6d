"""Expressions of a mapping as expressions over a source's columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from emkg.mapping.call import constant_arguments, find_function, row_arguments
from emkg.mapping.encode import iri_safe
from emkg.mapping.model import Constant, FunctionCall, Reference, RowKey, Template
from emkg.mapping.value import Fault, Site, Value, fault, is_many, lift

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir

    from emkg.mapping.function.definition import Body
    from emkg.mapping.model import Expression
    from emkg.rdf import Term
    from emkg.sources import SourceRelation


@dataclass(frozen=True)
class Scope:
    """The relation whose columns references mean, as a table that holds them."""

    table: ir.Table
    relation: SourceRelation

    @property
    def row_key(self) -> ir.StringValue:
        """A text of its own for each row of the table."""
        key = self.table["row"].cast("string")
        iteration = self.relation.iteration
        return key + "-" + self.table[iteration].cast("string") if iteration else key

    def value(self, reference: str) -> Value:
        """The cells of a reference."""
        column = self.table[self.relation.columns[reference]]
        if reference in self.relation.multi:
            return Value(column, many=True, column=reference)
        return Value(column, column=reference, cell=column)


def term_text(term: Term) -> str:
    """A constant term's text where an expression is asked for."""
    return term.value


def references(expression: Expression) -> Iterator[str]:
    """Every reference within the expression, in order, repeated where it is."""
    match expression:
        case Reference(text):
            yield text
        case Template(parts):
            yield from (part.text for part in parts if isinstance(part, Reference))
        case FunctionCall():
            for _, argument in expression.arguments:
                yield from references(argument)
        case Constant() | RowKey():
            return


def evaluate(expression: Expression, scope: Scope, *, encode: bool = False) -> Value:
    """The expression's texts; `encode` makes a template's values IRI-safe.

    Raises:
        MappingError: A function or one of its arguments is unknown, missing or not constant where it must be.
    """
    match expression:
        case Reference(text):
            return scope.value(text)
        case Template():
            return _template(expression, scope, encode=encode)
        case FunctionCall():
            return _call(expression, scope)
        case RowKey(name):
            return Value(ibis.literal(name) + scope.row_key)
        case Constant(term):
            return Value(ibis.literal(term_text(term)))


def _template(template: Template, scope: Scope, *, encode: bool) -> Value:
    values = [scope.value(part.text) for part in template.parts if isinstance(part, Reference)]

    def joined(*texts: ir.Value) -> ir.Value:
        rest = iter(texts)
        pieces = [
            ibis.literal(part) if isinstance(part, str) else iri_safe(next(rest)) if encode else next(rest)
            for part in template.parts
        ]
        result = pieces[0] if pieces else ibis.literal("")
        for piece in pieces[1:]:
            result = result + piece
        return result

    columns = ", ".join(dict.fromkeys(value.column for value in values))
    cell = values[0].cell if len(values) == 1 else None
    return Value(lift(joined, values), many=is_many(values), column=columns, cell=cell)


def _call(call: FunctionCall, scope: Scope) -> Value:
    function = find_function(call)
    body = function.prepare(constant_arguments(call, function, Path(call.location.file).parent))
    arguments = [evaluate(argument, scope) for argument in row_arguments(call, function)]
    expr = lift(body.apply, arguments)
    if body.gives_many and is_many(arguments):
        expr = expr.flatten()
    source = next((argument for argument in arguments if argument.column), None)
    return Value(
        expr,
        many=body.gives_many or is_many(arguments),
        column=source.column if source else "",
        cell=source.cell if source else None,
        faults=(*(one for argument in arguments for one in argument.faults), *_faults(call, body, arguments)),
    )


def _faults(call: FunctionCall, body: Body, arguments: list[Value]) -> tuple[Fault, ...]:
    return tuple(
        fault(
            Site(check.reason, arguments[check.culprit].column, check.expected, call.location),
            arguments,
            check.culprit,
            check.is_bad,
        )
        for check in body.checks
    )
