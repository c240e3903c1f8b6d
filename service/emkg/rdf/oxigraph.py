"""pyoxigraph behind EMKG's own terms: the only module that sees its classes.

pyoxigraph keeps lexical forms but writes language tags in lower case; `LanguageTags` puts the document's
own spelling back (RDF 1.1 compares tags without regard to case, so either form is the same term to others).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from emkg.errors import RdfSyntaxError
from emkg.rdf.term import IRI, RDF_LANG_STRING, BlankNode, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.rdf.term import Subject, Term

Row: TypeAlias = "tuple[str, str, str, str | None]"  # subject, predicate, object, graph

# 128 random bits in hexadecimal, leading zeros left out
_GENERATED = re.compile(r"[a-f][0-9a-f]{23,31}|anon\d+")
_NOT_PLAIN = re.compile(r"[\x00-\x1f\x7f\\]")
_TRIPLE_TERM = (
    "triple terms (RDF 1.2) are not supported; EMKG reads RDF 1.1",
    "不支持三元组词项（RDF 1.2）；EMKG 读取 RDF 1.1",
)
_DIRECTION = (
    "literals with a direction (RDF 1.2) are not supported; EMKG reads RDF 1.1",
    "不支持带书写方向的文字（RDF 1.2）；EMKG 读取 RDF 1.1",
)
_BLOCK = 10_000


@dataclass
class LanguageTags:
    """The spelling of each language tag with capital letters, by its lower-case form; the first one met wins."""

    spelling: dict[str, str] = field(default_factory=dict)

    _TAG = re.compile(
        r"""(?:"@language"\s*:\s*"|["']@|xml:lang\s*=\s*["'])([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)"""
    )

    def learn(self, text: str) -> None:
        """Note the spelling of the tags in a piece of a document."""
        if "@" not in text and "lang" not in text:
            return
        for tag in self._TAG.findall(text):
            if not tag.islower():
                self.spelling.setdefault(tag.lower(), tag)


@dataclass
class TermReader:
    """Turns pyoxigraph's quads of one document into EMKG's.

    Blank nodes without a label are numbered in document order, so that reading a file twice gives equal quads.
    """

    tags: LanguageTags
    labels: dict[str, str] = field(default_factory=dict)
    iris: dict[str, IRI] = field(default_factory=dict)

    def quad(self, quad: ox.Quad) -> Quad:
        """The quad in EMKG's terms."""
        graph = None if isinstance(quad.graph_name, ox.DefaultGraph) else self._resource(quad.graph_name)
        subject = quad.subject
        if isinstance(subject, ox.Triple):
            raise _refused(_TRIPLE_TERM)
        predicate = self._iri(quad.predicate.value)
        return Quad(self._resource(subject), predicate, self._term(quad.object), graph)

    def row(self, quad: ox.Quad, scope: str) -> Row:
        """The quad in N-Triples form, `scope` in front of the labels of its blank nodes."""
        found = quad.object
        graph = None if isinstance(quad.graph_name, ox.DefaultGraph) else self._node(quad.graph_name, scope)
        text = str(found) if isinstance(found, ox.Literal) else self._node(found, scope)
        # escapes and language tags are EMKG's own
        if text[0] == '"' and (text[-1] not in '">' or _NOT_PLAIN.search(text)):
            text = str(self._term(found))
        return self._node(quad.subject, scope), str(quad.predicate), text, graph

    def _node(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, scope: str) -> str:
        if isinstance(term, ox.NamedNode):
            return str(term)
        if isinstance(term, ox.BlankNode):
            return f"_:{scope}{self._label(term)}"
        raise _refused(_TRIPLE_TERM)

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if isinstance(term, ox.Triple):
            raise _refused(_TRIPLE_TERM)
        return self._resource(term)

    def _literal(self, term: ox.Literal) -> Literal:
        if term.language is None:
            return Literal(term.value, term.datatype.value)
        if term.direction is not None:
            raise _refused(_DIRECTION)
        return Literal(term.value, RDF_LANG_STRING, self.tags.spelling.get(term.language, term.language))

    def _resource(self, term: ox.NamedNode | ox.BlankNode) -> Subject:
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        return BlankNode(self._label(term))

    def _label(self, term: ox.BlankNode) -> str:
        label = term.value
        if _GENERATED.fullmatch(label):
            label = self.labels.setdefault(label, f"anon{len(self.labels) + 1}")
        return label

    def _iri(self, value: str) -> IRI:
        known = self.iris.get(value)
        if known is None:
            if len(self.iris) > _BLOCK:
                self.iris.clear()
            known = self.iris[value] = IRI(value)
        return known


def _refused(messages: tuple[str, str]) -> RdfSyntaxError:
    return RdfSyntaxError(messages[0], message_zh=messages[1])


def to_oxigraph(quads: Iterable[Quad], *, lenient: bool) -> Iterator[ox.Quad]:
    """The quads as pyoxigraph's; `lenient` lets IRIs pass that no RDF document may hold.

    Raises:
        RdfSyntaxError: A term is not valid RDF and `lenient` is false.
    """
    for quad in quads:
        try:
            yield from ox.parse(str(quad), format=ox.RdfFormat.N_QUADS, lenient=lenient)
        except SyntaxError as error:
            message = f"{quad} is not a valid statement: {_reason(error)}"
            raise RdfSyntaxError(message) from error


def _reason(error: SyntaxError) -> str:
    return str(error.msg).partition(": ")[2] or str(error.msg)
