from __future__ import annotations

import pyarrow as pa

from emkg.mapping import STATEMENT_SCHEMA
from emkg.mapping.nquads import QuadSorter


def _reader(*rows: tuple[str, str, str, str | None]) -> pa.RecordBatchReader:
    table = pa.table(
        {name: [row[i] for row in rows] for i, name in enumerate("spog")}, schema=STATEMENT_SCHEMA
    )
    return table.to_reader()


def test_lines_are_sorted_by_code_point_across_relations() -> None:
    with QuadSorter() as sorter:
        sorter.add(_reader(("<s>", "<p>", '"霾"', None), ("<s>", "<p>", '"Z"', "<g>")))
        sorter.add(_reader(("<s>", "<p>", '"a"', None), ("<s>", "<p>", '"霾"', None)))
        lines = [line for batch in sorter.lines() for line in batch]
    assert lines == ['<s> <p> "Z" <g> .', '<s> <p> "a" .', '<s> <p> "霾" .']


def test_nothing_gives_no_line() -> None:
    with QuadSorter() as sorter:
        assert list(sorter.lines()) == []
