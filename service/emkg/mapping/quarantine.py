"""What was withheld, as records that a department can act on: file, row, column, value, reason, mapping line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.arrow import empty_table
from emkg.errors import DataError, Location
from emkg.sources.fault import shorten
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.mapping.model import TriplesMap
    from emkg.mapping.value import Site
    from emkg.sources import SourceFault


@dataclass(frozen=True)
class QuarantineRecord:
    """One value that became no statement; `mapping` is `path:line`."""

    dataset: str
    file: str
    row: int | None
    column: str
    value: str
    reason: str
    message: str
    message_zh: str
    mapping: str


SCHEMA: Final = pa.schema(
    [(field.name, pa.int64() if field.name == "row" else pa.string()) for field in fields(QuarantineRecord)]
)

# reason: what is wrong, in English and Chinese; {value} and {expected} are filled in; an integrator's own function may
# give a reason of its own
_OTHER: Final = ("{value!r} is no {expected}", "“{value}”不是 {expected}")
_MESSAGES: Final = {
    "bad-lexical-form": ("{value!r} is not {expected}", "“{value}”不符合 {expected}"),
    "bad-iri": (
        "{value!r} makes no IRI: it holds a space or a character that IRIs may not have",
        "“{value}”不能作为 IRI：含有空格或 IRI 不允许的字符",
    ),
    "bad-language-tag": ("{value!r} is no language tag ({expected})", "“{value}”不是语言标签（{expected}）"),
    "bad-coordinate": ("{value!r} is no {expected} coordinate", "“{value}”不是 {expected} 坐标"),
    "bad-code": _OTHER,
    "unknown-code": ("{value!r} is not in the crosswalk {expected}", "对照表 {expected} 中没有代码“{value}”"),
    "empty-key": (
        "the row has values and no key, so it has no subject; fill the key in",
        "该行有数据但缺少主键，无法生成主体；请补填主键",
    ),
}


def file_record(triples_map: TriplesMap, dataset: str, fault: SourceFault) -> QuarantineRecord:
    """The record of what the source could not give."""
    return QuarantineRecord(
        dataset,
        triples_map.source.path.name,
        fault.row,
        fault.column,
        fault.value,
        fault.reason,
        fault.message,
        fault.message_zh,
        _line(triples_map.location),
    )


def value_record(triples_map: TriplesMap, dataset: str, site: Site, row: int, value: str) -> QuarantineRecord:
    """The record of a value that fits no term."""
    english, chinese = _MESSAGES.get(site.reason, _OTHER)
    expected = _short(site.expected)
    return QuarantineRecord(
        dataset,
        triples_map.source.path.name,
        row,
        site.column,
        value,
        site.reason,
        english.format(value=shorten(value), expected=expected),
        chinese.format(value=shorten(value), expected=expected),
        _line(site.location),
    )


def without_repeats(records: Iterable[QuarantineRecord]) -> list[QuarantineRecord]:
    """One record for each cell and reason, in row order, however many statements needed the cell.

    A key whose bytes could not be read is not reported as empty too.
    """
    first: dict[tuple[object, ...], QuarantineRecord] = {}
    for record in records:
        first.setdefault((record.file, record.row, record.column, record.value, record.reason), record)
    unread = {
        (record.file, record.row, record.column) for record in first.values() if record.reason != "empty-key"
    }
    kept = [
        record
        for record in first.values()
        if record.reason != "empty-key" or (record.file, record.row, record.column) not in unread
    ]
    return sorted(kept, key=lambda record: (record.file, record.row or 0, record.column, record.reason))


def as_table(records: Iterable[QuarantineRecord]) -> pa.Table:
    """The records as an Arrow table of the quarantine's schema."""
    rows = list(records)
    if not rows:
        return empty_table(SCHEMA)
    columns = {name: [getattr(record, name) for record in rows] for name in SCHEMA.names}
    return pa.table(columns, schema=SCHEMA)


def data_error(record: QuarantineRecord) -> DataError:
    """What a strict run ends with at this record."""
    return DataError(
        f"{record.message} (mapping {record.mapping})",
        message_zh=f"{record.message_zh}（映射 {record.mapping}）",
        location=Location(record.file, row=record.row, field=record.column or None),
    )


def _line(location: Location) -> str:
    return str(Location(location.file, location.line))


def _short(expected: str) -> str:
    return f"xsd:{expected.removeprefix(XSD)}" if expected.startswith(XSD) else expected
