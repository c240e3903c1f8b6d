"""Expressions to SQL (SPARQL 1.1 Query, section 17): NULL is an error, and three-valued logic is SPARQL's own."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.plan.algebra import Aggregate, Call, Exists
from emkg.plan.function import Function
from emkg.plan.pattern import Variable
from emkg.plan.sql.comparison import OPERATORS, compare, same_term
from emkg.plan.sql.constant import Constant
from emkg.plan.sql.extension import HOLDS, extension
from emkg.plan.sql.function_table import FUNCTIONS, TESTS
from emkg.plan.sql.made import boolean, nothing
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.relation import PARTS
from emkg.plan.sql.template import sql
from emkg.plan.sql.value import Computed, Value
from emkg.rdf import IRI, RDF_LANG_STRING, XSD_STRING
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from emkg.plan.algebra import Expression
    from emkg.plan.sql.scope import Scope

_EBV = """CASE
  WHEN :d = :boolean THEN coalesce(:t, false)
  WHEN :n IS NOT NULL THEN :n <> 0 AND NOT isnan(:n)
  WHEN :d = :string OR :d = :lang THEN :l <> ''
  WHEN starts_with(:d, :xsd) AND substr(:d, 34) IN ('integer', 'decimal', 'double', 'float', 'nonNegativeInteger',
    'positiveInteger', 'nonPositiveInteger', 'negativeInteger', 'byte', 'short', 'int', 'long', 'unsignedByte',
    'unsignedShort', 'unsignedInt', 'unsignedLong') THEN false END"""


def compile_condition(expression: Expression, scope: Scope) -> exp.Expression:
    """BOOLEAN: the effective boolean value; NULL where it is an error.

    Raises:
        NotCompiled: A function has no plan.
    """
    if isinstance(expression, Exists):
        return scope.exists(expression)
    if isinstance(expression, Call):
        found = _condition(expression, scope)
        if found is not None:
            return found
    return effective_boolean_value(compile_value(expression, scope), scope)


def compile_value(expression: Expression, scope: Scope) -> Value:
    """The value of an expression.

    Raises:
        NotCompiled: A function has no plan.
    """
    if isinstance(expression, Variable):
        return scope.value(expression) or nothing()
    if isinstance(expression, Exists):
        return boolean(scope.exists(expression), scope)
    if isinstance(expression, Aggregate):
        raise TypeError("a set function stands outside of a group")
    if not isinstance(expression, Call):
        return Constant(expression)
    truth = _condition(expression, scope)
    return boolean(truth, scope) if truth is not None else _called(expression, scope)


def effective_boolean_value(value: Value, scope: Scope) -> exp.Expression:
    """BOOLEAN: section 17.2.2; an ill-typed boolean or number is false, what is neither nor a string an error."""
    if isinstance(value, Computed) and value.truth_sql is not None:
        return value.truth_sql.copy()
    return sql(
        _EBV,
        d=scope.let(value.datatype),
        n=scope.let(value.number),
        t=value.truth,
        l=value.lexical,
        boolean=XSD + "boolean",
        string=XSD_STRING,
        lang=RDF_LANG_STRING,
        xsd=XSD,
    )


def _condition(call: Call, scope: Scope) -> exp.Expression | None:
    """The truth of a call that yields a boolean; None of another."""
    function, arguments = call.function, call.arguments
    if function in _FORMS:
        return _FORMS[function](call, scope)
    if function == HOLDS and len(arguments) == 1:
        return sql("COALESCE(:c, FALSE)", c=compile_condition(arguments[0], scope))
    if function in _COMPARING:
        left, right = (compile_value(one, scope) for one in arguments)
        return (
            exp.paren(same_term(left, right))
            if function is Function.SAME_TERM
            else compare(function, left, right, scope)
        )
    test = TESTS.get(function) if isinstance(function, Function) else None
    return None if test is None else test([compile_value(one, scope) for one in arguments], scope)


def _logical(call: Call, scope: Scope) -> exp.Expression:
    return _connected(call.function, [compile_condition(one, scope) for one in call.arguments])


def _negated(call: Call, scope: Scope) -> exp.Expression:
    return exp.Not(this=exp.paren(compile_condition(call.arguments[0], scope), copy=False))


def _bound(call: Call, scope: Scope) -> exp.Expression:
    value = compile_value(call.arguments[0], scope)
    return sql("(:i IS NOT NULL)", i=value.kind if isinstance(value, Computed) else value.id)


def _among(call: Call, scope: Scope) -> exp.Expression:
    value = compile_value(call.arguments[0], scope)
    tests = [compare(Function.EQUAL, value, compile_value(one, scope), scope) for one in call.arguments[1:]]
    found = _connected(Function.OR, tests) if tests else exp.false()
    return exp.Not(this=found) if call.function is Function.NOT_IN else found


def _connected(function: Function | IRI, tests: Sequence[exp.Expression]) -> exp.Expression:
    connect = exp.or_ if function is Function.OR else exp.and_
    return exp.paren(connect(*(exp.paren(test, copy=False) for test in tests), copy=False), copy=False)


def _called(call: Call, scope: Scope) -> Value:
    function = call.function
    if function is Function.IF:
        condition = scope.let(compile_condition(call.arguments[0], scope))
        chosen, other = (compile_value(one, scope) for one in call.arguments[1:])
        return _chosen([(condition, chosen), (sql("NOT :c", c=condition), other)], scope)
    if function is Function.COALESCE:
        values = [compile_value(one, scope) for one in call.arguments]
        return _chosen([(sql(":k IS NOT NULL", k=value.kind), value) for value in values], scope)
    values = [compile_value(one, scope) for one in call.arguments]
    if isinstance(function, IRI):
        return extension(function, values, scope)
    compiled = FUNCTIONS.get(function)
    if compiled is None:
        raise NotCompiled(f"{function.value} has no plan")
    return compiled(values, scope, call.base)


def _chosen(branches: Sequence[tuple[exp.Expression, Value]], scope: Scope) -> Value:
    """The first value whose condition is true."""
    if not branches:
        return nothing()
    parts = {}
    for part in PARTS:
        case = exp.Case()
        for condition, value in branches:
            case = case.when(condition.copy(), getattr(value, part).copy(), copy=False)
        parts[f"{part}_sql"] = scope.let(case)
    parts["kind_sql"] = scope.let(sql("CAST(:k AS UTINYINT)", k=parts["kind_sql"]))
    return Computed(**parts)


_FORMS: Mapping[Function | IRI, Callable[[Call, Scope], exp.Expression]] = MappingProxyType(
    {
        Function.OR: _logical,
        Function.AND: _logical,
        Function.NOT: _negated,
        Function.BOUND: _bound,
        Function.IN: _among,
        Function.NOT_IN: _among,
    }
)
_COMPARING = frozenset({Function.SAME_TERM, *OPERATORS})
