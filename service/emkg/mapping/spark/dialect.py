"""Plans as Spark SQL: Ibis's own translation, except where Spark would silently do something else than DuckDB does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis.common.exceptions
import ibis.expr.datatypes as dt
import sqlglot.expressions as exp
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.backends.sql.datatypes import PySparkType

from emkg.mapping.spark.moment import call, number, read_moment, string, write_moment
from emkg.mapping.spark.regex import java_regex
from emkg.mapping.spark.unsupported import unsupported

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir


def spark_sql(plan: ir.Table) -> str:
    """The plan as Spark SQL; its tables are views of the session, by name alone.

    Raises:
        MappingError: Spark has nothing for part of it.
    """
    try:
        tree = _COMPILER.to_sqlglot(plan)
    except (
        ibis.common.exceptions.OperationNotDefinedError,
        ibis.common.exceptions.UnsupportedOperationError,
        ibis.common.exceptions.UnsupportedArgumentError,
        ibis.common.exceptions.UnsupportedBackendType,
    ) as error:
        raise unsupported(str(error)) from error
    return str(tree.sql(dialect="spark"))


def _url_encode(text: exp.Expression) -> exp.Expression:
    """As RFC 3986 has it; Spark's is that of HTML forms."""
    encoded = call("url_encode", text)
    for written, wanted in (("+", "%20"), ("*", "%2A"), ("%7E", "~")):
        encoded = call("replace", encoded, string(written), string(wanted))
    return encoded


def _printed(template: exp.Expression, *values: exp.Expression) -> exp.Expression:
    """Nothing where a value is missing; Spark's own would write `null`."""
    is_missing = exp.or_(*(value.copy().is_(exp.null()) for value in values))
    return call("if", is_missing, exp.null(), call("format_string", template, *values))


def _literal(expression: exp.Expression, what: str) -> str:
    if not isinstance(expression, exp.Literal):
        raise unsupported(f"{what} that differs from row to row")
    return str(expression.this)


# DuckDB's functions that plans name themselves, in Spark
_BUILTINS: Final[dict[str, Callable[..., exp.Expression]]] = {
    "url_encode": _url_encode,
    "regexp_extract_all": lambda text, pattern: call(
        "regexp_extract_all", text, string(java_regex(_literal(pattern, "a pattern"))), number(0)
    ),
    "printf": _printed,
    "hex": lambda text: call("hex", text),
    "unhex": lambda text: call("unhex", text),
    "md5": lambda text: call("md5", text),
    "sha256": lambda content: call("sha2", content, number(256)),
    "try_strptime": lambda text, template: read_moment(text, _literal(template, "a date format")),
}


class _Types(PySparkType):  # type: ignore[misc]  # Ibis has no types
    """Spark has no whole numbers without sign."""

    @classmethod
    def from_ibis(cls, dtype: Any) -> Any:
        return super().from_ibis(dt.Decimal(20, 0) if dtype.is_uint64() else dtype)


