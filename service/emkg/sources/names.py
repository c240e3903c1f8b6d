"""What a source can be asked for: its column names, or the paths that its first items have."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq
import python_calamine
from lxml import etree

from emkg.errors import Location, SourceError
from emkg.sources.description import Formulation
from emkg.sources.fetch import refuse_unfetched
from emkg.sources.json_items import json_decoder
from emkg.sources.jsonpath import compile_jsonpath
from emkg.sources.mark import show
from emkg.sources.spreadsheet import cell_text
from emkg.sources.sql_server import sql_names
from emkg.sources.text import check_file, open_text
from emkg.sources.xml_pattern import compile_xpath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emkg.sources.description import SourceDescription
    from emkg.sources.json_value import Json

_MAX_ITEMS: Final = 1000
_MAX_CELL_CHARS: Final = 1 << 24
_MAX_TREE_BYTES: Final = 64 << 20  # documents beyond it are not held in memory for the sake of their names


def source_names(description: SourceDescription) -> tuple[str, ...]:
    """The references that the source answers, in file order; for JSON and XML those of its first 1,000 items.

    Empty where a JSON or XML document is larger than 64 MB.

    Raises:
        SourceError: The file is not there, or cannot be read as described.
    """
    if description.view is not None:
        return description.view.keys
    if description.formulation is Formulation.SQL:
        return sql_names(description)
    refuse_unfetched(description)
    check_file(description.path)
    read = {
        Formulation.CSV: _of_csv,
        Formulation.JSON: _of_json,
        Formulation.JSON_LINES: _of_json_lines,
        Formulation.XML: _of_xml,
        Formulation.XLSX: _of_sheet,
        Formulation.SQLITE: _of_sqlite,
        Formulation.PARQUET: _of_parquet,
    }[description.formulation]
    try:
        names = tuple(show(name) for name in read(description))
    except (
        OSError,
        RecursionError,
        TypeError,
        ValueError,
        csv.Error,
        sqlite3.Error,
        etree.LxmlError,
        python_calamine.CalamineError,
    ) as error:
        raise SourceError(
            f"this cannot be read as {description.formulation.value}: {error}",
            message_zh=f"无法按 {description.formulation.value} 读取：{error}",
            location=Location(str(description.path)),
        ) from error
    return (*names, description.row_number) if description.row_number else names


def _of_csv(description: SourceDescription) -> tuple[str, ...]:
    csv.field_size_limit(_MAX_CELL_CHARS)
    with open_text(description) as file:
        rows = csv.reader(
            file,
            delimiter=description.delimiter,
            quotechar=description.quote or None,
            quoting=csv.QUOTE_MINIMAL if description.quote else csv.QUOTE_NONE,
        )
        kept = (
            row
            for row in rows
            if not (description.comment and row and row[0].startswith(description.comment))
        )
        header = next(islice(kept, description.header_row - 1, None), None)
    return _numbered(header or [])


def _of_sheet(description: SourceDescription) -> tuple[str, ...]:
    workbook = python_calamine.load_workbook(str(description.path))
    if description.sheet and description.sheet not in workbook.sheet_names:
        return ()
    sheet = (
        workbook.get_sheet_by_name(description.sheet) if description.sheet else workbook.get_sheet_by_index(0)
    )
    header = next(islice(sheet.iter_rows(), description.header_row - 1, None), [])
    return _numbered([cell_text(cell) for cell in header])


def _of_sqlite(description: SourceDescription) -> tuple[str, ...]:
    uri = f"{description.path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        words = description.query.split(None, 1)
        if words and words[0].lower() in {"select", "with", "values"}:
            cursor = connection.execute(description.query)
            return _numbered([str(column[0]) for column in cursor.description])
        tables = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        table = description.query or next((name for (name,) in connection.execute(tables)), "")
        found = connection.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", (table,))
        return tuple(name for (name,) in found)


def _of_parquet(description: SourceDescription) -> tuple[str, ...]:
    return tuple(pq.read_schema(description.path).names)


def _of_json(description: SourceDescription) -> tuple[str, ...]:
    if description.path.stat().st_size > _MAX_TREE_BYTES:
        return ()
    with open_text(description) as file:
        document = json_decoder().decode(file.read())
    location = Location(str(description.path))
    return _paths(compile_jsonpath(description.iterator or "$", location).find(document))


def _of_json_lines(description: SourceDescription) -> tuple[str, ...]:
    iterator = compile_jsonpath(description.iterator or "$", Location(str(description.path)))
    decode = json_decoder().decode
    items: list[Json] = []
    with open_text(description) as file:
        for line in islice(file, _MAX_ITEMS):
            try:
                items += iterator.find(decode(line.strip()))
            except (ValueError, RecursionError):
                continue  # a line that is no JSON is the run's business
    return _paths(items)


def _paths(items: Sequence[Json]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for item in items[:_MAX_ITEMS]:
        found.update(dict.fromkeys(_leaves(item, "")))
    return tuple(path for path in found if path)


def _leaves(value: Json, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            step = name if name.isidentifier() else f"['{name}']"
            yield from _leaves(member, f"{path}.{step}" if path and step == name else path + step)
    elif isinstance(value, list):
        for element in value[:1]:
            yield from _leaves(element, f"{path}[*]")
    else:
        yield path


def _of_xml(description: SourceDescription) -> tuple[str, ...]:
    if description.path.stat().st_size > _MAX_TREE_BYTES:
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    items = compile_xpath(description, description.iterator)(etree.parse(str(description.path), parser))
    prefixes = {iri: prefix for prefix, iri in description.namespaces.items()}
    found: dict[str, None] = {}
    for item in items[:_MAX_ITEMS] if isinstance(items, list) else []:
        if etree.iselement(item):
            found.update(dict.fromkeys(_elements(item, "", prefixes)))
    return tuple(found)


def _elements(element: etree._Element, path: str, prefixes: dict[str, str]) -> Iterator[str]:
    for name in element.attrib:
        yield f"{path}@{_named(str(name), prefixes)}"
    children = list(element.iterchildren("*"))
    for child in children:
        yield from _elements(child, f"{path}{_named(str(child.tag), prefixes)}/", prefixes)
    if not children and path:
        yield path.removesuffix("/")


def _named(tag: str, prefixes: dict[str, str]) -> str:
    if not tag.startswith("{"):
        return tag
    iri, _, name = tag[1:].partition("}")
    return f"{prefixes[iri]}:{name}" if prefixes.get(iri) else name


def _numbered(names: Sequence[str]) -> tuple[str, ...]:
    """A name that stands there more than once is asked for as `name[1]`, `name[2]`."""
    times = Counter(names)
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        if name:
            numbered.append(name if times[name] == 1 else f"{name}[{seen[name]}]")
    return tuple(numbered)
