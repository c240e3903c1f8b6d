"""Solutions and booleans in the four result formats (SPARQL 1.1 Query Results JSON, XML, CSV and TSV).

A term is written once, however many variables and solutions have it; rows are put together by Arrow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import text_array, text_scalar
from emkg.plan.sparql_results import ResultFormat, too_large
from emkg.plan.text_column import TEXT, all_text, joined
from emkg.rdf import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emkg.plan.deadline import Deadline
    from emkg.plan.solution_table import TermColumn
    from emkg.rdf import Term

_XML_HEAD: Final = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
_CSV_SPECIAL: Final = frozenset('",\r\n')
_QUOTED: Final = json.JSONEncoder(ensure_ascii=False).encode
_TERMS_BETWEEN_CHECKS: Final = 10_000


@dataclass(frozen=True)
class _Form:
    """How a format puts a result together.

    Attributes:
        head: What comes before the rows, for the names of the variables.
        cell: A term.
        around: What stands before and after a bound cell of a variable.
        row: What stands before, between and after the cells of a row.
        tail: What comes after the rows.
        between: What each row starts with and the first one must not.
        lead: The character that each bound cell starts with and the first one of a row must not.
    """

    head: Callable[[Sequence[str]], str]
    cell: Callable[[Term], str]
    around: Callable[[str], tuple[str, str]]
    row: tuple[str, str, str]
    tail: str = ""
    between: str = ""
    lead: str = ""


def write_solutions(
    columns: Sequence[TermColumn], rows: int, media: ResultFormat, *, deadline: Deadline, max_bytes: int
) -> bytes:
    """Solutions in a format of `SOLUTION_FORMATS`.

    Raises:
        QueryTimeoutError: The deadline passed.
        ResultTooLargeError: More than `max_bytes`; most often known before the rows are put together.
    """
    form = _FORMS[media]
    cells = _cells(columns, form, deadline)
    if sum(pc.sum(pc.binary_length(cell)).as_py() or 0 for cell in cells) > max_bytes:
        raise too_large()
    deadline.check("writing the answer")
    head = form.head([column.name for column in columns]).encode()
    content = b"".join((head, _rows(cells, rows, form)[len(form.between) :], form.tail.encode()))
    if len(content) > max_bytes:
        raise too_large()
    return content


def write_boolean(value: bool, media: ResultFormat) -> bytes:
    """The answer of ASK; CSV and TSV, which no standard defines for it, hold the word."""
    word = "true" if value else "false"
    texts = {
        ResultFormat.JSON: f'{{"head":{{}},"boolean":{word}}}',
        ResultFormat.XML: f"{_XML_HEAD}</head><boolean>{word}</boolean></sparql>",
    }
    return texts.get(media, word).encode()


def _json_head(names: Sequence[str]) -> str:
    return f'{{"head":{{"vars":[{",".join(map(_QUOTED, names))}]}},"results":{{"bindings":['


def _json_cell(term: Term) -> str:
    value = _QUOTED(term.value)
    if isinstance(term, IRI):
        return f'{{"type":"uri","value":{value}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{value}}}'
    if term.language:
        return f'{{"type":"literal","value":{value},"xml:lang":{_QUOTED(term.language)}}}'
    if term.datatype != XSD_STRING:
        return f'{{"type":"literal","value":{value},"datatype":{_QUOTED(term.datatype)}}}'
    return f'{{"type":"literal","value":{value}}}'


def _xml_head(names: Sequence[str]) -> str:
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    return f"{_XML_HEAD}{variables}</head><results>"


def _xml_cell(term: Term) -> str:
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


def _csv_cell(term: Term) -> str:
    text = f"_:{term.value}" if isinstance(term, BlankNode) else term.value
    return '"' + text.replace('"', '""') + '"' if not _CSV_SPECIAL.isdisjoint(text) else text


_FORMS: Final = {
    ResultFormat.JSON: _Form(
        _json_head,
        _json_cell,
        lambda name: (f",{_QUOTED(name)}:", ""),
        ("{", "", "}"),
        tail="]}}",
        between=",",
        lead=",",
    ),
    ResultFormat.XML: _Form(
        _xml_head,
        _xml_cell,
        lambda name: (f"<binding name={quoteattr(name)}>", "</binding>"),
        ("<result>", "", "</result>"),
        tail="</results></sparql>",
    ),
    ResultFormat.CSV: _Form(
        lambda names: ",".join(names) + "\r\n", _csv_cell, lambda _: ("", ""), ("", ",", "\r\n")
    ),
    ResultFormat.TSV: _Form(
        lambda names: "\t".join(f"?{name}" for name in names) + "\n",
        str,
        lambda _: ("", ""),
        ("", "\t", "\n"),
    ),
}


def _cells(columns: Sequence[TermColumn], form: _Form, deadline: Deadline) -> list[pa.Array]:
    """The text of each variable for each solution; empty where it is unbound."""
    written: dict[int, pa.Array] = {}
    cells = []
    for column in columns:
        if id(column.terms) not in written:
            written[id(column.terms)] = _written(column.terms, form.cell, deadline)
        before, after = form.around(column.name)
        deadline.check("writing the answer")
        texts = written[id(column.terms)].take(column.numbers)
        cells.append(
            pc.fill_null(joined([before, texts, after]) if before else texts, text_scalar("").cast(TEXT))
        )
    return cells


def _written(terms: Sequence[Term], write: Callable[[Term], str], deadline: Deadline) -> pa.Array:
    texts = [text_array([]).cast(TEXT)]
    for start in range(0, len(terms), _TERMS_BETWEEN_CHECKS):
        deadline.check("writing the answer")
        texts.append(text_array(list(map(write, terms[start : start + _TERMS_BETWEEN_CHECKS]))).cast(TEXT))
    return pa.concat_arrays(texts)


def _rows(cells: Sequence[pa.Array], rows: int, form: _Form) -> memoryview:
    start, separator, end = form.row
    if not cells:
        return memoryview((f"{form.between}{start}{end}" * rows).encode())
    row = joined(cells, separator)
    if form.lead:
        row = pc.ascii_ltrim(row, characters=form.lead)
    return all_text(joined([form.between + start, row, end]))
