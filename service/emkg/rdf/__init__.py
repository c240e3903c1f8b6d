"""Terms, quads, parsing, serialising, canonical form: RDF without any library's own types."""

from emkg.rdf.term import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Quad, Subject, Term, Triple

__all__ = ["IRI", "RDF_LANG_STRING", "XSD_STRING", "BlankNode", "Literal", "Quad", "Subject", "Term", "Triple"]
