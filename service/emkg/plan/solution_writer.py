"""Solutions and booleans in the four result formats (SPARQL 1.1 Query Results JSON, XML, CSV and TSV).

A term is written once, however many solutions have it; rows are put together by Arrow.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from emkg.plan.sparql_results import ResultFormat
from emkg.rdf import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emkg.plan.solution_table import TermColumn
    from emkg.rdf import Term

_XML_HEAD: Final = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
_CSV_SPECIAL: Final = frozenset('",\r\n')


def write_solutions(columns: Sequence[TermColumn], rows: int, media: ResultFormat) -> bytes:
    """Solutions in a format of `SOLUTION_FORMATS`."""
    return _SOLUTIONS[media](columns, rows).encode()


def write_boolean(value: bool, media: ResultFormat) -> bytes:
    """The answer of ASK; CSV and TSV, which no standard defines for it, hold the word."""
    word = "true" if value else "false"
    texts = {
        ResultFormat.JSON: f'{{"head":{{}},"boolean":{word}}}',
        ResultFormat.XML: f"{_XML_HEAD}</head><boolean>{word}</boolean></sparql>",
    }
    return texts.get(media, word).encode()


def _json(columns: Sequence[TermColumn], rows: int) -> str:
    cells = [_cells(column, _json_cell) for column in columns]
    names = ",".join(json.dumps(column.name) for column in columns)
    body = ",".join(f"{{{row[1:]}}}" for row in _rows(cells, rows, ""))
    return f'{{"head":{{"vars":[{names}]}},"results":{{"bindings":[{body}]}}}}'


def _json_cell(term: Term, name: str) -> str:
    return f",{json.dumps(name)}:{_json_term(term)}"


def _json_term(term: Term) -> str:
    value: dict[str, str] = {"type": "literal", "value": term.value}
    if isinstance(term, IRI):
        value["type"] = "uri"
    elif isinstance(term, BlankNode):
        value["type"] = "bnode"
    elif term.language:
        value["xml:lang"] = term.language
    elif term.datatype != XSD_STRING:
        value["datatype"] = term.datatype
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _xml(columns: Sequence[TermColumn], rows: int) -> str:
    cells = [_cells(column, _xml_cell) for column in columns]
    names = "".join(f"<variable name={quoteattr(column.name)}/>" for column in columns)
    body = "".join(f"<result>{row}</result>" for row in _rows(cells, rows, ""))
    return f"{_XML_HEAD}{names}</head><results>{body}</results></sparql>"


def _xml_cell(term: Term, name: str) -> str:
    return f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"


def _xml_term(term: Term) -> str:
    text = escape(term.value, {"\r": "&#xD;"})
    if isinstance(term, IRI):
        return f"<uri>{text}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{text}</bnode>"
    if term.language:
        return f"<literal xml:lang={quoteattr(term.language)}>{text}</literal>"
    if term.datatype in {XSD_STRING, RDF_LANG_STRING}:
        return f"<literal>{text}</literal>"
    return f"<literal datatype={quoteattr(term.datatype)}>{text}</literal>"


def _csv(columns: Sequence[TermColumn], rows: int) -> str:
    cells = [_cells(column, _csv_cell) for column in columns]
    lines = [",".join(column.name for column in columns), *_rows(cells, rows, ",")]
    return "".join(f"{line}\r\n" for line in lines)


def _csv_cell(term: Term, _: str) -> str:
    text = f"_:{term.value}" if isinstance(term, BlankNode) else term.value
    return '"' + text.replace('"', '""') + '"' if _CSV_SPECIAL & set(text) else text


def _tsv(columns: Sequence[TermColumn], rows: int) -> str:
    cells = [_cells(column, _tsv_cell) for column in columns]
    lines = ["\t".join(f"?{column.name}" for column in columns), *_rows(cells, rows, "\t")]
    return "".join(f"{line}\n" for line in lines)


def _tsv_cell(term: Term, _: str) -> str:
    return str(term)


_SOLUTIONS: Final[dict[ResultFormat, Callable[[Sequence[TermColumn], int], str]]] = {
    ResultFormat.JSON: _json,
    ResultFormat.XML: _xml,
    ResultFormat.CSV: _csv,
    ResultFormat.TSV: _tsv,
}


def _cells(column: TermColumn, write: Callable[[Term, str], str]) -> pa.Array:
    texts = pa.array([write(term, column.name) for term in column.terms], pa.large_string())
    return pc.fill_null(texts.take(column.numbers), "")


def _rows(cells: Sequence[pa.Array], rows: int, separator: str) -> list[str]:
    """The cells of each row joined."""
    if not cells:
        return [""] * rows
    joined = pc.binary_join_element_wise(*cells, pa.scalar(separator, pa.large_string()))
    return list(joined.to_pylist())