class _Compiler(PySparkCompiler):  # type: ignore[misc]  # Ibis has no types
    """Ibis's compiler calls these with the operation and its operands, compiled."""

    type_mapper = _Types

    def visit_DatabaseTable(self, op: Any, *, name: str, **_: Any) -> exp.Table:  # noqa: N802, ARG002
        return exp.to_table(name, quoted=True)

    def visit_UnboundTable(self, op: Any, *, name: str, **_: Any) -> exp.Table:  # noqa: N802, ARG002
        return exp.to_table(name, quoted=True)

    # a NaN is a number like others, whatever Ibis's options for its own Spark sessions say

    def visit_Field(self, op: Any, *, rel: Any, name: str) -> Any:  # noqa: N802
        return SQLGlotCompiler.visit_Field(self, op, rel=rel, name=name)

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:  # noqa: N802
        plain = SQLGlotCompiler if dtype.is_floating() else PySparkCompiler
        return plain.visit_NonNullLiteral(self, op, value=value, dtype=dtype)

    def visit_IsNull(self, op: Any, *, arg: Any) -> exp.Expression:  # noqa: N802, ARG002
        return arg.is_(exp.null())  # type: ignore[no-any-return]  # an expression's method

    def visit_NotNull(self, op: Any, *, arg: Any) -> exp.Expression:  # noqa: N802, ARG002
        return arg.is_(exp.null()).not_()  # type: ignore[no-any-return]  # an expression's method

    def visit_ScalarUDF(self, op: Any, **operands: Any) -> exp.Expression:  # noqa: N802
        name = op.__func_name__
        if name not in _BUILTINS:
            raise unsupported(f"the function {name}")
        return _BUILTINS[name](*operands.values())

    def visit_RegexSearch(self, op: Any, *, arg: Any, pattern: Any) -> exp.Expression:  # noqa: N802, ARG002
        return exp.RegexpLike(this=arg, expression=string(java_regex(_literal(pattern, "a pattern"))))

    def visit_RegexReplace(self, op: Any, *, arg: Any, pattern: Any, replacement: Any) -> exp.Expression:  # noqa: N802, ARG002
        return call(
            "regexp_replace",
            arg,
            string(java_regex(_literal(pattern, "a pattern"))),
            _java_replacement(replacement),
        )

    def visit_RegexExtract(self, op: Any, *, arg: Any, pattern: Any, index: Any) -> exp.Expression:  # noqa: N802, ARG002
        """NULL stays NULL, and no match is an empty text, in both."""
        return call("regexp_extract", arg, string(java_regex(_literal(pattern, "a pattern"))), index)

    def visit_Strftime(self, op: Any, *, arg: Any, format_str: Any) -> exp.Expression:  # noqa: N802, ARG002
        return write_moment(arg, _literal(format_str, "a date format"))

    def visit_TimestampFromUNIX(self, op: Any, *, arg: Any, unit: Any) -> exp.Expression:  # noqa: N802, ARG002
        if op.unit.short != "ms":
            raise unsupported(f"moments counted in {op.unit.short}")
        return call("timestamp_millis", arg)

    def visit_IsInf(self, op: Any, *, arg: Any) -> exp.Expression:  # noqa: N802, ARG002
        return call("abs", arg).eq(exp.cast(string("Infinity"), "double"))

    def visit_StringSplit(self, op: Any, *, arg: Any, delimiter: Any) -> exp.Expression:  # noqa: N802, ARG002
        """Spark takes what it splits at for a regular expression."""
        return call("split", arg, call("concat", string(r"\Q"), delimiter, string(r"\E")))

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> exp.Expression:  # noqa: N802
        cast: exp.Expression = super().visit_Cast(op, arg=arg, to=to)
        kind = op.arg.dtype
        if not to.is_string():
            return cast
        if kind.is_decimal():  # Java writes 0E-9
            return call(
                "replace", call("format_number", arg, number(kind.scale or 0)), string(","), string("")
            )
        if kind.is_date() or kind.is_timestamp():
            return _with_era(arg, cast)
        return cast

    def visit_ArrayFlatten(self, op: Any, *, arg: Any) -> exp.Expression:  # noqa: N802, ARG002
        """A missing list among the lists counts as an empty one; in Spark's own it would make all of them missing."""
        item = exp.to_identifier("emkg_list")
        kept = exp.Lambda(this=exp.column(item.copy()).is_(exp.null()).not_(), expressions=[item])
        return call("flatten", call("filter", arg, kept))

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> exp.Expression:  # noqa: N802
        tried: exp.Expression = super().visit_TryCast(op, arg=arg, to=to)
        if not (to.is_floating() and op.arg.dtype.is_string()):
            return tried
        # Java takes a letter after a number for its kind: 1d, 1.5F
        has_suffix = exp.RegexpLike(this=arg.copy(), expression=string(r"[0-9.][dDfF]\s*\z"))
        return call("if", has_suffix, exp.null(), tried)


def _with_era(moment: exp.Expression, text: exp.Expression) -> exp.Expression:
    """As DuckDB writes what was before our era: `0769-02-04 (BC)`, so that it is refused with the same words."""
    year = exp.cast(number(1) - call("year", moment.copy()), "string")
    day = call(
        "concat",
        call("lpad", year, number(4), string("0")),
        call("substr", text.copy(), number(6), number(6)),
    )
    before = call("concat", day, string(" (BC)"), call("substr", text.copy(), number(12)))
    return call("if", call("year", moment.copy()) < 1, before, text)


def _java_replacement(replacement: exp.Expression) -> exp.Expression:
    text = _literal(replacement, "a replacement")
    if "\\" in text or "$" in text:
        raise unsupported("a replacement with groups")
    return replacement


_COMPILER: Final = _Compiler()
