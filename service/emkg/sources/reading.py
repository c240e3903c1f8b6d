"""One door to every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.sources.delimited import read_delimited
from emkg.sources.description import Formulation
from emkg.sources.json_document import read_json
from emkg.sources.json_lines import read_json_lines
from emkg.sources.parquet_file import read_parquet
from emkg.sources.spreadsheet import read_spreadsheet
from emkg.sources.sqlite_database import read_sqlite
from emkg.sources.xml_document import read_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.relation import SourceRelation


def read_source(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns of a source, and no others, on the back-end.

    The tables are temporary and go with the back-end's connection.

    Raises:
        SourceError: The file cannot be read as described; located by file, and by line, row or column where
            there is one.
    """
    readers = {
        Formulation.CSV: read_delimited,
        Formulation.JSON: read_json,
        Formulation.JSON_LINES: read_json_lines,
        Formulation.XML: read_xml,
        Formulation.XLSX: read_spreadsheet,
        Formulation.SQLITE: read_sqlite,
        Formulation.PARQUET: read_parquet,
    }
    return readers[description.formulation](backend, description, references)
