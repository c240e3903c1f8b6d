"""What a mapping says of a source file or a logical view, as immutable values; nothing here opens a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

INDEX: Final = "#"  # the key of a record's place among its siblings, from 0; `item.#` of a field's


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
    VIEW = "view"  # a logical view; references are the keys of its fields


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
        path: The file, absolute; the name alone of what is at `url`.
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
        url: Where the file is to be fetched from before it can be read; empty where it is there.
        view: The logical view, for `VIEW`; `path` is then that of the file it begins with.
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
    url: str = ""
    view: LogicalView | None = None

    @property
    def sources(self) -> tuple[SourceDescription, ...]:
        """The files and databases that are read: itself, or all that a view is made of."""
        if self.view is None:
            return (self,)
        parents = (join.parent for join in self.view.joins)
        return tuple(each for one in (self.view.source, *parents) for each in one.sources)

    def replaced(self, change: Callable[[SourceDescription], SourceDescription]) -> SourceDescription:
        """The same with each of its `sources` replaced by what `change` makes of it."""
        if self.view is None:
            return change(self)
        joins = tuple(replace(join, parent=join.parent.replaced(change)) for join in self.view.joins)
        view = replace(self.view, source=self.view.source.replaced(change), joins=joins)
        return replace(self, path=view.source.path, view=view)

    @property
    def viewed(self) -> Iterator[tuple[SourceDescription, tuple[str, ...]]]:
        """The sources and views that a view is made of, each with what its fields and joins refer to there."""
        if self.view is None:
            return
        own = (field for field in self.view.fields if isinstance(field, ExpressionField))
        yield self.view.source, tuple(dict.fromkeys(ref for one in own for ref in one.expression.references))
        yield from self.view.source.viewed
        for join in self.view.joins:
            read = [*(parent for _, parent in join.keys), *(field.expression for field in join.fields)]
            yield join.parent, tuple(dict.fromkeys(ref for one in read for ref in one.references))
            yield from join.parent.viewed


@dataclass(frozen=True)
class Key:
    """A reference into what a field stands in."""

    text: str


@dataclass(frozen=True)
class FieldExpression:
    """Texts and references in turn; a lone reference keeps its natural datatype."""

    parts: tuple[str | Key, ...]

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference, in order."""
        return tuple(part.text for part in self.parts if isinstance(part, Key))


@dataclass(frozen=True)
class ExpressionField:
    """A field of values; `fields` look into each value's text, by a reference formulation of their own."""

    name: str
    expression: FieldExpression
    fields: tuple[IterableField, ...] = ()


@dataclass(frozen=True)
class IterableField:
    """A field of records; `formulation` where it is not that of what the field stands in."""

    name: str
    iterator: str
    fields: tuple[Field, ...]
    formulation: Formulation | None = None


Field: TypeAlias = ExpressionField | IterableField


@dataclass(frozen=True)
class ViewJoin:
    """Fields taken from another view's rows wherever all keys are equal; `is_left` keeps rows without any."""

    parent: SourceDescription
    is_left: bool
    keys: tuple[tuple[FieldExpression, FieldExpression], ...]
    fields: tuple[ExpressionField, ...]


@dataclass(frozen=True)
class LogicalView:
    """The source that is viewed, the fields of its rows, and what is joined to them."""

    source: SourceDescription
    fields: tuple[Field, ...]
    joins: tuple[ViewJoin, ...] = ()

    @property
    def own_keys(self) -> tuple[str, ...]:
        """What a reference may name of the rows before any join."""
        return (INDEX, *(key for field in self.fields for key in _keys(field, "")))

    @property
    def keys(self) -> tuple[str, ...]:
        """What a reference into the view may name."""
        joined = (key for join in self.joins for field in join.fields for key in _keys(field, ""))
        return (*self.own_keys, *joined)


def _keys(field: Field, prefix: str) -> Iterator[str]:
    name = prefix + field.name
    if isinstance(field, ExpressionField):
        yield name
    yield f"{name}.{INDEX}"
    for inner in field.fields:
        yield from _keys(inner, f"{name}.")
