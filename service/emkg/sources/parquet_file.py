"""Parquet: read by the back-end itself, column by column, with the natural datatypes of its schema."""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING

import duckdb
import ibis

from emkg.errors import Location, SourceError
from emkg.sources.relation import SourceRelation, column_names
from emkg.sources.suggestion import missing_name
from emkg.sources.text import check_file
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.sources.description import SourceDescription

_ROW = "file_row_number"


def read_parquet(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns; `a.b` is the field b of a struct a, a list of single values gives several.

    A row is the 1-based ordinal in the file. Nothing is read before the relation is.

    Raises:
        SourceError: The file is not there or is no Parquet; a column is not there, or holds what is no
            single value.
    """
    check_file(description.path)
    table = _open(backend, description.path)
    columns = column_names(references)
    found = {reference: _column(description.path, table, reference) for reference in columns}
    nulls = list(dict.fromkeys(("", *description.null_values)))
    if any(value.type().is_timestamp() and value.type().timezone for value in found.values()):
        backend.raw_sql("SET TimeZone = 'UTC'")
    texts = {columns[reference]: _cell(value, nulls) for reference, value in found.items()}
    scalars = {reference: _scalar_type(value.type()) for reference, value in found.items()}
    return SourceRelation(
        table.select(row=(table[_ROW] + 1).cast("int64"), **texts),
        columns,
        multi=frozenset(reference for reference, value in found.items() if value.type().is_array()),
        datatypes={reference: XSD + name for reference, kind in scalars.items() if (name := _natural(kind))},
    )


def _open(backend: ibis.BaseBackend, path: Path) -> ibis.Table:
    try:
        return backend.read_parquet(
            glob.escape(str(path)),
            table_name=ibis.util.gen_name("emkg_parquet"),
            file_row_number=True,
            hive_partitioning=False,  # a folder `id=7` must not overrule the column `id`
        )
    except duckdb.Error as error:
        raise SourceError(
            f"this is no Parquet file that can be read: {error}",
            message_zh="不是可以读取的 Parquet 文件",
            location=Location(str(path)),
        ) from None


def _column(path: Path, table: ibis.Table, reference: str) -> ibis.Value:
    names = [name for name in table.columns if name != _ROW]
    head, *fields = [reference] if reference in names else reference.split(".")
    if head not in names:
        raise missing_name(path, ("column", "列"), reference, names)
    value = table[head]
    for name in fields:
        if not value.type().is_struct() or name not in value.type().names:
            known = value.type().names if value.type().is_struct() else ()
            raise missing_name(path, ("field", "字段"), reference, known)
        value = value[name]
    if _scalar_type(value.type()).is_nested():
        raise SourceError(
            f"the column {reference!r} holds {value.type()}, which is no single value",
            message_zh=f"列“{reference}”的类型 {value.type()} 不是单个值",
            location=Location(str(path), field=reference),
        )
    return value


def _scalar_type(kind: ibis.DataType) -> ibis.DataType:
    return kind.value_type if kind.is_array() else kind


def _cell(value: ibis.Value, nulls: Sequence[str]) -> ibis.Value:
    """The cell as text without null tokens, each element of a list likewise."""
    if value.type().is_array():
        texts = value.map(_text)
        return texts.filter(lambda text: text.notnull() & ~text.isin(nulls))
    text = _text(value)
    return text.isin(nulls).ifelse(ibis.null("string"), text)


def _text(value: ibis.Value) -> ibis.Value:
    kind = value.type()
    if kind.is_binary():
        return _hex(value)
    text = value.cast("string")
    if kind.is_timestamp():
        return text.replace(" ", "T").replace("+00", "Z")
    if kind.is_floating():
        return text.cases(("inf", "INF"), ("-inf", "-INF"), ("nan", "NaN"), else_=text)
    return text


def _hex(value: ibis.Value) -> ibis.Value:
    """The back-end's own `hex`, which Ibis has no name for."""

    def hexadecimal(data: bytes) -> str:
        raise NotImplementedError(data)

    return ibis.udf.scalar.builtin(hexadecimal, name="hex")(value)


def _natural(kind: ibis.DataType) -> str:
    tests = (
        (kind.is_boolean, "boolean"),
        (kind.is_integer, "integer"),
        (kind.is_floating, "double"),
        (kind.is_decimal, "decimal"),
        (kind.is_timestamp, "dateTime"),
        (kind.is_date, "date"),
        (kind.is_time, "time"),
        (kind.is_binary, "hexBinary"),
    )
    return next((name for fits, name in tests if fits()), "")
