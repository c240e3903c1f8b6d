"""One door to every format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import ibis

from emkg.sources.delimited import read_delimited
from emkg.sources.description import Formulation
from emkg.sources.fetch import refuse_unfetched
from emkg.sources.json_document import begin_alike, read_json, read_json_together
from emkg.sources.json_lines import read_json_lines
from emkg.sources.packed import unpacked
from emkg.sources.parquet_file import read_parquet
from emkg.sources.spreadsheet import read_spreadsheet
from emkg.sources.sql_server import read_sql
from emkg.sources.sqlite_database import read_sqlite
from emkg.sources.view_reading import read_view
from emkg.sources.xml_document import read_xml, read_xml_together
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.sources.description import SourceDescription
    from emkg.sources.relation import SourceRelation


def read_source(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns of a source, and no others, on the back-end.

    The description's name for the row number, where it has one, is a reference like any other. The tables are
    temporary and go with the back-end's connection.

    Raises:
        SourceError: The file cannot be read as described; located by file, and by line, row or column where
            there is one.
    """
    refuse_unfetched(description)
    if description.compression:
        with unpacked(description) as inner:
            return read_source(backend, inner, references)
    if description.trim:
        untrimmed = replace(description, trim=False)
        return _trimmed(read_source(backend, untrimmed, references), description.null_values)
    if description.view is not None:
        return read_view(backend, description.view, references, read_source)
    read = {
        Formulation.CSV: read_delimited,
        Formulation.JSON: read_json,
        Formulation.JSON_LINES: read_json_lines,
        Formulation.XML: read_xml,
        Formulation.XLSX: read_spreadsheet,
        Formulation.SQLITE: read_sqlite,
        Formulation.PARQUET: read_parquet,
        Formulation.SQL: read_sql,
    }[description.formulation]
    if not description.row_number or description.row_number not in references:
        return read(backend, description, references)
    others = [reference for reference in references if reference != description.row_number]
    return _with_row_number(read(backend, description, others), description.row_number)


def read_sources(
    backend: ibis.BaseBackend, wanted: Sequence[tuple[SourceDescription, Sequence[str]]]
) -> list[SourceRelation]:
    """What `read_source` gives for each; those of several are to be such as `are_read_together`.

    Raises:
        SourceError: As `read_source` does.
    """
    if len(wanted) == 1:
        return [read_source(backend, *wanted[0])]
    read = read_xml_together if wanted[0][0].formulation is Formulation.XML else read_json_together
    return read(backend, wanted)


def are_read_together(one: SourceDescription, other: SourceDescription) -> bool:
    """Whether two sources are iterators of one plain document: any two of XML, two that begin alike of JSON."""
    return (
        one.formulation in {Formulation.JSON, Formulation.XML}
        and not (one.compression or one.url or one.row_number)
        and replace(other, iterator=one.iterator) == one
        and (one.formulation is Formulation.XML or begin_alike(one, other))
    )


def _trimmed(relation: SourceRelation, null_values: Sequence[str]) -> SourceRelation:
    """Blanks around a cell taken away; what is a null token only then is no value either."""
    names = relation.columns.values()
    stripped = {name: relation.table[name].strip() for name in names}
    nulls = [*{"", *null_values}]
    cells = {name: ibis.ifelse(cell.isin(nulls), None, cell) for name, cell in stripped.items()}
    return replace(relation, table=relation.table.mutate(**cells))


def _with_row_number(relation: SourceRelation, reference: str) -> SourceRelation:
    return replace(
        relation,
        table=relation.table.mutate(row_number=relation.table["row"].cast("string")),
        columns={**relation.columns, reference: "row_number"},
        datatypes={**relation.datatypes, reference: XSD + "integer"},
    )
