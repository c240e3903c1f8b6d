"""SQL functions of a term's parts, for compiled plans: they live in a catalogue in memory beside the ledger's file.

`fn.number_of(lexical, datatype)`, `exact_of`, `instant_of`, `has_zone_of`, `truth_of`: the typed values of the columns of
`term`. `fn.text_of(kind, lexical, datatype, language)`: the N-Triples form. `fn.id_of(text)`: its id.
A macro's arguments are put in its place as they are: hand over columns, not large expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ledger.dictionary import TEXT_SQL, id_sql
from emkg.ledger.typed_value import VALUE_SQL

if TYPE_CHECKING:
    import duckdb

CATALOGUE: Final = "fn"


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Attach the catalogue with its functions; every cursor of the connection sees them."""
    connection.execute(f"ATTACH ':memory:' AS {CATALOGUE}")
    for name, sql in VALUE_SQL.items():
        connection.execute(f"CREATE MACRO {CATALOGUE}.main.{name}_of(lexical, datatype) AS ({sql})")
    connection.execute(
        f"CREATE MACRO {CATALOGUE}.main.text_of(kind, lexical, datatype, language) AS ({TEXT_SQL})"
    )
    connection.execute(f"CREATE MACRO {CATALOGUE}.main.id_of(text) AS ({id_sql('text')})")
