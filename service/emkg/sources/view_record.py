"""What a field stands in: a JSON value, an XML element, a table's row, or a text to be read as one of them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from lxml import etree

from emkg.errors import Location, SourceError
from emkg.sources.description import Formulation
from emkg.sources.fault import SourceFault, bad_text
from emkg.sources.item_table import STRING
from emkg.sources.json_items import JsonValues, json_decoder
from emkg.sources.jsonpath import JsonPath, compile_jsonpath
from emkg.sources.mark import show
from emkg.sources.xml_items import xml_texts
from emkg.sources.xml_pattern import compile_xpath
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.sources.description import SourceDescription
    from emkg.sources.json_value import Json

INTEGER: Final = XSD + "integer"
Pair: TypeAlias = tuple[str, str]  # a text and its natural datatype


class Records(Protocol):
    """How references and iterators of one formulation are followed; `row` is where a fault is said to be."""

    def values(self, row: int, node: Any, reference: str) -> Sequence[Pair]:
        """The values of a reference."""
        ...

    def items(self, row: int, node: Any, iterator: str) -> Sequence[object]:
        """The records of an iterator."""
        ...

    def parse(self, row: int, text: str, name: str) -> Sequence[object]:
        """A text read in this formulation, as one node; none and a fault where it cannot be."""
        ...


@dataclass
class JsonRecords:
    """JSON values and JSONPath."""

    description: SourceDescription
    faults: list[SourceFault]
    _paths: dict[str, JsonPath] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._values = JsonValues(self.description, self.faults)

    def _path(self, text: str) -> JsonPath:
        if text not in self._paths:
            self._paths[text] = compile_jsonpath(text, Location(str(self.description.path)))
        return self._paths[text]

    def values(self, row: int, node: Any, reference: str) -> Sequence[Pair]:
        """The values of a reference."""
        return self._values.find(row, self._path(reference), node)

    def items(self, row: int, node: Any, iterator: str) -> Sequence[Json]:
        """The records of an iterator."""
        return self._values.nodes(row, self._path(iterator), node)

    def parse(self, row: int, text: str, name: str) -> Sequence[Json]:
        """A text as one node; none and a fault where it is no JSON."""
        try:
            return [json_decoder().decode(text)]
        except (json.JSONDecodeError, RecursionError) as error:
            detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            self.faults.append(bad_text(row, name, show(text), "JSON", detail))
            return []


@dataclass
class XmlRecords:
    """Elements and XPath."""

    description: SourceDescription
    faults: list[SourceFault]
    _xpaths: dict[str, etree.XPath] = field(default_factory=dict)

    def _find(self, text: str, node: Any) -> object:
        if text not in self._xpaths:
            self._xpaths[text] = compile_xpath(self.description, text)
        return self._xpaths[text](node)

    def values(self, _row: int, node: object, reference: str) -> Sequence[Pair]:
        """The values of a reference."""
        nulls = {"", *self.description.null_values}
        return [(text, STRING) for text in xml_texts(self._find(reference, node)) if text not in nulls]

    def items(self, _row: int, node: object, iterator: str) -> Sequence[object]:
        """The records of an iterator."""
        found = self._find(iterator, node)
        return [item for item in found if etree.iselement(item)] if isinstance(found, list) else []

    def parse(self, row: int, text: str, name: str) -> Sequence[object]:
        """A text as one node; none and a fault where it is no XML."""
        # a text has no encoding of its own any more, whatever its declaration says
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as error:
            self.faults.append(bad_text(row, name, show(text), "XML", error.msg))
            return []
        if root.getroottree().docinfo.internalDTD is not None:
            self.faults.append(bad_text(row, name, show(text), "XML", "it declares a document type"))
            return []
        return [root.getroottree()]


@dataclass
class TableRecords:
    """Rows as mappings of column names to a text and its natural datatype; a CSV text gives rows of its own."""

    description: SourceDescription
    faults: list[SourceFault]

    def values(self, _row: int, node: Any, reference: str) -> Sequence[Pair]:
        """The values of a reference."""
        if reference not in node:
            raise SourceError(
                f"there is no column {reference!r}; the row has {', '.join(node)}",
                message_zh=f"没有列“{reference}”，现有：{'、'.join(node)}",
                location=Location(str(self.description.path)),
            )
        pair = node[reference]
        return [] if pair is None else [pair]

    def items(self, _row: int, node: object, _iterator: str) -> Sequence[object]:
        """The records of an iterator."""
        return node if isinstance(node, list) else [node]

    def parse(self, row: int, text: str, name: str) -> Sequence[object]:
        """A CSV text as the list of its rows; a short row lacks the last columns."""
        nulls = {"", *self.description.null_values}
        try:
            header, *rows = csv.reader(io.StringIO(text), strict=True)
        except (csv.Error, ValueError) as error:  # a quote that does not close, or no header
            self.faults.append(bad_text(row, name, show(text), "CSV", str(error)))
            return []
        blank = [None] * len(header)
        return [
            [
                {
                    column: None if cell is None or cell in nulls else (cell, STRING)
                    for column, cell in zip(header, (*cells, *blank), strict=False)
                }
                for cells in rows
                if cells
            ]
        ]


def records_of(
    formulation: Formulation, description: SourceDescription, faults: list[SourceFault]
) -> Records:
    """The way to follow references of a formulation."""
    if formulation in {Formulation.JSON, Formulation.JSON_LINES}:
        return JsonRecords(description, faults)
    if formulation is Formulation.XML:
        return XmlRecords(description, faults)
    return TableRecords(description, faults)
