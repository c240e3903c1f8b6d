"""One door to every format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.sources.delimited import read_delimited
from emkg.sources.description import Formulation
from emkg.sources.json_document import read_json
from emkg.sources.json_lines import read_json_lines
from emkg.sources.parquet_file import read_parquet
from emkg.sources.spreadsheet import read_spreadsheet
from emkg.sources.sqlite_database import read_sqlite
from emkg.sources.xml_document import read_xml
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis

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
    read = {
        Formulation.CSV: read_delimited,
        Formulation.JSON: read_json,
        Formulation.JSON_LINES: read_json_lines,
        Formulation.XML: read_xml,
        Formulation.XLSX: read_spreadsheet,
        Formulation.SQLITE: read_sqlite,
        Formulation.PARQUET: read_parquet,
    }[description.formulation]
    if not description.row_number or description.row_number not in references:
        return read(backend, description, references)
    others = [reference for reference in references if reference != description.row_number]
    return _with_row_number(read(backend, description, others), description.row_number)


def _with_row_number(relation: SourceRelation, reference: str) -> SourceRelation:
    return replace(
        relation,
        table=relation.table.mutate(row_number=relation.table["row"].cast("string")),
        columns={**relation.columns, reference: "row_number"},
        datatypes={**relation.datatypes, reference: XSD + "integer"},
    )
