"""What a mapping says of a source file, as one immutable value; nothing here opens a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Formulation(Enum):
    """How references into a source are read (RML reference formulation, or EMKG's own where RML has none)."""

    CSV = "csv"
    JSON = "json"
    JSON_LINES = "jsonl"
    XML = "xml"
    XLSX = "xlsx"
    SQLITE = "sqlite"
    PARQUET = "parquet"
    SQL = "sql"


@dataclass(frozen=True)
class DatabaseServer:
    """Where a database server is; a text `$NAME` stands for the environment variable NAME.

    Attributes:
        dsn: A JDBC URL, `jdbc:postgresql://host:port/database` or `jdbc:mysql://…`.
        user: The user's name; empty for the server's default.
        password: Never shown, neither in messages nor in the value's own representation.
    """

    dsn: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class SourceDescription:
    """One logical source.

    Attributes:
        path: The file, absolute.
        formulation: How references are read.
        iterator: JSONPath or XPath of the items; empty for tabular sources.
        encoding: The declared character encoding (Python's name); never guessed.
        null_values: Cell texts that mean "no value", beside the empty cell.
        delimiter: CSV field separator.
        quote: CSV quote character, doubled inside a quoted cell; empty where the file knows no quotes.
        comment: CSV rows whose first cell starts with this are skipped; empty for none.
        header_row: 1-based row of the column names (CSV, XLSX), CSV comment rows not counted.
        skip_after_header: Rows between the column names and the first record, such as a row of types.
        row_number: A name of its own under which the row's number can be referred to, for files whose
            records have no key; empty for none.
        sheet: XLSX sheet name; empty for the first.
        query: SQL query or table name; empty for the only table of an SQLite file.
        namespaces: XPath prefixes.
        compression: `gzip`, `zip`, `targz` or `tarxz` where the file is packed; empty where it is not.
        trim: Whether blanks around a CSV cell are no part of it.
        server: The database server, for `SQL`; `path` then only names the database in messages.
    """

    path: Path
    formulation: Formulation
    iterator: str = ""
    encoding: str = "utf-8"
    null_values: tuple[str, ...] = ("",)
    delimiter: str = ","
    quote: str = '"'
    comment: str = ""
    header_row: int = 1
    skip_after_header: int = 0
    row_number: str = ""
    sheet: str = ""
    query: str = ""
    namespaces: dict[str, str] = field(default_factory=dict)
    compression: str = ""
    trim: bool = False
    server: DatabaseServer | None = None
