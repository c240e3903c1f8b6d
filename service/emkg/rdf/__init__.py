"""Terms, quads, parsing, serialising, canonical form: RDF without any library's own types."""

from emkg.rdf.canonical import canonical, is_isomorphic
from emkg.rdf.compact import compact, parse_compact
from emkg.rdf.format import RdfFormat, format_named, format_of
from emkg.rdf.ntriples import escape, parse_term, quads_to_lines
from emkg.rdf.parse import parse_file, parse_text
from emkg.rdf.serialise import graphless, serialise
from emkg.rdf.term import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Quad, Subject, Term, Triple

__all__ = [
    "IRI",
    "RDF_LANG_STRING",
    "XSD_STRING",
    "BlankNode",
    "Literal",
    "Quad",
    "RdfFormat",
    "Subject",
    "Term",
    "Triple",
    "canonical",
    "compact",
    "escape",
    "format_named",
    "format_of",
    "graphless",
    "is_isomorphic",
    "parse_compact",
    "parse_file",
    "parse_term",
    "parse_text",
    "quads_to_lines",
    "serialise",
]
