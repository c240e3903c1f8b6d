"""Values on their way to terms: an expression over the source's columns, one value or several per row."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir

    from emkg.errors import Location


@dataclass(frozen=True)
class Site:
    """A place in the mapping where a value can turn out unfit.

    Attributes:
        reason: The quarantine's slug.
        column: The reference whose cell is to blame.
        expected: What was asked for: a datatype, a format, a crosswalk.
        location: The mapping's line.
    """

    reason: str
    column: str
    expected: str
    location: Location


@dataclass(frozen=True)
class Fault:
    """What a site withholds: `value` is a text (or an array of texts), NULL where all is well."""

    site: Site
    value: ir.Value
    many: bool = False


@dataclass(frozen=True)
class Value:
    """A text per row, or an array of texts (`many`); NULL where there is none.

    Attributes:
        expr: The expression.
        many: Whether it is an array.
        column: The reference it came from, or all of them, joined; what a fault names.
        cell: The raw text of that reference's cell; None where the value itself is shown instead.
        faults: What went wrong on the way here.
    """

    expr: ir.Value
    many: bool = False
    column: str = ""
    cell: ir.StringValue | None = None
    faults: tuple[Fault, ...] = ()


def bind(name: str, body: Callable[[ir.Value], ir.Value]) -> Callable[..., ir.Value]:
    """The function with its parameter called `name`: nested lambdas must not share a name in SQL."""

    def call(**arguments: ir.Value) -> ir.Value:
        return body(arguments[name])

    parameter = inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    call.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]  # how Ibis finds the name
    return call


def lift(build: Callable[..., ir.Value], arguments: Sequence[Value]) -> ir.Value:
    """Apply `build` to every combination of the arguments' values.

    The result is an array when any argument is; with none it is what `build` gives.
    """
    return _descend(build, (), arguments)


def _descend(build: Callable[..., ir.Value], bound: tuple[ir.Value, ...], rest: Sequence[Value]) -> ir.Value:
    if not rest:
        return build(*bound)
    head, tail = rest[0], rest[1:]
    if not head.many:
        return _descend(build, (*bound, head.expr), tail)
    body = bind(f"element_{len(bound)}", lambda element: _descend(build, (*bound, element), tail))
    inner = head.expr.map(body)
    return inner.flatten() if any(value.many for value in tail) else inner


def guarded(value: Value, condition: Value) -> Value:
    """The value, and its faults, on those rows only where the condition gives `true`; of several, where one does."""
    holds = condition.expr.contains("true") if condition.many else condition.expr == "true"

    def kept(expr: ir.Value) -> ir.Value:
        return ibis.ifelse(holds.fill_null(False), expr, ibis.null(expr.type()))

    faults = (replace(one, value=kept(one.value)) for one in value.faults)
    return replace(value, expr=kept(value.expr), faults=(*faults, *condition.faults))


def is_many(values: Sequence[Value]) -> bool:
    """Whether any of the values is an array."""
    return any(value.many for value in values)


def fault(
    site: Site, arguments: Sequence[Value], culprit: int, is_bad: Callable[..., ir.BooleanValue]
) -> Fault:
    """The fault of `arguments[culprit]`, wherever `is_bad` holds for a combination of values."""
    cell = arguments[culprit].cell

    def shown(*values: ir.Value) -> ir.Value:
        text = values[culprit] if cell is None else cell
        return ibis.ifelse(is_bad(*values).fill_null(False), text.cast("string"), ibis.null("string"))

    return Fault(site, lift(shown, arguments), is_many(arguments))


def withhold(
    build: Callable[..., ir.Value],
    arguments: Sequence[Value],
    *faults: tuple[Site, int, Callable[..., ir.BooleanValue]],
) -> Value:
    """What `build` gives, except where a fault (site, index of the culprit, test) holds: NULL there, and reported."""

    def sound(*values: ir.Value) -> ir.Value:
        result = build(*values)
        for _, _, is_bad in faults:
            result = ibis.ifelse(is_bad(*values), ibis.null("string"), result)
        return result

    reported = tuple(fault(site, arguments, culprit, is_bad) for site, culprit, is_bad in faults)
    return Value(lift(sound, arguments), many=is_many(arguments), faults=reported)
