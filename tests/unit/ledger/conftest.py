from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pytest

from emkg.ledger import Ledger
from emkg.rdf.relation import STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row: TypeAlias = tuple[str, ...]


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.open(None) as opened:
        yield opened


@pytest.fixture
def table() -> Callable[..., pa.Table]:
    """Make a statement relation of (s, p, o) or (s, p, o, g) in N-Triples form."""

    def build(*rows: Row) -> pa.Table:
        columns = [[row[at] if at < len(row) else None for row in rows] for at in range(4)]
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=STATEMENTS_SCHEMA)

    return build


@pytest.fixture
def rows_of() -> Callable[[pa.RecordBatchReader], set[Row]]:
    """The (s, p, o) of a relation, as a set."""

    def read(reader: pa.RecordBatchReader) -> set[Row]:
        return {(row["s"], row["p"], row["o"]) for row in reader.read_all().to_pylist()}

    return read
