"""What holds of every database server: exact values, reading only, batches, and errors without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pytest

from emkg.errors import SourceError
from emkg.mapping import parse_mapping, run_mapping
from emkg.sources.description import DatabaseServer, Formulation, SourceDescription
from emkg.sources.reading import read_source
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from typing import Protocol

    from emkg.sources import SourceRelation

    class Server(Protocol):
        dsn: str
        user: str

        def run(self, script: str) -> None: ...


TABLE = """DROP TABLE IF EXISTS stock;
CREATE TABLE stock (id BIGINT, price DECIMAL(30, 10), name VARCHAR(20), since TIMESTAMP NULL);
INSERT INTO stock VALUES (9007199254740993, 12345678901234567890.0123456789, '应急', '2024-11-01 08:00:00');
INSERT INTO stock VALUES (2, NULL, '', NULL);"""

STOCK = """prefixes: {e: 'http://e/'}
sources:
  table: ACCESS, query: stock}
  query: ACCESS, query: 'SELECT id, price FROM stock WHERE price IS NOT NULL'}
mappings:
  names: {source: table, s: 'e:stock/$(id)', po: [[e:name, $(name)]]}
  prices: {source: query, s: 'e:stock/$(id)', po: [[e:price, $(price)]]}
"""


@pytest.fixture(params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(f"{request.param}_server")
    found.run(f"USE test; {TABLE}" if request.param == "mysql" else TABLE)
    return found


def _read(server: Server, references: list[str], *, query: str = "", table: str = "stock") -> SourceRelation:
    description = SourceDescription(
        Path("stock"),
        Formulation.SQL,
        iterator=query,
        query="" if query else table,
        server=DatabaseServer(server.dsn, server.user),
    )
    return read_source(ibis.duckdb.connect(), description, references)


def _rows(relation: SourceRelation) -> list[list[object]]:
    table = relation.table.order_by("row").to_pyarrow()
    return [list(row.values()) for row in table.to_pylist()]


def test_numbers_beyond_a_double_are_exact_and_an_empty_text_is_a_value(server: Server) -> None:
    relation = _read(server, ["id", "price", "name", "since"])
    assert _rows(relation) == [
        [1, "9007199254740993", "12345678901234567890.0123456789", "应急", "2024-11-01T08:00:00"],
        [2, "2", None, "", None],
    ]
    assert relation.datatypes == {
        "id": XSD + "integer",
        "price": XSD + "decimal",
        "since": XSD + "dateTime",
    }


@pytest.mark.parametrize("query", ["DELETE FROM stock", "SELECT 1; DELETE FROM stock"])
def test_a_query_can_only_read(server: Server, query: str) -> None:
    with pytest.raises(SourceError):
        _read(server, ["id"], query=query)
    assert len(_rows(_read(server, ["id"]))) == 2


def test_more_rows_than_a_batch_are_all_read(server: Server) -> None:
    digits = "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4)"
    tables = ", ".join(f"{digits} t{index}" for index in range(6))
    relation = _read(server, ["id"], query=f"SELECT 7 AS id FROM {tables};")  # noqa: S608 - made of its own constants
    assert len(_rows(relation)) == 5**6


def test_what_is_not_there_is_named_with_what_is(server: Server) -> None:
    with pytest.raises(SourceError, match="did you mean 'stock'"):
        _read(server, ["id"], table="stok")
    with pytest.raises(SourceError, match="did you mean 'price'"):
        _read(server, ["prise"])


def test_yarrrml_maps_a_table_and_a_query(server: Server, tmp_path: Path) -> None:
    kind = server.dsn.removeprefix("jdbc:").partition(":")[0]
    access = f"{{access: '{server.dsn}', type: {kind}, credentials: {{username: {server.user}}}"
    path = tmp_path / "stock.yml"
    path.write_text(
        STOCK.replace("ACCESS", access),
        encoding="utf-8",
    )
    with run_mapping(parse_mapping(path, data_root=None), dataset="d", base="http://e/", strict=True) as done:
        rows = [row for batch in done.statements() for row in batch.to_pylist()]
    assert {(row["s"], row["o"]) for row in rows} == {
        ("<http://e/stock/9007199254740993>", '"应急"'),
        ("<http://e/stock/2>", '""'),
        (
            "<http://e/stock/9007199254740993>",
            f'"12345678901234567890.0123456789"^^<{XSD}decimal>',
        ),
    }
